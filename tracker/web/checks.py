"""Cards whose issuers are to be asked: their numbers to copy, and the answers that come back."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NamedTuple, get_args

from fastapi import APIRouter, Depends, UploadFile
from fastapi.responses import Response

from tracker.actions.check_cards import Answered, page_of_checks, record_answers
from tracker.actions.find_units import narrow
from tracker.db.checks import Unasked
from tracker.db.connect import Connection
from tracker.db.uploads import next_upload
from tracker.domain.access import Right
from tracker.domain.checking import ToCheck, batches
from tracker.domain.errors import BadInput
from tracker.domain.facts import Answer
from tracker.domain.policy import Issuer
from tracker.domain.scope import InUnits, Scope
from tracker.domain.why import spoken
from tracker.intake.answers import AnswerRow, Answers, Settled, read_answers
from tracker.intake.rows import DateOrder
from tracker.web.gate import Needs, Visit
from tracker.web.pages import page, see
from tracker.web.typed import HIGHEST, Text, Texts, day_or_none

router = APIRouter()
Checking = Annotated[Visit, Depends(Needs(Right.CHECK))]
# Cards that are looked at for a page: three batches of the size that issuers take.
PAGE = 60
HOW = "issuer's page"
ORDERS = {"": "As the file itself shows", "dmy": "Day first", "mdy": "Month first", "ymd": "Year first"}


class _Batch(NamedTuple):
    """So many cards as an issuer's page takes, and where they stand among the issuer's own."""

    issuer: Issuer
    place: int
    of: int
    cards: list[ToCheck]

    @property
    def codes(self) -> str:
        """The numbers, one a line."""
        return "\n".join(one.card.number or "" for one in self.cards)

    @property
    def singly(self) -> bool:
        """Whether the issuer's page takes one at a time: there is nothing to copy together then."""
        return self.issuer.check_batch == 1


@dataclass(frozen=True, slots=True)
class Said:
    """The answers to one batch as they were typed: what is said of all, and of each card where it differs."""

    all: Text = ""
    day: Text = ""
    who: Texts = ()
    card: Texts = ()
    answer: Texts = ()
    on: Texts = ()
    revoked: Texts = ()


@router.get("/checks")
def queue(visit: Checking, unit: str = "", after: str = "") -> Response:
    """The cards to check, in batches, those that cannot be, and whether uploads wait."""
    return _queue(visit, unit, after)


@router.post("/checks")
def answer(visit: Checking, said: Annotated[Said, Depends(Said)], unit: Text = "", after: Text = "") -> Response:
    """Records what an issuer answered about the cards of one batch."""
    try:
        rows = list(_rows(visit, said))
        if not rows:
            raise BadInput("Nothing is answered yet: choose an answer for all of them, or for single cards.")
        done = _record(visit, visit.scope, answers_of(rows))
    except BadInput as error:
        return _queue(visit, unit, after, said, str(error))
    if done.rejected:
        return _told(visit, done, {row.row: row.number or row.employee_id or "" for row in rows})
    return see(visit, "/checks", unit=unit, after=after, done="answers")


@router.post("/checks/file")
def take_file(
    visit: Checking, file: UploadFile | None = None, day: Text = "", order: Text = "", how: Text = HOW
) -> Response:
    """Records the answers in a file, and tells of each row that was not taken why."""
    try:
        if file is None or not file.filename:
            raise BadInput("Choose the file with the answers.")
        date_order = next((one for one in get_args(DateOrder) if one == order), None)
        settled = Settled(visit.today, day_or_none(day, "Day of checking"), date_order)
        done = _record(visit, visit.scope, _answers_in(file, settled), how.strip() or HOW)
    except BadInput as error:
        return _queue(visit, "", "", None, str(error))
    return _told(visit, done, {})


def _answers_in(file: UploadFile, settled: Settled) -> Answers:
    """What a file says; it is named in messages as its owner calls it."""
    with TemporaryDirectory() as folder:
        name = Path((file.filename or "").replace("\\", "/")).name
        path = Path(folder) / (name[:100] if name.isprintable() and name.strip(".") else "answers.csv")
        path.write_bytes(file.file.read())
        return read_answers(path, settled)


