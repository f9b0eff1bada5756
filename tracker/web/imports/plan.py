"""The fourth step: the plan, what becomes of each row, and the way to apply it; and the waiting meanwhile."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response

from tracker.actions.drafts.draft import Draft
from tracker.actions.drafts.folder import read_lines
from tracker.actions.drafts.seen import LISTS, Line, list_of
from tracker.domain.errors import BadInput
from tracker.web.gate import Visit
from tracker.web.imports.desk import Importer, Step, apply_now, draft_of, drafts_of, enter, look_again, path_of
from tracker.web.imports.questions import asked
from tracker.web.imports.said import Said
from tracker.web.imports.words import OUTCOMES, field_words, said
from tracker.web.imports.work import underway
from tracker.web.pages import page, see

router = APIRouter()
ROWS = 50
_STEPS = ("files", "questions", "plan", "result")


@router.get("/import/{draft}")
def go_on(visit: Importer, draft: str) -> Response:
    """On to where the owner of a draft is with it."""
    step = enter(visit, draft)
    return step if isinstance(step, Response) else see(visit, path_of(step.draft, "files"))


@router.get("/import/{draft}/plan")
def plan(visit: Importer, draft: str) -> Response:
    """What would happen, in figures."""
    step = enter(visit, draft)
    if isinstance(step, Response):
        return step
    if asked(step.seen):
        return see(visit, path_of(step.draft, "questions"))
    return _page(visit, step)


@router.post("/import/{draft}/apply")
def apply(
    visit: Importer, draft: str, plan: Annotated[str, Form()] = "", allow: Annotated[str, Form()] = ""
) -> Response:
    """Applies the plan that was shown, and no other."""
    step = enter(visit, draft)
    if isinstance(step, Response):
        return step
    if asked(step.seen) or not step.seen["digest"] or plan != step.seen["digest"]:
        return see(visit, path_of(step.draft, "plan"))
    if step.seen["too_many"]:
        leaving = step.seen["too_many"][0]
        if allow != str(leaving):
            said = "Say that so many have left, or go back: the file may be of other people, or not the whole roster."
            return _page(visit, step, said)
        step.draft.allow_leavers = leaving
    return apply_now(visit, step.draft, plan)


@router.post("/import/{draft}/bookings")
def bookings(visit: Importer, draft: str, form: Said) -> Response:
    """Says which of the classes that cells tell of are to be recorded."""
    step = enter(visit, draft)
    if isinstance(step, Response):
        return step
    for number, (offer, _) in enumerate(step.seen["bookings"]):
        step.draft.answers[offer] = "yes" if f"b{number}" in form else "no"
    return look_again(visit, step.draft, "plan")


@router.get("/import/{draft}/rows/{outcome}")
def rows(visit: Importer, draft: str, outcome: str, after: int = 0) -> Response:
    """The rows of which one thing becomes, some at a time; those of an import that is in as well."""
    drafts, found = drafts_of(visit), draft_of(visit, draft)
    step = Step(found, drafts.seen(found) or {}) if found.applied else enter(visit, draft)
    if isinstance(step, Response):
        return step
    if outcome not in LISTS or after < 0:
        raise BadInput("There is no such list of rows; go back to the plan.")
    lines = [Line(*each) for each in read_lines(list_of(drafts.folder(found), outcome), after, ROWS + 1)]
    return page(
        "imports/rows",
        visit,
        draft=found,
        outcome=outcome,
        words=OUTCOMES[outcome],
        count=step.seen["counts"][outcome],
        lines=lines[:ROWS],
        after=after,
        more=len(lines) > ROWS,
        rows=ROWS,
        said=said,
        field_words=field_words,
        files=len(found.files),
    )


@router.get("/import/{draft}/working")
def working(visit: Importer, draft: str, to: str = "files") -> Response:
    """How far it is; the page asks again by itself."""
    drafts, found = drafts_of(visit), draft_of(visit, draft)
    work = underway(drafts.folder(found))
    if work is None:
        return see(visit, path_of(found, to if to in _STEPS else "files"))
    return page("imports/working", visit, draft=found, work=work)


def figures(draft: Draft, seen: dict[str, Any]) -> list[tuple[str, int, str, str]]:
    """Each outcome: its name, how many rows, its words, and what it means."""
    return [(name, seen["counts"][name], *OUTCOMES[name]) for name in LISTS]


def _page(visit: Visit, step: Step, error: str = "") -> Response:
    changes = sum(step.seen["counts"][one] for one in ("new", "changed", "moved", "leaving"))
    return page(
        "imports/plan",
        visit,
        400 if error else 200,
        error=error,
        draft=step.draft,
        seen=step.seen,
        figures=figures(step.draft, step.seen),
        changes=changes,
        refused=[(name, said(why)) for name, why in step.seen["refused"]],
        said=said,
    )
