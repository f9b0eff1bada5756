"""Keeps what a person settled of a file's columns, for files with the same headers."""

from collections.abc import Iterator, Sequence

from tracker.actions.imports.context import Context
from tracker.actions.imports.file import File
from tracker.db.mappings import known_mappings, mapping_row
from tracker.db.tables import mappings
from tracker.intake.rows import Reading, Remembered


def remember(context: Context, files: Sequence[File]) -> list[Reading]:
    """Records the mappings that are new or say something new; returns the files whose they are."""
    wanted: dict[str, tuple[Reading, Remembered]] = {}
    contradicted: set[str] = set()
    for reading, mapping in _confirmed(files):
        before = wanted.setdefault(mapping.headers, (reading, mapping))
        if before[1] != mapping:
            # Two sheets with the same headers of which different things were said: neither is for the next.
            contradicted.add(mapping.headers)
    for headers in contradicted:
        del wanted[headers]
    if not wanted:
        return []
    made = context.made
    known = {each.headers: each for each in known_mappings(made.connection, sorted(wanted))}
    fresh = [
        (reading, mapping)
        for headers, (reading, mapping) in wanted.items()
        if headers not in known or (known[headers].kind, known[headers].fields) != (mapping.kind, mapping.fields)
    ]
    replaced = [known[mapping.headers].id for _, mapping in fresh if mapping.headers in known]
    if replaced:
        made.retract(mappings, replaced)
    made.record(mappings, [mapping_row(one.headers, one.kind, one.fields, context.today) for _, one in fresh])
    return [reading for reading, _ in fresh]


def _confirmed(files: Sequence[File]) -> Iterator[tuple[Reading, Remembered]]:
    """What was settled of sheets of which some row went in: where none did, it may have been settled wrongly."""
    for file in files:
        for table, report in zip(file.reading.tables, file.reports, strict=False):
            if table.mapping and any(outcome != "rejected" for outcome in report.outcomes.values()):
                yield file.reading, table.mapping
