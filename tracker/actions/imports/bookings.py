"""Classes that cells for dates tell of ("enrolled 1/9/26"): offered, and recorded once somebody said yes."""

from collections.abc import Mapping

from tracker.actions.imports.context import Context
from tracker.actions.imports.named import Beside, is_other
from tracker.actions.imports.result import Offer, TableReport
from tracker.db.known import booked_classes
from tracker.db.tables import bookings
from tracker.intake.rows import Booked

# The answers to the offer to record a class.
RECORD = ("yes", "no")

_OTHER = "A class seems to be booked, but the row's name is clearly another than that of whoever has the employee id."

# What is said of a cell, by its row and field.
Told = dict[tuple[int, str], str]


def apply_bookings(context: Context, rows: Mapping[str, list[Booked]], called: Beside, report: TableReport) -> Told:
    """Records the classes that were confirmed, unless they are on record; says of each cell what can be done."""
    known = context.made.cards_of(rows)
    held = booked_classes(context.made.connection, [person.id for person in known.values()])
    told: Told = {}
    added: list[tuple[object, ...]] = []
    for employee_id, theirs in rows.items():
        person = known.get(employee_id)
        unclear = called.two_names(employee_id) if person and not person.name else None
        for one in theirs if person and not unclear else ():
            if one.type not in context.policy.types or report.outcomes.get(one.row) == "rejected":
                continue
            # Of a row that was taken in, the name was looked at then; it may be a new one.
            if one.row not in report.outcomes and is_other(person.name if person else None, one.name):
                told[one.row, one.field] = _OTHER
                continue
            fact = (person.id if person else 0, one.type, one.day)
            told[one.row, one.field] = _said(context, one, recorded=fact in held)
            if one.day and fact not in held:
                report.offers.append(_offer(context, one, person.name if person else None))
            if one.day and fact not in held and _answer(context, one) == "yes":
                held.add(fact)
                added.append(fact)
                report.put_booked(one.row)
    context.made.record(bookings, added)
    return told


def _offer(context: Context, one: Booked, name: str | None) -> Offer:
    answer = _answer(context, one) or ""
    return Offer(_question(one), one.employee_id, name or one.name, one.type, str(one.day), answer)


def _answer(context: Context, one: Booked) -> str | None:
    return context.settled.answer(_question(one), RECORD)


def _question(one: Booked) -> str:
    return f"booking:{one.employee_id}:{one.type}:{one.day}"


def _said(context: Context, one: Booked, *, recorded: bool) -> str:
    """What becomes of a class, in words."""
    if one.day is None:
        return f"A class for {one.type} seems to be booked; to record it, write its day as 2026-12-03."
    class_on = f"class for {one.type} on {one.day}"
    answer = _answer(context, one)
    if recorded or answer == "yes":
        # In the same words at every import, so that the copy of the rows left out stays the same.
        return f"The {class_on} is recorded as booked."
    if answer == "no":
        return f"The {class_on} is not recorded, as was answered."
    return f'A {class_on} seems to be booked; to record it, answer "{_question(one)}" = "yes" in an --answers file.'
