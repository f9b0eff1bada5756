"""Employee ids that somebody had before: the same person under an old id, or somebody new who was given it?"""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.actions.imports.context import Context, asked
from tracker.actions.imports.file import File
from tracker.db.former import former_ids
from tracker.domain.errors import BadInput
from tracker.intake.rows import Reading

# The answers to the question whose a former id is.
FORMER = ("same", "new")


def settle_former(context: Context, files: Sequence[File], refused: list[tuple[Reading, str]]) -> bool:
    """Settles or asks about ids that some rows name and that somebody had before.

    Returns whether the import has to be done anew, because of what was settled.
    """
    unsure = context.unsure - context.former.keys()
    found = former_ids(context.made.connection, unsure, context.made.seq) if unsure else {}
    for employee_id, former in sorted(found.items()):
        naming = [file for file in files if employee_id in set(file.names())]
        try:
            answer = context.settled.answer(f"former:{employee_id}", FORMER)
        except BadInput as error:
            refused += [(file.reading, str(error)) for file in naming]
            continue
        if answer is None:
            text = (
                f"{employee_id} was the employee id of somebody who is {former.employee_id} now. "
                "Does the file mean the same person (same), or somebody new who has the id now (new)?"
            )
            for file in naming:
                file.reports[0].questions.append(asked("former", employee_id, text, FORMER, "--answers"))
        else:
            context.former[employee_id] = former.employee_id if answer == "same" else None
    return any(employee_id in context.former for employee_id in found)


def under_todays_ids(context: Context, readings: Sequence[Reading]) -> None:
    """Puts the rows about people who were settled to be the same under the ids that they have now."""
    under_ids(readings, {before: after for before, after in context.former.items() if after is not None})


def under_ids(readings: Sequence[Reading], now: Mapping[str, str]) -> None:
    """Puts rows about people under other ids."""
    if not now:
        return
    for table in (table for reading in readings for table in reading.tables if table.kind != "units"):
        table.rows = _redirected(table.rows, now)
        table.cards = _redirected(table.cards, now)
        table.booked = _redirected(table.booked, now)


def _redirected(rows: Sequence[Any], now: Mapping[str, str]) -> Any:
    return [row._replace(employee_id=now[row.employee_id]) if row.employee_id in now else row for row in rows]
