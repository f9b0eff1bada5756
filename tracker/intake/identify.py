"""Says which format of workbook a file is, and what to do with one that is none."""

import io
import zipfile
from typing import Literal

from tracker.domain.errors import BadInput
from tracker.intake.sniff import OLE, SAVE_AS

Format = Literal["xlsx", "xlsb", "xls", "ods"]

DAMAGED = f"is damaged, or written in an unusual way: {SAVE_AS}, and try again."
PROTECTED = "is protected by a password: open it, take the password off and save it again."
_SPREADSHEETS = (b"application/vnd.oasis.opendocument.spreadsheet", b"application/vnd.sun.xml.calc")
_OTHERS = {
    "word/": "is a text document, not a workbook: copy its table into a spreadsheet and save that as .xlsx.",
    "ppt/": "is a presentation, not a workbook: copy its table into a spreadsheet and save that as .xlsx.",
    "index/": "is a document of Numbers or Pages: export it as .xlsx or .csv and import that.",
    "index.zip": "is a document of Numbers or Pages: export it as .xlsx or .csv and import that.",
}


def identify(name: str, data: bytes) -> Format:
    """Say which format a workbook has.

    Raises:
        BadInput: it is none that can be read; the sentence says what to do.
    """
    if data.startswith(OLE):
        return _in_compound_file(name, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = {part.filename.casefold(): part for part in book.infolist()}
            if "mimetype" in parts and parts["mimetype"].file_size < 200:
                return _open_document(name, book.read(parts["mimetype"]).strip())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise BadInput(f"{name} {DAMAGED}") from None
    return _in_zip(name, [*parts])


def _in_zip(name: str, parts: list[str]) -> Format:
    held = {part.replace("\\", "/") for part in parts}
    if "xl/workbook.bin" in held:
        return "xlsb"
    if "xl/workbook.xml" in held or any(part.startswith("xl/") for part in held):
        return "xlsx"
    for start, sentence in _OTHERS.items():
        if any(part.startswith(start) for part in held):
            raise BadInput(f"{name} {sentence}")
    if "[content_types].xml" in held:
        return "xlsx"  # a workbook may keep its parts elsewhere
    raise BadInput(f"{name} is a zip archive and no workbook: unpack it and import the files in it.")


def _open_document(name: str, kind: bytes) -> Format:
    if kind.startswith(_SPREADSHEETS):
        return "ods"
    raise BadInput(f"{name} is no spreadsheet, but another document: copy its table into one and save that as .xlsx.")


def _in_compound_file(name: str, data: bytes) -> Format:
    """Tell by the names of its streams what a file of the older Office programs is."""
    for stream, sentence in (
        ("EncryptedPackage", PROTECTED),
        ("EncryptionInfo", PROTECTED),
        ("WordDocument", _OTHERS["word/"]),
        ("PowerPoint Document", _OTHERS["ppt/"]),
        ("__nameid_version1.0", "is a mail, not a workbook: save the file attached to it and import that."),
    ):
        if stream.encode("utf-16-le") in data:
            raise BadInput(f"{name} {sentence}")
    if not any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book", "WORKBOOK", "BOOK")):
        raise BadInput(f"{name} is no workbook, or it {DAMAGED}")
    return "xls"
