"""The promise that both ways of delivery keep, held against a real mailbox and a real server."""

import mailbox
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import pytest

from notify.letters import letter, received
from notify.mail_server import MailServer
from tracker.notify.mail_url import open_post
from tracker.notify.ports import NotDelivered, Post


class Way(NamedTuple):
    """A way of delivery: its address, what arrived, and what takes it away for a while."""

    mail_url: str
    arrived: Callable[[], list[EmailMessage]]
    gone: Callable[[], AbstractContextManager[object]]


class Blocked:
    """A mailbox in whose place stands a file, for a while."""

    def __init__(self, path: Path) -> None:
        self._path, self._aside = path, path.with_name("aside")

    def __enter__(self) -> None:
        if self._path.exists():
            self._path.rename(self._aside)
        self._path.write_text("in the way")

    def __exit__(self, *_: object) -> None:
        self._path.unlink()
        if self._aside.exists():
            self._aside.rename(self._path)


class Silent:
    """A server that takes nothing, for a while."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def __enter__(self) -> None:
        self._server.content_answer = "451 come back later"

    def __exit__(self, *_: object) -> None:
        self._server.content_answer = "250 OK"


def in_mailbox(path: Path) -> list[EmailMessage]:
    """What the standard library's own reader finds, in the order of arrival."""
    files = sorted((path / "new").iterdir())
    known: mailbox.Maildir = mailbox.Maildir(path, create=False)
    return [message_from_bytes(known.get_bytes(file.name), policy=policy.default) for file in files]


@pytest.fixture(params=["maildir", "smtp"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    """A mailbox in a folder that does not exist yet, or a server on this machine."""
    if request.param == "maildir":
        path = tmp_path / "data" / "mail"
        path.parent.mkdir()
        yield Way(f"maildir:{path}", lambda: in_mailbox(path), lambda: Blocked(path))
        return
    with MailServer() as server:
        yield Way(f"smtp://127.0.0.1:{server.port}", lambda: server.mails, lambda: Silent(server))


def test_a_mail_arrives_as_it_was_sent(way: Way) -> None:
    """Headers, text and HTML."""
    sent = letter(to=("anna@example.org",), cc=("icu@example.org",))
    message = received(sent)
    with open_post(way.mail_url) as post:
        post.send(sent)
    (arrived,) = way.arrived()
    assert dict(arrived.items()) == dict(message.items())
    for kind in ("plain", "html"):
        (mine, theirs) = (mail.get_body((kind,)) for mail in (message, arrived))
        assert mine is not None
        assert theirs is not None
        assert theirs.get_content().splitlines() == mine.get_content().splitlines()


def test_many_mails_arrive_in_order_and_once(way: Way) -> None:
    """Each with the message id that it was given."""
    with open_post(way.mail_url) as post:
        for number in range(20):
            post.send(letter(number))
    assert [mail["Message-ID"] for mail in way.arrived()] == [f"<{number}@example.org>" for number in range(20)]


def test_a_post_can_be_used_again(way: Way) -> None:
    """After it was left, it starts anew."""
    post: Post = open_post(way.mail_url)
    for number in range(2):
        with post:
            post.send(letter(number))
    assert len(way.arrived()) == 2


def test_what_cannot_be_delivered_now_says_so_and_can_be_tried_again(way: Way) -> None:
    """The reason is a sentence without the receiver; nothing of the mail is left anywhere."""
    with open_post(way.mail_url) as post:
        with way.gone(), pytest.raises(NotDelivered, match=r"\w+ \w+") as caught:
            post.send(letter(1))
        assert not caught.value.permanent
        assert caught.value.reason == str(caught.value)
        assert "anna" not in str(caught.value)
        post.send(letter(1))
    assert [mail["Message-ID"] for mail in way.arrived()] == ["<1@example.org>"]


def _fail_after_one(way: Way) -> None:
    with open_post(way.mail_url) as post:
        post.send(letter())
        raise ZeroDivisionError


def test_an_error_inside_is_not_swallowed(way: Way) -> None:
    """What was sent before stays sent."""
    with pytest.raises(ZeroDivisionError):
        _fail_after_one(way)
    assert len(way.arrived()) == 1


def test_a_mailbox_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask: folders 0700, files 0600, and nothing half written is left."""
    before = os.umask(0)
    try:
        with open_post(f"maildir:{tmp_path}/mail") as post:
            post.send(letter())
    finally:
        os.umask(before)
    path = tmp_path / "mail"
    modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in (path, *path.iterdir())}
    assert modes == dict.fromkeys(("mail", "tmp", "new", "cur"), 0o700)
    (file,) = (path / "new").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list((path / "tmp").iterdir()) == []
