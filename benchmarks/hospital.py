"""A made-up hospital, the same on every machine, to measure against.

Nothing in it is real. The same number of people always gives the same bytes,
so that two runs, months apart, measured the same work.
"""

from __future__ import annotations

import calendar
import csv
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")

SEED = 20260630
TODAY = date(2026, 6, 30)
"""The hospital's last known day: nothing in its files happened later."""

PEOPLE_PER_UNIT = 40

ROSTER_HEADER = ("employee_id,name,email,unit,role,employment_type,starts_on,ends_on,manager_email").split(",")
CARDS_HEADER = "employee_id,type,issuer,issued_on,expires_on,number,verified_on".split(",")

POLICY = """\
name = "us-benchmark"
timezone = "America/Chicago"
records_from = 2024-01-01
expiring_within_days = 90
rejoin_within_days = 30
default_issuer = "AHA"
target_percent = 95

[types.BLS]
title = "Basic Life Support"
[types.ACLS]
title = "Advanced Cardiovascular Life Support"
requires = ["BLS"]
[types.PALS]
title = "Pediatric Advanced Life Support"
requires = ["BLS"]

[[issuers]]
id = "AHA"
names = ["American Heart Association"]
accepted = true
number_pattern = "[0-9]{12}"
check_at = "https://issuer.example/check"
check_batch = 20
[[issuers]]
id = "ARC"
names = ["American Red Cross"]
accepted = true

[[roles]]
id = "RN"
names = ["RN*", "Registered Nurse*"]
[[roles]]
id = "MD"
names = ["MD", "Physician*"]
[[roles]]
id = "RT"
names = ["RT", "Respiratory Therapist*"]
[[roles]]
id = "PCT"
names = ["PCT*", "Patient Care Tech*"]
[[roles]]
id = "Pharmacist"
names = ["Pharmacist*"]

[[validity]]
issuer = "AHA"
months = 24
ends = "month_end"
from = 2000-01-01
[[validity]]
issuer = "ARC"
ends = "printed"
from = 2000-01-01

[[requirements]]
id = "bls"
title = "BLS for clinical staff"
any_of = ["BLS"]
roles = ["RN", "MD", "RT", "PCT", "Pharmacist"]
within_days = 30
citation = "Policy HR-204 section 1"

[[requirements]]
id = "acute-acls"
title = "ACLS for acute care"
any_of = ["ACLS"]
units = ["ICU*", "ED*", "TELE*"]
roles = ["RN", "MD", "RT"]
employment_types = ["employee", "agency"]
within_days = 180
citation = "Policy HR-204 section 2"

[[requirements]]
id = "pediatric-pals"
title = "PALS for pediatric care"
any_of = ["PALS"]
units = ["PEDS*", "PICU*"]
roles = ["RN", "MD", "RT"]
within_days = 180
citation = "Policy HR-204 section 3"

[[requirements]]
id = "operating-acls"
title = "ACLS in the operating rooms"
any_of = ["ACLS"]
units = ["OR*"]
roles = ["RN", "MD"]
within_days = 90
grace_after_expiry_days = 30
citation = "Policy HR-204 section 4"

[reminders]
lead_days = [90, 60, 30, 14, 7, 1, 0]
weekly_on = "monday"
send_at = "08:00"
escalate_after_days = [14, 30]
"""


class Role(NamedTuple):
    """A role, how rosters spell it (the usual way first) and its share in percent."""

    id: str
    spellings: tuple[str, ...]
    percent: int
    clinical: bool = True


class Person(NamedTuple):
    """What the cards of one person depend on."""

    employee_id: str
    unit_kind: str
    role: Role


ROLES = (
    Role("RN", ("RN", "RN II", "Registered Nurse"), 48),
    Role("MD", ("MD", "Physician"), 12),
    Role("RT", ("RT", "Respiratory Therapist"), 8),
    Role("PCT", ("PCT", "Patient Care Tech"), 18),
    Role("Pharmacist", ("Pharmacist",), 6),
    Role("Unit Clerk", ("Unit Clerk",), 8, clinical=False),
)
ADVANCED_ROLES = frozenset({"RN", "MD", "RT"})
UNIT_KINDS = ("ICU", "MEDSURG", "ED", "PEDS", "TELE", "SURG", "OR", "PICU", "ONC", "LD")
ACLS_UNITS = frozenset({"ICU", "ED", "TELE", "OR"})
PALS_UNITS = frozenset({"PEDS", "PICU"})
EMPLOYMENT = (("employee", 84), ("agency", 8), ("student", 3), ("", 5))
HISTORY_LENGTHS = ((1, 36), (2, 33), (3, 20), (4, 11))
"""Cards of one type that one person holds, and the share of each count in percent."""

FIRST_NAMES = (
    "Ada Amir Ana Beatriz Ben Carla Chidi Dana David Elena Emeka Fatima George Grace Hana Hugo "
    "Ines Ivan Jamal Jia José Karin Kofi Laila Liam Lucía Maya Min Nadia Noah Olga Omar Paula "
    "Priya Quinn Rosa Samir Sofia Tomás Uma Victor Wanda Xin Yusuf Zoë"
).split()
LAST_NAMES = (
    "Abbott Acosta Bauer Begum Castro Chen Cohen Diaz Dubois Edwards Eze Flores Garcia Gupta "
    "Hansen Hussein Ito Ivanova Jackson Johnson Kaur Kim Kowalski Lee Lopez Martin Mendoza "
    "Mueller Muñoz Nguyen Novak Okafor Olsen Park Patel Peña Quintero Reyes Rossi Sato Silva "
    "Smith Tanaka Torres Usman Vargas Vega Walker Williams Xu Yamada Young Zhang Zimmer"
).split()

