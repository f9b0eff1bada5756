"""How a requirement goes on for a person: when it is next unmet, since when it is, and which cards' ends did that.

RULES: section 6. A requirement goes on through whichever assignments; breaks of at most `rejoin_within_days`, by the
version of the day on which it resumes, are none.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain, combinations
from typing import NamedTuple

from tracker.domain.days import ALWAYS, OPEN, Span, covers, day_before, earlier
from tracker.domain.facts import PersonFacts
from tracker.domain.rulebook import Rulebook
from tracker.domain.standing import OUT_OF_COMPLIANCE, CardReader, Held, Reading, Standing
from tracker.domain.timeline import Engine, Stretch

WHENEVER = Span(ALWAYS, OPEN)
# Whether the days between two on which a requirement applies are a break.
IsBroken = Callable[[date, date], bool]


class Lapse(NamedTuple):
    """One requirement's unbroken time out of compliance, as seen on a day within it.

    `last_day` is the last day in compliance before it, None if there was none. `causes` are the types of card whose
    ends brought it about, else the requirement itself.
    """

    requirement: str
    first_day: date
    last_day: date | None
    causes: tuple[str, ...]


def as_begun(person: PersonFacts, day: date) -> PersonFacts:
    """The person as if absences and exemptions that have not begun did not exist; the very same if none is to come."""
    absences = tuple(one for one in person.absences if one.starts_on <= day)
    exemptions = tuple(one for one in person.exemptions if one.starts_on <= day)
    if (absences, exemptions) == (person.absences, person.exemptions):
        return person
    return person._replace(absences=absences, exemptions=exemptions)


def last_day(engine: Engine, person: PersonFacts, requirement: str, day: date) -> date | None:
    """E: the last day before the person falls out of compliance, or from `current` into grace.

    None if the requirement stops applying before, or if that never comes.
    """
    bad = Outlook(engine, as_begun(person, day)).first_bad_day(requirement, day)
    return None if bad is None else day_before(bad)


def first_bad_day(course: Sequence[Stretch], day: date, is_broken: IsBroken) -> date | None:
    """The first day out of compliance, or in grace straight after `current`, looking forward from a day along the
    standings with one requirement."""
    latest = on(course, day)
    for stretch in after(course, day, is_broken):
        fallen = stretch.standing is Standing.GRACE and latest and latest.standing is Standing.CURRENT
        if stretch.standing in OUT_OF_COMPLIANCE or fallen:
            return stretch.first
        latest = stretch
    return None


def breaks(rulebook: Rulebook) -> IsBroken:
    """What breaks are by the policies: the version of the day on which the requirement resumes decides."""
    return lambda last, first: (first - last).days - 1 > rulebook.on(first).rejoin_within_days


def on(course: Sequence[Stretch], day: date) -> Stretch | None:
    """The stretch of a day; None if the requirement does not apply then."""
    return next((stretch for stretch in course if stretch.first <= day <= stretch.last), None)


def after(course: Sequence[Stretch], day: date, is_broken: IsBroken) -> Iterator[Stretch]:
    """The stretches after that of a day, as long as the requirement goes on."""
    latest: Stretch | None = None
    for stretch in course:
        if latest:
            if is_broken(latest.last, stretch.first):
                return
            yield stretch
        if latest or stretch.first <= day <= stretch.last:
            latest = stretch


def before(course: Sequence[Stretch], day: date, is_broken: IsBroken) -> Iterator[Stretch]:
    """The stretches before that of a day, the nearest first, as far back as the requirement has gone on."""
    nearest: Stretch | None = None
    for stretch in reversed(course):
        if nearest:
            if is_broken(stretch.last, nearest.first):
                return
            yield stretch
        if nearest or stretch.first <= day <= stretch.last:
            nearest = stretch


class Outlook:
    """One person's standings, asked about along the days."""

    def __init__(self, engine: Engine, person: PersonFacts) -> None:
        self.engine = engine
        self.person = person
        self.courses = engine.courses(person)
        self._is_broken = breaks(engine.rulebook)
        self._held: dict[int, list[Held]] = {}

    def standing(self, requirement: str, day: date) -> Standing | None:
        """The standing on a day; None if the requirement does not apply then."""
        found = self._on(requirement, day)
        return found.standing if found else None

    def first_bad_day(self, requirement: str, day: date) -> date | None:
        """The first day out of compliance, or in grace straight after `current`, looking forward from a day."""
        return first_bad_day(self.courses.get(requirement, []), day, self._is_broken)

    def newcomers_last_day(self, requirement: str, day: date) -> date | None:
        """The day before a newcomer falls out of compliance; None if a card on file is current before."""
        for stretch in self._after(requirement, day):
            if stretch.standing in OUT_OF_COMPLIANCE:
                return day_before(stretch.first)
            if stretch.standing is Standing.CURRENT:
                return None
        return None

    def newcomers_start(self, requirement: str, day: date) -> date | None:
        """The first day of the stretch on which the requirement has applied; None if it always has."""
        situated = self.engine.situated(self.person, requirement, day)
        return situated.situation.start if situated else None

    def lapse(self, requirement: str, day: date) -> Lapse | None:
        """The lapse in which a day lies, if it does."""
        stretch = self._on(requirement, day)
        if not stretch or stretch.standing not in OUT_OF_COMPLIANCE:
            return None
        first, last_good = stretch.first, None
        for earlier_one in self._before(requirement, day):
            if earlier_one.standing not in OUT_OF_COMPLIANCE:
                # Of days before the records begin nobody knows whether they were in compliance.
                last_good = None if earlier_one.standing is Standing.NOT_RECORDED else earlier_one.last
                break
            first = earlier_one.first
        return Lapse(requirement, first, last_good, self.causes(requirement, first))

    def lapses(self, day: date) -> list[Lapse]:
        """Everything that is overdue on a day."""
        return [lapse for requirement in self.courses if (lapse := self.lapse(requirement, day))]

    def causes(self, requirement: str, bad: date) -> tuple[str, ...]:
        """Each type of card whose end brings a bad day about, else the requirement."""
        return self.ended_types(requirement, bad) or (requirement,)

    def ended_types(self, requirement: str, bad: date) -> tuple[str, ...]:
        """Each type of card whose end brings a bad day about.

        A card's end does if, with some choice of the other ended cards going on, it decides whether the requirement
        is met: so both of two that were needed, and both of two of which either would do.
        """
        base = self._last_met(requirement, bad)
        reader = self.engine.reader_on(bad)
        asked = reader.policy.requirements_by_id.get(requirement)
        if base is None or asked is None:
            return ()
        held = self._held_by(reader)
        was_good = {
            one.card.id
            for one in self._held_by(self.engine.reader_on(base.by))
            if one.span.first <= base.day <= one.span.last
        }
        ended = [one for one in held if one.card.id in was_good and _has_ended(one, requirement, bad)]

        def met_if(going_on: tuple[Held, ...]) -> bool:
            lasting = {one.card.id for one in going_on}
            cards = [_lasting(one) if one.card.id in lasting else one for one in held]
            return covers(reader.read(asked, cards).met, bad)

        types = {
            one.card.type
            for one in ended
            if any(
                met_if((*some, one)) and not met_if(some) for some in _choices([two for two in ended if two is not one])
            )
        }
        return tuple(sorted(types))

    def _on(self, requirement: str, day: date) -> Stretch | None:
        return on(self.courses.get(requirement, []), day)

    def _after(self, requirement: str, day: date) -> Iterator[Stretch]:
        return after(self.courses.get(requirement, []), day, self._is_broken)

    def _before(self, requirement: str, day: date) -> Iterator[Stretch]:
        return before(self.courses.get(requirement, []), day, self._is_broken)

    def _last_met(self, requirement: str, bad: date) -> "_Base | None":
        """The last day before a bad one on which the requirement was met.

        Leave and grace are looked through: neither made a card end. A newcomer's time and an exemption are not:
        where those end, it is their end that brings the bad day about.
        """
        for stretch in self._before(requirement, bad):
            if stretch.standing is Standing.ON_LEAVE:
                found = self._met_within(requirement, stretch)
                if found:
                    return _Base(found, found)
                continue
            reading = self._reading(requirement, stretch.last)
            if stretch.standing is Standing.GRACE:
                days = reading.requirement.grace_after_expiry_days if reading else 0
                ago = Span(earlier(stretch.last, days), day_before(stretch.last))
                found = _latest(reading, ago)
                return _Base(found, stretch.last) if found else None
            found = _latest(reading, Span(stretch.last, stretch.last))
            return _Base(found, found) if found else None
        return None

    def _met_within(self, requirement: str, stretch: Stretch) -> date | None:
        """The last day of a stretch on which the requirement was met, each day by its own version."""
        for reign, _ in reversed(self.engine.rulebook.reigns):
            days = Span(max(reign.first, stretch.first), min(reign.last, stretch.last))
            if days.first <= days.last:
                found = _latest(self._reading(requirement, days.last), days)
                if found:
                    return found
        return None

    def _reading(self, requirement: str, day: date) -> Reading | None:
        reader = self.engine.reader_on(day)
        asked = reader.policy.requirements_by_id.get(requirement)
        return reader.read(asked, self._held_by(reader)) if asked else None

    def _held_by(self, reader: CardReader) -> list[Held]:
        if id(reader) not in self._held:
            self._held[id(reader)] = reader.held(self.person)
        return self._held[id(reader)]


class _Base(NamedTuple):
    """A day on which a requirement was met, and the day whose version says so."""

    day: date
    by: date


def _latest(reading: Reading | None, days: Span) -> date | None:
    """The last of some days that is met."""
    met = reading.met if reading else []
    found = [min(span.last, days.last) for span in met if span.first <= days.last and days.first <= span.last]
    return max(found, default=None)


def _has_ended(held: Held, requirement: str, bad: date) -> bool:
    """Whether the last valid day has passed, or the requirement wants the card renewed sooner."""
    return held.span.last < bad or held.counts.get(requirement, held.span).last < bad


def _lasting(held: Held) -> Held:
    """The card as if it did not end."""
    return held._replace(span=WHENEVER, counts=dict.fromkeys(held.counts, WHENEVER))


def _choices(cards: list[Held]) -> Iterator[tuple[Held, ...]]:
    return chain.from_iterable(combinations(cards, count) for count in range(len(cards) + 1))
