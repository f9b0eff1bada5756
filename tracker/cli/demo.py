"""`tracker demo`: a made-up hospital, from its spreadsheets to its mails."""

import email
import email.policy
import shutil
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from tracker.cli.output import table
from tracker.cli.serve import open_app
from tracker.cli.session import Session
from tracker.domain.errors import BadInput

# The folder holds a made-up hospital and may be made anew: this file says so.
MARK = "a-made-up-hospital.txt"
DAYS = 7


@click.command()
@click.option("--staff", "people", type=click.IntRange(24, 20_000), default=400, show_default=True, metavar="N")
@click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("tracker-demo"),
    show_default=True,
    help="The folder for it; one of an earlier demo is made anew.",
)
@click.option("--serve/--no-serve", default=None, help="Open the web app afterwards; as it is, in a terminal.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Of the web app.")
def demo(people: int, folder: Path, serve: bool | None, port: int) -> None:
    """Make up a hospital, import its spreadsheets, send a week's reminders into a mailbox, write the report.

    Everything goes into a folder of its own, whatever the settings; nothing leaves this machine.

    Example: tracker demo --staff 400
    """
    place = _made_anew(folder)
    opens = serve or (serve is None and sys.stdout.isatty())
    # With an address the mails to staff have the link to their own page in them.
    session = _session(place, f"http://127.0.0.1:{port}" if opens and port else None)
    today = session.day_in("America/Chicago")
    first = today - timedelta(days=DAYS - 1)
    with _step(f"Wrote the spreadsheets of a made-up hospital: {people} people, 12 units"):
        from tracker.demo.sheets import write

        files = write(place / "files", first, people)
    for file in files:
        click.echo(f"      {file.path.name}: {file.about}")
    with _step("Put its policy in force"):
        _apply_policy(session, place, first)
    with _step("Imported the files, with the answers to what they leave open") as say:
        _import(session, place, [file.path for file in files], first, say)
    with _step(f"Sent the reminders of a week ({first} to {today}) into a mailbox") as say:
        _week(session, first, today, say)
    with _step("Wrote the compliance report and the list of exceptions") as say:
        _reports(session, place, today, say)
    _where_to_look(session, place, today)
    if opens:
        click.echo()
        open_app(session, "127.0.0.1", port, jobs=True)


def _made_anew(folder: Path) -> Path:
    """An empty folder; one from an earlier demo is made anew, anything else is left alone."""
    place = folder.expanduser().absolute()
    if place.exists() and any(place.iterdir()) and not (place / MARK).exists():
        raise BadInput(f"The folder {place} holds something else; name another with --into.")
    if place.exists():
        shutil.rmtree(place)
    place.mkdir(parents=True)
    (place / MARK).write_text("Made by 'tracker demo', which makes this folder anew. Nobody in it exists.\n", "utf-8")
    return place


def _session(place: Path, address: str | None) -> Session:
    """A session in the demo's own folder, with an address of the web app; of the settings only the day is taken."""
    from tracker.settings import Settings, load

    return Session(
        Settings.model_construct(
            data_dir=place / "data",
            database_url=None,
            mail_url=None,
            mail_from="Quillmoor Education <education@quillmoor.example.org>",
            base_url=address,
            secret_key=None,
            today=load().today,
        )
    )


@contextmanager
def _step(what: str) -> Iterator[list[str]]:
    """Says what was done and how long it took; what the step has to say besides goes below."""
    if sys.stdout.isatty():
        click.echo(f"  ... {what}\r", nl=False)
    begun = time.monotonic()
    more: list[str] = []
    yield more
    click.echo(f"{time.monotonic() - begun:4.1f}s {what}")
    for line in more:
        click.echo(f"      {line}")


def _apply_policy(session: Session, place: Path, day: date) -> None:
    from tracker.actions.apply_policy import apply_policy
    from tracker.demo.sheets import POLICY

    apply_policy(session.database, session.author, (place / "files" / POLICY).read_text("utf-8"), None, day)


def _import(session: Session, place: Path, paths: list[Path], day: date, say: list[str]) -> None:
    from tracker.actions.imports.context import Settled
    from tracker.actions.imports.run import import_readings
    from tracker.db.policies import load_rulebook
    from tracker.demo.sheets import ANSWERS
    from tracker.domain.scope import EVERYONE
    from tracker.intake.reader import read_file
    from tracker.intake.rows import Options, Wording

    answers = tomllib.loads((place / "files" / ANSWERS).read_text("utf-8"))
    with session.database.read() as connection:
        wording = Wording(load_rulebook(connection).on(day).type_names)
    readings = [read_file(path, wording, Options(answers=answers)) for path in paths]
    result = import_readings(
        session.database, EVERYONE, session.author, readings, Settled(answers=answers), day, dry_run=False
    )
    if result.questions or result.refused:
        raise BadInput("The made-up files leave a question open; please report this.")
    out = sum(note.outcome == "rejected" for note in result.rows)
    say.append(
        f"{result.counts['new']:,} rows new, {result.counts['changed']} changed, {result.counts['moved']} moved."
    )
    say.append(f"{len(answers)} questions were answered from files/{ANSWERS}; nothing is guessed silently.")
    say.append(
        f"{out} rows or cells could not be used, such as a date that does not exist; 'tracker import' names each."
    )
    say.append(f"{len(result.unmatched)} people match no requirement: {', '.join(result.unmatched[:8])}.")


