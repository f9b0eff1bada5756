"""Good rows go in; of a bad one, everything that can be wrong is said."""

from datetime import date

import pytest

from intake.words import WORDING, Read, Write, rows
from tracker.intake.reader import read_file
from tracker.intake.rows import AbsenceRow, CardRow, Options, RosterRow, UnitRow

CARDS = "employee_id,type,issuer,issued_on,expires_on,number,verified_on\n"
ROSTER = "employee_id,name,email,unit,role,employment_type,starts_on,ends_on,manager_email\n"


@pytest.mark.parametrize("written", ["004512", "4512", "T-0091", "0x12", "1E5", "=1+1", "@home", "\uff11\uff12"])
def test_an_id_is_kept_exactly(read_text: Read, written: str) -> None:
    reading = read_text(f"employee_id,unit\n\N{NO-BREAK SPACE} {written} ,ED\n")
    assert [row.employee_id for row in rows(reading, RosterRow)] == [written]


@pytest.mark.parametrize("written", ["2.55412E+11", "1E+05"])
def test_a_shortened_id_or_number_is_refused(read_text: Read, written: str) -> None:
    [table] = read_text(f"employee_id,unit\n{written},ED\n2,ED\n").tables
    assert [(entry.row, entry.field, entry.whole) for entry in table.rejected] == [(2, "employee_id", True)]
    [table] = read_text(
        f"Emp ID,Unit,BLS Exp,BLS Card #,ACLS Exp,ACLS Card #\n1,ED,2027-01,{written},,{written}\n"
    ).tables
    assert [(entry.field, entry.whole) for entry in table.rejected] == [("BLS.number", False), ("ACLS.number", False)]
    assert [(card.type, card.stated, card.number) for card in table.cards] == [("BLS", "2027-01", None)]


@pytest.mark.parametrize("nothing", ["", " ", "-", "n/a", "N/A", "None", "pending", "\N{EN DASH}"])
def test_what_says_nothing_is_nothing(read_text: Read, nothing: str) -> None:
    reading = read_text(CARDS + f"1,BLS,{nothing},2025-01-02,{nothing},{nothing},{nothing}\n")
    assert rows(reading, CardRow) == [CardRow(2, "1", "BLS", None, date(2025, 1, 2), None, None, None)]
    assert reading.tables[0].rejected == []


def test_a_look_up_that_found_nothing_is_empty_and_reported(read_text: Read) -> None:
    """The card stands on what else the row says, in a list as in a wide sheet."""
    reading = read_text(CARDS + "1,BLS,AHA,2025-01-02,#N/A,#n/a,\n2,BLS,AHA,#N/A,,,\n#N/A,BLS,AHA,2025-01-02,,,\n")
    assert rows(reading, CardRow) == [CardRow(2, "1", "BLS", "AHA", date(2025, 1, 2), None, None, None)]
    told = [(entry.row, entry.field, entry.whole) for entry in reading.tables[0].rejected]
    assert told[:2] == [(2, "expires_on", False), (2, "number", False)]
    assert told[2:] == [(3, "expires_on", True), (4, "employee_id", True)]
    [table] = read_text("Emp ID,Unit,BLS Issued,BLS Exp,ACLS Exp\n1,ED,2025-01-02,#N/A,#N/A\n").tables
    assert [(card.type, card.stated) for card in table.cards] == [("BLS", None)]
    assert [(entry.field, entry.whole) for entry in table.rejected] == [
        ("BLS.expires_on", False),
        ("ACLS.expires_on", False),
    ]


def test_a_look_up_that_found_no_last_day_makes_no_open_leave(read_text: Read) -> None:
    """It would silence somebody for good; the row waits, while an empty cell still says that the leave is open."""
    text = "employee_id,from,until\n1,2026-01-02,#N/A\n2,2026-01-02,\n3,2026-01-02,n/a\n"
    [table] = read_text(text).tables
    assert [row.employee_id for row in table.rows if isinstance(row, AbsenceRow)] == ["2", "3"]
    [entry] = table.rejected
    assert (entry.row, entry.whole, entry.column) == (2, True, "until")
    assert "write the last day" in entry.reason


