"""No request brings more than there is room for, and nobody who is not signed in brings anything."""

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from tracker.web.gate import COOKIE
from tracker.web.room import FORM, LARGEST, WAY_IN, room_of
from web.house import House
from web.test_who_sees_what import PUBLIC

MIB = 2**20
FORM_OF_FIELDS = "application/x-www-form-urlencoded"
WITHOUT_END = ((str(FORM + 1), 413), (str(LARGEST + 1), 413), ("9" * 30, 413), ("-1", 413), ("many", 413), (None, 411))


def test_what_has_no_end_is_refused(house: House) -> None:
    """Whoever sends it, by whatever method."""
    browser = house.signed_in("educator")
    for length, status in WITHOUT_END:
        headers = {"content-length": length} if length else {}
        answer = browser.post("/sign-out", content=b"mark=x" if length else iter([b"mark=", b"x"]), headers=headers)
        assert answer.status_code == status
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_look_brings_nothing(house: House, method: str) -> None:
    """Neither of a length, nor without one: it would be read before anybody asks who is there."""
    for browser in (house.browser(), house.signed_in("educator")):
        for path in ("/people", "/sign-in", "/none"):
            for content, status in ((b"a=1", 413), (iter([b"a=1"]), 411)):
                answer = browser.request(method, path, content=content, headers={"content-type": FORM_OF_FIELDS})
                assert answer.status_code == status, path


def test_both_a_length_and_chunks_are_refused(house: House) -> None:
    """Servers differ in which of the two they believe."""
    headers = {"content-length": "3", "transfer-encoding": "chunked"}
    assert house.signed_in("educator").post("/sign-out", content=b"a=1", headers=headers).status_code == 411


def test_files_have_room_where_they_are_taken_and_nowhere_else(house: House) -> None:
    """Every route that takes a form is looked at."""
    found = {}
    for context in iter_route_contexts(house.app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and "POST" in (context.methods or ()):
            takes = [one for one in route.dependant.body_params if "UploadFile" in str(one.field_info.annotation)]
            found[str(context.path).replace("{token}", "1").replace("{employee_id}", "1")] = bool(takes)
    assert {path for path, takes in found.items() if takes} == {path for path in found if room_of(path) > FORM}
    assert [room_of(path) for path in ("/sign-in", "/link/1")] == [WAY_IN] * 2


def test_what_nobody_sends_is_not_read(house: House) -> None:
    """They are led to the sign-in at once; with what only looks like a sign-in, a file is not read either."""
    liar = house.browser(cookies={COOKIE: "made up"})
    for path in ("/import", "/checks/file", "/people", "/none"):
        assert ("POST", path) not in PUBLIC
        answer = house.browser().post(path, content=b"x", headers={"content-type": "multipart/form-data"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path
    body = b"--B\r\n" + b"x" * (2 * MIB)
    # Read, it would be refused as no form.
    answer = liar.post("/import", content=body, headers={"content-type": "multipart/form-data; boundary=B"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize(("path", "most"), [("/sign-in", WAY_IN), ("/link/none", WAY_IN), ("/own/none", 20 * MIB)])
def test_the_ways_in_take_little(house: House, path: str, most: int) -> None:
    """Anybody may send there."""
    answer = house.browser().post(path, content=b"a=" + b"x" * most, headers={"content-type": FORM_OF_FIELDS})
    assert answer.status_code == 413
