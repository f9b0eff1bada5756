"""How the trail is sealed: salted digests of blocks of facts, and the hashes that chain the entries."""

import json
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

Row = tuple[Any, ...]

# Facts in a block: to remove one is to read so many.
TOGETHER = 256


class Block(NamedTuple):
    """Facts of one kind that a change recorded, whose numbers follow on each other, and their digest."""

    kind: str
    first: int
    last: int
    size: int
    digest: str
    salt: str


class Blocks:
    """Cuts what a change records into blocks as it comes. Invariant: numbers of one kind grow without a hole."""

    def __init__(self) -> None:
        self._closed: list[Block] = []
        self._open: dict[str, list[Row]] = {}

    def add(self, kind: str, rows: Sequence[Row]) -> None:
        """Takes in whole facts as they are stored, without `retracted`; their number comes first."""
        waiting = self._open.setdefault(kind, [])
        waiting += rows
        whole = len(waiting) - len(waiting) % TOGETHER
        for start in range(0, whole, TOGETHER):
            self._closed.append(block_of(kind, waiting[start : start + TOGETHER]))
        del waiting[:whole]

    def all(self) -> list[Block]:
        """Every block, by kind and number."""
        rest = [block_of(kind, rows) for kind, rows in self._open.items() if rows]
        return sorted([*self._closed, *rest])


def block_of(kind: str, rows: list[Row]) -> Block:
    """A block of these facts under a new salt."""
    salt = new_salt()
    return Block(kind, rows[0][0], rows[-1][0], len(rows), salted(salt, rows), salt)


def new_salt() -> str:
    """What nobody can guess."""
    return secrets.token_hex(16)


def salted(salt: str, rows: list[Row]) -> str:
    """The digest of facts."""
    return sha256(salt.encode() + canonical(rows)).hexdigest()


def canonical(rows: list[Row]) -> bytes:
    """Facts as the trail digests them: each a JSON list without spaces, in UTF-8, and a comma.

    The same bytes however many are digested at a time, on any engine, and by any other program.
    """
    return orjson.dumps(rows)[1:-1] + b"," if rows else b""


def digest_of(recorded: Sequence[tuple[str, int, str]], retracted: Mapping[str, list[int]]) -> str:
    """One digest over a change: the kind, size and digest of each block, and what it retracted."""
    content = [
        recorded,
        sorted((name, sorted(ids)) for name, ids in retracted.items() if ids),
    ]
    return sha256(json.dumps(content).encode()).hexdigest()


def noted_of(salt: str, note: str | None) -> str | None:
    """What the seal says of a note: a digest, so that the note can be forgotten."""
    return sha256((salt + note).encode()).hexdigest() if note is not None else None


def seal(before: str, entry: Row, noted: str | None, digest: str) -> str:
    """The hash of an entry of the trail: its number, instant, actor, source, action and subject, and two digests."""
    seq, at, *who_and_what = entry
    content = [before, seq, at.isoformat(), *who_and_what, noted, digest]
    return sha256(json.dumps(content).encode()).hexdigest()
