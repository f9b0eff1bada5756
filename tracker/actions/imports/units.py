"""Unit rows: where a unit belongs and who answers for it."""

from collections.abc import Sequence

from tracker.actions.imports.context import Context
from tracker.actions.imports.result import TableReport
from tracker.actions.unit_book import UnitBook
from tracker.db.known import Unit
from tracker.domain.policy import words
from tracker.intake.rows import UnitRow


def apply_units(context: Context, rows: Sequence[UnitRow], report: TableReport) -> None:
    """Records units that are new or say something new; a blank never erases."""
    book = UnitBook(context.made)
    for row in rows:
        key = words(row.unit)
        old = book.find(row.unit)
        new = _merged(old, row._replace(unit=book.spelled(row.unit)))
        elsewhere = context.named_before("unit", key)
        if elsewhere and new != old:
            reason = f"{elsewhere} says something else of the unit {new.name}; correct one of them."
            report.reject(row.row, "unit", reason)
            continue
        report.put(row.row, "new" if old is None else "unchanged" if new == old else "changed")
        book.say(new)
        context.name(report, row.row, "unit", key)
    book.store()
    context.progress(len(rows))


def _merged(old: Unit | None, row: UnitRow) -> Unit:
    if old is None:
        return Unit(0, row.unit, row.facility, row.managers, row.director)
    return old._replace(
        facility=row.facility or old.facility,
        managers=row.managers or old.managers,
        director=row.director or old.director,
    )
