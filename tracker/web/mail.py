"""The mails: which wait, failed, were sent or withdrawn; what the next run owes; letting them go."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.deliver_mail import letterhead, mail_domain
from tracker.actions.enable_mail import enable_mail, mail_gate
from tracker.actions.plan_reminders import plan_one, queue_one
from tracker.actions.read_mail import list_mails, open_mail, owed_by
from tracker.actions.retry_mail import retry_mail
from tracker.db.mail_pages import mail_counts
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.gate import Gate
from tracker.domain.reminders import OWN, Kind, Notice
from tracker.notify.mail_url import open_post
from tracker.reports.mail_words import KINDS, REASONS, told_of
from tracker.web.gate import Needs, Visit
from tracker.web.letter import framing, letter, letterhead_of
from tracker.web.pages import ROWS, page, see, titles_on
from tracker.web.typed import Before, Number

router = APIRouter()
SeesMail = Annotated[Visit, Depends(Needs(Right.SEE_MAIL))]
SendsMail = Annotated[Visit, Depends(Needs(Right.SEND_MAIL))]
# What may have become of a mail, a list each.
STATES = {one: one.capitalize() for one in ("waiting", "failed", "sent", "withdrawn")}
# Mails that the plan of a run shows one by one.
SHOWN = 100
# What was sent and withdrawn is counted for so long.
RECENT = timedelta(days=7)


@router.get("/mail")
def lists(visit: SeesMail, state: str = "waiting", before: Before = None) -> Response:
    """The mails in one state, and how many there are in each."""
    if state not in STATES:
        raise BadInput(f"There is no list of mails '{state}'; there are: {', '.join(STATES)}.")
    mails, follows = list_mails(visit.database, visit.scope, visit.today, state, before, ROWS)
    with visit.database.read() as connection:
        counts = mail_counts(connection, visit.scope, visit.today, visit.site.now() - RECENT)
    settings = visit.site.settings
    return page(
        "mail",
        visit,
        state=state,
        states=STATES,
        counts=counts,
        mails=mails,
        follows=follows,
        before=before,
        kinds=KINDS,
        told=partial(_told, titles_on(visit)),
        is_open=mail_gate(visit.database, settings).is_open,
        to_a_folder=settings.mail.startswith("maildir:"),
    )


@router.get("/mail/owed")
def owed(visit: SeesMail) -> Response:
    """What a run would send now."""
    return _owed(visit, asks=False)


@router.get("/mail/enable")
def ask(visit: SendsMail) -> Response:
    """Whom the next run would reach, before somebody lets mails go."""
    return _owed(visit, asks=True)


@router.post("/mail/enable")
def enable(visit: SendsMail) -> Response:
    """Lets mails leave from today on."""
    try:
        _check(visit)
    except BadInput as error:
        return _owed(visit, asks=True, error=str(error))
    enable_mail(visit.database, visit.author, visit.site.settings, visit.today)
    return see(visit, "/mail", done="mail-enabled")


@router.post("/mail/retry")
def retry(visit: SendsMail) -> Response:
    """Makes the mails due that wait for their next try."""
    retry_mail(visit.database, visit.site.now())
    return see(visit, "/mail", done="mail-retried")


@router.get("/mail/{number:int}")
def opened(visit: SeesMail, number: Number) -> Response:
    """One mail: whom it tells what, and its words if it was not sent yet."""
    return _opened(visit, number)


@router.get("/mail/{number:int}/page")
def as_page(visit: SeesMail, number: Number) -> Response:
    """The words of one mail as its reader's program shows them, by themselves."""
    found = open_mail(visit.database, visit.scope, number, letterhead_of(visit)[0], visit.today, visit.site.now())
    if found.words is None:
        raise BadInput(f"Mail {number} has no words that can be shown: it was sent, or nothing of it is owed any more.")
    return letter(found.words)


@router.post("/mail/{number:int}/again")
def again(visit: SendsMail, number: Number) -> Response:
    """Queues anew what is owed to somebody whose mail failed."""
    found = open_mail(visit.database, visit.scope, number, None, visit.today, visit.site.now())
    gate, settings = mail_gate(visit.database, visit.site.settings), visit.site.settings
    try:
        if found.row.state != "failed" or found.row.kind not in OWN or not (found.about and gate.is_open):
            raise BadInput("Only a failed mail to staff is sent again, and only where mail is enabled.")
        plan = plan_one(visit.database, gate, visit.today, found.about[0].employee_id, asked=False)
        if not queue_one(visit.database, plan, visit.site.now(), mail_domain(settings)):
            raise BadInput("Nothing is owed to this person by mail today, so there is nothing to send again.")
    except BadInput as error:
        return _opened(visit, number, str(error))
    return see(visit, "/mail", done="mail-again")


def _opened(visit: Visit, number: int, error: str = "") -> Response:
    head, wrong = letterhead_of(visit)
    found = open_mail(visit.database, visit.scope, number, head, visit.today, visit.site.now())
    known = {
        "mail": found,
        "kinds": KINDS,
        "states": STATES,
        "told": partial(_told, titles_on(visit)),
        "own": OWN,
        "wrong": wrong,
    }
    return framing(page("mail-opened", visit, 400 if error else 200, error=error, **known))


def _owed(visit: Visit, *, asks: bool, error: str = "") -> Response:
    settings = visit.site.settings
    gate, wrong = mail_gate(visit.database, settings), ""
    if asks and not error:
        try:
            _check(visit)
        except BadInput as found:
            wrong = str(found)
    since = gate.since if gate.is_open else visit.today
    plan = visit.site.next_run.of(visit.today, since, visit.site.now())
    if plan is None:
        said = "Everybody is looked at for what the next run would send."
        return page("counting", visit, title="Owed next", said=said)
    return page(
        "mail-owed",
        visit,
        400 if error else 200,
        asks=asks,
        error=error or wrong,
        may=asks and not (error or wrong or gate.is_open),
        owed=owed_by(visit.database, visit.scope, plan, SHOWN),
        is_open=gate.is_open,
        kinds=KINDS,
        reasons=REASONS,
        told=partial(_told, titles_on(visit)),
    )


def _check(visit: Visit) -> None:
    """Raises BadInput where mail cannot be enabled, saying what is missing."""
    settings = visit.site.settings
    if settings.mail.startswith("maildir:"):
        raise BadInput(
            "No mail server is set, so mails go into a folder; whoever keeps the machine sets TRACKER_MAIL_URL."
        )
    open_post(settings.mail)
    letterhead(settings, Gate(True))


def _told(titles: Mapping[str, str], kind: Kind, notice: Notice, day: date) -> str:
    """What a mail of a day tells of somebody; `titles` are those of requirements, which some causes are."""
    return told_of(kind, titles.get(notice.cause, notice.cause), notice.stage, notice.last_day, day)
