"""One exemption at a time: given, ended, retracted.

What is noted beside such a change may tell of an illness, as an exemption's reason may: it is for the same few.
"""

from datetime import date

from tracker.actions.one_fact import person_in, put_in_place, standing_as
from tracker.db.change import Author, change
from tracker.db.connect import Database
from tracker.db.policies import load_rulebook
from tracker.db.tables import exemptions
from tracker.domain.access import EXEMPTING
from tracker.domain.errors import BadInput
from tracker.domain.facts import Exemption


def give_exemption(database: Database, author: Author, employee_id: str, exemption: Exemption) -> None:
    """Records an exemption.

    Raises BadInput if no policy knows the requirement, it ends before it begins, or one of the same requirement from
    that day on is on record.
    """
    with change(database, author, f"{EXEMPTING}give") as made:
        person = person_in(made, employee_id)
        known = {one.id for _, policy in load_rulebook(made.connection).reigns for one in policy.requirements}
        if exemption.requirement not in known:
            raise BadInput(
                f"The policy has no requirement '{exemption.requirement}'; it has {', '.join(sorted(known))}."
            )
        if exemption.until < exemption.starts_on:
            raise BadInput(
                f"The exemption ends ({exemption.until}) before it begins ({exemption.starts_on}); correct one of them."
            )
        if any(one[1:3] == exemption[1:3] for one in person.exemptions):
            raise BadInput(
                f"An exemption from '{exemption.requirement}' from {exemption.starts_on} on is on record already; "
                "end or retract that one first."
            )
        made.record(exemptions, [(person.id, *exemption[1:])])


def end_exemption(
    database: Database, author: Author, employee_id: str, number: int, until: date, why: str | None
) -> None:
    """Lets an exemption end on an earlier day, which is its last; raises BadInput if that is none of its days."""
    with change(database, author, f"{EXEMPTING}end", note=why) as made:
        person = person_in(made, employee_id)
        old = standing_as(person.exemptions, number)
        if not old.starts_on <= until < old.until:
            raise BadInput(
                f"The exemption runs from {old.starts_on} through {old.until}; name an earlier last day within that, "
                "or retract it if it should never have been given."
            )
        put_in_place(made, exemptions, person, old, old._replace(until=until))


def retract_exemption(database: Database, author: Author, employee_id: str, number: int, why: str) -> None:
    """Retracts an exemption that should never have been given."""
    with change(database, author, f"{EXEMPTING}retract", note=why) as made:
        person = person_in(made, employee_id)
        made.retract(exemptions, [standing_as(person.exemptions, number).id])
