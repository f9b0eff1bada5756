"""Writes the made-up hospital as the files in which its offices and units keep it, and the answers that they need."""

import json
import re
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from tracker.demo import books, lists
from tracker.demo.hospital import hospital
from tracker.demo.records import Hospital
from tracker.domain.days import add_months, month_start

POLICY = "policy.toml"
ANSWERS = "answers.toml"


class Written(NamedTuple):
    """A file to be imported, and in a sentence what it is and whose."""

    path: Path
    about: str


def write(folder: Path, today: date, people: int) -> list[Written]:
    """Writes the files into a folder, with the policy and the answers beside them; gives them in order of import."""
    folder.mkdir(parents=True, exist_ok=True)
    made = hospital(today, people)
    files = _files(folder)
    lists.units(files[0].path)
    lists.personnel(files[1].path, made)
    books.critical_care(files[2].path, made)
    books.women_children(files[3].path, made)
    lists.education(files[4].path, made)
    lists.leaves(files[5].path, made)
    lists.exemptions(files[6].path, made)
    (folder / POLICY).write_text(policy_text(today), "utf-8")
    (folder / ANSWERS).write_text(answers_text(made), "utf-8")
    return files


def policy_text(today: date) -> str:
    """The hospital's policy: missing cards count from the first of the month a year before a day."""
    text = (resources.files("tracker.demo") / POLICY).read_text("utf-8")
    since = month_start(add_months(today, -12))
    return re.sub(r"(?m)^records_from = .*$", f"records_from = {since}  # the day of the demo, a year before", text)


def answers_text(made: Hospital) -> str:
    """The answers to what an import of the files asks, as TOML."""
    lines = [
        "# Which of two columns is the start of the work? Personnel has the day of hire beside it.",
        *_lines({"field:starts_on": "Start Date"}),
        "# The children's hospital writes the month first, and writes when a card ends.",
        *_lines({"date-order": "mdy", "column:NRP": "NRP.expires_on"}),
        "# Where lists place people differently.",
        *_lines(dict(_about_people(made))),
    ]
    return "\n".join(lines) + "\n"


def _lines(answers: dict[str, str]) -> list[str]:
    # Texts in TOML and in JSON are alike.
    return [f"{json.dumps(question)} = {json.dumps(answer)}" for question, answer in answers.items()]


def _about_people(made: Hospital) -> Iterator[tuple[str, str]]:
    for person in made.people:
        for post in person.posts:
            if post.settled == "ended":
                yield f"ended:{person.employee_id}:{post.unit}", "ended"
            elif post.settled:
                yield f"other_unit:{person.employee_id}:{post.unit}", post.settled
            elif any(other.settled == "moved" for other in person.posts):
                # Asked from the second import on: personnel still has the unit of before.
                yield f"ended:{person.employee_id}:{post.unit}", "ended"
        for card in person.cards:
            if card.issued_on > made.today:
                yield f"future:{person.employee_id}:{card.type}:{card.issued_on}", "reject"


def _files(folder: Path) -> list[Written]:
    return [
        Written(folder / "units.csv", "The nursing office's list of units, with their managers and directors."),
        Written(
            folder / "personnel_export.txt",
            "Personnel's export of all staff but agency's: tabs, UTF-16, two columns that could be the start.",
        ),
        Written(
            folder / "ICU_ED_certifications.xlsx",
            "The ICU's and ED's own workbook: a sheet a unit, a column a card, months typed in four ways, a legend.",
        ),
        Written(
            folder / "womens_childrens_due_dates.xlsx",
            "The children's hospital's workbook: one sheet, dates such as 6/1/2027, nothing to tell day from month.",
        ),
        Written(
            folder / "education_cards.csv",
            "The education department's list of three years' cards, with numbers and issue dates.",
        ),
        Written(folder / "leaves.csv", "Employee health's list of leaves of absence."),
        Written(
            folder / "exemptions.csv", "The nursing office's exemptions, saved with semicolons by an older program."
        ),
    ]
