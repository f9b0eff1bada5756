"""Removes files of evidence that nothing names any more, as facts were removed for good."""

from collections.abc import Iterable

from tracker.actions.kept_files import KeptFiles
from tracker.db.connect import Database
from tracker.db.evidence import still_named


def remove_files(database: Database, files: KeptFiles, digests: Iterable[str]) -> list[str]:
    """Removes those among some files that no fact names; returns those that could not be removed.

    While it looks, nobody can record a fact that names one.
    """
    wanted = sorted(digests)
    if not wanted:
        return []
    with database.write() as connection:
        named = still_named(connection, wanted)
        return [digest for digest in wanted if digest not in named and not files.remove(digest)]
