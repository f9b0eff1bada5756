"""No barrier that axe-core knows of on any page, in light and dark, on a desk and on a phone."""

from typing import Any

import pytest

from actions.ward import card, take_in
from browser.ward import LOOKS, Ward, barriers
from web.house import ANA
from web.test_own import link

PAGES = (
    "/",
    "/?show=expiring",
    "/?show=unreachable",
    "/?on=2027-01-31",
    "/people",
    "/people?standing=out",
    f"/people/{ANA}",
    f"/people/{ANA}?on=2027-01-31",
    f"/record/card/{ANA}",
    f"/record/leave/{ANA}",
    f"/record/class/{ANA}",
    f"/record/exemption/{ANA}",
    f"/record/evidence/{ANA}",
    f"/mails-to/{ANA}",
    f"/history-of/{ANA}",
    "/units",
    "/units/ICU",
    "/change-unit?unit=ICU",
    "/import",
    "/import/undo/1",
    "/checks",
    "/checks/uploads",
    "/checks/refused",
    "/mail",
    "/mail/owed",
    "/mail/enable",
    "/mail/bounces",
    "/mail/samples",
    "/reports",
    "/reports?report=survey",
    "/reports?report=history",
    "/reports/issued",
    "/policy",
    "/policy/new",
    "/jobs",
    "/jobs/history",
    "/trail",
    "/trail/1",
    "/trail/check",
    "/me",
    "/people/none",
    "/none",
)
OFFICE = ("/access", "/access/new", "/access/1", "/access/1/end")
NAMES = ["light", "dark", "phone"]


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_no_page_has_a_barrier(ward: Ward, look: dict[str, Any]) -> None:
    """For an educator, who sees the most; and none is wider than its window."""
    take_in(ward.house.database, card(ANA, "2023-06-05", number="255401052877"))
    page = ward.signed_in("educator", **look, bypass_csp=True)
    found = {}
    for path in PAGES:
        page.goto(path)
        found[path] = barriers(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("wider than the window")
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_no_page_of_others_has_one(ward: Ward, look: dict[str, Any]) -> None:
    """Those of administrators, of staff, and of whoever is not signed in."""
    own = link(ward.house)
    found = {}
    for page, paths in (
        (ward.signed_in("administrator", **look, bypass_csp=True), OFFICE),
        (ward.signed_in("staff", **look, bypass_csp=True), (f"/people/{ANA}", "/hand-in")),
        (ward.nobody(**look, bypass_csp=True), ("/sign-in", own, "/link/none")),
    ):
        for path in paths:
            page.goto(path)
            found[path] = barriers(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
