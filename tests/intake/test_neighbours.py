"""What a header means by what stands beside it, and which dates are named because they were not read."""

import pytest

from intake.words import Read, rows
from tracker.domain.errors import BadInput
from tracker.intake.rows import AbsenceRow, CardRow, RosterRow

REPEATED = "Name,BLS,Exp Date,ACLS,Exp Date\nAda Wren,X,2027-06-30,X,2027-11-30\nBo Field,Y,2027-04-30,N,\n"


def test_a_repeated_header_is_of_the_type_at_its_left(read_text: Read) -> None:
    reading = read_text(REPEATED)
    assert reading.tables[0].columns == {
        "Name": "name",
        "Exp Date": "BLS.expires_on",
        "Exp Date (2)": "ACLS.expires_on",
    }
    assert [(card.row, card.type, card.stated) for card in reading.tables[0].cards] == [
        (2, "BLS", "2027-06-30"),
        (2, "ACLS", "2027-11-30"),
        (3, "BLS", "2027-04-30"),
    ]
    assert (reading.tables[0].rejected, reading.notes) == ([], [])


def test_several_parts_may_follow_a_type(read_text: Read) -> None:
    text = "Emp ID,Unit,BLS card,Issued,Expires,ACLS,Issued,Expires\n1,ED,Y,2025-06-01,2027-06,Y,2025-07-01,2027-07\n"
    [table] = read_text(text).tables
    assert [(card.type, str(card.issued_on), card.stated) for card in table.cards] == [
        ("BLS", "2025-06-01", "2027-06"),
        ("ACLS", "2025-07-01", "2027-07"),
    ]


def test_a_number_below_a_type_is_its_cards_only_if_somebody_says_so(read_text: Read) -> None:
    text = REPEATED.replace("X,2027-11-30", "255602600002,2027-11-30")
    reading = read_text(text)
    assert [card.number for card in reading.tables[0].cards] == [None, None, None]
    assert reading.notes == [
        "Not read: \"ACLS\"; if the numbers below are those of the cards, say so with --map 'ACLS=ACLS.number'."
    ]
    told = read_text(text.replace(",N,", ",,"), columns={"ACLS": "ACLS.number"})
    assert [card.number for card in told.tables[0].cards] == [None, "255602600002", None]


def test_one_date_right_of_two_types_is_given_to_neither(read_text: Read) -> None:
    reading = read_text("Emp ID,Unit,BLS,ACLS,Exp Date\n1,ED,X,X,2027-06-30\n")
    assert reading.tables[0].cards == []
    assert [note.split('"')[1] for note in reading.notes] == ["BLS", "ACLS", "Exp Date"]
    assert reading.notes[2] == (
        'Not read: "Exp Date", which holds dates; if they matter, say what they are with --map.'
    )


def test_marks_of_types_without_days_are_named(read_text: Read) -> None:
    """An X is no card, and whoever keeps such a sheet has to learn it."""
    reading = read_text("Emp ID,Unit,BLS,ACLS,PALS,Exp Date\n1,ED,X,X,,2027-06-30\n")
    named = [note for note in reading.notes if "marks without days are no cards" in note]
    assert [note.split('"')[1] for note in named] == ["BLS", "ACLS"]


def test_a_mark_without_a_date_is_reported_where_others_have_dates(read_text: Read) -> None:
    """What says that there is no card is not; nor is a mark beside a date that was reported itself."""
    text = "Cy Lee,Yes,,no,\nDi Moss,X,enrolled,-,\nEd Ray,#N/A,2027-01,x,\n"
    [table] = read_text(REPEATED + text).tables
    told = sorted((entry.row, entry.column, entry.whole) for entry in table.rejected)
    assert told == [(4, "BLS", False), (5, "Exp Date", False), (6, "ACLS", False), (6, "BLS", False)]
    assert table.rejected[0].reason == '"Yes" without a date is no card.'
    assert [card.row for card in table.cards] == [2, 2, 3, 6]


def test_dates_below_an_unknown_header_beside_cards_are_named(read_text: Read) -> None:
    reading = read_text("Emp ID,Unit,BLS Exp,Zumba\n1,ED,2027-06,2027-07-01\n")
    assert reading.notes == ['Not read: "Zumba", which holds dates; if they matter, say what they are with --map.']


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("Emp ID,Unit,BLS Exp,Zumba\n1,ED,2027-06,red\n", {}),
        ("Emp ID,Unit,BLS Exp,DOB\n1,ED,2027-06,1990-01-01\n", {}),
        ("Emp ID,Unit,BLS Exp,Zumba\n1,ED,2027-06,2027-07-01\n", {"columns": {"Zumba": "ignore"}}),
    ],
)
def test_what_nobody_misses_is_not_named(read_text: Read, text: str, settled: dict[str, dict[str, str]]) -> None:
    assert read_text(text, **settled).notes == []


