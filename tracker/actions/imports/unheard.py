"""What the rosters of an import name that nothing knows, or do not say.

Units not on record, roles of which no requirement asks, people without an employment type.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from tracker.actions.imports.context import Context
from tracker.actions.imports.file import File
from tracker.actions.imports.result import AskedToo, Unheard, Untyped
from tracker.db.known import without_type
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


def untyped(context: Context) -> Untyped:
    """Those whose place of work the import records without an employment type, if they are asked more for that reason.

    What goes by employment is asked of whoever has none on record (RULES: section 1), so that a roster without that
    column puts whole units out of compliance.
    """
    by_type = [each for each in context.policy.requirements if each.employment_types is not None]
    asked: dict[str, set[int]] = {each.id: set() for each in by_type}
    places = without_type(context.made.connection, context.made.seq, context.today) if by_type else {}
    for (unit, role), people in places.items():
        for requirement in context.policy.requirements_for(unit, role, None):
            if requirement.id in asked:
                asked[requirement.id].update(people)
    found = [AskedToo(each.id, each.title, len(asked[each.id])) for each in by_type if asked[each.id]]
    return Untyped(len(set().union(*asked.values())), found)


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
