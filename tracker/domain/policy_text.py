"""Reads a policy from its TOML text, or refuses it whole, naming every place that is wrong. RULES: section 2."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from tracker.domain.errors import PolicyError
from tracker.domain.policy import (
    CardType,
    Extension,
    Issuer,
    Policy,
    Recognition,
    ReminderRules,
    Requirement,
    Retention,
    Role,
    ValidityRule,
)
from tracker.domain.policy_check import problems_of

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ENDS = ("month_end", "same_day", "quarter_end", "printed", "never")

# Turns a value into what the program works with, or raises ValueError saying what it should be.
Check = Callable[[Any], Any]


def read_policy(text: str) -> Policy:
    """The policy that a text says; raises PolicyError with every problem found."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError([f"it is not valid TOML: {error}"]) from None
    except ValueError:
        raise PolicyError(["a number in it is too long to be read"]) from None
    except RecursionError:
        raise PolicyError(["lists or tables in it stand too deep in one another"]) from None
    reader = _Reader()
    policy = reader.policy(document, sha256(text.encode()).hexdigest())
    problems = reader.problems or problems_of(policy)
    if problems:
        raise PolicyError(problems)
    return policy


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("should be a text")
    if "\0" in value:
        raise ValueError("should have no NUL in it, which databases do not keep")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("should be a list of texts")
    return tuple(_text(each) for each in value)


