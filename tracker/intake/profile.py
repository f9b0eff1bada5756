"""Layouts of known exports, kept as data: a TOML file each in `profiles/`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from tracker.domain.errors import BadInput
from tracker.intake.rows import Kind
from tracker.intake.text import squash
from tracker.intake.vocabulary import IGNORE, Vocabulary, is_field

Mark = Literal["away", "ended"]
"""What stands after a name: the person is on leave, or has left."""

_FOLDER = Path(__file__).parent / "profiles"
_KEYS = frozenset("name kind identified_by columns ignore never nobody status marks away".split())


@dataclass(frozen=True, slots=True)
class Status:
    """A column that says whether a row counts: with one of `counts`. A row of a roster with an end counts anyway."""

    headers: frozenset[str]
    counts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """A known layout. All headers and values are squashed.

    `identified_by` has alternatives, of each of which one header must be there; `never` are the headers whose columns
    are not read, whatever anybody says; `nobody` is said where no column names people; `away` and `away_says` are the
    columns that say that somebody is on leave, and the words for it.
    """

    name: str
    kind: Kind
    identified_by: tuple[frozenset[str], ...]
    columns: Mapping[str, str]
    never: frozenset[str]
    nobody: str | None
    status: Status | None
    marks: Mapping[str, Mark]
    away: frozenset[str]
    away_says: frozenset[str]

    def speak(self, vocabulary: Vocabulary, labels: list[str]) -> Vocabulary:
        """Give a vocabulary that knows the layout's headers, too; what a person said goes before it.

        Raises:
            BadInput: a person mapped a column that is never read.
        """
        for label in labels:
            if squash(label) in self.never and vocabulary.said(label) not in (None, IGNORE):
                raise BadInput(f'Column "{label}" is never read from {self.name}: leave it out of --map.')
        return vocabulary.knowing({label: field for label in labels if (field := self._field(squash(label)))}, labels)

    def _field(self, key: str) -> str | None:
        return IGNORE if key in self.never else self.columns.get(key)


def recognise(labels: Iterable[str], said: Kind | None) -> Profile | None:
    """Give the layout that a header is of, if it is a known one; `said` is the kind that a person named."""
    have = {squash(label) for label in labels}
    for profile in profiles():
        if all(have & some for some in profile.identified_by) and said in (None, profile.kind):
            return profile
    return None


@cache
def profiles() -> tuple[Profile, ...]:
    """Give all known layouts, by the names of their files."""
    return tuple(parse(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.toml")))


def parse(text: str) -> Profile:
    """Read a layout.

    Raises:
        ValueError: a key or a field in it is unknown, or one is missing.
    """
    found = tomllib.loads(text)
    _refuse_unknown(found)
    fields = {squash(header): field for header, field in found["columns"].items()}
    ignored = dict.fromkeys(map(squash, found.get("ignore", [])), IGNORE)
    status, away = found.get("status"), found.get("away", {})
    if status:
        ignored |= dict.fromkeys(map(squash, status["headers"]), IGNORE)
    return Profile(
        name=found["name"],
        kind=found["kind"],
        identified_by=tuple(_some(entry) for entry in found["identified_by"]),
        columns=ignored | fields,
        never=_some(found.get("never", [])),
        nobody=" ".join(found["nobody"].split()) if "nobody" in found else None,
        status=Status(_some(status["headers"]), _some(status["counts"])) if status else None,
        marks={squash(mark): meaning for mark, meaning in found.get("marks", {}).items()},
        away=_some(away.get("headers", [])),
        away_says=_some(away.get("says", [])),
    )


def _some(entry: str | list[str]) -> frozenset[str]:
    return frozenset(map(squash, [entry] if isinstance(entry, str) else entry))


def _refuse_unknown(found: dict[str, Any]) -> None:
    wrong = [
        *(key for key in found if key not in _KEYS),
        *(field for field in found.get("columns", {}).values() if not is_field(field)),
        *(mark for mark in found.get("marks", {}).values() if mark not in get_args(Mark)),
    ]
    if found.get("kind") not in get_args(Kind):
        wrong.append("kind")
    lacking = [key for key in ("name", "identified_by", "columns") if not found.get(key)]
    if wrong or lacking:
        raise ValueError(f"no profile: {', '.join([*wrong, *lacking])}")
