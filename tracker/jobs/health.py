"""Whether the installation is well: in a word for monitors, and in more for those who keep it."""

import shutil
from pathlib import Path
from typing import NamedTuple

from tracker.db.migrate import HEAD, revision_of
from tracker.domain.errors import NotPossible
from tracker.jobs.spec import Site
from tracker.jobs.watchdog import look_around

WELL = "ok"
# Less room on the disk of the data folder than this is too little for an import or a day's mails.
LEAST_ROOM = 200 * 2**20
# What only somebody in the house can mend: no fault of the machinery.
OF_PEOPLE = "managers-bounce"


class Room(NamedTuple):
    """Bytes of the disk that the data folder is on."""

    free: int
    total: int

    @property
    def scarce(self) -> bool:
        """Whether it is too little."""
        return self.free < LEAST_ROOM


class Schema(NamedTuple):
    """The shape that the database has, and the one that this program needs."""

    found: str | None
    needed: str = HEAD


def room(data_folder: Path) -> Room:
    """The room of the data folder; before it is made, of where it will be."""
    folder = data_folder.expanduser().absolute()
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return Room(usage.free, usage.total)


def schema(site: Site) -> Schema:
    """The shape of the database."""
    with site.database.read() as connection:
        return Schema(revision_of(connection))


def in_a_word(site: Site) -> str:
    """`ok`, or what is wrong first: `database`, `schema`, `disk`, `jobs`."""
    try:
        shape = schema(site)
        if shape.found != shape.needed:
            return "schema"
        if room(site.settings.data_dir).scarce:
            return "disk"
        return "jobs" if any(alarm.name != OF_PEOPLE for alarm in look_around(site)) else WELL
    except NotPossible:
        return "database"
