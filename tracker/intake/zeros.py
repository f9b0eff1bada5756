"""Employee ids of which a spreadsheet program may have eaten the zeros in front."""

from collections.abc import Iterator, Sequence
from typing import Any

from tracker.intake.rows import Table
from tracker.intake.text import quoted

_SHOWN = 5


def lost_zeros(tables: Sequence[Table]) -> Iterator[str]:
    """Name the rows of a file whose id is a shorter number where others are texts such as "004512".

    They are read as what they show, 4512: it may be somebody's id. That it may also be 004512 is for people to see.
    Where the file has no such text, or no number, nothing is said.
    """
    if not any(table.from_numbers for table in tables):
        return
    padded = next(_padded(tables), None)
    if padded is None:
        return
    for table in tables:
        short = {number for number in table.from_numbers if len(number) < len(padded)}
        if short:
            yield _warning(table, short, padded)


def _padded(tables: Sequence[Table]) -> Iterator[str]:
    """Give the ids of digits that begin with a zero; no number does."""
    for table in tables:
        if table.kind != "units":
            rows: Sequence[Any] = table.rows
            yield from (row.employee_id for row in rows if row.employee_id[0] == "0" and row.employee_id.isdecimal())


def _warning(table: Table, ids: set[str], padded: str) -> str:
    rows: Sequence[Any] = table.rows
    found = [f"row {row.row} ({row.employee_id})" for row in rows if row.employee_id in ids]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    where = f' of sheet "{table.sheet}"' if table.sheet else ""
    return (
        f"Look at the employee ids of {', '.join(found[:_SHOWN])}{more}{where}: they are numbers, where others are "
        f"texts such as {quoted(padded)}. If zeros in front were lost, format the column as text and put them back."
    )
