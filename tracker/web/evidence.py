"""Files that show cards: handed in, opened, taken back."""

from typing import Annotated

from fastapi import APIRouter, Depends, UploadFile
from fastapi.responses import Response

from tracker.actions.evidence.keep import Kept, attach_evidence, keep_evidence, retract_evidence
from tracker.actions.evidence.look import get_evidence
from tracker.actions.evidence.propose import propose_card
from tracker.actions.evidence.wait import wait_to_be_checked
from tracker.actions.reach_person import Reached
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card, PersonFacts
from tracker.domain.scope import OnePerson
from tracker.domain.why import spoken
from tracker.intake.evidence import ENDINGS, LARGEST, TAKEN, evidence_file, media_type
from tracker.web.attached import attached
from tracker.web.forms_about import Taking, form_about, offer_retraction
from tracker.web.gate import Needs, Visit
from tracker.web.pages import person_path, see
from tracker.web.typed import Opened, Recorder, Text, author_about, whom

router = APIRouter()
Looker = Annotated[Visit, Depends(Needs(Right.SEE_EVIDENCE))]


@router.get("/evidence/{item:int}/{employee_id:path}")
def look(visit: Looker, item: int, employee_id: str) -> Response:
    """Sends a file to be saved; the trail names who looked."""
    author = author_about(visit, whom(visit, employee_id).person)
    _, data = get_evidence(visit.database, author, visit.site.files, OnePerson(employee_id), item)
    # By what is in it: what it was called when it came is anybody's word.
    kind = media_type(f"Evidence {item}", data)
    return attached(data, f"evidence-{item}{ENDINGS[kind]}", kind)


@router.get("/record/evidence/{employee_id:path}")
def ask_for_file(visit: Recorder, employee_id: str, card: str = "") -> Response:
    """The form to hand a file in."""
    return _form(visit, whom(visit, employee_id).person, card)


@router.post("/record/evidence/{employee_id:path}")
def keep(
    visit: Recorder, employee_id: str, file: UploadFile | None = None, card: Text = "", opened: Opened = None
) -> Response:
    """Keeps a file, as showing a card if it is said which."""
    person = whom(visit, employee_id, opened).person
    try:
        if file is None or not file.filename:
            raise BadInput(f"No file was chosen; choose {TAKEN}.")
        number = _card_number(person, card)
        given = evidence_file(file.filename, file.file.read(LARGEST + 1))
        kept = keep_evidence(visit.database, author_about(visit, person), visit.site.files, employee_id, given, number)
        done = _known_of(visit, person, kept)
    except BadInput as error:
        return _form(visit, person, card, str(error))
    return see(visit, person_path(employee_id), done=done)


@router.get("/record/attach-evidence/{item:int}/{employee_id:path}")
def ask_which_card(visit: Recorder, item: int, employee_id: str) -> Response:
    """Asks which card a file shows."""
    return _attaching(visit, whom(visit, employee_id).person, item)


@router.post("/record/attach-evidence/{item:int}/{employee_id:path}")
def attach(visit: Recorder, item: int, employee_id: str, card: Text = "", opened: Opened = None) -> Response:
    """Says which card a file shows."""
    person = whom(visit, employee_id, opened).person
    try:
        number = _card_number(person, card)
        if number is None:
            raise BadInput("No card was chosen; choose the one that the file shows.")
        attach_evidence(visit.database, author_about(visit, person), employee_id, item, number)
    except BadInput as error:
        return _attaching(visit, person, item, card, str(error))
    return see(visit, person_path(employee_id), done="file-attached")


def _known_of(visit: Visit, person: PersonFacts, kept: Kept) -> str:
    """What there is to say of a file that is kept now: what its text, if it is a certificate, says beside the record.

    A certificate that shows a card which nobody recorded yet waits to be checked, as one handed in at the command line.
    """
    if not kept.text.strip():
        return "file-kept" if kept.is_new else "file-known"
    who, author = person.employee_id, author_about(visit, person)
    proposal = propose_card(visit.database, OnePerson(who), kept.text, visit.today)
    if kept.card is None:
        waits = wait_to_be_checked(visit.database, author, who, kept.item, proposal, visit.today)
        return "file-waits" if waits else "file-kept" if kept.is_new else "file-known"
    if proposal.is_other_number(kept.card):
        return "file-other" if proposal.is_other_name else "file-other-number"
    return "file-other-name" if proposal.is_other_name else "file-kept" if kept.is_new else "file-known"


def _card_number(person: PersonFacts, text: str) -> int | None:
    if not text:
        return None
    for one in person.cards:
        if str(one.id) == text:
            return one.id
    raise BadInput("That card is not on record any more; choose another, or none.")


def _form(visit: Visit, person: PersonFacts, card: str, error: str = "") -> Response:
    cards, kinds = _choices(person, "None yet, or not known"), ",".join(ENDINGS)
    return form_about("evidence-form", visit, person, error, card=card, cards=cards, kinds=kinds, taken=TAKEN)


def _attaching(visit: Visit, person: PersonFacts, item: int, card: str = "", error: str = "") -> Response:
    cards = _choices(person, "Choose")
    return form_about("evidence-attach", visit, person, error, card=card, cards=cards, item=item)


def _choices(person: PersonFacts, none: str) -> list[tuple[str, str]]:
    return [("", none), *((str(one.id), _named(one)) for one in person.cards)]


def _named(card: Card) -> str:
    issued = f", issued {spoken(card.issued_on)}" if card.issued_on else ""
    return f"{card.type}{f' of {card.issuer}' if card.issuer else ''}{issued}"


def _taking(_visit: Visit, _reached: Reached, item: int) -> Taking:
    return Taking(
        f"file {item}",
        "Retract the file",
        "It shows no card from then on and is not listed any more. The history keeps it. If it was right after all, "
        "hand it in again.",
    )


offer_retraction(router, "evidence", Right.RECORD, _taking, retract_evidence)
