"""A draft of an import: its files, and all that its owner has said of them so far."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from tracker.actions.imports.context import Settled
from tracker.actions.imports.recall import Recalled
from tracker.intake.rows import DateOrder, Kind, Options


@dataclass(slots=True)
class DraftFile:
    """One file: what people call it, where it lies in the draft's folder, and how it is to be read.

    `kinds` and `left_out` are by sheet, "" for a file without sheets; `columns` by header; `answers` are to questions
    about this file alone. `out`: nothing of it goes in.
    """

    name: str
    stored: str
    kinds: dict[str, Kind] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    answers: dict[str, str] = field(default_factory=dict)
    out: bool = False

    @property
    def untouched(self) -> bool:
        """Whether nothing was said of it, so that what is wrong with it is in the file alone."""
        return not (self.kinds or self.left_out or self.columns or self.date_order or self.answers)

    def options(self, answers: dict[str, str], remembered: Recalled) -> Options:
        """How it is read."""
        said = {f"kind:{sheet}" if sheet else "kind": kind for sheet, kind in self.kinds.items()}
        return Options(
            columns=self.columns,
            date_order=self.date_order,
            answers=answers | self.answers | said,
            remembered=remembered.columns,
            types=remembered.types,
            left_out=tuple(self.left_out),
        )


@dataclass(slots=True)
class Draft:
    """An import that somebody prepares. `version` counts what was said, so that a plan is known to be of it.

    `owner` is an account under what it was given: under another role, what was looked at is not theirs to see.
    `answered` are the questions that were answered, as they were put, each with its answer.

    `unusable`: none of its files can be read; they are removed, and only why is kept to be shown.

    `applying` is the digest of the plan that is being applied, or was when the program was stopped; `applied` is set
    once it is over.
    """

    id: str
    owner: str
    begun_at: str
    files: list[DraftFile]
    answers: dict[str, str] = field(default_factory=dict)
    answered: list[list[str]] = field(default_factory=list)
    other_unit: str | None = None
    whole_roster: bool = False
    allow_leavers: int | None = None
    version: int = 1
    applying: str | None = None
    applied: bool = False
    unusable: bool = False

    @property
    def begun(self) -> datetime:
        """When its files were handed in."""
        return datetime.fromisoformat(self.begun_at)

    @property
    def settled(self) -> Settled:
        """What was decided beforehand, for the import."""
        return Settled(self.other_unit, self.answers, self.whole_roster, self.allow_leavers)

    def as_json(self) -> dict[str, Any]:
        """In JSON's terms."""
        return asdict(self)

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> Self:
        """As `as_json` wrote it."""
        return cls(**{**said, "files": [DraftFile(**each) for each in said["files"]]})
