"""Access is given by links that open once, and every change of it stands in the trail."""

from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore

import pytest
from sqlalchemy import select

from actions.ward import govern, post, take_in
from tracker.actions.access import give, passwords
from tracker.actions.access.give import (
    LINK_LASTS,
    add_user,
    begins_all,
    change_access,
    end_access,
    first_link,
    make_first,
    new_link,
    use_link,
)
from tracker.actions.access.sign_in import IDLE, LONGEST, TRIES_OF_ONE, WITHIN, sign_in, sign_out, who_is
from tracker.actions.change_person import rename_person
from tracker.db.access_tables import accounts, failures, invitations, sign_ins
from tracker.db.accounts import account_of
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.trail import entries, faults
from tracker.domain.access import Grant, Role
from tracker.domain.errors import BadInput, Busy

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BOSS = Author("boss", "cli")
PASSWORD = "four plain words here"
WHO = "dana@hospital.example"
PLACE = "192.0.2.7"


@pytest.fixture
def site(database: Database) -> Database:
    """A site with one nurse, 4512, in the ICU."""
    govern(database)
    take_in(database, post("4512", "ICU", "2025-01-01"))
    return database


@pytest.fixture
def dana(site: Database) -> Database:
    """The same, where Dana manages the ICU and has chosen a password."""
    use_link(site, add_user(site, BOSS, WHO, "Dana", Grant(Role.MANAGER, ("ICU",)), NOW), PASSWORD, NOW)
    return site


def test_the_first_link_makes_an_administrator_once(site: Database) -> None:
    """There is no default password: the program prints a link, and once it was used there are no more."""
    token = first_link(site, NOW)
    assert token
    assert begins_all(site, token, NOW)
    make_first(site, token, "Ada@Hospital.example ", "Ada", PASSWORD, NOW)
    assert first_link(site, NOW) is None
    with pytest.raises(BadInput, match="used"):
        make_first(site, token, "eve@hospital.example", "Eve", PASSWORD, NOW)
    signed = who_is(site, sign_in(site, "ada@hospital.example", PASSWORD, PLACE, NOW), NOW)
    assert signed
    assert signed.grant == Grant(Role.ADMINISTRATOR)


def test_a_first_link_of_before_opens_nothing_once_there_is_an_administrator(site: Database) -> None:
    """Who kept an old link cannot make themselves administrator."""
    old = first_link(site, NOW)
    token = add_user(site, BOSS, WHO, "Dana", Grant(Role.ADMINISTRATOR), NOW)
    use_link(site, token, PASSWORD, NOW)
    assert old
    with pytest.raises(BadInput):
        make_first(site, old, "eve@hospital.example", "Eve", PASSWORD, NOW)


def test_a_link_opens_once_and_for_three_days(site: Database) -> None:
    """Later, or a second time, it says what to do."""
    token = add_user(site, BOSS, WHO, "Dana", Grant(Role.EDUCATOR), NOW)
    with pytest.raises(BadInput, match="too old"):
        use_link(site, token, PASSWORD, NOW + LINK_LASTS)
    use_link(site, token, PASSWORD, NOW + LINK_LASTS - timedelta(seconds=1))
    with pytest.raises(BadInput, match="used"):
        use_link(site, token, PASSWORD, NOW)


def test_a_new_link_replaces_the_one_before(dana: Database) -> None:
    """A link that went astray is closed by asking for another; the password counts until the new one is used."""
    first, second = new_link(dana, BOSS, WHO, NOW), new_link(dana, BOSS, WHO, NOW)
    with pytest.raises(BadInput):
        use_link(dana, first, PASSWORD, NOW)
    sign_in(dana, WHO, PASSWORD, PLACE, NOW)
    use_link(dana, second, "quite another word", NOW)
    with pytest.raises(BadInput):
        sign_in(dana, WHO, PASSWORD, PLACE, NOW)


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 257])
def test_a_password_is_neither_short_nor_endless(site: Database, password: str) -> None:
    """And the link stays good."""
    token = add_user(site, BOSS, WHO, "Dana", Grant(Role.EDUCATOR), NOW)
    with pytest.raises(BadInput, match="12 to 256"):
        use_link(site, token, password, NOW)
    use_link(site, token, PASSWORD, NOW)


