"""Access is given, changed and ended on pages; everybody keeps their own password."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tracker.actions.access.give import add_user
from tracker.db.accounts import all_accounts
from tracker.db.trail import entries, faults
from tracker.domain.access import Grant, Role
from web.house import ANA, BOSS, PASSWORD, House
from web.test_pages import MARKUP, Reader

WHO = "dana@hospital.example"


def send(house: House, browser: TestClient, path: str, **fields: str) -> Any:
    """Sends a form."""
    return browser.post(path, data={"mark": house.mark(browser)} | fields)


def number_of(house: House, email: str) -> int:
    """The number of an account."""
    with house.database.read() as connection:
        return next(one.id for one in all_accounts(connection) if one.email == email)


def grant_of(house: House, email: str) -> Grant | None:
    """What an account was given."""
    with house.database.read() as connection:
        return next((one.grant for one in all_accounts(connection) if one.email == email), None)


def last_entry(house: House) -> tuple[str, ...]:
    """Who did what of what last; the trail holds."""
    with house.database.read() as connection:
        assert not list(faults(connection))
        return entries(connection, 1)[0][2:6]


def link_in(text: str) -> str:
    """The path of the link that a page shows."""
    found = re.search(r'value="http://testserver(/link/[^"]+)"', text)
    assert found
    return found[1]


def test_somebody_is_invited_by_a_link_that_is_shown_once(house: House) -> None:
    """It chooses a password, and what was given counts; the trail names who gave it."""
    browser = house.signed_in("administrator")
    fields = {"name": "Dana Diaz", "email": f" {WHO.upper()}", "role": "manager", "units": "icu\r\n\r\n"}
    answer = send(house, browser, "/access/new", **fields)
    assert grant_of(house, WHO) == Grant(Role.MANAGER, ("ICU",))
    assert last_entry(house)[:3] == ("administrator@hospital.example", "web", "access give")
    link = link_in(answer.text)
    for path in ("/access", f"/access/{number_of(house, WHO)}"):
        assert link not in browser.get(path).text
    assert house.browser().post(link, data={"password": PASSWORD, "again": PASSWORD}).status_code == 303
    shown = house.browser(cookies={"tracker": house.token(WHO)}).get("/").text
    assert ("Ana Abel" in shown, "Eve Eder" in shown) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"role": ""}, "Choose what they are"),
        ({"role": "manager"}, "name the units"),
        ({"role": "manager", "units": "Nowhere"}, "There is no unit &#39;Nowhere&#39;; there are: ED, ICU"),
        ({"role": "manager", "units": "ED\nIUC"}, "There is no unit &#39;IUC&#39;; write ICU if you mean that."),
        ({"role": "educator", "units": "ICU"}, "nobody else does"),
        ({"role": "staff"}, "name the employee id"),
        ({"role": "staff", "employee_id": "9999"}, "9999"),
        ({"role": "auditor"}, "until a day"),
        ({"role": "auditor", "until": "soon"}, "is no day"),
        ({"email": "nobody"}, "no e-mail address"),
        ({"email": "administrator@hospital.example"}, "has access already"),
    ],
)
def test_a_wrong_invitation_says_what_to_do(house: House, wrong: dict[str, str], said: str) -> None:
    """With everything as it was typed, and nothing is given."""
    browser = house.signed_in("administrator")
    answer = send(house, browser, "/access/new", **{"name": "Dana", "email": WHO, "role": "educator"} | wrong)
    assert (answer.status_code, said in answer.text) == (400, True)
    assert 'value="Dana"' in answer.text
    assert grant_of(house, WHO) is None


def test_access_is_changed_at_once(house: House) -> None:
    """The form begins with what was given; whoever was signed in signs in again."""
    browser, manager = house.signed_in("administrator"), house.signed_in("manager")
    path = f"/access/{number_of(house, 'manager@hospital.example')}"
    form = browser.get(path).text
    assert ('value="manager" checked' in form, "ICU</textarea>" in form) == (True, True)
    assert send(house, browser, path, role="manager", units="ED").headers["location"] == f"{path}?done=access-changed"
    assert grant_of(house, "manager@hospital.example") == Grant(Role.MANAGER, ("ED",))
    assert manager.get("/").status_code == 303
    assert last_entry(house)[:3] == ("administrator@hospital.example", "web", "access change")


def test_ending_access_asks_first(house: House) -> None:
    """It says how it is undone; then neither password nor link opens anything, and the account is listed apart."""
    browser, educator = house.signed_in("administrator"), house.signed_in("educator")
    number = number_of(house, "educator@hospital.example")
    assert "To undo it" in browser.get(f"/access/{number}/end").text
    assert educator.get("/").status_code == 200
    assert send(house, browser, f"/access/{number}/end").headers["location"] == "/access?done=access-ended"
    assert educator.get("/").status_code == 303
    listed, ended = browser.get("/access").text, browser.get("/access?ended=yes").text
    assert ("educator@hospital.example" in listed, "educator@hospital.example" in ended) == (False, True)
    again = browser.get(f"/access/new?again={number}").text
    assert 'value="educator@hospital.example"' in again


def test_the_last_administrator_stays(house: House) -> None:
    """One's own access is neither ended nor lowered where nobody else could give it."""
    browser = house.signed_in("administrator")
    path = f"/access/{number_of(house, 'administrator@hospital.example')}"
    for asked_for, fields in ((path, {"role": "educator"}), (f"{path}/end", {})):
        answer = send(house, browser, asked_for, **fields)
        assert (answer.status_code, "only administrator" in answer.text) == (400, True)
    assert grant_of(house, "administrator@hospital.example") == Grant(Role.ADMINISTRATOR)
    house.account("second", Grant(Role.ADMINISTRATOR))
    assert send(house, browser, path, role="educator").status_code == 303


