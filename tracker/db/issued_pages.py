"""Issued reports a page at a time, as far as somebody may see them. RULES: section 8."""

import json

from sqlalchemy import ColumnElement, Connection, false, or_

from tracker.db.issues import Issue, issues_where
from tracker.db.tables import issues
from tracker.domain.scope import EVERYONE, InUnits, Scope


def issued_page(connection: Connection, scope: Scope, before: int | None, limit: int) -> tuple[list[Issue], int | None]:
    """So many of the latest, from those before a number; and the number to go on from, None at the end."""
    conditions = [_may_be_within(scope)]
    if before is not None:
        conditions.append(issues.c.id < before)
    found = issues_where(connection, *conditions, limit=limit + 1)
    follows = found[limit - 1].number if len(found) > limit else None
    return [one for one in found[:limit] if is_within(one, scope)], follows


def is_within(one: Issue, scope: Scope) -> bool:
    """Whether a report tells nothing but what a scope shows; in one of units it has to name its own, and to keep to
    what those see."""
    if scope == EVERYONE:
        return True
    units = one.parameters.get("units") or ()
    its = isinstance(scope, InUnits) and bool(units) and set(units) <= set(scope.units)
    return its and bool(one.parameters.get("for_units"))


def _may_be_within(scope: Scope) -> ColumnElement[bool]:
    """What the first unit that a report names says of it; the others are looked at one by one."""
    if not isinstance(scope, InUnits):
        return issues.c.id > 0
    begins = [f'"units": [{json.dumps(unit)}' for unit in scope.units]
    return or_(false(), *(issues.c.parameters.contains(text, autoescape=True) for text in begins))
