"""What a change records of people of whom nothing was known before, so that it need not be read back."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Table

from tracker.db.known import KnownCards
from tracker.db.people import KINDS, fields_of
from tracker.db.tables import cards, identities, verifications
from tracker.domain.facts import Plain, named_answers, named_cards

_KINDS = list(KINDS)


def _fact(table: Table) -> Callable[[Sequence[Any]], Any]:
    names = [column.name for column in table.columns]
    return itemgetter(*[names.index(field) for field in fields_of(table, KINDS[table])])


# How the rows of each table become facts.
_FACT = {table: _fact(table) for table in _KINDS}
_AT = {table: place for place, table in enumerate(_KINDS)}
_PERSON = 1
_NAME_AND_EMAIL = slice(3, 5)


class Newcomers:
    """The people whom a change added, and all that it recorded of them so far."""

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._names: dict[int, Sequence[Any]] = {}
        self._facts: dict[int, tuple[list[Any], ...]] = {}

    def begin(self, numbered: dict[str, int]) -> None:
        """Takes in people who have just got their numbers."""
        self._numbers |= numbered
        for employee_id, number in numbered.items():
            self._ids[number] = employee_id
            self._facts[number] = ([], [], [], [], [])

    def recorded(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        """Takes in whole rows of a table, of anybody, as they are stored."""
        if not self._facts:
            return
        facts = self._facts
        if table is identities:
            self._names.update((row[_PERSON], row[_NAME_AND_EMAIL]) for row in rows if row[_PERSON] in facts)
            return
        if table not in _AT:
            return
        at, fact = _AT[table], _FACT[table]
        for row in rows:
            theirs = facts.get(row[_PERSON])
            if theirs is not None:
                theirs[at].append(fact(row))

    def some(self, most: int) -> list[str]:
        """The employee ids of a few of them; none once all were taken."""
        return [self._ids[number] for number in islice(self._facts, most)]

    def numbers(self, employee_ids: Iterable[str]) -> list[int]:
        """The numbers of those among some people who are newcomers."""
        found = (self._numbers.get(employee_id) for employee_id in employee_ids)
        return [number for number in found if number in self._facts]

    def all_numbers(self, employee_ids: Iterable[str]) -> dict[str, int]:
        """The numbers of those among some people whom the change added, whether or not they were taken since."""
        return {each: self._numbers[each] for each in employee_ids if each in self._numbers}

    def cards_of(self, employee_id: str) -> KnownCards | None:
        """The cards recorded of a newcomer so far; None of anybody else."""
        number = self._numbers.get(employee_id, 0)
        facts = self._facts.get(number)
        if facts is None:
            return None
        held, answers = facts[_AT[cards]], facts[_AT[verifications]]
        return KnownCards(
            number,
            employee_id,
            self._names.get(number, (None,))[0],
            named_cards(held),
            named_answers(answers) if answers else (),
        )

    def take(self, numbers: Iterable[int], first_recorded: date) -> list[Plain]:
        """What is known of those among some people who are newcomers; from now on they are as all others."""
        found: list[Plain] = []
        first = first_recorded.isoformat()
        for number in numbers:
            facts, identity = self._facts.pop(number, None), self._names.pop(number, None)
            employee_id = self._ids.pop(number, "")
            if facts and identity:
                found.append((number, employee_id, *identity, first, *facts))
        return found

    def forget(self, numbers: Iterable[int]) -> None:
        """Makes some people as all others: their facts are looked up."""
        for number in numbers:
            self._facts.pop(number, None)
            self._ids.pop(number, None)
            self._names.pop(number, None)
