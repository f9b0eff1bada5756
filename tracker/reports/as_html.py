"""Reports as pages to print: one file that stands alone, with no script and nothing to fetch."""

from base64 import b64encode
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import tracker
from tracker.reports import front
from tracker.reports.document import Cell, Column, Document, Exhibit, Kind, Table, Tone
from tracker.reports.places import templates_folder
from tracker.reports.readable import shown, visible


class Shown(NamedTuple):
    """A cell as it is drawn."""

    text: str
    kind: Kind
    tone: Tone
    edge: bool


def page(document: Document) -> str:
    """The report as a page."""
    template = _environment().get_template("document.html")
    shows_files = any(isinstance(block, Exhibit) for block in document.blocks)
    return template.render(document=document, heading=document.heading, front=front, shows_files=shows_files)


def cells(table: Table, row: Any) -> list[Shown]:
    """The cells of a row."""
    edges = _edges(table.columns)
    found = []
    for at, (value, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        cell = value if isinstance(value, Cell) else Cell(value)
        found.append(Shown(shown(cell.value, column.kind), column.kind, cell.tone, at in edges))
    return found


def groups(table: Table) -> list[tuple[str, list[Column]]]:
    """The columns by the heading over them; those without one each alone."""
    found: list[tuple[str, list[Column]]] = []
    for over, some in groupby(table.columns, key=lambda column: column.over):
        neighbours = list(some)
        found += [(over, neighbours)] if over else [("", [one]) for one in neighbours]
    return found


def _edges(columns: Any) -> set[int]:
    """Where groups of columns begin and end."""
    return {at for at in range(1, len(columns)) if columns[at].over != columns[at - 1].over}


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(templates_folder(Path(tracker.__file__).parent)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    made.filters |= {"kind": lambda block: type(block).__name__, "drawn": drawn, "base64": _base64}
    made.globals |= {"cells": cells, "groups": groups}
    return made


def drawn(svg: str) -> Markup:
    """A drawing of ours, every text in it escaped already."""
    return Markup(visible(svg))  # noqa: S704 made by `pictures`


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


def _visible(value: Any) -> Any:
    # Text that a template has already made safe is a subclass, and has been through here.
    return visible(value) if type(value) is str else value
