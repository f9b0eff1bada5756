"""Reports on paper: PDF, tagged so that it can be read aloud.

Typesetting happens in a process of its own: what the typesetter remembers of a large report would stay with this one.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import tracker
from tracker.domain.errors import NotPossible
from tracker.reports import front
from tracker.reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Exhibit,
    Figures,
    Listing,
    Picture,
    Row,
    Run,
    Table,
    Terms,
    Title,
    Value,
    Words,
)
from tracker.reports.lettering import lettered
from tracker.reports.places import DATA, PREFIX, SOURCE, templates_folder
from tracker.reports.readable import shown, visible

# Files that it can show; of a PDF it shows the first page.
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "application/pdf": ".pdf"}

# Seconds after which a report is given up.
LONGEST = 600

# Columns that are as wide as what stands in them; the others share what is left.
_NARROW = ("count", "day", "percent", "word")
# So many columns need the long side of the paper.
_WIDE = 18


class Pdf(NamedTuple):
    """A file, and the letters in it (`U+0F40`) for which there is no font: it says so where they would stand."""

    content: bytes
    missing: tuple[str, ...] = ()


def pdf(document: Document, paper: str = "a4") -> Pdf:
    """The report as PDF/UA-1; raises NotPossible if it cannot be typeset. `paper` is `a4` or `us-letter`."""
    # A folder that only its owner can read. The typesetter removes it as well, so it goes if this process is killed.
    with TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copy(templates_folder(Path(tracker.__file__).parent) / SOURCE, folder / SOURCE)
        (folder / DATA).write_text(json.dumps(_laid_out(document, paper, folder), ensure_ascii=False), "utf-8")
        # -P: what lies in the folder that somebody stands in is never run.
        command = [sys.executable, "-P", "-m", "tracker.reports.typeset", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            raise NotPossible("The PDF takes too long to typeset; ask about fewer people, or --no-evidence.") from None
    if done.returncode != 0:
        raise NotPossible("The PDF could not be typeset; choose --format html and print that, and report the fault.")
    head, _, content = done.stdout.partition(b"\n")
    return Pdf(content, tuple(json.loads(head)["missing"]))


def _laid_out(document: Document, paper: str, folder: Path) -> dict[str, Any]:
    heading = document.heading
    wide = any(isinstance(block, Table) and len(block.columns) > _WIDE for block in document.blocks)
    return {
        "title": visible(f"{document.title}: {document.subject}"),
        "policy": visible(heading.policy_name),
        "keywords": [front.foot(document)],
        "paper": paper,
        "wide": wide,
        "foot": front.foot(document),
        "facts": [[fact.what, _runs(fact.words)] for fact in front.facts(heading)],
        "blocks": [_block(block, folder / f"exhibit-{at}") for at, block in enumerate(document.blocks)],
        "last": [_runs(words) for words in front.last_words(document)],
    }


def _block(block: Block, place: Path) -> dict[str, Any]:
    found: dict[str, Any] = {"is": type(block).__name__}
    match block:
        case Title():
            return found | {"level": block.level, "text": visible(block.text)}
        case Words():
            return found | {"runs": _runs(block.runs), "warning": block.warning}
        case Listing():
            return found | {"points": [_runs(point) for point in block.points]}
        case Terms():
            return found | {"terms": [*block.terms]}
        case Figures():
            return found | {"figures": [[each.figure, _runs(each.words)] for each in block.figures]}
        case Picture():
            return found | lettered(visible(block.svg))._asdict() | {"words": visible(block.words)}
        case Exhibit():
            return found | {"file": _written(block, place), "words": visible(block.words)}
        case Table():
            return found | _table(block)
    return found


def _written(exhibit: Exhibit, place: Path) -> str:
    """The name of the file for the typesetter; none if it knows no such files."""
    ending = ENDINGS.get(exhibit.media_type)
    if ending is None:
        return ""
    file = place.with_suffix(ending)
    file.write_bytes(exhibit.content)
    return file.name


def _table(table: Table) -> dict[str, Any]:
    groups: list[dict[str, Any]] = []
    for column in table.columns:
        if column.over and groups and groups[-1]["words"] == column.over:
            groups[-1]["width"] += 1
        else:
            groups.append({"words": column.over, "title": column.title, "width": 1})
    return {
        "columns": [_column(column) for column in table.columns],
        "groups": groups,
        "heads": table.heads,
        "rows": [_row(table, row) for row in table.rows],
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "title": column.title,
        "kind": column.kind,
        "over": column.over,
        "right": column.kind in ("count", "percent"),
        "width": 0 if column.kind in _NARROW else column.share,
    }


def _row(table: Table, row: Row) -> dict[str, Any]:
    cells = [_cell(value, column) for value, column in zip(row.cells, table.columns, strict=True)]
    return {"cells": cells, "level": row.level, "note": visible(row.note) if table.note else ""}


def _cell(value: Value | Cell, column: Column) -> str | list[str]:
    if isinstance(value, Cell):
        text = visible(shown(value.value, column.kind))
        return [text, value.tone] if value.tone not in ("", "data") else text
    return visible(shown(value, column.kind))


def _runs(some: Iterable[Run]) -> list[list[str]]:
    return [[visible(run.text), run.tone] for run in some]