def test_nothing_stored_opens_anything(dana: Database) -> None:
    """Whoever reads the database has neither a password, nor a link, nor a browser's token."""
    link, token = new_link(dana, BOSS, WHO, NOW), sign_in(dana, WHO, PASSWORD, PLACE, NOW)
    with pytest.raises(BadInput):
        sign_in(dana, WHO, "wrong wrong wrong", PLACE, NOW)
    with dana.read() as connection:
        tables = (accounts, invitations, sign_ins, failures)
        stored = repr([connection.execute(select(table)).all() for table in tables])
    assert "argon2id" in stored
    for secret in (link, token, PASSWORD, PLACE):
        assert secret not in stored


def test_what_was_given_is_taken_back_at_once(dana: Database) -> None:
    """Who is signed in is signed out, and neither the password nor a link opens anything more."""
    token, link = sign_in(dana, WHO, PASSWORD, PLACE, NOW), new_link(dana, BOSS, WHO, NOW)
    end_access(dana, BOSS, WHO)
    assert who_is(dana, token, NOW) is None
    for attempt in (lambda: sign_in(dana, WHO, PASSWORD, PLACE, NOW), lambda: use_link(dana, link, PASSWORD, NOW)):
        with pytest.raises(BadInput):
            attempt()


def test_a_changed_grant_counts_at_the_next_look(dana: Database) -> None:
    """A manager who loses a unit is signed out, and sees the other one when back."""
    take_in(dana, post("7001", "ED", "2025-01-01"))
    token = sign_in(dana, WHO, PASSWORD, PLACE, NOW)
    change_access(dana, BOSS, WHO, Grant(Role.MANAGER, ("ED",)))
    assert who_is(dana, token, NOW) is None
    back = who_is(dana, sign_in(dana, WHO, PASSWORD, PLACE, NOW), NOW)
    assert back
    assert back.grant == Grant(Role.MANAGER, ("ED",))


@pytest.mark.parametrize(
    ("grant", "why"),
    [(Grant(Role.MANAGER, ("Nowhere",)), "no unit 'Nowhere'"), (Grant(Role.STAFF, employee_id="9"), "employee id 9")],
)
def test_a_grant_names_what_is_on_record(site: Database, grant: Grant, why: str) -> None:
    """A slip in a unit's name would show somebody nobody, and nobody would know why."""
    with pytest.raises(BadInput, match=why):
        add_user(site, BOSS, WHO, "Dana", grant, NOW)
    with site.read() as connection:
        assert account_of(connection, WHO) is None


def test_the_only_administrator_stays(site: Database) -> None:
    """Or nobody could give access any more."""
    use_link(site, add_user(site, BOSS, WHO, "Dana", Grant(Role.ADMINISTRATOR), NOW), PASSWORD, NOW)
    with pytest.raises(BadInput, match="only administrator"):
        end_access(site, BOSS, WHO)
    with pytest.raises(BadInput, match="only administrator"):
        change_access(site, BOSS, WHO, Grant(Role.EDUCATOR))


def test_who_could_see_what_stands_in_the_trail(dana: Database) -> None:
    """By account, without a name or an address in what it seals; and the chain holds."""
    change_access(dana, BOSS, WHO, Grant(Role.EDUCATOR))
    end_access(dana, BOSS, WHO)
    with dana.read() as connection:
        told = [(entry.action, entry.subject) for entry in entries(connection, 3)]
        assert not list(faults(connection))
    assert [*reversed(told)] == [(f"access {what}", "account:1") for what in ("give", "change", "end")]


