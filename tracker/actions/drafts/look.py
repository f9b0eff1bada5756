"""Looks at a draft: its files are read anew, and the import is done and taken back; or it is applied as it was seen.

What comes of it is put down in the draft's folder, as the pages that show it are asked for one by one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tracker.actions.drafts.draft import Draft, DraftFile
from tracker.actions.drafts.folder import Drafts
from tracker.actions.drafts.lists import lists_of, write_lists
from tracker.actions.drafts.seen import files_seen, plan_seen
from tracker.actions.imports.context import Settled
from tracker.actions.imports.recall import Recalled, recall
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.returned import reasons
from tracker.actions.imports.run import import_readings
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.domain.errors import BadInput, TrackerError
from tracker.domain.scope import Scope
from tracker.intake.layout import NotATable
from tracker.intake.reader import read_file
from tracker.intake.rejects import ending_of_copy, write_rejects
from tracker.intake.rows import Heading, Reading

_EXEMPTIONS = "Exemptions are given by educators; leave this sheet out, or ask one of them to import it."
# The records as they are looked at, in the draft's folder, which is swept should the server be killed meanwhile.
_COPY = "records.db"
# Called with the rows worked through since the last call, and with how many there will be.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose draft it is: as the trail will name them, whom they may import about, and whether exemptions too."""

    author: Author
    scope: Scope
    exempts: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What drafts are worked on with; `words` puts a sentence as people read it who do not type commands."""

    database: Database
    drafts: Drafts
    owner: Owner
    today: date
    words: Callable[[str], str]


@dataclass(slots=True)
class _Read:
    readings: list[Reading]
    refused: list[tuple[str, str]]
    remembered: Recalled
    columns: dict[str, Sequence[Heading]] = field(default_factory=dict)
    # As they stand in the files: an import puts what is meant into the rows.
    seen: list[dict[str, Any]] = field(default_factory=list)


def look(desk: Desk, draft: Draft, progress: Progress) -> None:
    """Reads the files and works out what would come of them; nothing is changed."""
    try:
        with desk.database.aside(desk.drafts.folder(draft) / _COPY) as copied:
            aside = replace(desk, database=copied)
            read = _read(aside, draft)
            result = _import(aside, draft, read, draft.settled, progress, dry_run=True)
            if result.too_many:
                # So that the plan says who would leave; it cannot be applied before that is allowed.
                result = _allowing(aside, draft, result, progress)
    except TrackerError as error:
        desk.drafts.keep_seen(draft, {"version": draft.version, "trouble": str(error)})
        return
    _keep(desk, draft, read, result)
    if not read.readings and all(_is_no_table(file, read) for file in draft.files):
        draft.unusable = True
        desk.drafts.remove_files(draft)
        desk.drafts.save(draft)


def _is_no_table(file: DraftFile, read: _Read) -> bool:
    """Whether nothing that could be said of a file would make it one to import."""
    return not file.out and file.untouched and not read.columns.get(file.name)


def apply(desk: Desk, draft: Draft, progress: Progress) -> None:
    """Imports the files if still the same comes of them as was seen; else puts down what would come of them now."""
    try:
        read = _read(desk, draft)
        settled = replace(draft.settled, planned=draft.applying)
        result = _import(desk, draft, read, settled, progress, dry_run=False)
    except TrackerError as error:
        desk.drafts.keep_seen(draft, {"version": draft.version, "trouble": str(error)})
    else:
        if result.otherwise or result.digest != draft.applying:
            _keep(desk, draft, read, result, otherwise=True)
        else:
            _return_rejects(desk, draft, read, result)
            _keep(desk, draft, read, result)
            draft.applied = True
            desk.drafts.remove_files(draft)
    draft.applying = None
    desk.drafts.save(draft)


def _read(desk: Desk, draft: Draft) -> _Read:
    found = _Read([], [], recall(desk.database, desk.today))
    for file in draft.files:
        if file.out:
            continue
        try:
            found.readings.append(_reading(desk, draft, file, found.remembered))
        except NotATable as problem:
            found.refused.append((file.name, str(problem)))
            found.columns[file.name] = problem.columns
        except BadInput as error:
            found.refused.append((file.name, str(error)))
    found.seen = files_seen(found.readings, found.refused, found.columns)
    return found


def _reading(desk: Desk, draft: Draft, file: DraftFile, remembered: Recalled) -> Reading:
    options = file.options(draft.answers, remembered)
    return read_file(desk.drafts.folder(draft) / file.stored, remembered.wording, options, file.name)


def _import(
    desk: Desk, draft: Draft, read: _Read, settled: Settled, progress: Progress, *, dry_run: bool
) -> ImportResult:
    """Imports what the owner may bring in."""
    out = [] if desk.owner.exempts else [each for each in read.readings if _exempts(each)]
    may = [each for each in read.readings if not any(each is one for one in out)]
    total = sum(len(table.rows) + len(table.cards) for reading in may for table in reading.tables)
    result = import_readings(
        desk.database,
        desk.owner.scope,
        desk.owner.author,
        may,
        settled,
        desk.today,
        dry_run=dry_run,
        progress=lambda rows: progress(rows, total),
    )
    result.refused += [(each.file, _EXEMPTIONS) for each in out]
    result.refused = read.refused + result.refused
    return result


def _exempts(reading: Reading) -> bool:
    return any(table.kind == "exemptions" for table in reading.tables)


def _allowing(desk: Desk, draft: Draft, first: ImportResult, progress: Progress) -> ImportResult:
    # Read anew, as an import puts ids to the rows that it was given.
    read = _read(desk, draft)
    settled = replace(draft.settled, allow_leavers=first.too_many.count if first.too_many else None)
    result = _import(desk, draft, read, settled, progress, dry_run=True)
    result.too_many = first.too_many
    return result


def _keep(desk: Desk, draft: Draft, read: _Read, result: ImportResult, *, otherwise: bool = False) -> None:
    """Puts down what came of it."""
    seen: dict[str, Any] = {"version": draft.version, "trouble": "", "otherwise": otherwise}
    lists = lists_of(result)
    seen |= {"files": read.seen} | plan_seen(result, lists)
    if desk.drafts.folder(draft).is_dir():
        write_lists(desk.drafts.folder(draft), lists)
        desk.drafts.keep_seen(draft, seen)


def _return_rejects(desk: Desk, draft: Draft, read: _Read, result: ImportResult) -> None:
    """Copies the rows that did not go in, each file's to one beside it, for the owner to fetch."""
    folder = desk.drafts.folder(draft)
    for file in draft.files:
        reading = next((each for each in result.readings if each.file == file.name), None)
        why = {place: desk.words(reason) for place, reason in reasons(reading, result).items()} if reading else {}
        if why:
            source = folder / file.stored
            target = folder / f"rejected-{file.stored.partition('.')[0]}{ending_of_copy(source, file.name)}"
            options = file.options(draft.answers, read.remembered)
            write_rejects(source, target, why, read.remembered.wording, options, file.name)
