"""What a read file consists of: typed rows, what was rejected and why, and the questions it leaves open.

Rows are named tuples, because a roster may have hundreds of thousands of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from tracker.domain.errors import BadInput

Kind = Literal["roster", "cards", "absences", "exemptions", "units"]
DateOrder = Literal["dmy", "mdy", "ymd"]


class RosterRow(NamedTuple):
    """A person in a unit. `unit` is missing only in a wide sheet of cards that names none."""

    row: int
    employee_id: str
    name: str | None
    email: str | None
    unit: str | None
    role: str | None
    employment_type: str | None
    starts_on: date | None
    ends_on: date | None
    manager_email: str | None


class CardRow(NamedTuple):
    """A card. `stated` is the printed expiry, `2028-06` or `2028-06-30`."""

    row: int
    employee_id: str
    type: str
    issuer: str | None
    issued_on: date | None
    stated: str | None
    number: str | None
    verified_on: date | None


class AbsenceRow(NamedTuple):
    """Days away, open if `until` is missing."""

    row: int
    employee_id: str
    starts_on: date
    until: date | None


class ExemptionRow(NamedTuple):
    """Days on which a requirement is not asked of a person."""

    row: int
    employee_id: str
    requirement: str
    starts_on: date
    until: date
    reason: str | None
    approver: str | None


class UnitRow(NamedTuple):
    """A unit and who answers for it; `managers` are addresses separated by `;`."""

    row: int
    unit: str
    facility: str | None
    managers: str | None
    director: str | None


class Who(NamedTuple):
    """Whom a row without an employee id is about, as far as it says; the e-mail or the name is there."""

    name: str | None
    email: str | None
    unit: str | None


class Booked(NamedTuple):
    """A cell for a date that says that a class is booked; `day` if it names one that reads one way.

    `reason` is the one for which the cell is left out all the same; `name` is what the row calls the person.
    """

    row: int
    employee_id: str
    field: str
    type: str
    day: date | None
    reason: str
    name: str | None = None


class Heading(NamedTuple):
    """A column of a table that was not understood: its header, the field that it means, if any, and what is below."""

    text: str
    field: str
    below: list[str]


class Rejected(NamedTuple):
    """A row, or one cell of it, that did not go in.

    `whole` is false where only the cell named by `column` was left out and the rest of the row is read.
    """

    row: int
    column: str | None
    field: str | None
    reason: str
    whole: bool


class Outside(NamedTuple):
    """A row that whoever imports may not bring in, and whom it names, as far as it does."""

    employee_id: str
    name: str
    rejected: Rejected


@dataclass(frozen=True, slots=True)
class Question:
    """Something that must not be guessed. `id` names it in an answers file; `option` settles it on the command line."""

    id: str
    kind: str
    text: str
    choices: tuple[str, ...]
    option: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a person said of sheets with certain headers: their kind, and each column's field, or `ignore`.

    `headers` is a digest over them; `confirmed_on` the day of it, as ISO text, blank if it is only now being said.
    """

    headers: str
    kind: Kind
    fields: dict[str, str]
    confirmed_on: str = ""


@dataclass(frozen=True, slots=True)
class KnownType:
    """Which type some words were said to stand for, or `none`; `confirmed_on` is the day of it, as ISO text."""

    type: str
    confirmed_on: str


@dataclass(slots=True)
class Table:
    """One sheet as understood. `rows` are of the table's kind; `cards` come from the wide columns beside them.

    `who` says by row whom they are about, where the sheet has no column of employee ids; these are blank then.
    `names` say by row what a list other than a roster calls the people beside whose ids it has them.
    `from_numbers` are the employee ids that stood there as numbers: zeros before them may have been lost.
    `booked` are the cells that tell of classes to come.
    `mapping` is what is to be remembered of the sheet's columns, where a person settled them; `types` are the types in
    other words of which somebody said which they are, by those words. `header_row` is the last row of the header.
    `outside` are rows that were taken out, as whoever imports may not bring them in.
    `asked` are the headers of which a question is open; `unnamed` the columns with cells and no header, each by the
    header before it.
    """

    sheet: str | None
    kind: Kind
    columns: dict[str, str]
    rows: list[RosterRow] | list[CardRow] | list[AbsenceRow] | list[ExemptionRow] | list[UnitRow]
    cards: list[CardRow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    from_numbers: list[str] = field(default_factory=list)
    who: dict[int, Who] | None = None
    mapping: Remembered | None = None
    booked: list[Booked] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    header_row: int = 0
    outside: list[Outside] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """One file as understood. With open questions, nothing of it may go in.

    `named` are then the employee ids in its rosters, as far as they can be told: the rows are not read yet.
    `unread` are the sheets of which nothing could be used; `notes` say why.
    """

    file: str
    sha256: str
    tables: list[Table] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wording:
    """How this site's policy calls things: what a type may be called (any case) → its id."""

    types: dict[str, str]


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who imports has already settled, and what was remembered of other imports.

    `types` are the remembered types in other words, by those words; `left_out` are sheets not to be read.
    """

    kind: Kind | None = None
    sheet: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    answers: dict[str, str] = field(default_factory=dict)
    remembered: tuple[Remembered, ...] = ()
    types: dict[str, KnownType] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def answered(answers: Mapping[str, str], question: str, choices: tuple[str, ...]) -> str | None:
    """The answer to a question, in any case; None if none was given. Raises BadInput if it is none of the choices."""
    said = answers.get(question)
    if said is None:
        return None
    for choice in choices:
        if choice.casefold() == said.strip().casefold():
            return choice
    raise BadInput(f'"{said}" is no answer to "{question}"; write {" or ".join(choices)}.')
