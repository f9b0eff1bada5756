"""The forms of a report on the command line: which there are, and where they go."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import click

from tracker.cli.output import deliver, deliver_file
from tracker.domain.errors import BadInput
from tracker.reports.document import Document

# What each form is for.
FORMS = {
    "json": "for programs",
    "csv": "for a spreadsheet",
    "xlsx": "a workbook",
    "html": "a page to print",
    "pdf": "paper",
}
Command = TypeVar("Command", bound=Callable[..., None])

# Forms that no screen shows.
FILES_ONLY = ("pdf", "xlsx")


def with_form(command: Command) -> Command:
    """Which form, and where it goes."""
    told = ", ".join(f"{form}: {what}" for form, what in FORMS.items())
    return with_options(
        click.option(
            "--format",
            "form",
            type=click.Choice(list(FORMS)),
            default="json",
            show_default=True,
            help=f"{told.capitalize()}.",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path, dir_okay=False),
            help="The file; the screen if not said.",
        ),
        click.option(
            "--paper", type=click.Choice(["a4", "us-letter"]), default="a4", show_default=True, help="Of a PDF."
        ),
    )(command)


def with_options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one."""

    def with_all(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return with_all


def hand_over(
    form: str,
    output: Path | None,
    of_data: Mapping[str, Callable[[], str]],
    laid_out: Callable[[], Document],
    paper: str = "a4",
) -> None:
    """Writes a report in a form: those of its data, or the report as it is laid out."""
    if form in FILES_ONLY and output is None:
        raise BadInput(f"A report as {form.upper()} goes into a file; say which with -o report.{form}.")
    if form in of_data:
        deliver(of_data[form](), output)
    elif form == "html":
        from tracker.reports.as_html import page

        deliver(page(laid_out()), output)
    elif output is not None:
        deliver_file(_content(form, laid_out(), paper), output)


def _content(form: str, document: Document, paper: str) -> bytes:
    if form == "xlsx":
        from tracker.reports.as_xlsx import xlsx

        return xlsx(document)
    from tracker.reports.as_pdf import pdf

    made = pdf(document, paper)
    if made.missing:
        letters = ", ".join(made.missing)
        click.echo(
            f"No font at hand has the letters {letters}; a square stands for each. Print the page instead.", err=True
        )
    return made.content
