"""Signing in as each role, and what they come to."""

import pytest
from playwright.sync_api import expect

from browser.ward import Ward
from web.house import PASSWORD


@pytest.mark.parametrize("role", ["administrator", "educator", "manager", "auditor"])
def test_each_role_comes_to_who_is_out_of_compliance(ward: Ward, role: str) -> None:
    """And gets from a name to the person's page and why."""
    page = ward.signed_in(role)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.get_by_role("link", name="Ana Abel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana Abel")


def test_staff_come_to_their_own_page(ward: Ward) -> None:
    """And to no list."""
    page = ward.signed_in("staff")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana Abel")
    assert page.get_by_role("navigation", name="Pages").get_by_role("link").count() == 0


def test_a_wrong_password_is_said_and_read_out_first(ward: Ward) -> None:
    """What went wrong has the focus."""
    page = ward.nobody()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("nobody@hospital.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()


def test_without_script_and_with_the_keyboard_alone(ward: Ward) -> None:
    """From the form to a person's page and out again."""
    page = ward.nobody(java_script_enabled=False)
    page.goto("/sign-in")
    email = ward.house.account("manager")
    for typed in (email, PASSWORD):
        page.keyboard.press("Tab")
        if typed == email:
            page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
