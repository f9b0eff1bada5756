"""Text files of rows: any usual encoding, delimiter and line ending."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, cast

from tracker.domain.errors import BadInput
from tracker.intake.grid import Cells, Sheet
from tracker.intake.text import quoted

if TYPE_CHECKING:
    import _csv

DELIMITERS = ",;\t|"
_HEAD_BYTES = 1 << 17
_TRIED_ROWS = 40
_LONGEST_LINE = 1 << 20
_SAMPLE = 1 << 10
_ASCII = bytes(range(128))
_BYTES_OF_A_LETTER = 2  # at least, of one that is UTF-8 and not ASCII
_FOREIGN_WORD = re.compile(rb"[\w \t]{0,20}[\x80-\xff][\w \t\x80-\xff]{0,20}")

Score = Callable[[Sequence[Cells]], int]


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text file and how to read it."""

    data: bytes
    encoding: str
    delimiter: str

    def sheet(self, file: str = "") -> Sheet:
        """Give the only sheet of the file called `file`; a row of it is a record, however many lines that takes."""
        return Sheet(None, self._rows, file=file)

    def notes(self) -> list[str]:
        """Say where the encoding is not certain, with words in which a wrong one would show."""
        found = _FOREIGN_WORD.search(self.data) if self.encoding == "cp1252" else None
        if not found:
            return []
        word = quoted(found[0].decode("cp1252").strip())
        return [f'The file is not UTF-8 and was read as Windows-1252: if {word} looks wrong, save it as "CSV UTF-8".']

    def _rows(self) -> Iterator[Cells]:
        # Decoded piece by piece, so that the whole text never stands beside the rows.
        text = io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="")
        reader = _reader(text, self.delimiter, strict=True)
        begun = 1
        try:
            # A text is a cell, but a list of texts is no list of cells to a type checker.
            for cells in cast(Iterable[Cells], reader):
                begun = reader.line_num + 1
                yield cells
        except csv.Error as error:
            raise BadInput(
                f"the row that begins on line {begun} cannot be read ({error}): look for a "
                "quotation mark that is not closed, put it right and try again."
            ) from None


def open_delimited(data: bytes, score: Score) -> Delimited:
    """Find out how a text file is written.

    Args:
        data: the file.
        score: how much of a header is recognised in the first rows; decides on the delimiter.

    Raises:
        BadInput: it is no text, or no rows.
    """
    if _has_endless_line(data):
        raise BadInput("one line has a million characters: save the table as CSV once more.")
    encoding = _encoding(data)
    head = codecs.getincrementaldecoder(encoding)(errors="replace").decode(data[:_HEAD_BYTES])
    return Delimited(data, encoding, _delimiter(head, score))


def _encoding(data: bytes) -> str:
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            if encoding == "cp1252":
                _refuse_broken_utf8(data)
            return encoding
    raise BadInput('this is not readable text: save the table again as "CSV UTF-8".')


def _candidates(data: bytes) -> list[str]:
    """List the encodings to try. A zero byte is in no text but one of two bytes a letter, which shows their order."""
    if data.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    first, second = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    if first or second:
        return ["utf-16-le"] if second > first else ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _refuse_broken_utf8(data: bytes) -> None:
    """Refuse a text that is UTF-8 but for a few bytes: in any other encoding most of its letters would come out wrong.

    Raises:
        BadInput: so many of the letters are UTF-8 that the rest must be damaged.
    """
    high = len(data.translate(None, _ASCII))
    stray = len(data) - len(data.decode(errors="ignore").encode())
    if high - stray > _BYTES_OF_A_LETTER * stray:
        try:
            data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise BadInput(
                f"line {line} has a letter that is damaged or in another encoding than the rest: "
                'put it right, save the table as "CSV UTF-8" and try again.'
            ) from None


def _has_endless_line(data: bytes) -> bool:
    """Look for a line that would be read into memory whole, in strides of a million bytes."""
    end = 0
    while end + _LONGEST_LINE < len(data):
        found = max(data.rfind(mark, end + 1, end + _LONGEST_LINE) for mark in (b"\n", b"\r"))
        if found < 0:
            return True
        end = found
    return False


def _delimiter(head: str, score: Score) -> str:
    first, _, _ = head.partition("\n")
    if first.casefold().startswith("sep=") and first[4:5] in tuple(DELIMITERS):
        return first[4]
    return max(DELIMITERS, key=lambda delimiter: _worth(head, delimiter, score))


def _worth(head: str, delimiter: str, score: Score) -> tuple[int, int]:
    """Rank a delimiter: first by the header it brings out, then by how many rows it makes alike."""
    reader = _reader(io.StringIO(head, newline=""), delimiter, strict=False)
    rows: list[Cells] = []
    with suppress(csv.Error):  # reported when the file is read with the delimiter chosen
        rows.extend([*row] for row in islice(reader, _TRIED_ROWS))
    widths = [len(row) for row in rows if len(row) > 1]
    alike = max((widths.count(width) for width in set(widths)), default=0)
    return score(rows), alike


def _reader(lines: Iterable[str], delimiter: str, strict: bool) -> "_csv.Reader":
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=strict)
