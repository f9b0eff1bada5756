"""A file of what issuers answered, a row a card. Nothing is guessed: a bad row is rejected with the reason."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tracker.domain.errors import BadInput
from tracker.domain.facts import Answer
from tracker.intake.dates import OrderUnknown, order_of, read_date
from tracker.intake.delimited import open_delimited
from tracker.intake.grid import Cells, Trouble
from tracker.intake.reader import form_of_file, load_text
from tracker.intake.rows import DateOrder, Rejected
from tracker.intake.text import EMPTY, quoted, shown, squash, unguarded

# What a column may be called, as `squash` leaves it.
HEADERS = {
    "number": ("number", "cardnumber", "ecardcode", "code", "certificateid", "certificatenumber"),
    "employee_id": ("employeeid", "employeenumber", "empid"),
    "card": ("card", "cardrecord"),
    "answer": ("answer", "status", "result"),
    "checked_on": ("checkedon", "datechecked", "verifiedon", "dateverified"),
    "checked_by": ("checkedby", "verifiedby"),
    "revoked_from": ("revokedfrom", "revokedon"),
}
# What an answer may be called, as `squash` leaves it. Not "expired": that says nothing of whether the card is one.
ANSWERS: dict[str, Answer] = {
    **dict.fromkeys(("confirmed", "valid", "active", "verified", "found"), "confirmed"),
    **dict.fromkeys(("notfound", "invalid", "norecord", "norecordfound", "nosuchcard", "unknown"), "not_found"),
    **dict.fromkeys(("revoked", "withdrawn"), "revoked"),
}
_FIELDS = {name: key for key, names in HEADERS.items() for name in names}
_DATES = ("checked_on", "revoked_from")


class AnswerRow(NamedTuple):
    """An answer, and the card that it is about: by its number, or by its person and its number in the records."""

    row: int
    number: str | None
    employee_id: str | None
    card: int | None
    answer: Answer
    checked_on: date
    checked_by: str | None
    revoked_from: date | None


@dataclass(slots=True)
class Answers:
    """A file of answers as understood."""

    sha256: str
    rows: list[AnswerRow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


class Settled(NamedTuple):
    """What the person at the keyboard says of the whole file."""

    today: date
    checked_on: date | None = None
    date_order: DateOrder | None = None


def read_answers(path: Path, settled: Settled) -> Answers:
    """Read a file of answers.

    Raises:
        BadInput: nothing of it can be used; the sentence says what to do.
    """
    if form_of_file(path) == "book":
        raise BadInput(f"{path.name} is a workbook: save the sheet as .csv and name that.")
    data = load_text(path)
    try:
        rows = open_delimited(data, _score).sheet().rows()
        columns = _columns(next(rows, []))
        texts = [(number, _texts(cells, columns)) for number, cells in enumerate(rows, 2)]
    except BadInput as error:
        raise BadInput(f"{path.name}: {error}") from None
    reader = _Reader(settled, _order([values for _, values in texts], settled))
    found = Answers(hashlib.sha256(data).hexdigest())
    for number, values in texts:
        if any(values.values()):
            try:
                found.rows.append(reader.row(number, values))
            except Trouble as trouble:
                found.rejected.append(Rejected(number, None, trouble.field, trouble.reason, True))
    return found


def _score(rows: Sequence[Cells]) -> int:
    return max((sum(squash(shown(cell)) in _FIELDS for cell in row) for row in rows[:1]), default=0)


def _columns(header: Cells) -> dict[str, int]:
    """Which column each field is in."""
    found: dict[str, int] = {}
    for at, cell in enumerate(header):
        key = _FIELDS.get(squash(shown(cell)))
        if key in found:
            raise BadInput(f"two columns are called {key}: leave one and try again.")
        if key:
            found[key] = at
    if "answer" not in found or not ("number" in found or {"employee_id", "card"} <= set(found)):
        raise BadInput(
            "the first row has to name the columns: answer, and number or employee_id and card; "
            "checked_on, checked_by and revoked_from where they are known."
        )
    return found


def _texts(cells: Cells, columns: Mapping[str, int]) -> dict[str, str]:
    return {key: unguarded(shown(cells[at]).strip()) if at < len(cells) else "" for key, at in columns.items()}


def _order(rows: Sequence[Mapping[str, str]], settled: Settled) -> DateOrder | None:
    """The order of day and month: as said, or as the file's unambiguous dates prove."""
    proved, _ = order_of(values[key] for values in rows for key in _DATES if values.get(key))
    return settled.date_order or (proved.pop() if len(proved) == 1 else None)


class _Reader:
    """Makes answers of rows."""

    def __init__(self, settled: Settled, order: DateOrder | None) -> None:
        self._settled, self._order = settled, order

    def row(self, number: int, values: Mapping[str, str]) -> AnswerRow:
        """The answer in a row; raises Trouble with the field and the reason where there is none."""
        given = {key: None if value.casefold() in EMPTY else value for key, value in values.items()}
        card = given.get("card")
        if not given.get("number") and not (given.get("employee_id") and card):
            raise Trouble("Say which card: its number, or employee_id and card.", "number")
        if card and not (card.isascii() and card.isdigit()):
            raise Trouble(f"{quoted(card)} is no number of a card in the records.", "card")
        answer = _answer(given.get("answer"))
        revoked_from = self._day(given, "revoked_from")
        if revoked_from and answer != "revoked":
            raise Trouble("A day from which it is revoked goes only with the answer revoked.", "revoked_from")
        checked_on = self._day(given, "checked_on") or self._settled.checked_on
        if checked_on is None:
            raise Trouble(
                "Say when it was checked: fill in checked_on, or say the day for the whole file (--on).", "checked_on"
            )
        if checked_on > self._settled.today:
            raise Trouble("The day on which it was checked is still to come.", "checked_on")
        which = (given.get("number"), given.get("employee_id"), int(card) if card else None)
        return AnswerRow(number, *which, answer, checked_on, given.get("checked_by"), revoked_from)

    def _day(self, given: Mapping[str, str | None], key: str) -> date | None:
        text = given.get(key)
        if not text:
            return None
        try:
            return date.fromisoformat(read_date(text, self._order))
        except OrderUnknown:
            raise Trouble(
                f"{quoted(text)} can be two days: say whether day or month comes first (--date-order dmy or mdy).", key
            ) from None
        except ValueError:
            raise Trouble(f"{quoted(text)} is a month: a day is needed.", key) from None
        except Trouble as trouble:
            raise Trouble(trouble.reason, key) from None


def _answer(text: str | None) -> Answer:
    if not text:
        raise Trouble("There is no answer.", "answer")
    found = ANSWERS.get(squash(text))
    if found is None:
        raise Trouble(f"{quoted(text)} is none of the answers: confirmed, not_found, revoked.", "answer")
    return found
