"""Makes rows of values, and refuses those whose values contradict each other.

A taker is given the values of one row in the order of `FIELDS`, None where there is nothing, and
keeps what it made. It sees hundreds of thousands of rows, hence tuples, and `Any` for values
whose types the converters vouch for.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol

from tracker.domain.tuples import new
from tracker.intake.convert import LastDays
from tracker.intake.grid import Trouble
from tracker.intake.rows import AbsenceRow, CardRow, ExemptionRow, Kind, RosterRow, UnitRow, Who
from tracker.intake.synonyms import FIELDS
from tracker.intake.text import is_total, quoted

_NOT_HELD = frozenset({"n", "no", "0", "false", "\N{BALLOT BOX}"})
"""Marks by which somebody has no such card, so that no date is missing."""


class Taker(Protocol):
    """Takes rows and keeps them in `rows`, and the cards beside them in `cards`."""

    rows: list[Any]
    cards: list[CardRow]

    def take(self, number: int, values: Sequence[Any]) -> None:
        """Keep the row `number` of the sheet, or raise Trouble and keep nothing of it."""


class CardTaker:
    """Takes rows of a list of cards."""

    def __init__(self, dated: str) -> None:
        self.rows: list[CardRow] = []
        self.cards: list[CardRow] = []
        self._dated = dated
        self._last_days = LastDays()

    def take(self, number: int, values: Sequence[Any]) -> None:
        """Keep a card that has a date and does not end before it was issued."""
        issued, stated = values[3], values[4]
        if stated is None:
            if issued is None:
                raise Trouble("Neither the issue date nor the expiry is given.", self._dated)
        elif issued is not None and self._last_days[stated] < issued:
            raise Trouble(ends_too_soon(stated, issued), "expires_on")
        self.rows.append(new(CardRow, (number, *values)))


class PeriodTaker:
    """Takes rows that hold from one day to another."""

    def __init__(self, kind: Kind) -> None:
        self.rows: list[Any] = []
        self.cards: list[CardRow] = []
        self._row = {"roster": RosterRow, "absences": AbsenceRow, "exemptions": ExemptionRow}[kind]
        self._first, self._last = _PERIODS[kind]
        self._end = FIELDS[kind][self._last]

    def take(self, number: int, values: Sequence[Any]) -> None:
        """Keep a row whose last day is not before its first."""
        first, last = values[self._first], values[self._last]
        if first is not None and last is not None and last < first:
            raise Trouble(f"It ends ({last}) before it starts ({first}).", self._end)
        self.rows.append(new(self._row, (number, *values)))


_PERIODS: dict[Kind, tuple[int, int]] = {"roster": (6, 7), "absences": (1, 2), "exemptions": (2, 3)}


class UnitTaker:
    """Takes rows of a list of units."""

    def __init__(self) -> None:
        self.rows: list[UnitRow] = []
        self.cards: list[CardRow] = []

    def take(self, number: int, values: Sequence[Any]) -> None:
        """Keep any row."""
        self.rows.append(new(UnitRow, (number, *values)))


class NamelessTaker:
    """Takes rows that name no employee id, and notes whom each is about.

    Args:
        inner: takes the rows as if a blank were the id.
        who: where a row's name, e-mail and unit are among its values.
        headers: of name and e-mail, as the sheet has them; repeated they are nobody.
        fields: how many values are the inner taker's.
    """

    def __init__(self, inner: Taker, who: tuple[int, ...], headers: tuple[str | None, ...], fields: int) -> None:
        self._inner, self._places, self._headers, self._fields = inner, who, headers, fields
        self.rows, self.cards = inner.rows, inner.cards
        self.who: dict[int, Who] = {}

    def take(self, number: int, values: Sequence[Any]) -> None:
        """Keep a row that says whom it is about."""
        who = Who(*(values[at] for at in self._places))
        if not (who.name or who.email):
            raise Trouble("Nothing says whom the row is about: it has neither e-mail nor name.", "name")
        if who.name and is_total(who.name):
            raise Trouble(f"{quoted(who.name)} is nobody's name.", "name")
        if who.name and who.name == self._headers[0]:
            raise Trouble("The header is repeated here.", "name")
        self._inner.take(number, ["", *values[1 : self._fields]])
        self.who[number] = who


class NamedTaker:
    """Takes rows of a list that has employee ids, and notes what it calls these people.

    Args:
        inner: takes the rows.
        name: where the name is among a row's values.
        fields: how many values are the inner taker's.
    """

    def __init__(self, inner: Taker, name: int, fields: int) -> None:
        self._inner, self._name, self._fields = inner, name, fields
        self.rows, self.cards = inner.rows, inner.cards
        self.names: dict[int, str] = {}

    def take(self, number: int, values: Sequence[Any]) -> None:
        """Keep the row and its name."""
        self._inner.take(number, values[: self._fields])
        name = values[self._name]
        if name:
            self.names[number] = name


class WideTaker:
    """Takes people, and a card from every group of columns beside them that has a date.

    Args:
        types: ids, in the order in which their four values (as in `PARTS`) follow the roster's.
        marked: those of them whose marks ("X") follow in turn.
        refuse: told of a cell (row, field, reason) of which no card comes.
    """

    def __init__(self, types: list[str], marked: list[str], refuse: Callable[[int, str, str], None]) -> None:
        self._people = PeriodTaker("roster")
        self.rows: list[RosterRow] = self._people.rows
        self.cards: list[CardRow] = []
        self._refuse = refuse
        people = len(FIELDS["roster"])
        first_mark = people + 4 * len(types)
        marks = {type_id: first_mark + at for at, type_id in enumerate(marked)}
        self._groups = [(type_id, people + 4 * at, marks.get(type_id)) for at, type_id in enumerate(types)]
        self._last_days = LastDays()

    def take(self, number: int, values: Sequence[Any]) -> None:
        """Keep the person; a wrong card is refused alone."""
        self._people.take(number, values[: len(FIELDS["roster"])])
        for type_id, at, mark in self._groups:
            issuer, issued, stated, code = values[at : at + 4]
            if issued is None and stated is None:
                if code is not None:
                    self._refuse(number, f"{type_id}.number", "A number without a date is no card.")
                elif mark is not None and (said := values[mark]) and said.casefold() not in _NOT_HELD:
                    self._refuse(number, f"{type_id}.mark", f"{quoted(said)} without a date is no card.")
            elif issued is not None and stated is not None and self._last_days[stated] < issued:
                self._refuse(number, f"{type_id}.expires_on", ends_too_soon(stated, issued))
            else:
                card = (number, values[0], type_id, issuer, issued, stated, code, None)
                self.cards.append(new(CardRow, card))


def ends_too_soon(stated: str, issued: date) -> str:
    """Say why a card cannot be right."""
    return f"It ends ({stated}) before it was issued ({issued})."
