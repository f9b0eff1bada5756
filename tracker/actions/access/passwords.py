"""Passwords: what is asked of one, and their slow digests (argon2id with the library's parameters, RFC 9106)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.domain.errors import BadInput

# Length is what guards a password; a limit above keeps a digest from being work for nothing.
SHORTEST, LONGEST = 12, 256

_hasher = PasswordHasher()
# Compared with where there is no account, so that the time that it takes tells nobody which addresses have one.
_NOBODYS = _hasher.hash("")


def digest_of(password: str) -> str:
    """The digest of a password that somebody chose; raises BadInput if it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"A password has {SHORTEST} to {LONGEST} characters; a few words in a row are easily kept.")
    return _hasher.hash(password)


def matches(digest: str | None, password: str) -> bool:
    """Whether a password is the one of a digest; without one it takes as long, and is not."""
    try:
        _hasher.verify(digest or _NOBODYS, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return digest is not None


def is_outdated(digest: str) -> bool:
    """Whether the digest was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(digest)