def test_an_error_in_a_date_costs_what_the_date_was_meant_for(read_text: Read) -> None:
    """Unlike with a look-up that found nothing, there is a date, and nobody knows which. One reason is said once."""
    [table] = read_text(CARDS + "1,BLS,AHA,#REF!,#REF!,,\n").tables
    [entry] = table.rejected
    assert (entry.whole, entry.reason.count("#REF!"), table.rows) == (True, 1, [])
    [table] = read_text("Emp ID,Unit,BLS Issued,BLS Exp,ACLS Exp\n1,ED,#REF!,2027-01,2027-03\n").tables
    assert [(card.type, card.stated) for card in table.cards] == [("ACLS", "2027-03")]
    assert [(entry.field, entry.whole) for entry in table.rejected] == [("BLS.issued_on", False)]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",BLS,AHA,2025-01-02,,,", "employee_id"),
        ("1,,AHA,2025-01-02,,,", "type"),
        ("1,BLS,AHA,,,,", "expires_on"),
        ("1,BLS,AHA,2025-01,,,", "issued_on"),
        ("1,BLS,AHA,enrolled 1/9/26,,,", "issued_on"),
        ("1,BLS,AHA,2025-01-02,2027-02-30,,", "expires_on"),
        ("1,BLS,AHA,2025-01-02,2024-12,,", "expires_on"),
        ("1,BLS,AHA,2025-01-02,2027-01,,,more", None),
    ],
)
def test_in_a_list_of_cards_a_wrong_cell_keeps_the_row_out(read_text: Read, row: str, field: str | None) -> None:
    [table] = read_text(CARDS + row + "\n2,BLS,AHA,2025-01-02,,,\n").tables
    assert [entry.row for entry in table.rows] == [3]
    [entry] = table.rejected
    assert (entry.row, entry.column, entry.field, entry.whole) == (2, field, field, True)


def test_a_card_goes_in_without_a_number_or_a_check_that_cannot_be_read(read_text: Read) -> None:
    reading = read_text(CARDS + "1,BLS,AHA,2025-01-02,,1E+11,45000\n")
    assert rows(reading, CardRow) == [CardRow(2, "1", "BLS", "AHA", date(2025, 1, 2), None, None, None)]
    rejected = reading.tables[0].rejected
    assert [(entry.field, entry.whole) for entry in rejected] == [("number", False), ("verified_on", False)]


def test_a_card_stated_in_the_month_of_issue_is_no_contradiction(read_text: Read) -> None:
    [table] = read_text(CARDS + "1,BLS,AHA,2025-01-31,2025-01,,\n").tables
    assert len(table.rows) == 1


def test_a_type_is_its_id_however_it_is_written_and_an_unknown_one_is_kept(read_text: Read) -> None:
    names = ["bls", "Basic life support", "B.L.S.", "TNCC"]
    reading = read_text(CARDS + "".join(f"1,{name},,2025-01-02,,,\n" for name in names))
    assert [row.type for row in rows(reading, CardRow)] == ["BLS", "BLS", "BLS", "TNCC"]


@pytest.mark.parametrize(
    ("row", "field", "whole"),
    [
        ("1,Ada,,,RN,,,,", "unit", True),
        ("1,Ada,,ED,RN,,soon,,", "starts_on", True),
        ("1,Ada,,ED,RN,,2026-01-02,2025-01-02,", "ends_on", True),
        ("1,Ada,ada at x,ED,RN,,,,", "email", False),
        ("1,Ada,,ED,RN,,,,a@x.example;b@x.example", "manager_email", False),
    ],
)
def test_in_a_roster_a_wrong_address_costs_the_address_and_all_else_the_row(
    read_text: Read, row: str, field: str, whole: bool
) -> None:
    [table] = read_text(ROSTER + row + "\n2,Bo,,ED,RN,,,,\n").tables
    [entry] = table.rejected
    assert (entry.field, entry.whole, len(table.rows)) == (field, whole, 1 if whole else 2)


