"""What a roster's rows mean for one person's assignments. RULES: section 7.

A decision is data: what is added, what replaces what, what has to be asked. Nothing is guessed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tracker.domain.days import ALWAYS, OPEN, day_after, day_before
from tracker.domain.facts import Assignment
from tracker.domain.policy import words

Outcome = Literal["new", "changed", "moved", "unchanged", "question"]
# Settles a question by its kind (`other_unit`, `ended`), the assignment that the row is about and the known ones that
# it may end; None if it is open.
Settle = Callable[[str, Assignment, Sequence[Assignment]], str | None]


@dataclass(slots=True)
class Asked:
    """An open question: of which kind, about which rows, with which known assignments."""

    kind: Literal["other_unit", "ended"]
    rows: list[int]
    wanted: Assignment
    known: list[Assignment]


@dataclass(slots=True)
class Decision:
    """What happens to one person's assignments. `replaced` pairs a known one with what holds instead, if anything."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    added: list[Assignment] = field(default_factory=list)
    replaced: list[tuple[Assignment, Assignment | None]] = field(default_factory=list)
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
) -> Decision:
    """What a file's rows about one person (numbered) do to the assignments known of that person."""
    decision = Decision()
    if not known and len(rows) == 1:
        # Nothing to hold it against: so it is with most rows of a first roster.
        number, wanted = rows[0]
        decision.added.append(wanted)
        decision.outcomes[number] = "new"
        return decision
    left: list[_Target] = []
    for target in _folded(rows):
        match = _match(known, target.wanted, decision.named)
        if match is None:
            left.append(target)
        else:
            decision.named.add(match.id)
            _amend(decision, match, target, today, settle)
    for target in left:
        _place(decision, known, target, today, settle)
    return decision


def ended(assignment: Assignment, last: date) -> Assignment | None:
    """The assignment with that last day; None if it would end before it began."""
    if assignment.starts_on is not None and last < assignment.starts_on:
        return None
    return assignment._replace(ends_on=last)


def _span(assignment: Assignment) -> tuple[date, date]:
    return assignment.starts_on or ALWAYS, assignment.ends_on or OPEN


def _alike(one: Assignment, other: Assignment) -> bool:
    """The same unit, role and employment type; one that does not say its type may be of any."""
    one_type, other_type = words(one.employment_type or ""), words(other.employment_type or "")
    return (
        words(one.unit) == words(other.unit)
        and words(one.role) == words(other.role)
        and (one_type == other_type or not one_type or not other_type)
    )


def _meet(one: Assignment, other: Assignment) -> bool:
    """Whether the days of the two overlap or adjoin."""
    first, last = _span(one)
    other_first, other_last = _span(other)
    return first <= day_after(other_last) and other_first <= day_after(last)


def _folded(rows: Sequence[tuple[int, Assignment]]) -> list[_Target]:
    """Rows about the same assignment taken together."""
    targets: list[_Target] = []
    for number, row in sorted(rows, key=lambda each: _span(each[1])) if len(rows) > 1 else rows:
        for target in targets:
            if _alike(target.wanted, row) and _meet(target.wanted, row):
                target.wanted = _together(target.wanted, row)
                target.rows.append(number)
                break
        else:
            targets.append(_Target(row, [number]))
    return targets


def _together(one: Assignment, other: Assignment) -> Assignment:
    starts = [day for day in (one.starts_on, other.starts_on) if day]
    return one._replace(
        employment_type=one.employment_type or other.employment_type,
        manager_email=other.manager_email or one.manager_email,
        starts_on=min(starts, default=None),
        ends_on=max(one.ends_on, other.ends_on) if one.ends_on and other.ends_on else None,
    )


def _match(known: Sequence[Assignment], wanted: Assignment, taken: set[int]) -> Assignment | None:
    """The known assignment that the row is about: one whose days meet the row's, the latest first."""
    alike = [one for one in known if one.id not in taken and _alike(one, wanted) and _meet(one, wanted)]
    return max(alike, key=_span, default=None)


def _amend(decision: Decision, match: Assignment, target: _Target, today: date, settle: Settle) -> None:
    wanted = target.wanted
    ends_on = wanted.ends_on or match.ends_on
    if wanted.ends_on is None and match.ends_on is not None and match.ends_on < today:
        answer = settle("ended", wanted, [match])
        if answer is None:
            decision.questions.append(Asked("ended", target.rows, wanted, [match]))
            decision.outcomes.update(dict.fromkeys(target.rows, "question"))
            return
        ends_on = None if answer == "open" else match.ends_on
    starts_on = wanted.starts_on or match.starts_on
    if match.starts_on is None or (wanted.starts_on and wanted.starts_on > (match.ends_on or OPEN)):
        # The row goes on where the known one ends: the earlier start stays, and "always" is filled by a day.
        starts_on = match.starts_on or (wanted.starts_on if _overlap(match, wanted) else None)
    if wanted.ends_on and match.starts_on and wanted.ends_on < match.starts_on:
        ends_on = match.ends_on
    after = match._replace(
        employment_type=match.employment_type or wanted.employment_type,
        manager_email=wanted.manager_email or match.manager_email,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    same = after == match
    if not same:
        decision.replaced.append((match, after))
    decision.outcomes.update(dict.fromkeys(target.rows, "unchanged" if same else "changed"))


def _overlap(one: Assignment, other: Assignment) -> bool:
    first, last = _span(one)
    other_first, other_last = _span(other)
    return first <= other_last and other_first <= last


def _place(decision: Decision, known: Sequence[Assignment], target: _Target, today: date, settle: Settle) -> None:
    """A row about an assignment that was not known: new, or the place to which an open one moved."""
    wanted = target.wanted
    gone = {old.id for old, _ in decision.replaced}
    left = [
        one for one in known if one.ends_on is None and one.id not in decision.named | gone and _overlap(one, wanted)
    ]
    answer = settle("other_unit", wanted, left) if left else "also"
    if answer is None:
        decision.questions.append(Asked("other_unit", target.rows, wanted, left))
        decision.outcomes.update(dict.fromkeys(target.rows, "question"))
        return
    if answer == "moved":
        starts_on = wanted.starts_on or today
        wanted = wanted._replace(starts_on=starts_on)
        decision.replaced += [(one, ended(one, day_before(starts_on))) for one in left]
    decision.added.append(wanted)
    decision.outcomes.update(dict.fromkeys(target.rows, "moved" if answer == "moved" else "new"))
