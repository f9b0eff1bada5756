"""What a roster's rows mean for one person's assignments. RULES: section 7.

A decision is data: what is added, what replaces what, what has to be asked. Nothing is guessed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Literal

from tracker.domain.days import ALWAYS, OPEN, Span, day_after, day_before, overlap
from tracker.domain.facts import Assignment
from tracker.domain.policy import Policy, matches, words

Outcome = Literal["new", "changed", "moved", "unchanged", "question"]
# Settles a question by its kind (`other_unit`, `ended`), the assignment that the row is about and the known ones that
# it may end; None if it is open.
Settle = Callable[[str, Assignment, Sequence[Assignment]], str | None]


class SameRole(dict[str, tuple[object, ...]]):
    """What a roster's role is compared by, so that two spellings of a role are the same; worked out once for each.

    Spellings are of one role if the policy has one id for them and no requirement tells them apart by its own words.
    """

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self._policy = policy

    def __missing__(self, role: str) -> tuple[object, ...]:
        self[role] = found = self._meaning(role) if role else ()
        return found

    def _meaning(self, role: str) -> tuple[object, ...]:
        role_id = self._policy.role_id(role)
        asked = [
            requirement.id
            for requirement in self._policy.requirements
            if requirement.roles and (matches(requirement.roles, role_id) or matches(requirement.roles, role))
        ]
        return (words(role_id), *asked)


@dataclass(slots=True)
class Asked:
    """An open question: of which kind, about which rows, with which known assignments."""

    kind: Literal["other_unit", "ended"]
    rows: list[int]
    wanted: Assignment
    known: list[Assignment]


@dataclass(slots=True)
class Decision:
    """What happens to one person's assignments. `replaced` pairs a known one with what holds instead, if anything.

    `amended` says which rows did that to which; `moved` which rows ended which assignments.
    """

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    added: list[Assignment] = field(default_factory=list)
    replaced: list[tuple[Assignment, Assignment | None]] = field(default_factory=list)
    amended: list[tuple[list[int], Assignment, Assignment]] = field(default_factory=list)
    moved: list[tuple[list[int], Assignment, Assignment]] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    named: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Target:
    """What the file says of one assignment, in one row or several."""

    wanted: Assignment
    rows: list[int]


def decide(
    known: Sequence[Assignment],
    rows: Sequence[tuple[int, Assignment]],
    today: date,
    settle: Settle,
    roles: SameRole,
) -> Decision:
    """What a file's rows about one person (numbered) do to the assignments known of that person."""
    decision = Decision()
    left: list[_Target] = []
    for target in _folded(rows, roles):
        same = [one for one in known if one.id not in decision.named and same_days(one, target.wanted, roles)]
        if same:
            decision.named.update(one.id for one in same)
            _amend(decision, sorted(same, key=days_of), target, today, settle)
        else:
            left.append(target)
    for target in left:
        if not _goes_on(decision, known, target, today, settle, roles):
            _place(decision, known, target, today, settle, roles)
    return decision


def ended(assignment: Assignment, last: date) -> Assignment | None:
    """The assignment with that last day; None if it would end before it began."""
    if assignment.starts_on is not None and last < assignment.starts_on:
        return None
    return assignment._replace(ends_on=last)


def days_of(assignment: Assignment) -> Span:
    return Span(assignment.starts_on or ALWAYS, assignment.ends_on or OPEN)


def same_post(one: Assignment, other: Assignment, roles: SameRole) -> bool:
    """Whether two records are of one unit and role; one that does not say its role may be of any."""
    first, second = roles[one.role], roles[other.role]
    return words(one.unit) == words(other.unit) and (first == second or not first or not second)


def _alike(one: Assignment, other: Assignment, roles: SameRole) -> bool:
    """The same unit, role and employment type; one that does not say its type may be of any."""
    first, second = words(one.employment_type or ""), words(other.employment_type or "")
    return (first == second or not first or not second) and same_post(one, other, roles)


def same_days(one: Assignment, other: Assignment, roles: SameRole) -> bool:
    """Whether two records are of one assignment with days in common."""
    return _alike(one, other, roles) and _overlap(one, other)


def _overlap(one: Assignment, other: Assignment) -> bool:
    return overlap(days_of(one), days_of(other)) is not None


def _folded(rows: Sequence[tuple[int, Assignment]], roles: SameRole) -> list[_Target]:
    """Rows about the same assignment taken together."""
    targets: list[_Target] = []
    for number, row in sorted(rows, key=lambda each: days_of(each[1])) if len(rows) > 1 else rows:
        for target in targets:
            if same_days(target.wanted, row, roles):
                target.wanted = together(target.wanted, row)
                target.rows.append(number)
                break
        else:
            targets.append(_Target(row, [number]))
    return targets


