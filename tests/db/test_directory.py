"""Whom a search finds: by the start of any word, whatever the case and the accents."""

import pytest
from alembic import command
from sqlalchemy import select

from actions.soundness import assert_listed
from actions.ward import govern, post, take_in
from tracker.db.connect import Database
from tracker.db.directory import begins_with
from tracker.db.migrate import config, upgrade
from tracker.db.tables import directory, people

CAST = {
    "A-1": ("Zoë O'Brien-Smith", "zoe.ob@site.example"),
    "A-2": ("Müller, Søren", None),
    "004512": ("Ana 100%_Abel", "ana@other.example"),
    "B 7": ("José María", None),
    "9": (None, None),
}


@pytest.fixture
def ward(database: Database) -> Database:
    """People with names as they come."""
    govern(database)
    take_in(database, *(post(who, name=name, email=email) for who, (name, email) in CAST.items()))
    return database


def found(database: Database, text: str) -> set[str]:
    """The employee ids of those whom a search finds."""
    query = select(people.c.employee_id).join(directory, directory.c.person_id == people.c.id)
    with database.read() as connection:
        return set(connection.execute(query.where(begins_with(text))).scalars())


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("zoe", {"A-1"}),
        ("ZOË", {"A-1"}),
        ("obr", {"A-1"}),
        ("o'br", {"A-1"}),
        ("o\N{RIGHT SINGLE QUOTATION MARK}brien-smith", {"A-1"}),
        ("smith zo", {"A-1"}),
        ("mul sor", {"A-2"}),
        ("jose m", {"B 7"}),
        ("Mari\u0301a", {"B 7"}),
        ("a-1", {"A-1"}),
        ("brien-smith", set()),
        ("0045", {"004512"}),
        ("4512", set()),
        ("zoe.ob@s", {"A-1"}),
        ("site", set()),
        ("rien", set()),
        ("100%", {"004512"}),
        ("%", set()),
        ("_", set()),
        ("zoe mul", set()),
        ("9", {"9"}),
        ("", set(CAST)),
    ],
)
def test_a_search_finds_whoever_has_words_that_begin_so(ward: Database, text: str, who: set[str]) -> None:
    """Each word of the search begins a word of the name, the employee id or the address."""
    assert found(ward, text) == who


def test_a_database_from_before_lists_everybody(ward: Database) -> None:
    """The migration makes the directory of whoever is on record by then."""
    with ward.write() as connection:
        command.downgrade(config(connection), "0011")
    upgrade(ward)
    with ward.read() as connection:
        assert_listed(connection)
    assert found(ward, "zoe") == {"A-1"}
