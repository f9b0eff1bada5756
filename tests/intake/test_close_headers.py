"""A misspelt header is read as what it is close to, only where the cells below agree, and it is said."""

from datetime import date

import pytest

from intake.words import WORDING, Read, rows
from tracker.intake.closeness import may_be_misspelt, near_fields
from tracker.intake.rows import CardRow, Options, RosterRow
from tracker.intake.synonyms import KINDS, meanings
from tracker.intake.vocabulary import Vocabulary

MISSPELT = "Emplyee ID,Name,Depatment,Manger Email,Statr Date,BLS Exipry\n1,Ada,ED,m@x.example,2026-01-05,2027-06\n"


def test_a_misspelt_header_is_read_and_said(read_text: Read) -> None:
    reading = read_text(MISSPELT)
    [row] = rows(reading, RosterRow)
    assert row == RosterRow(2, "1", "Ada", None, "ED", None, None, date(2026, 1, 5), None, "m@x.example")
    assert [(card.type, card.stated) for card in reading.tables[0].cards] == [("BLS", "2027-06")]
    assert reading.questions == []
    assert reading.notes == [
        '"Emplyee ID" was read as employee_id.',
        '"Depatment" was read as unit.',
        '"Manger Email" was read as manager_email.',
        '"Statr Date" was read as starts_on.',
        '"BLS Exipry" was read as BLS.expires_on.',
    ]


def test_a_header_of_nothing_but_misspelt_words_is_found(read_text: Read) -> None:
    reading = read_text("Our cards,,\nEmplyee ID,Credentail,Expiraton Date\n1,BLS,2027-06\n")
    assert rows(reading, CardRow) == [CardRow(3, "1", "BLS", None, None, "2027-06", None, None)]


def test_the_long_name_of_a_type_may_be_misspelt(read_text: Read) -> None:
    [table] = read_text("Emp ID,Unit,Paediatric Advanced Life Suport Expiry\n1,ED,2027-06\n").tables
    assert [card.type for card in table.cards] == ["PALS"]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Expiraton Date", "soon"),
        ("Hire Dates Note", "2026-01-05"),
        ("Work Emails", "by letter"),
        ("Employe Name", "2026-01-05"),
        ("Departmen", "2026-01-05"),
        ("Nmae", "Ada"),  # too short to tell
        ("TLS Expiry", "2027-06"),  # another letter is another card
        ("Employer Name", "Agency Ltd"),
        ("Hire Rate", "2027-06"),
        ("Date of Brith", "1990-01-05"),
        ("Pasword", "Ada"),
        ("First Name 2", "Ada"),
    ],
)
def test_what_the_cells_do_not_bear_out_is_not_taken(read_text: Read, header: str, cell: str) -> None:
    """Nor what is too short, another word, or perhaps a birth date."""
    [table] = read_text(f"Emp ID,Unit,{header}\n1,ED,{cell}\n").tables
    assert table.ignored == [header]


def test_a_column_that_is_spelt_right_goes_before_one_that_is_close(read_text: Read) -> None:
    reading = read_text("Emplyee ID,Employee ID,Unit\n9,1,ED\n")
    assert [row.employee_id for row in rows(reading, RosterRow)] == ["1"]
    assert (reading.tables[0].ignored, reading.notes) == (["Emplyee ID"], [])


def test_a_weak_name_and_a_misspelt_sure_one_are_asked_about(read_text: Read) -> None:
    [question] = read_text("Badge,Emplyee ID,Unit\n9,1,ED\n").questions
    assert (question.id, question.choices) == ("field:employee_id", ("Badge", "Emplyee ID"))


DOUBTFUL = "Emp ID,Type,Expires,Vertification Date\n1,BLS,2027-06,2025-06-02\n"


def test_a_header_as_close_to_one_field_as_to_another_is_asked_about(read_text: Read) -> None:
    """Certification, or verification? The cells are dates either way."""
    [question] = read_text(DOUBTFUL).questions
    assert (question.id, question.option) == (
        "column:Vertification Date",
        "--map 'Vertification Date=issued_on'",
    )
    assert question.choices == ("issued_on", "verified_on", "ignore")


@pytest.mark.parametrize("answer", ["issued_on", "verified_on", "ignore"])
def test_an_answer_says_what_a_misspelt_header_means(read_text: Read, answer: str) -> None:
    reading = read_text(DOUBTFUL, answers={"column:Vertification Date": answer})
    [card] = rows(reading, CardRow)
    assert (card.issued_on is not None, card.verified_on is not None) == (
        answer == "issued_on",
        answer == "verified_on",
    )


def test_the_cells_decide_between_fields_of_which_only_one_can_be_meant(read_text: Read) -> None:
    """A letter off "staff name" and two off "staff no": there are no ids below."""
    assert {near.field for near in near_fields("Staffnme", "roster")} == {"name", "employee_id"}
    reading = read_text("Emp ID,Staffnme,Unit\n1,Ada,ED\n")
    assert [row.name for row in rows(reading, RosterRow)] == ["Ada"]


def test_no_header_that_is_known_is_close_to_a_sensitive_one() -> None:
    vocabulary = Vocabulary(WORDING, Options())
    assert all(vocabulary.knows(word) for kind in KINDS for word in meanings(kind))
    assert not any(map(may_be_misspelt, ("Birthdat", "Social Securty", "Pasword", "DOB", "National Insurence")))
