"""Which unit a text means: the one on record, in whatever case it was typed."""

from collections.abc import Iterable
from dataclasses import replace

from tracker.db.connect import Connection
from tracker.db.known import is_unit, unit_names
from tracker.domain.errors import BadInput
from tracker.domain.policy import words
from tracker.domain.scope import InUnits, Scope
from tracker.intake.near_units import NearUnits

# Units that an error names.
_NAMED = 10


def find_unit(connection: Connection, name: str, known: int | None = None) -> str:
    """The unit as it is (or at a change was) spelt on record; raises BadInput, naming some, if there is none such."""
    if known is None and is_unit(connection, name):
        return name
    return unit_meant(name, unit_names(connection, known))


def narrow(connection: Connection, scope: Scope, names: Iterable[str]) -> Scope:
    """A scope narrowed to some units in it, as they are spelt on record; without any it stays as it is.

    Raises BadInput if one of them is no unit, or not in the scope, in the same words.
    """
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not wanted:
        return scope
    if isinstance(scope, InUnits):
        return replace(scope, units=tuple(dict.fromkeys(unit_meant(name, scope.units) for name in wanted)))
    return InUnits(tuple(dict.fromkeys(find_unit(connection, name) for name in wanted)))


def unit_meant(name: str, units: Iterable[str]) -> str:
    """The unit of some that a text means: the one spelt like it to the letter, else in whatever case.

    Raises BadInput, naming those of which it may be a slip, or else some, if there is none.
    """
    known = list(units)
    found = {words(one): one for one in reversed(known)} | {one: one for one in known}
    meant = found.get(name) or found.get(words(name))
    if meant:
        return meant
    near = NearUnits(known).of(name)
    if near:
        raise BadInput(f"There is no unit '{name}'; write {' or '.join(near)} if you mean that.")
    some = ", ".join(known[:_NAMED]) or "none yet"
    raise BadInput(f"There is no unit '{name}'; there are: {some}{' ...' if len(known) > _NAMED else ''}.")
