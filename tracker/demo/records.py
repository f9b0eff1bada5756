"""What there is to know of the made-up people, before any of it is written into a file."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from tracker.demo.names import Name

NOBODY = Name("", "", "")


class Post(NamedTuple):
    """Work in a unit. What the office of personnel does not know (`in_hr`), the unit's manager does.

    `settled` is the answer to what an import asks about the post.
    """

    unit: str
    role: str
    kind: str
    starts_on: date | None
    ends_on: date | None = None
    in_hr: bool = True
    settled: Literal["moved", "also", "ended"] | None = None

    def open_on(self, day: date) -> bool:
        """Whether the work has not ended before the day."""
        return self.ends_on is None or self.ends_on >= day


class Card(NamedTuple):
    """A card as printed: `dated` with a day, else with the month of `ends_on`.

    The education department has those `on_file`, the others are only in a unit manager's workbook.
    """

    type: str
    issuer: str
    issued_on: date
    ends_on: date
    number: str
    dated: bool = False
    verified_on: date | None = None
    on_file: bool = True

    @property
    def printed(self) -> str:
        """The expiry as the card says it, in ISO."""
        return f"{self.ends_on}" if self.dated else f"{self.ends_on:%Y-%m}"


class Away(NamedTuple):
    """A leave, open if nobody knows how long."""

    starts_on: date
    until: date | None


class Excused(NamedTuple):
    """An exemption from a requirement."""

    requirement: str
    starts_on: date
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person. `cells` are what a manager typed under a type of card instead of a date."""

    posts: tuple[Post, ...]
    cards: tuple[Card, ...] = ()
    away: tuple[Away, ...] = ()
    excused: tuple[Excused, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    reachable: bool = True
    employee_id: str = ""
    name: Name = NOBODY
    email: str | None = None

    @property
    def listed_name(self) -> str:
        """The name as lists have it, the last one first."""
        return f"{self.name.last}, {self.name.first}"

    def noted(self, kind: str, today: date) -> Card | None:
        """The card of a type that the unit's manager has written down: the latest, once it is ten days old."""
        found = [card for card in self.cards if card.type == kind and card.issued_on <= today - timedelta(days=10)]
        return max(found, key=lambda card: card.ends_on, default=None)


class Hospital(NamedTuple):
    """Everybody, as of a day."""

    today: date
    people: list[Person]
