"""People whom a report names, with the places where they work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Place(NamedTuple):
    """Where somebody works, and the first day there of the standing; None if it always held."""

    unit: str
    role: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom the report names, in however many places."""

    employee_id: str
    name: str | None
    places: list[Place]

    @property
    def unit(self) -> str:
        """The units, as one text."""
        return joined(place.unit for place in self.places)

    @property
    def role(self) -> str:
        """The roles, as one text."""
        return joined(place.role for place in self.places)


def joined(texts: Iterable[str]) -> str:
    """Several texts as one, each once."""
    return "; ".join(dict.fromkeys(texts))
