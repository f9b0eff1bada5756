"""Reads TRACKER_MAIL_URL: where mails go."""

from pathlib import Path
from typing import Never
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tracker.domain.errors import BadInput
from tracker.notify.maildir import Maildir
from tracker.notify.ports import Post
from tracker.notify.smtp import Server, Smtp, Tls

CHOICES: dict[str, Tls] = {"starttls": "starttls", "none": "none"}


def open_post(mail_url: str) -> Post:
    """The way of delivery that the address names; raises BadInput for one that is not understood."""
    scheme, _, rest = mail_url.partition(":")
    if scheme == "maildir":
        return Maildir(_folder(rest))
    if scheme in ("smtp", "smtps"):
        return Smtp(_server(mail_url))
    return _refuse("begin with 'maildir:', 'smtp://' or 'smtps://'")


def _folder(text: str) -> Path:
    path = text.removeprefix("//")
    if not path:
        _refuse("name a folder after 'maildir:'")
    return Path(path).expanduser()


def _server(mail_url: str) -> Server:
    """The server in an address such as smtp://user:password@host:port?tls=starttls."""
    try:
        parts = urlsplit(mail_url)
        port = parts.port
    except ValueError:
        # The error would repeat what it could not read, which may be a part of the password.
        _refuse("give the port as a number, and '/', '?', '#' and '@' in a password as %2F, %3F, %23 and %40")
    if not parts.hostname or parts.path not in ("", "/") or parts.fragment:
        _refuse("read 'smtp://user:password@host:port', with special characters in a password as %XX")
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    tls = _tls(parts)
    usual = {"whole": 465, "starttls": 587}.get(tls, 25)
    return Server(parts.hostname, port or usual, tls, user, password)


def _tls(parts: SplitResult) -> Tls:
    """Without a word about it: encrypted if the server offers it."""
    asked = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme == "smtps":
        if asked:
            _refuse("have nothing after the port: smtps:// is encrypted from the start")
        return "whole"
    if not asked:
        return "offered"
    choice = asked.pop("tls", [""])[-1]
    if asked or choice not in CHOICES:
        _refuse("end in '?tls=starttls' or '?tls=none', or in neither")
    return CHOICES[choice]


def _refuse(wanted: str) -> Never:
    raise BadInput(f"TRACKER_MAIL_URL should {wanted}.")
