"""What a person is to be told on a day, and why the rest is not said. RULES: section 6.

Everything follows from the facts, the day and what was sent: asked twice, it answers the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from tracker.domain.days import ALWAYS, OPEN, day_before, earlier, later
from tracker.domain.facts import Booking, Card, PersonFacts, Submission
from tracker.domain.outlook import Lapse, Outlook, as_begun
from tracker.domain.policy import Policy
from tracker.domain.standing import Standing
from tracker.domain.timeline import Engine
from tracker.domain.validity import window

# Days from the start of a newcomer's time within which they are told; days for which a submission keeps silence;
# days for which a booking does after its class; days between two mails about the same overdue things.
NEW_WITHIN = 14
CHECK_WAITS = 14
BOOKING_STANDS = 7
REPEAT_AFTER = 3

ON_LADDER = frozenset({Standing.CURRENT, Standing.GRACE, Standing.PENDING, Standing.EXEMPT})
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# A lead in days, `new`, `overdue`, the day of a lapse from which an escalation counts, or which refusal it is.
Stage = int | Literal["new", "overdue"]
Kind = Literal["staff_reminder", "lapse_notice", "manager_digest", "escalation", "card_rejected"]
# Those that go to the person whom they are about, and to nobody else.
OWN: frozenset[Kind] = frozenset({"staff_reminder", "card_rejected"})
# Why something that is due is not sent.
Reason = Literal["no_address", "bounced", "on_leave", "exempt", "awaiting_check", "booked", "held", "failed"]


class Notice(NamedTuple):
    """One thing that is said of one person: what ends, or what is overdue.

    `cause` is the type of card whose end brings it about, else the requirement's id. `last_day` is the last day in
    compliance (E on the ladder), None if there was none; `first_day` is the first day of a lapse, None on the ladder.
    """

    requirements: tuple[str, ...]
    cause: str
    stage: Stage
    last_day: date | None
    first_day: date | None


class Sent(NamedTuple):
    """A notice about a person that was sent, in which kind of mail, to whom, by the run for which day."""

    day: date
    kind: Kind
    to: str
    notice: Notice


class Underway(NamedTuple):
    """What a person has begun to do about it.

    `held` are the cards that were known when one was handed in, by the submission's number.
    """

    bookings: Sequence[Booking] = ()
    submissions: Sequence[Submission] = ()
    held: Mapping[int, Sequence[Card]] = MappingProxyType({})


class PersonPlan(NamedTuple):
    """What one person is to be told, why the rest is not said, and what of theirs is overdue."""

    notices: list[Notice]
    reasons: set[Reason]
    lapses: list[Lapse]


def plan_person(
    engine: Engine, person: PersonFacts, underway: Underway, sent: Sequence[Sent], day: date, barrier: Reason | None
) -> PersonPlan:
    """Decides what a person is to be told on a day.

    `barrier` is why no mail reaches the person, whatever is due: no address, one that bounces, or mail held back.
    """
    asked = _Asked(engine, person, underway, [each for each in sent if each.kind == "staff_reminder"], day)
    lapses = Outlook(engine, person).lapses(day)
    if any(one.starts_on <= day <= (one.until or OPEN) for one in person.absences):
        notices, reasons = asked.told(without_absences(person, day))
        return PersonPlan([], {"on_leave"} if notices or reasons else set(), lapses)
    notices, reasons = asked.told(person)
    if asked.overdue_but_exempt():
        reasons.add("exempt")
    if notices and barrier:
        return PersonPlan([], reasons | {barrier}, lapses)
    return PersonPlan(notices, reasons, lapses)


def without_absences(person: PersonFacts, day: date) -> PersonFacts:
    """The person as if the leave of that day were none."""
    return person._replace(
        absences=tuple(one for one in person.absences if not one.starts_on <= day <= (one.until or OPEN))
    )


def without_exemptions(person: PersonFacts, day: date) -> PersonFacts:
    """The person as if the exemptions of that day were none."""
    return person._replace(exemptions=tuple(one for one in person.exemptions if not one.starts_on <= day <= one.until))


def weekly_day(policy: Policy, day: date) -> date:
    """The last `weekly_on` day that has come, the day itself included."""
    return earlier(day, (day.weekday() - WEEKDAYS.index(policy.reminders.weekly_on.casefold())) % 7)


def stage_reached(policy: Policy, end: date, day: date) -> int | None:
    """The smallest lead that reaches from the day to the end; None if the end is too far away still."""
    return min((lead for lead in policy.reminders.lead_days if lead >= (end - day).days), default=None)


def group_lapses(lapses: Iterable[Lapse], stage: Stage) -> list[Notice]:
    """One notice for each cause and first day, naming the requirements; one person's."""
    grouped: dict[tuple[str, date], list[Lapse]] = {}
    for lapse in lapses:
        for cause in lapse.causes:
            grouped.setdefault((cause, lapse.first_day), []).append(lapse)
    return [
        Notice(
            tuple(sorted(lapse.requirement for lapse in some)),
            cause,
            stage,
            max((lapse.last_day for lapse in some if lapse.last_day), default=None),
            first,
        )
        for (cause, first), some in grouped.items()
    ]


