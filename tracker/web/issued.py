"""Reports that were issued: listed, had again, proved."""

from fastapi import APIRouter, UploadFile
from fastapi.responses import Response

from tracker.actions.prove_report import fetch_report, prove_report
from tracker.db.issued_pages import is_within, issued_page
from tracker.db.issues import issue
from tracker.domain.errors import BadInput
from tracker.web.attached import MEDIA, attached, telling
from tracker.web.gate import Visit
from tracker.web.pages import ROWS, page
from tracker.web.report_asked import KINDS
from tracker.web.reports import Reporting, issued_files
from tracker.web.typed import Before, Number

router = APIRouter()


@router.get("/reports/issued")
def issued(visit: Reporting, before: Before = None, made: Before = None) -> Response:
    """The latest, as far as the visitor may see them; `made` is one that was issued just now."""
    with visit.database.read() as connection:
        found = issue(connection, made) if made else None
    return _listed(visit, 200, before, made=found if found and is_within(found, visit.scope) else None)


@router.post("/reports/issued/{number}")
def fetch(visit: Reporting, number: Number) -> Response:
    """One of them once more, to the last byte; the trail says who had it."""
    with visit.database.read() as connection:
        found = issue(connection, number)
    if found is None or not is_within(found, visit.scope):
        raise BadInput(f"There is no issued report {number} that you may see; look at the list of those issued.")
    found, content = fetch_report(visit.database, visit.author, issued_files(visit), number)
    name = telling(found.kind, found.as_of.isoformat(), f"issued-{number}")
    return attached(content, f"{name}.{found.form}", MEDIA[found.form])


@router.post("/reports/verify")
def verify(visit: Reporting, file: UploadFile | None = None) -> Response:
    """Whether a file is a report that was issued here, to the last byte."""
    content = file.file.read() if file is not None else b""
    if not content or file is None:
        return _listed(visit, 400, error="Choose the file that is to be proved.")
    proof = prove_report(visit.database, content)
    mine = [one for one in proof.issues if is_within(one, visit.scope)]
    return _listed(visit, 200, proof=proof._replace(issues=mine), file=file.filename or "The file")


def _listed(visit: Visit, status: int, before: int | None = None, **known: object) -> Response:
    with visit.database.read() as connection:
        found, follows = issued_page(connection, visit.scope, before, ROWS)
    usual: dict[str, object] = {"made": None, "proof": None, "file": "", "error": "", "kinds": KINDS}
    return page("reports-issued", visit, status, **{**usual, "issued": found, "follows": follows, **known})