def _week(session: Session, first: date, today: date, say: list[str]) -> None:
    from tracker import clock
    from tracker.actions.deliver_mail import deliver_mail, letterhead, mail_domain
    from tracker.actions.plan_reminders import plan_reminders
    from tracker.domain.gate import Gate
    from tracker.notify.mail_url import open_post
    from tracker.reports.mail_words import KINDS

    gate, settings = Gate(True), session.settings
    for number in range((today - first).days + 1):
        day = first + timedelta(days=number)
        plan_reminders(session.database, gate, day, clock.now(), mail_domain(settings))
        post = open_post(settings.mail)
        sent: Counter[str] = Counter(
            done.mail.planned.kind
            for done in deliver_mail(session.database, post, letterhead(settings, gate), day, clock.now)
            if done.state == "sent"
        )
        told = ", ".join(f"{sent[kind]} {KINDS[kind]}{'s' if sent[kind] != 1 else ''}" for kind in KINDS if sent[kind])
        say.append(f"{day:%a %d %b}: {told or 'nothing was owed'}")


# How far back the exceptions look, in months: as far as a surveyor does.
LOOK_BACK = 36


def _reports(session: Session, place: Path, today: date, say: list[str]) -> None:
    from tracker.actions.build_compliance import build_compliance
    from tracker.actions.build_exceptions import build_exceptions
    from tracker.domain.scope import EVERYONE
    from tracker.reports.as_html import page
    from tracker.reports.as_pdf import pdf
    from tracker.reports.compliance_pages import compliance_pages
    from tracker.reports.exceptions_pages import exceptions_pages

    compliance = compliance_pages(build_compliance(session.database, EVERYONE, today, None))
    (place / "compliance.html").write_text(page(compliance), "utf-8")
    (place / "compliance.pdf").write_bytes(pdf(compliance).content)
    exceptions = build_exceptions(session.database, EVERYONE, today, None, LOOK_BACK)
    (place / "exceptions.html").write_text(page(exceptions_pages(exceptions)), "utf-8")
    _write_mails(Path(session.settings.mail.removeprefix("maildir:")), place / "mails")
    say.append(_standings(session, today))


def _standings(session: Session, today: date) -> str:
    from tracker.db.standings import standings_on
    from tracker.domain.scope import EVERYONE

    with session.database.read() as connection:
        rows = standings_on(connection, EVERYONE, today)
        # As in the report: who works in two units counts once.
        once = {(row.post.person_id, row.requirement): row.standing.value for row in rows}
    counts = Counter(once.values())
    return ", ".join(f"{count} {standing.replace('_', ' ')}" for standing, count in counts.most_common())


def _write_mails(maildir: Path, folder: Path) -> None:
    """The mails as pages that open in a browser: a mailbox wants a mail program."""
    folder.mkdir()
    found = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted((maildir / "new").iterdir())
    ]
    for message in found:
        page: Any = message.get_body(("html",))
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        (folder / f"{name}.html").write_text(page.get_content(), "utf-8")


def _where_to_look(session: Session, place: Path, today: date) -> None:
    from tracker.db.standings import standings_on
    from tracker.domain.scope import EVERYONE
    from tracker.domain.standing import Standing

    with session.database.read() as connection:
        rows = list(standings_on(connection, EVERYONE, today))
    gap = next((row for row in rows if row.standing is Standing.PREREQUISITE_GAP), rows[0])
    click.echo("\nWhere to look:")
    here = [
        ("compliance.html", "the report of a compliance officer: open it in a browser; compliance.pdf is for paper"),
        ("exceptions.html", "who is out of compliance, since when and why"),
        ("mails/", "every mail that went out this week, as pages; data/mail is the mailbox itself"),
        ("files/", "the spreadsheets, as different managers keep them"),
    ]
    click.echo(table(("in " + str(place), ""), here))
    click.echo("\nWhat to try (the demo's own database, whatever your settings):")
    click.echo(f"  export TRACKER_DATA_DIR={place / 'data'}")
    program = "tracker" if shutil.which("tracker") else sys.argv[0]
    click.echo(f"  {program} explain {gap.post.employee_id}    # why somebody with a card in date is out of compliance")
    click.echo(f"  {program} status --unit ICU")
    click.echo(f"  {program} forecast --months 6")
