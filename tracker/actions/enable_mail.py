"""Whether mails may leave over SMTP: only once somebody looked at whom the next run would reach, and let them go.

That is bound to this database where it is and to the site's address. A restored or copied database asks again: what
was sent after the backup is not in it, and would be sent once more.
"""

import json
import os
import tempfile
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.reminders import enabled_on, enablings_that_hold, runs_so_far
from tracker.db.tables import enablings
from tracker.domain.gate import Gate
from tracker.settings import Settings, secret_key

FILE = "mail-enabled.json"


class Binding(NamedTuple):
    """What `mail enable` is bound to, and the file beside the database that remembers how far it had run."""

    digest: str
    file: Path


def binding(settings: Settings) -> Binding:
    """The binding of this installation."""
    bound = [secret_key(settings), settings.database, settings.base_url or ""]
    return Binding(sha256("\n".join(bound).encode()).hexdigest(), settings.data_dir.expanduser() / FILE)


def mail_gate(database: Database, settings: Settings) -> Gate:
    """Whether mails may leave, and from which day on managers are told of lapses. A maildir needs no leave."""
    if settings.mail.startswith("maildir:"):
        return Gate(True)
    bound = binding(settings)
    with database.read() as connection:
        day = enabled_on(connection, bound.digest)
        so_far = runs_so_far(connection)
    remembered = _remembered(bound)
    is_open = day is not None and remembered is not None and remembered <= so_far
    return Gate(is_open, day if is_open else None)


def enable_mail(database: Database, author: Author, settings: Settings, day: date) -> None:
    """Lets mails go from a day on."""
    bound = binding(settings)
    # First, as it may fail: without the record in the database it means nothing.
    remember_runs(database, settings)
    with change(database, author, "mail-enable") as made:
        before = enablings_that_hold(made.connection)
        if before:
            made.retract(enablings, before)
        made.record(enablings, [(day, bound.digest)])


def remember_runs(database: Database, settings: Settings) -> None:
    """Notes beside the database how many runs it has seen, so that an older copy of it is known as one."""
    if settings.mail.startswith("maildir:"):
        return
    bound = binding(settings)
    with database.read() as connection:
        so_far = runs_so_far(connection)
    bound.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=bound.file.parent, prefix=f".{FILE}.")
    with os.fdopen(handle, "w") as file:
        # Its own number on the disk: a copy that a backup put back has another, even in the same place.
        json.dump({"bound_to": bound.digest, "runs": so_far, "file": os.fstat(file.fileno()).st_ino}, file)
    Path(draft).replace(bound.file)


def _remembered(bound: Binding) -> int | None:
    """How many runs the file beside the database speaks of; None if it speaks of another database, or is not there."""
    try:
        with bound.file.open(encoding="utf-8") as file:
            found = json.load(file)
            # A copy that a backup put back in the same place is another file.
            own = found["bound_to"] == bound.digest and found["file"] == os.fstat(file.fileno()).st_ino
        return int(found["runs"]) if own else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
