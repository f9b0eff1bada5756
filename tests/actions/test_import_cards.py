"""Which card a row is about, what it adds, and what is refused at the door. RULES: sections 1, 3 and 7."""

from datetime import date
from typing import Any

import pytest

from actions.ward import (
    TODAY,
    asked,
    away,
    card,
    cards_of,
    excused,
    facts_of,
    on,
    outcomes,
    post,
    said_of,
    table,
    take_in,
)
from tracker.db.connect import Database
from tracker.intake.rows import Table


def test_a_card_with_the_same_number_is_the_same(ward: Database) -> None:
    """What the row adds is added, what it leaves blank stays."""
    take_in(ward, card("4512", "2025-01-10", None, "77"))
    assert outcomes(take_in(ward, card("4512", None, "2027-01", "77", issuer=None))) == {"changed": 1}
    assert cards_of(ward) == [("BLS", "AHA", on("2025-01-10"), "2027-01", "77")]


@pytest.mark.parametrize(
    ("row", "same"),
    [
        (card("4512", None, "2027-01"), True),  # the same last valid day
        (card("4512", None, "2027-01-05"), True),  # a day of that month, under a rule of month ends
        (card("4512", None, "2027-01", "78"), True),  # the known one has no number
        (card("4512", "2025-01-31"), True),
        (card("4512", "2025-01-10", issuer=None), True),  # an issuer that is not said goes with any
        (card("4512", "2025-01-10", issuer="American Heart Association"), True),
        (card("4512", None, "2027-02"), False),
        (card("4512", None, "2027-01-31", issuer="RCUK"), False),
        (card("4512", "2025-01-10", type="ALS"), False),
    ],
)
def test_a_card_without_a_number_is_the_same_by_its_last_valid_day(ward: Database, row: Any, same: bool) -> None:
    """The same type, a compatible issuer and the same last valid day; anything else is a new card."""
    take_in(ward, card("4512", "2025-01-10"))
    take_in(ward, row)
    assert len(cards_of(ward)) == (1 if same else 2)


@pytest.mark.parametrize("written", ["2554 0100 0001", "2554-0100-0001", "2554–0100–0001"])
def test_a_number_is_the_same_with_blanks_or_dashes(ward: Database, written: str) -> None:
    """People put them between its parts or leave them out; it stays as it was written first."""
    take_in(ward, card("4512", "2025-01-10", None, "255401000001"))
    assert outcomes(take_in(ward, card("4512", "2025-01-10", None, written))) == {"unchanged": 1}
    assert [one[-1] for one in cards_of(ward)] == ["255401000001"]


@pytest.mark.parametrize(
    ("issued", "stated", "reason"),
    [
        ("1900-01-01", "2026-06-30", "over 40 years back"),  # a spreadsheet's zero
        (None, "1900-01", "over 40 years back"),
        ("1985-06-14", None, "over 40 years back"),
        (None, "2040-06-16", "over 15 years ahead"),
        ("2025-01-10", "2072-06", "over 15 years ahead"),
    ],
)
def test_a_year_that_cannot_be_is_refused(ward: Database, issued: str | None, stated: str | None, reason: str) -> None:
    """Rather than make a card of it that is good for decades, or one that ended before anybody here was born."""
    result = take_in(ward, card("4512", issued, stated))
    assert outcomes(result) == {"rejected": 1}
    assert reason in result.rows[0].reason


def test_years_at_the_edge_are_taken(ward: Database) -> None:
    """The rest is for the policy to say."""
    rows = [card("4512", "1985-06-15", "1987-06"), card("4512", None, "2040-06-15", type="ACLS")]
    assert outcomes(take_in(ward, *rows)) == {"new": 2}


@pytest.mark.parametrize(
    ("stated", "odd"),
    [("2027-01-31", False), ("2027-02", False), ("2026-12-31", False), ("2025-01-31", True), ("2035-01", True)],
)
def test_a_printed_expiry_far_from_the_rule_is_told(ward: Database, stated: str, odd: bool) -> None:
    """Likely a slip in a year; the card goes in, and its earlier day counts."""
    result = take_in(ward, card("4512", "2025-01-10", stated))
    assert outcomes(result) == {"new": 1}
    assert any("is far from 2027-01-31" in note.reason for note in result.rows) is odd


def test_two_numbers_are_two_cards(ward: Database) -> None:
    """Even with the same last valid day."""
    take_in(ward, card("4512", "2025-01-10", None, "77"))
    assert outcomes(take_in(ward, card("4512", "2025-01-10", None, "78"))) == {"new": 1}
    assert len(cards_of(ward)) == 2


def test_a_row_about_a_card_without_a_number_fills_gaps_and_contradicts_nothing(ward: Database) -> None:
    """The issue date stays as it was known; number and print are added."""
    take_in(ward, card("4512", "2025-01-10"))
    take_in(ward, card("4512", "2025-01-10", "2027-01", "77"))
    assert cards_of(ward) == [("BLS", "AHA", on("2025-01-10"), "2027-01", "77")]


