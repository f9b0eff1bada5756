"""Labels that stand for people where a report must not name them: the same in every report of an installation."""

import hmac
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from tracker.domain.scope import SomePeople
from tracker.reports.survey import Check, Held, Survey, Surveyed

# Characters of a label: among 100,000 people two share one in a pack of a hundred once in a million packs.
LENGTH = 8


def label(secret: str, employee_id: str) -> str:
    """What stands for somebody; without the installation's secret nobody can tell for whom."""
    digest = hmac.new(secret.encode(), f"pseudonym\n{employee_id}".encode(), sha256).digest()
    return b32encode(digest).decode()[:LENGTH]


def hide(survey: Survey, secret: str) -> tuple[Survey, Sequence[tuple[str, str, str | None]]]:
    """The pack without names, and the key: label, employee id, name of each.

    Numbers of cards, files, who checked, and a sample's seed go too: by any of them, and the records
    or another pack, somebody could be known again.
    """
    key = [(label(secret, one.label), one.label, one.name) for one in survey.people]
    people = [_hidden(one, stands) for one, (stands, _, _) in zip(survey.people, key, strict=True)]
    ordered = sorted(people, key=lambda one: one.label)
    heading = survey.heading._replace(scope=SomePeople(tuple(one.label for one in ordered)))
    return survey._replace(heading=heading, how=survey.how_unseeded, hidden=True, people=ordered), sorted(key)


def _hidden(person: Surveyed, stands: str) -> Surveyed:
    stood = [replace(one, why=[_masked(words, person.cards) for words in one.why]) for one in person.stood]
    return person._replace(
        label=stands,
        name=None,
        stood=stood,
        cards=[
            one._replace(number=None, checks=[_unsigned(check) for check in one.checks], files=[])
            for one in person.cards
        ],
        files=[],
    )


def _masked(words: str, cards: Sequence[Held]) -> str:
    """The words without the beginnings of card numbers, by which a card is named: "BLS (AHA 2554…)"."""
    for card in cards:
        if card.number:
            words = words.replace(f" {card.number[:4]}…)", ")").replace(f" {card.number})", ")")
    return words


def _unsigned(check: Check) -> Check:
    """An answer without who asked and how, which people write in their own words."""
    return check._replace(checked_by=None, how=None)
