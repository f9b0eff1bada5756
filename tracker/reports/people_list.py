"""A list of people as a table for spreadsheets: the columns that the page shows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import IO, TextIO

from tracker.domain.listing import Listed
from tracker.reports.as_xlsx import write_xlsx
from tracker.reports.document import Column, Value
from tracker.reports.forms import write_csv
from tracker.reports.words import WORDS

COLUMNS = (
    Column("Employee id", "word"),
    Column("Name"),
    Column("Standing", "word"),
    Column("Out of compliance"),
    Column("Next last day", "day"),
    Column("Days left", "count"),
    Column("Unit"),
    Column("Role"),
)


def people_csv(out: TextIO, people: Iterable[Listed], titles: Mapping[str, str], day: date) -> None:
    """Writes the list as CSV; `titles` are those of the requirements, `day` the one that it is about."""
    write_csv(out, [column.title for column in COLUMNS], _rows(people, titles, day))


def people_xlsx(out: IO[bytes], people: Iterable[Listed], titles: Mapping[str, str], day: date) -> None:
    """Writes the list as a workbook, whose days and figures are real ones."""
    write_xlsx(out, "People", COLUMNS, _rows(people, titles, day))


def _rows(people: Iterable[Listed], titles: Mapping[str, str], day: date) -> Iterator[tuple[Value, ...]]:
    for one in people:
        worst, due = one.worst, one.due
        yield (
            one.employee_id,
            one.name,
            WORDS[worst.standing][0] if worst else "no requirement",
            "; ".join(titles.get(each, each) for each in one.out),
            due,
            (due - day).days if due else None,
            "; ".join(one.units),
            "; ".join(one.roles),
        )
