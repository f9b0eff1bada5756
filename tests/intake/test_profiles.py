"""Known exports are read as what they are: which column is what, which rows count, what is never read."""

from datetime import date

import pytest

from intake.exports import ECARD, ESR_BLS, ESR_FIRE, ONE_PERSON, PLACES, RQI, TEAM, TRANSCRIPT, WORKDAY
from intake.words import WORDING, Read, Write, rows
from tracker.domain.errors import BadInput
from tracker.intake.profile import Profile, parse, profiles, recognise
from tracker.intake.reader import read_file
from tracker.intake.rows import CardRow, Kind, Options, Reading, RosterRow
from tracker.intake.synonyms import FIELDS

SHORT = 'name = "x"\nkind = "cards"\nidentified_by = ["A"]\n[columns]\nA = "type"\n'


def refused(reading: Reading) -> list[tuple[int, str | None, str]]:
    return [(entry.row, entry.column, entry.reason) for table in reading.tables for entry in table.rejected]


def test_an_rqi_export_names_people_in_three_columns_and_those_who_left(read_text: Read) -> None:
    """Whoever is inactive since a day has left on it; without a day the row does not come in."""
    reading = read_text(RQI)
    found = [(row.employee_id, row.name, row.unit, row.starts_on, row.ends_on) for row in rows(reading, RosterRow)]
    assert found == [
        ("0101", "Ada May Wren", "ICU", date(2021, 3, 15), None),
        ("0102", "Ben Bo", "ICU", date(2015, 1, 5), date(2026, 6, 30)),
    ]
    reason = 'Status is Inactive without a day under "InactiveDate": not taken in.'
    assert refused(reading) == [(4, "Status", reason)]
    assert reading.notes[0] == "Read as an RQI 1Stop export."


@pytest.mark.parametrize("written", ["n/a", "soon", "-"])
def test_an_end_that_is_no_day_ends_nothing(read_text: Read, written: str) -> None:
    """An open assignment must not come of somebody who has left."""
    reading = read_text(RQI.replace("06/30/2026", written))
    assert [row.employee_id for row in rows(reading, RosterRow)] == ["0101"]
    assert [entry.row for entry in reading.tables[0].rejected] == [3, 4]


def test_an_esr_export_is_dated_by_the_last_award_and_never_about_who_updated_it(read_text: Read) -> None:
    """Both of its forms of dates; neither a role nor a unit comes of Title and VPD."""
    reading = read_text(TEAM, answers={f"type:{ESR_BLS}": "BLS"})
    assert rows(reading, CardRow) == [CardRow(2, "0101", "BLS", None, date(2025, 9, 20), "2026-09-09", None, None)]
    assert {*reading.tables[0].columns.values()} == {"employee_id", "name", "type", "issued_on", "expires_on"}
    assert f"Left out, as no type of the policy (1 row): {ESR_FIRE}." in reading.notes


def test_an_esr_export_without_a_learner_is_refused_with_what_to_do(read_text: Read) -> None:
    """Nor can a person make the learner of who updated the record."""
    with pytest.raises(BadInput, match="export it again with the employee number"):
        read_text(ONE_PERSON)
    with pytest.raises(BadInput, match=r'"Last Updated By" is never read from an NHS ESR'):
        read_text(ONE_PERSON, columns={"Last Updated By": "name"})


def test_an_esr_export_with_names_alone_goes_by_the_names(read_text: Read) -> None:
    reading = read_text(TEAM.replace("Employee Number", "Post"), answers={f"type:{ESR_BLS}": "BLS"})
    assert [who.name for who in (reading.tables[0].who or {}).values()] == ["Wren, Ada"]


def test_a_transcript_gives_cards_only_of_what_was_completed(read_text: Read) -> None:
    """Its departments and job titles move nobody, and what stands below the table is no row."""
    reading = read_text(TRANSCRIPT, answers=ECARD)
    assert rows(reading, CardRow) == [CardRow(4, "0101", "BLS", None, date(2025, 6, 12), "2027-06-30", None, None)]
    assert refused(reading) == [
        (6, "Completion Status", "Completion Status is In Progress: no card."),
        (7, "Completion Status", "Completion Status is Failed: no card."),
    ]
    assert [note.partition("; ")[0] for note in reading.notes] == [
        "Read as a learning system's transcript.",
        '"AHA BLS Provider eCard" is BLS, as was answered.',
        "Left out, as no type of the policy (1 row): Cafeteria Safety.",
        "Left out, as was answered (1 row): HeartCode BLS Online Portion.",
        'Whether a row counts was read from "Completion Status"',
        "Row 10, below the table, taken for notes and not read.",
    ]