def _some_texts(value: Any) -> tuple[str, ...]:
    return () if value == [] else _texts(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("should be true or false")
    return value


def _days(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 36_500:
        raise ValueError("should be a whole number of days, 0 or more")
    return value


def _months(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_200:
        raise ValueError("should be a whole number of months, 1 or more")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000:
        raise ValueError("should be a whole number from 1 to 1000")
    return value


def _page(value: Any) -> str:
    text = _text(value)
    if not text.startswith("https://") or any(char.isspace() for char in text):
        raise ValueError('should be a web address, such as "https://example.org/check"')
    return text


def _percent(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise ValueError("should be a number from 0 to 100")
    return float(value)


def _day(value: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError("should be a day, such as 2026-01-31 without quotes")
    return value


def _two_days(value: Any) -> tuple[date, date]:
    if not isinstance(value, list) or len(value) != 2 or _day(value[0]) > _day(value[1]):
        raise ValueError("should be two days, the earlier first")
    return value[0], value[1]


def _several_days(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise ValueError("should be a list of whole numbers of days")
    return tuple(_days(each) for each in value)


def _clock(value: Any) -> time:
    try:
        found = time.fromisoformat(value)
        if found.tzinfo is not None:
            raise ValueError
    except (TypeError, ValueError):
        raise ValueError('should be a time of day at the site, such as "08:00"') from None
    return found


def _timezone(value: Any) -> str:
    try:
        return ZoneInfo(_text(value)).key
    except (OSError, ValueError, KeyError):
        raise ValueError('should be a time zone, such as "America/Chicago"') from None


def _one_of(choices: tuple[str, ...]) -> Check:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"should be one of {', '.join(choices)}")
        return str(value)

    return check


TOP: dict[str, Check] = {
    "name": _text,
    "timezone": _timezone,
    "records_from": _day,
    "expiring_within_days": _days,
    "rejoin_within_days": _days,
    "default_issuer": _text,
    "target_percent": _percent,
}
TYPE: dict[str, Check] = {"title": _text, "requires": _some_texts, "renew_at": _text}
ISSUER: dict[str, Check] = {
    "id": _text,
    "names": _some_texts,
    "accepted": _flag,
    "number_pattern": _text,
    "check_at": _page,
    "check_batch": _count,
}
ROLE: dict[str, Check] = {"id": _text, "names": _some_texts}
VALIDITY: dict[str, Check] = {
    "issuer": _text,
    "type": _text,
    "months": _months,
    "ends": _one_of(ENDS),
    "from": _day,
}
EXTENSION: dict[str, Check] = {"issuer": _text, "ended_between": _two_days, "extended_to": _day}
RECOGNITION: dict[str, Check] = {"type": _text, "issuer": _text, "counts_as": _text}
REQUIREMENT: dict[str, Check] = {
    "id": _text,
    "title": _text,
    "any_of": _texts,
    "units": _texts,
    "roles": _texts,
    "employment_types": _texts,
    "issuers": _texts,
    "within_days": _days,
    "grace_after_expiry_days": _days,
    "renew_every_months": _months,
    "verified": _flag,
    "citation": _text,
}
REMINDERS: dict[str, Check] = {
    "lead_days": _several_days,
    "weekly_on": _one_of(WEEKDAYS),
    "send_at": _clock,
    "escalate_after_days": _several_days,
}
RETENTION: dict[str, Check] = {
    "cards_months": _months,
    "absences_months": _months,
    "exemptions_months": _months,
    "bookings_months": _months,
    "evidence_months": _months,
    "mails_months": _months,
    "job_runs_months": _months,
    "rejects_months": _months,
    "issued_months": _months,
}
LISTS = ("issuers", "roles", "validity", "extensions", "recognitions", "requirements")


class _Reader:
    """Reads a document table by table and collects what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def policy(self, document: Mapping[str, Any], digest: str) -> Policy:
        """The policy; only worth something if `problems` stays empty."""
        tables = {key: document[key] for key in (*LISTS, "types", "reminders", "retention") if key in document}
        plain = {key: value for key, value in document.items() if key not in tables}
        top = self._table(plain, "", TOP, ("name", "timezone"))
        return Policy(
            name=top.pop("name", ""),
            timezone=top.pop("timezone", ""),
            sha256=digest,
            types=self._types(tables.get("types", {})),
            issuers=self._all(tables, "issuers", ISSUER, ("id",), Issuer),
            roles=self._all(tables, "roles", ROLE, ("id",), Role),
            validity=self._all(tables, "validity", VALIDITY, ("ends",), _validity),
            extensions=self._all(tables, "extensions", EXTENSION, tuple(EXTENSION), _extension),
            recognitions=self._all(tables, "recognitions", RECOGNITION, ("type", "counts_as"), Recognition),
            requirements=self._all(tables, "requirements", REQUIREMENT, ("id", "any_of"), _requirement),
            reminders=ReminderRules(**self._table(tables.get("reminders", {}), "reminders", REMINDERS, ())),
            retention=Retention(**self._table(tables.get("retention", {}), "retention", RETENTION, ())),
            **top,
        )

    def _types(self, tables: Any) -> dict[str, CardType]:
        if not isinstance(tables, dict):
            self.problems.append("types: should be tables, such as [types.BLS]")
            return {}
        found = {}
        for name, table in tables.items():
            try:
                _text(name)
            except ValueError as error:
                self.problems.append(f"types: a name {error}")
                continue
            values = self._table(table, f"types.{name}", TYPE, ())
            found[name] = CardType(**{"id": name, "title": name} | values)
        return found

    def _all(
        self,
        tables: Mapping[str, Any],
        key: str,
        checks: dict[str, Check],
        required: tuple[str, ...],
        make: Callable[..., Any],
    ) -> tuple[Any, ...]:
        """The entries of a list of tables, made; those with a problem are left out."""
        entries = tables.get(key, [])
        if not isinstance(entries, list):
            self.problems.append(f"{key}: should be a list of tables, each headed [[{key}]]")
            return ()
        made = []
        for number, entry in enumerate(entries, 1):
            called = entry.get("id") if isinstance(entry, dict) else None
            name = called if isinstance(called, str) else number
            before = len(self.problems)
            values = self._table(entry, f"{key}[{name}]", checks, required)
            if len(self.problems) == before:
                made.append(make(**values))
        return tuple(made)

    def _table(self, values: Any, place: str, checks: dict[str, Check], required: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(values, dict):
            self.problems.append(f"{place}: should be a table")
            return {}
        found = {}
        for key, value in values.items():
            where = f"{place}.{key}" if place else key
            if key not in checks:
                self.problems.append(f"{where}: unknown key (known here: {', '.join(checks)})")
                continue
            try:
                found[key] = checks[key](value)
            except ValueError as error:
                self.problems.append(f"{where}: {error}")
        for key in required:
            if key not in values:
                self.problems.append(f"{place}.{key}: is missing" if place else f"{key}: is missing")
        return found


def _validity(**values: Any) -> ValidityRule:
    values["valid_from"] = values.pop("from", date.min)
    return ValidityRule(**values)


def _extension(*, issuer: str, ended_between: tuple[date, date], extended_to: date) -> Extension:
    return Extension(issuer, *ended_between, extended_to)


def _requirement(**values: Any) -> Requirement:
    return Requirement(**{"title": values["id"]} | values)
