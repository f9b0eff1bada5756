"""Every text of a form has an end: it becomes a fact, or a mail."""

import pytest
from annotated_types import MaxLen
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import select

from tracker.db.tables import refusals
from tracker.web.typed import LONGEST_WORDS
from web.house import House
from web.sent import send
from web.test_own import link
from web.test_own import send as hand_in

# Compared with what it has to be, and kept nowhere.
COMPARED = {"mark"}


def endless(one: Dependant) -> set[str]:
    """The texts of a form without an end."""
    found = {
        field.name
        for field in one.body_params
        if field.field_info.annotation is str
        and not any(isinstance(each, MaxLen) for each in field.field_info.metadata)
    }
    return found.union(*(endless(each) for each in one.dependencies)) - COMPARED


def test_every_text_of_a_form_has_an_end(house: House) -> None:
    """Whichever route takes it."""
    routes = [context.original_route for context in iter_route_contexts(house.app.routes)]
    texts = {route.path: endless(route.dependant) for route in routes if isinstance(route, APIRoute)}
    assert len(texts) > 50
    assert {path: names for path, names in texts.items() if names} == {}


@pytest.mark.parametrize("name", ["why", "instead"])
def test_a_refusal_is_as_long_as_somebody_reads(house: House, name: str) -> None:
    """The form says where it ends, and nothing longer is recorded."""
    hand_in(house, link(house))
    browser = house.signed_in("manager")
    assert browser.get("/checks/uploads").text.count(f'maxlength="{LONGEST_WORDS}"') == 2
    fields = {"why": "Too dark", name: "x" * (LONGEST_WORDS + 1)}
    assert send(house, browser, "/checks/uploads/1/refuse", **fields).status_code == 422
    with house.database.read() as connection:
        assert connection.execute(select(refusals)).all() == []
    fields[name] = "x" * LONGEST_WORDS
    assert send(house, browser, "/checks/uploads/1/refuse", **fields).status_code == 303
