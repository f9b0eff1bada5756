"""What every file of an import is read by: what the policy in force calls things, and what is remembered of others."""

from datetime import date
from typing import NamedTuple, cast

from tracker.db.connect import Database
from tracker.db.mappings import TYPE, known_mappings
from tracker.db.policies import load_rulebook
from tracker.intake.rows import Kind, KnownType, Remembered, Wording


class Recalled(NamedTuple):
    """What things are called, and what is remembered of files' columns, and of types in other words."""

    wording: Wording
    columns: tuple[Remembered, ...]
    types: dict[str, KnownType]


def recall(database: Database, today: date) -> Recalled:
    """What files are read by on a day; raises BadInput if there is no policy yet."""
    with database.read() as connection:
        wording = Wording(load_rulebook(connection).on(today).type_names)
        known = known_mappings(connection)
    types = {
        text: KnownType(type_id, each.confirmed_on.isoformat())
        for each in known
        if each.kind == TYPE
        for text, type_id in each.fields.items()
    }
    # Nothing but imports records them, so the kind is one that they know.
    columns = tuple(
        Remembered(each.headers, cast("Kind", each.kind), each.fields, each.confirmed_on.isoformat())
        for each in known
        if each.kind != TYPE
    )
    return Recalled(wording, columns, types)
