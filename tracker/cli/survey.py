"""`tracker report survey`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.output import deliver
from tracker.cli.report_forms import Handing, as_one, hand_over, with_form
from tracker.cli.session import Session, as_of_option, known_at_option, open_session, unit_option, whom_option
from tracker.domain.errors import BadInput

if TYPE_CHECKING:
    from tracker.actions.build_survey import Asked


@dataclass(frozen=True, slots=True)
class Question:
    """What a pack is asked, as it was typed."""

    as_of: date | None
    known_at: str | None
    unit: str | None
    whom: tuple[str, ...]
    names: Path | None
    sample: int | None
    seed: str | None
    no_evidence: bool
    pseudonyms: Path | None


@click.command()
@as_one(
    "question",
    Question,
    as_of_option,
    known_at_option,
    unit_option,
    whom_option,
    click.option(
        "--names",
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        metavar="FILE",
        help="Employee ids or names, a line each; - for what is pasted in.",
    ),
    click.option("--sample", type=click.IntRange(1), metavar="N", help="So many people at random, by unit."),
    click.option("--seed", help="What the sample is drawn with: the same gives the same people; the day if not said."),
    click.option("--no-evidence", is_flag=True, help="Name the files on record, and show none."),
    click.option(
        "--pseudonyms",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="KEYFILE",
        help="Labels instead of names; whom each stands for goes into this file alone.",
    ),
)
@with_form
def survey(question: Question, how: Handing) -> None:
    """The pack that a surveyor asks for: of each person assignments, standings with why, cards, checks, evidence.

    \b
    Example: tracker report survey --names asked.txt --format pdf -o pack.pdf
             tracker report survey --sample 20 --seed 2026-11-22 --format pdf -o pack.pdf
    """
    from tracker.actions.build_survey import build_survey
    from tracker.actions.kept_files import KeptFiles
    from tracker.reports.forms import to_csv
    from tracker.reports.made import of_survey
    from tracker.reports.pseudonyms import hide
    from tracker.settings import secret_key

    _check_paths(question, how)
    session = open_session()
    instant = session.instant(question.known_at)
    whom = _asked(session, question, day := question.as_of or session.today, instant)
    shows_files = not (question.no_evidence or question.pseudonyms) and how.form in ("html", "pdf")
    files = KeptFiles(session.settings.data_dir.expanduser()) if shows_files else None
    found = build_survey(session.database, session.author, files, whom, day, instant)
    key: Sequence[tuple[str, str, str | None]] = ()
    if question.pseudonyms is not None:
        found, key = hide(found, secret_key(session.settings))
    hand_over(session, of_survey(found, whom.sample, whom.seed), how)
    if question.pseudonyms is not None:
        deliver(to_csv(["label", "employee_id", "name"], key), question.pseudonyms)


def _check_paths(question: Question, how: Handing) -> None:
    """Before anything is looked at: what is written must not take the place of what is read, or of another key."""
    how.check()
    key = question.pseudonyms
    if key is not None and key.exists():
        raise BadInput(f"{key} is there already, perhaps the key to another report; choose another name.")
    places = [path.resolve() for path in (how.output, key, question.names) if path is not None and str(path) != "-"]
    if len(set(places)) < len(places):
        raise BadInput("The report, the key and the list of names need a file each; choose different names.")


def _asked(session: Session, question: Question, day: date, instant: datetime | None) -> "Asked":
    """Whom the pack is about: people who are named, or a sample."""
    from tracker.actions.build_survey import Asked

    given = [*question.whom, *_lines(question.names)]
    if bool(given) == (question.sample is not None):
        raise BadInput("Say whom the pack is about: --employee or --names, or else --sample N.")
    if question.unit is not None and given:
        raise BadInput("--unit is for a sample; people who are named are asked about in whatever units.")
    scope = session.scope(question.unit, None, instant)
    return Asked(given, question.sample, question.seed or day.isoformat(), scope)


def _lines(file: Path | None) -> list[str]:
    """What stands in a file, or comes from standard input (`-`), a line each; blank lines are none."""
    if file is None:
        return []
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{file} is no text in UTF-8; save it as plain text.") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({(error.strerror or 'it failed').lower()}).") from None
    return [line.strip() for line in text.splitlines() if line.strip()]