def test_a_list_of_courses_is_a_list_of_cards_whatever_else_it_says_of_people(read_text: Read) -> None:
    reading = read_text(
        "Last Name,First Name,User ID,Department,Job Title,Learning Name,Completion Date,Score\n"
        "Wren,Ada,1,ICU,RN,BLS,2025-06-12,92\n"
    )
    [card] = rows(reading, CardRow)
    assert (card.employee_id, card.type, str(card.issued_on)) == ("1", "BLS", "2025-06-12")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Learning Name", "type"),
        ("Activity Name", "type"),
        ("Item Title", "type"),
        ("Course Title", "type"),
        ("Date of course", "issued_on"),
        ("Course Date", "issued_on"),
        ("Completed Date", "issued_on"),
        ("Exp. Dt", "expires_on"),
        ("Cert Expiration", "expires_on"),
    ],
)
def test_lists_of_courses_are_known_by_what_learning_systems_call_things(
    read_text: Read, header: str, field: str
) -> None:
    others = {"type": "BLS", "issued_on": "2025-06-12", "expires_on": "2027-06"}
    cell = others.pop(field)
    text = f"Employee ID,{header},{','.join(others)}\n1,{cell},{','.join(others.values())}\n"
    [table] = read_text(text).tables
    assert (table.kind, table.columns[header]) == ("cards", field)


@pytest.mark.parametrize("begins", ["Leave begins", "Leave begins on", "First day away"])
def test_leave_is_known_and_ends_the_day_before_the_return(read_text: Read, begins: str) -> None:
    reading = read_text(f"Employee ID,{begins},Expected return\n1,2026-10-05,2027-02-01\n2,2026-10-06,\n")
    first, second = rows(reading, AbsenceRow)
    assert (str(first.starts_on), str(first.until)) == ("2026-10-05", "2027-01-31")
    assert second.until is None
    assert reading.notes == ['"Expected return" was read as the first day back, so a leave ends the day before.']


def test_a_last_day_away_goes_before_a_day_of_return(read_text: Read) -> None:
    """Where the sheet has both."""
    [row] = rows(read_text("Employee ID,From,Until,Return date\n1,2026-10-05,2027-01-29,2027-02-01\n"), AbsenceRow)
    assert str(row.until) == "2027-01-29"


WORKDAY = (
    "Worker,Employee ID,Position,Job Profile,Supervisory Organization,Cost Center,Location,Email - Work,Email - Home\n"
    "Ada Wren,1,P-1 RN,Registered Nurse,Nursing,ICU,Main,ada@x.example,ada@home.example\n"
    "Bo Field,2,P-2 RN,Registered Nurse,Nursing,ICU,Main,,bo@home.example\n"
)


def test_what_could_be_the_unit_or_the_role_is_asked_about(read_text: Read) -> None:
    questions = read_text(WORKDAY).questions
    assert {question.id: question.choices for question in questions} == {
        "field:role": ("Position", "Job Profile"),
        "field:unit": ("Supervisory Organization", "Cost Center", "Location"),
    }


def test_private_addresses_are_not_taken_even_where_there_is_no_other(read_text: Read) -> None:
    reading = read_text(WORKDAY, answers={"field:role": "Job Profile", "field:unit": "Cost Center"})
    found = [(row.name, row.email, row.unit, row.role) for row in rows(reading, RosterRow)]
    assert found == [
        ("Ada Wren", "ada@x.example", "ICU", "Registered Nurse"),
        ("Bo Field", None, "ICU", "Registered Nurse"),
    ]


def test_of_two_columns_for_a_field_one_that_cannot_be_it_is_not_asked_about(read_text: Read) -> None:
    reading = read_text("Emp ID,Dept,Department,Hire Date,Date Hired\n1,2026-01-05,ED,2026-01-05,yes\n")
    [row] = rows(reading, RosterRow)
    assert (row.unit, str(row.starts_on)) == ("ED", "2026-01-05")


def test_a_name_is_put_together_from_three_parts(read_text: Read) -> None:
    reading = read_text(
        "Emp ID,Last Name,First Name,Middle Name,Unit\n1,Wren,Ada,Maria,ED\n2,Field,Bo,n/a,ED\n3,Cher,,,ED\n"
    )
    assert [row.name for row in rows(reading, RosterRow)] == ["Ada Maria Wren", "Bo Field", "Cher"]


