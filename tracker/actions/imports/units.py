"""Unit rows: where a unit belongs and who answers for it."""

from collections.abc import Sequence

from tracker.actions.imports.context import Context
from tracker.actions.imports.result import TableReport
from tracker.db.known import Unit, all_units, unit_names
from tracker.db.tables import units
from tracker.domain.policy import words
from tracker.intake.rows import UnitRow


def apply_units(context: Context, rows: Sequence[UnitRow], report: TableReport) -> None:
    """Records units that are new or say something new; a blank never erases."""
    before = {words(unit.name): unit for unit in all_units(context.made.connection)}
    # As a roster that came before spells it: who answers for the unit is found by its name.
    spelling = {words(name): name for name in unit_names(context.made.connection)}
    after: dict[str, Unit] = {}
    for row in rows:
        key = words(row.unit)
        row = row._replace(unit=spelling.get(key, row.unit))  # noqa: PLW2901 the same row
        old = after.get(key) or before.get(key)
        new = _merged(old, row)
        elsewhere = context.named_before("unit", key)
        if elsewhere and new != old:
            reason = f"{elsewhere} says something else of the unit {row.unit}; correct one of them."
            report.reject(row.row, "unit", reason)
            continue
        report.put(row.row, "new" if old is None else "unchanged" if new == old else "changed")
        after[key] = new
        context.name(report, row.row, "unit", key)
    retracted = [before[key].id for key, unit in after.items() if key in before and unit != before[key]]
    if retracted:
        context.made.retract(units, retracted)
    context.made.record(units, [unit[1:] for key, unit in after.items() if unit != before.get(key)])
    context.progress(len(rows))


def _merged(old: Unit | None, row: UnitRow) -> Unit:
    if old is None:
        return Unit(0, row.unit, row.facility, row.managers, row.director)
    return old._replace(
        facility=row.facility or old.facility,
        managers=row.managers or old.managers,
        director=row.director or old.director,
    )
