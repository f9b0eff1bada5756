"""Whom a draft would change: worked out once, kept as rows in order, and read a page at a time.

The rows stand by unit and requirement, and a short list says where those of each begin: whatever page is shown, of
everybody or of one unit, no more is read than that list and the rows of the page.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from tracker.actions.apply_policy import Difference, differences
from tracker.actions.kept_files import in_words
from tracker.actions.policy_drafts.kept import GONE, Draft, Drafts
from tracker.db.connect import Database
from tracker.db.known import role_names, unit_names
from tracker.db.timelines import Progress
from tracker.domain.errors import BadInput
from tracker.domain.policy_check import warnings_of
from tracker.domain.policy_text import read_policy
from tracker.domain.scope import Scope

PAGE = 50
_ROWS, _SUMMARY = "changes.jsonl", "changes.json"


class Kind(NamedTuple):
    """So many standings with a requirement that become another, the first of them on a day."""

    requirement: str
    before: str | None
    after: str | None
    size: int
    first: date


class Group(NamedTuple):
    """The rows of one unit and requirement: how many, and where the first stands in the file."""

    unit: str
    requirement: str
    size: int
    place: int


class Found(NamedTuple):
    """What a draft would change, counted, as the records were at an instant; and what looks wrong in it."""

    at: datetime
    people: int
    kinds: list[Kind]
    groups: list[Group]
    warnings: list[str]

    @property
    def size(self) -> int:
        """How many standings."""
        return sum(group.size for group in self.groups)


class Rows(NamedTuple):
    """A page of rows; `further` is where the next page begins, None if there is none."""

    rows: list[Difference]
    further: int | None


def work_out(database: Database, scope: Scope, drafts: Drafts, draft: Draft, at: datetime, progress: Progress) -> None:
    """Finds whom a draft would change, of those in a scope, and keeps it."""
    with database.read() as connection:
        known = unit_names(connection), role_names(connection)
    warnings = warnings_of(read_policy(draft.text), *known)
    rows = differences(database, scope, draft.text, draft.effective, at.date(), progress)
    ordered = sorted(rows, key=lambda row: (row.unit, row.requirement, row.employee_id))
    with in_words(drafts.place(draft.key)):
        _keep(drafts.place(draft.key), ordered, at, warnings)


def _keep(folder: Path, ordered: list[Difference], at: datetime, warnings: list[str]) -> None:
    groups = []
    with (folder / _ROWS).open("wb") as file:
        for (unit, requirement), some in groupby(ordered, key=lambda row: (row.unit, row.requirement)):
            place, lines = file.tell(), [json.dumps((*row[:5], row.day.isoformat())) + "\n" for row in some]
            file.write("".join(lines).encode())
            groups.append(Group(unit, requirement, len(lines), place))
    people = len({row.employee_id for row in ordered})
    said = {"at": at.isoformat(), "people": people, "kinds": _kinds(ordered), "groups": groups, "warnings": warnings}
    # There whole or not at all.
    (folder / f"{_SUMMARY}.new").write_text(json.dumps(said, default=date.isoformat), "utf-8")
    (folder / f"{_SUMMARY}.new").replace(folder / _SUMMARY)


def _kinds(rows: list[Difference]) -> list[Kind]:
    counts = Counter((row.requirement, row.before, row.after) for row in rows)
    firsts: dict[tuple[str, str | None, str | None], date] = {}
    for row in rows:
        key = row.requirement, row.before, row.after
        firsts[key] = min(row.day, firsts.get(key, row.day))
    return [Kind(*key, count, firsts[key]) for key, count in counts.most_common()]


def find_found(drafts: Drafts, key: str) -> Found | None:
    """What was found about a draft; None before it was worked out."""
    path = drafts.place(key) / _SUMMARY
    if not path.is_file():
        return None
    said = json.loads(path.read_text("utf-8"))
    kinds = [Kind._make((*what, date.fromisoformat(first))) for *what, first in said["kinds"]]
    groups = [Group(*each) for each in said["groups"]]
    return Found(datetime.fromisoformat(said["at"]), said["people"], kinds, groups, said["warnings"])


def find_rows(drafts: Drafts, key: str, found: Found, begin: int, wanted: Callable[[Group], bool]) -> Rows:
    """Some rows of the groups that are wanted, from the one of that number on; raises BadInput if they are gone."""
    try:
        with (drafts.place(key) / _ROWS).open("rb") as file:
            rows = list(islice(_rows(file, filter(wanted, found.groups), begin), PAGE + 1))
    except OSError:
        raise BadInput(GONE) from None
    return Rows(rows[:PAGE], begin + PAGE if len(rows) > PAGE else None)


def _rows(file: BinaryIO, groups: Iterator[Group], begin: int) -> Iterator[Difference]:
    for group in groups:
        if begin >= group.size:
            begin -= group.size
            continue
        file.seek(group.place)
        for line in islice(file, begin, group.size):
            *what, day = json.loads(line)
            yield Difference._make((*what, date.fromisoformat(day)))
        begin = 0
