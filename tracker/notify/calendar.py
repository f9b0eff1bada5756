"""Calendar files: the last days that a mail to staff names, each to be put into a calendar with one click."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from tracker.domain.days import day_after
from tracker.notify.contexts import Need, StaffReminder
from tracker.notify.languages import Language, environment
from tracker.notify.lines import clean
from tracker.notify.words import is_web_address

# So that nobody else's entries have the same names.
_OURS = UUID("5f1c2a53-64a4-4f0c-9b1e-0d3a6f2f8a77")
# Entries count their versions in days from here: a later mail always has the higher number.
_FIRST_VERSION = date(2000, 1, 1)


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
    """A file for each last day still to come.

    One file each, because Outlook reads no more than the first entry of a file. A later mail about the same person
    and cause has the same UID with a higher SEQUENCE, so it moves the entry and puts no second one beside it.
    """
    told = clean(mail)
    return tuple(_file(need, told, language, origin) for need in told.for_calendar)


def _file(need: Need, mail: StaffReminder, language: Language, origin: Origin) -> CalendarFile:
    words: Any = environment(language, html=False).get_template("calendar.jinja").module
    calendar = Calendar()
    calendar.add("prodid", f"-//Credential tracker//Reminders//{language.name.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(need, mail, words, origin))
    name = f"{words.file_name(need)} {need.last_day}"
    return CalendarFile(_plain(name) + ".ics", calendar.to_ical().decode())


def _event(need: Need, mail: StaffReminder, words: Any, origin: Origin) -> Event:
    """An all-day entry that blocks no time, and shows no words to colleagues with whom a calendar is shared."""
    last_day = need.last_day or mail.day
    event = Event()
    event.add("uid", str(uuid5(_OURS, f"{origin.owner}\n{need.cause}")))
    event.add("sequence", (mail.day - _FIRST_VERSION).days)
    event.add("dtstamp", origin.instant.astimezone(UTC))
    event.add("organizer", f"mailto:{origin.sender}")
    event.add("dtstart", last_day)
    event.add("dtend", day_after(last_day))
    event.add("summary", words.summary(need))
    event.add("description", _text(words.description(need, mail)))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    if len(need.any_of) == 1 and is_web_address(need.any_of[0].renew_at):
        event.add("url", need.any_of[0].renew_at)
    return event


def _text(words: str) -> str:
    """Paragraphs with one blank line between them; calendars break lines by themselves."""
    return re.sub(r"\n{3,}", "\n\n", words).strip()


def _plain(name: str) -> str:
    """The name with nothing in it that a file's name may not have anywhere."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")[-60:]
