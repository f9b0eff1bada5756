"""`tracker scheduler`."""

import click

from tracker import clock
from tracker.cli.session import open_session
from tracker.domain.errors import TrackerError


@click.command()
def scheduler() -> None:
    """Send reminders at the site's hour, every day, until stopped.

    It looks every minute, so a late start or a pause loses nothing. Run it as a service, one for each database.

    Example: tracker scheduler
    """
    from tracker.jobs.reminders import scan_reminders
    from tracker.jobs.scheduler import run_forever

    session = open_session()
    held: str | None = None

    def scan() -> None:
        nonlocal held
        try:
            found = scan_reminders(session.database, session.settings, clock.now)
        except TrackerError as error:
            # A database that is locked or a server that is down is no reason to end: the next look may succeed.
            _say(str(error))
            return
        if found.held != held:
            held = found.held
            _say(held or "mails may go again")
        if found.planned is not None:
            _say(f"run planned: {found.planned} mails owed")
        if found.states:
            _say(", ".join(f"{count} {state}" for state, count in found.states.items()))

    _say("looking every minute; stop with Ctrl-C")
    run_forever(scan)


def _say(text: str) -> None:
    click.echo(f"{clock.now():%Y-%m-%d %H:%M:%S} UTC  {text}", err=True)
