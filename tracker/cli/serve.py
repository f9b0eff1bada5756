"""`tracker serve`: the web app."""

from threading import Thread

import click

from tracker import clock
from tracker.cli.session import Session, open_session


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
    import uvicorn

    from tracker.actions.access.give import first_link
    from tracker.web.app import make_app
    from tracker.web.site import Site

    session = open_session()
    base = (session.settings.base_url or f"http://{host}:{port}").rstrip("/")
    token = first_link(session.database, clock.now())
    if token:
        click.echo(
            f"Nobody can sign in yet. Make the first administrator here, within three days:\n{base}/link/{token}"
        )
    click.echo(f"The web app is at {base}/; stop with Ctrl-C.")
    if jobs:
        Thread(target=_work, args=(session,), daemon=True).start()
    app = make_app(Site(session.database, session.settings))
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, server_header=False)


def _work(session: Session) -> None:
    from tracker.jobs.process import Process
    from tracker.jobs.registry import JOBS

    Process(session.database, session.settings, list(JOBS), clock.now, lambda text: click.echo(text, err=True)).run()
