"""Reports as pages to print: one file that stands alone, with no script and nothing to fetch."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import tracker
from tracker.domain.scope import InUnits, OnePerson, Scope
from tracker.domain.standing import COUNTED, OUT_OF_COMPLIANCE, Standing
from tracker.domain.why import spoken
from tracker.reports.compliance import Compliance
from tracker.reports.exceptions import Exceptions
from tracker.reports.tally import Tally
from tracker.reports.words import WORDS

# Marks that turn what follows them about, and so make one name look like another.
REVERSING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


class Columns(NamedTuple):
    """The standings that have a column; those that are nought throughout have none."""

    counted: list[Standing]
    beside: list[Standing]
    left_out: list[Standing]

    @property
    def edges(self) -> list[Standing]:
        """Those with which a group of columns begins."""
        return [*self.counted[:1], *self.beside[:1]]


def compliance_html(report: Compliance) -> str:
    """The compliance report as a page."""
    return _page("compliance.html", report.exceptions, report=report, columns=_columns(report.total))


def exceptions_html(report: Exceptions) -> str:
    """The exceptions as a page."""
    return _page("exceptions.html", report)


def templates_folder(package: Path) -> Path:
    """Where the pages' templates are: inside the installed package, or beside it in a checkout."""
    installed = package / "templates" / "report"
    return installed if installed.is_dir() else package.parent / "templates" / "report"


def _page(template: str, exceptions: Exceptions, **known: Any) -> str:
    heading = exceptions.heading
    page = _environment().get_template(template)
    return page.render(exceptions=exceptions, heading=heading, target=_number(heading.target), words=WORDS, **known)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(templates_folder(Path(tracker.__file__).parent)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    made.filters |= {"day": spoken, "instant": _instant, "number": _number, "scope": _scope, "listed": _listed}
    made.globals |= {"OUT": OUT_OF_COMPLIANCE}
    return made


def _visible(value: Any) -> Any:
    """A value without characters that steer: in a name they are a mishap or a trick, and no page may hold them."""
    # Text that a template has already made safe is a subclass, and has been through here.
    if type(value) is not str:
        return value
    return "".join(" " if char in REVERSING or unicodedata.category(char) == "Cc" else char for char in value)


def _columns(total: Tally) -> Columns:
    shown = [standing for standing in WORDS if total.standings[standing]]
    return Columns(
        [standing for standing in shown if standing in COUNTED],
        [standing for standing in shown if standing not in COUNTED],
        [standing for standing in WORDS if standing not in shown],
    )


def _instant(instant: datetime, timezone: str) -> str:
    """An instant by the site's clock."""
    local = instant.astimezone(ZoneInfo(timezone))
    return f"{spoken(local.date())}, {local:%H:%M:%S} ({timezone})"


def _number(value: float) -> str:
    """A figure without a needless end: 95, 92.5."""
    return f"{value:g}"


def _scope(scope: Scope) -> str:
    """Whom the report is about."""
    if isinstance(scope, InUnits):
        return f"{'unit' if len(scope.units) == 1 else 'units'} {_listed(scope.units)}"
    return f"employee {scope.employee_id}" if isinstance(scope, OnePerson) else "all units"


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts)
