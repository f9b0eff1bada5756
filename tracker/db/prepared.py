"""Statements that are needed once for every mail, said straight to the driver.

The library puts each into words once. To go through it every time takes several times as long as the database takes to
answer, and a delivery waits for it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Select, Update


class _Said(NamedTuple):
    """A statement in the words of one database.

    `same` are its values that are the same each time; `as_kept` makes of others what the driver takes. `order` is that
    in which they stand, None for a driver that goes by their names.
    """

    words: str
    same: dict[str, object]
    as_kept: Mapping[str, Callable[[Any], object]]
    order: list[str] | None


class Prepared:
    """A statement with named values (`bindparam`), to be run within a transaction of the library's."""

    def __init__(self, statement: Select[Any] | Update) -> None:
        self._statement = statement
        self._said: dict[str, _Said] = {}

    def run(self, connection: Connection, values: Mapping[str, object]) -> Any:
        """The driver's cursor: its rows are as the database keeps them, so days and instants come as texts on SQLite.

        What the database refuses is raised as the driver's own error, and not as the library's.
        """
        said = self._said.get(connection.dialect.name) or self._put(connection.dialect)
        given = {**said.same, **values}
        for name, as_kept in said.as_kept.items():
            given[name] = as_kept(given[name])
        cursor = connection.connection.cursor()
        cursor.execute(said.words, given if said.order is None else [given[name] for name in said.order])
        return cursor

    def _put(self, dialect: Dialect) -> _Said:
        compiled = self._statement.compile(dialect=dialect)
        same: dict[str, object] = {}
        as_kept: dict[str, Callable[[Any], object]] = {}
        for value, name in compiled.bind_names.items():
            make = value.type.dialect_impl(dialect).bind_processor(dialect)
            if not value.required:
                same[name] = make(value.value) if make else value.value
            elif make:
                as_kept[name] = make
        order = list(compiled.positiontup or ()) if compiled.positional else None
        self._said[dialect.name] = said = _Said(str(compiled), same, as_kept, order)
        return said
