"""What a mail shows and what it should show: its HTML as a reader sees it, and the facts of its context."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from html.parser import HTMLParser
from typing import Any

from tracker.notify.contexts import Mail

MONTHS = "January February March April May June July August September October November December".split()
# Fields that choose the words and are no words themselves.
CHOICES = ("how", "trouble", "why", "with_director", "cause")
INLINE = ("a", "span", "b", "i")
UNSHOWN = ("style", "title")


def spoken(day: date) -> str:
    """A day as mails write it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def flat(text: str) -> str:
    """A text without its line breaks and indents."""
    return " ".join(text.split())


def facts(value: Any, say: Callable[[date], str] = spoken) -> Iterator[str]:
    """Every text, day and number in a context, as a mail should show it."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, date):
        yield say(value)
    elif isinstance(value, str | int):
        yield str(value)
    elif isinstance(value, tuple) and not hasattr(value, "_fields"):
        for part in value:
            yield from facts(part, say)
    else:
        for name in getattr(value, "_fields", None) or [field.name for field in fields(value)]:
            if name not in CHOICES:
                yield from facts(getattr(value, name), say)


def facts_of(mail: Mail, say: Callable[[date], str] = spoken) -> set[str]:
    """The facts of a mail. The day on which it is written is told by how far the others are."""
    return set(facts(mail, say)) - {say(mail.day)}


class Page(HTMLParser):
    """A mail's HTML: the text that is seen, and every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._texts: list[str] = []
        self._unshown: str | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        """What a reader sees."""
        return flat("".join(self._texts))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every tag of that name."""
        return [attributes for name, attributes in self.tags if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag in UNSHOWN or attributes.get("class") == "preheader":
            self._unshown = tag
        if tag not in INLINE:
            self._texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unshown:
            self._unshown = None
        if tag not in INLINE:
            self._texts.append(" ")

    def handle_data(self, data: str) -> None:
        if self._unshown is None:
            self._texts.append(data)
