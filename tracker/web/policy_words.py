"""A policy in sentences, as somebody reads it who has to keep it and never sees the file."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.policy import CardType, Extension, Issuer, Policy, Recognition, ReminderRules, Requirement
from tracker.domain.policy import ValidityRule as Rule
from tracker.domain.why import spoken

ENDS = {
    "month_end": "to the end of that month",
    "same_day": "to the same day",
    "quarter_end": "to the end of that quarter",
    "printed": "through the day that is printed on the card",
    "never": "for good",
}
KINDS = {
    "cards": "Cards",
    "absences": "Leave",
    "exemptions": "Exemptions",
    "bookings": "Booked classes",
    "evidence": "Evidence",
    "mails": "Mails",
    "job_runs": "What jobs did",
    "rejects": "Rows that an import rejected",
    "issued": "Issued reports",
}


class Asked(NamedTuple):
    """A requirement in words: who needs it, which card it asks for, and by when."""

    id: str
    title: str
    citation: str
    who: list[str]
    cards: list[str]
    by_when: list[str]


class Accepted(NamedTuple):
    """An issuer in words: how it is called, and how long its cards count."""

    id: str
    accepted: bool
    names: str
    lasting: list[str]


def listed(names: Sequence[object], last: str = "or") -> str:
    """Several things in a sentence: a, b or c."""
    said = [str(name) for name in names]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {last} {said[-1]}"


def asked_of(policy: Policy, one: Requirement) -> Asked:
    """One requirement."""
    return Asked(one.id, one.title, one.citation or "", _who(one), _cards(policy, one), _by_when(one))


def _who(one: Requirement) -> list[str]:
    lists = (("Roles", one.roles), ("Units", one.units), ("Employment", one.employment_types))
    found = [f"{name}: {', '.join(patterns)}" for name, patterns in lists if patterns is not None]
    return found or ["Everybody who has an assignment"]


def _cards(policy: Policy, one: Requirement) -> list[str]:
    found = [f"{listed(one.any_of)} card" + (f" of {listed(one.issuers)}" if one.issuers else "")]
    beside = policy.prerequisites[one.id]
    if beside:
        found.append(f"with {listed(sorted(beside), 'and')} in date beside it")
    if one.verified:
        found.append("confirmed by its issuer")
    return found


def _by_when(one: Requirement) -> list[str]:
    found = [f"Newcomers within {days(one.within_days)}" if one.within_days else "Newcomers from the first day"]
    if one.grace_after_expiry_days:
        found.append(f"in grace for {days(one.grace_after_expiry_days)} after the last valid day")
    if one.renew_every_months:
        found.append(f"renewed every {months(one.renew_every_months)}, whatever the card says")
    return found


def issuers_of(policy: Policy) -> list[Accepted]:
    """The issuers, those that count first."""
    found = [_issuer(policy, one) for one in policy.issuers]
    return sorted(found, key=lambda one: not one.accepted)


def _issuer(policy: Policy, issuer: Issuer) -> Accepted:
    own = [rule for rule in policy.validity if rule.issuer == issuer.id]
    # What is said of no issuer holds where nothing is said of this one.
    settled = {rule.type for rule in own if rule.valid_from == date.min}
    rules = own + [rule for rule in policy.validity if rule.issuer is None and not settled & {None, rule.type}]
    lasting = [_rule(rule, several=len(rules) > 1) for rule in rules] if issuer.accepted else []
    return Accepted(issuer.id, issuer.accepted, ", ".join(issuer.names), lasting)


def _rule(rule: Rule, *, several: bool) -> str:
    length = f"{months(rule.months)}, " if rule.months and rule.ends != "printed" else ""
    otherwise = f", or {months(rule.months)} where none is" if rule.months and rule.ends == "printed" else ""
    whose = f"{rule.type}: " if rule.type else ("Other cards: " if several else "")
    since = f", if issued from {spoken(rule.valid_from)} on" if rule.valid_from > date.min else ""
    return f"{whose}{length}{ENDS[rule.ends]}{otherwise}{since}"


def exceptions_of(policy: Policy) -> list[str]:
    """What was adopted besides: recognitions and extensions."""
    return [*map(_recognised, policy.recognitions), *map(_extended, policy.extensions)]


def _recognised(one: Recognition) -> str:
    return f"{one.type} cards{f' of {one.issuer}' if one.issuer else ''} count as {one.counts_as}."


def _extended(one: Extension) -> str:
    ended = f"{spoken(one.ended_first)} and {spoken(one.ended_last)}"
    return f"Cards of {one.issuer} that ended between {ended} count through {spoken(one.extended_to)}."


def prerequisites_of(kind: CardType) -> str:
    """What a type of card is worth nothing without."""
    return listed(kind.requires, "and") if kind.requires else ""


def reminders_of(rules: ReminderRules) -> list[str]:
    """When whom is written to."""
    leads = [str(lead) for lead in sorted(rules.lead_days, reverse=True) if lead]
    before = [f"{listed(leads, 'and')} days before"] if leads else []
    on_the_day = ["on the last day itself"] if 0 in rules.lead_days else []
    found = [f"Staff are told that a card is about to end {' and '.join([*before, *on_the_day])}."] if leads else []
    day = rules.weekly_on.title()
    found.append(f"Whoever is out of compliance is told at once, and again every {day} until that is mended.")
    found.append(f"Managers get a digest of their units every {day}.")
    found += [_escalated(number, first) for number, first in enumerate(sorted(rules.escalate_after_days))]
    return [*found, f"Mails leave from {rules.send_at:%H:%M} on."]


def _escalated(number: int, first: int) -> str:
    whom = "the unit's managers and its director are" if number else "the unit's managers are"
    return f"On day {first} out of compliance {whom} told."


def general_of(policy: Policy) -> list[tuple[str, str]]:
    """What holds throughout: a name and what is said of it."""
    begins = policy.records_from
    default = policy.default_issuer
    return [
        ("Target", f"{policy.target_percent:g} % current"),
        ("Ends soon", f"within {days(policy.expiring_within_days)} of the last day in compliance"),
        ("Records begin", spoken(begins) if begins else "with the day on which each person was first recorded"),
        ("Whoever comes back", _rejoining(policy.rejoin_within_days)),
        ("A card without an issuer", f"is taken for one of {default}" if default else "counts for nothing"),
        ("Time zone", policy.timezone),
    ]


def _rejoining(within: int) -> str:
    return f"within {days(within)} is no newcomer" if within else "is a newcomer again, after any break"


def kept_of(policy: Policy) -> list[tuple[str, str]]:
    """How long records are kept past their end, as far as not for ever."""
    kept = {name: getattr(policy.retention, f"{name}_months") for name in KINDS}
    return [(KINDS[name], months(count)) for name, count in kept.items() if count is not None]


def days(count: int) -> str:
    """So many days."""
    return f"{count} day{'' if count == 1 else 's'}"


def months(count: int) -> str:
    """So many months."""
    return f"{count} month{'' if count == 1 else 's'}"
