"""Names that files write beside employee ids: whether the person who has the id can be meant."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from tracker.actions.imports.result import TableReport
from tracker.domain.names import may_be_one_person


class Named(NamedTuple):
    """A row and the name in it."""

    row: int
    name: str


def is_other(known: str | None, said: str | None) -> bool:
    """Whether a name is clearly another than the one on record."""
    if known == said or not known or not said:
        return False  # nearly all of them
    return not may_be_one_person(known, said)


class Beside:
    """What the lists of one file, on whatever sheets, call the people beside whose ids they have them.

    Args:
        lists: of each its report, its rows by employee id, and the names in it by row.
    """

    def __init__(self, lists: Iterable[tuple[TableReport, Mapping[str, Sequence[Any]], Mapping[int, str]]]) -> None:
        self._lists = [each for each in lists if each[2]]

    def __bool__(self) -> bool:
        """Whether any list has names."""
        return bool(self._lists)

    def two_names(self, employee_id: str) -> str | None:
        """Why nobody can say whose an id is; None if the file does not have it beside two clearly different names."""
        found = [
            (name, report, row.row)
            for report, rows, names in self._lists
            for row in rows.get(employee_id, ())
            if (name := names.get(row.row))
        ]
        if len(found) < 2:  # nearly all of them
            return None
        pair = clash(Named(at, name) for at, (name, _, _) in enumerate(found))
        return two_names(employee_id, pair, lambda at: found[at][1].where(found[at][2])) if pair else None


def rightly_named(
    employee_id: str,
    rows: Sequence[Any],
    names: Mapping[int, str],
    known: str | None,
    beside: Beside,
    report: TableReport,
) -> Sequence[Any]:
    """The rows of a list but for those that have somebody's id beside a clearly different name; they are rejected.

    Only a roster, which says where somebody works, is where a name changes; in any other list the id may be a slip,
    and what the row says would be somebody else's. Where no name is on record, one row's is as good as another's, so
    that with two of them all rows of the file are rejected.
    """
    if not known:
        reason = beside.two_names(employee_id)
        for row in rows if reason else ():
            report.reject(row.row, "employee_id", reason or "")
        return [] if reason else rows
    if not names:
        return rows
    wrong = {row.row for row in rows if is_other(known, names.get(row.row))}
    for number in wrong:
        reject_other(report, number, employee_id)
    return [row for row in rows if row.row not in wrong] if wrong else rows


def reject_other(report: TableReport, row: int, employee_id: str) -> None:
    """Rejects a row because its name is clearly another than that of whoever has the id."""
    reason = f"The employee id {employee_id} is of somebody with clearly another name on record"
    report.reject(row, "employee_id", f"{reason}; put the id right, or import a roster with the new name first.")


def clash(named: Iterable[Named]) -> tuple[Named, Named] | None:
    """The first two rows whose names are clearly different, if there are any."""
    first = {one.name: one for one in sorted(named, reverse=True) if one.name}
    ordered = sorted(first.values()) if len(first) > 1 else ()
    return next((pair for pair in combinations(ordered, 2) if not may_be_one_person(pair[0].name, pair[1].name)), None)


def two_names(employee_id: str, found: tuple[Named, Named], where: Callable[[int], str]) -> str:
    """Why nobody can say whose an id is that stands beside two names."""
    first, second = (f"{one.name} in {where(one.row)}" for one in found)
    return f"The employee id {employee_id} stands beside two names, {first} and {second}; put the id or a name right."
