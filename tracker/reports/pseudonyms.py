"""Labels that stand for people where a report must not name them: the same in every report of an installation."""

import hmac
from base64 import b32encode
from collections.abc import Sequence
from hashlib import sha256

from tracker.domain.scope import SomePeople
from tracker.reports.survey import File, Held, Survey, Surveyed

# Characters of a label: among 100,000 people two share one in a pack of a hundred once in a million packs.
LENGTH = 8
NOT_SHOWN = "not shown, as it names the person"


def label(secret: str, employee_id: str) -> str:
    """What stands for somebody; without the installation's secret nobody can tell for whom."""
    digest = hmac.new(secret.encode(), f"pseudonym\n{employee_id}".encode(), sha256).digest()
    return b32encode(digest).decode()[:LENGTH]


def hide(survey: Survey, secret: str) -> tuple[Survey, Sequence[tuple[str, str, str | None]]]:
    """The pack without names, numbers of cards and files; and the key: label, employee id, name of each."""
    key = [(label(secret, one.label), one.label, one.name) for one in survey.people]
    people = [_hidden(one, stands) for one, (stands, _, _) in zip(survey.people, key, strict=True)]
    ordered = sorted(people, key=lambda one: one.label)
    heading = survey.heading._replace(scope=SomePeople(tuple(one.label for one in ordered)))
    return survey._replace(heading=heading, hidden=True, people=ordered), sorted(key)


def _hidden(person: Surveyed, stands: str) -> Surveyed:
    stood = [one._replace(why=[_masked(words, person.cards) for words in one.why]) for one in person.stood]
    return person._replace(
        label=stands,
        name=None,
        stood=stood,
        cards=[one._replace(number=None, files=_unshown(one.files)) for one in person.cards],
        files=_unshown(person.files),
    )


def _masked(words: str, cards: Sequence[Held]) -> str:
    """The words without the beginnings of card numbers, by which a card is named."""
    for card in cards:
        if card.number:
            words = words.replace(f" {card.number[:4]}…", "").replace(f" {card.number}", "")
    return words


def _unshown(files: Sequence[File]) -> list[File]:
    return [one._replace(name=None, content=None, why_not=NOT_SHOWN) for one in files]