def test_two_names_are_asked_about(read_text: Read) -> None:
    [question] = read_text("Emp ID,Unit,Name (English),Name (Arabic)\n1,ED,Noora,نورة\n").questions
    assert question.id == "field:name"


@pytest.mark.parametrize("rest", ["", ",,\n\n , ,\n"])
def test_a_header_with_nothing_below_it_is_refused(read_text: Read, rest: str) -> None:
    with pytest.raises(BadInput, match=r"sheet.csv: There is nothing below the header in this file"):
        read_text(f"Employee ID,Name,Unit\n{rest}")


@pytest.mark.parametrize(
    "header",
    ["Last Day", "Last Day Worked", "LAST DATE WORKED", "Termination", "Separation Date", "Date of Termination"],
)
def test_the_last_day_in_a_roster_ends_the_work_there(read_text: Read, header: str) -> None:
    reading = read_text(f"Employee ID,Unit,{header}\n1,ED,2026-06-30\n2,ED,\n")
    assert [row.ends_on and str(row.ends_on) for row in rows(reading, RosterRow)] == ["2026-06-30", None]


def test_a_reason_for_leaving_is_no_last_day(read_text: Read) -> None:
    reading = read_text("Employee ID,Unit,Termination\n1,ED,Voluntary\n2,ED,Retired\n3,ED,\n")
    assert [row.ends_on for row in rows(reading, RosterRow)] == [None, None, None]
    assert (reading.notes, reading.tables[0].rejected) == ([], [])


@pytest.mark.parametrize("column", ["Zumba\n1,ED,2026-06-30", "Last Day\n1,ED,2026-06-30\n2,ED,TBD\n3,ED,ask HR"])
def test_dates_of_a_roster_that_are_not_read_are_named(read_text: Read, column: str) -> None:
    reading = read_text(f"Employee ID,Unit,{column}\n")
    header = column.partition("\n")[0]
    said = f'Not read: "{header}", which holds dates; if they matter, say what they are with --map.'
    assert reading.notes == [said]


@pytest.mark.parametrize(
    "header", ["BLS/ACLS Exp", "BLS & ACLS", "Exp. date BLS, ACLS", "Basic Life Support (BLS) / ACLS exp"]
)
def test_a_header_of_two_types_is_asked_about_with_the_fields_of_both(read_text: Read, header: str) -> None:
    [question] = read_text(f'Emp ID,Unit,"{header}"\n1,ED,2026-06-30\n').questions
    fields = ("BLS.expires_on", "ACLS.expires_on", "BLS.issued_on", "ACLS.issued_on", "ignore")
    assert (question.id, question.choices) == (f"column:{header}", fields)
    assert "read for one type only" in question.text


def test_of_the_other_type_of_a_header_it_is_said_that_it_is_not_read(read_text: Read) -> None:
    reading = read_text(
        "Emp ID,Unit,BLS/ACLS Exp\n1,ED,2026-06-30\n", answers={"column:BLS/ACLS Exp": "ACLS.expires_on"}
    )
    assert [card.type for card in reading.tables[0].cards] == ["ACLS"]
    said = '"BLS/ACLS Exp" was read as ACLS.expires_on; of BLS, which it names as well, nothing is read there.'
    assert reading.notes == [said]


@pytest.mark.parametrize("mark", ["X", "x", "Y", "Yes", "N", "No", "\u2713"])
def test_a_mark_is_no_card_number_and_the_cell_is_reported(read_text: Read, mark: str) -> None:
    wide = read_text(f"Emp ID,Unit,BLS Exp,BLS Card #\n1,ED,2027-06,{mark}\n").tables[0]
    long = read_text(f"Emp ID,Type,Exp Date,Card #\n1,BLS,2027-06,{mark}\n").tables[0]
    for cards, table in ((wide.cards, wide), (long.rows, long)):
        assert [getattr(card, "number", "") for card in cards] == [None]
        assert [each.reason for each in table.rejected] == [f'"{mark}" is a mark and no card number.']


def test_a_column_of_marks_is_not_advised_to_be_one_of_numbers(read_text: Read) -> None:
    reading = read_text("Emp ID,Unit,BLS Exp,ACLS\n1,ED,2027-06,X\n2,ED,2027-06,Yes\n")
    assert reading.notes == [
        'Not read: "ACLS", as marks without days are no cards; "ACLS Exp" would be a column of days.'
    ]
