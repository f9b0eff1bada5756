"""Makes cards that end a chosen time after the day of the demo."""

from datetime import date, timedelta
from itertools import count
from random import Random

from tracker.demo.records import Card
from tracker.domain.days import add_months, month_end, month_start

AHA = "American Heart Association"
RED_CROSS = "American Red Cross"
AAP = "American Academy of Pediatrics"
ONLINE = "Online course"
MONTHS = 24  # that a card of any of these is good
_COURSES = {"BLS": "540", "ACLS": "550", "PALS": "560"}


class Press:
    """Prints cards; none has the number of another."""

    def __init__(self, today: date, chance: Random) -> None:
        self.today = today
        self._chance = chance
        self._numbers = count(1_000_003, 97)

    def some_years(self) -> int:
        """Days of somebody's work here, three years and more."""
        return self._chance.randint(1100, 4000)

    def monthly(self, kind: str, months_left: int, *, on_file: bool = True) -> Card:
        """A card that ends with the month so many months from now (before now, if negative)."""
        month = add_months(month_start(self.today), months_left - MONTHS)
        issued_on = min(month + timedelta(days=self._chance.randrange(28)), self.today)
        return self._aha(kind, issued_on, on_file)

    def renewal(self, kind: str) -> Card:
        """A card from a class of the last weeks."""
        return self._aha(kind, self.today - timedelta(days=self._chance.randint(3, 45)), True)

    def to_come(self, kind: str) -> Card:
        """A card for a class that is still to be held: written down too early."""
        return self._aha(kind, self.today + timedelta(days=5), True)

    def dated(self, kind: str, days_left: int, issuer: str = RED_CROSS) -> Card:
        """A card that ends on the day so many days from now."""
        ends_on = self.today + timedelta(days=days_left)
        number = f"{next(self._numbers):07X}"
        return Card(kind, issuer, add_months(ends_on, -MONTHS), ends_on, number, dated=True)

    def before(self, card: Card, *, late: bool) -> Card:
        """The card that it renewed, a little before that one ended or (late) a while after."""
        months = self._chance.randint(1, 3) if late else -self._chance.randint(0, 2)
        if card.dated:
            days = (card.issued_on - self.today).days - 30 * months
            return self.dated(card.type, days, card.issuer)
        month = add_months(month_start(card.issued_on), -MONTHS - months)
        return self._aha(card.type, month + timedelta(days=self._chance.randrange(28)), True)

    def _aha(self, kind: str, issued_on: date, on_file: bool) -> Card:
        number = f"{issued_on:%y}{_COURSES[kind]}{next(self._numbers):07d}" if kind in _COURSES else self._nrp()
        ends_on = month_end(add_months(issued_on, MONTHS))
        return Card(kind, AHA if kind in _COURSES else AAP, issued_on, ends_on, number, on_file=on_file)

    def _nrp(self) -> str:
        return f"N{next(self._numbers)}"