@pytest.mark.parametrize(
    ("known", "rows"),
    [
        # The row brings a number, and another day of the same month.
        ([card("4512", "2025-01-10")], [card("4512", "2025-01-20", None, "77")]),
        # Two known cards of the same last valid day: the row without a number is about one of them.
        (
            [card("4512", "2025-01-10", None, "77"), card("4512", "2025-01-20", None, "78")],
            [card("4512", None, "2027-01")],
        ),
        # The row names the issuer, by whose rule the printed day is another one than before.
        ([card("4512", None, "2027-01-10", issuer=None)], [card("4512", None, "2027-01-31", issuer="RCUK")]),
        # The second row would end the card, which the first is about by its last day, on another day.
        (
            [card("4512", "2025-01-10", None, "77", issuer="RCUK")],
            [
                card("4512", "2025-01-10", issuer="RCUK"),
                card("4512", None, "2026-12-31", "77", issuer="RCUK"),
            ],
        ),
        # The same, where it is the issuer that moves the end.
        (
            [card("4512", "2025-01-10", issuer=None)],
            [card("4512", None, "2027-01", issuer=None), card("4512", "2025-01-10", issuer="RCUK")],
        ),
    ],
)
def test_rows_about_a_known_card_change_nothing_the_second_time(
    ward: Database, known: list[Any], rows: list[Any]
) -> None:
    """Whatever the first import made of them, the second finds it done."""
    take_in(ward, *known)
    take_in(ward, *rows)
    before = facts_of(ward)
    again = take_in(ward, *rows)
    assert facts_of(ward) == before
    assert again.batch is None
    assert outcomes(again).keys() <= {"unchanged", "rejected"}


def test_rows_of_a_file_that_contradict_each_other_about_a_card_are_told(ward: Database) -> None:
    """The first goes in, the second is rejected and names the first."""
    result = take_in(ward, card("4512", "2025-01-10", None, "77"), card("4512", "2025-02-10", None, "77"))
    assert outcomes(result) == {"new": 1, "rejected": 1}
    assert "Row 2" in result.rows[-1].reason
    assert cards_of(ward) == [("BLS", "AHA", on("2025-01-10"), None, "77")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (card("4512"), "neither"),
        (card("4512", "2025-01-10", "2025-01-09"), "before the issue date"),
        (card("4512", "2025-02-10", "2025-01"), "before the issue date"),
        (card("4512", "2025-01-10", issuer="Acme CPR"), "does not say how long"),
        (card("unknown", "2025-01-10"), "import the roster first"),
    ],
)
def test_a_card_is_refused_at_the_door(ward: Database, row: Any, reason: str) -> None:
    """With a reason; the good rows of the file go in."""
    result = take_in(ward, row, card("4512", "2024-05-05"))
    assert outcomes(result) == {"rejected": 1, "new": 1}
    assert reason in result.rows[0].reason
    assert len(cards_of(ward)) == 1


def test_a_card_from_an_issuer_that_is_not_listed_is_taken_in_with_a_doubt(ward: Database) -> None:
    """It counts for nothing, and the row says so."""
    result = take_in(ward, card("4512", "2025-01-10", "2027-01", issuer="Acme CPR"))
    assert outcomes(result) == {"new": 1}
    assert "counts for nothing" in result.rows[0].reason


@pytest.mark.parametrize(("answer", "count"), [("accept", 1), ("reject", 0)])
def test_an_issue_date_in_the_future_is_asked_about(ward: Database, answer: str, count: int) -> None:
    """Today is no future day; tomorrow is, and is settled by its answer."""
    assert outcomes(take_in(ward, card("4512", "2025-06-15", None, type="ALS"))) == {"new": 1}
    row = card("4512", "2025-06-16")
    assert asked(take_in(ward, row)) == ["future:4512:BLS:2025-06-16"]
    result = take_in(ward, row, answers={"future:4512:BLS:2025-06-16": answer})
    assert outcomes(result) == ({"new": 1} if count else {"rejected": 1})
    assert len(cards_of(ward)) == 1 + count


def test_a_future_issue_date_that_was_accepted_is_not_asked_about_again(ward: Database) -> None:
    """The card is known by then: the same file, without the answer, goes in and changes nothing."""
    row = card("4512", "2025-06-16")
    take_in(ward, row, answers={"future:4512:BLS:2025-06-16": "accept"})
    again = take_in(ward, row)
    assert (asked(again), outcomes(again)) == ([], {"unchanged": 1})


def test_a_day_of_verification_is_recorded_once(ward: Database) -> None:
    """As the answer `confirmed`; the same day again is known, another is another answer."""
    row = card("4512", "2025-01-10", verified_on=date(2025, 6, 14))
    take_in(ward, row)
    assert outcomes(take_in(ward, row)) == {"unchanged": 1}
    assert outcomes(take_in(ward, row._replace(verified_on=TODAY))) == {"changed": 1}
    answers = [fact[1:4] for fact in said_of(ward, "verifications", "4512")]
    assert answers == [("confirmed", None, date(2025, 6, 14)), ("confirmed", None, TODAY)]


