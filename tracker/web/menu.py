"""The menu: the pages that one begins at, and who has them."""

from typing import NamedTuple

from tracker.domain.access import Right
from tracker.web.gate import Visit


class Entry(NamedTuple):
    """A page of the menu, for whoever has a right."""

    path: str
    name: str
    right: Right


ENTRIES = (
    Entry("/", "Today", Right.BROWSE),
    Entry("/people", "People", Right.BROWSE),
    Entry("/units", "Units", Right.BROWSE),
    Entry("/import", "Import", Right.IMPORT),
    Entry("/checks", "Check cards", Right.CHECK),
    Entry("/mail", "Mail", Right.SEE_MAIL),
    Entry("/reports", "Reports", Right.REPORT),
    Entry("/policy", "Policy", Right.SEE_POLICY),
    Entry("/jobs", "Jobs", Right.SEE_JOBS),
    Entry("/trail", "Trail", Right.SEE_TRAIL),
    Entry("/access", "Access", Right.GIVE_ACCESS),
)


def menu(visit: Visit) -> list[Entry]:
    """The entries for whoever looks."""
    return [one for one in ENTRIES if visit.may(one.right)]


def is_here(visit: Visit, entry: Entry) -> bool:
    """Whether the page that is shown belongs to an entry."""
    return visit.path == entry.path or (entry.path != "/" and visit.path.startswith(f"{entry.path}/"))
