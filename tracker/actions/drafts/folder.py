"""Where drafts of imports lie: a folder for each in the data folder, for the owner of the installation alone.

`drafts/OWNER/DRAFT/`. Nothing of what people call their files becomes part of a path. A draft ends with its import,
when it is discarded, or after a day: then its files, which are full of people, are removed.
"""

import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from tracker.actions.drafts.draft import Draft, DraftFile
from tracker.domain.errors import BadInput, NotPossible

FOLDER = "drafts"
LASTS = timedelta(days=1)
MOST_FILES = 20
_ID = re.compile(r"[0-9a-f]{16}")
# By the ending some readers tell formats apart; what a file holds is looked at all the same.
_ENDINGS = frozenset({".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_SAID, _SEEN = "draft.json", "seen.json"


class Handed(NamedTuple):
    """A file as it was handed in: what it is called, and its bytes to be read."""

    name: str
    content: IO[bytes]


class Drafts:
    """The drafts of one installation."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder / FOLDER

    def begin(self, owner: str, handed: Sequence[Handed], now: datetime) -> Draft:
        """Keeps files as a new draft. Raises BadInput if there is no file, or there are too many."""
        files = [each for each in handed if each.name.strip()]
        if not files:
            raise BadInput("Choose a file first: a spreadsheet, or text with commas or tabs between the cells.")
        if len(files) > MOST_FILES:
            raise BadInput(f"Up to {MOST_FILES} files go in at once; hand in the others after these.")
        self._clear(owner)
        draft = Draft(secrets.token_hex(8), owner, now.isoformat(), [])
        folder = self.folder(draft)
        try:
            for place in (self._folder, folder.parent, folder):
                place.mkdir(mode=0o700, parents=True, exist_ok=True)
            for number, each in enumerate(files):
                name = _name(each.name, {file.name for file in draft.files})
                stored = f"{number}{_ending(name)}"
                _keep(folder / stored, each.content)
                draft.files.append(DraftFile(name, stored))
            self.save(draft)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            reason = (error.strerror or "it failed").lower()
            raise NotPossible(f"The files cannot be kept ({reason}); tell an administrator.") from None
        return draft

    def find(self, owner: str, draft: str, now: datetime) -> Draft:
        """A draft of an owner; raises BadInput if they have none by that name, or no longer."""
        found = self._load(self._folder / owner / draft) if _ID.fullmatch(draft) else None
        if found is None or now - found.begun > LASTS:
            raise BadInput("There is no such import in preparation, or it is over; hand the files in again.")
        return found

    def of(self, owner: str, now: datetime) -> list[Draft]:
        """The drafts of an owner that can be gone on with, the latest first."""
        found = [self._load(each) for each in self._under(owner)]
        return sorted(
            (one for one in found if one and not one.applied and not one.unusable and now - one.begun <= LASTS),
            key=lambda one: one.begun_at,
            reverse=True,
        )

    def folder(self, draft: Draft) -> Path:
        """Where a draft lies."""
        return self._folder / draft.owner / draft.id

    def save(self, draft: Draft) -> None:
        """Keeps what was said of a draft."""
        write_json(self.folder(draft) / _SAID, draft.as_json())

    def keep_seen(self, draft: Draft, seen: dict[str, Any]) -> None:
        """Keeps what came of looking at a draft, if it is still there."""
        if self.folder(draft).is_dir():
            write_json(self.folder(draft) / _SEEN, seen)

    def seen(self, draft: Draft) -> dict[str, Any] | None:
        """What came of looking at a draft, if it was looked at."""
        found: dict[str, Any] | None = read_json(self.folder(draft) / _SEEN)
        return found

    def remove_files(self, draft: Draft) -> None:
        """Removes the files that were handed in."""
        for each in draft.files:
            (self.folder(draft) / each.stored).unlink(missing_ok=True)

    def remove(self, draft: Draft) -> None:
        """Ends a draft."""
        shutil.rmtree(self.folder(draft), ignore_errors=True)

    def sweep(self, now: datetime) -> int:
        """Removes the drafts that are over, of whomever; returns how many."""
        gone = 0
        for folder in [each for owner in self._under() for each in self._under(owner.name)]:
            draft = self._load(folder)
            begun = draft.begun if draft else datetime.fromtimestamp(folder.lstat().st_mtime, now.tzinfo)
            if now - begun > LASTS:
                shutil.rmtree(folder, ignore_errors=True)
                gone += 1
        return gone

    def _clear(self, owner: str) -> None:
        """Removes what is left of an owner's drafts of which no file could be read."""
        for folder in self._under(owner):
            draft = self._load(folder)
            if draft and draft.unusable:
                self.remove(draft)

    def _under(self, *names: str) -> Iterator[Path]:
        folder = self._folder.joinpath(*names)
        return (each for each in (folder.iterdir() if folder.is_dir() else ()) if each.is_dir())

    def _load(self, folder: Path) -> Draft | None:
        said = read_json(folder / _SAID)
        return Draft.of_json(said) if said else None


def write_json(path: Path, said: Any) -> None:
    """Puts a file in place in one step, readable to nobody else."""
    write_lines(path, [json.dumps(said)])


def write_lines(path: Path, lines: Sequence[str]) -> None:
    """Puts a file of lines in place in one step, readable to nobody else."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    Path(name).replace(path)


def read_json(path: Path) -> Any:
    """What a file says; None if it is not there."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None


def read_lines(path: Path, after: int, count: int) -> list[Any]:
    """Some lines of a file of JSON, those after the first so many."""
    try:
        with path.open(encoding="utf-8") as file:
            return [json.loads(line) for line in islice(file, after, after + count)]
    except FileNotFoundError:
        return []


def _keep(path: Path, content: IO[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)


def _name(given: str, taken: set[str]) -> str:
    """What a file is called, told apart from others of the draft."""
    plain = re.split(r"[/\\]", given.strip())[-1] or "file"
    said = Path(plain)
    names = (plain, *(f"{said.stem} ({number}){said.suffix}" for number in range(2, MOST_FILES + 2)))
    return next(name for name in names if name not in taken)


def _ending(name: str) -> str:
    ending = Path(name).suffix.casefold()
    return ending if ending in _ENDINGS else ""
