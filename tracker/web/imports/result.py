"""The last step: what was done, the rows to put right, and the way to take it back."""

import re
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from tracker.actions.drafts.draft import Draft
from tracker.actions.imports.undo import see_import, undo_import
from tracker.domain.errors import BadInput
from tracker.web.gate import Visit
from tracker.web.imports.desk import Importer, draft_of, drafts_of, path_of
from tracker.web.imports.plan import figures
from tracker.web.imports.words import told
from tracker.web.pages import page, see
from tracker.web.typed import Number

router = APIRouter()
# Of one, of several.
FACTS = {
    "identities": ("name and e-mail", "names and e-mails of people"),
    "assignments": ("place of work", "places of work"),
    "cards": ("card", "cards"),
    "verifications": ("answer of an issuer", "answers of issuers"),
    "absences": ("time of leave", "times of leave"),
    "exemptions": ("exemption", "exemptions"),
    "bookings": ("booked class", "booked classes"),
    "units": ("unit", "units"),
    "mappings": ("sheet's columns that are remembered", "sheets' columns that are remembered"),
}
_NOT_IN_NAMES = re.compile(r"[^\w. ()-]")


@router.get("/import/{draft}/result")
def result(visit: Importer, draft: str) -> Response:
    """What came of it."""
    drafts, found = drafts_of(visit), draft_of(visit, draft)
    seen = drafts.seen(found)
    if not found.applied or seen is None:
        return see(visit, path_of(found, "plan"))
    return page(
        "imports/result",
        visit,
        draft=found,
        seen=seen,
        figures=figures(found, seen),
        copies=[(number, found.files[number].name) for number, _ in _copies(visit, found)],
        refused=[(name, told(why)) for name, why in seen["refused"]],
    )


@router.get("/import/{draft}/rejected/{number}")
def rejected(visit: Importer, draft: str, number: int) -> Response:
    """The rows of a file that did not go in, with the reasons, as a spreadsheet."""
    found = draft_of(visit, draft)
    copy = dict(_copies(visit, found)).get(number)
    if copy is None:
        raise BadInput("There is no such file; go back to the result.")
    stem = _NOT_IN_NAMES.sub("_", Path(found.files[number].name).stem)
    return FileResponse(copy, filename=f"{stem}.rejected{copy.suffix}", headers={"cache-control": "no-store"})


@router.get("/import/undo/{batch}")
def ask(visit: Importer, batch: Number) -> Response:
    """What undoing an import takes back."""
    return _page(visit, batch)


@router.post("/import/undo/{batch}")
def undo(visit: Importer, batch: Number) -> Response:
    """Takes an import back; the page that asks says what goes."""
    try:
        undo_import(visit.database, visit.scope, visit.author, batch, visit.today)
    except BadInput as error:
        raise BadInput(told(str(error))) from None
    return see(visit, "/import", done="import-undone")


def _page(visit: Visit, number: int) -> Response:
    try:
        found = see_import(visit.database, visit.scope, visit.author, number, visit.today)
    except BadInput as none:
        raise BadInput(told(str(none))) from None
    facts = [(count, FACTS.get(name, (name, name))[count != 1]) for name, count in found.facts.items()]
    return page("imports/undo", visit, batch=found.batch, facts=facts, refusal=told(found.refusal))


def _copies(visit: Visit, draft: Draft) -> list[tuple[int, Path]]:
    """The copies of rejected rows that there are, by the number of their file."""
    folder = drafts_of(visit).folder(draft)
    found = [(number, next(folder.glob(f"rejected-{number}.*"), None)) for number in range(len(draft.files))]
    return [(number, copy) for number, copy in found if copy]
