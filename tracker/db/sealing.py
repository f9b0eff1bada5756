"""How the trail is sealed: digests of facts, and the hashes that chain the entries.

Whatever else wants to prove the trail needs only what is here, and of that only `seal` for an exported chain.
"""

import json
from hashlib import sha256
from typing import Any

import orjson

Row = tuple[Any, ...]


def canonical(rows: list[Row]) -> bytes:
    """Facts as the trail digests them: each a JSON list without spaces, in UTF-8, and a comma.

    The same bytes however many are digested at a time, on any engine, and by any other program.
    """
    return orjson.dumps(rows)[1:-1] + b","


def digest_of(recorded: dict[str, tuple[int, str]], retracted: dict[str, list[int]]) -> str:
    """One digest over all that a change recorded and retracted."""
    content = [
        sorted((name, *value) for name, value in recorded.items()),
        sorted((name, sorted(ids)) for name, ids in retracted.items() if ids),
    ]
    return sha256(json.dumps(content).encode()).hexdigest()


def noted_of(before: str, note: str | None) -> str | None:
    """What the seal says of a note: a digest, so that the note can be forgotten."""
    return sha256((before + note).encode()).hexdigest() if note is not None else None


def seal(before: str, entry: Row, noted: str | None, digest: str) -> str:
    """The hash of an entry of the trail: its number, instant, actor, source, action and subject, and two digests."""
    seq, at, *who_and_what = entry
    content = [before, seq, at.isoformat(), *who_and_what, noted, digest]
    return sha256(json.dumps(content).encode()).hexdigest()
