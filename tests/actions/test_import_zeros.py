"""An id that lost its zeros in a spreadsheet never makes somebody new, nor is it unknown, without a question."""

from typing import Any

import pytest
from sqlalchemy import event

from actions.soundness import assert_all_right
from actions.ward import (
    AUTHOR,
    TODAY,
    asked,
    away,
    card,
    cards_of,
    changes_in,
    facts_of,
    post,
    staff,
    table,
    take_files,
    take_in,
)
from actions.ward import file as one_file
from tracker.actions.change_person import rename_person
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.undo import undo_import
from tracker.db.connect import Database
from tracker.domain.scope import EVERYONE

IT_IS, NEW = {"zeros:4512": "004512"}, {"zeros:4512": "new"}


@pytest.fixture
def padded(site: Database) -> Database:
    """A site with one nurse, 004512, in the ICU from New Year on."""
    take_in(site, post("004512", "ICU", "2025-01-01", name="Ada Wren"))
    return site


def question(result: ImportResult) -> str:
    """The text of the only question."""
    [(_, found)] = result.questions
    return found.text


@pytest.mark.parametrize(
    "row",
    [post("4512", "ICU", "2025-01-01"), card("4512", "2025-03-10"), away("4512", "2025-03-10")],
    ids=["roster", "cards", "absences"],
)
def test_it_is_asked_whose_the_id_is_and_nothing_goes_in(padded: Database, row: Any) -> None:
    """In every kind of file; the choices are the id on record and somebody new."""
    facts = facts_of(padded)
    result = take_in(padded, row)
    assert asked(result) == ["zeros:4512"]
    assert result.questions[0][1].choices == ("004512", "new")
    assert (result.batch, facts_of(padded)) == (None, facts)


def test_answered_the_rows_are_that_persons_and_the_second_time_nothing_happens(padded: Database) -> None:
    """Cards and places of work go to 004512; nobody 4512 comes to be; undo takes them back."""
    before = facts_of(padded)
    sheets = table([post("4512", "ICU", "2025-01-01")]), table([card("4512", "2025-03-10")])
    done = take_in(padded, *sheets, answers=IT_IS)
    assert cards_of(padded, "004512")
    assert not [each for kind in facts_of(padded).values() for each in kind if each[0] == "4512"]
    last = changes_in(padded)
    sheets = table([post("4512", "ICU", "2025-01-01")]), table([card("4512", "2025-03-10")])
    again = take_in(padded, *sheets, answers=IT_IS)
    assert (again.batch, changes_in(padded)) == (None, last)
    with padded.read() as connection:
        assert_all_right(connection)
    undo_import(padded, EVERYONE, AUTHOR, done.batch or 0, TODAY)
    assert facts_of(padded) == before


def test_somebody_new_goes_in_as_before_and_is_not_asked_about_again(padded: Database) -> None:
    """4512 and 004512 are then two people on record."""
    take_in(padded, post("4512", "ED", "2025-01-01"), answers=NEW)
    assert asked(take_in(padded, post("4512", "ED", "2025-01-01"))) == []
    assert asked(take_in(padded, card("4512", "2025-03-10"))) == []
    assert cards_of(padded, "4512")
    assert not cards_of(padded, "004512")


def test_a_card_of_somebody_new_is_of_nobody_known(padded: Database) -> None:
    """As of any id that nobody has."""
    result = take_in(padded, card("4512", "2025-03-10"), answers=NEW)
    assert "Nobody with the employee id 4512" in result.rows[0].reason


@pytest.mark.parametrize(
    ("name", "says"),
    [("Wren, Ada", "the name agrees"), ("Bo Cole", "clearly different"), (None, "no name is read")],
)
def test_the_question_says_whether_the_name_agrees(padded: Database, name: str | None, says: str) -> None:
    """And never the name itself."""
    text = question(take_in(padded, post("4512", "ICU", "2025-01-01", name=name)))
    assert says in text
    assert "Wren" not in text


def test_an_id_that_stands_there_as_a_number_is_said_to(padded: Database) -> None:
    """It cannot have begun with zeros."""
    sheet = table([card("4512", "2025-03-10")])
    assert "as a number" not in question(take_in(padded, sheet))
    sheet.from_numbers = ["4512"]
    assert "as a number" in question(take_in(padded, sheet))


def test_an_id_that_is_a_power_of_ten_to_a_spreadsheet_is_asked_about(padded: Database) -> None:
    """12E05 became 1200000; only where it stands in the file as a number, and the question says how it came about."""
    take_in(padded, post("12E05", "ED", "2025-01-01", name="Fay Ito"))
    sheet = table([card("1200000", "2025-03-10")])
    assert asked(take_in(padded, sheet)) == []
    sheet.from_numbers = ["1200000"]
    result = take_in(padded, sheet)
    assert result.questions[0][1].choices == ("12E05", "new")
    assert "12E05 is (no name is read beside it), of which a spreadsheet program makes that number" in question(result)
    take_in(padded, sheet, answers={"zeros:1200000": "12E05"})
    assert cards_of(padded, "12E05")


def test_several_may_be_meant(padded: Database) -> None:
    """Each is a choice."""
    take_in(padded, post("04512", "ED", "2025-01-01"), answers={"zeros:04512": "new"})
    result = take_in(padded, card("4512", "2025-03-10"))
    assert result.questions[0][1].choices == ("04512", "004512", "new")


