"""How cards are found by their numbers, however these are written.

In small letters, without blanks and dashes. The expressions are texts without parameters, so that databases know their
index again. Numbers with letters that databases take otherwise than Python are few, and are looked at apart.
"""

from sqlalchemy import Index, Table, Text, literal_column, text

BARE_NUMBER = "lower(replace(replace(number, ' ', ''), '-', ''))"
ODD_NUMBER = {"sqlite": "number GLOB '*[^ -~]*'", "postgresql": "number ~ '[^ -~]'"}


def index_numbers(cards: Table) -> None:
    """Gives the table of cards its two indexes."""
    Index("ix_cards_bare_number", literal_column(BARE_NUMBER, Text), _table=cards)
    odd = {name: text(condition) for name, condition in ODD_NUMBER.items()}
    Index("ix_cards_odd_number", cards.c.person_id, sqlite_where=odd["sqlite"], postgresql_where=odd["postgresql"])
