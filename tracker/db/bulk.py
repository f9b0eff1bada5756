"""Many rows at once, as plain tuples straight to the driver: what the mapping of values costs counts here."""

from collections.abc import Iterable
from functools import cache
from itertools import islice

from sqlalchemy import Connection, Table

CHUNK = 20_000


def insert_rows(connection: Connection, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    """Inserts rows whose values are in the order of the table's columns."""
    statement = _statement(table, connection.dialect.paramstyle)
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        connection.exec_driver_sql(statement, chunk)


@cache
def _statement(table: Table, paramstyle: str) -> str:
    mark = "?" if paramstyle == "qmark" else "%s"
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join([mark] * len(table.columns))})"  # noqa: S608 names are ours
