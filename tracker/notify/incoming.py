"""A Maildir into which others deliver, read mail by mail."""

import os
from itertools import islice
from pathlib import Path

from tracker.domain.errors import NotPossible
from tracker.notify.bounces import MOST_BYTES

SEEN = ":2,S"


class Incoming:
    """Mails wait in `new`; what was read goes to `cur`, marked as seen, and stays there for people."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new, self._cur = path / "new", path / "cur"

    def waiting(self, most: int) -> list[str]:
        """The names of some mails that were not read yet; raises NotPossible if there is no such mailbox."""
        try:
            with os.scandir(self._new) as entries:
                mails = (
                    one.name for one in entries if not one.name.startswith(".") and one.is_file(follow_symlinks=False)
                )
                found = list(islice(mails, most))
            if not self._cur.is_dir():
                raise FileNotFoundError(2, os.strerror(2))
        except OSError as error:
            raise self._cannot(error) from None
        return sorted(found)

    def read(self, name: str) -> bytes | None:
        """The beginning of a mail, as much as is needed of it; None if another has taken it meanwhile."""
        try:
            with (self._new / name).open("rb") as file:
                return file.read(MOST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._cannot(error) from None

    def put_away(self, name: str) -> None:
        """Moves a mail to those that were read, as it is; never over another."""
        target = self._cur / (name if ":2," in name else f"{name}{SEEN}")
        if target.exists():
            # Nobody should give two mails one name.
            target = self._cur / f"{name.partition(':')[0]}.{os.urandom(4).hex()}{SEEN}"
        try:
            (self._new / name).rename(target)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._cannot(error) from None

    def _cannot(self, error: OSError) -> NotPossible:
        reason = (error.strerror or type(error).__name__).lower()
        return NotPossible(
            f"The mailbox for mails that came back cannot be used ({reason}); see to TRACKER_BOUNCES, and to its "
            "folders 'new' and 'cur' and their rights.",
            self._path,
        )
