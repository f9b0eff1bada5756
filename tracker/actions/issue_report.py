"""Issues a report: what was handed out is kept, and can be proved later to be what was handed out then."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from tracker.actions.evidence.files import EvidenceFiles
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.tables import issues

ACTION = "report-issue"
# The folder of what was issued, in the data folder.
FOLDER = "issued"


class Handed(NamedTuple):
    """A report that is handed out: its kind and form, what was asked (naming nobody), the file, its figures as JSON."""

    kind: str
    form: str
    as_of: date
    parameters: Mapping[str, Any]
    content: bytes
    data: bytes


def issue_report(database: Database, author: Author, files: EvidenceFiles, handed: Handed) -> int:
    """Keeps the file and its figures, and records their hashes; returns the report's number."""
    digest, figures = (sha256(each).hexdigest() for each in (handed.content, handed.data))
    with (
        files.draft(handed.content) as content,
        files.draft(handed.data) as data,
        change(database, author, ACTION, f"report:{handed.kind}") as made,
    ):
        # Within the change: nobody can then remove the same bytes, left behind by another, before it is recorded.
        files.keep(content, digest)
        files.keep(data, figures)
        number = made.next_id(issues)
        asked = json.dumps(handed.parameters, sort_keys=True)
        row = (handed.kind, handed.form, handed.as_of, asked, digest, len(handed.content), figures)
        made.record(issues, [row])
    return number
