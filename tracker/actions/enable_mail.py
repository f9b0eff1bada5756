"""Whether mails may leave over SMTP: only once somebody looked at whom the next run would reach, and let them go.

That is bound to this database where it is and to the site's address. A restored or copied database asks again: what
was sent after the backup is not in it, and would be sent once more.
"""

import json
import os
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
    with change(database, author, "mail-enable") as made:
        before = enablings_that_hold(made.connection)
        if before:
            made.retract(enablings, before)
        made.record(enablings, [(day, bound.digest)])
    remember_runs(database, settings)


def remember_runs(database: Database, settings: Settings) -> None:
    """Notes beside the database how many runs it has seen, so that an older copy of it is known as one."""
    if settings.mail.startswith("maildir:"):
        return
    bound = binding(settings)
    with database.read() as connection:
        content = {"bound_to": bound.digest, "runs": runs_so_far(connection)}
    draft = bound.file.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
    draft.replace(bound.file)


def _remembered(bound: Binding) -> int | None:
    """How many runs the file beside the database speaks of; None if it speaks of another database, or is not there."""
    try:
        found = json.loads(bound.file.read_text("utf-8"))
        return int(found["runs"]) if found["bound_to"] == bound.digest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
