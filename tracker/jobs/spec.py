"""What a job is: when something is due, and what to do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.db.connect import Database
from tracker.db.policies import find_rulebook
from tracker.domain.rulebook import Rulebook
from tracker.settings import Settings


@dataclass
class Site:
    """What jobs work with, at one look. `now` is asked anew whenever the instant matters."""

    database: Database
    settings: Settings
    now: Callable[[], datetime]

    @cached_property
    def rulebook(self) -> Rulebook | None:
        """The site's policies; None before the first."""
        with self.database.read() as connection:
            return find_rulebook(connection)

    @property
    def local(self) -> datetime:
        """This instant by the site's clocks; in UTC before there is a policy."""
        return self.now().astimezone(ZoneInfo(self.rulebook.newest.timezone if self.rulebook else "UTC"))

    @property
    def day(self) -> date:
        """Today at the site."""
        return self.settings.today or self.local.date()


class Due(NamedTuple):
    """Whether a job has something to do: the slot to work, or why there is none."""

    slot: str | None
    why: str = ""


class Held(NamedTuple):
    """What a body may ask while it works.

    `hold` says that it is still at it, so that nobody takes over; `stopping` whether it should come to an end, as the
    process is to, or as somebody took over all the same.
    """

    hold: Callable[[], None]
    stopping: Callable[[], bool]


class Job(NamedTuple):
    """A job: how often to look whether it is due, for how long a slot is held without a word, and what it does.

    `work` returns how many of what it did, for the records. `resumes`: its slots are all alike, so what failed in one
    is tried again in that one, after its pause, and a slot in which nothing was to be done is not recorded.
    """

    name: str
    about: str
    every: timedelta
    lease: timedelta
    due: Callable[[Site], Due]
    work: Callable[[Site, Held], Mapping[str, int]]
    resumes: bool = False
