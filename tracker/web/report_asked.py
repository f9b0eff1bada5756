"""What a report is asked, as it was typed and as it is meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, Self

from starlette.datastructures import QueryParams

from tracker.actions.find_people import find_within
from tracker.actions.find_units import narrow
from tracker.db.connect import Connection
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.instants import read_instant
from tracker.domain.scope import Scope
from tracker.web.gate import Visit
from tracker.web.typed import Lines, Text, Texts, Tick, day_or_none

Kind = Literal["compliance", "exceptions", "expiring", "survey", "history"]
# What each report is called, and what it answers.
KINDS: Mapping[Kind, tuple[str, str]] = {
    "compliance": ("Compliance", "Counts and rates by unit and requirement, and who is out of compliance."),
    "exceptions": ("Exceptions", "Who is out of compliance, since when and why, and who was in the months before."),
    "expiring": ("Expiring", "What ends in the months to come if nobody renews, and the seats in classes."),
    "survey": ("Survey pack", "Of each person everything: assignments, standings and why, cards, checks, evidence."),
    "history": ("History", "Were these people compliant on a day: as known now, and as the records stood then."),
}
FORMS = {"pdf": "PDF, to print", "xlsx": "Workbook (XLSX)", "csv": "Table (CSV)", "html": "Page (HTML)", "json": "JSON"}
PAPERS = {"a4": "A4", "us-letter": "US Letter"}
# How far back exceptions look, how far ahead what ends is told; and how many months may be asked for.
MONTHS = {"exceptions": "36", "expiring": "6"}
MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was filled in; units as they were ticked, or several lines of them."""

    report: Text = "compliance"
    as_of: Text = ""
    known_at: Text = ""
    unit: Texts = ()
    chosen: Text = "people"
    people: Lines = ""
    sample: Text = ""
    seed: Text = ""
    months: Text = ""
    evidence: Tick = False
    pseudonyms: Tick = False
    form: Text = "pdf"
    paper: Text = "a4"
    issue: Tick = False

    @classmethod
    def from_address(cls, visit: Visit, asked: QueryParams) -> Self:
        """The form as an address fills it in: `?report=survey&unit=ICU`."""
        kind = known_kind(asked.get("report", "compliance"))
        paper = "us-letter" if visit.timezone.startswith("America/") else "a4"
        return cls(
            kind,
            asked.get("as_of") or visit.day.isoformat(),
            asked.get("known_at", ""),
            tuple(asked.getlist("unit")),
            "sample" if asked.get("sample") else "people",
            "\n".join(asked.getlist("people")),
            asked.get("sample", ""),
            asked.get("seed", ""),
            asked.get("months") or MONTHS.get(kind, ""),
            evidence=True,
            paper=paper,
        )


class Meant(NamedTuple):
    """What is meant by it: `scope` is whom it may be about, `whom` the employee ids of those who are named."""

    as_of: date
    known_at: datetime | None
    scope: Scope
    whom: tuple[str, ...]
    sample: int | None
    seed: str
    months: int
    shows_files: bool


def read(connection: Connection, visit: Visit, said: Typed) -> Meant:
    """What is meant by what was typed; raises BadInput, saying what to do, where nothing can be."""
    if said.form not in FORMS or said.paper not in PAPERS:
        raise BadInput("Choose one of the forms, and one of the papers.")
    as_of = day_or_none(said.as_of, "Day") or visit.day
    known_at = read_instant(said.known_at.strip(), visit.timezone) if said.known_at.strip() else None
    scope = narrow(connection, visit.scope, (line for each in said.unit for line in each.splitlines()))
    lines = [line.strip() for line in said.people.splitlines() if line.strip()]
    sample = None
    whom: tuple[str, ...] = ()
    if said.report == "survey" and said.chosen == "sample":
        sample = _number(said.sample, "how many people the sample has", 1)
    elif said.report in ("survey", "history"):
        if not lines:
            raise BadInput("Say about whom: an employee id or a name, one a line.")
        # Whoever is named is asked about in all the units that the visitor sees.
        scope = visit.scope
        whom = find_within(connection, scope, lines, as_of)
    months = _number(said.months, "how many months", 0) if said.report in MONTHS else 0
    shows = said.evidence and not said.pseudonyms and said.form in ("pdf", "html") and visit.may(Right.SEE_EVIDENCE)
    return Meant(as_of, known_at, scope, whom, sample, said.seed.strip() or as_of.isoformat(), months, shows)


def known_kind(text: str) -> Kind:
    """The report of that name; raises BadInput if there is none."""
    for kind in KINDS:
        if kind == text:
            return kind
    raise BadInput(f"There is no report '{text}'; there are: {', '.join(KINDS)}.")


def _number(text: str, what: str, least: int) -> int:
    text = text.strip()
    # Nothing longer is small enough, and Python reads no number without end.
    if not (text.isascii() and text.isdigit() and len(text) < 10) or not least <= int(text) <= MOST_MONTHS:
        raise BadInput(f"Say {what}, a number from {least} to {MOST_MONTHS}.")
    return int(text)
