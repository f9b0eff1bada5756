"""The forms of a report on the command line: which there are, and where they go."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.output import check_folder, deliver, deliver_file
from tracker.cli.session import Session
from tracker.domain.errors import BadInput

if TYPE_CHECKING:
    from tracker.actions.kept_files import KeptFiles
    from tracker.reports.made import Made, Written

# What each form is for.
FORMS = {
    "json": "for programs",
    "csv": "for a spreadsheet",
    "xlsx": "a workbook",
    "html": "a page to print",
    "pdf": "paper",
}
Command = Callable[..., None]
Decorator = Callable[[Command], Command]

# Forms that no screen shows.
FILES_ONLY = ("pdf", "xlsx")


@dataclass(frozen=True, slots=True)
class Handing:
    """How a report is handed over: its form, the file (None: the screen), a PDF's paper, and whether it is issued."""

    form: str
    output: Path | None
    paper: str
    issue: bool

    def check(self) -> None:
        """Raises BadInput if a report could not be handed over so."""
        if self.form in FILES_ONLY and self.output is None:
            raise BadInput(f"A report as {self.form.upper()} goes into a file; say which with -o report.{self.form}.")
        if self.issue and self.output is None:
            raise BadInput("What is issued goes into a file; say which with -o.")
        if self.output is not None:
            check_folder(self.output)


def as_one(name: str, kind: type[Any], *options: Decorator) -> Decorator:
    """Several options, which the command gets as one thing: each is a field of it."""
    names = [each.name for each in fields(kind)]

    def with_all(command: Command) -> Command:
        @wraps(command)
        def told(**given: Any) -> None:
            one = kind(**{each: given.pop(each) for each in names})
            command(**{name: one}, **given)

        whole: Command = told
        for option in reversed(options):
            whole = option(whole)
        return whole

    return with_all


with_form = as_one(
    "how",
    Handing,
    click.option(
        "--format",
        "form",
        type=click.Choice(list(FORMS)),
        default="json",
        show_default=True,
        help=f"{', '.join(f'{form}: {what}' for form, what in FORMS.items()).capitalize()}.",
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The file; the screen if not said.",
    ),
    click.option("--paper", type=click.Choice(["a4", "us-letter"]), default="a4", show_default=True, help="Of a PDF."),
    click.option(
        "--issue", is_flag=True, help="Keep what is written, so that 'tracker report verify' can prove it later."
    ),
)


def hand_over(session: Session, made: "Made", how: Handing) -> None:
    """Writes a report in a form, and keeps what was written if it is issued."""
    from tracker.actions.issue_report import issue_made
    from tracker.reports.made import write

    how.check()
    if how.output is None:
        deliver(write(made, how.form, how.paper).content.decode(), None)
        return
    if how.issue:
        # First: what may not be issued any more is not handed out either.
        said = (how.form, how.paper, session.today)
        number, written = issue_made(session.database, session.author, issued_files(session), made, *said)
        click.echo(f"Issued as report {number}: 'tracker report verify {how.output}' proves it.", err=True)
    else:
        written = write(made, how.form, how.paper)
    _tell_missing(written)
    deliver_file(written.content, how.output)


def issued_files(session: Session) -> "KeptFiles":
    """Where what was issued is kept."""
    from tracker.actions.issued_files import FOLDER
    from tracker.actions.kept_files import KeptFiles

    return KeptFiles(session.settings.data_dir.expanduser(), FOLDER)


def _tell_missing(written: "Written") -> None:
    if written.missing:
        letters = ", ".join(written.missing)
        click.echo(
            f"No font at hand has the letters {letters}; a square stands for each. Print the page instead.", err=True
        )
