"""A list of cards without a column for the type is of the type that its sheet or its file is called."""

import pytest

from intake.words import WORDING, Read, Write, rows
from tracker.domain.errors import BadInput
from tracker.intake.reader import read_file
from tracker.intake.rows import AbsenceRow, CardRow, KnownType, Options, Reading

HEADER = ["Employee ID", "Name", "Issued", "Expires", "Card Number"]
ROW = ["1", "Ada Wren", "2025-12-02", "2027-12-31", "255401110001"]
TEXT = f"{','.join(HEADER)}\n{','.join(ROW)}\n2,Bo Field,2026-01-02,,\n"


def read_sheet(write_book: Write, name: str, **settled: object) -> Reading:
    return read_file(write_book({name: [HEADER, ROW]}), WORDING, Options(**settled))  # type: ignore[arg-type] # as given


@pytest.mark.parametrize("name", ["BLS", "bls cards", "BLS certifications 2026", "Basic Life Support (list)"])
def test_the_name_of_a_type_is_the_type_of_every_row_and_that_is_said(write_book: Write, name: str) -> None:
    reading = read_sheet(write_book, name)
    assert [(card.row, card.type, card.number) for card in rows(reading, CardRow)] == [(2, "BLS", "255401110001")]
    assert reading.notes == [f'All cards are taken for BLS, by the name of the list (sheet "{name}").']


def test_of_a_text_file_and_of_a_sheet_without_a_name_it_is_the_files(read_text: Read, write_book: Write) -> None:
    """As is that of a copy of its rejected rows."""
    for name in ("BLS cards.csv", "bls.rejected2.csv"):
        assert [card.type for card in rows(read_text(TEXT, name), CardRow)] == ["BLS", "BLS"]
    book = write_book({"Sheet1": [HEADER, ROW]})
    assert rows(read_file(book.rename(book.with_name("ACLS.xlsx")), WORDING, Options()), CardRow)[0].type == "ACLS"


@pytest.mark.parametrize("name", ["Sheet1", "Sheet 2", "Sheet1 (2)", "Tabelle1", "Feuil1", "Worksheet"])
def test_by_a_name_that_is_none_nothing_is_asked(write_book: Write, name: str) -> None:
    """What is named in the answer is the file."""
    book = write_book({name: [HEADER, ROW]})
    with pytest.raises(BadInput, match='"type:book" = '):
        read_file(book, WORDING, Options(answers={f"type:{name}": "BLS"}))
    assert rows(read_file(book, WORDING, Options(answers={"type:book": "BLS"})), CardRow)[0].type == "BLS"


def test_what_is_remembered_of_cells_says_nothing_of_a_list_of_that_name(write_book: Write) -> None:
    """It is asked about, or refused, as any."""
    known = KnownType("ACLS", "2026-01-15")
    [question] = read_sheet(write_book, "My BLS", types={"my bls": known}).questions
    assert question.id == "type:My BLS"
    with pytest.raises(BadInput, match='"type:March" = '):
        read_sheet(write_book, "March", types={"march": known})


def test_another_sheet_of_the_file_is_not_of_the_type_in_the_files_name(write_book: Write) -> None:
    book = write_book({"BLS": [HEADER, ROW], "Old": [HEADER, ROW]})
    reading = read_file(book.rename(book.with_name("BLS.xlsx")), WORDING, Options())
    assert [(table.sheet, len(table.rows)) for table in reading.tables] == [("BLS", 1)]
    assert reading.unread == ["Old"]


def test_a_name_that_only_mentions_a_type_is_asked_about_and_an_answer_settles_it(write_book: Write) -> None:
    [question] = read_sheet(write_book, "HeartCode BLS online").questions
    assert question.id == "type:HeartCode BLS online"
    assert 'has no column for the type, and its name, "HeartCode BLS online", mentions BLS: of which' in question.text
    answered = read_sheet(write_book, "HeartCode BLS online", answers={question.id: "ACLS"})
    assert [card.type for card in rows(answered, CardRow)] == ["ACLS"]
    assert rows(read_sheet(write_book, "HeartCode BLS online", answers={question.id: "none"}), CardRow) == []


def test_a_name_that_says_nothing_is_refused_with_the_answer_that_would_say_it(write_book: Write) -> None:
    with pytest.raises(BadInput, match=r'of one, say which in an --answers file: "type:March" = "\.\.\."'):
        read_sheet(write_book, "March")
    assert rows(read_sheet(write_book, "March", answers={"type:March": "BLS"}), CardRow)[0].type == "BLS"


def test_a_column_for_the_type_goes_before_the_name(write_book: Write) -> None:
    book = write_book({"BLS": [["Employee ID", "Course", "Issued"], ["1", "ACLS", "2026-01-02"]]})
    assert [card.type for card in rows(read_file(book, WORDING, Options()), CardRow)] == ["ACLS"]


def test_the_order_of_days_is_asked_together_with_the_type(read_text: Read) -> None:
    questions = read_text("Employee ID,Issued\n1,03/04/2026\n2,04/05/2026\n\n", "My BLS.csv").questions
    assert {question.id for question in questions} == {"date-order", "type:My BLS"}
    assert any("(2 rows)" in question.text for question in questions)


@pytest.mark.parametrize("header", ["LOA start,Return", "Leave from,Leave to", "First Day Out,Expected Return"])
def test_a_list_of_leaves_is_one_of_absences(read_text: Read, header: str) -> None:
    text = f"Employee ID,Name,{header},Reason\n1,Ada Wren,2026-09-07,2027-01-04,knee\n"
    [absence] = rows(read_text(text), AbsenceRow)
    assert (absence.employee_id, str(absence.starts_on)) == ("1", "2026-09-07")
