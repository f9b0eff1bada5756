"""Says by its first bytes what a file is, whatever its name."""

import codecs
import re
from typing import Literal

from tracker.domain.errors import BadInput

LOOKED_AT = 4096
"""Bytes at the start of a file that tell what it is."""

SAVE_AS = "open it in a spreadsheet program and save it as .xlsx or .csv"

Form = Literal["book", "text"]

OLE = b"\xd0\xcf\x11\xe0"  # the container of the older Office programs
_BOOKS = (b"PK\x03\x04", b"PK\x05\x06", OLE)
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_OLD_BOOKS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head", b"<body", b"<style", b"<div", b"<!--")
_SYLK = re.compile(rb"id;p[^\r\n]*[\r\n]+[a-z];")
_DIF = re.compile(rb"table\s*\r?\n0,\s*1\s*\r?\n")
_MAIL = re.compile(rb"(?:from: [^\n]*\n(?:[^\n]+\n)*)?mime-version:")


def form_of(name: str, start: bytes) -> Form:
    """Say whether a file is a workbook or may be text.

    Args:
        name: of the file, for messages.
        start: its first `LOOKED_AT` bytes.

    Raises:
        BadInput: it is neither; the sentence says what to do.
    """
    if start.startswith(_BOOKS):
        return "book"
    if start.startswith(_OLD_BOOKS):
        raise BadInput(f"{name} is a workbook from before Excel 97: {SAVE_AS}.")
    if start.startswith(_PACKED):
        raise BadInput(f"{name} is a packed archive: unpack it and import the files in it.")
    if start.startswith(_PICTURES) or start[4:12].startswith((b"ftyphei", b"ftypmif")):
        raise BadInput(f"{name} is a picture, not a table: type the table into a spreadsheet and save it as .xlsx.")
    if start.startswith(b"SQLite format 3"):
        raise BadInput(f"{name} is a database, not a table: export the table from it as CSV.")
    what = _document(_plain(start))
    if what:
        raise BadInput(f"{name} is {what}")
    return "text"


def _document(start: bytes) -> str | None:
    """Say what text that is no table is, and what to do."""
    if start.startswith(_MARKUP):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<html" not in start:
            return f"an XML spreadsheet of Excel 2003: {SAVE_AS}."
        if b"<office:document" in start:
            return f"a flat OpenDocument file: {SAVE_AS}."
        return f"a web page, not a table: {SAVE_AS}."
    if _MAIL.match(start):
        return f"a web page or mail saved whole, not a table: {SAVE_AS}."
    if b"%pdf-" in start[:1024] or start.startswith((b"{\\rtf", b"%!ps")):
        return "a document, not a table: save the table it was made from as .xlsx or .csv."
    if _SYLK.match(start) or _DIF.match(start):
        return f"in an old format for exchanging spreadsheets (SYLK or DIF): {SAVE_AS}."
    return None


def _plain(start: bytes) -> bytes:
    """Give the start of a text in lower case, one byte a letter, without marks and blanks before it."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.decode("utf-16", "replace").encode()
    return start.removeprefix(codecs.BOM_UTF8).lstrip().lower()
