"""Turns a mail's context into its subject, text and HTML."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any, NamedTuple

from css_inline import CSSInliner
from jinja2 import TemplateError

from tracker.domain.errors import BadInput
from tracker.notify.calendar import CalendarFile, Origin, calendar_files
from tracker.notify.contexts import KINDS, Mail, StaffReminder
from tracker.notify.languages import Language, english, environment
from tracker.notify.lines import clean, one_line, wrapped

# Nothing is fetched, and the rules for phones and for dark screens stay.
_INLINER = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


class Rendered(NamedTuple):
    """A mail's words: a subject of one line, a text, and the same as HTML; and the files that go with them."""

    subject: str
    text: str
    html: str
    files: tuple[CalendarFile, ...] = ()


def render(mail: Mail, language: Language | None = None) -> Rendered:
    """The words of a mail, in English if not said; what is data stays data, whatever it holds."""
    spoken = language or english()
    text, html = (environment(spoken, html=form) for form in (False, True))
    known: dict[str, Any] = {"mail": clean(mail), "language": spoken.name}
    own: Any = text.get_template(f"{mail.kind}.jinja").module
    subject = one_line(own.subject(known["mail"]))
    body = text.get_template(f"{mail.kind}/body.txt").render(known)
    page = html.get_template(f"{mail.kind}/body.html").render(known, subject=subject)
    return Rendered(subject, wrapped(body), _styles_last(_INLINER.inline(page)))


def _styles_last(page: str) -> str:
    """The page with what is left of the style sheet at the end of its head, where the library puts it first: a browser
    looks for the character set in the first kilobyte."""
    before, head, rest = page.partition("<head><style>")
    styles, end, rest = rest.partition("</style>")
    words, body, rest = rest.partition("</head>")
    return f"{before}<head>{words}<style>{styles}{end}{body}{rest}" if head else page


def _files(mail: Mail, language: Language) -> tuple[CalendarFile, ...]:
    if not isinstance(mail, StaffReminder):
        return ()
    return calendar_files(
        mail, language, Origin("nobody", "cards@example.org", datetime.combine(mail.day, time(), UTC))
    )


def samples(language: Language) -> Iterator[tuple[str, Mail, Rendered]]:
    """Made-up mails of every kind, a usual one and a long one, each with a name; raises BadInput if words fail."""
    for kind in KINDS:
        for name, mail in ((kind.kind, kind.sample_of_one()), (f"{kind.kind}-long", kind.sample())):
            try:
                yield name, mail, render(mail, language)._replace(files=_files(mail, language))
            except (TemplateError, TypeError) as error:
                raise BadInput(
                    f"A {kind.kind} cannot be written with the words in {language.folder}: {error}"
                ) from None
