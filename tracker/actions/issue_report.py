"""Issues a report: what was handed out is kept, and can be proved later to be what was handed out then."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, change, next_id
from tracker.db.connect import Database
from tracker.db.erasing import erased_since
from tracker.db.tables import issues
from tracker.domain.errors import NotPossible
from tracker.domain.scope import InUnits
from tracker.reports.made import Made, Written, write

ACTION = "report-issue"
# Times that a report is made, as others issue theirs meanwhile.
MOST_TRIES = 5


class Handed(NamedTuple):
    """A report that is handed out: its kind and form, what was asked (naming nobody), the file, its figures as JSON.

    `newest` is the last entry of the trail when its facts were read.
    """

    kind: str
    form: str
    as_of: date
    parameters: Mapping[str, Any]
    content: bytes
    data: bytes
    newest: int


def issue_made(
    database: Database, author: Author, files: KeptFiles, made: Made, form: str, paper: str, today: date
) -> tuple[int, Written]:
    """Issues a report that was made, in a form; returns its number, and what was written. Raises as `issue_report`.

    One that somebody made who sees everybody may tell of people who are not in its units today what these may not see.
    """
    heading = made.heading
    known_at = heading.known_at.isoformat() if heading.known_at else None
    units = list(heading.scope.units) if isinstance(heading.scope, InUnits) else None
    keeps = isinstance(heading.scope, InUnits) and heading.scope.today is not None
    asked = {"known_at": known_at, "units": units, "policy": heading.policy_sha256, **made.asked}
    asked["for_units"] = keeps or heading.as_of == today or made.asked.get("for_units", False)
    figures = made.of_data["json"]().encode()
    written = Written(b"")

    def make(number: int) -> Handed:
        nonlocal written
        written = write(made, form, paper, number)
        return Handed(made.kind, form, heading.as_of, asked, written.content, figures, heading.newest)

    number, _ = issue_report(database, author, files, make)
    return number, written


def issue_report(
    database: Database, author: Author, files: KeptFiles, make: Callable[[int], Handed]
) -> tuple[int, bytes]:
    """Keeps the file and its figures, and records their hashes; returns the report's number, and the file.

    `make` makes the report that bears a number; once more with another one if somebody else's report took that
    meanwhile: nobody waits for a report that is being typeset.

    Raises NotPossible if somebody was erased since its facts were read: it would bring the person back.
    """
    for _ in range(MOST_TRIES):
        with database.read() as connection:
            number = next_id(connection, issues)
        handed = make(number)
        if _issued(database, author, files, handed, number):
            return number, handed.content
    raise NotPossible("Others issue reports all the time; this one is not issued, so try again later.")


def _issued(database: Database, author: Author, files: KeptFiles, handed: Handed, number: int) -> bool:
    """Issues a report under its number; false if that is taken."""
    digest, figures = (sha256(each).hexdigest() for each in (handed.content, handed.data))
    with (
        files.draft(handed.content) as content,
        files.draft(handed.data) as data,
        change(database, author, ACTION, f"report:{handed.kind}") as made,
    ):
        if erased_since(made.connection, handed.newest):
            raise NotPossible("Somebody was erased while this report was made; it is not issued, so make it again.")
        if made.next_id(issues) != number:
            return False
        # Within the change: nobody can then remove the same bytes, left behind by another, before it is recorded.
        files.keep(content, digest)
        files.keep(data, figures)
        asked = json.dumps(handed.parameters, sort_keys=True)
        made.record(issues, [(handed.kind, handed.form, handed.as_of, asked, digest, len(handed.content), figures)])
    return True
