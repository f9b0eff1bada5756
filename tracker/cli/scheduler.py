"""`tracker scheduler` and `tracker worker`."""

from collections.abc import Sequence
from datetime import timedelta

import click

from tracker import clock
from tracker.cli.session import open_session

every_option = click.option(
    "--every", type=click.FloatRange(0.1), metavar="SECONDS", help="Look so often, instead of each job's own time."
)


@click.command()
@click.option("--delivery/--no-delivery", default=True, help="Send the mails too, or leave that to workers.")
@every_option
def scheduler(delivery: bool, every: float | None) -> None:
    """Send reminders at the site's hour, every day, until stopped.

    It looks every minute, so a late start or a pause loses nothing. Run it as a service. A second one does no harm:
    each piece of work is done by one of them.

    Example: tracker scheduler
    """
    from tracker.jobs.registry import JOBS

    _run([name for name in JOBS if delivery or name != "deliver_mail"], every)


@click.command()
@every_option
def worker(every: float | None) -> None:
    """Only send the mails whose time has come, until stopped; several may run at once.

    Example: tracker worker
    """
    from tracker.jobs.registry import WORKER

    _run(WORKER, every)


def _run(names: Sequence[str], every: float | None) -> None:
    from tracker.jobs.ending import at_signals
    from tracker.jobs.process import Process

    session = open_session()
    process = Process(session.database, session.settings, names, clock.now, _say)
    at_signals(process.end)
    _say(f"working {', '.join(names)}; stop with Ctrl-C")
    process.run(None if every is None else timedelta(seconds=every))


def _say(text: str) -> None:
    click.echo(f"{clock.now():%Y-%m-%d %H:%M:%S} UTC  {text}", err=True)