def answering_types(policy: Policy, requirement: str, cause: str) -> frozenset[str]:
    """The types of a card that would answer: that which ended, else those that the requirement takes."""
    asked = policy.requirements_by_id.get(requirement)
    if cause != requirement or asked is None:
        return frozenset({cause})
    recognised = {one.type for one in policy.recognitions if one.counts_as in asked.any_of}
    return frozenset(asked.any_of) | recognised


class _Asked:
    """One person on one day."""

    def __init__(
        self, engine: Engine, person: PersonFacts, underway: Underway, sent: Sequence[Sent], day: date
    ) -> None:
        self._engine, self._person, self._underway, self._sent, self._day = engine, person, underway, sent, day
        self._policy = engine.rulebook.on(day)
        self._handed_in = waiting(self._policy, person, underway)
        self._steps_told = {(each.notice.cause, each.notice.last_day, each.notice.stage) for each in sent}
        overdue = [each for each in sent if each.notice.stage == "overdue"]
        self._lapses_told = {
            (requirement, each.notice.first_day) for each in overdue for requirement in each.notice.requirements
        }
        self._last_overdue = max((each.day for each in overdue), default=None)

    def told(self, person: PersonFacts) -> tuple[list[Notice], set[Reason]]:
        """The notices to be sent to the person if nothing else is in the way, and the reasons of those hushed."""
        begun = Outlook(self._engine, as_begun(person, self._day))
        steps = self._ladder(begun) + self._newcomer(begun)
        due = [one for one in steps if (one.cause, one.last_day, one.stage) not in self._steps_told]
        hushed = [(one, self._hushed(one)) for one in due]
        notices, reasons = self._overdue(Outlook(self._engine, person).lapses(self._day))
        return (
            [one for one, reason in hushed if reason is None] + notices,
            {reason for _, reason in hushed if reason} | reasons,
        )

    def overdue_but_exempt(self) -> bool:
        """Whether something overdue would be told today, were it not for an exemption."""
        covering = [one for one in self._person.exemptions if one.starts_on <= self._day <= one.until]
        if not covering:
            return False
        excused = {
            requirement
            for requirement, _ in self._standings(Outlook(self._engine, self._person))
            if any(one.requirement == requirement for one in covering)
        }
        without = without_exemptions(self._person, self._day)
        lapses = [lapse for lapse in Outlook(self._engine, without).lapses(self._day) if lapse.requirement in excused]
        notices, reasons = self._overdue(lapses)
        return bool(notices or reasons)

    def _standings(self, outlook: Outlook) -> Iterable[tuple[str, Standing]]:
        for requirement in outlook.courses:
            standing = outlook.standing(requirement, self._day)
            if standing:
                yield requirement, standing

    def _ladder(self, begun: Outlook) -> list[Notice]:
        """One notice for each cause and E of which a stage has been reached."""
        furthest = max(self._policy.reminders.lead_days, default=-1)
        grouped: dict[tuple[str, date], list[str]] = {}
        for requirement, standing in self._standings(begun):
            bad = begun.first_bad_day(requirement, self._day) if standing in ON_LADDER else None
            if bad and (day_before(bad) - self._day).days <= furthest:
                for cause in begun.causes(requirement, bad):
                    grouped.setdefault((cause, day_before(bad)), []).append(requirement)
        return [
            Notice(tuple(sorted(named)), cause, stage, end, None)
            for (cause, end), named in grouped.items()
            if (stage := stage_reached(self._policy, end, self._day)) is not None
        ]

    def _newcomer(self, begun: Outlook) -> list[Notice]:
        """What a newcomer is told once, near the start."""
        notices: list[Notice] = []
        for requirement, standing in self._standings(begun):
            if standing is Standing.PENDING:
                start = begun.newcomers_start(requirement, self._day)
                end = begun.newcomers_last_day(requirement, self._day)
                if start and end and self._day <= later(start, NEW_WITHIN):
                    notices.append(Notice((requirement,), requirement, "new", end, None))
        return notices

    def _overdue(self, lapses: list[Lapse]) -> tuple[list[Notice], set[Reason]]:
        """All that is overdue, if some of it is new or the week has come; and why the rest is hushed."""
        hushed = [(one, self._hushed(one)) for one in group_lapses(lapses, "overdue")]
        speak = [one for one, reason in hushed if reason is None]
        due = self._week_has_come() or any(map(self._is_new, speak))
        reasons = {reason for one, reason in hushed if reason and (due or self._is_new(one))}
        return speak if due else [], reasons

    def _is_new(self, overdue: Notice) -> bool:
        return any((name, overdue.first_day) not in self._lapses_told for name in overdue.requirements)

    def _week_has_come(self) -> bool:
        last = self._last_overdue
        return last is not None and weekly_day(self._policy, self._day) >= later(last, REPEAT_AFTER)

    def _hushed(self, notice: Notice) -> Reason | None:
        """Why a notice that is due is not sent: the first reason that fits."""
        types = answering_types(self._policy, notice.requirements[0], notice.cause)
        day = self._day
        # A class before the end, or before the lapse began.
        end = day_before(notice.first_day) if notice.first_day else notice.last_day or ALWAYS
        if any(one.type in types and waits(one, day) for one in self._handed_in):
            return "awaiting_check"
        if any(one.type in types and one.class_on <= end and stands(one, day) for one in self._underway.bookings):
            return "booked"
        return None


