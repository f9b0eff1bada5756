"""A policy: what a site requires of whom, whose cards it accepts, and for how long they are good.

`policy_text` reads one from TOML. RULES: section 2.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from fnmatch import translate
from functools import cache, cached_property
from typing import Literal

Ends = Literal["month_end", "same_day", "quarter_end", "printed", "never"]


@dataclass(frozen=True, slots=True)
class CardType:
    """A kind of card. `requires` are the types without which it is worth nothing (one step)."""

    id: str
    title: str
    requires: tuple[str, ...] = ()
    renew_at: str | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who hands out cards. Those of an issuer that is not accepted are recorded and count for nothing.

    `check_at` is the page where anybody may check a card's number, `check_batch` how many it takes at a time.
    """

    id: str
    names: tuple[str, ...] = ()
    accepted: bool = True
    number_pattern: str | None = None
    check_at: str | None = None
    check_batch: int | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """What rosters call a role: shell patterns."""

    id: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValidityRule:
    """For how long a card is good, if issued on or after `valid_from`."""

    ends: Ends
    months: int | None = None
    issuer: str | None = None
    type: str | None = None
    valid_from: date = date.min


@dataclass(frozen=True, slots=True)
class Extension:
    """Cards that ended between two days are good until a later one: the issuer said so, and the site adopted it."""

    issuer: str
    ended_first: date
    ended_last: date
    extended_to: date


@dataclass(frozen=True, slots=True)
class Recognition:
    """A type of card (of one issuer, or of any) counts as another type. One way, one step."""

    type: str
    counts_as: str
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """Who needs which card, by when. Lists that are absent (None) match everyone."""

    id: str
    title: str
    any_of: tuple[str, ...]
    units: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None
    employment_types: tuple[str, ...] | None = None
    issuers: tuple[str, ...] | None = None
    within_days: int = 0
    grace_after_expiry_days: int = 0
    renew_every_months: int | None = None
    verified: bool = False
    citation: str | None = None


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """When whom to remind. `lead_days` are days before the last day in compliance."""

    lead_days: tuple[int, ...] = (90, 60, 30, 14, 7, 1, 0)
    weekly_on: str = "monday"
    send_at: time = time(8, 0)
    escalate_after_days: tuple[int, ...] = (14, 30)


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many months past its end each kind of record is kept; None: for ever."""

    cards_months: int | None = None
    absences_months: int | None = None
    exemptions_months: int | None = None
    bookings_months: int | None = None
    evidence_months: int | None = None
    mails_months: int | None = None
    job_runs_months: int | None = None
    rejects_months: int | None = None
    issued_months: int | None = None


@dataclass(frozen=True)
class Policy:
    """One version of a site's policy, with the hash of the text that it was read from."""

    name: str
    timezone: str
    sha256: str
    types: dict[str, CardType]
    issuers: tuple[Issuer, ...]
    roles: tuple[Role, ...]
    validity: tuple[ValidityRule, ...]
    extensions: tuple[Extension, ...]
    recognitions: tuple[Recognition, ...]
    requirements: tuple[Requirement, ...]
    reminders: ReminderRules = field(default_factory=ReminderRules)
    retention: Retention = field(default_factory=Retention)
    records_from: date | None = None
    expiring_within_days: int = 90
    rejoin_within_days: int = 0
    default_issuer: str | None = None
    target_percent: float = 95

    @cached_property
    def _issuers_as_written(self) -> dict[str | None, Issuer | None]:
        """What cards call their issuer → the issuer, as far as it was asked for."""
        return {}

    @cached_property
    def _issuers_by_name(self) -> dict[str, Issuer]:
        return {words(name): issuer for issuer in self.issuers for name in (issuer.id, *issuer.names)}

    @cached_property
    def requirements_by_id(self) -> dict[str, Requirement]:
        """The requirements, by their id."""
        return {requirement.id: requirement for requirement in self.requirements}

    @cached_property
    def prerequisites(self) -> dict[str, frozenset[str]]:
        """For each requirement the types that some type which it asks for is worth nothing without."""
        return {
            requirement.id: frozenset(needed for wanted in requirement.any_of for needed in self.types[wanted].requires)
            for requirement in self.requirements
        }

    @cached_property
    def _rules_for(self) -> dict[tuple[str | None, str], list[ValidityRule]]:
        """The validity rules by issuer and type, as far as they were asked for."""
        return {}

    def rules_for(self, issuer: str | None, card_type: str) -> list[ValidityRule]:
        """The validity rules for such cards: issuer and type, issuer, type, neither; of each the latest first."""
        key = (issuer, card_type)
        if key not in self._rules_for:
            fitting = [
                rule for rule in self.validity if rule.issuer in (None, issuer) and rule.type in (None, card_type)
            ]
            fitting.sort(
                key=lambda rule: (rule.issuer is not None, rule.type is not None, rule.valid_from), reverse=True
            )
            self._rules_for[key] = fitting
        return self._rules_for[key]

    @cached_property
    def type_names(self) -> dict[str, str]:
        """What a type may be called (its id or title, any case) → its id.

        The AHA prints the course's name with "Provider" on the cards of those who are not instructors.
        """
        names = {words(kind.title): kind.id for kind in self.types.values()} | {
            words(kind): kind for kind in self.types
        }
        return {f"{name} provider": kind for name, kind in names.items()} | names

    def issuer(self, name: str | None) -> Issuer | None:
        """The listed issuer that a card names, or the default one for a card that names none."""
        known = self._issuers_as_written
        if name not in known:
            wanted = name or self.default_issuer
            known[name] = self._issuers_by_name.get(words(wanted)) if wanted else None
        return known[name]

    @property
    def pages_to_ask_at(self) -> list[str]:
        """The issuers at whose page a card can be checked."""
        return [one.id for one in self.issuers if one.check_at]

    def role_id(self, role: str) -> str:
        """What the policy calls a roster's role: the first entry that knows it, else the roster's own words."""
        for entry in self.roles:
            if words(entry.id) == words(role) or matches(entry.names, role):
                return entry.id
        return role

    def requirements_for(self, unit: str, role: str, employment_type: str | None) -> list[Requirement]:
        """The requirements that such an assignment comes under."""
        role_id = self.role_id(role)
        return [
            requirement
            for requirement in self.requirements
            if (requirement.units is None or matches(requirement.units, unit))
            and (requirement.roles is None or matches(requirement.roles, role_id) or matches(requirement.roles, role))
            # A roster that does not say is no reason to ask less.
            and (
                requirement.employment_types is None
                or not employment_type
                or matches(requirement.employment_types, employment_type)
            )
        ]


def words(text: str) -> str:
    """A text as it is compared: any case, white space outside and doubled inside not counted."""
    return " ".join(text.casefold().split())


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(words(pattern)))


def matches(patterns: Iterable[str], text: str) -> bool:
    """Whether one of the shell patterns matches the text, any case."""
    compared = words(text)
    return any(_pattern(pattern).match(compared) for pattern in patterns)
