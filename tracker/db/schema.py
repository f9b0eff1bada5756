"""What tables are made of: instants, names of keys and indexes, the columns that every fact has."""

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, Table, TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite keeps none, so there it is stored without the zone and given it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC, or from whatever zone the server answers in."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def fact_table(name: str, *columns: Column[object], of_person: bool = True) -> Table:
    """A table of facts: `recorded` and `retracted` number the changes that did it."""
    person = [Column("person_id", Integer, ForeignKey("people.id"), nullable=False, index=True)]
    table = Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        *(person if of_person else []),
        *columns,
        Column("recorded", Integer, ForeignKey("changes.seq"), nullable=False, index=True),
        Column("retracted", Integer, ForeignKey("changes.seq")),
    )
    Index(
        f"ix_{name}_retracted",
        table.c.retracted,
        sqlite_where=table.c.retracted.is_not(None),
        postgresql_where=table.c.retracted.is_not(None),
    )
    return table