def test_nobody_learns_which_addresses_have_access(dana: Database) -> None:
    """A wrong password and an unknown address are refused in the same words."""
    said = set()
    for email in (WHO, "nobody@hospital.example", "no address"):
        with pytest.raises(BadInput) as refused:
            sign_in(dana, email, "wrong wrong wrong", PLACE, NOW)
        said.add(str(refused.value))
    assert len(said) == 1


def test_many_tries_have_to_wait(dana: Database) -> None:
    """Even the right password then; after a quarter of an hour it opens again."""
    for _ in range(TRIES_OF_ONE):
        with pytest.raises(BadInput, match="not right"):
            sign_in(dana, WHO, "wrong wrong wrong", PLACE, NOW)
    with pytest.raises(BadInput, match="wait"):
        sign_in(dana, WHO, PASSWORD, PLACE, NOW + WITHIN - timedelta(seconds=1))
    assert sign_in(dana, WHO, PASSWORD, PLACE, NOW + WITHIN)


def test_a_sign_in_ends_by_itself(dana: Database) -> None:
    """After an hour without a look, and after a shift in any case."""
    token = sign_in(dana, WHO, PASSWORD, PLACE, NOW)
    assert who_is(dana, token, NOW + IDLE - timedelta(seconds=1))
    assert who_is(dana, token, NOW + IDLE) is not None
    assert who_is(dana, token, NOW + 3 * IDLE) is None
    token, at = sign_in(dana, WHO, PASSWORD, PLACE, NOW), NOW
    while at + IDLE / 2 < NOW + LONGEST:
        at += IDLE / 2
        assert who_is(dana, token, at) is not None
    assert who_is(dana, token, NOW + LONGEST) is None


def test_signing_out_ends_it(dana: Database) -> None:
    """At once."""
    token = sign_in(dana, WHO, PASSWORD, PLACE, NOW)
    sign_out(dana, token)
    assert who_is(dana, token, NOW) is None


def test_staff_see_themselves_under_another_id(site: Database) -> None:
    """Staff are tied to a person, not to an employee id: the id that they have now is the one that they see."""
    use_link(site, add_user(site, BOSS, WHO, "Sam", Grant(Role.STAFF, employee_id="4512"), NOW), PASSWORD, NOW)
    rename_person(site, BOSS, "4512", "00-4512", "a typing error")
    found = who_is(site, sign_in(site, WHO, PASSWORD, PLACE, NOW), NOW)
    assert found
    assert found.grant == Grant(Role.STAFF, employee_id="00-4512")


def test_no_digest_is_worked_out_for_a_link_that_opens_nothing(site: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes long, and anybody may send such a form."""
    worked: list[str] = []
    monkeypatch.setattr(give, "digest_of", worked.append)
    with pytest.raises(BadInput, match="used"):
        use_link(site, "none", PASSWORD, NOW)
    with pytest.raises(BadInput, match="used"):
        make_first(site, "none", "eve@hospital.example", "Eve", PASSWORD, NOW)
    assert worked == []


def test_digests_take_turns(dana: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits too long for one is told so, and nobody waits for ever."""
    monkeypatch.setattr(passwords, "_TURNS", BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._turn(), pytest.raises(Busy, match="wait a minute"):
        sign_in(dana, WHO, PASSWORD, PLACE, NOW)
    assert sign_in(dana, WHO, PASSWORD, PLACE, NOW)


def test_a_new_link_ends_the_waiting_after_failed_tries(dana: Database) -> None:
    """As it says: wait, or ask for a new link."""
    for _ in range(TRIES_OF_ONE):
        with pytest.raises(BadInput, match="not right"):
            sign_in(dana, WHO, "wrong wrong wrong", PLACE, NOW)
    token = new_link(dana, BOSS, WHO, NOW)
    with pytest.raises(BadInput, match="Too many"):
        sign_in(dana, WHO, PASSWORD, PLACE, NOW)
    use_link(dana, token, PASSWORD + " too", NOW)
    assert sign_in(dana, WHO, PASSWORD + " too", PLACE, NOW)
