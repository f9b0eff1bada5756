"""Who somebody is: another employee id, two records that are one person's, and either taken back."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.db.accounts import move_staff
from tracker.db.change import Author, Change, change
from tracker.db.connect import Connection, Database
from tracker.db.former import MERGE, RENAME, UNDO, former_ids, undone_changes, unknown
from tracker.db.ids import keep_ids
from tracker.db.known import fact_of, facts_held, known_people, underway
from tracker.db.people import facts_by_person
from tracker.db.policies import load_rulebook
from tracker.db.tables import (
    FactTable,
    absences,
    assignments,
    bookings,
    cards,
    evidence,
    exemptions,
    identities,
    keepings,
    refusals,
    submissions,
    verifications,
)
from tracker.db.taking_back import refuse_if_built_upon, take_back
from tracker.db.trail import entry
from tracker.domain.errors import BadInput
from tracker.domain.facts import Evidence, Keeping, PersonFacts, Refusal
from tracker.domain.merging import (
    Joined,
    join_answers,
    join_assignments,
    join_cards,
    join_evidence,
    join_keepings,
    join_others,
    join_periods,
)
from tracker.domain.names import may_be_one_person
from tracker.domain.same_assignment import SameRole

THEN = "undo those first (the latest first), or retract what they recorded"


class Told(NamedTuple):
    """The number of a change, and what it does, in words without names."""

    seq: int
    lines: list[str]


def rename_person(database: Database, author: Author, old: str, new: str, why: str, *, dry_run: bool = False) -> Told:
    """Gives a person another employee id.

    Raises BadInput if nobody has the old one, or somebody else has the new one.
    """
    with change(database, author, RENAME, note=why, dry_run=dry_run) as made:
        person = _person(made.connection, old)
        if old == new:
            raise BadInput(f"{old} is the employee id already; name the new one after the old one.")
        if new in known_people(made.connection, [new], load_rulebook(made.connection).newest.timezone).facts:
            raise BadInput(
                f"{new} is the employee id of somebody else on record; if both are one person, "
                f"use 'tracker person merge {old} {new}'."
            )
        lines = [f"{old} is {new} from now on; what the records said before keeps the old id."]
        before = former_ids(made.connection, [new]).get(new)
        if before and before.employee_id != old:
            lines.append(f"Note: {new} was the employee id of somebody who is {before.employee_id} now.")
        made.about(f"person:{person.id}")
        made.retract(identities, _facts(made, identities, person.id))
        made.record(identities, [(person.id, new, person.name, person.email)])
        keep_ids(made, [person.id])
        return Told(made.seq, lines)


def merge_people(
    database: Database, author: Author, gone_id: str, kept_id: str, why: str, today: date, *, dry_run: bool = False
) -> Told:
    """Makes two records one: what is known of the first is known of the second, and the first is nobody any more.

    Raises BadInput if either is not known, or if their cards contradict each other.
    """
    with change(database, author, MERGE, note=why, dry_run=dry_run) as made:
        gone, kept = _person(made.connection, gone_id), _person(made.connection, kept_id)
        if gone.id == kept.id:
            raise BadInput(f"{gone_id} and {kept_id} are one record already; name two.")
        made.about(f"person:{gone.id} into person:{kept.id}")
        lines = _names(gone, kept)
        for table, joined in _joined(made, gone, kept, today).items():
            _store(made, table, gone.id, kept.id, joined)
            lines += joined.notes
        move_staff(made, gone.id, kept.id)
        made.retract(identities, [number for one in (gone, kept) for number in _facts(made, identities, one.id)])
        # Recorded anew even if it says the same: by it, the day is found on which the other was first recorded.
        made.record(identities, [(kept.id, kept_id, kept.name or gone.name, kept.email or gone.email)])
        lines.append(f"{gone_id} is nobody any more; all of it is {kept_id}'s.")
        return Told(made.seq, lines)


def undo_person_change(
    database: Database, author: Author, seq: int, why: str | None = None, *, dry_run: bool = False
) -> tuple[int, int]:
    """Takes a rename or a merge back, by its entry in the trail; returns how many facts go and how many hold again.

    Raises BadInput if the entry is none, was taken back before, or something later builds on it (which is listed).
    """
    with change(database, author, UNDO, f"change:{seq}", why, dry_run=dry_run) as made:
        found = entry(made.connection, seq)
        if found is None or found.action not in (RENAME, MERGE):
            raise BadInput(f"Entry {seq} of the trail renamed or merged nobody; 'tracker audit log' lists the entries.")
        if seq in undone_changes(made.connection):
            raise BadInput(f"Entry {seq} was taken back already; nothing is left to undo.")
        refuse_if_built_upon(made.connection, seq, f"Entry {seq}", THEN)
        return take_back(made, seq)


def _person(connection: Connection, employee_id: str) -> PersonFacts:
    timezone = load_rulebook(connection).newest.timezone
    found = known_people(connection, [employee_id], timezone).facts.get(employee_id)
    if found is None:
        raise unknown(connection, employee_id)
    return found


def _names(gone: PersonFacts, kept: PersonFacts) -> list[str]:
    """What to look at before two people are taken for one."""
    if gone.name and kept.name and not may_be_one_person(gone.name, kept.name):
        return ["Note: the two records have clearly different names; the one of the record that stays is kept."]
    return []


def _joined(made: Change, gone: PersonFacts, kept: PersonFacts, today: date) -> dict[FactTable, Joined]:
    """What becomes of everything but the names."""
    policy = load_rulebook(made.connection).on(today)
    (kept_booked, kept_handed), (booked, handed) = (underway(made.connection, one.id) for one in (kept, gone))
    of_cards, same = join_cards(policy, kept.cards, gone.cards, today)
    return {
        assignments: join_assignments(kept.assignments, gone.assignments, SameRole(policy)),
        cards: of_cards,
        verifications: join_answers(kept.verifications, gone.verifications, same),
        evidence: join_evidence(_evidence(made, kept.id), _evidence(made, gone.id), same),
        absences: join_periods(kept.absences, gone.absences),
        exemptions: join_periods(kept.exemptions, gone.exemptions),
        bookings: join_others(kept_booked, booked, "A class"),
        submissions: join_others(kept_handed, handed, "A card handed in"),
        keepings: join_keepings(_keepings(made, kept.id), _keepings(made, gone.id)),
        refusals: join_others(_refusals(made, kept.id), _refusals(made, gone.id), "A refused card"),
    }


def _evidence(made: Change, number: int) -> list[Evidence]:
    return facts_by_person(made.connection, evidence, Evidence, [number]).get(number, [])


def _keepings(made: Change, number: int) -> list[Keeping]:
    return facts_by_person(made.connection, keepings, Keeping, [number]).get(number, [])


def _refusals(made: Change, number: int) -> list[Refusal]:
    return facts_by_person(made.connection, refusals, Refusal, [number]).get(number, [])


def _store(made: Change, table: FactTable, gone: int, kept: int, joined: Joined) -> None:
    replaced: Sequence[int] = joined.replaced
    if table is cards and replaced:
        of_card = fact_of(made.connection, cards, [kept])
        replaced = [of_card[number] for number in replaced]
    left = [*_facts(made, table, gone), *replaced]
    if left:
        made.retract(table, left)
    # A card keeps its own number; all other facts get new ones.
    made.record(table, [(kept, *(one if table is cards else one[1:])) for one in joined.recorded])


def _facts(made: Change, table: FactTable, number: int) -> list[int]:
    return facts_held(made.connection, table, number)
