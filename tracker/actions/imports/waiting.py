"""Files that have to wait for another: only one that stays out brings people whom they name."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from tracker.actions.imports.within import Reach
from tracker.db.connect import Database
from tracker.db.known import known_cards
from tracker.domain.scope import Scope
from tracker.intake.rows import Reading


def without_waiting(
    database: Database,
    scope: Scope,
    today: date,
    readings: Sequence[Reading],
    good: list[Reading],
    refused: list[tuple[str, str]],
) -> list[Reading]:
    """The good ones of some readings that need none of the others; says in `refused` why the rest waits.

    All that such a file says would be rejected row by row, and for no other reason than the other's open question.
    """
    out = [reading for reading in readings if not any(reading is each for each in good)]
    # Who comes with which file; who comes with one that waits in turn, comes with the one for which it waits.
    coming = {employee_id: reading.file for reading in out for employee_id in _brought(reading)}
    while coming:
        missed = _missed(database, scope, today, good, coming)
        if not missed:
            break
        for reading, people in missed:
            first = min(people)
            root = coming[first]
            refused.append((reading.file, _why(reading.file, root, len(people), first)))
            coming |= {employee_id: root for employee_id in _brought(reading) if employee_id not in coming}
        good = [reading for reading in good if not any(reading is each for each, _ in missed)]
    return good


def _missed(
    database: Database, scope: Scope, today: date, good: list[Reading], coming: dict[str, str]
) -> list[tuple[Reading, set[str]]]:
    """The readings that name people who are only to come, with these people."""
    here = {employee_id for reading in good for employee_id in _brought(reading)}
    wanted = [(reading, {each for each in _named(reading) if each in coming} - here) for reading in good]
    asked = sorted(set().union(*(people for _, people in wanted)))
    if not asked:
        return []
    with database.read() as connection:
        known = Reach(scope, connection, today).theirs(known_cards(connection, asked))
    return [(reading, people - known) for reading, people in wanted if people - known]


def _why(file: str, root: str, count: int, first: str) -> str:
    more = f" and {count - 1} more" if count > 1 else ""
    return f"{file} names people whom only {root} brings ({first}{more}), and that stays out; settle {root} first."


def _brought(reading: Reading) -> Iterator[str]:
    """Whom a file brings, whether they are known already or not."""
    yield from reading.named
    for table in reading.tables:
        if table.kind == "roster":
            yield from _ids(row for row in table.rows if getattr(row, "unit", None))


def _named(reading: Reading) -> Iterator[str]:
    """Whom a file names, and has to be known for it."""
    for table in reading.tables:
        if table.kind != "units":
            yield from _ids(table.rows)
        yield from _ids(table.cards)


def _ids(rows: Iterable[Any]) -> Iterator[str]:
    return (row.employee_id for row in rows if row.employee_id)