def test_a_new_link_replaces_the_one_before(house: House) -> None:
    """The old password counts until another is chosen."""
    browser, email = house.signed_in("administrator"), house.account("educator")
    path = f"/access/{number_of(house, email)}/link"
    first, second = (link_in(send(house, browser, path).text) for _ in range(2))
    assert [house.browser().get(link).status_code for link in (first, second)] == [400, 200]
    assert house.token(email)


@pytest.mark.parametrize("role", ["educator", "manager", "auditor", "staff"])
def test_nobody_else_gives_access(house: House, role: str) -> None:
    """To nobody, least of all to themselves."""
    browser = house.signed_in(role)
    path = f"/access/{number_of(house, f'{role}@hospital.example')}"
    before = grant_of(house, f"{role}@hospital.example")
    fields = {"role": "administrator", "email": WHO, "name": "Dana"}
    for asked_for in ("/access/new", path, f"{path}/link", f"{path}/end"):
        assert send(house, browser, asked_for, **fields).status_code == 403
    assert (grant_of(house, f"{role}@hospital.example"), grant_of(house, WHO)) == (before, None)


def test_forms_without_the_mark_are_refused(house: House) -> None:
    """Each of them."""
    browser, email = house.signed_in("administrator"), house.account("educator")
    path = f"/access/{number_of(house, email)}"
    for asked_for in ("/access/new", path, f"{path}/link", f"{path}/end", "/me/password", "/me/sign-out"):
        answer = browser.post(asked_for, data={"role": "auditor", "until": "2030-01-01", "email": WHO, "name": "D"})
        assert (answer.status_code, "too old" in answer.text) == (400, True)
    assert (grant_of(house, email), grant_of(house, WHO)) == (Grant(Role.EDUCATOR), None)


def test_an_account_that_is_none_is_told(house: House) -> None:
    """Whatever the number."""
    browser = house.signed_in("administrator")
    for number in (0, 99, 2**40):
        assert browser.get(f"/access/{number}").status_code == 400


def test_accounts_come_fifty_a_page_and_are_found(house: House) -> None:
    """Each once, in order; by how an address or a name begins, and by role."""
    browser = house.signed_in("administrator")
    for number in range(60):
        add_user(
            house.database, BOSS, f"u{number:02}@hospital.example", f"Émile {number}", Grant(Role.EDUCATOR), house.now
        )
    seen: list[str] = []
    path = "/access"
    while path:
        text = browser.get(path).text
        seen += re.findall(r"<bdi>(\w+@hospital.example)</bdi>", text)
        further = re.search(r'href="([^"]*after=[^"]*)">Next', text)
        path = further[1].replace("&amp;", "&") if further else ""
    assert seen == ["administrator@hospital.example", *(f"u{number:02}@hospital.example" for number in range(60))]
    for wanted in ("begins=U07", "begins=Émile 7&role=educator"):
        assert re.findall(r"<bdi>(u\d+)@", browser.get(f"/access?{wanted}").text) == ["u07"]
    assert "No account fits" in browser.get("/access?role=auditor").text


def test_what_an_account_is_called_stays_text(house: House) -> None:
    """Markup in a name is shown and never obeyed."""
    browser = house.signed_in("administrator")
    add_user(house.database, BOSS, WHO, MARKUP, Grant(Role.STAFF, employee_id=ANA), house.now)
    number = number_of(house, WHO)
    for path in ("/access", f"/access/{number}", f"/access/{number}/end", f"/access/new?again={number}"):
        text = browser.get(path).text
        assert "&lt;script&gt;alert" in text, path
        assert Reader(text).wrong == []


@pytest.mark.parametrize("role", ["administrator", "educator", "manager", "auditor", "staff"])
def test_everybody_changes_their_own_password(house: House, role: str) -> None:
    """This browser stays signed in, others do not; a wrong old one, or two that differ, are told."""
    browser = house.signed_in(role)
    other = house.browser(cookies={"tracker": house.token(f"{role}@hospital.example")})
    new = {"new": "quite another word", "again": "quite another word"}
    for wrong in ({"old": "wrong wrong wrong"}, {"old": PASSWORD, "again": "differs from it"}):
        assert send(house, browser, "/me/password", **new | wrong).status_code == 400
    assert send(house, browser, "/me/password", old=PASSWORD, **new).headers["location"] == "/me?done=password-changed"
    assert [each.get("/me").status_code for each in (browser, other)] == [200, 303]
    assert last_entry(house)[:3] == (f"{role}@hospital.example", "web", "access password")


def test_one_sees_where_one_is_signed_in_and_ends_it(house: House) -> None:
    """This browser and the others; all of them are signed out."""
    browser = house.signed_in("educator")
    other = house.browser(cookies={"tracker": house.token("educator@hospital.example")})
    text = browser.get("/me").text
    assert (text.count("this one"), text.count(">another<")) == (1, 1)
    assert send(house, browser, "/me/sign-out").headers["location"] == "/sign-in"
    assert [each.get("/me").status_code for each in (browser, other)] == [303, 303]
