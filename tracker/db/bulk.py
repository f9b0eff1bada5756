"""Many rows at once: inserted as plain tuples, looked up by one parameter however many are wanted.

Days go in and come out as texts, `2026-02-28`, which either database takes for a day: days themselves cost a driver,
a digest or another process several times as much.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import chain, islice, repeat
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Date,
    String,
    Table,
    any_,
    bindparam,
    cast,
    func,
    select,
)

CHUNK = 20_000
# Rows in one statement: a driver's work for a statement is then shared by many.
TOGETHER = 200


def insert_rows(connection: Connection, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    """Inserts rows whose values are in the order of the table's columns; the last columns may be left out."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        insert_values(connection, table, len(chunk[0]), list(chain.from_iterable(chunk)))


def insert_values(connection: Connection, table: Table, width: int, values: Sequence[object]) -> None:
    """Inserts rows whose values stand one row after the other, each row's in the order of its first `width` columns."""
    # Straight to the driver: what the mapping of each value costs would count here.
    whole = len(values) - len(values) % (width * TOGETHER)
    for count, first, last in ((TOGETHER, 0, whole), (1, whole, len(values))):
        step = width * count
        portions = [tuple(values[at : at + step]) for at in range(first, last, step)]
        if portions:
            statement = _statement(table, width, count, connection.dialect.paramstyle)
            connection.exec_driver_sql(statement, portions)


def among(
    connection: Connection, column: Column[int] | Column[str], values: Sequence[int] | Sequence[str]
) -> ColumnElement[bool]:
    """Whether a column has one of the values; the statement is the same for any number of them."""
    if connection.dialect.name == "sqlite":
        listed = func.json_each(json.dumps(values)).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(bindparam(None, values, type_=ARRAY(column.type), unique=True))


class _Texts(dict[date | None, str | None]):
    """The texts of days, which are few; nothing stays nothing."""

    def __missing__(self, day: date | None) -> str | None:
        self[day] = text = day.isoformat() if day else None
        return text


TEXTS = _Texts()


def numbered(table: Table, ids: Sequence[int], rows: Sequence[Sequence[Any]], last: int) -> list[tuple[Any, ...]]:
    """Whole rows of a table: their numbers, then what is given, its days as texts, then `last`."""
    # A column at a time: that costs a third of what it does row by row.
    columns: list[Iterable[Any]] = [ids, *zip(*rows, strict=True), repeat(last, len(ids))]
    for at in _day_columns(table):
        columns[at] = map(TEXTS.__getitem__, columns[at])
    return list(zip(*columns, strict=True))


def as_text(column: Column[Any]) -> ColumnElement[Any]:
    """The column, or the texts of its days."""
    return cast(column, String) if isinstance(column.type, Date) else column


@cache
def _day_columns(table: Table) -> list[int]:
    return [at for at, column in enumerate(table.columns) if isinstance(column.type, Date)]


@cache
def _statement(table: Table, width: int, count: int, paramstyle: str) -> str:
    mark = "?" if paramstyle == "qmark" else "%s"
    names = ", ".join(f'"{column.name}"' for column in list(table.columns)[:width])
    row = f"({', '.join([mark] * width)})"
    return f"INSERT INTO {table.name} ({names}) VALUES {', '.join([row] * count)}"  # noqa: S608 names are ours
