"""Files to fill in."""

from tracker.intake.rows import Kind
from tracker.intake.synonyms import FIELDS


def template(kind: Kind) -> str:
    """Give a CSV text with the canonical header of a kind and no rows."""
    return ",".join(FIELDS[kind]) + "\n"
