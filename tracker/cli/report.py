"""`tracker report`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import click

from tracker.cli.issued import fetch, issued, verify
from tracker.cli.report_forms import Handing, as_one, hand_over, with_form
from tracker.cli.session import (
    Session,
    as_of_option,
    employees_option,
    known_at_option,
    open_session,
    unit_option,
    whom_option,
)
from tracker.cli.survey import survey
from tracker.db.connect import Database
from tracker.domain.errors import BadInput
from tracker.domain.scope import OnePerson, Scope, SomePeople


@click.group()
def report() -> None:
    """Reports to print or hand on."""


for command in (survey, issued, fetch, verify):
    report.add_command(command)


@dataclass(frozen=True, slots=True)
class Question:
    """What a report about a day is asked, as it was typed."""

    as_of: date | None
    known_at: str | None
    unit: str | None
    employee_ids: tuple[str, ...]

    def read(self, session: Session) -> "_About":
        """What is meant by it; raises BadInput if there is no such unit or person."""
        instant = session.instant(self.known_at)
        scope = session.people(self.unit, self.employee_ids, instant)
        return _About(session.database, scope, self.as_of or session.today, instant)


class _About(NamedTuple):
    """What a report is asked: of which records, about whom, which day, and known when."""

    database: Database
    scope: Scope
    as_of: date
    known_at: datetime | None


asked = as_one("question", Question, as_of_option, known_at_option, unit_option, employees_option)


@report.command()
@asked
@with_form
def compliance(question: Question, how: Handing) -> None:
    """Counts and rates by unit and requirement, whom nothing matches, and who is out of compliance.

    With the rate of each of the twelve months before and, if nobody renews, of the six after.

    Example: tracker report compliance --as-of 2026-12-31 --format pdf -o compliance.pdf
    """
    from tracker.actions.build_compliance import build_compliance
    from tracker.reports.made import of_compliance

    session = open_session()
    found = build_compliance(*question.read(session))
    hand_over(session, of_compliance(found), how)


@report.command()
@asked
@with_form
@click.option(
    "--look-back",
    "months",
    type=click.IntRange(0, 600),
    default=36,
    show_default=True,
    metavar="MONTHS",
    help="How far back to look for times out of compliance; never before your records begin.",
)
def exceptions(question: Question, months: int, how: Handing) -> None:
    """Who is out of compliance with what, since when and why, written as a surveyor's finding is, and who was.

    With every time out of compliance in the months before, and with what is under way.

    Example: tracker report exceptions --unit ICU --format pdf -o exceptions.pdf
    """
    from tracker.actions.build_exceptions import build_exceptions
    from tracker.reports.made import of_exceptions

    session = open_session()
    found = build_exceptions(*question.read(session), months)
    hand_over(session, of_exceptions(found, months), how)


@report.command()
@asked
@with_form
@click.option(
    "--months",
    type=click.IntRange(0, 600),
    default=6,
    show_default=True,
    help="How many months after this one.",
)
def expiring(question: Question, months: int, how: Handing) -> None:
    """What ends in the months to come if nobody renews: by month and unit, with names, and the seats in classes.

    Example: tracker report expiring --months 3 --format xlsx -o classes.xlsx
    """
    from tracker.actions.build_expiring import build_expiring
    from tracker.reports.made import of_expiring

    session = open_session()
    found = build_expiring(*question.read(session), months)
    hand_over(session, of_expiring(found, months), how)


@report.command()
@as_of_option
@click.option(
    "--known-at",
    metavar="INSTANT",
    help="The instant to compare with, such as 2026-05-03T14:00Z; the end of the day asked about if not said.",
)
@whom_option
@with_form
def history(as_of: date | None, known_at: str | None, whom: tuple[str, ...], how: Handing) -> None:
    """Were these people compliant on a day? As known now, and as the records stood at an instant.

    Each requirement with the standing and why; and where the two differ, since which entry of the trail.

    Example: tracker report history --employee 004512 --as-of 2026-05-01
    """
    from tracker.actions.build_history import build_history
    from tracker.actions.find_people import find_people
    from tracker.reports.made import of_history

    if not whom:
        raise BadInput("Say about whom: --employee, with an id or a name, once for each person.")
    session = open_session()
    with session.database.read() as connection:
        ids = find_people(connection, whom)
    scope = OnePerson(*ids) if len(ids) == 1 else SomePeople(ids)
    found = build_history(session.database, scope, as_of or session.today, session.instant(known_at))
    hand_over(session, of_history(found), how)
