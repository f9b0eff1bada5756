"""Who is out of compliance, as a finding reads: the requirement, how many of how many, then each person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.days import ALWAYS
from tracker.domain.policy import Requirement
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
from tracker.reports.heading import Heading
from tracker.reports.look_back import LookBack
from tracker.reports.named import Named, Place
from tracker.reports.tally import Line, Tally, requirement_tallies, tally


class Because(NamedTuple):
    """What is known of a lapse: the last day on which cards met the requirement, its first day, the why."""

    last_valid_day: date | None
    out_since: date | None
    why: list[str]


@dataclass(frozen=True, slots=True)
class Finding(Named):
    """One person who is out of compliance with a requirement.

    `last_valid_day` is the last day on which cards met the requirement, None if they never did. `days_out` counts the
    first day out of compliance as 1; with `out_since` it is None if there was no other time.
    """

    standing: Standing
    last_valid_day: date | None
    out_since: date | None
    days_out: int | None
    why: list[str]


class Findings(NamedTuple):
    """A requirement with everyone who is out of compliance: `tally.out` of `tally.whole` people."""

    requirement: Requirement
    tally: Tally
    people: list[Finding]

    @property
    def rule(self) -> str:
        """What the policy asks, the sentence with which everybody's why ends; empty if nobody is out of compliance."""
        last = {one.why[-1] for one in self.people if one.why}
        return last.pop() if len(last) == 1 else ""


@dataclass(frozen=True, slots=True)
class Unmatched(Named):
    """Somebody at work whom no requirement matches."""


class Exceptions(NamedTuple):
    """The report. `unused` are the requirements of the policy that apply to nobody in the scope.

    `look_back` is None where only the day itself was asked about.
    """

    heading: Heading
    total: Tally
    findings: list[Findings]
    unmatched: list[Unmatched]
    unused: list[Requirement]
    look_back: LookBack | None = None


def exceptions(
    heading: Heading,
    posts: Sequence[tuple[str, str | None, str, str]],
    lines: Sequence[Line],
    requirements: Mapping[str, Requirement],
    because: Mapping[tuple[str, str], Because],
    look_back: LookBack | None = None,
) -> Exceptions:
    """The report. `posts` are everyone at work in the scope (id, name, unit, role), `lines` their standings."""
    tallies = requirement_tallies(lines)
    return Exceptions(
        heading,
        tally({post[0] for post in posts}, lines),
        findings(heading.as_of, lines, tallies, requirements, because),
        unmatched(posts, lines),
        [requirement for name, requirement in requirements.items() if name not in tallies],
        look_back,
    )


def findings(
    day: date,
    lines: Iterable[Line],
    tallies: Mapping[str, Tally],
    requirements: Mapping[str, Requirement],
    because: Mapping[tuple[str, str], Because],
) -> list[Findings]:
    """The findings of a day, in the order of the tallies; people in the order of the lines."""
    theirs: dict[str, dict[str, list[Line]]] = {name: {} for name in tallies}
    for line in lines:
        if line.standing in OUT_OF_COMPLIANCE:
            theirs[line.requirement].setdefault(line.employee_id, []).append(line)
    return [
        Findings(
            requirements[name],
            counts,
            [_finding(day, found, because[employee_id, name]) for employee_id, found in theirs[name].items()],
        )
        for name, counts in tallies.items()
    ]


def unmatched(posts: Iterable[tuple[str, str | None, str, str]], lines: Iterable[Line]) -> list[Unmatched]:
    """Those among the posts (employee id, name, unit, role) who have no line, by employee id."""
    matched = {line.employee_id for line in lines}
    found: dict[str, Unmatched] = {}
    for employee_id, name, unit, role in posts:
        if employee_id not in matched:
            found.setdefault(employee_id, Unmatched(employee_id, name, [])).places.append(Place(unit, role, None))
    return [found[employee_id] for employee_id in sorted(found)]


def _finding(day: date, lines: list[Line], because: Because) -> Finding:
    since = None if because.out_since == ALWAYS else because.out_since
    return Finding(
        lines[0].employee_id,
        lines[0].name,
        [Place(line.unit, line.role, None if line.since == ALWAYS else line.since) for line in lines],
        lines[0].standing,
        because.last_valid_day,
        since,
        (day - since).days + 1 if since else None,
        because.why,
    )
