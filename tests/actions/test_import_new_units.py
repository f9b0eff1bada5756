"""No unit comes into being without a word, and none by a slip of the pen without a question."""

from collections.abc import Sequence
from typing import Any

import pytest

from actions.ward import (
    USUAL,
    asked,
    card,
    cards_of,
    changes_in,
    govern,
    outcomes,
    post,
    posts_of,
    staff,
    table,
    take_files,
    take_in,
)
from actions.ward import file as one_file
from actions.ward import unit as listed
from tracker.db.connect import Database
from tracker.intake.rows import Table, Who

WANDA = post("001911", "ICU", "2025-01-01", name="Wanda Vell")
SLIP = WANDA._replace(unit="IUC")
ASKED = "unit:IUC"
AGENCY = """
[[requirements]]
id = "agency-bls"
title = "BLS of agency staff"
any_of = ["BLS"]
roles = ["RN", "MD"]
employment_types = ["agency"]
"""


@pytest.fixture
def known(site: Database) -> Database:
    """Wanda of the ICU, Tom of Telemetry."""
    take_in(site, WANDA, post("001912", "Telemetry", "2025-01-01", name="Tom Tell"))
    return site


def places(database: Database, employee_id: str) -> list[str]:
    """The units where somebody works or worked."""
    return [unit for unit, *_ in posts_of(database, employee_id)]


def test_a_slip_is_asked_about_and_nothing_else(known: Database) -> None:
    """One question, with the unit that is meant first; nothing goes in meanwhile."""
    last = changes_in(known)
    result = take_in(known, SLIP)
    assert asked(result) == [ASKED]
    question = result.questions[0][1]
    assert (question.choices, question.option) == (("ICU", "new", "skip"), "--answers")
    assert "There is no unit IUC on record; 1 person of the file would work there. Is it ICU," in question.text
    assert changes_in(known) == last


def test_the_unit_meant_stands_in_the_row(known: Database) -> None:
    """Who works there already is unchanged, and nobody has moved."""
    result = take_in(known, SLIP, answers={ASKED: "icu"})
    assert (asked(result), outcomes(result), result.new_units) == ([], {"unchanged": 1}, [])
    assert places(known, "001911") == ["ICU"]


def test_somebody_elsewhere_is_asked_about_in_the_unit_meant(known: Database) -> None:
    """The slip itself asks nothing more: in the second round it is the usual question, about the ICU."""
    tom = post("001912", "IUC", "2025-05-01", name="Tom Tell")
    assert asked(take_in(known, tom, answers={ASKED: "ICU"})) == ["other_unit:001912:ICU"]
    assert asked(take_in(known, tom)) == [ASKED, "other_unit:001912:ICU"]


def test_a_new_unit_is_one_from_then_on(known: Database) -> None:
    """Answered so, it comes into being, and the next file asks nothing of it."""
    row = post("9001", "IUC", "2025-05-01")
    result = take_in(known, row, answers={ASKED: "new"})
    assert (outcomes(result), result.new_units) == ({"new": 1}, [("IUC", 1)])
    again = take_in(known, row)
    assert (asked(again), outcomes(again), again.new_units) == ([], {"unchanged": 1}, [])


def test_rows_that_are_left_out_bring_nothing(known: Database) -> None:
    """Neither an assignment nor a newcomer nor a card beside; the other rows go in."""
    rows = [post("9001", "IUC", name="New Nora"), SLIP, post("9002", "ICU", "2025-05-01")]
    sheet = table(rows, [card("9001", "2025-02-03"), card("001911", "2025-02-03"), card("9002", "2025-02-03")])
    result = take_in(known, sheet, answers={ASKED: "skip"})
    assert (asked(result), outcomes(result), result.new_units) == ([], {"unchanged": 2, "new": 1}, [])
    assert (places(known, "9001"), cards_of(known, "9001"), cards_of(known, "001911")) == ([], [], [])
    assert cards_of(known, "9002")
    assert {note.reason for note in result.rows if note.row in (2, 3)} == {"Left out, as was answered."}


