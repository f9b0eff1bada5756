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
from tracker.domain.tuples import new

_KINDS = list(KINDS)


def _fact(table: Table) -> Callable[[Sequence[Any]], Any]:
    names = [column.name for column in table.columns]
    return itemgetter(*[names.index(field) for field in fields_of(table, KINDS[table])])


# How the rows of each table become facts.
_FACT = {table: _fact(table) for table in _KINDS}
_PERSON = 1
_NAME_AND_EMAIL = slice(3, 5)
_NOBODY = (None, None)


class Newcomers:
    """The people whom a change added, and all that it recorded of them so far."""

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._names: dict[int, Sequence[Any]] = {}
        # By table, then by person; who has none of a kind is not there.
        self._facts: dict[Table, dict[int, list[Any]]] = {table: {} for table in _KINDS}

    def begin(self, numbered: dict[str, int]) -> None:
        """Takes in people who have just got their numbers."""
        self._numbers |= numbered
        self._ids.update((number, employee_id) for employee_id, number in numbered.items())

    def is_unnamed(self, number: int) -> bool:
        """Whether a number is that of somebody whom the change added and has not named yet."""
        return number in self._ids and number not in self._names

    def recorded(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        """Takes in whole rows of a table, of anybody, as they are stored."""
        ids = self._ids
        if not ids:
            return
        if table is identities:
            self._names.update((row[_PERSON], row[_NAME_AND_EMAIL]) for row in rows if row[_PERSON] in ids)
            return
        theirs = self._facts.get(table)
        if theirs is None:
            return
        fact = _FACT[table]
        for row in rows:
            number = row[_PERSON]
            if number in theirs:
                theirs[number].append(fact(row))
            elif number in ids:
                theirs[number] = [fact(row)]

    def some(self, most: int) -> list[str]:
        """The employee ids of a few of them; none once all were taken."""
        return [self._ids[number] for number in islice(self._ids, most)]

    def numbers(self, employee_ids: Iterable[str]) -> list[int]:
        """The numbers of those among some people who are newcomers."""
        found = (self._numbers.get(employee_id) for employee_id in employee_ids)
        return [number for number in found if number in self._ids]

    def all_numbers(self, employee_ids: Iterable[str]) -> dict[str, int]:
        """The numbers of those among some people whom the change added, whether or not they were taken since."""
        return {each: self._numbers[each] for each in employee_ids if each in self._numbers}

    def without_cards(self, employee_ids: Iterable[str]) -> dict[str, int]:
        """The numbers of those among some people who are newcomers and have no card yet."""
        found = {each: number for each in employee_ids if (number := self._numbers.get(each, 0)) in self._ids}
        held = self._facts[cards]
        return {employee_id: number for employee_id, number in found.items() if number not in held}

    def cards_of(self, employee_id: str) -> KnownCards | None:
        """The cards recorded of a newcomer so far; None of anybody else."""
        number = self._numbers.get(employee_id, 0)
        if number not in self._ids:
            return None
        held, answers = self._facts[cards].get(number, ()), self._facts[verifications].get(number, ())
        name, _ = self._names.get(number, _NOBODY)
        found: KnownCards = new(KnownCards, (number, employee_id, name, named_cards(held), named_answers(answers)))
        return found

    def take(self, numbers: Iterable[int], first_recorded: date) -> list[Plain]:
        """What is known of those among some people who are newcomers; from now on they are as all others."""
        found: list[Plain] = []
        first = first_recorded.isoformat()
        for number in numbers:
            employee_id, identity = self._ids.pop(number, ""), self._names.pop(number, None)
            facts = [theirs.pop(number, ()) for theirs in self._facts.values()]
            if identity:
                found.append((number, employee_id, *identity, first, *facts, None))
        return found

    def forget(self, numbers: Iterable[int]) -> None:
        """Makes some people as all others: their facts are looked up."""
        for number in numbers:
            self._ids.pop(number, None)
            self._names.pop(number, None)
            for theirs in self._facts.values():
                theirs.pop(number, None)
