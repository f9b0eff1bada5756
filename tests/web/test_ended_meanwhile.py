"""What somebody began counts only while they have the access that they came with."""

from datetime import timedelta
from typing import Any

import pytest

from actions.ward import changes_in, posts_of
from tracker.actions.access.give import change_access, end_access
from tracker.domain.access import Grant, Role
from tracker.packs import pack_text
from tracker.web import card_forms, policy_draft
from tracker.web.imports import desk
from web.house import ANA, BOSS, TODAY, House
from web.imported import ROSTER, Importer
from web.sent import send

NEW = ROSTER + "9001,New Nora,ICU,RN,2025-05-01\n"
CARD = {"type": "BLS", "issuer": "AHA", "issued_on": "2025-01-05"}


def before(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, first: Any) -> None:
    """Lets something happen after a page has looked, and before it acts."""
    act = getattr(module, name)

    def later(*given: Any, **named: Any) -> Any:
        first()
        return act(*given, **named)

    monkeypatch.setattr(module, name, later)


@pytest.mark.parametrize("grant", [None, Grant(Role.MANAGER, ("ED",))])
def test_an_import_that_waited_does_not_go_in(
    house: House, monkeypatch: pytest.MonkeyPatch, grant: Grant | None
) -> None:
    """Whether access was ended, or is to another unit by now."""
    importer = Importer(house, house.signed_in("manager"))
    importer.hand_in(NEW)
    email = "manager@hospital.example"

    def turn() -> None:
        if grant:
            change_access(house.database, BOSS, email, grant)
        else:
            end_access(house.database, BOSS, email)

    before(monkeypatch, desk, "apply", turn)
    importer.apply()
    assert posts_of(house.database, "9001") == []


def test_a_policy_is_not_put_in_force(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it was begun in time."""
    browser = house.signed_in("educator")
    shown = send(house, browser, "/policy/new", text=pack_text("us-hospital")).headers["location"]
    house.site.background.wait()
    before(
        monkeypatch, policy_draft, "apply_policy", lambda: end_access(house.database, BOSS, "educator@hospital.example")
    )
    send(house, browser, f"{shown}/apply")
    house.site.background.wait()
    rulebook = house.site.rulebook()
    assert rulebook
    assert len(rulebook.versions) == 1


def test_a_form_is_not_recorded_after_the_last_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day is that on which it is its turn."""
    browser = house.signed_in("manager", Grant(Role.MANAGER, ("ICU",), until=TODAY))
    known = changes_in(house.database)
    tomorrow = TODAY + timedelta(days=1)
    before(monkeypatch, card_forms, "record_card", lambda: monkeypatch.setattr(house.site.settings, "today", tomorrow))
    answer = send(house, browser, f"/record/card/{ANA}", **CARD)
    assert (answer.status_code, "ended or changed meanwhile" in answer.text) == (400, True)
    assert changes_in(house.database) == known
