"""Standings as timelines: `judge` at every day on which something begins or ends, equal neighbours merged.

RULES: section 4. Invariant: the segments of one assignment and requirement leave no hole and never overlap within
the days on which the requirement applies to the assignment.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tracker.domain.days import ALWAYS, ONE_DAY, OPEN, Span, covers, day_after, later, merge, overlap
from tracker.domain.facts import Assignment, PersonFacts
from tracker.domain.policy import Policy
from tracker.domain.rulebook import Rulebook
from tracker.domain.standing import (
    CardReader,
    Held,
    Reading,
    Situation,
    Standing,
    exempt_spans,
    judge,
)
from tracker.domain.tuples import new

# Raised whenever the same facts and policies may give other segments than before: stored ones are then rebuilt.
ENGINE_VERSION = 2


ALL_DAYS = [Span(ALWAYS, OPEN)]
# An assignment, and the days on which a requirement applies through it.
Application = tuple[Assignment, list[Span]]


class Segment(NamedTuple):
    """One standing from `first` to `last`, both included (`days.OPEN` if it never ends), and what ends it.

    `ends_by`: `card:` and the types of the cards that end, `renewal`, `deadline`, `grace`, `leave`, `exemption`,
    `records`, `policy`, `assignment`; empty if nothing does.
    """

    assignment: int
    requirement: str
    standing: Standing
    first: date
    last: date
    ends_by: str


class Stretch(NamedTuple):
    """A run of days with one standing of a person, whichever the assignment."""

    standing: Standing
    first: date
    last: date
    ends_by: str


class _About(NamedTuple):
    """What of a person bears on every requirement, the cards aside."""

    person: PersonFacts
    absent: list[Span]
    records_from: date


class Situated(NamedTuple):
    """All that decides the days of one requirement under one version of the policy."""

    reader: CardReader
    reading: Reading
    situation: Situation


class Engine:
    """Decides people's days by one rulebook. Keeps what it worked out: make one and ask it about many people."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._reigns = [(span, CardReader(policy)) for span, policy in rulebook.reigns]
        self._asked: dict[tuple[str, str, str | None], dict[str, list[Span]]] = {}
        # One is asked about several times before the next: what to tell them, whether it still holds, how to say it.
        self._latest: tuple[PersonFacts, dict[str, list[Stretch]]] | None = None

    def segments(self, person: PersonFacts) -> list[Segment]:
        """Every segment of every assignment, as the facts say now."""
        about = self._about(person)
        held = [reader.held(person) for _, reader in self._reigns]
        found: list[Segment] = []
        for requirement, through in self._applications(person).items():
            union = _union(through)
            stretches = self._stretches(about, requirement, union, held)
            for assignment, spans in through:
                found += _clip(assignment, requirement, stretches, spans)
        return found

    def situated(self, person: PersonFacts, requirement: str, day: date) -> Situated | None:
        """What decides that day; None if the requirement does not apply to the person on it."""
        through = self._applications(person).get(requirement, [])
        union = _union(through)
        reader = self.reader_on(day)
        if not any(first <= day <= last for first, last in union):
            return None
        reading = reader.read(reader.policy.requirements_by_id[requirement], reader.held(person))
        return self._situate(self._about(person), reader, reading, union, day)

    def standing(self, person: PersonFacts, requirement: str, day: date) -> Standing | None:
        """The standing on that day; None if the requirement does not apply to the person on it."""
        situated = self.situated(person, requirement, day)
        return judge(*situated, day) if situated else None

    def courses(self, person: PersonFacts) -> dict[str, list[Stretch]]:
        """For each requirement the person's standings along the days on which it applies, through any assignment."""
        latest = self._latest
        if latest is not None and latest[0] is person:
            return latest[1]
        about = self._about(person)
        held = [reader.held(person) for _, reader in self._reigns]
        found = {
            requirement: self._stretches(about, requirement, _union(through), held)
            for requirement, through in self._applications(person).items()
        }
        self._latest = person, found
        return found

    def applies(self, assignment: Assignment, requirement: str, day: date) -> bool:
        """Whether the requirement comes with that assignment on a day."""
        held = Span(assignment.starts_on or ALWAYS, assignment.ends_on or OPEN)
        return held.first <= day <= held.last and covers(self._asked_of(assignment).get(requirement, []), day)

    def reader_on(self, day: date) -> CardReader:
        """Who reads cards by the version in force on a day."""
        return next(reader for reign, reader in self._reigns if reign.first <= day <= reign.last)

    def _applications(self, person: PersonFacts) -> dict[str, list[Application]]:
        """For each requirement and assignment the days on which it applies, each day by its own version."""
        found: dict[str, list[Application]] = {}
        for assignment in person.assignments:
            held = new(Span, (assignment.starts_on or ALWAYS, assignment.ends_on or OPEN))
            for requirement, spans in self._asked_of(assignment).items():
                days = [held] if spans == ALL_DAYS else [both for span in spans if (both := overlap(span, held))]
                if days:
                    found.setdefault(requirement, []).append((assignment, days))
        return found

    def _asked_of(self, assignment: Assignment) -> dict[str, list[Span]]:
        """The requirements for a unit, role and employment type, and the days on which the policy has them."""
        key = (assignment.unit, assignment.role, assignment.employment_type)
        found = self._asked.get(key)
        if found is None:
            found = {}
            for span, reader in self._reigns:
                for requirement in reader.policy.requirements_for(*key):
                    found.setdefault(requirement.id, []).append(span)
            self._asked[key] = found = {name: merge(spans) for name, spans in found.items()}
        return found

    def _situate(self, about: _About, reader: CardReader, reading: Reading, union: list[Span], day: date) -> Situated:
        person, absent, records_from = about
        exempt = exempt_spans(reading.requirement.id, person.exemptions) if person.exemptions else []
        within = reading.requirement.within_days
        start = _start(reader.policy, union, day) if within else None
        due_by = later(start, within) if start else None
        situation: Situation = new(Situation, (exempt, absent, start, due_by, records_from))
        situated: Situated = new(Situated, (reader, reading, situation))
        return situated

    def _about(self, person: PersonFacts) -> _About:
        absent = [Span(absence.starts_on, absence.until or OPEN) for absence in person.absences]
        return _About(person, absent, self.rulebook.records_from(person))

    def _stretches(self, about: _About, requirement: str, union: list[Span], held: list[list[Held]]) -> list[Stretch]:
        found: list[Stretch] = []
        for (reign, reader), cards in zip(self._reigns, held, strict=True):
            asked = reader.policy.requirements_by_id.get(requirement)
            if not asked:
                continue
            pieces = [both for span in union if (both := overlap(span, reign))]
            if not pieces:
                continue
            reading = reader.read(asked, cards)
            for piece in pieces:
                situated = self._situate(about, reader, reading, union, piece.first)
                _extend(found, _decide(situated, piece))
        return found


