"""What a made-up site calls its types of card, and the shapes of the fixtures that read files."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tracker.intake.rows import Reading, Wording

Row = TypeVar("Row")
Read = Callable[..., Reading]
Write = Callable[..., Path]

WORDING = Wording(
    {
        "BLS": "BLS",
        "Basic Life Support": "BLS",
        "ACLS": "ACLS",
        "Advanced Cardiovascular Life Support": "ACLS",
        "ALS": "ALS",
        "PALS": "PALS",
        "Pediatric Advanced Life Support": "PALS",
        "NRP": "NRP",
        "Neonatal Resuscitation Program": "NRP",
    }
)


def rows(reading: Reading, kind: type[Row]) -> list[Row]:
    """Give the rows of one kind, of all tables."""
    return [row for table in reading.tables for row in table.rows if isinstance(row, kind)]
