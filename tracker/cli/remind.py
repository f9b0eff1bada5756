"""`tracker remind` and `tracker mail`."""

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker import clock
from tracker.cli.bounces import bounces
from tracker.cli.errors import IN_PART
from tracker.cli.output import deliver, table
from tracker.cli.session import DAY, NUMBER, Session, employee_option, open_session
from tracker.db.connect import Database
from tracker.db.outbox import Mail, Planned
from tracker.domain.reminders import OWN, Notice
from tracker.reports.mail_words import KINDS, REASONS, told_of
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.actions.deliver_mail import Bounds

# Mails that are told one by one on the screen; `--format json` has them all.
SHOWN = 40


@click.command()
@click.option("--on", "day", type=DAY, metavar="DAY", help="The day of the run; today if not said.")
@employee_option
@click.option("--dry-run", is_flag=True, help="Show who would be told what; queue and send nothing.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def remind(day: date | None, employee_id: str | None, dry_run: bool, form: str) -> None:
    """Tell staff and managers what the rules say they are owed today.

    Running it twice sends nothing twice. With --employee it is about that person alone, and says why if nothing goes.

    Example: tracker remind --dry-run
    """
    from tracker.actions.enable_mail import mail_gate
    from tracker.actions.plan_reminders import plan_one, plan_reminders

    session = open_session()
    day = day or session.today
    gate = mail_gate(session.database, session.settings)
    if employee_id is not None:
        plan = plan_one(session.database, gate, day, employee_id, asked=dry_run or not gate.is_open)
        sends = gate.is_open and not dry_run
        messages = _one(session, gate, plan) if sends else [_message(planned, "queued") for planned in plan.mails]
    elif dry_run or not gate.is_open:
        plan = plan_reminders(session.database, gate, day, clock.now(), "localhost", dry_run=True)
        messages = [_message(planned, "queued") for planned in plan.mails]
    else:
        plan, messages = _run(session, gate, day)
    not_sent = [{"employee_id": who, "reason": reason} for who, reason in plan.not_sent]
    not_sent += [
        {"employee_id": message["employee_id"], "reason": "failed"}
        for message in messages
        if message["employee_id"] and message["state"] == "failed"
    ]
    _tell({"day": day, "messages": messages, "not_sent": not_sent}, form)
    if session.settings.mail.startswith("maildir:") and any(one["state"] == "sent" for one in messages):
        place = session.settings.mail.removeprefix("maildir:")
        click.echo(f"They lie in the mailbox {place}; no mail server is set, so nobody has received them.", err=True)
    sys.exit(IN_PART if any(message["state"] in ("failed", "queued") for message in messages) and not dry_run else 0)


def _run(session: Session, gate: Any, day: date) -> tuple[Any, list[dict[str, Any]]]:
    """Plans and delivers one run."""
    from tracker.actions.deliver_mail import deliver_mail, letterhead, mail_domain
    from tracker.actions.enable_mail import remember_runs
    from tracker.actions.plan_reminders import plan_reminders
    from tracker.notify.mail_url import open_post

    settings = session.settings
    head, post = letterhead(settings, gate), open_post(settings.mail)
    plan = plan_reminders(session.database, gate, day, clock.now(), mail_domain(settings))
    remember_runs(session.database, settings)
    messages = _delivered(deliver_mail(session.database, post, head, day, clock.now, _bounds(settings)))
    messages += _still_waiting(session.database, messages)
    _tell_pace(settings, messages)
    return plan, messages


def _one(session: Session, gate: Any, plan: Any) -> list[dict[str, Any]]:
    """Sends one person what is owed to them."""
    from tracker.actions.deliver_mail import Bounds, deliver_mail, letterhead, mail_domain
    from tracker.actions.plan_reminders import queue_one
    from tracker.notify.mail_url import open_post

    settings = session.settings
    head, post = letterhead(settings, gate), open_post(settings.mail)
    numbers = queue_one(session.database, plan, clock.now(), mail_domain(settings))
    return _delivered(deliver_mail(session.database, post, head, plan.day, clock.now, Bounds(only=numbers)))


def _still_waiting(database: Database, handled: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The mails that wait and were not handled just now."""
    from tracker.db.outbox import waiting

    known = {(message["kind"], *message["to"], message["employee_id"]) for message in handled}
    with database.read() as connection:
        left = [_message(mail.planned, mail.state) for mail in waiting(connection)]
    return [one for one in left if (one["kind"], *one["to"], one["employee_id"]) not in known]


def _tell_pace(settings: Settings, messages: list[dict[str, Any]]) -> None:
    """Says why mails stay queued though nothing is wrong with them."""
    queued = sum(message["state"] == "queued" for message in messages)
    limits = {"TRACKER_MAIL_PER_MINUTE": settings.mail_per_minute, "TRACKER_MAIL_PER_RUN": settings.mail_per_run}
    named = " and ".join(f"{name}={limit}" for name, limit in limits.items() if limit)
    if queued and named:
        click.echo(
            f"{queued} mails wait, as {named} allows no more; 'tracker mail retry' or a worker sends them.", err=True
        )


def _bounds(settings: Settings) -> "Bounds":
    """How many mails may leave, as the settings say."""
    from tracker.actions.deliver_mail import Bounds

    return Bounds(None, settings.mail_per_minute, settings.mail_per_run)


def _delivered(done: Iterable[Any]) -> list[dict[str, Any]]:
    """The mails as they were delivered; says on standard error of each that was not why."""
    messages = []
    for one in done:
        messages.append(_message(one.mail.planned, one.state))
        if one.reason and one.state != "withdrawn":
            click.echo(f"Mail {one.mail.id} was not delivered: {one.reason}", err=True)
    return messages


def _message(planned: Planned, state: str) -> dict[str, Any]:
    own = planned.told[0].employee_id if planned.kind in OWN and planned.told else None
    return {
        "kind": planned.kind,
        "to": [planned.address],
        "cc": [],
        "employee_id": own,
        "notices": [_notice(planned.kind, told.employee_id, told.notice) for told in planned.told],
        "state": state,
    }


def _notice(kind: str, employee_id: str, notice: Notice) -> dict[str, Any]:
    return {
        "employee_id": employee_id,
        "requirements": list(notice.requirements),
        "cause": notice.cause,
        # Which refusal it is says nothing to anybody else.
        "stage": "refused" if kind == "card_rejected" else notice.stage,
        "last_day": notice.last_day,
    }


def _tell(found: dict[str, Any], form: str) -> None:
    if form == "json":
        from tracker.reports.forms import to_json

        deliver(to_json(found), None)
        return
    messages, not_sent = found["messages"], found["not_sent"]
    if messages:
        rows = [
            (KINDS[one["kind"]], ", ".join(one["to"]), one["employee_id"], _said(one, found["day"]), one["state"])
            for one in messages[:SHOWN]
        ]
        click.echo(table(("mail", "to", "employee", "says", "state"), rows))
        _more(len(messages))
    if not_sent:
        click.echo("\nNot sent:")
        why = [(one["employee_id"], REASONS[one["reason"]]) for one in not_sent[:SHOWN]]
        click.echo(table(("employee", "reason"), why))
        _more(len(not_sent))
    states = [one["state"] for one in messages]
    held = any(one["reason"] == "held" for one in not_sent)
    nothing = "nothing may leave yet; see 'tracker mail enable'" if held else "nothing is owed"
    counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states)) or nothing
    click.echo(f"\n{found['day']}: {counts}.")


def _more(count: int) -> None:
    if count > SHOWN:
        click.echo(f"... and {count - SHOWN} more; --format json has them all.")


def _said(message: dict[str, Any], day: date) -> str:
    """What a mail says, in short: `BLS: 30 days left, ACLS overdue`."""
    said = [told_of(message["kind"], one["cause"], one["stage"], one["last_day"], day) for one in message["notices"]]
    short = ", ".join(dict.fromkeys(said))
    return short if len(short) <= 60 else f"{short[:57]}..."


@click.group()
def mail() -> None:
    """Let mails go, look at them, see what became of them."""


mail.add_command(bounces)


@mail.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def enable(yes: bool) -> None:
    """Show whom the next run would reach, and let mails leave over SMTP from today on.

    Example: tracker mail enable
    """
    from tracker.actions.deliver_mail import letterhead
    from tracker.actions.enable_mail import enable_mail
    from tracker.actions.plan_reminders import plan_reminders
    from tracker.domain.gate import Gate
    from tracker.notify.mail_url import open_post

    session = open_session()
    settings = session.settings
    open_post(settings.mail)
    letterhead(settings, Gate(True))
    gate = Gate(True, session.today)
    plan = plan_reminders(session.database, gate, session.today, clock.now(), "localhost", dry_run=True)
    messages = [_message(planned, "queued") for planned in plan.mails]
    _tell({"day": session.today, "messages": messages, "not_sent": []}, "table")
    if settings.mail.startswith("maildir:"):
        click.echo("Mails go into a maildir, which needs no leave; set TRACKER_MAIL_URL to send them.")
        return
    if not yes and sys.stdin.isatty():
        click.confirm(f"The next run would send these {len(messages)} mails. Let mails go?", abort=True)
    enable_mail(session.database, session.author, settings, session.today)
    click.echo("Mails may leave from today on; 'tracker remind' sends those that are owed.")


@mail.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--language", metavar="NAME", help="Its folder's name or path; TRACKER_MAIL_LANGUAGE if not said.")
def preview(folder: Path | None, language: str | None) -> None:
    """Write samples of every kind of mail, a usual and a long one, as text and HTML, to look at.

    Says what a language lacks, if it is not complete.

    Example: tracker mail preview samples --language de
    """
    from tracker.notify.languages import find_language
    from tracker.notify.render import samples
    from tracker.settings import load

    spoken = find_language(language or load().mail_language)

    place = folder or Path("mail-preview")
    place.mkdir(parents=True, exist_ok=True)
    for name, _, rendered in samples(spoken):
        for ending, text in (("txt", f"{rendered.subject}\n\n{rendered.text}"), ("html", rendered.html)):
            deliver(text, place / f"{name}.{ending}")
        for file in rendered.files:
            deliver(file.content, place / f"{name}-{file.name}")


@mail.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@click.option("--last", "limit", type=NUMBER, help="Only so many, the latest.")
def outbox(form: str, limit: int | None) -> None:
    """List mails that were owed, and what became of each.

    Example: tracker mail outbox --last 20
    """
    from tracker.db.outbox import outbox as load
    from tracker.reports.forms import to_json

    with open_session().database.read() as connection:
        found = load(connection, limit)
    if form == "json":
        deliver(to_json([_entry(one) for one in found]), None)
        return
    rows = [
        (one.id, one.day, KINDS[one.planned.kind], one.planned.address, one.state, one.tries, one.reason)
        for one in found
    ]
    click.echo(
        table(("mail", "run", "kind", "to", "state", "tries", "reason"), rows) if rows else "No mail was owed yet."
    )


@mail.command()
def retry() -> None:
    """Try mails that wait for their next try at once, say after the mail server was mended.

    What failed for good is owed still: the next run plans it anew.

    Example: tracker mail retry
    """
    from tracker.actions.deliver_mail import deliver_mail, letterhead
    from tracker.actions.enable_mail import mail_gate
    from tracker.actions.retry_mail import retry_mail
    from tracker.db.reminders import last_run
    from tracker.notify.mail_url import open_post

    session = open_session()
    gate = mail_gate(session.database, session.settings)
    with session.database.read() as connection:
        run = last_run(connection)
    if run is None or not gate.is_open or run.day != session.today:
        click.echo("There was no run for today yet, or mail is not enabled; 'tracker remind' makes one, and says.")
        return
    retry_mail(session.database, clock.now())
    head, post = letterhead(session.settings, gate), open_post(session.settings.mail)
    messages = _delivered(deliver_mail(session.database, post, head, run.day, clock.now, _bounds(session.settings)))
    messages += _still_waiting(session.database, messages)
    _tell_pace(session.settings, messages)
    _tell({"day": run.day, "messages": messages, "not_sent": []}, "table")
    sys.exit(IN_PART if any(message["state"] in ("failed", "queued") for message in messages) else 0)


def _entry(one: Mail) -> dict[str, Any]:
    return {
        "id": one.id,
        "day": one.day,
        **_message(one.planned, one.state),
        "message_id": one.message_id,
        "planned_at": one.planned_at,
        "ended_at": one.ended_at,
        "tries": one.tries,
        "reason": one.reason,
    }