def _union(through: list[Application]) -> list[Span]:
    """The days on which a requirement applies to a person through any assignment."""
    if len(through) == 1:
        return through[0][1]
    return merge(span for _, spans in through for span in spans)


def _start(policy: Policy, union: list[Span], day: date) -> date | None:
    """The first day of the unbroken stretch in which the day lies; None if that has no beginning."""
    start = union[0].first
    if len(union) > 1:
        start = next(first for first, last in merge(union, policy.rejoin_within_days) if first <= day <= last)
    return None if start == ALWAYS else start


def _decide(situated: Situated, piece: Span) -> list[Stretch]:
    """The piece cut at every day on which something begins or ends, each part judged."""
    reader, reading, situation = situated
    found: list[Stretch] = []
    first, last = piece
    standing = judge(reader, reading, situation, first)
    for day in sorted([day for day in _edges(reading, situation) if first < day <= last]):
        after = judge(reader, reading, situation, day)
        if after is not standing:
            until = day - ONE_DAY
            found.append(new(Stretch, (standing, first, until, _cause(situated, standing, after, until))))
            first, standing = day, after
    found.append(new(Stretch, (standing, first, last, "")))
    return found


def _edges(reading: Reading, situation: Situation) -> set[date]:
    """Every day on which the answer may change."""
    spans = [*reading.counting, *situation.exempt, *situation.absent]
    if reading.ready is not reading.counting:
        spans += reading.ready
    if reading.met is not reading.ready:
        spans += reading.met
    # In one place and not by `day_after`: this is done millions of times.
    edges = {last + ONE_DAY if last < OPEN else OPEN for _, last in spans}
    edges.update([first for first, _ in spans])
    edges.add(situation.records_from)
    if situation.due_by is not None:
        edges.add(day_after(situation.due_by))
    grace = reading.requirement.grace_after_expiry_days
    if grace:
        ends = {last for _, last in spans}
        if any(one.cut_by_revocation for one in reading.held):
            # Grace is then read without the revoked card, and another one's end may show.
            ends.update(one.span.last for one in reading.held)
        edges.update(day_after(day) for day in ends)
        edges.update(day_after(later(day, grace)) for day in ends)
    return edges


