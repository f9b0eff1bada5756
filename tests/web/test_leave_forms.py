"""Leave, classes and exemptions at a form: recorded, changed, taken back; what is refused, and in which words."""

from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from actions.soundness import assert_all_right
from actions.ward import changes_in, facts_of, on, said_of
from tracker.db.moments import holds
from tracker.db.schema import metadata
from web.house import ANA, House
from web.sent import by_whom, done, send

EDUCATOR = "educator@hospital.example"


class Kind(NamedTuple):
    """A kind of fact: its table, its forms, what is typed and what is on record then; something else, and what then."""

    table: str
    form: str
    change: str
    typed: dict[str, str]
    recorded: tuple[Any, ...]
    other: dict[str, str]
    changed: tuple[Any, ...]


LEAVE = Kind(
    "absences",
    "leave",
    "change-leave",
    {"starts_on": "2025-06-10", "until": "2025-06-20"},
    (on("2025-06-10"), on("2025-06-20")),
    {"until": ""},
    (on("2025-06-10"), None),
)
CLASS = Kind(
    "bookings",
    "class",
    "change-class",
    {"type": "BLS", "class_on": "2025-07-01"},
    ("BLS", on("2025-07-01")),
    {"class_on": "2025-07-08"},
    ("BLS", on("2025-07-08")),
)
EXEMPTION = Kind(
    "exemptions",
    "exemption",
    "end-exemption",
    {"requirement": "bls", "starts_on": "2025-06-01", "until": "2025-12-31", "approver": "Dr. Cote", "reason": "Wrist"},
    ("bls", on("2025-06-01"), on("2025-12-31"), "Dr. Cote", "Wrist"),
    {"until": "2025-06-30"},
    ("bls", on("2025-06-01"), on("2025-06-30"), "Dr. Cote", "Wrist"),
)
KINDS = (LEAVE, CLASS, EXEMPTION)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.form for kind in KINDS])


@pytest.fixture
def browser(house: House) -> TestClient:
    """The browser of an educator, who may do all of it."""
    return house.signed_in("educator")


def fact(house: House, kind: Kind) -> int:
    """The number of the one fact of a kind that holds."""
    table = metadata.tables[kind.table]
    with house.database.read() as connection:
        return int(connection.execute(table.select().where(holds(table, None))).one().id)


def add(house: House, browser: TestClient, kind: Kind, **more: str) -> Any:
    """Sends the form for a new fact."""
    return send(house, browser, f"/record/{kind.form}/{ANA}", **kind.typed | more)


@each_kind
def test_it_is_recorded(house: House, browser: TestClient, kind: Kind) -> None:
    """As typed, by whoever typed it, and the timelines are as if it had been imported."""
    answer = add(house, browser, kind)
    assert done(answer).startswith(kind.form)
    assert said_of(house.database, kind.table, ANA) == [kind.recorded]
    assert by_whom(house)[1] == EDUCATOR
    with house.database.read() as connection:
        assert_all_right(connection)


@each_kind
def test_it_is_changed_in_one_change_with_a_reason(house: House, browser: TestClient, kind: Kind) -> None:
    """What stood is retracted and something else recorded; the form was filled with what stood."""
    add(house, browser, kind)
    path, before = f"/record/{kind.change}/{fact(house, kind)}/{ANA}", changes_in(house.database)
    assert 'name="why"' in browser.get(path).text
    assert "The reason is missing" in send(house, browser, path, **kind.typed | kind.other).text
    done(send(house, browser, path, **kind.typed | kind.other, why="came out otherwise"))
    assert said_of(house.database, kind.table, ANA) == [kind.changed]
    assert changes_in(house.database) == before + 1
    assert by_whom(house)[1:] == (EDUCATOR, "came out otherwise")
    with house.database.read() as connection:
        assert_all_right(connection)