def _queue(visit: Visit, unit: str, after: str, said: Said | None = None, error: str = "") -> Response:
    with visit.database.read() as connection:
        scope, wrong = _narrowed(connection, visit, unit)
        waits = next_upload(connection, visit.scope, visit.today, 0) is not None
    found = page_of_checks(visit.database, scope, visit.today, _place(after), PAGE)
    shown = [one for issuer, cards in found.checks.by_issuer.items() for one in _cut(issuer, cards)]
    follows = f"{found.follows.person_id}.{found.follows.card}" if found.follows else ""
    own = visit.scope.units if isinstance(visit.scope, InUnits) else ()
    return page(
        "checks",
        visit,
        400 if error or wrong else 200,
        asked={"unit": unit, "after": after},
        own=[("", "All of yours"), *((each, each) for each in own)] if own else [],
        said=said or Said(),
        typed=_typed(said) if said else {},
        error=error or wrong,
        orders=list(ORDERS.items()),
        waits=waits,
        batches=shown,
        apart=found.checks.apart,
        names=found.names,
        follows=follows,
        asks=visit.rulebook.on(visit.today).pages_to_ask_at if visit.rulebook else [],
        how=HOW,
    )


def _cut(issuer: Issuer, cards: list[ToCheck]) -> list[_Batch]:
    """An issuer's cards, as many at a time as its page takes; those to be asked about singly share a form."""
    taken = replace(issuer, check_batch=None) if issuer.check_batch == 1 else issuer
    cut = batches(taken, cards)
    return [_Batch(issuer, at, len(cut), some) for at, some in enumerate(cut, 1)]


def _typed(said: Said) -> dict[str, tuple[str, str, str]]:
    """What was typed of each card, by its number."""
    rows = zip(said.card, said.answer, said.on, said.revoked, strict=False)
    return {card: (answer, on, revoked) for card, answer, on, revoked in rows}


def _narrowed(connection: Connection, visit: Visit, unit: str) -> tuple[Scope, str]:
    """The scope of one unit, or the visitor's own and what is wrong with the unit."""
    try:
        return narrow(connection, visit.scope, [unit]), ""
    except BadInput as error:
        return visit.scope, str(error)


def _place(after: str) -> Unasked:
    """Where a page of the queue begins, as its address says."""
    person, _, card = after.partition(".")
    numbers = [int(text[:10]) if text.isascii() and text.isdigit() else 0 for text in (person, card)]
    return Unasked(*(min(number, HIGHEST) for number in numbers))


def _rows(visit: Visit, said: Said) -> list[AnswerRow]:
    """The answers of a batch, as a file would have them; raises BadInput where one cannot be meant."""
    # One that cannot be read is told, whatever stands beside single cards.
    day_or_none(said.day, "Day of checking")
    rows = []
    each = zip(said.who, said.card, said.answer, said.on, said.revoked, strict=False)
    for at, (who, card, own, on, revoked) in enumerate(each, 1):
        number = int(card) if card.isascii() and card.isdigit() and len(card) < 10 else 0
        found = typed_answer(visit, at, (who, number), own or said.all, on.strip() or said.day, revoked)
        if found is not None:
            rows.append(found)
    return rows


def typed_answer(visit: Visit, at: int, whose: tuple[str, int], text: str, on: str, revoked: str) -> AnswerRow | None:
    """The answer about a card (of whom, and its number on record) that was typed, or None where none was.

    Raises BadInput where it cannot be meant.
    """
    found = _answer(text)
    if found is None:
        return None
    checked_on = day_or_none(on, "Day of checking") or visit.today
    if checked_on > visit.today:
        raise BadInput(f"{spoken(checked_on)} is still to come; say when the card was checked.")
    from_day = day_or_none(revoked, "Day of revocation")
    if from_day and found != "revoked":
        raise BadInput("A day from which it is revoked goes only with the answer revoked.")
    who, card = whose
    return AnswerRow(at, None, who, card, found, checked_on, None, from_day)


def answers_of(rows: list[AnswerRow]) -> Answers:
    """Answers that were typed, as a file would have them."""
    return Answers(sha256(repr(rows).encode()).hexdigest(), rows)


def _answer(text: str) -> Answer | None:
    if text in ("", "none"):
        return None
    for one in get_args(Answer):
        if one == text:
            found: Answer = one
            return found
    raise BadInput("Choose one of the answers: confirmed, not found, revoked.")


def _record(visit: Visit, scope: Scope, answers: Answers, how: str = HOW) -> Answered:
    return record_answers(visit.database, visit.author, scope, answers, how, visit.today)


def _told(visit: Visit, done: Answered, whose: dict[int, str]) -> Response:
    status = 200 if done.recorded or done.unchanged else 400
    return page("checks-answered", visit, status, answered=done, whose=whose)
