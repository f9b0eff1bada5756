"""The header is found, each column is understood, and so is what kind of sheet it is."""

import pytest

from intake.words import WORDING, Read, rows
from tracker.domain.errors import BadInput
from tracker.intake.rows import Kind, Options, RosterRow
from tracker.intake.synonyms import FIELDS, KINDS
from tracker.intake.templates import template
from tracker.intake.vocabulary import Vocabulary


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_recognised_as_what_it_is(read_text: Read, kind: Kind) -> None:
    header = template(kind)
    [table] = read_text(header + "x" + "," * header.count(",") + "\n").tables
    assert (table.kind, list(table.columns.values())) == (kind, list(FIELDS[table.kind]))


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("BLS Exp", "BLS.expires_on"),
        ("bls exp date", "BLS.expires_on"),
        ("ACLS expires", "ACLS.expires_on"),
        ("ACLS_EXPIRATION", "ACLS.expires_on"),
        ("Basic Life Support expiry", "BLS.expires_on"),
        ("Basic Life Support (BLS) Exp. Date", "BLS.expires_on"),
        ("PALS valid until", "PALS.expires_on"),
        ("BLS Cert Exp", "BLS.expires_on"),
        ("BLS Certification Expiration Date", "BLS.expires_on"),
        ("Exp Date BLS", "BLS.expires_on"),
        ("Expires: ALS", "ALS.expires_on"),
        ("BLS issue date", "BLS.issued_on"),
        ("BLS issued", "BLS.issued_on"),
        ("NRP date taken", "NRP.issued_on"),
        ("NRP Completed", "NRP.issued_on"),
        ("BLS card #", "BLS.number"),
        ("BLS number", "BLS.number"),
        ("ACLS eCard Code", "ACLS.number"),
        ("BLS Issuer", "BLS.issuer"),
        ("BLS Provider", "BLS.issuer"),
        ("BLS", None),
        ("BLS Date", None),
        ("TLS Exp", None),
        ("Exp", None),
    ],
)
def test_a_column_of_one_credential_is_told_by_its_header(header: str, field: str | None) -> None:
    assert Vocabulary(WORDING, Options()).wide.field(header) == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Emp ID", "employee_id"),
        ("EMPLOYEE #", "employee_id"),
        ("Badge", "employee_id"),
        ("employeeNumber", "employee_id"),
        ("Dept.", "unit"),
        ("Department", "unit"),
        ("Job Title", "role"),
        ("Position", "role"),
        ("Hire Date", "starts_on"),
        ("Start Date", "starts_on"),
        ("E-mail", "email"),
        ("Supervisor Email", "manager_email"),
        ("Name (Last, First)", "name"),
        ("Date of Birth", None),
        ("DOB", None),
        ("Employee SSN", None),
        ("National ID", None),
        ("Password", None),
        ("Shoe size", None),
    ],
)
def test_a_column_of_a_roster_is_told_by_its_header(header: str, field: str | None) -> None:
    meaning = Vocabulary(WORDING, Options()).meaning(header, "roster")
    assert (meaning and meaning[0]) == field


def test_titles_above_and_legends_below_are_no_rows(read_text: Read) -> None:
    reading = read_text(
        "ICU tracker,,\nEmployee name list for the unit,,\n\nEmp ID,Name,Unit\n1,Ada,ICU\n"
        ",,\nKey,,\nred,expired,\n* ask the educator,,\n"
    )
    [table] = reading.tables
    assert [row.row for row in table.rows] == [5]
    assert table.rejected == []
    assert reading.notes == ["Rows 7 to 9, below the table, taken for notes and not read."]


def test_a_lone_first_cell_right_below_the_table_is_a_legend(read_text: Read) -> None:
    [table] = read_text("Emp ID,Name,Unit\n1,Ada,ICU\n* on leave,,\n").tables
    assert (len(table.rows), table.rejected) == (1, [])


@pytest.mark.parametrize("gap", ["", ",,\n"])
def test_a_row_below_the_table_that_begins_with_a_label_is_a_note(read_text: Read, gap: str) -> None:
    """However many of its cells are filled; no employee id ends in a colon."""
    reading = read_text(f"Emp ID,Name,Unit\n1,Ada,ICU\n{gap}Legend:,yellow = due,red = expired\n")
    [table] = reading.tables
    assert (len(table.rows), table.rejected) == (1, [])
    assert "below the table, taken for notes and not read" in reading.notes[0]


def test_a_label_between_good_rows_is_rejected_and_says_what_to_do(read_text: Read) -> None:
    [table] = read_text("Emp ID,Name,Unit\n1,Ada,ICU\nNote:,Bo,ICU\n3,Cy,ICU\n").tables
    [entry] = table.rejected
    assert (entry.row, entry.field) == (3, "employee_id")
    assert entry.reason == '"Note:" is no employee id: write the id of whom the row is about, or take it out.'


