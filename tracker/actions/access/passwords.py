"""Passwords: what is asked of one, and their slow digests (argon2id with the library's parameters, RFC 9106)."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.domain.errors import BadInput, Busy

# Length is what guards a password; a limit above keeps a digest from being work for nothing.
SHORTEST, LONGEST = 12, 256

_hasher = PasswordHasher()
# Each takes much memory and a core, and anybody may ask for one: so many at a time, and the others wait so long.
_TURNS = BoundedSemaphore(2)
PATIENCE = 5
# Compared with where there is no account, so that the time that it takes tells nobody which addresses have one.
_NOBODYS = _hasher.hash("")


def digest_of(password: str) -> str:
    """The digest of a password that somebody chose; raises BadInput if it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"A password has {SHORTEST} to {LONGEST} characters; a few words in a row are easily kept.")
    with _turn():
        return _hasher.hash(password)


def matches(digest: str | None, password: str) -> bool:
    """Whether a password is the one of a digest; without one it takes as long, and is not."""
    try:
        with _turn():
            _hasher.verify(digest or _NOBODYS, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return digest is not None


@contextmanager
def _turn() -> Iterator[None]:
    """One's turn to work a digest out; raises Busy where none comes soon."""
    if not _TURNS.acquire(timeout=PATIENCE):
        raise Busy("Many sign in at this moment; wait a minute and try again.")
    try:
        yield
    finally:
        _TURNS.release()


def is_outdated(digest: str) -> bool:
    """Whether the digest was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(digest)
