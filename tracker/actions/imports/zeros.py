"""Employee ids that nobody has, but of which a spreadsheet program makes them: 4512 of 004512, 1200000 of 12E05.

It is asked whose they are.

Looked up before anything is recorded, so that ids that only come with the files are nobody's yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.actions.imports.context import Context, asked
from tracker.actions.imports.former import under_ids
from tracker.db.former import former_ids
from tracker.db.padded import names_of, padded_lengths, powers_of_ten
from tracker.domain.errors import BadInput
from tracker.domain.names import may_be_one_person
from tracker.intake.rows import Question, Reading

NEW = "new"


@dataclass(slots=True)
class Zeros:
    """What has to be asked about which reading, and which readings have an answer that is none."""

    questions: list[tuple[Reading, Question]] = field(default_factory=list)
    refused: list[tuple[Reading, str]] = field(default_factory=list)


def settle_zeros(context: Context, readings: Sequence[Reading]) -> Zeros:
    """Puts rows whose id lost its zeros under the id meant, as far as that was answered; asks about the others."""
    zeros = Zeros()
    connection = context.made.connection
    lengths = padded_lengths(connection)
    longer = {each: found for each in set(_ids(readings)) if (found := _longer(each, lengths))} if lengths else {}
    if any(number.endswith("0") for number in _numbers(readings)):
        powers = powers_of_ten(connection)
        longer |= {each: [*longer.get(each, ()), *powers[each]] for each in _numbers(readings) & powers.keys()}
    if not longer:
        return zeros
    names = names_of(connection, {*longer, *(one for some in longer.values() for one in some)})
    meant = {
        each: known for each, some in longer.items() if each not in names and (known := [i for i in some if i in names])
    }
    # Whose id that was before is asked in other words.
    for employee_id in former_ids(connection, meant, context.made.seq) if meant else ():
        del meant[employee_id]
    now: dict[str, str] = {}
    for employee_id, known in sorted(meant.items()):
        naming = [reading for reading in readings if employee_id in set(_ids([reading]))]
        choices = (*known, NEW)
        try:
            answer = context.settled.answer(f"zeros:{employee_id}", choices)
        except BadInput as error:
            zeros.refused += [(reading, str(error)) for reading in naming]
            continue
        if answer is None:
            for reading in naming:
                text = _text(employee_id, {each: names[each] for each in known}, reading)
                zeros.questions.append((reading, asked("zeros", employee_id, text, choices, "--answers")))
        elif answer != NEW:
            now[employee_id] = answer
    under_ids(readings, now)
    return zeros


def _rows(readings: Sequence[Reading]) -> Iterator[Sequence[Any]]:
    for table in (table for reading in readings for table in reading.tables if table.kind != "units"):
        yield table.rows
        yield table.cards
        yield table.booked


def _ids(readings: Sequence[Reading]) -> Iterator[str]:
    return (row.employee_id for rows in _rows(readings) for row in rows)


def _numbers(readings: Sequence[Reading]) -> set[str]:
    """The ids that are no texts in their files."""
    return {each for reading in readings for table in reading.tables for each in table.from_numbers}


def _longer(employee_id: str, lengths: set[int]) -> list[str]:
    """What an id would be with more zeros, in the lengths of those on record that begin with one."""
    if not (employee_id.isascii() and employee_id.isdecimal()):
        return []
    return [employee_id.zfill(length) for length in sorted(lengths) if length > len(employee_id)]


def _text(employee_id: str, known: Mapping[str, str | None], reading: Reading) -> str:
    """The question, which says how far the names agree, and none of them."""
    named = set(_names(employee_id, reading))
    listed = ", ".join(f"{each} is ({_agreement(named, name)})" for each, name in known.items())
    why, asked_if = "", "Were zeros lost?"
    if not all(map(str.isdecimal, known)):
        why = ", of which a spreadsheet program makes that number unless the column is formatted as text"
        asked_if = "Is it that id?"
    elif employee_id in _numbers([reading]):
        why = ", and it stands in the file as a number, which cannot begin with zeros"
    return (
        f"Nobody on record has the employee id {employee_id}, but {listed}{why}. {asked_if} Answer with the id "
        "that is meant, or new if this is somebody else."
    )


def _names(employee_id: str, reading: Reading) -> Iterator[str]:
    """What a file calls somebody, in a column of a roster or beside the rows of a list."""
    for table in (table for table in reading.tables if table.kind != "units"):
        rows: Sequence[Any] = table.rows
        for row in rows:
            name = getattr(row, "name", None) or table.names.get(row.row)
            if row.employee_id == employee_id and name:
                yield name


def _agreement(named: set[str], known: str | None) -> str:
    if not named:
        return "no name is read beside it"
    if not known:
        return "without a name on record"
    same = all(may_be_one_person(name, known) for name in named)
    return "the name agrees" if same else "the name on record is clearly different"
