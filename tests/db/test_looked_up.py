"""Cards by their numbers, people by their addresses: found however written, without looking through everybody."""

from collections.abc import Callable, Collection
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from actions.ward import card, govern, post, take_in
from tracker.db.bounces import people_at
from tracker.db.checks import holders_of_numbers
from tracker.db.connect import Database
from tracker.db.contacts import with_addresses
from tracker.domain.names import address_key
from tracker.domain.same_card import bare_number

# Somebody's number, and how somebody else's is written.
ALIKE = [
    ("251100000017", "2511 0000-0017"),
    ("AB12", "ab-12"),
    ("2511\N{EN DASH}17", "2511-17"),
    ("25\N{NO-BREAK SPACE}17", "2517"),
    ("STRASSE 4", "straße4"),
    ("É-1", "é1"),
    ("12\t7", "127"),
]
ADDRESS = "Zoë.Å@Site.Example"


@pytest.fixture
def ward(database: Database) -> Database:
    """Two people with an address that differs in its case, and one with another."""
    govern(database)
    others = {"A-1": ADDRESS, "A-2": ADDRESS.swapcase(), "A-3": "zoe.a@site.example"}
    take_in(database, *(post(who, name=f"Zoë {who}", email=email) for who, email in others.items()))
    return database


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_a_number_is_found_however_it_is_written(ward: Database, one: str, other: str) -> None:
    """Both people count, whichever of the two numbers is asked about; a third card's number is its own."""
    held = {"A-1": one, "A-2": other, "A-3": "9"}
    take_in(ward, *(card(who, "2025-01-05", number=number) for who, number in held.items()))
    assert bare_number(one) == bare_number(other)
    with ward.read() as connection:
        found = holders_of_numbers(connection, {bare_number(one)})
        assert (found[bare_number(one)], holders_of_numbers(connection)["9"]) == (2, 1)


def test_people_are_found_by_an_address_in_any_case(ward: Database) -> None:
    """Those who have it, and nobody whose address only looks like it."""
    with ward.read() as connection:
        numbers = people_at(connection, {address_key(ADDRESS), "nobody@site.example"})
        there = [one.employee_id for one in with_addresses(connection, [address_key(ADDRESS)])]
    assert (len(numbers), set(numbers.values()), sorted(there)) == (2, {address_key(ADDRESS)}, ["A-1", "A-2"])


@pytest.mark.parametrize(
    ("look", "table"),
    [
        (lambda connection: holders_of_numbers(connection, {"251100000017"}), "cards"),
        (lambda connection: people_at(connection, {address_key(ADDRESS)}), "identities"),
        (lambda connection: list(with_addresses(connection, [address_key(ADDRESS)])), "identities"),
    ],
    ids=["numbers", "marked", "contacts"],
)
def test_nobody_else_is_looked_at(ward: Database, look: Callable[[Connection], Any], table: str) -> None:
    """The database goes by an index; it has to be told on PostgreSQL that a table is not too small for that."""
    plans = [line for said, given in statements(ward, look) for line in plan(ward, said, given)]
    assert plans
    assert not [line for line in plans if line == f"SCAN {table}" or f"Seq Scan on {table}" in line]


def statements(database: Database, look: Callable[[Connection], Any]) -> Collection[tuple[str, Any]]:
    """What a look asks of the database."""
    said: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, given: Any, *___: Any) -> None:
        said.append((statement, given))

    with database.read() as connection:
        event.listen(connection, "before_cursor_execute", note)
        look(connection)
    return [one for one in said if one[0].startswith("SELECT")]


def plan(database: Database, statement: str, given: Any) -> list[str]:
    """How the database would find what is asked."""
    how = "EXPLAIN QUERY PLAN" if database.engine.dialect.name == "sqlite" else "EXPLAIN"
    with database.read() as connection:
        if how == "EXPLAIN":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        return [str(row[-1]).strip() for row in connection.exec_driver_sql(f"{how} {statement}", given)]
