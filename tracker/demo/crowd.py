"""Everybody else: people as a hospital has them by the hundred, drawn in lifelike shares."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from tracker.demo.cards import Press
from tracker.demo.cast import FULL_TIME, contract
from tracker.demo.places import REQUIREMENTS, UNITS, WITH_BOOK, Job, Unit
from tracker.demo.records import Away, Card, Excused, Person, Post

_KINDS = (FULL_TIME, FULL_TIME, FULL_TIME, FULL_TIME, "Part-time", "Part-time", "Per diem")
# The share of those who renew so many months before the month in which their card ends.
_RENEWED = {0: 0.65, 1: 0.45, 2: 0.2}
_REASONS = ("Pregnancy, second trimester", "Shoulder surgery", "Class cancelled: water damage", "Back injury")


class Crowd:
    """Draws people."""

    def __init__(self, press: Press, chance: Random) -> None:
        self._press, self._chance, self._today = press, chance, press.today

    def manager(self, unit: Unit) -> Person:
        """The manager of a unit, who is on its roster too."""
        post = Post(unit.name, "Nurse Manager", FULL_TIME, self._today - timedelta(days=1200 + 90 * unit.share))
        return Person((post,), self._cards(("BLS",), unit, settled=True))

    def person(self) -> Person:
        """Somebody."""
        unit = self._chance.choices(UNITS, [unit.share for unit in UNITS])[0]
        job = self._chance.choices(unit.jobs, [job.share for job in unit.jobs])[0]
        drawn = self._chance.random()
        if drawn < 0.09 and unit.name in WITH_BOOK and job.types:
            return self._traveler(unit, job)
        if drawn < 0.12:
            return self._newcomer(unit, job)
        return self._settled_in(unit, job)

    def _traveler(self, unit: Unit, job: Job) -> Person:
        """Agency staff: three in four have been checked with the issuer."""
        kinds = job.types
        checked = self._today - timedelta(days=self._chance.randint(8, 30))
        if self._chance.random() < 0.75:
            cards = [self._press.monthly(kind, self._chance.randint(3, 21)) for kind in kinds]
            cards = [card._replace(verified_on=max(checked, card.issued_on)) for card in cards]
        else:
            cards = [self._press.monthly(kind, self._chance.randint(3, 21), on_file=False) for kind in kinds]
        return Person((contract(self._press, unit.name, job.role),), tuple(cards))

    def _newcomer(self, unit: Unit, job: Job) -> Person:
        """Somebody hired within the last month; most bring a BLS card along."""
        post = self._post(unit, job.role, self._today - timedelta(days=self._chance.randint(1, 29)))
        brought = ("BLS",) if job.types and self._chance.random() < 0.65 else ()
        return Person((post,), tuple(self._press.monthly(kind, self._chance.randint(4, 22)) for kind in brought))

    def _settled_in(self, unit: Unit, job: Job) -> Person:
        hired_on = self._today - timedelta(days=int(100 + self._chance.expovariate(1 / 1500)))
        posts = self._posts(unit, job, hired_on)
        person = Person(
            posts,
            self._cards(job.types, unit, settled=False),
            away=self._away() if self._chance.random() < 0.025 else (),
            reachable=self._chance.random() > 0.03,
        )
        return self._excused(person, job) if self._chance.random() < 0.015 and len(job.types) > 1 else person

    def _post(self, unit: Unit, role: str, starts_on: date | None) -> Post:
        return Post(unit.name, role, self._chance.choice(_KINDS), starts_on)

    def _posts(self, unit: Unit, job: Job, hired_on: date) -> tuple[Post, ...]:
        """One post, mostly: some have left or will, some came from another unit, some are on the code team."""
        post = self._post(unit, job.role, hired_on)
        drawn = self._chance.random()
        if drawn < 0.03:
            return (post._replace(ends_on=self._today - timedelta(days=self._chance.randint(3, 90))),)
        if drawn < 0.04:
            return (post._replace(ends_on=self._today + timedelta(days=self._chance.randint(3, 25))),)
        if drawn < 0.05:
            return (post._replace(starts_on=None),)
        if drawn < 0.09 and job.role == "RN" and unit.name != "4 West":
            came_on = self._today - timedelta(days=self._chance.randint(20, 90))
            before = post._replace(unit="4 West", ends_on=came_on - timedelta(days=1))
            return before, post._replace(starts_on=came_on)
        if drawn < 0.2 and unit.name in ("ICU", "Respiratory Care") and "ACLS" in job.types:
            return post, post._replace(unit="Code Team", starts_on=hired_on + timedelta(days=60))
        return (post,)

    def _cards(self, kinds: Iterable[str], unit: Unit, *, settled: bool) -> tuple[Card, ...]:
        """The cards that the job needs, most of them in date. `settled`: nothing is wrong with them."""
        drawn = 1.0 if settled else self._chance.random()
        together = self._chance.randint(0, 23)
        found: list[Card] = []
        for kind in kinds:
            apart = self._chance.random() < 0.4
            months_left = self._chance.randint(0, 23) if apart else together
            if drawn < 0.04 if kind == "BLS" else 0.04 <= drawn < 0.11:
                found.append(self._press.monthly(kind, -self._chance.randint(1, 4)))
            elif kind == "BLS" or not 0.11 <= drawn < 0.14:
                found += self._in_date(kind, months_left, unit)
        return tuple(found)

    def _in_date(self, kind: str, months_left: int, unit: Unit) -> list[Card]:
        """A card in date, and the one that renews it if its end is near and its holder is not late."""
        if kind in ("BLS", "PALS") and self._chance.random() < 0.08:
            return [self._press.dated(kind, 3 + months_left * 30)]
        on_file = unit.name not in WITH_BOOK or self._chance.random() < 0.85
        card = self._press.monthly(kind, months_left, on_file=on_file)
        renewed = self._chance.random() < _RENEWED.get(months_left, 0)
        return [card, self._press.renewal(kind)] if renewed else [card]

    def _away(self) -> tuple[Away, ...]:
        gone_on = self._today - timedelta(days=self._chance.randint(10, 120))
        back = self._today + timedelta(days=self._chance.randint(4, 90))
        return (Away(gone_on, None if self._chance.random() < 0.3 else back),)

    def _excused(self, person: Person, job: Job) -> Person:
        """The person, excused from the card that the job needs beside BLS, and without one."""
        kind = job.types[1]
        since = self._today - timedelta(days=self._chance.randint(10, 90))
        until = self._today + timedelta(days=self._chance.randint(5, 120))
        excused = Excused(REQUIREMENTS[kind], since, until, self._chance.choice(_REASONS))
        cards = tuple(card for card in person.cards if card.type != kind)
        return Person(person.posts, cards, excused=(excused,))
