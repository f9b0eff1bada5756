"""Removes files that nothing names any more, as facts were removed for good: evidence, and issued reports."""

import json
from collections.abc import Iterable

from tracker.actions.evidence.files import EvidenceFiles
from tracker.db.connect import Connection, Database
from tracker.db.evidence import still_named
from tracker.db.issues import Issue, kept
from tracker.domain.errors import NotPossible


def remove_files(database: Database, files: EvidenceFiles, digests: Iterable[str]) -> list[str]:
    """Removes those among some files that no fact names; returns those that could not be removed.

    While it looks, nobody can record a fact that names one.
    """
    wanted = sorted(digests)
    if not wanted:
        return []
    with database.write() as connection:
        named = still_named(connection, wanted)
        return [digest for digest in wanted if digest not in named and not files.remove(digest)]


def naming(connection: Connection, issued: EvidenceFiles, words: Iterable[str]) -> list[Issue]:
    """The issued reports still kept whose figures name somebody by one of some words: an employee id, a name, a label.

    One whose figures cannot be read may name anybody, so it is among them.
    """
    quoted = [json.dumps(word, ensure_ascii=False).encode() for word in words]
    return [one for one in kept(connection) if _names(issued, one, quoted)]


def remove_issued(database: Database, issued: EvidenceFiles, reports: Iterable[Issue]) -> list[str]:
    """Removes the files of some reports, and their figures; returns the hashes of those that could not be removed.

    What another report that is kept has as well stays. While it looks, nobody can record one.
    """
    digests = {digest for one in reports for digest in (one.sha256, one.data_sha256)}
    if not digests:
        return []
    with database.write() as connection:
        digests -= {digest for one in kept(connection) for digest in (one.sha256, one.data_sha256)}
        return [digest for digest in sorted(digests) if not issued.remove(digest)]


def _names(issued: EvidenceFiles, one: Issue, quoted: Iterable[bytes]) -> bool:
    try:
        figures = issued.read(one.data_sha256)
    except NotPossible:
        return True
    return any(word in figures for word in quoted)
