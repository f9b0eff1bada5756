"""The fourth step: the plan, what becomes of each row, and the way to apply it; and the waiting meanwhile."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from tracker.actions.drafts.draft import Draft
from tracker.actions.drafts.folder import read_lines
from tracker.actions.drafts.lists import LISTS, Line, list_of
from tracker.domain.errors import BadInput
from tracker.domain.why import spoken
from tracker.web.gate import Visit
from tracker.web.imports.desk import Importer, Step, apply_now, draft_of, drafts_of, enter, path_of
from tracker.web.imports.questions import asked
from tracker.web.imports.said import Said
from tracker.web.imports.words import OUTCOMES, field_words, told
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
def apply(visit: Importer, draft: str, form: Said) -> Response:
    """Applies the plan that was shown, and no other, with the classes that are ticked."""
    step = enter(visit, draft)
    if isinstance(step, Response):
        return step
    if asked(step.seen) or not step.seen["digest"] or form.get("plan") != step.seen["digest"]:
        return see(visit, path_of(step.draft, "plan"))
    for number, (offer, *_) in enumerate(step.seen["bookings"]):
        step.draft.answers[offer] = "yes" if f"b{number}" in form else "no"
    if step.seen["too_many"]:
        leaving = step.seen["too_many"][0]
        if form.get("allow") != str(leaving):
            why = "Say that so many have left, or go back: the file may be of other people, or not the whole roster."
            return _page(visit, step, why)
        step.draft.allow_leavers = leaving
    return apply_now(visit, step.draft, step.seen["digest"])


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
        told=told,
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
    classes = [
        (
            f"{type_} on {spoken(date.fromisoformat(day))}",
            employee_id,
            name or "",
            step.draft.answers.get(offer) == "yes",
        )
        for offer, employee_id, name, type_, day, _ in step.seen["bookings"]
    ]
    return page(
        "imports/plan",
        visit,
        400 if error else 200,
        error=error,
        draft=step.draft,
        seen=step.seen,
        figures=figures(step.draft, step.seen),
        changes=changes,
        classes=classes,
        refused=[(name, told(why)) for name, why in step.seen["refused"]],
    )