def test_a_whole_roster_is_not_whole_without_them(known: Database) -> None:
    """Their people would seem to have left."""
    result = take_in(known, SLIP, WANDA, answers={ASKED: "skip"}, whole_roster=True)
    assert "nobody may be overlooked" in result.refused[0][1]


def test_an_answer_that_is_none_is_refused(known: Database) -> None:
    """With the choices."""
    assert "ICU or new or skip" in take_in(known, SLIP, answers={ASKED: "ED"}).refused[0][1]


@pytest.mark.parametrize(
    ("rows", "units"),
    [
        ([post("9001", "Telemetery")], [("Telemetery", 1)]),
        ([post("9001", "Pharmacy"), post("9002", "pharmacy"), post("9002", "Pharmacy", role="MD")], [("Pharmacy", 2)]),
        ([post("9001", "ICU")], []),
        ([listed("Chapel")], [("Chapel", 0)]),
    ],
    ids=["slip", "spelt in two ways", "on record", "a list of units"],
)
def test_units_that_come_into_being_are_named(known: Database, rows: list[Any], units: list[Any]) -> None:
    """In the plan as in the result, each once, with how many people would work there."""
    for dry_run in (True, False):
        result = take_in(known, *rows, answers={"unit:Telemetery": "new"}, dry_run=dry_run)
        assert result.new_units == units
    assert take_in(known, *rows).new_units == []


def test_rejected_rows_bring_no_unit(known: Database) -> None:
    """What does not go in is not said to come."""
    clash = [post("9", "Chapel", name="Bo Field"), post("9", "Chapel", name="Ana Ruiz")]
    assert take_in(known, *clash).new_units == []


def test_roles_that_no_requirement_names_are_told(known: Database) -> None:
    """As they are spelt, with how many people have them; those of rows that change nothing as well."""
    rows = [post("9001", role="RM"), post("9002", role="Clerk"), post("9003", role="clerk"), post("9004", role="MD")]
    for _ in range(2):
        assert take_in(known, *rows).unknown_roles == [("Clerk", 2), ("RM", 1)]


def test_people_without_an_employment_type_are_told(known: Database) -> None:
    """How many of those whose place of work goes in, and what is asked of them for that reason."""
    govern(known, USUAL + AGENCY)
    rows = [post("9001"), post("9002", role="MD"), post("9003", employment_type="agency"), post("9004", role="Clerk")]
    for dry_run in (True, False):
        result = take_in(known, *rows, dry_run=dry_run)
        assert result.untyped == (2, [("agency-bls", "BLS of agency staff", 2)])
    assert take_in(known, *rows).untyped == (0, [])


def test_who_has_a_type_on_record_is_not_told_of(known: Database) -> None:
    """A roster without that column erases nothing; and who has left is asked nothing."""
    govern(known, USUAL + AGENCY)
    take_in(known, post("9001", employment_type="employee"))
    rows = [post("9001", "ICU", "2024-12-01"), post("9002", "ICU", "2025-01-01", "2025-06-14")]
    assert take_in(known, *rows).untyped == (0, [])


@pytest.mark.parametrize("people", [5, 6])
def test_a_whole_ward_is_no_slip(known: Database, people: int) -> None:
    """What so many rows say is what the unit is called; it is named all the same."""
    rows = [row._replace(employee_id=f"N-{at}") for at, row in enumerate(staff(people, "Telemetery"))]
    result = take_in(known, *rows)
    assert (asked(result), result.new_units) == (
        (["unit:Telemetery"], []) if people == 5 else ([], [("Telemetery", 6)])
    )


@pytest.mark.parametrize("rows", [[post("1", "ICU"), post("2", "IUC")], [post("1", "IUC"), listed("ICU")]])
def test_a_first_import_does_not_guess_which_is_the_slip(site: Database, rows: Sequence[Any]) -> None:
    """There is no record to compare with, and neither has more people; the plan names both units."""
    sheets = [table([row]) for row in rows]
    result = take_in(site, *sheets)
    assert (asked(result), [name for name, _ in result.new_units]) == ([], ["ICU", "IUC"])


