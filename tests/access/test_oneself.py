"""Everybody keeps their own password, and ends their own sign-ins."""

import pytest

from actions.ward import govern, post, take_in
from tracker.actions.access.give import add_user, change_access, end_access, use_link
from tracker.actions.access.oneself import change_password, sign_out_everywhere
from tracker.actions.access.sign_in import TRIES_OF_ONE, WITHIN, sign_in, who_is
from tracker.db.accounts import account_of
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.trail import entries, faults
from tracker.domain.access import Grant, Role
from tracker.domain.errors import BadInput
from web.house import NOW, PASSWORD

BOSS, WHO, PLACE = Author("boss", "cli"), "dana@hospital.example", "192.0.2.7"
DANA = Author(WHO, "web")
NEW = "quite another word"


@pytest.fixture
def dana(database: Database) -> Database:
    """A site where Dana, an educator, has chosen a password."""
    use_link(database, add_user(database, BOSS, WHO, "Dana", Grant(Role.EDUCATOR), NOW), PASSWORD, NOW)
    return database


def number(database: Database) -> int:
    """Dana's account."""
    with database.read() as connection:
        found = account_of(connection, WHO)
    assert found
    return found.id


def test_another_password_ends_every_other_sign_in(dana: Database) -> None:
    """The old one opens nothing more, and the trail says who changed it."""
    here, there = (sign_in(dana, WHO, PASSWORD, PLACE, NOW) for _ in range(2))
    token = change_password(dana, DANA, number(dana), PASSWORD, NEW, NOW)
    assert [who_is(dana, each, NOW) is not None for each in (here, there, token)] == [False, False, True]
    with pytest.raises(BadInput, match="not right"):
        sign_in(dana, WHO, PASSWORD, PLACE, NOW)
    sign_in(dana, WHO, NEW, PLACE, NOW)
    with dana.read() as connection:
        assert entries(connection, 1)[0][2:6] == (WHO, "web", "access password", f"account:{number(dana)}")
        assert not list(faults(connection))


def test_the_old_password_is_asked_and_not_guessed(dana: Database) -> None:
    """Whoever finds a browser open cannot try for long: the tries count with those to sign in."""
    for _ in range(TRIES_OF_ONE):
        with pytest.raises(BadInput, match="old password is not right"):
            change_password(dana, DANA, number(dana), "wrong wrong wrong", NEW, NOW)
    with pytest.raises(BadInput, match="wait"):
        change_password(dana, DANA, number(dana), PASSWORD, NEW, NOW)
    with pytest.raises(BadInput, match="wait"):
        sign_in(dana, WHO, PASSWORD, PLACE, NOW)
    change_password(dana, DANA, number(dana), PASSWORD, NEW, NOW + WITHIN)


def test_a_new_password_is_neither_short_nor_endless(dana: Database) -> None:
    """And the old one stays."""
    for password in ("", "elevenchars", "x" * 257):
        with pytest.raises(BadInput, match="12 to 256"):
            change_password(dana, DANA, number(dana), PASSWORD, password, NOW)
    sign_in(dana, WHO, PASSWORD, PLACE, NOW)


def test_signing_out_everywhere_ends_all(dana: Database) -> None:
    """And those of nobody else."""
    use_link(dana, add_user(dana, BOSS, "eve@hospital.example", "Eve", Grant(Role.EDUCATOR), NOW), PASSWORD, NOW)
    mine = [sign_in(dana, WHO, PASSWORD, PLACE, NOW) for _ in range(2)]
    hers = sign_in(dana, "eve@hospital.example", PASSWORD, PLACE, NOW)
    sign_out_everywhere(dana, number(dana))
    assert [who_is(dana, each, NOW) is not None for each in (*mine, hers)] == [False, False, True]


@pytest.mark.parametrize(("typed", "taken"), [("ICU", "ICU"), ("icu", "ICU"), ("ed  2", "ED 2")])
def test_a_unit_is_taken_in_any_case(database: Database, typed: str, taken: str) -> None:
    """And kept as it is spelt on record, which is what scopes go by."""
    govern(database)
    take_in(database, post("1", "ICU", "2025-01-01"), post("3", "ED 2", "2025-01-01"))
    add_user(database, BOSS, WHO, "Dana", Grant(Role.MANAGER, (typed,)), NOW)
    with database.read() as connection:
        found = account_of(connection, WHO)
    assert found
    assert found.grant == Grant(Role.MANAGER, (taken,))


def administrator(database: Database, email: str, grant: Grant) -> None:
    """Makes an administrator who has chosen a password."""
    use_link(database, add_user(database, BOSS, email, email, grant, NOW), PASSWORD, NOW)


def test_an_administrator_with_a_last_day_is_no_successor(database: Database) -> None:
    """The only one without a last day is neither ended, nor made something else, nor given a last day."""
    lasting, passing = Grant(Role.ADMINISTRATOR), Grant(Role.ADMINISTRATOR, until=NOW.date())
    administrator(database, WHO, lasting)
    administrator(database, "temp@agency.example", passing)
    for grant in (passing, Grant(Role.EDUCATOR)):
        with pytest.raises(BadInput, match="no last day"):
            change_access(database, BOSS, WHO, grant)
    with pytest.raises(BadInput, match="no last day"):
        end_access(database, BOSS, WHO)
    administrator(database, "second@hospital.example", lasting)
    change_access(database, BOSS, WHO, passing)
    end_access(database, BOSS, WHO)