def together(one: Assignment, other: Assignment) -> Assignment:
    """Two records of one assignment, the earlier first: the days of both; of what only one says, that."""
    starts = [day for day in (one.starts_on, other.starts_on) if day]
    ends_on = max(one.ends_on, other.ends_on) if one.ends_on and other.ends_on else None
    if ends_on is None and days_of(one).first == days_of(other).first:
        # The same stint twice, once without its end: a blank erases nothing.
        ends_on = one.ends_on or other.ends_on
    return one._replace(
        role=one.role or other.role,
        employment_type=one.employment_type or other.employment_type,
        manager_email=other.manager_email or one.manager_email,
        starts_on=min(starts, default=None),
        ends_on=ends_on,
    )


def _amend(decision: Decision, same: list[Assignment], target: _Target, today: date, settle: Settle) -> None:
    """Puts a row to what is known of its assignment. What overlaps several stints makes them one."""
    wanted, joined = target.wanted, reduce(together, same)
    still_there = None
    if wanted.ends_on is None and joined.ends_on is not None and joined.ends_on < today:
        still_there = settle("ended", wanted, same)
        if still_there is None:
            decision.questions.append(Asked("ended", target.rows, wanted, [joined]))
            decision.outcomes.update(dict.fromkeys(target.rows, "question"))
            return
    after = joined._replace(
        role=joined.role or wanted.role,
        employment_type=joined.employment_type or wanted.employment_type,
        manager_email=wanted.manager_email or joined.manager_email,
        starts_on=wanted.starts_on or joined.starts_on,
        ends_on=None if still_there == "open" else wanted.ends_on or joined.ends_on,
    )
    if after == same[0] and len(same) == 1:
        decision.outcomes.update(dict.fromkeys(target.rows, "unchanged"))
        return
    decision.replaced.append((same[0], after))
    decision.replaced += [(one, None) for one in same[1:]]
    decision.amended.append((target.rows, same[0], after))
    decision.outcomes.update(dict.fromkeys(target.rows, "changed"))


def _goes_on(
    decision: Decision,
    known: Sequence[Assignment],
    target: _Target,
    today: date,
    settle: Settle,
    roles: SameRole,
) -> bool:
    """A row that begins the day after a known assignment ends: the same one, going on in days of its own.

    Kept apart, so that the same row finds itself the next time and does not move the start of the whole.
    """
    wanted = target.wanted
    before = [one for one in known if _alike(one, wanted, roles) and day_after(days_of(one).last) == wanted.starts_on]
    if not before:
        return False
    ended_on = before[-1].ends_on
    answer: str | None = "open"
    if wanted.ends_on is None and ended_on is not None and ended_on < today:
        answer = settle("ended", wanted, before)
    if answer is None:
        decision.questions.append(Asked("ended", target.rows, wanted, before[-1:]))
    elif answer == "open":
        decision.added.append(_as_before(wanted, before))
    outcome: dict[str | None, Outcome] = {None: "question", "open": "changed", "ended": "unchanged"}
    decision.outcomes.update(dict.fromkeys(target.rows, outcome[answer]))
    return True


def _as_before(wanted: Assignment, before: Sequence[Assignment]) -> Assignment:
    """The assignment with the role and type of those that it follows, if it does not say its own: blanks erase nothing.

    Where those are of several kinds, a blank stays: which one was meant must not be guessed.
    """
    roles = {one.role for one in before}
    types = {one.employment_type for one in before}
    return wanted._replace(
        role=wanted.role or (roles.pop() if len(roles) == 1 else ""),
        employment_type=wanted.employment_type or (types.pop() if len(types) == 1 else None),
    )


def _place(
    decision: Decision,
    known: Sequence[Assignment],
    target: _Target,
    today: date,
    settle: Settle,
    roles: SameRole,
) -> None:
    """A row about an assignment that was not known: new, or the place to which an open one moved."""
    wanted = target.wanted
    gone = {old.id for old, _ in decision.replaced}
    left = [
        one
        for one in known
        if one.id not in decision.named | gone and _overlap(one, wanted) and _in_question(one, wanted, today, roles)
    ]
    # Another type for a post says nothing of their other places.
    left = [one for one in left if same_post(one, wanted, roles)] or left
    answer = settle("other_unit", wanted, left) if left else "also"
    if answer is None:
        decision.questions.append(Asked("other_unit", target.rows, wanted, left))
        decision.outcomes.update(dict.fromkeys(target.rows, "question"))
        return
    if answer == "moved":
        starts_on = wanted.starts_on or today
        wanted = _as_before(wanted, left)._replace(starts_on=starts_on)
        decision.replaced += [(one, ended(one, day_before(starts_on))) for one in left]
        decision.moved += [(target.rows, one, wanted) for one in left]
    decision.added.append(wanted)
    decision.outcomes.update(dict.fromkeys(target.rows, "moved" if answer == "moved" else "new"))


def _in_question(known: Assignment, wanted: Assignment, today: date, roles: SameRole) -> bool:
    """Whether a known assignment may be over by what a row says: an open one, or the same post under another type."""
    if wanted.ends_on is not None and wanted.ends_on < today:
        # A stint that is over says nothing about where somebody is now.
        return False
    return known.ends_on is None or (known.ends_on >= today and same_post(known, wanted, roles))
