"""Who was out of compliance when, as far back as a surveyor looks, and what is under way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.days import Span, add_months, merge
from tracker.domain.standing import Standing
from tracker.domain.underway import Begun
from tracker.domain.why import spoken
from tracker.reports.named import Named


class Interval(NamedTuple):
    """An unbroken time out of compliance, of days at work in the scope; without a last day it goes on."""

    first_day: date
    last_day: date | None

    def days(self, as_of: date) -> int:
        """How many days it has lasted on the day of the report, the first one included."""
        return ((self.last_day or as_of) - self.first_day).days + 1


@dataclass(frozen=True, slots=True)
class Past(Named):
    """Somebody at work who was out of compliance with a requirement and is not now.

    `standing` is the one of the day; None where the requirement does not apply to them any more.
    """

    requirement: str
    title: str
    standing: Standing | None


class LookBack(NamedTuple):
    """So many months before the day of a report, never before the records begin.

    `records_from` is the policy's, None where it names none: then each person's own first day on record is the first.
    `kept_from`, by employee id: the first day on record of those at work in the scope of whom something was removed as
    past keeping, if it lies after `first_day`; OPEN if what was known then is gone. By employee id and requirement:
    `intervals` of everybody at work in the scope, out of compliance now or not, and what is under way. `past` are those
    who are not out any more.
    """

    months: int
    as_of: date
    records_from: date | None
    kept_from: Mapping[str, date]
    intervals: Mapping[tuple[str, str], list[Interval]]
    underway: Mapping[tuple[str, str], Begun]
    past: list[Past]

    @property
    def first_day(self) -> date:
        """The first day looked at; where the records begin after the day of the report, a day after that."""
        return first_day(self.as_of, self.months, self.records_from)

    @property
    def reach(self) -> str:
        """Which days are looked at."""
        if self.first_day > self.as_of:
            return "Looked at: no day."
        return f"Looked at: {spoken(self.first_day)} to {spoken(self.as_of)}."

    @property
    def note(self) -> str:
        """What a reader has to know of the days looked at."""
        return " ".join(filter(None, (self._of_all(), self._of_some())))

    def _of_all(self) -> str:
        if self.records_from is None:
            return (
                "Records of each person begin on the day on which the person was first recorded; nothing before counts."
            )
        begins, asked = f"Records begin on {spoken(self.records_from)}", first_day(self.as_of, self.months, None)
        if self.records_from > self.as_of:
            return f"{begins}, after the day of this report, so nothing is known of the {self.months} months before it."
        if self.records_from > asked:
            return (
                f"{begins}, so nothing before that day is known, and the {self.months} months are not looked at whole."
            )
        return f"{begins}, {'' if self.records_from == asked else 'before '}the first day looked at."

    def _of_some(self) -> str:
        """What was removed of some people, as past keeping."""
        if not self.kept_from:
            return ""
        one = len(self.kept_from) == 1
        return (
            f"Of {'1 person' if one else f'{len(self.kept_from)} people'} at work on this day records that were past "
            f"keeping have been removed: {'this person is' if one else 'they are'} not looked at whole."
        )


def first_day(as_of: date, months: int, records_from: date | None) -> date:
    """The first day looked at."""
    begin = add_months(as_of, -months)
    return max(begin, records_from) if records_from else begin


def intervals(spans: Iterable[Span], begin: date, as_of: date) -> list[Interval]:
    """The unbroken times among the days of some standings that reach into the look-back, each with its first day.

    Standings that follow one another, in whatever unit, are one time; days on which the requirement did not apply,
    on leave or exempt, end it.
    """
    found = merge(Span(first, min(last, as_of)) for first, last in spans if first <= as_of)
    return [Interval(first, None if last == as_of else last) for first, last in found if last >= begin]
