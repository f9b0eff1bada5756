"""The reports: chosen, made and handed out as files; issued if that is asked for."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tracker.actions.build_compliance import build_compliance
from tracker.actions.build_exceptions import build_exceptions
from tracker.actions.build_expiring import build_expiring
from tracker.actions.build_history import build_history
from tracker.actions.build_survey import Asked, build_survey
from tracker.actions.issue_report import issue_made
from tracker.actions.issued_files import FOLDER
from tracker.actions.kept_files import KeptFiles
from tracker.domain.access import Right
from tracker.domain.errors import BadInput, TrackerError
from tracker.domain.scope import EVERYONE, InUnits, OnePerson, SomePeople
from tracker.reports import made as forms
from tracker.reports.forms import to_csv
from tracker.reports.made import Made
from tracker.reports.pseudonyms import hide
from tracker.settings import secret_key
from tracker.web.attached import MEDIA, attached, telling
from tracker.web.gate import Needs, Visit
from tracker.web.pages import page, see
from tracker.web.report_asked import FORMS, KINDS, PAPERS, Meant, Typed, known_kind, read
from tracker.web.typed import Text

router = APIRouter()
Reporting = Annotated[Visit, Depends(Needs(Right.REPORT))]
# Units that are offered to tick; whoever has more types their names.
MOST_TICKED = 30


@router.get("/reports")
def choose(visit: Reporting, request: Request) -> Response:
    """The form of one report, filled in as the address says."""
    return _form(visit, Typed.from_address(visit, request.query_params))


@router.post("/reports")
def make(visit: Reporting, said: Annotated[Typed, Depends(Typed)], what: Text = "report") -> Response:
    """The report as a file, or the key to the labels in it; one that is issued leads to those that are.

    If it cannot be made, the form again, with what is wrong.
    """
    known_kind(said.report)
    try:
        with visit.database.read() as connection:
            meant = read(connection, visit, said)
        if said.report == "survey":
            return _survey(visit, said, meant, wants_key=what == "key")
        return _handed(visit, said, meant, _made(visit, said, meant))
    except TrackerError as error:
        status = 400 if isinstance(error, BadInput) else 503
        return _form(visit, said, str(error), status)


def issued_files(visit: Visit) -> KeptFiles:
    """Where what was issued is kept."""
    return visit.site.files.beside(FOLDER)


def _form(visit: Visit, said: Typed, error: str = "", status: int = 200) -> Response:
    own = visit.scope.units if isinstance(visit.scope, InUnits) else ()
    return page(
        "reports",
        visit,
        status,
        said=said,
        error=error,
        kinds=KINDS,
        forms=list(FORMS.items()),
        papers=list(PAPERS.items()),
        own=own if len(own) <= MOST_TICKED else (),
    )


def _made(visit: Visit, said: Typed, meant: Meant) -> Made:
    """Any report but a survey pack."""
    about = (visit.database, meant.scope, meant.as_of, meant.known_at)
    match said.report:
        case "exceptions":
            return forms.of_exceptions(build_exceptions(*about, meant.months), meant.months)
        case "expiring":
            return forms.of_expiring(build_expiring(*about, meant.months), meant.months)
        case "history":
            people = OnePerson(*meant.whom) if len(meant.whom) == 1 else SomePeople(meant.whom)
            found = build_history(visit.database, people, meant.as_of, meant.known_at, meant.scope)
            return _kept_to(forms.of_history(found), meant)
        case _:
            return forms.of_compliance(build_compliance(*about))


def _survey(visit: Visit, said: Typed, meant: Meant, *, wants_key: bool) -> Response:
    files = visit.site.files if meant.shows_files and not wants_key else None
    asked = Asked(meant.whom, meant.sample, meant.seed, meant.scope)
    found = build_survey(visit.database, visit.author, files, asked, meant.as_of, meant.known_at)
    if said.pseudonyms or wants_key:
        found, key = hide(found, secret_key(visit.site.settings))
        if wants_key:
            table = to_csv(["label", "employee_id", "name"], key).encode()
            return attached(table, telling("key-to-labels", meant.as_of.isoformat()) + ".csv", MEDIA["csv"])
    made = _kept_to(forms.of_survey(found, meant.sample, meant.seed), meant)
    return _handed(visit, said, meant, made)


def _kept_to(made: Made, meant: Meant) -> Made:
    """A report about people, with the units to which it keeps: only whoever sees these has it again."""
    if meant.scope == EVERYONE or not isinstance(meant.scope, InUnits):
        return made
    more = {"for_units": True} if meant.scope.today else {}
    return made._replace(asked={**made.asked, "units": list(meant.scope.units), **more})


def _handed(visit: Visit, said: Typed, meant: Meant, made: Made) -> Response:
    if said.issue:
        how = (said.form, said.paper, visit.today)
        number, _ = issue_made(visit.database, visit.author, issued_files(visit), made, *how)
        # Where it is told that it is issued, and had: a file that is sent at once leaves the form as it was.
        return see(visit, "/reports/issued", made=number)
    written = forms.write(made, said.form, said.paper)
    units = meant.scope.units if isinstance(meant.scope, InUnits) else ()
    where = units[0] if len(units) == 1 else f"{len(units)}-units" if units else ""
    whom = meant.whom[0] if len(meant.whom) == 1 else f"{len(meant.whom)}-people" if meant.whom else where
    name = telling(said.report, whom, meant.as_of.isoformat())
    return attached(written.content, f"{name}.{said.form}", MEDIA[said.form])
