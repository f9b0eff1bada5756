"""Cards that staff handed in, one at a time: looked at, accepted or refused."""

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.enable_mail import mail_gate
from tracker.actions.evidence.look import get_evidence
from tracker.actions.evidence.propose import Proposal, propose_card
from tracker.actions.evidence.refuse import refuse_card
from tracker.actions.evidence.settle import Accepted, Checked, accept_upload, still_waiting, text_in
from tracker.actions.evidence.who_tells import who_tells
from tracker.actions.plan_reminders import plan_one
from tracker.db.connect import Connection
from tracker.db.uploads import Upload, next_upload
from tracker.domain.errors import BadInput, NotPossible
from tracker.domain.scope import OnePerson
from tracker.intake.evidence import PDF
from tracker.web.checks import HOW, Checking
from tracker.web.gate import Visit
from tracker.web.pages import page, page_about, see
from tracker.web.shown_cards import file_words
from tracker.web.typed import After, Number, Tick, TypedCard, Words, type_words

router = APIRouter()
# Pictures that every browser shows.
SHOWN = {"image/jpeg", "image/png", "image/webp"}
PICTURE_POLICY = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class Typed(TypedCard):
    """The card as somebody read it from the file."""

    confirmed: Tick = False
    sure: Tick = False


class Why(NamedTuple):
    """A refusal as it was typed."""

    why: str = ""
    instead: str = ""


@router.get("/checks/uploads")
def first(visit: Checking, after: After = 0) -> Response:
    """The first upload that waits, of those after a number; or that none does."""
    with visit.database.read() as connection:
        found = next_upload(connection, visit.scope, visit.today, after)
        passed = found is None and next_upload(connection, visit.scope, visit.today, 0) is not None
    if found is None:
        return page("uploads-none", visit, passed=passed)
    return _shown(visit, found)


@router.get("/checks/uploads/{waiting}/file")
def look(visit: Checking, waiting: Number) -> Response:
    """A picture to look at beside the form; anything else is to be saved. The trail says who looked."""
    one = _upload(visit, waiting)
    if one.media_type not in SHOWN:
        return see(visit, page_about(visit, f"evidence/{one.item}", one.employee_id))
    _, data = get_evidence(visit.database, visit.author, visit.site.files, OnePerson(one.employee_id), one.item)
    return Response(data, media_type=one.media_type, headers={"content-security-policy": PICTURE_POLICY})


@router.post("/checks/uploads/{waiting}/accept")
def accept(visit: Checking, waiting: Number, typed: Annotated[Typed, Depends(Typed)]) -> Response:
    """Records the card that the upload shows, and goes on to the next upload."""
    try:
        checked = Checked(visit.today, HOW) if typed.confirmed else None
        accepted = Accepted(typed.card(0), checked, typed.sure)
        accept_upload(visit.database, visit.author, visit.scope, waiting, accepted, visit.today)
    except BadInput as error:
        return _again(visit, waiting, error, typed=typed)
    return see(visit, "/checks/uploads", after=waiting, done="accepted")


@router.post("/checks/uploads/{waiting}/refuse")
def refuse(visit: Checking, waiting: Number, why: Words = "", instead: Words = "") -> Response:
    """Refuses the upload, says how the person hears of it, and goes on to the next one."""
    one = _upload(visit, waiting)
    try:
        if not why.strip():
            raise BadInput("Say why it is not accepted; the person reads it in these words.")
        words = (why.strip(), instead.strip() or None)
        author = visit.author.if_still(lambda connection: _still(connection, visit, waiting))
        refuse_card(visit.database, author, one.employee_id, one.item, *words, visit.today)
    except BadInput as error:
        return _again(visit, waiting, error, refusal=Why(why, instead))
    gate = mail_gate(visit.database, visit.site.settings)
    told = who_tells(plan_one(visit.database, gate, visit.today, one.employee_id, asked=True))
    return see(visit, "/checks/uploads", after=waiting, done=f"refused-{told}")


def _upload(visit: Visit, number: int) -> Upload:
    with visit.database.read() as connection:
        return _still(connection, visit, number)


def _still(connection: Connection, visit: Visit, number: int) -> Upload:
    return still_waiting(connection, visit.scope, visit.today, number)


def _again(visit: Visit, number: int, error: BadInput, **typed: Any) -> Response:
    """The same upload with what is wrong; if it waits no more, that is said in place of it."""
    return _shown(visit, _upload(visit, number), str(error), **typed)


def _shown(
    visit: Visit, one: Upload, error: str = "", typed: Typed | None = None, refusal: Why | None = None
) -> Response:
    proposal, gone = _proposal(visit, one)
    policy = visit.rulebook.on(visit.today) if visit.rulebook else None
    titles = [(kind.id, type_words(kind)) for kind in policy.types.values()] if policy else []
    return page(
        "uploads",
        visit,
        400 if error else 200,
        one=one,
        proposal=proposal,
        gone=gone,
        typed=typed or _filled(one, proposal),
        refusal=refusal or Why(),
        titles=titles,
        issuers=[each.id for each in policy.issuers] if policy else [],
        shows=one.media_type in SHOWN,
        what=file_words(one.media_type, one.size),
        error=error,
    )


def _proposal(visit: Visit, one: Upload) -> tuple[Proposal | None, str]:
    """The card that a PDF shows: to read it is a look as well. And why it cannot be read, if its file is gone."""
    scope, files = OnePerson(one.employee_id), visit.site.files
    if one.media_type != PDF:
        return None, ""
    try:
        _, data = get_evidence(visit.database, visit.author, files, scope, one.item)
    except NotPossible as error:
        return None, str(error)
    text = text_in(files, one, data)
    return (propose_card(visit.database, scope, text, visit.today) if text.strip() else None), ""


def _filled(one: Upload, proposal: Proposal | None) -> Typed:
    """The form as the proposal fills it."""
    if proposal is None:
        return Typed(one.type)
    card = proposal.card
    issued = card.issued_on.isoformat() if card.issued_on else ""
    return Typed(card.type or one.type, card.issuer or "", issued, card.stated or "", card.number or "")
