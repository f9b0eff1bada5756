"""The first step: files are dropped; below it the empty files to begin with, and the latest imports."""

from collections import Counter
from typing import Annotated, Literal

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import Response

from tracker.actions.drafts.folder import Handed
from tracker.actions.imports.undo import latest_imports
from tracker.db.directory import is_anybody
from tracker.db.known import Batch
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.intake.templates import template
from tracker.web.attached import MEDIA, attached
from tracker.web.imports.desk import Importer, draft_of, drafts_of, look_again, owner_of, path_of
from tracker.web.imports.words import KINDS
from tracker.web.imports.work import underway
from tracker.web.pages import page, see

router = APIRouter()
SHOWN = 10


@router.get("/import")
def start(visit: Importer) -> Response:
    """The page."""
    return _page(visit)


@router.post("/import")
def hand_in(visit: Importer, files: Annotated[list[UploadFile] | None, File()] = None) -> Response:
    """Keeps the files as a draft, and begins to read them."""
    handed = [Handed(each.filename or "", each.file) for each in files or ()]
    drafts = drafts_of(visit)
    drafts.sweep(visit.site.now())
    try:
        if visit.rulebook is None:
            raise BadInput("There is no policy yet, and without one nothing can be read; ask an educator for it.")
        draft = drafts.begin(owner_of(visit), handed, visit.site.now())
    except BadInput as error:
        return _page(visit, str(error), 400)
    return look_again(visit, draft, "files")


@router.get("/import/templates/{kind}")
def empty_file(visit: Importer, kind: Literal["roster", "cards", "absences", "exemptions", "units"]) -> Response:
    """A file to fill in."""
    return attached(template(kind), f"{kind}.csv", MEDIA["csv"])


@router.post("/import/{draft}/discard")
def discard(visit: Importer, draft: str) -> Response:
    """Ends a draft: nothing of it goes in, and its files are removed."""
    drafts, found = drafts_of(visit), draft_of(visit, draft)
    if underway(drafts.folder(found)):
        return see(visit, path_of(found, "working"))
    drafts.remove(found)
    return see(visit, "/import", done="import-discarded")


def _page(visit: Importer, error: str = "", status: int = 200) -> Response:
    drafts = drafts_of(visit).of(owner_of(visit), visit.site.now())
    with visit.database.read() as connection:
        anybody = is_anybody(connection)
    return page(
        "imports/start",
        visit,
        status,
        error=error,
        drafts=drafts,
        batches=latest_imports(visit.database, visit.scope, visit.author, SHOWN),
        came_of=_came_of,
        anybody=anybody,
        kinds=[(kind, words) for kind, words in KINDS.items() if kind != "exemptions" or visit.may(Right.EXEMPT)],
    )


def _came_of(batch: Batch) -> str:
    """What came of an import's rows, in figures; older ones did not keep them."""
    found: Counter[str] = Counter()
    for file in batch.files:
        found.update(file.get("rows", {}))
    return ", ".join(f"{count} {outcome}" for outcome, count in found.items()) or "in"
