"""What the rosters of an import name that nothing knows: units not on record, roles of which no requirement asks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from tracker.actions.imports.file import File
from tracker.actions.imports.result import Unheard
from tracker.domain.policy import Policy, matches, words
from tracker.intake.rows import RosterRow, UnitRow


def new_units(files: Sequence[File], on_record: Iterable[str]) -> list[Unheard]:
    """The units that come into being by the rows that go in."""
    known = {words(name) for name in on_record}
    found = _people_by(files, "unit", known)
    for row in _listed(files):
        if words(row.unit) not in known:
            found.setdefault(words(row.unit), (row.unit, set()))
    return _counted(found)


def unknown_roles(files: Sequence[File], policy: Policy) -> list[Unheard]:
    """The roles of the rows that go in which no requirement names; none if no requirement names any."""
    named = [requirement.roles for requirement in policy.requirements if requirement.roles is not None]
    found = _people_by(files, "role", set()) if named else {}

    def known(role: str) -> bool:
        return any(matches(roles, one) for roles in named for one in (policy.role_id(role), role))

    return _counted({key: each for key, each in found.items() if not known(each[0])})


_Found = dict[str, tuple[str, set[str]]]


def _people_by(files: Sequence[File], field: str, known: set[str]) -> _Found:
    """What a column of the rosters names that is not known, by `words`: as it is spelt first, and of whom."""
    found: _Found = {}
    by_text: dict[str, set[str]] = defaultdict(set)
    for row in _rows(files):
        if text := getattr(row, field):
            by_text[text].add(row.employee_id)
    for text, people in by_text.items():
        if (key := words(text)) not in known:
            found.setdefault(key, (text, set()))[1].update(people)
    return found


def _rows(files: Sequence[File]) -> Iterator[RosterRow]:
    for file in files:
        for table, report in zip(file.reading.tables, file.reports, strict=False):
            if table.kind == "roster":
                rows = cast("list[RosterRow]", table.rows)
                taken = (row for row in rows if row.employee_id and row.unit)
                yield from (row for row in taken if report.outcomes.get(row.row) != "rejected")


def _listed(files: Sequence[File]) -> Iterator[UnitRow]:
    for file in files:
        for table, report in zip(file.reading.tables, file.reports, strict=False):
            if table.kind == "units":
                rows = cast("list[UnitRow]", table.rows)
                yield from (row for row in rows if report.outcomes.get(row.row) != "rejected")


def _counted(found: _Found) -> list[Unheard]:
    return sorted(Unheard(name, len(people)) for name, people in found.values())