SOUP = "1,Ada,BLS 6/2027; ACLS 8/2026\n2,Bo,BLS/ACLS both good til Nov\n3,Cy,CPR (exp 10/28)\n"


@pytest.mark.parametrize("header", ["Certifications", "Certification", "Notes"])
def test_whole_cards_in_one_cell_are_refused_as_what_they_are(read_text: Read, header: str) -> None:
    """And not for want of a unit or a date."""
    with pytest.raises(BadInput, match=f'Below "{header}" .* whole cards.*"BLS Exp".*tracker template cards'):
        read_text(f"Employee ID,Name,{header}\n{SOUP}")


def test_a_course_with_a_year_in_its_name_is_no_whole_card(read_text: Read) -> None:
    """Where the days have columns of their own, what lacks is said."""
    with pytest.raises(BadInput, match="no column for employee_id"):
        read_text("Course,Completion Date\nBLS 2025,2025-03-01\nACLS 2025,2025-03-02\n")


def test_whole_cards_in_the_cells_of_a_roster_are_named(read_text: Read) -> None:
    reading = read_text("Employee ID,Unit,Certifications\n" + SOUP)
    assert (len(rows(reading, RosterRow)), reading.tables[0].cards) == (3, [])
    assert 'Not read: "Certifications", whose cells tell of whole cards' in reading.notes[0]


@pytest.mark.parametrize(
    "remarks",
    [
        ["on FMLA until Jan", "BLS class 3/14/26", "says ACLS card from 2025 is at home", "back on Monday"],
        ["BLS class 3/14/26", "", "", "", ""],
    ],
    ids=["half of them", "in few rows"],
)
def test_remarks_some_of_which_look_like_cards_are_called_so(read_text: Read, remarks: list[str]) -> None:
    text = "".join(f"{at},ICU,{remark}\n" for at, remark in enumerate(remarks, 1))
    [note] = read_text(f"Employee ID,Unit,Notes/Comments\n{text}").notes
    assert 'Not read: "Notes/Comments", some of whose cells look like cards;' in note


def test_a_lone_cell_between_good_rows_is_reported(read_text: Read) -> None:
    [table] = read_text("Emp ID,Name,Unit\n1,Ada,ICU\n2,,\n3,Cy,ICU\n").tables
    assert [(entry.row, entry.column) for entry in table.rejected] == [(3, "Unit")]


@pytest.mark.parametrize("header", ["Emp ID,Name,Unit", "Emp ID,Name,BLS Exp"])
def test_a_heading_within_the_table_is_noted_and_not_rejected(read_text: Read, header: str) -> None:
    """Alone in the first column, without a digit where every id has some: it can be nobody's id."""
    [first, second] = [f"{number},Ada,{'ICU' if 'Unit' in header else '2027-01'}\n" for number in ("T-1", "T-2")]
    reading = read_text(f"{header}\nDay shift,,\n{first}Night shift,,\n{second}")
    [table] = reading.tables
    assert ([row.row for row in table.rows], table.rejected) == ([3, 5], [])
    assert reading.notes == [
        'Taken for headings within the table and not read: row 2 ("Day shift"), row 4 ("Night shift").'
    ]


@pytest.mark.parametrize(
    ("header", "odd"),
    [
        ("Emp ID,Name,Unit", "Night 2,,"),  # has a digit, as the ids have
        ("Emp ID,Name,Unit", "Night,Bo,"),  # has a name
        ("Name,Emp ID,Unit", "Bo Field,,"),  # is a name, with the id forgotten
        ("Emp ID,Name,Unit", ",Night shift,"),
    ],
)
def test_what_may_be_a_person_is_rejected_and_not_taken_for_a_heading(read_text: Read, header: str, odd: str) -> None:
    """Nobody gets lost: such a row comes back with its reason."""
    good = ["1,Ada,ICU", "3,Cy,ICU"] if header.startswith("Emp") else ["Ada,1,ICU", "Cy,3,ICU"]
    reading = read_text("\n".join((header, good[0], odd, good[1], "")))
    assert [entry.row for entry in reading.tables[0].rejected] == [3]


def test_where_ids_are_words_nothing_is_taken_for_a_heading(read_text: Read) -> None:
    """In a sheet whose ids have no digits, a word alone may be one."""
    [table] = read_text("Emp ID,Name,Unit\nawren,Ada,ICU\nbfield,,\ncmoor,Cy,ICU\n").tables
    assert [entry.row for entry in table.rejected] == [3]


