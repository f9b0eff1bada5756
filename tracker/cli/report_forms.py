"""The forms of a report on the command line: which there are, and where they go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tracker.cli.output import check_folder, deliver, deliver_file
from tracker.cli.session import Session
from tracker.domain.errors import BadInput
from tracker.domain.scope import InUnits
from tracker.reports.document import Document
from tracker.reports.heading import Heading

if TYPE_CHECKING:
    from tracker.actions.kept_files import KeptFiles

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


class Made(NamedTuple):
    """A report that was made: its kind and heading, what else was asked (naming nobody), its forms."""

    kind: str
    heading: Heading
    asked: Mapping[str, Any]
    of_data: Mapping[str, Callable[[], str]]
    laid_out: Callable[[], Document]


def hand_over(session: Session, made: Made, how: Handing) -> None:
    """Writes a report in a form, and keeps what was written if it is issued."""
    how.check()
    if how.output is None:
        deliver(_content(made, how).decode(), None)
        return
    if how.issue:
        # First: what may not be issued any more is not handed out either.
        number, content = _issue(session, made, how)
        click.echo(f"Issued as report {number}: 'tracker report verify {how.output}' proves it.", err=True)
    else:
        content = _content(made, how)
    deliver_file(content, how.output)


def _issue(session: Session, made: Made, how: Handing) -> tuple[int, bytes]:
    from tracker.actions.issue_report import Handed, issue_report

    heading = made.heading
    known_at = heading.known_at.isoformat() if heading.known_at else None
    units = list(heading.scope.units) if isinstance(heading.scope, InUnits) else None
    asked = {"known_at": known_at, "units": units, "policy": heading.policy_sha256, **made.asked}
    figures = made.of_data["json"]().encode()

    def make(number: int) -> Handed:
        content = _content(made, how, number)
        return Handed(made.kind, how.form, heading.as_of, asked, content, figures, heading.newest)

    return issue_report(session.database, session.author, issued_files(session), make)


def issued_files(session: Session) -> "KeptFiles":
    """Where what was issued is kept."""
    from tracker.actions.issued_files import FOLDER
    from tracker.actions.kept_files import KeptFiles

    return KeptFiles(session.settings.data_dir.expanduser(), FOLDER)


def _content(made: Made, how: Handing, number: int | None = None) -> bytes:
    """The report in a form; where it is for people, with its number if it is issued."""
    if how.form in made.of_data:
        return made.of_data[how.form]().encode()
    document = replace(made.laid_out(), number=number)
    if how.form == "html":
        from tracker.reports.as_html import page

        return page(document).encode()
    if how.form == "xlsx":
        from tracker.reports.as_xlsx import xlsx

        return xlsx(document)
    return _paper(document, how.paper)


def _paper(document: Document, paper: str) -> bytes:
    from tracker.reports.as_pdf import pdf

    done = pdf(document, paper)
    if done.missing:
        letters = ", ".join(done.missing)
        click.echo(
            f"No font at hand has the letters {letters}; a square stands for each. Print the page instead.", err=True
        )
    return done.content
