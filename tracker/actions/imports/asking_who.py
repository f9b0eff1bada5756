"""The questions whose rows without employee ids are, with those who may be meant to choose from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tracker.actions.imports.context import Context, asked
from tracker.db.contacts import Contact, contacts_of, with_names, working_in
from tracker.intake.near_names import NearNames
from tracker.intake.rows import Question, Reading

SKIP = "skip"
# Candidates that a question names.
_SHOWN = 10
# Names of a command for which near ones are looked up, a twentieth of a second each among 100,000 people.
_SOUGHT = 100


class Open(NamedTuple):
    """A row of which it is open whose it is, and why; `people` are those who have its name or its address."""

    reading: Reading
    row: int
    name: str | None
    identity: str
    people: list[str]
    why: str


def questions_of(
    context: Context, brought: Mapping[str, Contact], rows: Sequence[Open]
) -> list[tuple[Reading, Question]]:
    """The question about each row; where nobody has its name or address, with those whose names are near.

    Args:
        brought: whom the rosters of the command bring, by employee id.
        rows: one for each thing that rows say.
    """
    if not rows:
        return []
    near = _near(context, brought, rows)
    choices = [one.people[:_SHOWN] or near.get(one.name or "", []) for one in rows]
    named = {employee_id for people in choices for employee_id in people}
    on_record = contacts_of(context.made.connection, sorted(named), context.today)
    known = {one.employee_id: one for one in context.reach.contacts(on_record)}
    known |= {employee_id: brought[employee_id] for employee_id in named if employee_id in brought}
    return [
        (one.reading, asked("who", one.identity, _text(one, people, known), (*people, SKIP), "--answers"))
        for one, people in zip(rows, choices, strict=True)
    ]


def _near(context: Context, brought: Mapping[str, Contact], rows: Sequence[Open]) -> dict[str, list[str]]:
    names = list(dict.fromkeys(one.name for one in rows if one.name and not one.people))[:_SOUGHT]
    if not names:
        return {}
    everybody = (*brought.values(), *_everybody(context))
    near = NearNames({one.employee_id: one.name for one in everybody if one.name}.items())
    return {name: near.of(name) for name in names}


def _everybody(context: Context) -> Iterable[Contact]:
    connection, reach = context.made.connection, context.reach
    if reach.scope is None:
        return with_names(connection)
    return reach.contacts(working_in(connection, reach.scope.units, context.today))


def _text(one: Open, people: Sequence[str], known: Mapping[str, Contact]) -> str:
    listed = ", ".join(_described(employee_id, known.get(employee_id)) for employee_id in people)
    if listed:
        listed = f" ({listed})" if one.people else f"; near are {listed}"
    return (
        f"Row {one.row} has no employee id, and {one.why}{listed}. Whose is it? Answer with an employee id, or skip to "
        "leave the row out. Somebody new has to come in with a file that has employee ids."
    )


def _described(employee_id: str, one: Contact | None) -> str:
    if one is None:
        return employee_id
    return " ".join(filter(None, (employee_id, one.name, one.unit and f"in {one.unit}")))