def test_in_a_wide_sheet_a_wrong_cell_costs_only_its_card(read_text: Read) -> None:
    reading = read_text("Emp ID,Unit,Hire Date,BLS Issued,BLS Exp,ACLS Exp\n1,ED,2020,2025-01-02,enrolled,2027-03\n")
    [table] = reading.tables
    assert [(card.type, card.stated) for card in table.cards] == [("ACLS", "2027-03")]
    assert [(entry.column, entry.whole) for entry in table.rejected] == [("Hire Date", False), ("BLS Exp", False)]
    assert [row.starts_on for row in rows(reading, RosterRow)] == [None]


def test_an_issuer_alone_is_no_card_and_no_mistake(read_text: Read) -> None:
    [table] = read_text("Emp ID,Unit,BLS Issuer,BLS Exp\n1,ED,AHA,\n").tables
    assert (table.cards, table.rejected) == ([], [])


def test_a_row_without_an_id_is_rejected_if_it_says_anything_else(read_text: Read) -> None:
    [table] = read_text("Emp ID,Name,Unit,Notes\n,Ada,ED,\n,,,spare\n2,Bo,ED,\n").tables
    assert [entry.row for entry in table.rejected] == [2]


def test_an_absence_whose_end_cannot_be_read_does_not_become_endless(read_text: Read) -> None:
    reading = read_text("employee_id,from,until\n1,2026-01-01,spring\n2,2026-01-01,\n")
    assert [(row.employee_id, row.until) for row in rows(reading, AbsenceRow)] == [("2", None)]


@pytest.mark.parametrize("missing", ["1,acls,,2026-02-01", "1,acls,2026-01-01,", "1,,2026-01-01,2026-02-01"])
def test_an_exemption_needs_its_requirement_and_both_days(read_text: Read, missing: str) -> None:
    [table] = read_text(f"employee_id,requirement,from,until\n{missing}\n").tables
    assert (table.rows, len(table.rejected)) == ([], 1)


def test_a_name_that_looks_like_nothing_is_a_name(read_text: Read) -> None:
    reading = read_text("Emp ID,Name,Unit\n1,Na,ED\n")
    assert [row.name for row in rows(reading, RosterRow)] == ["Na"]


def test_a_name_is_on_one_line(read_text: Read) -> None:
    """Whatever blanks a cell has in it: lists that wrap their lines would rename people otherwise."""
    reading = read_text('Emp ID,First Name,Last Name,Unit,Role\n1,"Anne\nMarie","Del \r\n Rio","ICU\t4  West",RN\n')
    [row] = rows(reading, RosterRow)
    assert (row.name, row.unit) == ("Anne Marie Del Rio", "ICU 4 West")


def test_na_is_a_unit_where_nothing_else_stands(read_text: Read) -> None:
    """A roster of people without a unit is none. It is said; "n/a" stays nothing."""
    reading = read_text("Emp ID,Unit\n1,NA\n2,NA\n")
    assert [row.unit for row in rows(reading, RosterRow)] == ["NA", "NA"]
    assert reading.notes == ['"NA", which alone stands under "Unit", was read as what the unit is called.']
    assert rows(read_text("Emp ID,Unit\n1,n/a\n"), RosterRow) == []


def test_na_among_other_units_is_a_reason_to_reject_the_row(read_text: Read) -> None:
    """There it is likelier "not applicable", and the reason repeats it."""
    [table] = read_text("Emp ID,Unit\n1,NA\n2,ED\n").tables
    assert [entry.reason for entry in table.rejected] == [
        '"NA" under "Unit" says that there is none, which every row needs.'
    ]


def test_na_in_a_list_of_units_is_one(read_text: Read) -> None:
    reading = read_text("unit,facility\nICU,Main\nNA,NA\n")
    assert [(row.unit, row.facility) for row in rows(reading, UnitRow)] == [("ICU", "Main"), ("NA", None)]


def test_na_is_a_role(read_text: Read) -> None:
    """A nursing assistant's."""
    reading = read_text("Emp ID,Unit,Role\n1,ED,RN\n2,ED,NA\n3,ED,n/a\n")
    assert [row.role for row in rows(reading, RosterRow)] == ["RN", "NA", None]


