"""What a mail would say of somebody twice, because two requirements fail for the same reason, is said once."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from tracker.notify.contexts import Lapse, Need

Row = TypeVar("Row")
Part = TypeVar("Part")


def needs_once(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Needs that say the same of the same thing as one, with whatever asks for it."""

    def as_one(some: Sequence[Need]) -> Need:
        return some[0]._replace(
            required_by=_each(some, lambda one: one.required_by),
            together_with=_each(some, lambda one: one.together_with),
            booked_on=_for_all([one.booked_on for one in some]),
        )

    return _once(needs, lambda one: (one.what, one.how, one.last_day, one.any_of), as_one)


def lapses_once(lapses: Iterable[Lapse]) -> tuple[Lapse, ...]:
    """Lapses that say the same of a person as one, with whatever asks for it.

    It began with the first of them: a requirement that gives days of grace lapses later than one that gives none.
    """

    def as_one(some: Sequence[Lapse]) -> Lapse:
        return some[0]._replace(
            since=min(one.since for one in some),
            required_by=_each(some, lambda one: one.required_by),
            booked_on=_for_all([one.booked_on for one in some]),
        )

    return _once(lapses, lambda one: (one.person.employee_id, one.what, one.trouble, one.last_day), as_one)


def _once(
    rows: Iterable[Row], alike: Callable[[Row], Hashable], as_one: Callable[[Sequence[Row]], Row]
) -> tuple[Row, ...]:
    """Rows that are alike made one, where the first of them stood."""
    groups: dict[Hashable, list[Row]] = {}
    for row in rows:
        groups.setdefault(alike(row), []).append(row)
    return tuple(as_one(some) for some in groups.values())


def _each(rows: Iterable[Row], parts: Callable[[Row], Iterable[Part]]) -> tuple[Part, ...]:
    """The parts of all rows, each once."""
    return tuple(dict.fromkeys(part for row in rows for part in parts(row)))


def _for_all(days: Sequence[date | None]) -> date | None:
    """The day by which there is a class for each of some rows, if there is: a class for one of them mends one alone."""
    known = [day for day in days if day]
    return max(known) if len(known) == len(days) else None