@each_kind
def test_it_is_retracted_with_a_reason(house: House, browser: TestClient, kind: Kind) -> None:
    """What holds then is what held before it; the page before says what happens and how it is undone."""
    before = facts_of(house.database)
    add(house, browser, kind)
    path = f"/record/retract-{kind.form}/{fact(house, kind)}/{ANA}"
    assert "The history keeps it" in browser.get(path).text
    assert send(house, browser, path, why=" ").status_code == 400
    assert done(send(house, browser, path, why="never was")) == f"{kind.form}-retracted"
    assert facts_of(house.database) == before
    assert by_whom(house)[2] == "never was"


@each_kind
def test_what_somebody_else_changed_meanwhile_is_not_changed_again(
    house: House, browser: TestClient, kind: Kind
) -> None:
    """The form that was open says so, and does nothing."""
    add(house, browser, kind)
    number = fact(house, kind)
    send(house, browser, f"/record/{kind.change}/{number}/{ANA}", **kind.typed | kind.other, why="first")
    before = changes_in(house.database)
    for doing in (kind.change, f"retract-{kind.form}"):
        path = f"/record/{doing}/{number}/{ANA}"
        for answer in (browser.get(path), send(house, browser, path, **kind.typed, why="second")):
            assert (answer.status_code, "changed this meanwhile" in answer.text) == (400, True)
    assert changes_in(house.database) == before


@each_kind
def test_it_is_recorded_once(house: House, browser: TestClient, kind: Kind) -> None:
    """The same again is refused in words, with what was typed still in the form."""
    add(house, browser, kind)
    answer = add(house, browser, kind)
    assert (answer.status_code, "on record already" in answer.text) == (400, True)
    assert len(said_of(house.database, kind.table, ANA)) == 1
    day = kind.typed.get("starts_on") or kind.typed["class_on"]
    assert f'value="{day}"' in answer.text


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        (LEAVE, {"starts_on": ""}, "First day is missing"),
        (LEAVE, {"until": "2025-06-09"}, "before it begins"),
        (LEAVE, {"until": "31.12.2025"}, "no day"),
        (CLASS, {"type": ""}, "The type is missing"),
        (CLASS, {"type": "XYZ"}, "no type"),
        (CLASS, {"class_on": ""}, "Day of the class is missing"),
        (EXEMPTION, {"requirement": ""}, "The requirement is missing"),
        (EXEMPTION, {"requirement": "xyz"}, "no requirement"),
        (EXEMPTION, {"until": ""}, "Last day is missing"),
        (EXEMPTION, {"until": "2025-05-31"}, "before it begins"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    house: House, browser: TestClient, kind: Kind, fields: dict[str, str], said: str
) -> None:
    """And nothing is recorded."""
    before = changes_in(house.database)
    answer = add(house, browser, kind, **fields)
    assert (answer.status_code, said in answer.text) == (400, True)
    assert changes_in(house.database) == before


@pytest.mark.parametrize("until", ["2025-12-31", "2026-01-01", "2025-05-31"])
def test_an_exemption_ends_on_one_of_its_days(house: House, browser: TestClient, until: str) -> None:
    """Neither later than it did, which would be another, nor before it began, which would be none."""
    add(house, browser, EXEMPTION)
    path = f"/record/end-exemption/{fact(house, EXEMPTION)}/{ANA}"
    answer = send(house, browser, path, until=until, why="over")
    assert (answer.status_code, "name an earlier last day" in answer.text) == (400, True)


def test_the_same_again_is_no_change(house: House, browser: TestClient) -> None:
    """A form that is sent as it was opened says that nothing differs."""
    for kind in (LEAVE, CLASS):
        add(house, browser, kind)
        path = f"/record/{kind.change}/{fact(house, kind)}/{ANA}"
        answer = send(house, browser, path, **kind.typed, why="no idea")
        assert (answer.status_code, "Nothing differs" in answer.text) == (400, True)


def test_leave_shows_on_the_page_and_in_the_standing(house: House, browser: TestClient) -> None:
    """On its days the person is on leave; the timeline says so too."""
    add(house, browser, LEAVE)
    text = browser.get(f"/people/{ANA}").text
    assert "On leave through 20 Jun 2025." in text
    assert "10 Jun 2025 to 20 Jun 2025" in text
    assert "On leave" not in browser.get(f"/people/{ANA}?on=2025-06-21").text.split("Over the years")[0]
