"""A report that was made, of whatever kind: what it is called, and how it is written in each form."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from tracker.reports.as_csv import compliance_csv, exceptions_csv
from tracker.reports.as_html import page
from tracker.reports.as_json import compliance_json, exceptions_json
from tracker.reports.as_pdf import pdf
from tracker.reports.as_xlsx import xlsx
from tracker.reports.compliance import Compliance
from tracker.reports.compliance_pages import compliance_pages
from tracker.reports.document import Document
from tracker.reports.exceptions import Exceptions
from tracker.reports.exceptions_pages import exceptions_pages
from tracker.reports.expiring import Expiring
from tracker.reports.expiring_forms import expiring_csv, expiring_json
from tracker.reports.expiring_pages import expiring_pages
from tracker.reports.forms import to_json
from tracker.reports.heading import Heading
from tracker.reports.history import History
from tracker.reports.history_forms import history_csv, history_json
from tracker.reports.history_pages import history_pages
from tracker.reports.survey import Survey
from tracker.reports.survey_forms import survey_csv, survey_json
from tracker.reports.survey_pages import survey_pages


class Made(NamedTuple):
    """A report: its kind and heading, what else was asked (naming nobody), its forms."""

    kind: str
    heading: Heading
    asked: Mapping[str, Any]
    of_data: Mapping[str, Callable[[], str]]
    laid_out: Callable[[], Document]


class Written(NamedTuple):
    """A report in a form, and the letters for which a PDF found no font."""

    content: bytes
    missing: tuple[str, ...] = ()


def of_compliance(found: Compliance) -> Made:
    """The compliance report in its forms."""
    of_data = {"json": lambda: to_json(compliance_json(found)), "csv": lambda: compliance_csv(found)}
    return Made("compliance", found.heading, {}, of_data, lambda: compliance_pages(found))


def of_exceptions(found: Exceptions, months: int) -> Made:
    """The exceptions of a day in their forms; `months` is how far they look back."""
    of_data = {"json": lambda: to_json(exceptions_json(found)), "csv": lambda: exceptions_csv(found)}
    return Made("exceptions", found.heading, {"months": months}, of_data, lambda: exceptions_pages(found))


def of_expiring(found: Expiring, months: int) -> Made:
    """What ends in so many months, in its forms."""
    of_data = {"json": lambda: to_json(expiring_json(found)), "csv": lambda: expiring_csv(found)}
    return Made("expiring", found.heading, {"months": months}, of_data, lambda: expiring_pages(found))


def of_history(found: History) -> Made:
    """What was known of people then and now, in its forms."""
    of_data = {"json": lambda: to_json(history_json(found)), "csv": lambda: history_csv(found)}
    asked = {"known_at": found.instant.isoformat(), "people": len(found.people)}
    return Made("history", found.heading, asked, of_data, lambda: history_pages(found))


def of_survey(found: Survey, sample: int | None, seed: str | None) -> Made:
    """The pack in its forms; `sample` and `seed` are what its people were drawn with, if they were."""
    of_data = {"json": lambda: to_json(survey_json(found)), "csv": lambda: survey_csv(found)}
    asked = {"people": len(found.people), "sample": sample, "seed": seed if sample else None}
    return Made("survey", found.heading, asked, of_data, lambda: survey_pages(found))


def write(made: Made, form: str, paper: str, number: int | None = None) -> Written:
    """The report in a form; where it is for people, with its number if it is issued."""
    if form in made.of_data:
        return Written(made.of_data[form]().encode())
    document = replace(made.laid_out(), number=number)
    if form == "html":
        return Written(page(document).encode())
    if form == "xlsx":
        return Written(xlsx(document))
    return Written(*pdf(document, paper))
