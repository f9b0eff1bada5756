"""Takes back what was remembered of files with certain headers."""

from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.mappings import FORGET, KnownMapping, known_mappings
from tracker.db.tables import mappings
from tracker.domain.errors import BadInput


def forget_mapping(database: Database, author: Author, number: int) -> KnownMapping:
    """Retracts a mapping and returns it; raises BadInput if none of that number holds."""
    with change(database, author, FORGET, f"mapping:{number}") as made:
        found = next((each for each in known_mappings(made.connection) if each.id == number), None)
        if found is None:
            raise BadInput(f"There is no mapping {number}; 'tracker mappings' lists them.")
        made.retract(mappings, [number])
    return found