def waiting(policy: Policy, person: PersonFacts, underway: Underway) -> list[Submission]:
    """The cards handed in that still wait to be checked.

    None does of a type that is on record until later by now than was known when it was handed in, and not over by then:
    that may be it, by whatever way it came, and nobody else would end the waiting.
    """
    return [one for one in underway.submissions if not _came_otherwise(policy, person, one, underway)]


def _came_otherwise(policy: Policy, person: PersonFacts, one: Submission, underway: Underway) -> bool:
    before = _last_day(policy, one.type, underway.held.get(one.id, person.cards))
    last = _last_day(policy, one.type, person.cards)
    return last > before and last >= one.received_on


def _last_day(policy: Policy, type_id: str, cards: Iterable[Card]) -> date:
    """The last day of the cards of a type; before all days where there is none."""
    windows = (window(policy, card) for card in cards if card.type == type_id)
    return max((found.last for found in windows if found), default=ALWAYS)


def waits(submission: Submission, day: date) -> bool:
    """Whether a card that was handed in keeps silence on a day."""
    return submission.received_on <= day <= later(submission.received_on, CHECK_WAITS)


def stands(booking: Booking, day: date) -> bool:
    """Whether a class that somebody is booked for is to be reckoned with on a day."""
    return day <= later(booking.class_on, BOOKING_STANDS)


def next_look(engine: Engine, person: PersonFacts, underway: Underway, plan: PersonPlan, day: date) -> date | None:
    """The next day on which something may be owed about a person of whom no fact changes; None if never.

    Never too late; now and then too early, which costs a look. To be asked where nothing is owed now: what is, may
    not get sent. It is the day after if something is not said, as a run says so each day.
    """
    if plan.notices or plan.reasons:
        return later(day, 1)
    days = _turns(engine, person, underway)
    for lapse in plan.lapses:
        days |= {later(lapse.first_day, step - 1) for step in engine.rulebook.on(day).reminders.escalate_after_days}
    # A run also says what it would tell those on leave, and those who are exempt, if they were not.
    for view in {person, without_absences(person, day), without_exemptions(person, day)}:
        days |= _steps(engine, view, day)
    return min((one for one in days if day < one < OPEN), default=None)


def _steps(engine: Engine, person: PersonFacts, day: date) -> set[date]:
    """The days of the steps ahead on the ladder and of the digest, and the next weekly day if something is overdue."""
    policy = engine.rulebook.on(day)
    within = policy.expiring_within_days
    # From these days on the managers' digest speaks of a return, or of an end.
    days = {earlier(one.until, within - 1) for one in person.absences if one.until}
    if Outlook(engine, person).lapses(day):
        days.add(later(weekly_day(policy, day), 7))
    begun = Outlook(engine, as_begun(person, day))
    for requirement in begun.courses:
        bad = begun.first_bad_day(requirement, day) if begun.standing(requirement, day) else None
        if bad:
            days |= {earlier(day_before(bad), lead) for lead in policy.reminders.lead_days}
            days.add(earlier(day_before(bad), within))
    return days


def _turns(engine: Engine, person: PersonFacts, underway: Underway) -> set[date]:
    """Every day on which something about a person begins or has just ended."""
    days = {span.first for span, _ in engine.rulebook.reigns}
    for first, last in (
        # A transfer within a lapse brings it to other managers.
        *((one.starts_on or ALWAYS, one.ends_on or OPEN) for one in person.assignments),
        *((one.starts_on, one.until or OPEN) for one in person.absences),
        *((one.starts_on, one.until) for one in person.exemptions),
        *((one.received_on, later(one.received_on, CHECK_WAITS)) for one in underway.submissions),
        *((one.class_on, later(one.class_on, BOOKING_STANDS)) for one in underway.bookings),
        *((one.first, one.last) for stretches in engine.courses(person).values() for one in stretches),
    ):
        days |= {first, later(last, 1)}
    return days
