"""A type in other words is asked about, once for each; what is completed says a status."""

import pytest

from intake.exports import TRANSCRIPT
from intake.words import Read, rows
from tracker.domain.errors import BadInput
from tracker.intake.rows import CardRow

HEAD = "employee_id,type,issued_on\n"
TYPES = ("BLS", "ACLS", "ALS", "PALS", "NRP", "none")


def types(cards: list[CardRow]) -> list[str]:
    return [card.type for card in cards]


def test_each_text_that_mentions_a_type_is_asked_about_once(read_text: Read) -> None:
    text = HEAD + "1,AHA BLS Provider eCard,2026-01-02\n2,AHA BLS Provider eCard,2026-01-03\n3,BLS,2026-01-02\n"
    reading = read_text(text)
    [question] = reading.questions
    assert (question.id, question.kind, question.choices) == ("type:AHA BLS Provider eCard", "type", TYPES)
    assert "(2 rows) is no type of the policy, but mentions BLS" in question.text
    assert rows(reading, CardRow) == []


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("HeartCode\N{REGISTERED SIGN} bls", "BLS"),
        ("BLS/ACLS renewal", "BLS and ACLS"),
        ("NHS|CSTF|Resuscitation - Adult Basic Life Support - 1 Year|", "BLS"),
        ("Neonatal  Resuscitation Program (8th ed.)", "NRP"),
    ],
)
def test_a_type_is_mentioned_by_its_id_or_its_title_as_whole_words(read_text: Read, text: str, mentioned: str) -> None:
    [question] = read_text(HEAD + f"1,{text},2026-01-02\n").questions
    assert f"mentions {mentioned}: which" in question.text


@pytest.mark.parametrize("text", ["bls", "Basic Life Support", "BASIC LIFE-SUPPORT"])
def test_a_type_by_its_own_name_is_not_asked_about(read_text: Read, text: str) -> None:
    reading = read_text(HEAD + f"1,{text},2026-01-02\n")
    assert (reading.questions, types(rows(reading, CardRow))) == ([], ["BLS"])


@pytest.mark.parametrize("text", ["Fire Safety", "eBLS", "Basic Support of Life"])
def test_what_mentions_no_type_stays_as_it_is_in_an_ordinary_list(read_text: Read, text: str) -> None:
    reading = read_text(HEAD + f"1,{text},2026-01-02\n")
    assert (reading.questions, reading.notes, types(rows(reading, CardRow))) == ([], [], [text])


def test_an_answer_gives_the_type_or_leaves_the_rows_out(read_text: Read) -> None:
    """It is said which text became what; a text that mentions nothing can be answered, too."""
    text = HEAD + "1,My BLS,2026-01-02\n2,BLS part 1,2026-01-02\n3,CPR-Pro,2026-01-02\n4,BLS part 1,2026-01-02\n"
    answers = {"type:My BLS": "bls", "type:BLS part 1": "none", "type:CPR-Pro": "BLS"}
    reading = read_text(text, answers=answers)
    assert [(card.employee_id, card.type) for card in rows(reading, CardRow)] == [("1", "BLS"), ("3", "BLS")]
    assert reading.notes == [
        '"CPR-Pro" is BLS, as was answered.',
        '"My BLS" is BLS, as was answered.',
        "Left out, as was answered (2 rows): BLS part 1.",
    ]


def test_an_answer_that_is_no_type_is_refused(read_text: Read) -> None:
    with pytest.raises(BadInput, match="BLS or ACLS or ALS or PALS or NRP or none"):
        read_text(HEAD + "1,My BLS,2026-01-02\n", answers={"type:My BLS": "CPR"})


def test_rows_that_are_left_out_are_about_nobody(read_text: Read) -> None:
    """In a list without ids, whose they are is not asked."""
    text = "Name,Type,Issued\nAda Wren,BLS part 1,2026-01-02\nBen Bo,BLS,2026-01-02\n"
    [table] = read_text(text, answers={"type:BLS part 1": "none"}).tables
    assert {row: who.name for row, who in (table.who or {}).items()} == {3: "Ben Bo"}


def test_types_and_the_order_of_dates_are_asked_together(read_text: Read) -> None:
    """So that nobody answers one only to be asked the other; rows that do not count are not asked about."""
    text = "employee_id,type,issued_on,Completion Status\n1,My BLS,03/04/2026,Completed\n2,BLS off,03/04/2026,Failed\n"
    assert [question.id for question in read_text(text).questions] == ["date-order", "type:My BLS"]


@pytest.mark.parametrize("status", ["Failed", "in progress", "Not Attempted", "No Show", "Somehow", ""])
def test_a_completion_status_decides_in_any_list_of_cards(read_text: Read, status: str) -> None:
    """Only known words for completed make a card; the row comes back with the reason."""
    text = f"employee_id,type,issued_on,Completion Status\n1,BLS,2026-01-02,{status}\n2,BLS,2026-01-02,Completed\n"
    reading = read_text(text)
    [entry] = reading.tables[0].rejected
    said = f"Completion Status is {status}" if status else "Nothing stands under Completion Status"
    assert (entry.row, entry.column, entry.reason) == (2, "Completion Status", f"{said}: no card.")
    assert [card.employee_id for card in rows(reading, CardRow)] == ["2"]


@pytest.mark.parametrize(("status", "cards"), [("Valid", 1), ("Expired", 1), ("", 1), ("Failed", 0), ("No-show", 0)])
def test_a_plain_status_decides_only_where_it_says_no(read_text: Read, status: str, cards: int) -> None:
    """It may be of the card, or of anything else."""
    reading = read_text(f"employee_id,type,issued_on,Status\n1,BLS,2026-01-02,{status}\n")
    assert len(rows(reading, CardRow)) == cards


def test_a_status_that_is_mapped_away_decides_nothing(read_text: Read) -> None:
    reading = read_text("employee_id,type,issued_on,Result\n1,BLS,2026-01-02,Failed\n", columns={"Result": "ignore"})
    assert len(rows(reading, CardRow)) == 1


def test_a_short_row_that_does_not_count_is_no_end_of_the_table(read_text: Read) -> None:
    """A faulty row after it is still named, not taken for a note."""
    text = "employee_id,type,issued_on,Completion Status\n1,BLS,2026-01-02,Completed\n2,BLS,,Failed\n3,BLS,,\n"
    assert [entry.row for entry in read_text(text).tables[0].rejected] == [3, 4]


def test_a_line_below_a_transcript_is_a_note_however_many_cells_it_has(read_text: Read) -> None:
    """Between the rows it is a fault."""
    answers = {"type:AHA BLS Provider eCard": "BLS", "type:HeartCode BLS Online Portion": "none"}
    head, rest = TRANSCRIPT.split("Bo,Ben,0102", maxsplit=1)
    moved = f"{head}5 records,Page 1 of 1,Confidential\nBo,Ben,0102{rest}"
    assert [entry.row for entry in read_text(moved, answers=answers).tables[0].rejected] == [6, 7, 8]
