"""What managers and directors are to be told of lapses on a day. RULES: section 6."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.facts import Assignment
from tracker.domain.outlook import Lapse
from tracker.domain.policy import Policy
from tracker.domain.reminders import Kind, Notice, Sent, Stage, group_lapses


class Contacts(NamedTuple):
    """Who answers for a unit: addresses."""

    managers: tuple[str, ...] = ()
    director: str | None = None


class Lapsed(NamedTuple):
    """One person's lapses, the assignments that each concerns, and what was sent about the person."""

    employee_id: str
    lapses: Sequence[tuple[Lapse, Sequence[Assignment]]]
    sent: Sequence[Sent]


# What one mail says of several people: by employee id.
About = list[tuple[str, Notice]]


def plan_alerts(
    policy: Policy, contacts: Mapping[str, Contacts], everyone: Iterable[Lapsed], day: date, since: date | None
) -> dict[tuple[Kind, str], About]:
    """Decides which lapses each manager and director is told of: by kind of mail and address.

    `since` is the day on which mail was enabled: older lapses go into the digest only.
    """
    mails: dict[tuple[Kind, str], About] = {}
    for person in everyone:
        told = {
            (each.kind, each.to, each.notice.stage, requirement, each.notice.first_day)
            for each in person.sent
            for requirement in each.notice.requirements
        }
        untold: dict[tuple[Kind, str, Stage], list[Lapse]] = {}
        for lapse, assignments in person.lapses:
            if since is None or lapse.first_day >= since:
                for kind, to, stage in _owed(policy, contacts, lapse, assignments, day):
                    if (kind, to, stage, lapse.requirement, lapse.first_day) not in told:
                        untold.setdefault((kind, to, stage), []).append(lapse)
        for (kind, to, stage), lapses in untold.items():
            about = mails.setdefault((kind, to), [])
            about += [(person.employee_id, notice) for notice in group_lapses(lapses, stage)]
    return mails


def managers_of(contacts: Mapping[str, Contacts], assignment: Assignment) -> set[str]:
    """The assignment's and the unit's."""
    own = {assignment.manager_email} if assignment.manager_email else set()
    return own | set(contacts.get(assignment.unit, Contacts()).managers)


def step_reached(policy: Policy, lapse: Lapse, day: date) -> tuple[int, bool] | None:
    """The last day of escalation that a lapse has come to, and whether it is one of which the director is told."""
    nth = (day - lapse.first_day).days + 1
    reached = [step for step in sorted(policy.reminders.escalate_after_days) if nth >= step]
    return (reached[-1], len(reached) > 1) if reached else None


def _owed(
    policy: Policy, contacts: Mapping[str, Contacts], lapse: Lapse, assignments: Sequence[Assignment], day: date
) -> list[tuple[Kind, str, Stage]]:
    managers = {to for assignment in assignments for to in managers_of(contacts, assignment)}
    owed: list[tuple[Kind, str, Stage]] = [("lapse_notice", to, "overdue") for to in sorted(managers)]
    step = step_reached(policy, lapse, day)
    if step:
        directors = {contacts.get(one.unit, Contacts()).director for one in assignments} - {None}
        told = managers | {to for to in directors if to} if step[1] else managers
        owed += [("escalation", to, step[0]) for to in sorted(told)]
    return owed
