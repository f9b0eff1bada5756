"""Delivery into a mailbox on disk, a Maildir: for trying things out, and where no server is set."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from tracker.clock import now
from tracker.notify.ports import Letter, Meanwhile, NotDelivered, nothing

FOLDERS = ("tmp", "new", "cur")


class Maildir:
    """A Post that puts each mail into `new`, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to close."""

    def send(self, letter: Letter, meanwhile: Meanwhile = nothing) -> None:
        """Puts the mail into the mailbox, whole or not at all; raises NotDelivered."""
        try:
            self._deliver(letter.content.replace(b"\r\n", b"\n"))
        except OSError as error:
            reason = f"The mailbox cannot be written ({error.strerror or type(error).__name__}); see to its folder."
            raise NotDelivered(reason, permanent=False) from None

    def _deliver(self, content: bytes) -> None:
        for folder in (self._path, *(self._path / name for name in FOLDERS)):
            if not folder.is_dir():
                folder.parent.mkdir(parents=True, exist_ok=True)
                folder.mkdir(mode=0o700, exist_ok=True)
        # Not the standard library's `mailbox`, which leaves a file's mode to the umask until it lies in `new`. Names
        # begin with the time, as a mailbox's do, so that they stand in the order of arrival.
        name = f"{now().timestamp():.6f}.{uuid4().hex}"
        waiting = self._path / "tmp" / name
        try:
            _write(waiting, content)
            waiting.rename(self._path / "new" / name)
        finally:
            waiting.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Writes a new file down to the disk, for its owner alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
