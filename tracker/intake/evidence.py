"""A file of evidence: loaded within its limit, and told by its content; name and ending are anybody's word."""

import os
import stat
from pathlib import Path
from typing import NamedTuple

from tracker.domain.errors import BadInput

LARGEST = 10 * 1024 * 1024
"""Bytes: a scan of two pages or a telephone's picture takes less than half."""
PDF = "application/pdf"
# What a name ends in, for the files that are taken.
ENDINGS = {PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic"}
_PICTURE = "a picture (JPEG, PNG, WebP, HEIC)"
TAKEN = f"a PDF or {_PICTURE}"

_STARTS = {b"%PDF-": PDF, b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
# ISO 14496-12 names the kind of file after "ftyp"; these are the brands of HEIF pictures as phones write them.
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")


class EvidenceFile(NamedTuple):
    """A file as somebody handed it in."""

    name: str
    data: bytes
    media_type: str


def load_evidence(path: Path) -> EvidenceFile:
    """Load a file of evidence.

    Raises:
        BadInput: it is not there, no ordinary file, too large, or of no kind that is taken.
    """
    return evidence_file(path.name, _load(path))


def evidence_file(name: str, data: bytes) -> EvidenceFile:
    """Take what somebody handed in as a file of evidence.

    Args:
        name: of the file, as whoever handed it in calls it.
        data: the file; of one that is too large no more than shows it.

    Raises:
        BadInput: it is too large, empty, or of no kind that is taken.
    """
    if len(data) > LARGEST:
        raise BadInput(f"{name} is larger than 10 MB: make it smaller, or take a picture of the card alone.")
    return EvidenceFile(name, data, media_type(name, data))


def _load(path: Path) -> bytes:
    """Load what a file holds, and of one that is too large no more than shows it."""
    try:
        # A pipe under that name would otherwise be waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name cannot be one"
        raise BadInput(f"{path} cannot be opened ({reason}): check its name and who may read it.") from None
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise BadInput(f"{path} is a folder: name the file in it.")
        if not stat.S_ISREG(mode):
            raise BadInput(f"{path} is no ordinary file: copy what it gives to a file and name that.")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): copy it elsewhere and try again.") from None
    finally:
        os.close(handle)


def media_type(name: str, data: bytes) -> str:
    """Give the media type of a file of evidence.

    Args:
        name: of the file, for messages.
        data: the file, or its beginning.

    Raises:
        BadInput: it is empty, or of no kind that is taken.
    """
    if not data:
        raise BadInput(f"{name} is empty: check that it was saved.")
    for start, kind in _STARTS.items():
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return "image/heic"
    raise BadInput(
        f"{name} is neither a PDF nor {_PICTURE}, whatever its name says: save it as one of these, or take a picture."
    )
