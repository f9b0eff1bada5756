"""Whom entries of the trail are about, by the numbers in their subjects: people by employee id, accounts by address."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, Table, select

from tracker.db.access_tables import accounts
from tracker.db.bulk import among
from tracker.db.ids import is_erased, is_retired
from tracker.db.tables import cards, people

_NAMED = re.compile(r"(person|people|card|account):([\d,]+)")

_NUMBERED = re.compile(r"person:(\d+)")


class Named(NamedTuple):
    """Those whom subjects name: by a number of theirs, or of a card; accounts by address."""

    people: Mapping[tuple[str, int], str]
    accounts: Mapping[int, str]

    def of(self, subject: str) -> tuple[list[str], list[str]]:
        """The employee ids and the addresses of whom a subject names, as far as they have one."""
        numbers = list(_numbers([subject]))
        who = [self.people[kind, number] for kind, number in numbers if (kind, number) in self.people]
        return list(dict.fromkeys(who)), [
            self.accounts[number] for kind, number in numbers if kind == "account" and number in self.accounts
        ]

    def called(self, actor: str) -> str:
        """Who did something: somebody who is named by a number, by their employee id, as far as they have one."""
        return _NUMBERED.sub(lambda one: self.people.get(("person", int(one[1])), one[0]), actor)


def named_by(connection: Connection, subjects: Iterable[str]) -> Named:
    """Looks them up; as many questions, however many subjects."""
    numbers = set(_numbers(subjects))
    whose = {("person", number): number for kind, number in numbers if kind == "person"}
    # A card has the number of the first fact about it, which is found by its key.
    asked = [number for kind, number in numbers if kind == "card"]
    first = among(connection, cards.c.id, asked), cards.c.card == cards.c.id
    rows = connection.execute(select(cards.c.id, cards.c.person_id).where(*first))
    whose |= {("card", number): person for number, person in rows}
    ids = _texts(connection, people, "employee_id", set(whose.values()))
    known = {key: ids[number] for key, number in whose.items() if number in ids and _is_known(number, ids[number])}
    held = {number for kind, number in numbers if kind == "account"}
    return Named(known, _texts(connection, accounts, "email", held))


def _numbers(subjects: Iterable[str]) -> Iterable[tuple[str, int]]:
    for subject in subjects:
        for kind, numbers in _NAMED.findall(subject):
            for number in filter(None, numbers.split(",")):
                yield "person" if kind == "people" else kind, int(number)


def _texts(connection: Connection, table: Table, column: str, numbers: set[int]) -> dict[int, str]:
    query = select(table.c.id, table.c[column]).where(among(connection, table.c.id, sorted(numbers)))
    return dict(connection.execute(query).all())


def _is_known(number: int, employee_id: str) -> bool:
    return not (is_retired(number, employee_id) or is_erased(number, employee_id))
