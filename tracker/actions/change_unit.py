"""Says anew where a unit belongs and who answers for it."""

from typing import NamedTuple

from tracker.actions.unit_book import UnitBook
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.known import Unit
from tracker.domain.errors import BadInput
from tracker.intake.convert import addresses, term
from tracker.intake.grid import Trouble


class Said(NamedTuple):
    """All that is said of a unit, as somebody typed it; several addresses have `;` between."""

    name: str
    facility: str = ""
    managers: str = ""
    director: str = ""


def change_unit(database: Database, author: Author, said: Said, *, is_new: bool = False) -> str:
    """Records it as an import would, but that a blank erases; returns the unit's name.

    Raises BadInput if there is no name, an address is none, or a new unit is on record already.
    """
    wanted = _read(said)
    with change(database, author, "unit-change") as made:
        book = UnitBook(made)
        old = book.find(wanted.name)
        if old and is_new:
            raise BadInput(f"There is a unit '{old.name}' already; open its page to change it.")
        name = old.name if old else book.spelled(wanted.name)
        made.about(f"unit:{name}")
        book.say(wanted._replace(id=old.id if old else 0, name=name))
        book.store()
    return name


def _read(said: Said) -> Unit:
    try:
        name = term(said.name)
        if not name:
            raise BadInput("Give the unit its name, as rosters write it.")
        return Unit(0, name, term(said.facility), addresses(said.managers), addresses(said.director))
    except Trouble as trouble:
        raise BadInput(trouble.reason) from None
