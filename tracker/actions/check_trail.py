"""Proves the trail, and notes in the data folder that it was done, by whom, and what was found.

The note is for whoever wants to know when somebody last looked; it proves nothing itself.
"""

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tracker.db.connect import Database
from tracker.db.trail import faults, head

FILE = "trail-check.json"
# Of what was found the note keeps so much.
NOTED = 100


class Checked(NamedTuple):
    """A look at the whole trail: by whom, when, the last entry and its seal (0 if there is none), what is
    wrong, as far as it was noted, and how much is."""

    at: datetime
    by: str
    entries: int
    seal: str
    faults: list[str]
    wrong: int


def check_trail(database: Database, data_folder: Path, by: str, at: datetime) -> Checked:
    """Looks at every entry and every fact."""
    with database.read() as connection:
        found = list(faults(connection))
        number, seal = head(connection) or (0, "")
    checked = Checked(at, by, number, seal, found, len(found))
    said = checked._asdict() | {"at": at.isoformat(), "faults": found[:NOTED]}
    path = data_folder.expanduser() / FILE
    # What was found counts, whether or not it can be noted.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(said), "utf-8")
        draft.replace(path)
    return checked


def last_check(data_folder: Path) -> Checked | None:
    """What was noted last; None if nothing was, or it cannot be read."""
    try:
        said = json.loads((data_folder.expanduser() / FILE).read_text("utf-8"))
        return Checked(**said | {"at": datetime.fromisoformat(said["at"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
