"""Turns a mail's context into its subject, text and HTML."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from jinja2 import Environment, Template, TemplateError

from tracker.domain.errors import BadInput
from tracker.notify.calendar import CalendarFile, Origin, calendar_files
from tracker.notify.contexts import KINDS, Mail, StaffReminder
from tracker.notify.languages import Language, english, environment
from tracker.notify.lines import clean, one_line, wrapped
from tracker.notify.styles import Styles

# The files of a language of which every layout knows the words, under the files' names.
_SHARED = ("words", "staff", "managers")


class Rendered(NamedTuple):
    """A mail's words: a subject of one line, a text, and the same as HTML; and the files that go with them."""

    subject: str
    text: str
    html: str
    files: tuple[CalendarFile, ...] = ()


def render(mail: Mail, language: Language | None = None, origin: Origin | None = None) -> Rendered:
    """The words of a mail, in English if not said; what is data stays data, whatever it holds.

    With an origin a reminder to staff has its calendar files with it.
    """
    spoken = language or english()
    forms = _forms(mail.kind, spoken)
    told = clean(mail)
    subject = one_line(forms.text_words["own"].subject(told))
    text = forms.text.render(forms.text_words, mail=told)
    page = forms.html.render(forms.html_words, mail=told, subject=subject)
    files = calendar_files(told, spoken, origin) if origin is not None and isinstance(told, StaffReminder) else ()
    return Rendered(subject, wrapped(text), forms.styles.into(page), files)


class _Forms(NamedTuple):
    """What a kind of mail is made of in a language: its layouts, what each of them knows beside the mail, its looks."""

    text: Template
    html: Template
    text_words: dict[str, Any]
    html_words: dict[str, Any]
    styles: Styles


@lru_cache(32)
def _forms(kind: str, language: Language) -> _Forms:
    """Found once for each edition of a language, as they are the same for every mail."""
    text, html = (environment(language, html=form) for form in (False, True))
    styles = Styles(html.get_template("_style.css").render())
    return _Forms(
        text.get_template(f"{kind}/body.txt"),
        html.get_template(f"{kind}/body.html"),
        _words(kind, language, text),
        _words(kind, language, html) | {"style_for_screens": styles.for_screens},
        styles,
    )


def _words(kind: str, language: Language, form: Environment) -> dict[str, Any]:
    """The words of a language that every mail shares, and those that are the kind's own."""
    shared = {name: form.get_template(f"{name}.jinja").module for name in _SHARED}
    return shared | {"own": form.get_template(f"{kind}.jinja").module, "language": language.name}


def samples(language: Language) -> Iterator[tuple[str, Mail, Rendered]]:
    """Made-up mails of every kind, a usual one and a long one, each with a name; raises BadInput if words fail."""
    for kind in KINDS:
        for name, mail in ((kind.kind, kind.sample_of_one()), (f"{kind.kind}-long", kind.sample())):
            origin = Origin("nobody", "cards@example.org", datetime.combine(mail.day, time(), UTC))
            try:
                yield name, mail, render(mail, language, origin)
            except (TemplateError, TypeError) as error:
                raise BadInput(
                    f"A {kind.kind} cannot be written with the words in {language.folder}: {error}"
                ) from None
