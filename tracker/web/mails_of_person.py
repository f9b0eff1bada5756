"""Mails to one person: what went, what waits, what became of each; and why one did not go on a day."""

from datetime import date, datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.enable_mail import mail_gate
from tracker.actions.plan_reminders import plan_one
from tracker.actions.reach_person import Reached
from tracker.db.mails_to import mails_to
from tracker.db.outbox import Mail, Planned
from tracker.db.trail import LARGEST
from tracker.domain.access import Right
from tracker.domain.refusals import KIND
from tracker.domain.reminders import OWN
from tracker.reports.mail_words import KINDS, REASONS, STATES, told_of
from tracker.web.gate import Needs, Visit
from tracker.web.pages import ROWS, page, titles_on
from tracker.web.typed import called, whom

router = APIRouter()
MailSeer = Annotated[Visit, Depends(Needs(Right.SEE_MAIL))]
# A page of them; the person's page has the latest few.
LATEST = 10


class Shown(NamedTuple):
    """A mail in words. `out` says that it did not arrive."""

    day: date
    kind: str
    address: str
    said: list[str]
    state: str
    out: bool
    ended_at: datetime | None
    reason: str


class Day(NamedTuple):
    """What becomes of a day: mails of its run, what else is owed, why the rest, or all, does not go."""

    went: list[Shown]
    owed: list[list[str]]
    not_sent: list[str]


@router.get("/mails-to/{employee_id:path}")
def mails(visit: MailSeer, employee_id: str, before: int = LARGEST) -> Response:
    """All mails to one person, a page at a time."""
    reached = whom(visit, employee_id)
    found, older = latest_mails(visit, reached, ROWS, min(max(before, 0), LARGEST))
    return page("mails-to", visit, person=reached.person, called=called(reached.person), mails=found, older=older)


def latest_mails(visit: Visit, reached: Reached, most: int, before: int = LARGEST) -> tuple[list[Shown], int | None]:
    """The latest mails, and the number before which there are more; None if there are none."""
    with visit.database.read() as connection:
        found = mails_to(connection, reached.person.id, most + 1, before)
    shown = [one for mail in found[:most] if (one := _shown(visit, mail, reached))]
    return shown, found[most - 1].id if len(found) > most else None


def day_of_mails(visit: Visit, reached: Reached, latest: list[Shown]) -> Day:
    """What was sent on the day that is looked at, what else is owed, and why not more; changes nothing.

    `latest` are the mails that are seen.
    """
    with visit.database.read() as connection:
        planned = mails_to(connection, reached.person.id, None, day=visit.day)
    went = [one for mail in planned if (one := _shown(visit, mail, reached))]
    gate = mail_gate(visit.database, visit.site.settings)
    plan = plan_one(visit.database, gate, visit.day, reached.person.employee_id, asked=True)
    own = [one for one in plan.mails if one.kind in OWN]
    owed = [said for one in own if (said := _said(visit, one, visit.day, reached))]
    hidden = _hidden(visit.day, reached, latest)
    not_sent = [REASONS[reason] for _, reason in plan.not_sent if reason not in hidden]
    if not (went or owed or not_sent):
        # What is about other units is theirs to tell.
        not_sent = [REASONS["nothing_due"] + ("" if reached.requirements is None else " in your units")]
    return Day(went, owed, not_sent)


def _hidden(day: date, reached: Reached, latest: list[Shown]) -> set[str]:
    """The reasons that would tell of an exemption from, or of mails about, what is not seen."""
    if reached.requirements is None:
        return set()
    exempt = [one for one in reached.person.exemptions if reached.sees(one.requirement)]
    hidden = set() if any(one.starts_on <= day <= one.until for one in exempt) else {"exempt"}
    return hidden if latest else hidden | {"already_sent"}


def _shown(visit: Visit, mail: Mail, reached: Reached) -> Shown | None:
    said = _said(visit, mail.planned, mail.day, reached)
    if not said:
        return None
    state, kind = STATES[mail.state], KINDS[mail.planned.kind]
    is_out = mail.state == "failed"
    return Shown(mail.day, kind, mail.planned.address, said, state, is_out, mail.ended_at, mail.reason or "")


def _said(visit: Visit, planned: Planned, day: date, reached: Reached) -> list[str]:
    """What a mail says, as far as it is seen; a card that was refused is the person's, wherever they work."""
    titles = titles_on(visit)
    said = []
    for _, _, notice in planned.told:
        cause = titles.get(notice.cause, notice.cause)
        if planned.kind == KIND or any(map(reached.sees, notice.requirements)):
            said.append(told_of(planned.kind, cause, notice.stage, notice.last_day, day))
    return list(dict.fromkeys(said))