def ward(count: int, name: str) -> list[Any]:
    """So many people of a unit, with ids of their own."""
    return [row._replace(employee_id=f"{name}-{at}") for at, row in enumerate(staff(count, name))]


EAST, EATS = ward(7, "5 East"), [post("9001", "5 Eats", name="New Nora")]


@pytest.mark.parametrize("first", [True, False], ids=["nobody on record", "others on record"])
def test_a_slip_of_another_new_unit_is_asked_about(site: Database, first: bool) -> None:
    """In the same words, and only the one with fewer people; the one meant stands in its rows then."""
    if not first:
        take_in(site, WANDA)
    result = take_in(site, *EAST, *EATS)
    assert asked(result) == ["unit:5 Eats"]
    question = result.questions[0][1]
    assert question.choices == ("5 East", "new", "skip")
    assert "There is no unit 5 Eats on record; 1 person of the file would work there. Is it 5 East," in question.text
    answered = take_in(site, *EAST, *EATS, answers={"unit:5 Eats": "5 East"})
    assert (asked(answered), answered.new_units) == ([], [("5 East", 8)])
    assert places(site, "9001") == ["5 East"]


def test_it_may_be_new_all_the_same(site: Database) -> None:
    """Or its rows may be left out, as with a slip of a unit on record."""
    answers = {"unit:5 Eats": "skip"}
    assert take_in(site, *EAST, *EATS, answers=answers, dry_run=True).new_units == [("5 East", 7)]
    answers = {"unit:5 Eats": "new"}
    assert take_in(site, *EAST, *EATS, answers=answers).new_units == [("5 East", 7), ("5 Eats", 1)]


def test_a_slip_of_a_slip_is_the_unit_meant_in_the_end(site: Database) -> None:
    """Each is asked about; what nobody means comes into being nowhere."""
    rows = [*ward(7, "Telemetry"), *ward(2, "Telemetery"), *ward(1, "Telemettery")]
    assert asked(take_in(site, *rows)) == ["unit:Telemetery", "unit:Telemettery"]
    answers = {"unit:Telemetery": "Telemetry", "unit:Telemettery": "Telemetery"}
    assert take_in(site, *rows, answers=answers).new_units == [("Telemetry", 10)]


def test_a_slip_of_a_listed_unit_is_asked_about(site: Database) -> None:
    """A list says how a new unit is spelt; it is never the slip itself."""
    files = [one_file(table([listed("5 East")]), name="u.csv"), one_file(table([*EAST, *EATS]), name="r.csv")]
    assert asked(take_files(site, *files)) == ["unit:5 Eats"]


def test_a_unit_that_a_list_of_units_names_is_not_asked_about(known: Database) -> None:
    """Who lists it means it."""
    result = take_files(known, one_file(table([listed("IUC")]), name="u.csv"), one_file(table([SLIP]), name="r.csv"))
    assert asked(result) == ["other_unit:001911:IUC"]


def test_rows_without_ids_are_looked_up_in_the_unit_meant(known: Database) -> None:
    """The name is found in the ICU, where it is one person's."""
    nameless = Table(
        None, "roster", {}, [SLIP._replace(row=2, employee_id="")], who={2: Who("Wanda Vell", None, "IUC")}
    )
    assert asked(take_in(known, nameless)) == [ASKED]
    again = Table(None, "roster", {}, [SLIP._replace(row=2, employee_id="")], who={2: Who("Wanda Vell", None, "IUC")})
    assert outcomes(take_in(known, again, answers={ASKED: "ICU"})) == {"unchanged": 1}


def test_a_slip_in_an_id_is_found_beside_one_in_the_unit(known: Database) -> None:
    """The newcomer is looked for in the unit that is meant."""
    assert asked(take_in(known, SLIP._replace(employee_id="E1911"), answers={ASKED: "ICU"})) == ["same:E1911"]
