"""A made-up hospital whose affairs are lively on whatever day it is looked at."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from random import Random

from tracker.demo.cards import Press
from tracker.demo.cast import TRAVELER, cast
from tracker.demo.crowd import Crowd
from tracker.demo.names import names
from tracker.demo.places import AGENCY_DOMAIN, DOMAIN, UNITS
from tracker.demo.records import Card, Hospital, Person

PEOPLE = 400
FEWEST = 24
"""With fewer, some standing would be missing."""

_SEED = 20
_WITH_MANAGERS = 100  # people; in a smaller hospital the managers are only addresses


def hospital(today: date, people: int = PEOPLE) -> Hospital:
    """So many people as of a day, the same ones at every call; raises ValueError if they are fewer than `FEWEST`."""
    if people < FEWEST:
        raise ValueError(f"A made-up hospital needs at least {FEWEST} people.")
    chance = Random(_SEED)  # noqa: S311 made-up people need no cryptography
    press = Press(today, chance)
    # All before any history, which draws more or less as the day has it: so the people are the same on every day.
    everybody = list(islice(_people(press, chance, people), people))
    everybody = [_with_history(person, press, chance) for person in everybody]
    return Hospital(today, _named([_confirmed(person, today, chance) for person in everybody]))


def _people(press: Press, chance: Random, people: int) -> Iterator[Person]:
    yield from cast(press)
    crowd = Crowd(press, chance)
    if people >= _WITH_MANAGERS:
        yield from (crowd.manager(unit) for unit in UNITS if unit.share)
    while True:
        yield crowd.person()


def _with_history(person: Person, press: Press, chance: Random) -> Person:
    """The person with the cards of the cycle before, as far as it fell into the time here."""
    starts = [post.starts_on for post in person.posts if post.starts_on]
    since = min(starts, default=date.min)
    newest_first = sorted(person.cards, key=lambda card: card.issued_on, reverse=True)
    oldest: dict[str, Card] = {card.type: card for card in newest_first}
    before = [press.before(card, late=chance.random() < 0.35) for card in oldest.values() if since < card.issued_on]
    return replace(person, cards=(*person.cards, *before))


def _confirmed(person: Person, today: date, chance: Random) -> Person:
    """Members of the code team have, mostly, the issuer's word for their ACLS cards."""
    if all(post.unit != "Code Team" for post in person.posts) or chance.random() < 0.12:
        return person
    cards = tuple(card if card.type != "ACLS" else _confirmed_card(card, today) for card in person.cards)
    return replace(person, cards=cards)


def _confirmed_card(card: Card, today: date) -> Card:
    # Whoever asks the issuer has the card before them, so it is on file.
    return card._replace(on_file=True, verified_on=min(card.issued_on + timedelta(days=4), today))


def _named(people: list[Person]) -> list[Person]:
    """The people with ids, names and addresses."""
    named = []
    for number, (person, name) in enumerate(zip(people, names(), strict=False)):
        agency = person.posts[0].kind == TRAVELER
        employee_id = f"T-{101 + number:04}" if agency else f"{1204 + 7 * number:06}"
        email = f"{name.address}@{AGENCY_DOMAIN if agency else DOMAIN}" if person.reachable else None
        named.append(replace(person, employee_id=employee_id, name=name, email=email))
    return named
