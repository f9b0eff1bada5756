"""`tracker template`, `tracker import`, `tracker imports`, `tracker import-undo`."""

import errno
import gc
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tracker.actions.imports.context import Settled
from tracker.actions.imports.recall import Recalled, recall
from tracker.actions.imports.result import OUTCOMES, ImportResult
from tracker.actions.imports.returned import reasons
from tracker.cli.errors import IN_PART, NOT_DONE
from tracker.cli.outcome import tell
from tracker.cli.output import deliver, progress, table
from tracker.cli.session import NUMBER, open_session
from tracker.cycles import unsearched
from tracker.domain.errors import BadInput
from tracker.domain.scope import EVERYONE
from tracker.intake.rows import Kind, Options, Reading, Wording

if TYPE_CHECKING:
    from tracker.intake.rejects import Copy, Reasons

# How the system says that nothing more can be written.
_FULL = (errno.ENOSPC, errno.EDQUOT)
# What the JSON says of a row.
ROW_KEYS = ("file", "sheet", "row", "outcome", "field", "reason")
KINDS = ("roster", "cards", "absences", "exemptions", "units")
# How the ids of questions begin.
QUESTIONS = (
    *("date-order", "kind", "column:", "field:", "other_unit:", "ended:", "future:"),
    *("former:", "zeros:", "same:", "new-ids", "who:", "booking:", "type:", "unit:"),
)


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
def template(kind: Kind) -> None:
    """Print a file to fill in.

    Example: tracker template cards > cards.csv
    """
    from tracker.intake.templates import template as text

    deliver(text(kind), None)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("--kind", type=click.Choice(KINDS), help="What the file is, if its headers do not say.")
