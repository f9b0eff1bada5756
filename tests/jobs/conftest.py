"""A site, on either database; a mail server, and a port at which there is none."""

import socket
from collections.abc import Iterator

import pytest

from actions.ward import govern
from notify.mail_server import MailServer
from tracker.db.connect import Database


@pytest.fixture
def site(database: Database) -> Database:
    """A site with a policy and nobody in it."""
    return govern(database)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A real mail server."""
    with MailServer() as started:
        yield started


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
