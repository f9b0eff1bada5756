"""What is known: dated facts about people, in the words of the field.

Named tuples, because a site has hundreds of thousands of them. `id` is the stable name of a fact: a correction
of a card keeps the card's id, so that what was said of it stays attached.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from tracker.domain.tuples import new

Answer = Literal["confirmed", "not_found", "revoked"]


class Assignment(NamedTuple):
    """A person works in a unit as a role. Without `starts_on` it always held, without `ends_on` it is open."""

    id: int
    unit: str
    role: str
    employment_type: str | None
    manager_email: str | None
    starts_on: date | None
    ends_on: date | None


class Card(NamedTuple):
    """A credential as printed. `stated` is its expiry, `2028-06` or `2028-06-30`; an absent issuer stays absent."""

    id: int
    type: str
    issuer: str | None
    issued_on: date | None
    stated: str | None
    number: str | None


class Verification(NamedTuple):
    """What the issuer answered about a card. A revocation without `revoked_from` counts from issue."""

    id: int
    card: int
    answer: Answer
    revoked_from: date | None
    checked_on: date
    checked_by: str
    how: str


class Absence(NamedTuple):
    """Days away; never the reason."""

    id: int
    starts_on: date
    until: date | None


class Exemption(NamedTuple):
    """A requirement is not asked of a person from `starts_on` to `until`, both included."""

    id: int
    requirement: str
    starts_on: date
    until: date
    approver: str | None
    reason: str | None


class Booking(NamedTuple):
    """A class that the person is enrolled in."""

    id: int
    type: str
    class_on: date


class Submission(NamedTuple):
    """A card that was handed in and waits to be checked; it is retracted once it is. `item` is the evidence of it."""

    id: int
    type: str
    received_on: date
    item: int | None = None


class Refusal(NamedTuple):
    """A card that was handed in and not accepted; `item` is the evidence of it, `instead` what is to be sent.

    `entry` is the number of the change that refused it, which outlives a merge of two people.
    """

    id: int
    entry: int
    item: int
    type: str
    received_on: date
    refused_on: date
    refused_by: str
    reason: str
    instead: str | None


class Evidence(NamedTuple):
    """A file that shows a card; `card` is missing until somebody says which. `item` outlives that correction."""

    id: int
    item: int
    card: int | None
    sha256: str
    media_type: str
    size: int
    name: str | None


class Keeping(NamedTuple):
    """Of a person something was removed for good: the first day, and the first change, that the rest tells of."""

    id: int
    kept_from: date
    known_from: int


class PersonFacts(NamedTuple):
    """All that is known of one person. Verifications are in the order in which they were recorded.

    `first_recorded` is the day on which the person was first recorded, in the site's time zone. `kept_from` is set if
    something was removed for good: what was before that day is not on record any more.
    """

    id: int
    employee_id: str
    name: str | None
    email: str | None
    first_recorded: date
    assignments: tuple[Assignment, ...]
    cards: tuple[Card, ...]
    verifications: tuple[Verification, ...]
    absences: tuple[Absence, ...]
    exemptions: tuple[Exemption, ...]
    kept_from: date | None = None


# All that is known of one person in the order of `PersonFacts`, as plain tuples whose days are texts: these pass from
# process to process in a fraction of the time that named ones with days take.
Plain = tuple[
    int,
    str,
    str | None,
    str | None,
    str,
    Sequence[Sequence[Any]],
    Sequence[Sequence[Any]],
    Sequence[Sequence[Any]],
    Sequence[Sequence[Any]],
    Sequence[Sequence[Any]],
    str | None,
]


class _Days(dict[str | None, Any]):
    """Days by their texts, which are few; nothing stays nothing."""

    def __missing__(self, text: str | None) -> date | None:
        self[text] = day = date.fromisoformat(text) if text else None
        return day


_DAYS = _Days()


def named(plain: Plain) -> PersonFacts:
    """A person's facts, from plain tuples."""
    number, employee_id, name, email, first, posts, held, answers, away, exempt, kept_from = plain
    return PersonFacts(
        number,
        employee_id,
        name,
        email,
        _DAYS[first],
        tuple([new(Assignment, (*row[:5], _DAYS[row[5]], _DAYS[row[6]])) for row in posts]),
        tuple(named_cards(held)),
        tuple(named_answers(answers)) if answers else (),
        tuple([Absence(row[0], _DAYS[row[1]], _DAYS[row[2]]) for row in away]) if away else (),
        tuple([new(Exemption, (*row[:2], _DAYS[row[2]], _DAYS[row[3]], *row[4:])) for row in exempt]) if exempt else (),
        _DAYS[kept_from],
    )


def named_cards(rows: Sequence[Sequence[Any]]) -> list[Card]:
    """Cards, from plain tuples."""
    return [
        new(Card, (card, kind, issuer, _DAYS[issued_on], stated, number))
        for card, kind, issuer, issued_on, stated, number in rows
    ]


def named_answers(rows: Sequence[Sequence[Any]]) -> list[Verification]:
    """What issuers answered, from plain tuples."""
    return [new(Verification, (*row[:3], _DAYS[row[3]], _DAYS[row[4]], *row[5:])) for row in rows]
