"""`tracker serve`: the web app."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import click

from tracker import clock
from tracker.cli.session import Session, open_session
from tracker.domain.errors import NotPossible


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; 0.0.0.0 is the whole network.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--jobs/--no-jobs", default=True, help="Send reminders and do what else is scheduled, too.")
def serve(host: str, port: int, jobs: bool) -> None:
    """Open the web app, and do what is scheduled, until stopped.

    The first time it prints a link by which the first administrator is made. To the network it belongs behind a
    proxy that speaks TLS; set TRACKER_BASE_URL to the https:// address under which people reach it.

    Example: tracker serve --port 8000
    """
    open_app(open_session(), host, port, jobs=jobs)


def open_app(session: Session, host: str, port: int, *, jobs: bool) -> None:
    """Serves the app of a session, and does what is scheduled if wanted, until stopped.

    Raises NotPossible if nothing can listen there.
    """
    import uvicorn

    from tracker.actions.access.give import first_link
    from tracker.jobs.ending import at_signals
    from tracker.web.app import make_app
    from tracker.web.site import Site

    listening = _listen(host, port)
    base = (session.settings.base_url or _address(host, listening)).rstrip("/")
    app = make_app(Site(session.database, session.settings))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False))
    # Once it has ended by a signal the server sends itself the same again: this takes it, so that all ends in order.
    at_signals(lambda: setattr(server, "should_exit", True))
    token = first_link(session.database, clock.now())
    if token:
        click.echo(
            f"Nobody can sign in yet. Make the first administrator here, within three days:\n{base}/link/{token}"
        )
    click.echo(f"The web app is at {base}/; stop with Ctrl-C.")
    with _working(session, jobs):
        server.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is listened at, before anybody is told the address."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or "there is no such host").lower()
        raise NotPossible(f"Nothing can listen at {host}, port {port} ({reason}); choose another --port.") from None


def _address(host: str, listening: socket.socket) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"


@contextmanager
def _working(session: Session, jobs: bool) -> Iterator[None]:
    """While the block lasts, what is scheduled is done, if wanted; what was begun is finished after it."""
    from tracker.jobs.process import Process
    from tracker.jobs.registry import JOBS

    if not jobs:
        yield
        return
    process = Process(
        session.database, session.settings, list(JOBS), clock.now, lambda said: click.echo(said, err=True)
    )
    thread = Thread(target=process.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        process.end()
        thread.join()
