"""Drafts of policies, in a folder of the data folder: one each, for the owner's eyes, swept after a day.

Nothing of a draft is in the database, so nothing is in force before it is applied.
"""

import json
import re
import secrets
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tracker.actions.kept_files import in_words
from tracker.domain.errors import BadInput

FOLDER = "policy-drafts"
# What was found holds employee ids, and grows old as the records change.
KEPT = timedelta(days=1)
GONE = "This draft is gone: drafts are kept for a day. Put the policy in again."
_KEY = re.compile("[0-9a-f]{32}")
_DRAFT = "draft.json"


class Draft(NamedTuple):
    """A text that can be used, the first day that it would hold (None: all days), who brought it, and when."""

    key: str
    text: str
    effective: date | None
    by: str
    at: datetime


class Drafts:
    """The drafts of one installation."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder.expanduser() / FOLDER

    def keep(self, text: str, effective: date | None, by: str, at: datetime) -> Draft:
        """Keeps a text; those of the days before are swept."""
        draft = Draft(secrets.token_hex(16), text, effective, by, at)
        self.sweep(at)
        said = draft._asdict() | {"effective": effective.isoformat() if effective else None, "at": at.isoformat()}
        with in_words(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.place(draft.key).mkdir(mode=0o700)
            (self.place(draft.key) / _DRAFT).write_text(json.dumps(said), "utf-8")
        return draft

    def find(self, key: str) -> Draft:
        """A draft; raises BadInput if there is none, or none any more."""
        path = self.place(key) / _DRAFT
        if not _KEY.fullmatch(key) or not path.is_file():
            raise BadInput(GONE)
        said = json.loads(path.read_text("utf-8"))
        effective = date.fromisoformat(said["effective"]) if said["effective"] else None
        return Draft(key, said["text"], effective, said["by"], datetime.fromisoformat(said["at"]))

    def waiting(self, at: datetime) -> list[Draft]:
        """Those that may still be applied, the latest first."""
        self.sweep(at)
        keys = [folder.name for folder in self._folder.glob("*") if (folder / _DRAFT).is_file()]
        return sorted(map(self.find, keys), key=lambda draft: draft.at, reverse=True)

    def place(self, key: str) -> Path:
        """The folder of one draft."""
        return self._folder / key

    def forget(self, key: str) -> None:
        """Removes a draft and what was found about it."""
        shutil.rmtree(self.place(key), ignore_errors=True)

    def sweep(self, at: datetime) -> None:
        """Removes the drafts that are older than a day."""
        for folder in self._folder.glob("*"):
            if _KEY.fullmatch(folder.name) and folder.stat().st_mtime < (at - KEPT).timestamp():
                self.forget(folder.name)