def test_a_workday_report_asks_which_of_its_columns_are_unit_and_role(read_text: Read) -> None:
    questions = {question.id: question.choices for question in read_text(WORKDAY).questions}
    assert questions == {
        "field:unit": ("Supervisory Organization", "Cost Center", "Location"),
        "field:role": ("Position", "Job Profile"),
    }


def test_marks_are_taken_off_names_and_said(read_text: Read) -> None:
    """On leave without days makes no absence; terminated without a day does not come in."""
    reading = read_text(WORKDAY, answers=PLACES)
    found = [(row.name, row.email, row.ends_on) for row in rows(reading, RosterRow)]
    left = date(2026, 6, 30)
    assert found == [("Ada Wren", "ada@site.example", None), ("Ben Bo", None, None), ("Cy Dale", None, left)]
    assert [table.kind for table in reading.tables] == ["roster"]
    assert any(note.startswith("Said to be on leave, without the days: row 3.") for note in reading.notes)
    reason = '"Worker" says that the person has left without a day under "Termination Date": not taken in.'
    assert refused(reading) == [(5, "Worker", reason)]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ben Bo [on leave]", "Ben Bo"),
        ("Ben Bo (Benny) (On Leave)", "Ben Bo (Benny)"),
        ("Ben Bo (On Leave) ", "Ben Bo"),
        ("Ben Bo (Night)", "Ben Bo (Night)"),
        ("Ben On Leave)", "Ben On Leave)"),
    ],
)
def test_only_known_marks_are_taken_off(read_text: Read, written: str, name: str) -> None:
    reading = read_text(WORKDAY.replace("Ben Bo (On Leave)", written), answers=PLACES)
    assert rows(reading, RosterRow)[1].name == name


def test_a_workbooks_sheet_is_read_by_its_layout(write_book: Write) -> None:
    """In the guarded child, too; the note names the sheet, and the rest of the book stays what it is."""
    lines = [line.split(",") for line in WORKDAY.splitlines()]
    path = write_book({"Staff": [["Staff"], [], *lines], "Units": [["Unit", "Facility"], ["ICU", "Main"]]})
    reading = read_file(path, WORDING, Options(answers=PLACES))
    assert [(table.sheet, table.kind, len(table.rows)) for table in reading.tables] == [
        ("Staff", "roster", 3),
        ("Units", "units", 1),
    ]
    assert 'Sheet "Staff" is read as a Workday report of workers.' in reading.notes


def test_what_a_person_maps_goes_before_the_layout(read_text: Read) -> None:
    """The layout's own column of that field is then not read, and its status is no more if that is said."""
    reading = read_text(RQI, columns={"Group": "unit", "Status": "ignore"})
    assert {row.unit for row in rows(reading, RosterRow)} == {"Cohort Green"}
    assert [row.employee_id for row in rows(reading, RosterRow)] == ["0101", "0102", "0103"]


def test_a_file_that_is_said_to_be_of_another_kind_is_not_read_by_a_layout(read_text: Read) -> None:
    reading = read_text(TRANSCRIPT, kind="roster")
    assert (reading.tables[0].kind, [note for note in reading.notes if "Read as" in note]) == ("roster", [])


@pytest.mark.parametrize(
    ("text", "header", "field"),
    [(WORKDAY, "Leave Type", "role"), (WORKDAY, "Annual Rate", "role"), (RQI, "Gender", "role")],
)
def test_some_columns_are_not_read_whatever_is_said(read_text: Read, text: str, header: str, field: str) -> None:
    with pytest.raises(BadInput, match=f'Column "{header}" is never read'):
        read_text(text, columns={header: field})


@pytest.mark.parametrize("profile", profiles(), ids=lambda profile: profile.name)
def test_a_layout_is_known_by_all_of_its_headers_and_not_by_fewer(profile: Profile) -> None:
    """And by none of another layout, whatever the case and blanks of the headers."""
    headers = [min(some).upper() for some in profile.identified_by]
    assert recognise(headers, None) is profile
    assert all(recognise([*headers[:at], *headers[at + 1 :]], None) is None for at in range(len(headers)))


@pytest.mark.parametrize("kind", ["roster", "cards", "absences", "exemptions", "units"])
def test_the_headers_of_our_own_empty_files_are_no_layouts(kind: Kind) -> None:
    assert recognise(FIELDS[kind], None) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (SHORT + "[marks]\nGone = 'left'\n", "left"),
        (SHORT.replace('"type"', '"tpye"'), "tpye"),
        ("whatever = 1\n" + SHORT, "whatever"),
        (SHORT.replace('"cards"', '"card"'), "kind"),
        (SHORT.replace('["A"]', "[]"), "identified_by"),
    ],
)
def test_a_mistake_in_a_layout_is_named(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        parse(text)
