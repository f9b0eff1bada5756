"""Many rows at once: inserted as plain tuples, looked up by one parameter however many are wanted."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Table, any_, bindparam, func, select

CHUNK = 20_000


def insert_rows(connection: Connection, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    """Inserts rows whose values are in the order of the table's columns; the last columns may be left out."""
    # Straight to the driver: what the mapping of each value costs would count here.
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        statement = _statement(table, len(chunk[0]), connection.dialect.paramstyle)
        connection.exec_driver_sql(statement, chunk)


def among(
    connection: Connection, column: Column[int] | Column[str], values: Sequence[int] | Sequence[str]
) -> ColumnElement[bool]:
    """Whether a column has one of the values; the statement is the same for any number of them."""
    if connection.dialect.name == "sqlite":
        listed = func.json_each(json.dumps(values)).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(bindparam(None, values, type_=ARRAY(column.type), unique=True))


@cache
def _statement(table: Table, width: int, paramstyle: str) -> str:
    mark = "?" if paramstyle == "qmark" else "%s"
    names = ", ".join(f'"{column.name}"' for column in list(table.columns)[:width])
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join([mark] * width)})"  # noqa: S608 names are ours
