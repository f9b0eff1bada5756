"""What stands at the head and at the foot of every report, as words."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.domain.scope import InUnits, OnePerson, Scope, SomePeople
from tracker.domain.why import spoken
from tracker.reports.document import Document, Run, data, said, strong
from tracker.reports.heading import Heading

SHORT = 12  # characters of a hash that tell one version from another


class Fact(NamedTuple):
    """A line of the head."""

    what: str
    words: tuple[Run, ...]


def facts(heading: Heading) -> list[Fact]:
    """Which day, as known when, about whom, by which policy, resting on which entry of the trail."""
    found = [Fact("As of", said(strong(spoken(heading.as_of))))]
    if heading.known_at:
        known = strong(instant(heading.known_at, heading.timezone))
        found.append(Fact("Known at", said(known, ": what the records said then, before later corrections")))
    version = Run(heading.policy_sha256[:SHORT], "code")
    found.append(Fact("About", said(scope(heading.scope))))
    found.append(Fact("Policy", said(data(heading.policy_name), ", version ", version)))
    made = f", made {instant(heading.trail.at, heading.timezone)}" if heading.trail.at else ""
    found.append(Fact("Records", said(f"through entry {heading.trail.entry} of the trail{made}")))
    return found


def title(document: Document) -> str:
    """What the document is called: its title, policy and day."""
    return f"{document.title}: {document.subject}, {spoken(document.heading.as_of)}"


def foot(document: Document) -> str:
    """What stands on each page of paper: what the page is, of which day, and what it rests on."""
    heading = document.heading
    known = f", known at {instant(heading.known_at, heading.timezone)}" if heading.known_at else ""
    rests = f"policy {heading.policy_sha256[:SHORT]}, trail {heading.trail.entry}:{heading.trail.seal[:SHORT]}"
    rests += f", report {document.number}" if document.number else ""
    return f"{document.title}, {spoken(heading.as_of)}{known}. {rests[0].upper()}{rests[1:]}"


def last_words(document: Document) -> list[tuple[Run, ...]]:
    """What stands at the end of every report."""
    trail = document.heading.trail
    named = "This report names members of staff: keep it as you keep their files."
    labelled = "Labels stand for members of staff: whoever has the key can name them."
    issued = f"Issued as report {document.number}: whoever has the records can prove the file."
    return [
        *([said(issued)] if document.number else []),
        said(
            f"Seal of entry {trail.entry}: ",
            Run(f"{trail.entry}:{trail.seal}", "code"),
            ". Whoever has the records can prove by it that nothing before was altered.",
        ),
        said(named if document.names_people else labelled),
    ]


def instant(at: datetime, timezone: str) -> str:
    """An instant by the site's clock."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{spoken(local.date())}, {local:%H:%M:%S} ({timezone})"


def number(value: float) -> str:
    """A figure without a needless end: 95, 92.5."""
    return f"{value:g}"


def scope(about: Scope) -> str:
    """Whom the report is about."""
    if isinstance(about, InUnits):
        return f"{'unit' if len(about.units) == 1 else 'units'} {listed(about.units)}"
    if isinstance(about, SomePeople):
        return f"employees {listed(about.employee_ids)}"
    return f"employee {about.employee_id}" if isinstance(about, OnePerson) else "all units"


def listed(texts: Iterable[str]) -> str:
    """Texts one after the other."""
    return ", ".join(texts)


def day_or(day: date | None, otherwise: str) -> date | str:
    """The day, or what is said where there is none."""
    return otherwise if day is None else day
