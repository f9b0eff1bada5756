"""Keeps what a person settled of a file's columns, for files with the same headers, and of types in other words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.actions.imports.context import Context
from tracker.actions.imports.file import File
from tracker.db.mappings import TYPE, known_mappings, mapping_row, type_key
from tracker.db.tables import mappings
from tracker.intake.rows import Reading


class _Settled(NamedTuple):
    """Something to be remembered: under which key, of what kind, and what it says."""

    key: str
    kind: str
    fields: dict[str, str]


def remember(context: Context, files: Sequence[File]) -> list[tuple[Reading, str]]:
    """Records what is new or says something new; returns the files whose it is, and the kind of it."""
    wanted: dict[str, tuple[Reading, _Settled]] = {}
    contradicted: set[str] = set()
    for reading, settled in _confirmed(files):
        before = wanted.setdefault(settled.key, (reading, settled))
        if before[1] != settled:
            # Two sheets with the same headers of which different things were said: neither is for the next.
            contradicted.add(settled.key)
    for key in contradicted:
        del wanted[key]
    if not wanted:
        return []
    made = context.made
    known = {each.headers: each for each in known_mappings(made.connection, sorted(wanted))}
    fresh = [
        (reading, settled)
        for key, (reading, settled) in wanted.items()
        if key not in known or (known[key].kind, known[key].fields) != (settled.kind, settled.fields)
    ]
    if context.reach.scope:
        # It would hold for everybody's files, so it changes nothing that is known, nor what a type is.
        fresh = [(reading, each) for reading, each in fresh if each.key not in known and each.kind != TYPE]
    replaced = [known[settled.key].id for _, settled in fresh if settled.key in known]
    if replaced:
        made.retract(mappings, replaced)
    made.record(mappings, [mapping_row(*settled, context.today) for _, settled in fresh])
    return [(reading, settled.kind) for reading, settled in fresh]


def _confirmed(files: Sequence[File]) -> Iterator[tuple[Reading, _Settled]]:
    """What was settled of sheets of which some row went in: where none did, it may have been settled wrongly."""
    for file in files:
        for table, report in zip(file.reading.tables, file.reports, strict=False):
            if not any(outcome != "rejected" for outcome in report.outcomes.values()):
                continue
            if table.mapping:
                yield file.reading, _Settled(table.mapping.headers, table.mapping.kind, table.mapping.fields)
            for text, type_id in table.types.items():
                yield file.reading, _Settled(type_key(text), TYPE, {text: type_id})
