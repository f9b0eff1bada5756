"""Which cards are to be checked with their issuers, and in which batches."""

from collections import Counter
from datetime import date

import pytest

from tracker.domain.checking import Checks, batches, cards_to_check
from tracker.domain.errors import PolicyError
from tracker.domain.facts import Answer, Assignment, Card, PersonFacts, Verification
from tracker.domain.policy_text import read_policy
from tracker.domain.same_card import bare_number

TODAY = date(2026, 1, 15)
POLICY = read_policy("""
name = "checked"
timezone = "UTC"
default_issuer = "AHA"
[types.BLS]
[[issuers]]
id = "AHA"
number_pattern = "[0-9]{12}"
check_at = "https://example.org/check"
[[issuers]]
id = "ONE"
check_at = "https://example.org/one"
check_batch = 1
[[issuers]]
id = "NOPAGE"
[[validity]]
months = 24
ends = "month_end"
""")


def card(number: str | None = "251100000017", **more: object) -> Card:
    """A BLS card of the AHA that is in date."""
    return Card(1, "BLS", "AHA", date(2025, 1, 5), None, number)._replace(**more)  # type: ignore[arg-type] # its fields


def person(*cards: Card, answers: tuple[Verification, ...] = (), ends: date | None = None) -> PersonFacts:
    """Somebody in a unit with these cards."""
    held = tuple(one._replace(id=at) for at, one in enumerate(cards, 1))
    post = Assignment(1, "ICU", "RN", None, None, None, ends)
    return PersonFacts(1, "1001", "Ada", None, TODAY, (post,), held, answers, (), ())


def asked(*people: PersonFacts, shared: Counter[str] | None = None) -> Checks:
    """What is to be checked."""
    return cards_to_check(POLICY, people, TODAY, shared or Counter())


def numbers(found: Checks) -> dict[str, list[str | None]]:
    """The numbers to check, by issuer."""
    return {issuer.id: [one.card.number for one in cards] for issuer, cards in found.by_issuer.items()}


def test_a_card_in_date_that_nobody_answered_about_is_listed() -> None:
    """Also of the default issuer, and one that is still to begin."""
    later = card("261100000018", issuer=None, issued_on=date(2026, 2, 1))
    assert numbers(asked(person(card(), later))) == {"AHA": ["251100000017", "261100000018"]}


@pytest.mark.parametrize("answer", ["confirmed", "not_found", "revoked"])
def test_one_answer_of_whatever_kind_is_enough(answer: Answer) -> None:
    said = Verification(1, 1, answer, None, TODAY, "kim", "page")
    assert asked(person(card(), answers=(said,))) == Checks({}, [])


@pytest.mark.parametrize(
    "held",
    [
        card(issued_on=date(2023, 12, 31)),
        card(issuer="NOPAGE"),
        card(issuer="Acme"),
        card(type="Juggling"),
    ],
    ids=["ended", "no page", "unknown issuer", "unknown type"],
)
def test_what_need_not_or_cannot_be_checked_is_left_out(held: Card) -> None:
    assert asked(person(held)) == Checks({}, [])


def test_leavers_are_left_out_and_the_last_day_counts() -> None:
    assert asked(person(card(), ends=date(2026, 1, 14))) == Checks({}, [])
    assert numbers(asked(person(card(), ends=TODAY))) == {"AHA": ["251100000017"]}


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (None, "no number"),
        ("TX05432", "Training Center"),
        ("12345", "does not look like"),
        ("251100000018", "Somebody else"),
    ],
)
def test_what_has_to_be_put_right_first_stands_apart_with_the_reason(number: str | None, reason: str) -> None:
    found = asked(person(card(number)), shared=Counter({"251100000018": 2}))
    assert numbers(found) == {}
    assert [reason in one.reason for one in found.apart] == [True]


def test_an_issuer_without_a_pattern_takes_any_number() -> None:
    assert numbers(asked(person(card("GZ4ZQN", issuer="ONE")))) == {"ONE": ["GZ4ZQN"]}


def test_batches_are_of_twenty_or_as_the_policy_says() -> None:
    """In the order of the people; a number that one person has twice is asked about once."""
    cards = [card(f"2511000000{at:02}") for at in range(41)] + [card(f"ONE{at}", issuer="ONE") for at in range(2)]
    found = asked(person(*cards, card("251100000000")))
    sizes = {issuer.id: list(map(len, batches(issuer, held))) for issuer, held in found.by_issuer.items()}
    assert sizes == {"AHA": [20, 20, 1], "ONE": [1, 1]}
    first = next(iter(found.by_issuer))
    assert [one.card.number for one in batches(first, found.by_issuer[first])[0]] == [one.number for one in cards[:20]]


def test_numbers_are_the_same_however_they_are_spaced() -> None:
    assert bare_number("2511 0000-0017") == bare_number("251100000017")
    assert bare_number("2511\u20130000\xa00017") == bare_number("251100000017")
    assert bare_number("ab12") == bare_number("AB12")


@pytest.mark.parametrize(
    "line",
    [
        'check_at = "http://example.org"',
        'check_at = "example"',
        "check_batch = 0",
        'check_batch = "20"',
        "check_on = 1",
    ],
)
def test_a_key_that_cannot_be_meant_is_refused(line: str) -> None:
    with pytest.raises(PolicyError, match=line.split(maxsplit=1)[0]):
        read_policy(f'name = "x"\ntimezone = "UTC"\n[[issuers]]\nid = "AHA"\n{line}\n')
