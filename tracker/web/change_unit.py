"""The form by which a unit is added, or said anew where it belongs and who answers for it."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.change_unit import Said, change_unit
from tracker.db.units import unit_in
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.web.gate import Needs, Visit
from tracker.web.pages import page, see, unit_path
from tracker.web.typed import Lines, Text, Words

router = APIRouter()
Keeping = Annotated[Visit, Depends(Needs(Right.SET_POLICY))]


@router.get("/change-unit")
def ask(visit: Keeping, unit: str = "") -> Response:
    """The form about a unit, or, without one, about a new one."""
    if not unit:
        return page("change-unit", visit, said=Said(""), is_new=True, error="")
    with visit.database.read() as connection:
        found = unit_in(connection, visit.scope, unit)
    if found is None:
        raise BadInput(f"There is no unit '{unit}'; names are compared exactly, and the list of units has them.")
    managers = "; ".join((found.managers or "").split(";"))
    said = Said(found.name, found.facility or "", managers, found.director or "")
    return page("change-unit", visit, said=said, is_new=False, error="")


@router.post("/change-unit")
def record(
    visit: Keeping, name: Text = "", facility: Text = "", managers: Lines = "", director: Words = "", new: Text = ""
) -> Response:
    """Records it, and goes on to the unit's page."""
    said = Said(name, facility, managers, director)
    try:
        recorded = change_unit(visit.database, visit.author, said, is_new=bool(new))
    except BadInput as error:
        return page("change-unit", visit, 400, said=said, is_new=bool(new), error=str(error))
    return see(visit, unit_path(recorded), done="unit")