def test_managers_are_addresses_with_semicolons_and_nothing_else(read_text: Read) -> None:
    reading = read_text('unit,managers\nICU,"a@x.example; b@x.example ;"\nED,Kay\n')
    assert [row.managers for row in rows(reading, UnitRow)] == ["a@x.example;b@x.example", None]
    assert [(entry.row, entry.field) for entry in reading.tables[0].rejected] == [(3, "managers")]


PARTS = "Emp ID,First Name,Middle Name,Last Name,Unit\n"


@pytest.mark.parametrize("parts", ["Ada,,#REF!", "#N/A,,Wren", "Ada,#N/A,Wren", "=,#NAME?,Wren"])
def test_an_error_in_one_part_of_a_name_costs_the_name_and_is_reported(read_text: Read, parts: str) -> None:
    """Half a name would replace the whole one on record; the row goes in without."""
    [table] = read_text(f"{PARTS}1,Bo,,Field,ED\n2,{parts},ED\n").tables
    assert [(row.employee_id, row.name) for row in table.rows if isinstance(row, RosterRow)] == [
        ("1", "Bo Field"),
        ("2", None),
    ]
    [entry] = table.rejected
    at = next(at for at, part in enumerate(parts.split(",")) if "#" in part)
    assert (entry.whole, entry.column) == (False, ("First Name", "Middle Name", "Last Name")[at])


def test_of_a_list_without_ids_such_a_row_waits(read_text: Read) -> None:
    """Nobody is looked for by half a name."""
    [table] = read_text("First Name,Last Name,Unit\nAda,#REF!,ED\nBo,Field,ED\n").tables
    assert [(entry.row, entry.whole) for entry in table.rejected if entry.whole] == [(2, True)]
    assert [who.name for who in (table.who or {}).values()] == ["Bo Field"]


def test_a_date_that_was_made_of_a_part_of_a_name_is_no_name(write_book: Write) -> None:
    """A spreadsheet program takes "May 1" for one."""
    book = write_book({"A": [["Emp ID", "First Name", "Last Name", "Unit"], ["1", date(2026, 5, 1), "Wren", "ED"]]})
    [table] = read_file(book, WORDING, Options()).tables
    assert [entry.reason for entry in table.rejected] == ["2026-05-01 is a date where a text was expected."]


def test_names_in_parts_stand_beside_a_row_that_contradicts_itself(read_text: Read) -> None:
    """It is rejected as any."""
    text = "Emp ID,First Name,Last Name,type,issued_on,expires_on\n1,Ada,Wren,BLS,2026-01-02,2025-01-02\n"
    [table] = read_text(text).tables
    assert [entry.row for entry in table.rejected] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "Employee ID,Name,Unit\n1,Ada Wren,ED\nTOTAL,,1\n",
        "Employee ID,Name,Unit\n1,Ada Wren,ED\n,Totals:,ED\n",
        "Employee ID,Name,BLS Exp\n1,Ada Wren,2027-06\nCount,,1\n",
        "Name,Unit,BLS Exp\nAda Wren,ED,2027-06\nGrand Total,ED,2027-06\n",
        "Last Name,First Name,Unit,BLS Exp\nWren,Ada,ED,2027-06\nSum,,ED,2027-06\n",
    ],
)
def test_a_total_is_no_person_and_is_left_out_with_a_note(read_text: Read, text: str) -> None:
    """Whether it stands in the column of ids or of names, in any case, whatever else is in the row."""
    reading = read_text(text)
    [table] = reading.tables
    assert ([row.row for row in table.rows], table.rejected) == ([2], [])
    assert "Left out, as a total is no person: row 3." in reading.notes


def test_somebody_called_sum_with_an_id_is_a_person(read_text: Read) -> None:
    [row] = rows(read_text("Employee ID,Name,Unit\n7,Sum,ED\n"), RosterRow)
    assert (row.employee_id, row.name) == ("7", "Sum")
