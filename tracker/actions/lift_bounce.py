"""Takes back that mail to an address comes back: mails go to it again."""

from tracker.db.bounces import Bounce, bounces_that_hold
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.tables import bounces
from tracker.domain.errors import BadInput
from tracker.domain.names import address_key


def lift_bounce(database: Database, author: Author, address: str) -> Bounce:
    """Retracts the mark of an address, in whatever case it is written; raises BadInput if it has none."""
    with change(database, author, "bounce-lift") as made:
        found = bounces_that_hold(made.connection).get(address_key(address.strip()))
        if found is None:
            raise BadInput("That address is not marked; 'tracker mail bounces' lists those that are.")
        made.about(f"bounce:{found.id}")
        made.retract(bounces, [found.id])
    return found
