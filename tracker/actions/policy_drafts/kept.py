"""Drafts of policies, each in a folder of the data folder that only the program's account reads; swept after a day.

Nothing of a draft is in the database, so nothing is in force before it is applied.
"""

import json
import re
import secrets
import shutil
from contextlib import suppress
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
    """A text that can be used, by its name, the first day that it would hold (None: all days), who brought it, when."""

    key: str
    name: str
    text: str
    effective: date | None
    by: str
    at: datetime


class Drafts:
    """The drafts of one installation."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder.expanduser() / FOLDER

    def keep(self, name: str, text: str, effective: date | None, by: str, at: datetime) -> Draft:
        """Keeps a text; those of the days before are swept."""
        draft = Draft(secrets.token_hex(16), name, text, effective, by, at)
        self.sweep(at)
        said = draft._asdict() | {"effective": effective.isoformat() if effective else None, "at": at.isoformat()}
        with in_words(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.place(draft.key).mkdir(mode=0o700)
            # Whoever looks meanwhile finds all of it, or nothing.
            begun = self.place(draft.key) / f"{_DRAFT}.new"
            begun.write_text(json.dumps(said), "utf-8")
            begun.replace(self.place(draft.key) / _DRAFT)
        return draft

    def find(self, key: str) -> Draft:
        """A draft; raises BadInput if there is none, or none any more."""
        try:
            said = json.loads((self.place(key) / _DRAFT).read_text("utf-8")) if _KEY.fullmatch(key) else {}
            effective = date.fromisoformat(said["effective"]) if said["effective"] else None
            return Draft(key, said["name"], said["text"], effective, said["by"], datetime.fromisoformat(said["at"]))
        except (OSError, KeyError, ValueError):
            raise BadInput(GONE) from None

    def waiting(self, at: datetime) -> list[Draft]:
        """All of them, the latest first."""
        self.sweep(at)
        found: list[Draft] = []
        for folder in self._folder.glob("*"):
            # One may be dropped, or applied, at this moment.
            with suppress(BadInput):
                found.append(self.find(folder.name))
        return sorted(found, key=lambda draft: draft.at, reverse=True)

    def place(self, key: str) -> Path:
        """The folder of one draft."""
        return self._folder / key

    def forget(self, key: str) -> None:
        """Removes a draft and what was found about it."""
        shutil.rmtree(self.place(key), ignore_errors=True)

    def sweep(self, at: datetime) -> None:
        """Removes the drafts that are older than a day."""
        for folder in self._folder.glob("*"):
            with suppress(FileNotFoundError):
                if _KEY.fullmatch(folder.name) and folder.stat().st_mtime < (at - KEPT).timestamp():
                    self.forget(folder.name)