# What ends, or begins to end, these standings whatever follows.
_ENDS = {Standing.NOT_RECORDED: "records", Standing.PENDING: "deadline", Standing.GRACE: "grace"}


def _cause(situated: Situated, before: Standing, after: Standing, last: date) -> str:
    """What ends a standing on its last day: the types of the cards that end, or whatever else begins or ends."""
    if before is Standing.EXEMPT or after is Standing.EXEMPT:
        return "exemption"
    if before is Standing.ON_LEAVE or after is Standing.ON_LEAVE:
        return "leave"
    if after is Standing.CURRENT:
        return "renewal"
    return _ENDS.get(before) or "card:" + ",".join(ended_types(situated, last))


def ended_types(situated: Situated, last: date) -> list[str]:
    """The types of the cards, of the requirement or of its prerequisites, that are good until that day."""
    reader, reading, _ = situated
    requirement = reading.requirement
    needed = reader.policy.prerequisites[requirement.id]
    ended = {
        one.card.type
        for one in reading.held
        if (one.span.last == last and not needed.isdisjoint(one.worth))
        or ((counts := one.counts.get(requirement.id)) and counts.last == last)
    }
    return sorted(ended)


def _extend(found: list[Stretch], more: Iterable[Stretch]) -> None:
    """Adds stretches, joining equal neighbours; where two versions meet and differ, the policy is the cause."""
    for stretch in more:
        before = found[-1] if found else None
        if before and day_after(before.last) == stretch.first and before.last < stretch.first:
            if before.standing is stretch.standing:
                found[-1] = new(Stretch, (before.standing, before.first, stretch.last, stretch.ends_by))
                continue
            if not before.ends_by:
                found[-1] = before._replace(ends_by="policy")
        found.append(stretch)


def _clip(assignment: Assignment, requirement: str, stretches: list[Stretch], spans: list[Span]) -> list[Segment]:
    """The stretches within the days of one assignment."""
    found: list[Segment] = []
    for standing, first, last, ends_by in stretches:
        for begins, ends in spans:
            if begins <= first and last <= ends and (ends_by or last == OPEN):
                found.append(new(Segment, (assignment.id, requirement, standing, first, last, ends_by)))
            elif begins <= last and first <= ends:
                until = min(last, ends)
                cause = ends_by
                if until < last or (not ends_by and until < OPEN):
                    cause = "assignment" if until == assignment.ends_on else "policy"
                found.append(Segment(assignment.id, requirement, standing, max(first, begins), until, cause))
    return found
