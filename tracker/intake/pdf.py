"""The text of a PDF, read by pypdf; only ever called inside the guarded child."""

import io
import logging
from contextlib import suppress
from typing import Any

from pypdf import PageObject, PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, PyPdfError

from tracker.domain.errors import BadInput

_UNREADABLE = (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
"""What pypdf raises over files that are not as they should be; its own page on errors says that it may be anything."""
PAGES = 10
"""A certificate has one or two; what stands behind so many is no card."""
UNPACKED = 8 << 20
"""Bytes of one unpacked stream; a page's drawing takes some thousand. Beyond it the page is taken for a picture."""
LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": UNPACKED,
    "lzw_maximum_output_length": UNPACKED,
    "run_length_maximum_output_length": UNPACKED,
    "stream_parsing_work_maximum_count": 200_000,
    "jbig2dec_binary": None,  # no other program is started for a picture that is not looked at
}
LONGEST = 200_000
"""Characters of text: a certificate has a thousand."""


def pdf_text(name: str, data: bytes) -> str:
    """Give the text of the first pages as it stands on them, columns side by side; empty for a scan.

    Args:
        name: of the file, for messages.
        data: the file.

    Raises:
        BadInput: it wants a password, or is damaged.
    """
    # What it finds odd would name the file's own content.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with apply_configuration(**LIMITS):
        return "\n\n".join(map(_text, _pages(name, data)))[:LONGEST]


def _pages(name: str, data: bytes) -> list[PageObject]:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            _open(name, reader)
        pages = [reader.pages[number] for number in range(min(len(reader.pages), PAGES))]
    except _UNREADABLE:
        raise BadInput(f"{name} is damaged: save it or print it to a PDF once more, or take a picture.") from None
    if not pages:
        raise BadInput(f"{name} has no page: save it or print it to a PDF once more, or take a picture.")
    return pages


def _open(name: str, reader: PdfReader) -> None:
    """Open a PDF that is only kept from being changed; refuse one that wants a password."""
    try:
        opened = reader.decrypt("")
    except (DependencyError, NotImplementedError):
        opened = PasswordType.NOT_DECRYPTED
    if opened == PasswordType.NOT_DECRYPTED:
        raise BadInput(f"{name} is encrypted: print it to a new PDF without a password, or take a picture.")


def _text(page: PageObject) -> str:
    """Give a page's text; none where its fonts or its drawing cannot be read, which is no reason to refuse it."""
    found = ""
    for mode in ("layout", "plain"):
        # The file decides what goes wrong here. That there is no memory is for the limits to say.
        with suppress(*_UNREADABLE):
            found = found if found.strip() else page.extract_text(extraction_mode=mode)
    return found
