"""What every step of an import begins with: whose it is, which draft, and where its owner is with it."""

from typing import Annotated, Any, NamedTuple

from fastapi import Depends
from fastapi.responses import Response

from tracker.actions.drafts.draft import Draft
from tracker.actions.drafts.folder import Drafts
from tracker.actions.drafts.look import Desk, Owner, apply, look
from tracker.domain.access import Right
from tracker.web.gate import Needs, Visit
from tracker.web.imports.words import told
from tracker.web.imports.work import Work, begin, underway
from tracker.web.pages import page, see

Importer = Annotated[Visit, Depends(Needs(Right.IMPORT))]


class Step(NamedTuple):
    """A draft, and what came of looking at it."""

    draft: Draft
    seen: dict[str, Any]


def drafts_of(visit: Visit) -> Drafts:
    """The drafts of the installation."""
    return Drafts(visit.site.folder)


def owner_of(visit: Visit) -> str:
    """Whose drafts are shown: an account's, under what it was given."""
    return f"{visit.account.id}-{visit.account.grant_id}"


def draft_of(visit: Visit, number: str) -> Draft:
    """A draft of whoever looks; raises BadInput if there is none."""
    return drafts_of(visit).find(owner_of(visit), number, visit.site.now())


def path_of(draft: Draft, step: str) -> str:
    """The path of a step."""
    return f"/import/{draft.id}/{step}"


def enter(visit: Visit, number: str) -> Step | Response:
    """Opens a step of a draft; or leads to the page where its owner has to be now."""
    drafts = drafts_of(visit)
    draft = draft_of(visit, number)
    if underway(drafts.folder(draft)):
        return see(visit, path_of(draft, "working"))
    if draft.applied:
        return see(visit, path_of(draft, "result"))
    seen = drafts.seen(draft)
    if seen is None or seen["version"] != draft.version or draft.applying:
        return page("imports/again", visit, draft=draft, trouble="")
    if seen["trouble"]:
        return page("imports/again", visit, draft=draft, trouble=seen["trouble"])
    if draft.unusable:
        return page("imports/unusable", visit, draft=draft, refused=[told(why) for _, why in seen["refused"]])
    return Step(draft, seen)


def look_again(visit: Visit, draft: Draft, to: str) -> Response:
    """Looks at a draft in the background after something was said of it; leads on to a step, or to the waiting."""
    drafts = drafts_of(visit)
    if underway(drafts.folder(draft)) is None:
        draft.version += 1
        draft.applying = None
        drafts.save(draft)
    return _work(visit, draft, to, Work(applying=False))


def apply_now(visit: Visit, draft: Draft, digest: str) -> Response:
    """Applies what was seen, in the background."""
    drafts = drafts_of(visit)
    if underway(drafts.folder(draft)) is None:
        draft.applying = digest
        drafts.save(draft)
    return _work(visit, draft, "result", Work(applying=True))


def _work(visit: Visit, draft: Draft, to: str, work: Work) -> Response:
    owner = Owner(visit.author, visit.scope, visit.may(Right.EXEMPT))
    desk, task = Desk(visit.database, drafts_of(visit), owner, visit.today, told), apply if work.applying else look
    over = begin(desk.drafts.folder(draft), work, lambda: task(desk, draft, work.forward))
    return see(visit, path_of(draft, to)) if over else see(visit, path_of(draft, "working"), to=to)
