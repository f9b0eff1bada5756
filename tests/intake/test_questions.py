"""What could be two things is asked, once, and an answer settles it."""

from datetime import date

import pytest

from intake.words import WORDING, Read, Write, rows
from tracker.intake.reader import read_file
from tracker.intake.rows import CardRow, Options, RosterRow

BARE = "Emp ID,Unit,BLS\n1,ED,2026-03-04\n"
TWICE = "Emp ID,Employee #,Unit\n1,2,ED\n"
STARTS = "Emp ID,Start Date,End Date\n1,2026-03-04,2026-04-05\n"
SLASHED = "Emp ID,Unit,Hire Date\n1,ED,03/04/2026\n"


@pytest.mark.parametrize(
    ("text", "id_", "kind", "choices", "option"),
    [
        (BARE, "column:BLS", "column", ("BLS.expires_on", "BLS.issued_on", "ignore"), "--map 'BLS=BLS.expires_on'"),
        (TWICE, "field:employee_id", "column", ("Emp ID", "Employee #"), "--map 'Emp ID=employee_id'"),
        (STARTS, "kind", "kind", ("absences", "roster"), "--kind"),
        (SLASHED, "date-order", "date_order", ("dmy", "mdy", "ymd"), "--date-order"),
    ],
)
def test_a_question_names_its_choices_and_the_option_that_settles_it(
    read_text: Read, text: str, id_: str, kind: str, choices: tuple[str, ...], option: str
) -> None:
    [question] = read_text(text).questions
    assert (question.id, question.kind, question.choices, question.option) == (id_, kind, choices, option)


@pytest.mark.parametrize(
    ("text", "asked", "ignored"),
    [
        (BARE, ["BLS"], []),
        (TWICE, ["Emp ID", "Employee #"], []),
        ("Emp ID,Unit,BLS,FTE\n1,ED,,1\n", [], ["BLS", "FTE"]),
    ],
)
def test_what_is_asked_about_is_not_said_to_be_left_out(
    read_text: Read, text: str, asked: list[str], ignored: list[str]
) -> None:
    table = read_text(text).tables[0]
    assert (table.asked, table.ignored) == (asked, ignored)


def test_columns_without_a_header_are_known_by_the_one_before(read_text: Read, write_book: Write) -> None:
    text = "Emp ID,Unit,,,X\n1,ED,,yes,\n2,ED,,,,late\n"
    book = write_book({"S": [line.split(",") for line in text.splitlines()]}, left=1)
    for reading in (read_text(text), read_file(book, WORDING, Options())):
        assert reading.tables[0].unnamed == ["Unit", "X"]


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        (BARE, {"columns": {"BLS": "BLS.issued_on"}}),
        (BARE, {"answers": {"column:BLS": "bls.expires_on"}}),
        (BARE, {"columns": {"BLS": "ignore"}}),
        (TWICE, {"columns": {"Employee #": "employee_id"}}),
        (TWICE, {"columns": {"Emp ID": "ignore"}}),
        (TWICE, {"answers": {"field:employee_id": "Employee #"}}),
        (STARTS, {"kind": "absences"}),
        (STARTS, {"answers": {"kind": "absences"}}),
        (SLASHED, {"date_order": "dmy"}),
        (SLASHED, {"answers": {"date-order": "mdy"}}),
    ],
)
def test_an_answer_settles_a_question(read_text: Read, text: str, settled: dict[str, object]) -> None:
    reading = read_text(text, **settled)
    assert reading.questions == []
    assert len(reading.tables[0].rows) == 1


def test_with_an_open_question_no_row_is_given(read_text: Read) -> None:
    reading = read_text("Emp ID,Unit,BLS,Hire Date\n1,ED,2026-03-04,03/04/2026\n")
    assert [question.kind for question in reading.questions] == ["column", "date_order"]
    assert [table.rows for table in reading.tables] == [[]]


@pytest.mark.parametrize(
    "text", ["Emp ID,Unit,BLS\n1,ED,yes\n2,ED,\n", "Emp ID,Unit,BLS class booked\n1,ED,2026-03-04\n"]
)
def test_a_column_that_cannot_be_a_cards_date_is_not_asked_about(read_text: Read, text: str) -> None:
    reading = read_text(text)
    assert (reading.questions, len(reading.tables[0].ignored)) == ([], 1)


def test_a_plain_name_gives_way_to_a_sure_one_without_a_question(read_text: Read) -> None:
    reading = read_text("Badge,Emp ID,Unit\n9,1,ED\n")
    assert [row.employee_id for row in rows(reading, RosterRow)] == ["1"]


def test_one_unambiguous_date_settles_the_order_for_the_whole_file(read_text: Read) -> None:
    reading = read_text("Emp ID,Unit,Hire Date\n1,ED,03/04/2026\n2,ED,31/12/2025\n")
    assert [row.starts_on for row in rows(reading, RosterRow)] == [date(2026, 4, 3), date(2025, 12, 31)]


def test_dates_written_both_ways_are_asked_about(read_text: Read) -> None:
    [question] = read_text("Emp ID,Unit,Hire Date\n1,ED,03/04/2026\n2,ED,31/12/2025\n3,ED,12/31/2025\n").questions
    assert "both ways" in question.text


def test_no_order_is_asked_for_where_every_date_is_one_day_either_way(read_text: Read) -> None:
    reading = read_text("Emp ID,Unit,Hire Date\n1,ED,04/04/2026\n2,ED,31/12/2025\n3,ED,12/31/2025\n")
    assert (reading.questions, len(reading.tables[0].rows)) == ([], 3)


def test_headers_of_the_same_words_can_be_told_apart(read_text: Read) -> None:
    text = "Emp ID,Type,Expires,Expires\n1,BLS,2027-01,2028-02\n"
    [question] = read_text(text).questions
    assert question.choices == ("Expires", "Expires (2)")
    reading = read_text(text, columns={"Expires (2)": "expires_on"})
    assert [row.stated for row in rows(reading, CardRow)] == ["2028-02"]


def test_leave_and_work_in_one_sheet_is_asked_about(read_text: Read) -> None:
    [question] = read_text("Emp ID,Unit,From,Until\n1,ED,2026-01-01,2026-02-01\n").questions
    assert question.choices == ("roster", "absences")


@pytest.mark.parametrize(("text", "named"), [(BARE, ["1"]), (STARTS, ["1"]), (SLASHED, ["1"]), (TWICE, [])])
def test_a_file_with_a_question_says_whom_it_names(read_text: Read, text: str, named: list[str]) -> None:
    """As far as that can be told of what is, or may be, a roster: others may have to wait for it."""
    reading = read_text(text)
    assert (reading.named, rows(reading, RosterRow)) == (named, [])


def test_a_workbook_with_a_question_says_whom_it_names(write_book: Write) -> None:
    """Of all its rosters, but not of its other lists; without a question the rows themselves say it."""
    roster = [["Emp ID", "Unit", "Hire Date"], ["1", "ED", "03/04/2026"], ["n/a", "ED", ""], ["2", "ED", ""]]
    away = [["Emp ID", "Leave start", "Return date"], ["3", "03/04/2026", ""]]
    path = write_book({"ED": roster, "Leave": away})
    asking, settled = (read_file(path, WORDING, Options(date_order=order)) for order in (None, "dmy"))
    assert (asking.named, settled.named) == (["1", "2"], [])
