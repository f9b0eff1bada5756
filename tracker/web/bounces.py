"""Addresses from which mail comes back: why, since when, whose; and sending to them again."""

from fastapi import APIRouter
from fastapi.responses import Response

from tracker.actions.lift_bounce import lift_bounce
from tracker.db.bounces import Bounce, people_at
from tracker.db.connect import Connection
from tracker.db.former import ids_now
from tracker.db.mail_pages import bounces_page, within
from tracker.domain.errors import BadInput
from tracker.domain.names import address_key
from tracker.web.gate import Visit
from tracker.web.mail import SeesMail, SendsMail
from tracker.web.pages import ROWS, page, see
from tracker.web.typed import Before, Number

router = APIRouter()


@router.get("/mail/bounces")
def listed(visit: SeesMail, before: Before = None) -> Response:
    """The addresses, the latest first, with those whose they are."""
    with visit.database.read() as connection:
        found, follows = bounces_page(connection, visit.scope, visit.today, before, ROWS)
        owners = people_at(connection, {address_key(one.address) for one in found})
        names = within(connection, visit.scope, visit.today, owners)
        called = ids_now(connection, names)
    whose = {
        one.id: [(called[number], names[number]) for number in names if owners[number] == address_key(one.address)]
        for one in found
    }
    return page("mail-bounces", visit, bounces=found, whose=whose, follows=follows, before=before)


@router.post("/mail/bounces/{number:int}/lift")
def lift(visit: SendsMail, number: Number) -> Response:
    """Takes the mark from an address: mails go to it again."""
    with visit.database.read() as connection:
        found = _still(connection, visit, number)
    lift_bounce(
        visit.database, visit.author.if_still(lambda connection: _still(connection, visit, number)), found.address
    )
    return see(visit, "/mail/bounces", done="bounce-lifted")


def _still(connection: Connection, visit: Visit, number: int) -> Bounce:
    found, _ = bounces_page(connection, visit.scope, visit.today, number + 1, 1)
    if not found or found[0].id != number:
        raise BadInput("That address is not marked (any more); look at the list of those that are.")
    return found[0]
