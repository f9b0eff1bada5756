"""Calendar files: the last days that a mail to staff names, each to be put into a calendar with one click.

Of RFC 5545 they need a dozen lines that are always the same, so these are written here; the tests hold them against
the icalendar library, byte by byte.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from tracker.domain.days import day_after
from tracker.notify.contexts import Need, StaffReminder
from tracker.notify.languages import Language, environment
from tracker.notify.words import is_web_address

# So that nobody else's entries have the same names.
_OURS = UUID("5f1c2a53-64a4-4f0c-9b1e-0d3a6f2f8a77")
# Entries count their versions in days from here: a later mail always has the higher number.
_FIRST_VERSION = date(2000, 1, 1)
# The bytes of a line; the standard says 75 at most, with the space before what goes on.
_LONGEST = 74


class CalendarFile(NamedTuple):
    """A file of one entry, and the name under which it is attached, without letters beyond ASCII."""

    name: str
    content: str


class Origin(NamedTuple):
    """Whom an entry is for, as a text that stays the same and never leaves; who sends it (a bare address); when."""

    owner: str
    sender: str
    instant: datetime


def calendar_files(mail: StaffReminder, language: Language, origin: Origin) -> tuple[CalendarFile, ...]:
    """A file for each last day still to come; the mail is one in which every text is on one line.

    One file each, because Outlook reads no more than the first entry of a file. A later mail about the same person
    and cause has the same UID with a higher SEQUENCE, so it moves the entry and puts no second one beside it.
    """
    if not mail.for_calendar:
        return ()
    words = environment(language, html=False).get_template("calendar.jinja").module
    return tuple(_file(need, mail, language, words, origin) for need in mail.for_calendar)


def _file(need: Need, mail: StaffReminder, language: Language, words: Any, origin: Origin) -> CalendarFile:
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Credential tracker//Reminders//{language.name.upper()}",
        "METHOD:PUBLISH",
        *_event(need, mail, words, origin),
        "END:VCALENDAR",
    )
    name = f"{words.file_name(need)} {need.last_day}"
    return CalendarFile(_plain(name) + ".ics", "".join(f"{_folded(line)}\r\n" for line in lines))


def _event(need: Need, mail: StaffReminder, words: Any, origin: Origin) -> Iterator[str]:
    """An all-day entry that blocks no time, and shows no words to colleagues with whom a calendar is shared."""
    last_day = need.last_day or mail.day
    yield "BEGIN:VEVENT"
    yield f"SUMMARY:{_escaped(words.summary(need))}"
    yield f"DTSTART;VALUE=DATE:{last_day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day_after(last_day):%Y%m%d}"
    yield f"DTSTAMP:{origin.instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"UID:{_uid(need, origin)}"
    yield f"SEQUENCE:{(mail.day - _FIRST_VERSION).days}"
    yield "CLASS:PRIVATE"
    yield f"DESCRIPTION:{_escaped(_text(words.description(need, mail)))}"
    yield f"ORGANIZER:mailto:{origin.sender}"
    yield "TRANSP:TRANSPARENT"
    if len(need.any_of) == 1 and is_web_address(need.any_of[0].renew_at):
        yield f"URL:{need.any_of[0].renew_at}"
    yield "END:VEVENT"


def _uid(need: Need, origin: Origin) -> UUID:
    return uuid5(_OURS, f"{origin.owner}\n{need.cause}")


def _escaped(text: str) -> str:
    """A text as a value: what would end it, or split it, is marked."""
    return text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 74 bytes, of which none ends within a letter, or between a mark and its sign."""
    pieces, rest = [], line.encode()
    while len(rest) > _LONGEST:
        end = _LONGEST
        while rest[end] & 0b1100_0000 == 0b1000_0000:
            end -= 1
        end -= (end - len(rest[:end].rstrip(b"\\"))) % 2
        pieces.append(rest[:end])
        rest = rest[end:]
    return b"\r\n ".join((*pieces, rest)).decode()


def _text(words: str) -> str:
    """Paragraphs with one blank line between them; calendars break lines by themselves."""
    return re.sub(r"\n{3,}", "\n\n", words).strip()


def _plain(name: str) -> str:
    """The name with nothing in it that a file's name may not have anywhere."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")[-60:]
