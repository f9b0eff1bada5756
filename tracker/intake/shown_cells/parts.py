"""The parts of a workbook that is a zip."""

import zipfile
import zlib
from xml.etree import ElementTree

LARGEST_PART = 512 * 1024 * 1024

UNREADABLE = (
    KeyError, ValueError, IndexError, EOFError, OSError, RuntimeError, NotImplementedError,
    zlib.error, zipfile.BadZipFile, ElementTree.ParseError,
)  # fmt: skip
"""What a damaged part raises."""


def read_part(book: zipfile.ZipFile, part: str) -> bytes:
    """Give a part; raise one of `UNREADABLE` if there is none, or it is too large."""
    with book.open(part) as file:
        data = file.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART:
        raise ValueError(f"{part} is too large")
    return data


def read_tree(book: zipfile.ZipFile, part: str) -> ElementTree.Element:
    """Give a part that is XML."""
    # The child's limits hold whatever else there may be.
    return ElementTree.fromstring(read_part(book, part))  # noqa: S314 expat refuses entities that grow


def related(book: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Map the ids of relations to the parts that they name."""
    return {each.get("Id", ""): _absolute(each.get("Target", "")) for each in read_tree(book, part)}


def _absolute(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
