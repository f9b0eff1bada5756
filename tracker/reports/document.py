"""A report laid out, whatever the form: headings, words and tables of typed cells.

A report is data first. One function a report (`*_pages.py`) lays the data out as a `Document`; the forms for people
(`as_html`, `as_pdf`, `as_xlsx`) draw that and work out nothing, so that each says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from tracker.reports.heading import Heading

# How something is meant to strike the eye; the words say it as well. `data` is what people typed, in any script.
Tone = Literal["", "quiet", "bad", "good", "strong", "data", "name", "code"]
# Texts share the width that is left; a `word` and all others take what they need.
Kind = Literal["text", "word", "count", "day", "percent"]
# What a cell holds: `None` is nothing. A percentage is a figure such as 94.9.
Value = str | int | float | date | None


class Run(NamedTuple):
    """A few words of a sentence, and how they are meant to strike the eye."""

    text: str
    tone: Tone = ""


class Cell(NamedTuple):
    """A value that is meant to strike the eye; others stand in a row as they are."""

    value: Value
    tone: Tone = ""


class Column(NamedTuple):
    """A column of a table.

    `over` is the heading above it and its neighbours of the same; `share` a text's part of the width that is left.
    """

    title: str
    kind: Kind = "text"
    over: str = ""
    share: float = 1.0


class Row(NamedTuple):
    """A row: its cells, what it is (a sum of those below it, one of them), and words that belong to it."""

    cells: tuple[Value | Cell, ...]
    level: Literal["plain", "sum", "within"] = "plain"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `name` is what a sheet of it is called; `note` the heading over the rows' words, if they have any.

    `heads`: the first column says what each row is about. `about` says whose table it is, where there are several of
    one name: in a workbook they are one sheet, which begins with these columns. `target`: percentages are shaded by how
    far they fall short of this one.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    heads: bool = False
    note: str = ""
    about: Sequence[tuple[Column, Value | Cell]] = ()
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """A heading within the report; `level` 2 or 3."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `warning` marks it off from the others."""

    runs: Sequence[Run]
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Points, each a sentence."""

    points: Sequence[Sequence[Run]]


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and what they mean."""

    terms: Sequence[tuple[str, str]]


class Figure(NamedTuple):
    """A figure that is seen first, and what it is."""

    figure: str
    words: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures at the head of a report, side by side."""

    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing (SVG), and in words what it shows. `table` has its figures, for a form that draws none."""

    svg: str
    words: str
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file as it was handed in: `media_type` is an image's or a PDF's. `words` say what it is."""

    media_type: str
    content: bytes
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own."""


Block = Title | Words | Listing | Terms | Figures | Table | Picture | Exhibit | NewPage


@dataclass(frozen=True, slots=True)
class Document:
    """A report laid out. `subject` is what stands beside its title: the policy, or a person.

    `names_people`: false where labels stand for them. `number` is that of an issued report, None of any other.
    """

    title: str
    subject: str
    heading: Heading
    blocks: Sequence[Block]
    names_people: bool = True
    number: int | None = None


def said(*parts: str | Run) -> tuple[Run, ...]:
    """A sentence of plain words and others."""
    runs = (Run(part) if isinstance(part, str) else part for part in parts)
    return tuple(run for run in runs if run.text)


def strong(text: str) -> Run:
    """Words that are seen first."""
    return Run(text, "strong")


def data(text: str) -> Run:
    """What somebody typed: it may be in any script, and run the other way."""
    return Run(text, "data")