def test_cards_beside_people_go_in_with_them(site: Database) -> None:
    """A wide sheet brings a person and a card; of a person who is not taken in, neither."""
    result = take_in(
        site, table([post("4512"), post("N-1", None)], [card("4512", "2025-01-10"), card("N-1", "2025-01-10")])
    )
    assert outcomes(result) == {"new": 1, "rejected": 1}
    assert (len(cards_of(site)), cards_of(site, "N-1")) == (1, [])


def test_cards_beside_somebody_elses_name_are_rejected(ward: Database) -> None:
    """A known id beside a clearly different name in a list of cards is a slip: neither cards nor a new name go in."""
    take_in(ward, post("4512", "ICU", name="Ines Pereira", email="ines@site.example"))
    named = post("4512", None, name="Jack Stone", email="jack@site.example")
    result = take_in(ward, table([named], [card("4512", "2025-01-10")]))
    assert result.counts["rejected"] == 1
    assert "another name on record" in result.rows[0].reason
    assert cards_of(ward) == []


def named(rows: list[Any], *names: str) -> Table:
    """A list that calls the people of its rows so."""
    listed = table(rows)
    listed.names = dict(enumerate(names, 2))
    return listed


def test_a_row_of_a_list_beside_somebody_elses_name_is_rejected(ward: Database) -> None:
    """As it is in a wide sheet, and in whatever list; a name in another order or with titles is no other."""
    take_in(ward, post("4512", "ICU", name="Ines Pereira"))
    names = ("Jack Stone", "PEREIRA, Ines RN")
    lists = [
        named([card("4512", "2025-01-10"), card("4512", "2025-02-10", number="1")], *names),
        named([away("4512", "2025-05-01"), away("4512", "2025-06-01")], *names),
        named([excused("4512", "2025-05-01", "2025-05-31"), excused("4512", "2025-06-01", "2025-06-30")], *names),
    ]
    result = take_in(ward, *lists)
    assert outcomes(result) == {"new": 3, "rejected": 3}
    assert [note.row for note in result.rows if "another name on record" in note.reason] == [2, 2, 2]
    assert [fact[2] for fact in cards_of(ward)] == [on("2025-02-10")]


def test_names_of_a_list_are_held_against_the_roster_of_the_same_command(ward: Database) -> None:
    """Whoever has changed her name has it from there."""
    take_in(ward, post("4512", "ICU", name="Ines Pereira"))
    married = table([post("4512", "ICU", name="Ines Stone")])
    result = take_in(ward, named([card("4512", "2025-01-10")], "Ines Stone"), married)
    assert (result.counts["rejected"], len(cards_of(ward))) == (0, 1)


def test_two_names_beside_one_id_in_a_list_are_rejected_if_none_is_on_record(ward: Database) -> None:
    listed = named([card("4512", "2025-01-10"), card("4512", "2025-02-10")], "Ines Pereira", "Jack Stone")
    result = take_in(ward, listed)
    assert (outcomes(result), cards_of(ward)) == ({"rejected": 2}, [])
    assert "stands beside two names, Ines Pereira in row 2 and Jack Stone in row 3" in result.rows[0].reason


def test_two_names_beside_one_id_are_found_on_whatever_sheets_of_a_file(ward: Database) -> None:
    """All rows of the file that have the id are rejected, also those of a list without names."""
    result = take_in(
        ward,
        named([card("4512", "2025-01-10")], "Ines Pereira"),
        named([away("4512", "2025-05-01")], "Jack Stone"),
        named([excused("4512", "2025-05-01", "2025-05-31")]),
    )
    assert (outcomes(result), cards_of(ward)) == ({"rejected": 3}, [])
    assert {"Ines Pereira in row 2 and Jack Stone in row 2" in note.reason for note in result.rows} == {True}


def test_names_of_another_file_do_not_count_against_a_list(ward: Database) -> None:
    """Each file stands alone; and names that may be one person's are no clash."""
    first = named([card("4512", "2025-01-10")], "Ines Pereira"), named([away("4512", "2025-05-01")], "Pereira, Ines RN")
    take_in(ward, *first)
    assert len(cards_of(ward)) == 1


def test_a_list_of_cards_renames_nobody(ward: Database) -> None:
    """Only a roster says what people are called; a list of cards writes names as it likes."""
    take_in(ward, post("4512", "ICU", name="Rosa Delgado", email="rosa@site.example"))
    before = facts_of(ward)["identities"]
    named = post("4512", None, name="Delgado, Rosa (Rosie)", email="ROSA@site.example")
    result = take_in(ward, table([named], [card("4512", "2025-01-10")]))
    assert (result.counts["new"], facts_of(ward)["identities"]) == (1, before)
