"""The files of issued reports: where they are, whom they name, and that they go."""

import json
from collections.abc import Iterable

from tracker.actions.kept_files import KeptFiles
from tracker.db.connect import Connection, Database
from tracker.db.issues import Issue, kept
from tracker.domain.errors import NotPossible

# The folder of what was issued, in the data folder.
FOLDER = "issued"


def naming(connection: Connection, issued: KeptFiles, words: Iterable[str]) -> list[Issue]:
    """The issued reports still kept whose figures name somebody by one of some words: an employee id, a name, a label.

    One whose figures cannot be read may name anybody, so it is among them.
    """
    quoted = [json.dumps(word, ensure_ascii=False).encode() for word in words]
    return [one for one in kept(connection) if _names(issued, one, quoted)]


def remove_issued(database: Database, issued: KeptFiles, reports: Iterable[Issue]) -> list[str]:
    """Removes the files of some reports, and their figures; returns the hashes of those that could not be removed.

    What another report that is kept has as well stays. While it looks, nobody can record one.
    """
    digests = {digest for one in reports for digest in (one.sha256, one.data_sha256)}
    if not digests:
        return []
    with database.write() as connection:
        digests -= {digest for one in kept(connection) for digest in (one.sha256, one.data_sha256)}
        return [digest for digest in sorted(digests) if not issued.remove(digest)]


def sweep_issued(database: Database, issued: KeptFiles) -> None:
    """Removes files over a day old that no report names: an erasure, or a change that failed, left them.

    While it looks, nobody can record a report: what is about to be named is named already, or is of today.
    """
    if not issued.folder.is_dir():
        return
    with database.write() as connection:
        named = {digest for one in kept(connection) for digest in (one.sha256, one.data_sha256)}
        for start in range(256):
            issued.sweep(f"{start:02x}", named)


def _names(issued: KeptFiles, one: Issue, quoted: Iterable[bytes]) -> bool:
    try:
        figures = issued.read(one.data_sha256)
    except NotPossible:
        return True
    return any(word in figures for word in quoted)
