"""What the lists of people have in common: which people an address asks for, how a page of them goes on."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import NamedTuple

from tracker.db.listing import Asked, Page
from tracker.domain.errors import BadInput
from tracker.domain.listing import EXPIRING, GROUPS, NO_ADDRESS, ORDERS, OUT, TO_CHECK, UNMATCHED, Listed, Order, Wanted
from tracker.domain.rulebook import Rulebook
from tracker.domain.standing import Standing
from tracker.reports.words import WORDS
from tracker.web.gate import Visit
from tracker.web.marks import Mark, mark_of

_OWN_WORDS = {
    OUT: "out of compliance",
    EXPIRING: "expires soon",
    Standing.PENDING: "newcomer, within the deadline",
    Standing.UNVERIFIED: "unverified, not confirmed by the issuer",
    TO_CHECK: "waiting to be checked",
    NO_ADDRESS: "no e-mail address",
    UNMATCHED: "nothing required",
}
# The groups of people that a list may be narrowed to, in words.
STANDINGS = [("", "any")] + [(one, _OWN_WORDS.get(one) or WORDS[Standing(one)][0]) for one in GROUPS]


class Person(NamedTuple):
    """Somebody in a list, in words."""

    employee_id: str
    name: str | None
    units: list[str]
    roles: list[str]
    mark: Mark
    out: list[str]
    due: date | None


def asked_of(visit: Visit, rulebook: Rulebook, wanted: Wanted) -> Asked:
    """What is asked of the database for a list on the day; raises BadInput for a group that there is not."""
    if wanted.group and wanted.group not in GROUPS:
        raise BadInput(f"There is no standing '{wanted.group}'; choose one of the list.")
    return Asked(visit.scope, visit.day, rulebook.on(visit.day).expiring_within_days, wanted)


def order_of(text: str) -> Order:
    """The order that an address names; raises BadInput if there is none such."""
    for order in ORDERS:
        if text == order:
            return order
    raise BadInput(f"A list cannot be sorted by '{text}'; choose name, unit or left.")


def person_of(one: Listed, titles: Mapping[str, str]) -> Person:
    """Somebody as the list shows them."""
    out = [titles.get(each, each) for each in one.out]
    return Person(one.employee_id, one.name, one.units, one.roles, mark_of(one.worst), out, one.due)


def shown(page: Page) -> str:
    """How many are shown, in words."""
    count = len(page.people)
    if page.has_before or page.has_after:
        return f"{count} shown, there are more"
    return {0: "Nobody", 1: "1 person"}.get(count, f"{count} people")


def as_address(wanted: Wanted) -> dict[str, str]:
    """What an address says of who is wanted."""
    said = asdict(wanted)
    return {"q": said.pop("text"), "standing": said.pop("group"), **said}
