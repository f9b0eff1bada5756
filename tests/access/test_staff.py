"""Staff are tied to a person: whatever becomes of the person becomes of their access."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.ward import TODAY, govern, post, take_in
from tracker.actions.access.give import add_user, change_access, end_access, use_link
from tracker.actions.access.sign_in import sign_in, who_is
from tracker.actions.change_person import merge_people, undo_person_change
from tracker.actions.erase_person import erase_person
from tracker.actions.kept_files import KeptFiles
from tracker.db.access_tables import grants
from tracker.db.account_list import Wanted, some_accounts
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.moments import holds
from tracker.db.trail import faults
from tracker.domain.access import Grant, Role
from tracker.domain.errors import BadInput

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BOSS, WHO, PLACE, PASSWORD = Author("boss", "cli"), "ana@hospital.example", "192.0.2.7", "four plain words here"
ANA, ZED = "4512", "9999"


@pytest.fixture
def site(database: Database) -> Database:
    """A site with two nurses, the first of whom has her page."""
    govern(database)
    take_in(database, post(ANA, "ICU", "2025-01-01"), post(ZED, "ICU", "2025-01-01"))
    use_link(database, add_user(database, BOSS, WHO, "Ana", Grant(Role.STAFF, employee_id=ANA), NOW), PASSWORD, NOW)
    return database


def erase(site: Database, folder: Path) -> None:
    """Erases the nurse."""
    erase_person(site, BOSS, KeptFiles(folder), ANA, "asked")


def given(site: Database) -> list[tuple[str, str | None]]:
    """The roles that hold, and whom the list has as having access."""
    with site.read() as connection:
        roles = list(connection.execute(select(grants.c.role).where(holds(grants, None))).scalars())
        listed = [one.grant.employee_id if one.grant else None for one in some_accounts(connection, Wanted(), "", 50)]
    return list(zip(roles, listed, strict=True))


def whose(site: Database, token: str) -> str | None:
    """Whose page a sign-in opens."""
    found = who_is(site, token, NOW)
    return found.grant.employee_id if found and found.grant else None


def test_whoever_is_erased_has_access_no_more(site: Database, tmp_path: Path) -> None:
    """The list does not say otherwise, there is nothing left to end, and the trail holds."""
    token = sign_in(site, WHO, PASSWORD, PLACE, NOW)
    erase(site, tmp_path)
    assert (given(site), who_is(site, token, NOW)) == ([], None)
    with pytest.raises(BadInput, match="no access"):
        end_access(site, BOSS, WHO)
    with site.read() as connection:
        assert not list(faults(connection))


def test_whoever_was_erased_can_be_given_access_again(site: Database, tmp_path: Path) -> None:
    """Once, as what they are now, with a new password."""
    erase(site, tmp_path)
    token = add_user(site, BOSS, WHO, "Ana", Grant(Role.EDUCATOR), NOW)
    with pytest.raises(BadInput, match="not right"):
        sign_in(site, WHO, PASSWORD, PLACE, NOW)
    use_link(site, token, PASSWORD, NOW)
    assert who_is(site, sign_in(site, WHO, PASSWORD, PLACE, NOW), NOW)
    assert given(site) == [("educator", None)]


def test_whoever_becomes_another_record_keeps_their_page(site: Database) -> None:
    """Signed in as they are; and when that is taken back it is their own again."""
    token = sign_in(site, WHO, PASSWORD, PLACE, NOW)
    merged = merge_people(site, BOSS, ANA, ZED, "same", TODAY)
    assert (whose(site, token), given(site)) == (ZED, [("staff", ZED)])
    undo_person_change(site, BOSS, merged.seq)
    assert (whose(site, token), given(site)) == (ANA, [("staff", ANA)])
    with site.read() as connection:
        assert not list(faults(connection))


@pytest.mark.parametrize("ended", [True, False])
def test_taking_a_merge_back_gives_nobody_access_again(site: Database, ended: bool) -> None:
    """What was changed since stays as it was changed."""
    merged = merge_people(site, BOSS, ANA, ZED, "same", TODAY)
    if ended:
        end_access(site, BOSS, WHO)
    else:
        change_access(site, BOSS, WHO, Grant(Role.AUDITOR, until=date(2027, 1, 1)))
    undo_person_change(site, BOSS, merged.seq)
    assert given(site) == ([] if ended else [("auditor", None)])


def test_what_is_given_for_somebody_on_record_no_longer_can_be_ended(site: Database, tmp_path: Path) -> None:
    """As it may stand in a database from before."""
    with site.read() as connection:
        before = dict(connection.execute(select(grants)).mappings().one())
    erase(site, tmp_path)
    with site.write() as connection:
        connection.execute(grants.insert().values(before | {"id": before["id"] + 1, "retracted": None}))
    end_access(site, BOSS, WHO)
    assert given(site) == []
