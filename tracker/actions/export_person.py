"""Hands out all that is on record of a person, as a file; that somebody did so goes to the trail."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.dossier import dossier
from tracker.db.erasing import theirs
from tracker.db.meant import called_now
from tracker.domain.errors import NotPossible
from tracker.reports.forms import to_json

ACTION = "person-export"


class Exported(NamedTuple):
    """A ZIP file, and the numbers of the pieces of evidence whose file is gone or altered, so that it lacks them."""

    content: bytes
    lacking: list[int]


def export_person(database: Database, author: Author, files: KeptFiles, employee_id: str) -> Exported:
    """Everything on record of whoever has an employee id; raises BadInput if nobody is meant."""
    with change(database, author, ACTION) as made:
        numbers = called_now(made.connection, employee_id)
        documents = dossier(made.connection, theirs(made.connection, numbers, joint=False))
        made.about(f"person:{numbers[0]}")
        made.note_look()
    out, lacking = io.BytesIO(), list[int]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in documents.items():
            archive.writestr(f"{name}.json", to_json(document) + "\n")
        for item, digest, ending in _pieces(documents):
            try:
                archive.writestr(f"evidence/{item}.{ending}", files.read(digest))
            except NotPossible:
                lacking.append(item)
    return Exported(out.getvalue(), lacking)


def _pieces(documents: dict[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Each piece of evidence once: its number, its file's hash, and what the file's name ends with."""
    facts = documents["person"]["facts"].get("evidence", [])
    for item, fact in {fact["item"]: fact for fact in facts}.items():
        yield item, fact["sha256"], fact["media_type"].rpartition("/")[2]