def test_a_first_roster_may_have_both(site: Database) -> None:
    """Two people who come together, 7001 and 07001, are two; and so they stay."""
    rows = post("7001", "ED", "2025-01-01", name="Ines"), post("07001", "ED", "2025-01-01", name="Jack")
    assert asked(take_in(site, *rows)) == []
    assert asked(take_in(site, *rows)) == []
    assert asked(take_in(site, card("7001", "2025-03-10"), card("07001", "2025-03-10"))) == []


def test_an_id_beside_two_names_is_rejected_and_not_asked_about(site: Database) -> None:
    """Also once the other of its file is on record; another file, which has one name, is asked about."""
    other = post("7001", "ED", "2025-01-01", name="Ines")
    both = [post("07001", "ED", name=name) for name in ("Jack Bauer", "Mary Poole")]
    first = take_in(site, other, *both)
    assert (asked(first), first.counts["new"], first.counts["rejected"]) == ([], 1, 2)
    again = take_in(site, other, *both)
    assert (asked(again), again.counts["unchanged"], again.counts["rejected"]) == ([], 1, 2)
    assert asked(take_files(site, one_file(table(both)), one_file(table(both[:1])))) == ["zeros:07001"] * 2
    assert asked(take_files(site, one_file(table(both)), one_file(table([card("7001", "2025-03-10")])))) == []


def test_what_is_no_number_or_differs_otherwise_is_not_asked(padded: Database) -> None:
    """A-4512, 45120, 5 and 0 are nobody's zeros."""
    rows = [post(each, "ED", "2025-01-01") for each in ("A-4512", "45120", "5", "0")]
    assert asked(take_in(padded, *rows)) == []


@pytest.mark.parametrize(
    "row",
    [post("004512", "ICU", "2025-01-01", name="Ada"), card("004512", "2025-03-10"), away("004512", "2025-03-10")],
    ids=["roster", "cards", "absences"],
)
def test_zeros_that_the_record_has_lost_are_asked_about_as_well(ward: Database, row: Any) -> None:
    """An earlier file came without them; the question says how the record is put right for good."""
    facts = facts_of(ward)
    result = take_in(ward, row)
    assert (asked(result), result.questions[0][1].choices) == (["zeros:004512"], ("4512", "new"))
    assert "tracker person rename-id 4512 004512" in question(result)
    assert facts_of(ward) == facts
    done = take_in(ward, row, answers={"zeros:004512": "4512"})
    assert (asked(done), done.refused) == ([], [])
    assert not [each for kind in facts_of(ward).values() for each in kind if each[0] == "004512"]


def test_a_record_put_right_asks_no_more(ward: Database) -> None:
    """The id with its zeros is then the one on record, and the one without them a former one."""
    rename_person(ward, AUTHOR, "4512", "004512", "zeros lost")
    assert asked(take_in(ward, card("004512", "2025-03-10"))) == []
    assert asked(take_in(ward, card("4512", "2025-03-10"))) == ["former:4512"]


def test_somebody_new_may_have_the_id_with_zeros(ward: Database) -> None:
    """4512 and 004512 are then two people on record."""
    take_in(ward, post("004512", "ED", "2025-01-01"), answers={"zeros:004512": "new"})
    assert asked(take_in(ward, card("004512", "2025-03-10"), card("4512", "2025-03-10"))) == []
    assert len(cards_of(ward, "4512")) == len(cards_of(ward, "004512")) == 1


def test_an_answer_that_is_no_choice_is_refused(padded: Database) -> None:
    """With the choices; the file stays out."""
    result = take_in(padded, card("4512", "2025-03-10"), answers={"zeros:4512": "4513"})
    assert "004512 or new" in result.refused[0][1]
    assert result.batch is None


def test_a_former_id_is_asked_about_as_one(padded: Database) -> None:
    """Not twice."""
    take_in(padded, post("4512", "ED", "2025-01-01"), answers=NEW)
    rename_person(padded, AUTHOR, "4512", "77", "new payroll")
    assert asked(take_in(padded, post("4512", "ED", "2025-01-01"))) == ["former:4512"]


def test_an_undone_newcomer_without_zeros_is_asked_about(padded: Database) -> None:
    """The id was taken by mistake, so it is nobody's."""
    done = take_in(padded, post("4512", "ED", "2025-01-01"), answers=NEW)
    undo_import(padded, EVERYONE, AUTHOR, done.batch or 0, TODAY)
    assert asked(take_in(padded, post("4512", "ED", "2025-01-01"))) == ["zeros:4512"]


def test_other_files_of_the_command_go_in(padded: Database) -> None:
    """Only the one that names the id waits."""
    good, bad = one_file(table(staff(2)), name="a.csv"), one_file(table([card("4512", "2025-03-10")]), name="b.csv")
    result = take_files(padded, good, bad)
    assert [file for file, _ in result.questions] == ["b.csv"]
    assert result.batch is not None


def test_nothing_is_looked_up_where_no_id_begins_with_a_zero(ward: Database) -> None:
    """One question to the index of ids; one more if an id in the file does, and one for all that may be others."""
    assert lookups(ward, *staff(3)) == 1
    take_in(ward, post("004513", "ICU", "2025-01-01"))
    assert lookups(ward, *staff(4)) == 1
    assert lookups(ward, post("004513", "ICU", "2025-01-01")) == 3
    assert lookups(ward, post("0001", "ICU", "2025-01-01"), post("0022", "ICU", "2025-01-01")) == 3


def lookups(database: Database, *rows: Any) -> int:
    """How many statements of an import are about lost zeros."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    take_in(database, *rows)
    event.remove(database.engine, "before_cursor_execute", note)
    return sum("length(" in each or "SELECT people.employee_id, identities.name" in each for each in seen)
