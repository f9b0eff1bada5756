"""Keeps a file that shows a card; says which card it shows; takes it back."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, Change, change
from tracker.db.connect import Connection, Database
from tracker.db.evidence import files_named, next_item
from tracker.db.former import unknown
from tracker.db.known import KnownCards, known_cards
from tracker.db.people import facts_by_person
from tracker.db.tables import evidence, refusals, submissions
from tracker.domain.errors import BadInput, NotPossible
from tracker.domain.facts import Evidence, Refusal, Submission
from tracker.intake.evidence import PDF, EvidenceFile, load_evidence
from tracker.intake.guard import text_of_pdf

# Characters of a file's name that are kept.
LONGEST_NAME = 200


class Kept(NamedTuple):
    """What is on record now. `text` is that of a PDF; `is_new` says whether anything was recorded."""

    item: int
    card: int | None
    is_new: bool
    media_type: str
    text: str


def keep_evidence(
    database: Database,
    author: Author,
    files: KeptFiles,
    employee_id: str,
    given: Path | EvidenceFile,
    card: int | None = None,
) -> Kept:
    """Keeps a file as evidence about a person, of a card if it is said which.

    Kept once, however often it is handed in; with a card, what was kept without one is attached to it. Raises BadInput
    if the file cannot be taken, or if there is no such person or card.
    """
    with database.read() as connection:
        _check(_person(connection, employee_id), card)
    file = load_evidence(given) if isinstance(given, Path) else given
    digest = sha256(file.data).hexdigest()
    with files.draft(file.data) as draft:
        text = text_of_pdf(draft, file.name) if file.media_type == PDF else ""
        files.keep(draft, digest)
    with change(database, author, "evidence-add") as made:
        person = _person(made.connection, employee_id)
        _check(person, card)
        if not files.holds(digest):
            raise NotPossible(f"{file.name} was kept and is gone; see that nobody tidies the data folder, try again.")
        item, new = _record(made, person.id, file, digest, card)
    with suppress(NotPossible):
        # It waits for its turn to write, and can be done another time.
        _sweep(database, files, digest)
    return Kept(item.item, item.card, new, file.media_type, text)


def attach_evidence(database: Database, author: Author, employee_id: str, item: int, card: int) -> None:
    """Says which card a piece of evidence shows; raises BadInput if there is no such piece or card."""
    with change(database, author, "evidence-attach", f"evidence:{item}") as made:
        attach(made, employee_id, item, card)


def attach(made: Change, employee_id: str, item: int, card: int) -> None:
    """The same as part of a change that records more than that."""
    person = _person(made.connection, employee_id)
    _check(person, card)
    _replace(made, person.id, piece_of(made.connection, person, item), card)


def retract_evidence(database: Database, author: Author, employee_id: str, item: int, why: str) -> None:
    """Takes back a piece of evidence that should not be on record. The file stays: the history names it."""
    with change(database, author, "evidence-retract", f"evidence:{item}", why) as made:
        person = _person(made.connection, employee_id)
        made.retract(evidence, [piece_of(made.connection, person, item).id])
        _wait_no_longer(made, person.id)


def piece_of(connection: Connection, person: KnownCards, item: int) -> Evidence:
    """A piece of evidence by its number; raises BadInput, naming those on record, if it is not the person's."""
    held = _held(connection, person.id)
    for one in held:
        if one.item == item:
            return one
    known = ", ".join(str(one.item) for one in held) or "none"
    raise BadInput(f"{person.employee_id} has no evidence {item}; on record: {known}.")


def _record(made: Change, person: int, file: EvidenceFile, digest: str, card: int | None) -> tuple[Evidence, bool]:
    """The piece of evidence that is on record in the end, and whether something was recorded for it."""
    same = [one for one in _held(made.connection, person) if one.sha256 == digest]
    for one in same:
        if card in (None, one.card):
            return one, False
    unattached = next((one for one in same if one.card is None), None)
    if unattached:
        made.about(f"evidence:{unattached.item}")
        return _replace(made, person, unattached, card), True
    item = next_item(made.connection)
    made.about(f"evidence:{item}")
    new = Evidence(0, item, card, digest, file.media_type, len(file.data), _safe(file.name))
    made.record(evidence, [(person, *new[1:])])
    return new, True


def _replace(made: Change, person: int, one: Evidence, card: int | None) -> Evidence:
    after = one._replace(card=card)
    if after != one:
        made.retract(evidence, [one.id])
        made.record(evidence, [(person, *after[1:])])
        _wait_no_longer(made, person)
        _refused_no_longer(made, person, one.item)
    return after


def _wait_no_longer(made: Change, person: int) -> None:
    """Ends the submissions of files that show a card by now, or are gone."""
    left = {None, *(one.item for one in _held(made.connection, person) if one.card is None)}
    ended = [one.id for one in submitted(made.connection, person) if one.item not in left]
    if ended:
        made.retract(submissions, ended)


def _refused_no_longer(made: Change, person: int, item: int) -> None:
    """Takes the refusal of a file back that shows a card after all."""
    ended = [one.id for one in refused(made.connection, person) if one.item == item]
    if ended:
        made.retract(refusals, ended)


def refused(connection: Connection, person: int) -> list[Refusal]:
    """The cards of a person that were refused."""
    return facts_by_person(connection, refusals, Refusal, [person]).get(person, [])


def submitted(connection: Connection, person: int) -> list[Submission]:
    """The cards of a person that wait to be checked."""
    return facts_by_person(connection, submissions, Submission, [person]).get(person, [])


def kept_items(connection: Connection, person: int) -> set[int]:
    """The numbers of a person's evidence on record."""
    return {one.item for one in _held(connection, person)}


def _held(connection: Connection, person: int) -> list[Evidence]:
    return facts_by_person(connection, evidence, Evidence, [person]).get(person, [])


def _person(connection: Connection, employee_id: str) -> KnownCards:
    found = known_cards(connection, [employee_id]).get(employee_id)
    if found is None:
        raise unknown(connection, employee_id)
    return found


def _check(person: KnownCards, card: int | None) -> None:
    if card is not None and card not in {one.id for one in person.cards}:
        known = ", ".join(f"{one.id} ({one.type})" for one in person.cards) or "none"
        raise BadInput(f"{person.employee_id} has no card {card}; on record: {known}.")


def _safe(name: str) -> str:
    """A file's name as it is kept: of any length and with anything in it, it came from somewhere else."""
    return "".join(char if char.isprintable() else " " for char in name)[:LONGEST_NAME]


def _sweep(database: Database, files: KeptFiles, digest: str) -> None:
    """Removes what failed changes left behind, each time in one of 256 folders.

    While it looks, nobody can record a fact: what is about to be named is named already, or is of today.
    """
    start = digest[:2]
    with database.write() as connection:
        files.sweep(start, files_named(connection, start))
