"""A file without a column of employee ids is read by what it says of people otherwise."""

import pytest

from intake.words import WORDING, Read, Write, rows
from tracker.intake.reader import read_file
from tracker.intake.rows import CardRow, Options, RosterRow, Who


@pytest.mark.parametrize(
    ("text", "kind", "who"),
    [
        ("Name,Email,Unit,Role\nAda Wren,ada@x.org,ICU,RN\n", "roster", Who("Ada Wren", "ada@x.org", "ICU")),
        ("name,unit,role,manager_email\nAda Wren,ICU,RN,boss@x.org\n", "roster", Who("Ada Wren", None, "ICU")),
        ("First Name,Last Name,BLS Exp\nAda,Wren,2027-01\n", "roster", Who("Ada Wren", None, None)),
        ("Email,type,issued_on\nada@x.org,BLS,2026-01-02\n", "cards", Who(None, "ada@x.org", None)),
        ("Employee,Dept,Certification,Expires\nAda Wren,ICU,BLS,2027-01\n", "cards", Who("Ada Wren", None, "ICU")),
        ("Last Name,First Name,type,issued_on\nWren,Ada,BLS,2026-01-02\n", "cards", Who("Ada Wren", None, None)),
        ("Name,Leave Start,Leave End\nAda Wren,2026-01-02,\n", "absences", Who("Ada Wren", None, None)),
        ("Email,requirement,from,until\na@x.org,bls,2026-01-02,2026-02-02\n", "exemptions", Who(None, "a@x.org", None)),
    ],
)
def test_each_kind_is_known_by_its_other_columns(read_text: Read, text: str, kind: str, who: Who) -> None:
    """And every row says whom it is about."""
    [table] = read_text(text).tables
    [row] = table.rows
    assert (table.kind, table.who, row[1], table.rejected) == (kind, {2: who}, "", [])


def test_a_column_of_ids_is_enough(read_text: Read) -> None:
    """Addresses in a list that has ids are not used, as before; names are there to be held against the ids."""
    [table] = read_text("employee_id,Name,Email,type,issued_on\n1,Ada,a@x.org,BLS,2026-01-02\n").tables
    assert (table.who, table.ignored, table.names) == (None, ["Email"], {2: "Ada"})


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Emp ID,Last Name,First Name", {2: "Ada Wren"}),
        ("Emp ID,Full Name,Legal Name", {}),  # either could be the name, and nothing is asked for a check
        ("Emp ID,Last Name,Notes", {}),
    ],
)
def test_names_beside_ids_are_read_where_they_are_sure(read_text: Read, header: str, names: dict[int, str]) -> None:
    reading = read_text(f"{header},from,until\n1,Wren,Ada,2026-01-02,\n")
    assert (reading.questions, reading.tables[0].names) == ([], names)


def test_a_column_that_cannot_be_names_is_no_name(read_text: Read) -> None:
    """Beside another column of ids "Employee" may be one, too."""
    [table] = read_text("Emp ID,Employee,type,issued_on\n1,E-1,BLS,2026-01-02\n").tables
    assert (table.names, table.ignored) == ({}, ["Employee"])


def test_a_workbook_says_what_a_list_calls_people(write_book: Write) -> None:
    path = write_book({"Cards": [["Emp ID", "Name", "type", "issued_on"], ["1", "Ada\nWren", "BLS", "2026-01-02"]]})
    assert read_file(path, WORDING, Options()).tables[0].names == {2: "Ada Wren"}


def test_a_row_that_names_nobody_is_rejected(read_text: Read) -> None:
    [table] = read_text("Name,Email,type,issued_on\nAda,a@x.org,BLS,2026-01-02\n,,BLS,2026-01-02\n").tables
    assert [(entry.row, entry.whole) for entry in table.rejected] == [(3, True)]
    assert "neither e-mail nor name" in table.rejected[0].reason


def test_an_address_that_is_none_leaves_the_name(read_text: Read) -> None:
    [table] = read_text("Name,Email,type,issued_on\nAda,tba,BLS,2026-01-02\n").tables
    assert (table.who, [entry.whole for entry in table.rejected]) == ({2: Who("Ada", None, None)}, [False])


def test_a_header_repeated_on_the_next_page_is_nobody(read_text: Read) -> None:
    [table] = read_text("Name,Unit,Role\nAda,ICU,RN\nName,Unit,Role\nBo,ICU,RN\n").tables
    assert ([row.row for row in table.rows], table.rejected) == ([2, 4], [])


def test_a_wide_sheet_keeps_the_cards_beside_the_people(read_text: Read) -> None:
    reading = read_text("Name,Unit,BLS Exp\nAda,ICU,2027-01\nBo,ICU,\n")
    [table] = reading.tables
    assert [(card.row, card.employee_id, card.stated) for card in table.cards] == [(2, "", "2027-01")]
    assert table.who == {2: Who("Ada", None, "ICU"), 3: Who("Bo", None, "ICU")}
    assert len(rows(reading, RosterRow)) == 2


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("unit,facility,managers,director\nICU,Main,a@x.org,b@x.org\n", ["units"]),
        ("Unit,Manager,Email\nICU,a@x.org,b@x.org\n", ["units"]),
        ("Unit,Facility,Email\nICU,Main,b@x.org\n", ["units"]),
    ],
)
def test_a_list_of_units_stays_one(read_text: Read, text: str, kinds: list[str]) -> None:
    assert [table.kind for table in read_text(text).tables] == kinds


def test_a_list_that_may_be_of_units_or_of_people_is_asked_about(read_text: Read) -> None:
    [question] = read_text("Name,Unit,Facility\nAda,ICU,Main\n").questions
    assert (question.id, question.choices) == ("kind", ("roster", "units"))


def test_two_columns_of_names_are_asked_about(read_text: Read) -> None:
    [question] = read_text("Name,Full Name,type,issued_on\nA,Ada,BLS,2026-01-02\n").questions
    assert question.id == "field:name"


def test_a_workbook_says_it_too(write_book: Write) -> None:
    """The child that reads it sends whom each row is about."""
    path = write_book({"Cards": [["Name", "Email", "type", "issued_on"], ["Ada", "a@x.org", "BLS", "2026-01-02"]]})
    reading = read_file(path, WORDING, Options())
    assert reading.tables[0].who == {2: Who("Ada", "a@x.org", None)}
    assert len(rows(reading, CardRow)) == 1