@click.option("--sheet", help="Only this sheet of a workbook.")
@click.option("--map", "mapped", multiple=True, metavar="'Header=field'", help="What a column is; may be repeated.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How dates such as 03/04/2027 are meant.")
@click.option(
    "--other-unit",
    type=click.Choice(["moved", "also"]),
    help="People in another unit than known: moved, or works there too.",
)
@click.option("--answers", type=click.Path(path_type=Path, dir_okay=False), help='A TOML file: question = "answer".')
@click.option("--whole-roster", is_flag=True, help="Whoever is missing from these units has left them.")
@click.option("--allow-leavers", type=click.IntRange(0), metavar="N", help="So many may leave, whatever their share.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, change nothing.")
@click.option(
    "--rejects", type=click.Path(path_type=Path, file_okay=False), help="The folder for copies of rejected rows."
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def import_files(files: tuple[Path, ...], form: str, dry_run: bool, rejects: Path | None, **given: Any) -> None:
    """Take in rosters, cards, absences, exemptions, units: CSV, XLSX, XLS, ODS and the like.

    What is not clear is asked, nothing is guessed; rows that cannot go in come back in a copy with the reason.

    Example: tracker import roster.csv cards.xlsx --dry-run
    """
    from tracker.actions.imports.run import import_readings

    session = open_session()
    settled = Settled(given["other_unit"], _answers(given["answers"]), given["whole_roster"], given["allow_leavers"])
    remembered = recall(session.database, session.today)
    wording, options = remembered.wording, _options(given, settled, remembered)
    # A roster is hundreds of thousands of small tuples and no cycles: looking for those costs a tenth of the time.
    with unsearched():
        readings, sources, unusable = _read(files, wording, options)
        total = sum(len(sheet.rows) + len(sheet.cards) for reading in readings for sheet in reading.tables)
        with progress("Importing", total) as forward:
            result = import_readings(
                session.database,
                EVERYONE,
                session.author,
                readings,
                settled,
                session.today,
                dry_run=dry_run,
                progress=forward,
            )
        # Nor shall the interpreter look for some as it ends.
        gc.freeze()
    result.refused = unusable + result.refused
    returning = Returning(rejects or session.settings.data_dir.expanduser() / "rejects", wording, options)
    if form == "json":
        from tracker.reports.forms import to_json

        deliver(to_json(_as_json(result)), None)
    elif readings:
        tell(result)
    # Only now: the import is in, and whoever made it is told so, whatever becomes of the copies.
    for told in [] if dry_run else _return_rejects(sources, result, returning):
        click.echo(told, err=True)
    for file, sentence in result.refused:
        click.echo(f"tracker: {sentence if file in sentence else f'{file}: {sentence}'}", err=True)
    sys.exit(_code(result))


def _code(result: ImportResult) -> int:
    if result.refused or result.questions:
        return NOT_DONE
    rejected = any(note.outcome == "rejected" for note in result.rows)
    cells = any(sheet.rejected for reading in result.readings for sheet in reading.tables)
    unread = any(reading.unread for reading in result.readings)
    return IN_PART if rejected or cells or unread else 0


def _answers(path: Path | None) -> dict[str, str]:
    """The answers file: a TOML table of question ids and answers."""
    import tomllib

    if path is None:
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadInput(f"There is no answers file {path}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f'The answers file {path} is not valid ({error}); write lines such as "date-order" = "dmy".'
        ) from None
    if not all(isinstance(value, str) for value in found.values()):
        raise BadInput(f'In the answers file {path} each line is "question" = "answer".')
    for question in found:
        if not question.startswith(QUESTIONS):
            raise BadInput(f"{path} answers '{question}', which nothing asks; 'tracker import' prints what it asks.")
    return found


def _options(given: dict[str, Any], settled: Settled, remembered: Recalled) -> Options:
    columns: dict[str, str] = {}
    for each in given["mapped"]:
        header, separator, field = each.rpartition("=")
        if not separator or not header.strip() or not field.strip():
            raise BadInput(
                f"--map '{each}' is not understood; write --map 'Header=field', such as 'Badge=employee_id'."
            )
        _say_once(columns, header.strip(), field.strip())
    said = Options(given["kind"], given["sheet"], columns, given["date_order"], dict(settled.answers))
    return replace(said, remembered=remembered.columns, types=remembered.types)


def _say_once(columns: dict[str, str], header: str, field: str) -> None:
    """Notes what a column is. Raises BadInput if something else was said of it before."""
    plain = " ".join(header.split()).casefold()
    before = next((said for other, said in columns.items() if " ".join(other.split()).casefold() == plain), field)
    if before.casefold() != field.casefold():
        raise BadInput(f'--map says of "{header}" that it is {before} and that it is {field}; a column is one field.')
    columns[header] = field


class Returning(NamedTuple):
    """Where copies of rejected rows go, and how their files are to be understood again."""

    folder: Path
    wording: Wording
    options: Options


def _read(
    files: Sequence[Path], wording: Wording, options: Options
) -> tuple[list[Reading], dict[str, Path], list[tuple[str, str]]]:
    """What was understood of the files, which file each reading's name stands for, and those that cannot be used."""
    from tracker.intake.reader import read_file

    names = Counter(path.name for path in files)
    readings: list[Reading] = []
    sources: dict[str, Path] = {}
    unusable: list[tuple[str, str]] = []
    for path in files:
        try:
            reading = read_file(path, wording, options)
        except BadInput as error:
            unusable.append((path.name, str(error)))
            continue
        # Two files of one name from two folders are told apart by where they are.
        reading.file = path.name if names[path.name] == 1 else str(path)
        sources[reading.file] = path
        readings.append(reading)
    return readings, sources, unusable


def _return_rejects(sources: Mapping[str, Path], result: ImportResult, returning: Returning) -> Iterator[str]:
    """Copies the files, by the name that the result uses, with only the rows that did not go in; says where."""
    for reading in result.readings:
        why = reasons(reading, result)
        if why:
            try:
                copy = _return(sources[reading.file], why, returning)
            except BadInput as error:
                yield f"tracker: The rows of {reading.file} to put right could not be copied: {error}"
            except OSError as error:
                yield _not_copied(reading.file, returning.folder, error)
            else:
                yield f"Rows to put right (left out, or a cell of them was), with the reasons: {copy.path}"
                if copy.emptied:
                    yield f"Left empty in that copy, as nothing of it may be kept: {', '.join(copy.emptied)}."


def _not_copied(file: str, folder: Path, error: OSError) -> str:
    """Says why there is no copy, and how to come by one: the import is in, and a second one changes nothing."""
    why = "the disk is full" if error.errno in _FULL else "no file can be written there"
    return (
        f"tracker: The rows of {file} to put right could not be copied to {folder}: {why}. What went in stays in; make "
        "room, or name a folder of your own with --rejects, and import the file again for the copy."
    )


def _return(source: Path, why: "Reasons", returning: Returning) -> "Copy":
    from tracker.intake.rejects import keep_rejects

    returning.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return keep_rejects(source, returning.folder, why, returning.wording, returning.options)


def _as_json(result: ImportResult) -> dict[str, Any]:
    return {
        "batch": result.batch,
        "dry_run": result.dry_run,
        "files": [
            {"file": reading.file, "sheet": sheet.sheet, "kind": sheet.kind, "columns": sheet.columns}
            for reading in result.readings
            for sheet in reading.tables
        ],
        "notes": [{"file": reading.file, "text": note} for reading in result.readings for note in reading.notes],
        **{outcome: result.counts[outcome] for outcome in OUTCOMES},
        "unmatched": result.unmatched,
        "new_units": [{"unit": each.name, "people": each.people} for each in result.new_units],
        "unknown_roles": [{"role": each.name, "people": each.people} for each in result.unknown_roles],
        "untyped": [{"requirement": each.requirement, "people": each.people} for each in result.untyped.asked],
        "rows": [dict(zip(ROW_KEYS, note, strict=False)) for note in result.rows],
        "questions": [
            {
                "file": file,
                "id": question.id,
                "kind": question.kind,
                "text": question.text,
                "choices": list(question.choices),
                "option": question.option,
            }
            for file, question in result.questions
        ],
        "refused": [{"file": file, "reason": reason} for file, reason in result.refused],
    }


@click.command()
def imports() -> None:
    """List what was imported, the latest first.

    Example: tracker imports
    """
    from tracker.db.known import find_batches

    with open_session().database.read() as connection:
        found = find_batches(connection)
    rows = [
        (
            batch.id,
            f"{batch.at:%Y-%m-%d %H:%M} UTC",
            batch.actor,
            ", ".join(file["file"] for file in batch.files),
            "undone" if batch.undone else "in",
        )
        for batch in found
    ]
    click.echo(table(("import", "at", "by", "files", "state"), rows) if rows else "Nothing was imported yet.")


@click.command("import-undo")
@click.argument("batch", type=NUMBER)
@click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
def import_undo(batch: int, dry_run: bool) -> None:
    """Take an import back: what it recorded is retracted, what it had replaced holds again.

    Example: tracker import-undo 12
    """
    from tracker.actions.imports.undo import undo_import

    session = open_session()
    retracted, restored = undo_import(session.database, EVERYONE, session.author, batch, session.today, dry_run=dry_run)
    would = "would be" if dry_run else "were"
    click.echo(f"Import {batch}: {retracted} facts {would} retracted, {restored} {would} put back.")