def test_in_a_wide_sheet_without_units_a_legend_is_nobody_and_a_bare_name_is_somebody(read_text: Read) -> None:
    reading = read_text("Emp ID,Name,BLS Exp\n1,Ada,2027-01\n2,Bo,\n3,Cy,2027-02\n\nR,renewed,\n")
    assert [(row.employee_id, row.unit) for row in rows(reading, RosterRow)] == [("1", None), ("2", None), ("3", None)]
    assert len(reading.tables[0].cards) == 2


def test_a_header_repeated_on_every_page_is_skipped(read_text: Read) -> None:
    reading = read_text("Emp ID,Name,Unit\n1,Ada,ICU\nEmp ID,Name,Unit\n2,Bo,ICU\n")
    assert [row.employee_id for row in rows(reading, RosterRow)] == ["1", "2"]
    assert reading.tables[0].rejected == []


def test_credentials_above_issued_and_expires_make_one_header_in_text_files_too(read_text: Read) -> None:
    [table] = read_text(
        "Employee ID,Unit,BLS,,ACLS,\n,,Issued,Expires,Issued,Expires\n1,ED,2025-01-02,2027-01,2025-02-03,2027-02\n"
    ).tables
    assert table.columns["ACLS Issued"] == "ACLS.issued_on"
    assert [(card.type, card.stated) for card in table.cards] == [("BLS", "2027-01"), ("ACLS", "2027-02")]


@pytest.mark.parametrize(
    "text",
    [
        "Employee,,,Home,Certification,\nNo.,Name,E-mail,Department,BLS Exp,Note\n1,Ada,a@x.example,ED,2027-01,\n",
        "Our ICU,,,Unit list,,\nEmp ID,Name,E-mail,Department,BLS Exp,Note\n1,Ada,a@x.example,ED,2027-01,\n",
        "Emp ID,Name,E-mail,Department,BLS,\n,,,,Exp,Note\n1,Ada,a@x.example,ED,2027-01,\n",
    ],
)
def test_a_group_above_goes_with_what_stands_below_only_where_both_together_mean_something(
    read_text: Read, text: str
) -> None:
    [table] = read_text(text).tables
    assert table.rows == [RosterRow(3, "1", "Ada", "a@x.example", "ED", None, None, None, None, None)]
    assert [(card.type, card.stated) for card in table.cards] == [("BLS", "2027-01")]


def test_first_and_last_name_make_a_name(read_text: Read) -> None:
    reading = read_text("Emp ID,Last Name,First Name,Unit\n1,Okafor,Chidi,ED\n2,Cher,,ED\n")
    assert [row.name for row in rows(reading, RosterRow)] == ["Chidi Okafor", "Cher"]
    assert reading.tables[0].columns["First Name"] == "first_name"


def test_columns_that_mean_nothing_or_must_not_be_read_are_listed(read_text: Read) -> None:
    [table] = read_text("Emp ID,Name,Unit,FTE,DOB,SSN\n1,Ada,ED,0.9,1990-01-01,123\n").tables
    assert table.ignored == ["FTE", "DOB", "SSN"]


@pytest.mark.parametrize("header", ["DOB", "Password", "SSN (last 4)"])
def test_nobody_can_map_what_must_not_be_read(read_text: Read, header: str) -> None:
    with pytest.raises(BadInput, match="never read"):
        read_text(f"Emp ID,Unit,{header}\n1,ED,x\n", columns={header: "name"})


def test_a_mapping_to_no_field_names_the_fields(read_text: Read) -> None:
    with pytest.raises(BadInput, match="employee_id, employment_type"):
        read_text("Emp ID,Unit,X\n1,ED,x\n", columns={"X": "nmae"})


def test_a_mapped_column_is_read_as_told_and_one_that_is_not_there_is_noted(read_text: Read) -> None:
    columns = {"pers.-nr.": "employee_id", "Station": "unit", "Y": "name"}
    reading = read_text("Pers.-Nr.,Station\n1,ED\n", columns=columns)
    assert reading.tables[0].rows[0][1:5] == ("1", None, None, "ED")
    assert reading.notes == ['There is no column "Y" to map.']


def test_a_sheet_in_which_nothing_is_recognised_names_its_headers_and_the_template(read_text: Read) -> None:
    with pytest.raises(BadInput, match=r"Apple, Pear.*tracker template"):
        read_text("Apple,Pear\n1,2\n")


def test_a_sheet_that_lacks_a_column_names_it(read_text: Read) -> None:
    with pytest.raises(BadInput, match=r"no column for unit.*tracker template roster"):
        read_text("Emp ID,Name,Email\n1,Ada,a@x.example\n")


def test_exemptions_without_an_end_are_not_taken_for_leave(read_text: Read) -> None:
    with pytest.raises(BadInput, match="no column for until"):
        read_text("employee_id,requirement,from\n1,acls,2026-01-01\n")
