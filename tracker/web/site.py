"""What every page works with: the database, the settings, the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from tracker import clock
from tracker.actions.kept_files import KeptFiles
from tracker.db.connect import Database
from tracker.db.policies import find_rulebook
from tracker.domain.rulebook import Rulebook
from tracker.settings import Settings, secret_key
from tracker.web.background import Background
from tracker.web.boards import Boards
from tracker.web.next_run import NextRun


@dataclass(frozen=True)
class Site:
    """One installation. `now` is the clock, `background` the work that pages begin and do not wait for."""

    database: Database
    settings: Settings
    now: Callable[[], datetime] = clock.now
    background: Background = field(default_factory=Background)

    @cached_property
    def boards(self) -> Boards:
        """What the first page counts."""
        return Boards(self.database, self.background)

    @cached_property
    def next_run(self) -> NextRun:
        """What the next run of reminders would send."""
        return NextRun(self.database, self.background)

    @property
    def folder(self) -> Path:
        """Where files are kept."""
        return self.settings.data_dir.expanduser()

    @property
    def files(self) -> KeptFiles:
        """The files that show cards."""
        return KeptFiles(self.folder)

    @property
    def secret(self) -> bytes:
        """What forms are marked with."""
        return secret_key(self.settings).encode()

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by TLS only, so that what they keep may be kept to it."""
        return (self.settings.base_url or "").startswith("https://")

    def rulebook(self) -> Rulebook | None:
        """The policies; None before the first."""
        with self.database.read() as connection:
            return find_rulebook(connection)

    def today(self, rulebook: Rulebook | None) -> date:
        """The day at the site, in UTC before there is a policy to say where it is."""
        return clock.today(zone_of(rulebook), self.settings.today)


def zone_of(rulebook: Rulebook | None) -> str:
    """The time zone of the site."""
    return rulebook.newest.timezone if rulebook else "UTC"
