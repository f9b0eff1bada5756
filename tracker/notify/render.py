"""Turns a mail's context into its subject, text and HTML."""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import tracker
from tracker.domain.days import day_after
from tracker.notify.contexts import Mail
from tracker.notify.lines import clean, one_line, wrapped

# Nothing is fetched, and the rules for phones and for dark screens stay.
_INLINER = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


class Rendered(NamedTuple):
    """A mail's words: a subject of one line, a text, and the same as HTML."""

    subject: str
    text: str
    html: str


def render(mail: Mail, language: str = "en") -> Rendered:
    """The words of a mail; what is data stays data, whatever it holds."""
    place = f"{language}/{mail.kind}"
    known = {"mail": clean(mail), "language": language}
    subject = one_line(_environment(html=False).get_template(f"{place}/subject.txt").render(known))
    text = _environment(html=False).get_template(f"{place}/body.txt").render(known)
    html = _environment(html=True).get_template(f"{place}/body.html").render(known, subject=subject)
    return Rendered(subject, wrapped(text), _INLINER.inline(html))


def templates_folder(package: Path) -> Path:
    """Where the mails' templates are: inside the installed package, or beside it in a checkout."""
    installed = package / "templates" / "email"
    return installed if installed.is_dir() else package.parent / "templates" / "email"


@cache
def _environment(*, html: bool) -> Environment:
    """Two environments over the same files: words that both mails share are escaped in the one and not in the other."""
    made = Environment(
        loader=FileSystemLoader(templates_folder(Path(tracker.__file__).parent)),
        autoescape=html,  # noqa: S701 - subjects and texts are no HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"days_after": _days_after, "day_after": day_after}
    made.tests |= {"web_address": _is_web_address, "mail_address": _is_mail_address}
    return made


def _days_after(day: date, other: date) -> int:
    """How many days a day lies after another; less than nothing if before it."""
    return (day - other).days


def _is_web_address(text: str | None) -> bool:
    return text is not None and re.fullmatch(r"https?://\S+", text, re.IGNORECASE) is not None


def _is_mail_address(text: str | None) -> bool:
    return text is not None and re.fullmatch(r"[^\s@:?&]+@[^\s@:?&]+", text) is not None
