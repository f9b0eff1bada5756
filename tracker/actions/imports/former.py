"""Employee ids that somebody had before: the same person under an old id, or somebody new who was given it?"""

from functools import partial

from tracker.actions.imports.context import Context, called
from tracker.actions.imports.naming import NamedIds, Settling
from tracker.db.contacts import contacts_of
from tracker.db.former import former_ids, given_up
from tracker.intake.rows import Reading

# The answers to the question whose a former id is.
FORMER = ("same", "new")


def settle_former(context: Context, named: NamedIds, settling: Settling) -> set[str]:
    """Settles or asks about ids that somebody had before; returns them.

    They are few, if there are any, so they are looked up, and not all that the files name.
    """
    connection = context.made.connection
    once = given_up(connection)
    found = former_ids(connection, once & named.ids) if once else {}
    today = context.reach.theirs({former.employee_id for former in found.values()})
    found = {each: former for each, former in found.items() if former.employee_id in today}
    holders = contacts_of(connection, sorted(today), context.today) if today else []
    names = {one.employee_id: one.name for one in holders}
    for employee_id, former in sorted(found.items()):
        text = partial(_text, employee_id, called(former.employee_id, names.get(former.employee_id)))
        answer = named.settle(settling, "former", employee_id, FORMER, text)
        if answer == "same":
            settling.now[employee_id] = former.employee_id
        elif answer == "new":
            context.given_anew.add(employee_id)
    return set(found)


def _text(employee_id: str, now: str, _: Reading) -> str:
    return (
        f"{employee_id} was the employee id of somebody who is {now} now. "
        "Does the file mean the same person (same), or somebody new who has the id now (new)?"
    )
