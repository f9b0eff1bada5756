"""Which unit a text means: the one on record, in whatever case it was typed."""

from collections.abc import Iterable
from dataclasses import replace

from tracker.db.connect import Connection
from tracker.db.known import is_unit, unit_names
from tracker.domain.errors import BadInput
from tracker.domain.policy import words
from tracker.domain.scope import InUnits, Scope

# Units that an error names.
_NAMED = 10


def find_unit(connection: Connection, name: str, known: int | None = None) -> str:
    """The unit as it is (or at a change was) spelt on record; raises BadInput, naming some, if there is none such."""
    if known is None and is_unit(connection, name):
        return name
    on_record = unit_names(connection, known)
    return _meant(name, on_record)


def narrow(connection: Connection, scope: Scope, names: Iterable[str]) -> Scope:
    """A scope narrowed to some units in it, as they are spelt on record; without any it stays as it is.

    Raises BadInput if one of them is no unit, or not in the scope, in the same words.
    """
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not wanted:
        return scope
    if isinstance(scope, InUnits):
        return replace(scope, units=tuple(dict.fromkeys(_meant(name, scope.units) for name in wanted)))
    return InUnits(tuple(dict.fromkeys(find_unit(connection, name) for name in wanted)))


def _meant(name: str, units: Iterable[str]) -> str:
    known = list(units)
    for each in known:
        if words(each) == words(name):
            return each
    some = ", ".join(known[:_NAMED]) or "none yet"
    raise BadInput(f"There is no unit '{name}'; there are: {some}{' ...' if len(known) > _NAMED else ''}.")
