"""The units on record, and what a change says anew of some: an import of a list and a form record the same."""

from tracker.db.change import Change
from tracker.db.known import Unit, all_units, unit_names
from tracker.db.tables import units
from tracker.domain.policy import words


class UnitBook:
    """What was on record of each unit as the change began, and what the change says; nothing is written before `store`.

    A unit goes by its name in any case, spelled as rosters spell it that came before: by the name it is found who
    answers for somebody's unit.
    """

    def __init__(self, made: Change) -> None:
        self._made = made
        self._before = {words(unit.name): unit for unit in all_units(made.connection)}
        self._spelling = {words(name): name for name in unit_names(made.connection)}
        self._after: dict[str, Unit] = {}

    def spelled(self, name: str) -> str:
        """A name as it is on record, if it is."""
        return self._spelling.get(words(name), name)

    def find(self, name: str) -> Unit | None:
        """What is said of a unit by now."""
        return self._after.get(words(name)) or self._before.get(words(name))

    def say(self, unit: Unit) -> None:
        """Says all of a unit anew."""
        self._after[words(unit.name)] = unit

    def store(self) -> None:
        """Records what differs from what was on record."""
        changed = {key: unit for key, unit in self._after.items() if unit != self._before.get(key)}
        retracted = [self._before[key].id for key in changed if key in self._before]
        if retracted:
            self._made.retract(units, retracted)
        self._made.record(units, [unit[1:] for unit in changed.values()])
