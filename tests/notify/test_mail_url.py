"""TRACKER_MAIL_URL: every form that is understood, and a sentence for any other."""

from pathlib import Path

import pytest

from tracker.domain.errors import BadInput
from tracker.notify.mail_url import open_post
from tracker.notify.maildir import Maildir
from tracker.notify.smtp import Server, Smtp


@pytest.mark.parametrize(
    ("mail_url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 25, "offered")),
        ("smtp://mail.example.org:2525/", Server("mail.example.org", 2525, "offered")),
        ("smtp://[::1]:2525?tls=none", Server("::1", 2525, "none")),
        ("smtp://mail.example.org?tls=starttls", Server("mail.example.org", 587, "starttls")),
        ("smtps://mail.example.org", Server("mail.example.org", 465, "whole")),
        ("smtp://ewa:pa%2Fss%3A%40@m.test:587", Server("m.test", 587, "offered", "ewa", "pa/ss:@")),
        ("smtps://ewa%40m.test:x@m.test", Server("m.test", 465, "whole", "ewa@m.test", "x")),
    ],
)
def test_a_server_is_read_with_all_its_parts(mail_url: str, server: Server) -> None:
    """The usual ports where none is given; special characters as %XX."""
    post = open_post(mail_url)
    assert isinstance(post, Smtp)
    assert post._server == server


def test_a_mailbox_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one slash, with three, or in the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for mail_url in (f"maildir:{tmp_path}/mail", f"maildir://{tmp_path}/mail", "maildir:~/mail"):
        post = open_post(mail_url)
        assert isinstance(post, Maildir)
        assert post._path == tmp_path / "mail"


@pytest.mark.parametrize(
    "mail_url",
    [
        "",
        "maildir:",
        "maildir://",
        "mailto:hidden@example.org",
        "http://user:hidden@example.org",
        "smtp:",
        "smtp://",
        "smtp://user:hidden@",
        "smtp://user:hid/den@example.org:25",
        "smtp://user:hid#den@example.org:25",
        "smtp://user:hidden@example.org:port",
        "smtp://user:hidden@example.org:99999",
        "smtp://user:hidden@[example.org",
        "smtp://user:hidden@example.org/folder",
        "smtp://user:hidden@example.org?tls=maybe",
        "smtp://user:hidden@example.org?tsl=none",
        "smtps://user:hidden@example.org?tls=none",
    ],
)
def test_what_is_not_understood_gets_a_sentence_without_the_password(mail_url: str) -> None:
    """The sentence names the setting; neither it nor what lies behind it repeats the address."""
    with pytest.raises(BadInput, match=r"^TRACKER_MAIL_URL should .*\.$") as caught:
        open_post(mail_url)
    assert "hid" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_is_shown_without_its_password() -> None:
    """Wherever it may be printed."""
    server = Server("mail.example.org", 587, "starttls", "ewa", "hidden")
    assert "hidden" not in f"{server} {server!r} {Smtp(server)!r}"
    assert "mail.example.org:587" in repr(server)
