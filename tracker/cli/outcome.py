"""What an import did, told to people: what needs them first, and what is harmless in few lines."""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

import click

from tracker.actions.imports.result import OUTCOMES, Change, ImportResult, Outcome, RowNote, Unheard
from tracker.cli.output import table
from tracker.cli.status import tell_unmatched
from tracker.intake.rows import Question, Reading

# Lines and questions that are told one by one on the screen; `--format json` has them all.
SHOWN = 40
# Notes of a kind that are still told one by one.
FEW = 5
# What waits for somebody comes first; what went in with a doubt stands under its outcome, mostly `new`.
_FIRST: tuple[Outcome, ...] = ("rejected", "question", "moved", "leaving")
_HARMLESS: tuple[Outcome, ...] = ("changed", "unchanged")


class _Line(NamedTuple):
    """A line of the table; `notes` says how many notes it stands for."""

    cells: tuple[object, ...]
    notes: int


def tell(result: ImportResult) -> None:
    """Prints how the files were understood, what became of their rows, what is asked and how it ended."""
    for reading in result.readings:
        _tell_reading(reading)
    lines = list(_lines(result.rows))
    if lines:
        header = ("file", "sheet", "row", "outcome", "field", "reason")
        click.echo("\n" + table(header, [line.cells for line in lines[:SHOWN]]))
        if len(lines) > SHOWN:
            more = sum(line.notes for line in lines[SHOWN:])
            click.echo(f"... and {more} more; --format json has them all.")
    for file, question in result.questions[:SHOWN]:
        choices = " or ".join(question.choices)
        click.echo(f"\n{file}: {question.text}\n    Answer {choices}: {_how(question)}", err=True)
    if len(result.questions) > SHOWN:
        click.echo(f"... and {len(result.questions) - SHOWN} more questions; --format json has them all.", err=True)
    _close(result)


def _tell_reading(reading: Reading) -> None:
    for sheet in reading.tables:
        name = f"{reading.file}, sheet {sheet.sheet}" if sheet.sheet else reading.file
        click.echo(f"{name}: {sheet.kind}")
        for header, field in sheet.columns.items():
            if header != field:
                click.echo(f"    {header} → {field}")
        if sheet.asked:
            click.echo(f"    asked about below: {', '.join(sheet.asked)}")
        if sheet.ignored:
            click.echo(f"    not used: {', '.join(sheet.ignored)}")
    for note in reading.notes:
        click.echo(f"    {note}")


def _lines(notes: Sequence[RowNote]) -> Iterator[_Line]:
    """The lines of the table: what needs somebody row by row, then doubts and changes, many of a kind as one."""
    for outcome in _FIRST:
        yield from (_alone(note) for note in notes if note.outcome == outcome)
    doubts = [note for note in notes if note.outcome not in (*_FIRST, *_HARMLESS)]
    many, few = _grouped(doubts, _same_reason)
    yield from [_many_rows(group) for group in many] + [_alone(note) for note in few]
    changes = [note for note in notes if note.outcome in _HARMLESS and note.field]
    many, others = _grouped(changes, _same_values)
    alike, few = _grouped(others, _same_field)
    yield from [_many_changes(group) for group in many] + [_many_values(group) for group in alike]
    yield from map(_alone, few)


def _grouped(
    notes: Iterable[RowNote], alike: Callable[[RowNote], Hashable]
) -> tuple[list[list[RowNote]], list[RowNote]]:
    """Notes by what is alike in them where that is many, and the others."""
    groups: dict[Hashable, list[RowNote]] = {}
    for note in notes:
        groups.setdefault(alike(note), []).append(note)
    many = [group for group in groups.values() if len(group) > FEW]
    return many, [note for group in groups.values() if len(group) <= FEW for note in group]


def _same_reason(note: RowNote) -> Hashable:
    return note.file, note.sheet, note.outcome, note.reason


def _same_values(note: RowNote) -> Hashable:
    return note.file, note.sheet, note.outcome, note.change or note.reason


def _same_field(note: RowNote) -> Hashable:
    change = note.change
    what = (change.field, change.of, change.was is None) if change else note.reason
    return note.file, note.sheet, note.outcome, what


def _alone(note: RowNote) -> _Line:
    return _Line((note.file, note.sheet, note.row, note.outcome, note.field, note.reason), 1)


def _many_rows(notes: list[RowNote]) -> _Line:
    first = notes[0]
    reason = f"{first.reason} ({len(notes)} rows, the first is {first.row}.)"
    return _Line((first.file, first.sheet, None, first.outcome, first.field, reason), len(notes))


def _many_changes(notes: list[RowNote]) -> _Line:
    change = notes[0].change
    if change is None:
        return _many_rows(notes)
    return _of_field(notes, change, f"{change.was or 'nothing'} → {change.now or 'open'}")


def _many_values(notes: list[RowNote]) -> _Line:
    change = notes[0].change
    if change is None:
        return _many_rows(notes)
    return _of_field(notes, change, "nothing → a value" if change.was is None else "other values")


def _of_field(notes: list[RowNote], change: Change, what: str) -> _Line:
    first = notes[0]
    reason = f"{change.field}: {what} for {len(notes)} {change.of}."
    return _Line((first.file, first.sheet, None, first.outcome, change.field, reason), len(notes))


def _how(question: Question) -> str:
    # Names may have quotes in them, and TOML writes them as JSON does.
    line = f'{json.dumps(question.id, ensure_ascii=False)} = "..." in an --answers file'
    return line if question.option == "--answers" else f"{question.option}, or {line}"


def _close(result: ImportResult) -> None:
    counts = ", ".join(f"{result.counts[outcome]} {outcome}" for outcome in OUTCOMES)
    cells = f", {result.cells} {'cell' if result.cells == 1 else 'cells'} left out" if result.cells else ""
    asked = len(result.questions)
    open_ = f"{asked} {'question is' if asked == 1 else 'questions are'} open"
    if asked and not result.rows and not any(result.counts.values()):
        click.echo(f"\nNothing was taken in yet, as {open_}: once every question is answered, the rows are told.")
    else:
        click.echo(f"\nRows: {counts}{cells}.")
        if asked:
            click.echo(f"Of the other files nothing was taken in yet: {open_}.")
    tell_unmatched(result.unmatched)
    _tell_unheard(result)
    if result.dry_run:
        click.echo("This was a dry run; nothing was changed.")
    elif result.batch is not None:
        click.echo(f"Import {result.batch} is in; 'tracker import-undo {result.batch}' takes it back.")
    else:
        click.echo("Nothing was changed.")


def _tell_unheard(result: ImportResult) -> None:
    if result.new_units:
        click.echo(f"Units that were not on record: {_listed(result.new_units)}.")
    if result.unknown_roles:
        click.echo(f"Roles that no requirement names: {_listed(result.unknown_roles)}.")
    if result.untyped.people:
        asked = _listed([Unheard(each.title, each.people) for each in result.untyped.asked])
        click.echo(f"{_people(result.untyped.people)} without an employment type; asked of them too: {asked}.")


def _listed(found: Sequence[Unheard]) -> str:
    shown = ", ".join(f"{each.name} ({_people(each.people)})" for each in found[:SHOWN])
    return f"{shown} and {len(found) - SHOWN} more; --format json has them all" if len(found) > SHOWN else shown


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people" if count else "nobody yet"
