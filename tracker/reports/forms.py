"""Tables as CSV and JSON. A cell that a spreadsheet would take for a formula leaves as text."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TextIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_json(value: Any) -> str:
    """A value as JSON: dates as ISO texts, names in their own script."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV, safe to open in a spreadsheet."""
    out = io.StringIO()
    write_csv(out, header, rows)
    return out.getvalue()


def write_csv(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes a table as CSV, a row at a time, safe to open in a spreadsheet."""
    csv.writer(out, lineterminator="\r\n").writerow(header)
    # Texts are quoted throughout: where a spreadsheet splits at semicolons, half a cell must not become a formula.
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_cell(value) for value in row] for row in rows)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value.isoformat() if isinstance(value, date | datetime) else value
