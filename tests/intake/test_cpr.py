"""A column called CPR is a card in one place and a national number in another; neither is guessed."""

from pathlib import Path

import pytest

from intake.words import Read
from tracker.domain.errors import BadInput
from tracker.intake.reader import read_file
from tracker.intake.rows import Options, Reading, Wording

CARDS = "Emp ID,Unit,{}\n1,ED,2027-06-30\n2,ED,in class\n3,ED,n/a\n"
PERSONAL = "Emp ID,Unit,{},BLS Expiry\n1,ED,900112345,2027-06-30\n2,ED,85070123,2027-07-31\n"


def _holds(reading: Reading, text: str) -> bool:
    return any(text in repr((table.rows, table.cards, table.rejected)) for table in reading.tables)


@pytest.mark.parametrize("header", ["CPR", "CPR Card", "CPR No", "CPR Date", "cpr certification"])
def test_dates_below_cpr_are_asked_about_with_the_types_of_the_policy(read_text: Read, header: str) -> None:
    """Basic life support comes first, as that is what most mean; "ignore" is among the answers."""
    [question] = read_text(CARDS.format(header)).questions
    assert (question.id, question.option) == (f"column:{header}", f"--map '{header}=BLS.expires_on'")
    assert question.choices[:3] == ("BLS.expires_on", "BLS.issued_on", "ACLS.expires_on")
    assert question.choices[-1] == "ignore"


def test_what_the_header_says_of_the_dates_is_not_asked(read_text: Read) -> None:
    [question] = read_text(CARDS.format("CPR Exp Date")).questions
    assert question.choices == ("BLS.expires_on", "ACLS.expires_on", "ALS.expires_on", "PALS.expires_on",
                                "NRP.expires_on", "ignore")  # fmt: skip


@pytest.mark.parametrize(
    "settled", [{"columns": {"CPR": "BLS.expires_on"}}, {"answers": {"column:CPR": "bls.expires_on"}}]
)
def test_an_answer_makes_cards_of_them(read_text: Read, settled: dict[str, dict[str, str]]) -> None:
    reading = read_text(CARDS.format("CPR"), **settled)
    assert [(card.row, card.type, card.stated) for card in reading.tables[0].cards] == [(2, "BLS", "2027-06-30")]


def test_cpr_left_out_leaves_a_roster(read_text: Read) -> None:
    reading = read_text(CARDS.format("CPR"), answers={"column:CPR": "ignore"})
    assert (len(reading.tables[0].rows), reading.tables[0].cards, reading.notes) == (3, [], [])


@pytest.mark.parametrize("header", ["CPR", "CPR No.", "CPR Number"])
def test_national_numbers_are_left_out_and_said(read_text: Read, header: str) -> None:
    reading = read_text(PERSONAL.format(header))
    assert reading.notes == [f'Not read: "{header}", as the numbers below may be national numbers.']
    assert (len(reading.tables[0].cards), _holds(reading, "900112345")) == (2, False)


def test_they_are_left_out_even_where_the_policy_has_a_type_called_cpr(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Emp ID,Unit,CPR No,CPR Expiry\n1,ED,900112345,2027-06-30\n", "utf-8")
    reading = read_file(path, Wording({"CPR": "CPR"}), Options())
    assert [(card.type, card.number) for card in reading.tables[0].cards] == [("CPR", None)]
    assert reading.notes == ['Not read: "CPR No", as the numbers below may be national numbers.']


@pytest.mark.parametrize("field", ["employee_id", "BLS.number"])
def test_nobody_can_map_national_numbers(read_text: Read, field: str) -> None:
    with pytest.raises(BadInput, match="national numbers, which are never read"):
        read_text(PERSONAL.format("CPR"), columns={"CPR": field})


@pytest.mark.parametrize("header", ["BLS/CPR Exp", "CPR/BLS Expiration", "BLS (CPR) Exp"])
def test_cpr_beside_the_name_of_a_type_is_that_type(read_text: Read, header: str) -> None:
    assert read_text(CARDS.format(header)).tables[0].columns[header] == "BLS.expires_on"