FIRST_HIRE = date(2015, 1, 1)
HIRE_SPAN_DAYS = (TODAY - FIRST_HIRE).days


def write(folder: Path, people: int) -> None:
    """Write `roster.csv` (one row a person) and `cards.csv` (about 2.8 a person)."""
    if people < 1:
        raise ValueError("a hospital needs at least one person")
    rng = random.Random(SEED)
    staff: list[Person] = []
    roster: list[list[str]] = []
    for index in range(1, people + 1):
        person, row = _person(rng, index, max(1, people // PEOPLE_PER_UNIT))
        staff.append(person)
        roster.append(row)
    unit = ROSTER_HEADER.index("unit")
    roster.sort(key=lambda row: (row[unit], row[0]))  # as HR lists them: unit by unit
    _write_csv(folder / "roster.csv", ROSTER_HEADER, roster)
    numbers = _numbers()
    cards = (card for person in staff for card in _cards(rng, person, numbers))
    _write_csv(folder / "cards.csv", CARDS_HEADER, cards)


def _write_csv(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    """Write one UTF-8 file with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _person(rng: random.Random, index: int, units: int) -> tuple[Person, list[str]]:
    """Make the `index`-th person (from 1) in one of so many units, with the roster row."""
    employee_id = f"{index:06d}"
    unit_index = rng.randrange(units)
    kind = UNIT_KINDS[unit_index % len(UNIT_KINDS)]
    unit = f"{kind} {unit_index // len(UNIT_KINDS) + 1}"
    role = rng.choices(ROLES, [role.percent for role in ROLES])[0]
    spelling = role.spellings[0] if rng.random() < 0.8 else rng.choice(role.spellings)
    starts_on = FIRST_HIRE + timedelta(days=rng.randint(0, HIRE_SPAN_DAYS))
    row = [
        employee_id,
        f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}",
        "" if rng.random() < 0.03 else f"s{employee_id}@hospital.example",
        unit,
        spelling,
        _pick(rng, EMPLOYMENT),
        "" if rng.random() < 0.04 else starts_on.isoformat(),
        "",
        f"manager.{unit.lower().replace(' ', '-')}@hospital.example",
    ]
    return Person(employee_id, kind, role), row


def _pick(rng: random.Random, shares: tuple[tuple[T, int], ...]) -> T:
    """Pick one value by its share in percent."""
    return rng.choices([value for value, _ in shares], [share for _, share in shares])[0]


def _cards(rng: random.Random, person: Person, numbers: Iterator[str]) -> Iterator[list[str]]:
    """Make every card row of one person, type by type, the oldest first."""
    advanced = person.role.id in ADVANCED_ROLES
    chances = {
        "BLS": 0.97 if person.role.clinical else 0.15,
        "ACLS": 0.92 if advanced and person.unit_kind in ACLS_UNITS else 0.08,
        "PALS": 0.92 if advanced and person.unit_kind in PALS_UNITS else 0.04,
    }
    for card_type, chance in chances.items():
        if rng.random() < chance:
            for issued_on in _issue_days(rng):
                yield [person.employee_id, card_type, *_card(rng, issued_on, numbers)]


def _issue_days(rng: random.Random) -> list[date]:
    """Make the days of a card and its renewals, some 21 to 24 months apart.

    The last is at most 790 days old, so that a few have lapsed.
    """
    days = [TODAY - timedelta(days=rng.randint(0, 790))]
    for _ in range(_pick(rng, HISTORY_LENGTHS) - 1):
        days.append(days[-1] - timedelta(days=rng.randint(640, 730)))
    return days[::-1]


def _card(rng: random.Random, issued_on: date, numbers: Iterator[str]) -> list[str]:
    """Make a card's fields from its issuer on."""
    red_cross = rng.random() < 0.14
    undated = rng.random() < 0.03
    verified = not undated and rng.random() < 0.3
    verified_on = min(TODAY, issued_on + timedelta(days=rng.randint(1, 30)))
    return [
        "American Red Cross" if red_cross else _aha(rng),
        "" if undated else issued_on.isoformat(),
        _printed(issued_on) if red_cross else _renew_by(rng, issued_on, undated),
        "" if rng.random() < 0.06 else next(numbers),
        verified_on.isoformat() if verified else "",
    ]


def _aha(rng: random.Random) -> str:
    """Spell the most common issuer; a few cards name none."""
    return _pick(rng, (("AHA", 70), ("American Heart Association", 28), ("", 2)))


def _printed(issued_on: date) -> str:
    """Say the day two years on that a Red Cross card prints."""
    leap_day = (issued_on.month, issued_on.day) == (2, 29)
    day = 28 if leap_day else issued_on.day
    return issued_on.replace(year=issued_on.year + 2, day=day).isoformat()


def _renew_by(rng: random.Random, issued_on: date, undated: bool) -> str:
    """Say what an AHA card states: a month's last day, a bare month, or (if dated) nothing."""
    style = rng.random()
    month = f"{issued_on.year + 2}-{issued_on.month:02d}"
    if style < 0.25 and not undated:
        return ""
    if style < 0.55:
        return month
    return f"{month}-{calendar.monthrange(issued_on.year + 2, issued_on.month)[1]}"


def _numbers() -> Iterator[str]:
    """Make 12-digit numbers, none twice, in no visible order."""
    number = 0
    while True:
        number = (number + 618_033_988_749) % 10**12  # odd, no multiple of 5: visits them all
        yield f"{number:012d}"
