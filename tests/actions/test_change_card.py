"""One card at a time: recorded, retracted, checked with its issuer. RULES: sections 1 and 3."""

from datetime import date
from typing import Any

import pytest

from actions.ward import AUTHOR, TODAY, cards_of, changes_in, day, facts_of, on, said_of
from tracker.actions.change_card import FutureIssueError, correct_card, record_card, retract_card, verify_card
from tracker.actions.reach_person import reach_person
from tracker.db.connect import Database
from tracker.domain.errors import BadInput
from tracker.domain.facts import Card, Verification
from tracker.domain.scope import EVERYONE


def enter(
    database: Database, issued: str | None, stated: str | None = None, number: str | None = None, **more: Any
) -> int:
    """Records a BLS card of the nurse, of the AHA if not said otherwise, and returns its number."""
    wanted = Card(0, "BLS", "AHA", day(issued), stated, number)._replace(**more)
    return record_card(database, AUTHOR, "4512", wanted, TODAY)[0]


def answer(number: int, what: Any = "confirmed", checked_on: date = TODAY) -> Verification:
    """What an issuer says of a card."""
    return Verification(0, number, what, None, checked_on, "tester", "by mail")


def test_a_card_recorded_twice_is_one(ward: Database) -> None:
    """The second time nothing is recorded, and the number is the same."""
    number = enter(ward, "2025-01-10")
    changes = changes_in(ward)
    assert enter(ward, "2025-01-10") == number
    assert changes_in(ward) == changes


def test_a_card_keeps_its_number_when_something_is_added(ward: Database) -> None:
    """What was said of it stays with it."""
    number = enter(ward, "2025-01-10")
    verify_card(ward, AUTHOR, "4512", answer(number))
    assert enter(ward, None, "2027-01", "77") == number
    assert cards_of(ward) == [("BLS", "AHA", on("2025-01-10"), "2027-01", "77")]
    assert said_of(ward, "verifications", "4512")[0][0] == cards_of(ward)[0]


def test_a_number_names_its_card_before_any_day_does(ward: Database) -> None:
    """The card with the number is meant, not an older one without that ends on the day given: none has it twice."""
    enter(ward, "2025-01-10")
    numbered = enter(ward, None, "2027-01-10", "77", issuer="RCUK")
    assert enter(ward, None, "2027-01", "77", issuer=None) == numbered
    assert [each[4] for each in cards_of(ward)].count("77") == 1


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (Card(0, "BLS", "AHA", None, None, "77"), "neither"),
        (Card(0, "BLS", "AHA", on("2025-01-10"), "2024-12", None), "before the issue date"),
        (Card(0, "BLS", "Acme CPR", on("2025-01-10"), None, None), "how long BLS cards of Acme CPR are good"),
        (Card(0, "BLS", "AHA", on("2025-06-16"), None, None), "--accept-future"),
    ],
)
def test_a_card_is_refused_at_the_door(ward: Database, card: Card, reason: str) -> None:
    """With a sentence, and nothing is changed."""
    changes = changes_in(ward)
    with pytest.raises(BadInput, match=reason):
        record_card(ward, AUTHOR, "4512", card, TODAY)
    assert changes_in(ward) == changes


def test_nobody_is_taken_for_somebody_else(ward: Database) -> None:
    """004512 is not 4512, and the sentence says so."""
    card = Card(0, "BLS", "AHA", on("2025-01-10"), None, None)
    with pytest.raises(BadInput, match="004512"):
        record_card(ward, AUTHOR, "004512", card, TODAY)


def test_a_retracted_card_takes_its_answers_along(ward: Database) -> None:
    """Neither holds any more; the same card recorded anew is another one, of which nothing was said."""
    before = facts_of(ward)
    number = enter(ward, "2025-01-10")
    verify_card(ward, AUTHOR, "4512", answer(number))
    retract_card(ward, AUTHOR, "4512", number, "of somebody else")
    assert facts_of(ward) == before
    assert enter(ward, "2025-01-10") != number


def test_a_card_that_is_not_on_record_can_be_neither_retracted_nor_checked(ward: Database) -> None:
    """The sentence names those that are."""
    number = enter(ward, "2025-01-10")
    with pytest.raises(BadInput, match=f"{number} \\(BLS\\)"):
        retract_card(ward, AUTHOR, "4512", number + 1, "recorded in error")
    with pytest.raises(BadInput, match=f"{number} \\(BLS\\)"):
        verify_card(ward, AUTHOR, "4512", answer(number + 1))


def test_answers_follow_one_another(ward: Database) -> None:
    """Each is a fact of its own: none takes the place of the one before."""
    number = enter(ward, "2025-01-10")
    for what in ("confirmed", "not_found", "revoked"):
        verify_card(ward, AUTHOR, "4512", answer(number, what))
    answers = [fact[1] for fact in said_of(ward, "verifications", "4512")]
    assert sorted(answers) == ["confirmed", "not_found", "revoked"]


def corrected(database: Database, which: int, **fields: Any) -> None:
    """Corrects a BLS card of the AHA of January 2025."""
    plain = Card(which, "BLS", "AHA", on("2025-01-10"), None, None)
    held = {one.id: one for one in reach_person(database, EVERYONE, "4512", TODAY).person.cards}
    card = plain._replace(**fields)
    correct_card(database, AUTHOR, "4512", held.get(which, plain), card, TODAY, "mistyped", accept_future=False)


def test_a_corrected_card_is_the_same_card(ward: Database) -> None:
    """Under its number, in one change; what was known before still knows what stood."""
    number = enter(ward, "2025-01-10")
    before = changes_in(ward)
    corrected(ward, number, issued_on=on("2025-01-11"), number="77")
    assert cards_of(ward) == [("BLS", "AHA", on("2025-01-11"), None, "77")]
    assert changes_in(ward) == before + 1
    assert enter(ward, None, "2027-01", "77") == number


def test_an_answer_about_another_number_goes_with_it(ward: Database) -> None:
    """A number that was missing is no other; one that becomes another was never asked about."""
    number = enter(ward, "2025-01-10")
    verify_card(ward, AUTHOR, "4512", answer(number, "not_found"))
    corrected(ward, number, number="77")
    assert len(said_of(ward, "verifications", "4512")) == 1
    corrected(ward, number, number="78")
    assert said_of(ward, "verifications", "4512") == []


def test_a_card_is_not_corrected_into_another_of_the_same_person(ward: Database) -> None:
    """Or into one that is not taken in; nothing is changed."""
    number, other = enter(ward, "2025-01-10", None, "77"), enter(ward, "2023-01-10", None, "78")
    changes = changes_in(ward)
    with pytest.raises(BadInput, match=f"That is card {number}"):
        corrected(ward, other, number="77")
    with pytest.raises(FutureIssueError):
        corrected(ward, other, issued_on=on("2025-06-16"), number="78")
    assert changes_in(ward) == changes
