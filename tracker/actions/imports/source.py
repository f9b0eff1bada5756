"""Where card rows stand."""

from collections.abc import Mapping
from typing import NamedTuple

from tracker.actions.imports.named import Beside
from tracker.actions.imports.result import TableReport
from tracker.intake.rows import CardRow


class Source(NamedTuple):
    """Rows about some people's cards, and where to say what becomes of them.

    `beside`: they stand in columns beside a person, who is in whatever becomes of them.
    `names` are what the list calls people, by row; `called` what all lists of its file do; `has_names`: whether either
    says anything, so that a row may not be about whom its id names.
    """

    report: TableReport
    rows: Mapping[str, list[CardRow]]
    beside: bool
    names: Mapping[int, str]
    called: Beside
    has_names: bool
