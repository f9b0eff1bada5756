"""`tracker jobs`: what is scheduled, what it did, and whether all is well."""

import sys
from typing import TYPE_CHECKING, Any

import click

from tracker import clock
from tracker.cli.errors import IN_PART
from tracker.cli.output import deliver, table
from tracker.cli.session import NUMBER, Session, open_session
from tracker.domain.errors import BadInput

if TYPE_CHECKING:
    from tracker.db.jobs import JobRun
    from tracker.jobs.spec import Job

format_option = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")


@click.group(invoke_without_command=True)
@format_option
@click.pass_context
def jobs(context: click.Context, form: str) -> None:
    """List the scheduled jobs, whether each is due, what it did last, and what is wrong.

    Ends with 1 if something is wrong, for whatever watches the site.

    Example: tracker jobs
    """
    if context.invoked_subcommand is not None:
        return
    session = open_session()
    found = _overview(session)
    if form == "json":
        from tracker.reports.forms import to_json

        deliver(to_json(found), None)
    else:
        _tell(found)
    sys.exit(IN_PART if found["alarms"] else 0)


@jobs.command()
@click.argument("name")
def run(name: str) -> None:
    """Work one job now if it is due, even if it failed a moment ago.

    For a day's reminders before their hour there is 'tracker remind'.

    Example: tracker jobs run deliver_mail
    """
    from tracker.jobs.runner import process_name, work_if_due
    from tracker.jobs.spec import Site

    session, job = open_session(), _known(name)
    site = Site(session.database, session.settings, clock.now)
    due = job.due(site)
    done = work_if_due(job, site, process_name(), at_once=True) if due.slot else None
    click.echo(
        f"{job.name}: {_outcome(done) if done else due.why or 'it was worked already, or another process has it'}"
    )
    sys.exit(IN_PART if done and done.outcome == "failed" else 0)


@jobs.command()
@click.option("--job", "name", help="Only this one.")
@click.option("--last", "limit", type=NUMBER, default=20, show_default=True, help="So many, the latest.")
@format_option
def history(name: str | None, limit: int, form: str) -> None:
    """List what jobs did: when, by which process, with what outcome.

    Example: tracker jobs history --job plan_reminders
    """
    from tracker.db.jobs import history as load
    from tracker.reports.forms import to_json

    if name is not None:
        _known(name)
    with open_session().database.read() as connection:
        found = load(connection, name, limit)
    if form == "json":
        deliver(to_json([_as_json(run) for run in found]), None)
        return
    rows = [(run.job, run.slot, f"{run.began_at:%Y-%m-%d %H:%M:%S}", run.tries, _outcome(run)) for run in found]
    headers = ("job", "slot", "began (UTC)", "tries", "outcome")
    click.echo(table(headers, rows) if rows else "No job was worked yet; 'tracker scheduler' works them.")


def _overview(session: Session) -> dict[str, Any]:
    """What `tracker jobs` shows."""
    from tracker.db.jobs import all_processes
    from tracker.db.jobs import history as load
    from tracker.db.outbox import lag
    from tracker.jobs.registry import JOBS
    from tracker.jobs.spec import Site
    from tracker.jobs.watchdog import look_around

    site = Site(session.database, session.settings, clock.now)
    with session.database.read() as connection:
        last = {name: next(iter(load(connection, name, 1)), None) for name in JOBS}
        waiting, running = lag(connection, clock.now()), all_processes(connection)
    return {
        "jobs": [_entry(job, job.due(site), last[job.name]) for job in JOBS.values()],
        "processes": [one._asdict() for one in running],
        "waiting": waiting.waiting,
        "waiting_since": waiting.since,
        "alarms": [one._asdict() for one in look_around(site)],
    }


def _entry(job: "Job", due: Any, last: "JobRun | None") -> dict[str, Any]:
    return {
        "name": job.name,
        "about": job.about,
        "due": due.slot is not None,
        "why": due.why or None,
        "last": _as_json(last) if last else None,
    }


def _as_json(run: "JobRun") -> dict[str, Any]:
    return run._asdict() | {"counts": dict(run.counts)}


def _tell(found: dict[str, Any]) -> None:
    from tracker.domain.watch import in_words

    rows = []
    for job in found["jobs"]:
        last = job["last"]
        when = f"{last['began_at']:%Y-%m-%d %H:%M} UTC, {last['outcome']}" if last else "never"
        rows.append((job["name"], "now" if job["due"] else job["why"], when))
    click.echo(table(("job", "due", "last worked"), rows))
    now = clock.now()
    for one in found["processes"]:
        click.echo(f"Process {one['name']}: {', '.join(one['jobs'])}; heard of {in_words(now - one['seen_at'])} ago.")
    if found["waiting"]:
        since = in_words(now - found["waiting_since"])
        click.echo(f"Due and not sent yet: {found['waiting']} mails, the oldest for {since}.")
    for alarm in found["alarms"]:
        click.echo(f"WRONG: {alarm['sentence']}")
    if not found["alarms"]:
        click.echo("Nothing is wrong.")


def _outcome(run: "JobRun") -> str:
    return f"{run.outcome}: {run.summary}" if run.summary else run.outcome


def _known(name: str) -> "Job":
    from tracker.jobs.registry import JOBS

    if name not in JOBS:
        raise BadInput(f"There is no job '{name}'; there are: {', '.join(JOBS)}.")
    return JOBS[name]
