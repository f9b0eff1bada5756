"""Files that are kept beside the database: each under its hash, for its owner's eyes, there whole or not at all.

`evidence/ab/ab12...` in the data folder. A file comes before the fact that names it, so one that no fact names is
what a change that failed left behind: harmless, and swept a day later.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from tracker.domain.errors import NotPossible

_DRAFT = ".draft-"
# Seconds after which what nobody names is no longer somebody's work in progress.
_LEFT_BEHIND = 24 * 60 * 60


class KeptFiles:
    """The files of one kind, in a folder of their own in the data folder: evidence, or issued reports."""

    def __init__(self, data_folder: Path, name: str = "evidence") -> None:
        self.folder = data_folder / name

    def beside(self, name: str) -> "KeptFiles":
        """The files of another folder of the same data folder."""
        return KeptFiles(self.folder.parent, name)

    @contextmanager
    def draft(self, data: bytes) -> Iterator[Path]:
        """A file with these bytes that is gone at the end of the block, unless it was kept."""
        with in_words(self.folder):
            for folder in (self.folder.parent, self.folder):
                folder.mkdir(exist_ok=True, parents=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=_DRAFT)
        path = Path(name)
        try:
            with in_words(self.folder), os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield path
        finally:
            path.unlink(missing_ok=True)

    def keep(self, draft: Path, digest: str) -> None:
        """Gives a draft its place; the same bytes again take the place of themselves."""
        place = self._place(digest)
        with in_words(self.folder):
            place.parent.mkdir(exist_ok=True, mode=0o700)
            # Its time is today's, so that nobody sweeps it before the fact is recorded.
            os.utime(draft)
            draft.replace(place)
            for folder in (place.parent, self.folder):
                _settle(folder)

    def holds(self, digest: str) -> bool:
        """Whether the file is there."""
        return self._place(digest).is_file()

    def read(self, digest: str) -> bytes:
        """The bytes of a file; raises NotPossible if they are gone, or not those that were kept."""
        place = self._place(digest)
        try:
            data = place.read_bytes()
        except OSError as error:
            reason = (error.strerror or "it failed").lower()
            raise NotPossible(
                f"A kept file cannot be read ({reason}); put it back from a backup of '{self.folder.name}'.", place
            ) from None
        if sha256(data).hexdigest() != digest:
            raise NotPossible(f"A file is not what was kept; put it back from a backup of '{self.folder.name}'.", place)
        return data

    def sweep(self, start: str, named: set[str]) -> None:
        """Removes what was left behind: old drafts, and old files whose hash begins so and is not among those named."""
        left = [*self.folder.glob(f"{_DRAFT}*"), *(self.folder / start).glob("*")]
        for path in left:
            # What cannot be removed today is not worth failing for.
            with suppress(OSError):
                if path.name not in named and time.time() - path.lstat().st_mtime > _LEFT_BEHIND:
                    path.unlink()

    def remove(self, digest: str) -> bool:
        """Removes a file for good; false if it cannot be removed. One that is not there is removed."""
        try:
            self._place(digest).unlink(missing_ok=True)
        except OSError:
            return False
        return True

    def _place(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest


def _settle(folder: Path) -> None:
    """Makes sure that a new name in a folder outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """What the disk refuses, told in a sentence."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise NotPossible(
            f"Nothing can be kept ({reason}); make room in the data folder, or see that its owner may write there.",
            folder,
        ) from None
