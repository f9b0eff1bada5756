"""Gathers the pack that a surveyor asks for: of each person everything that stands behind the standings of a day.

Whoever makes one looks at evidence, so the trail says who did and about whom.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from tracker.actions.find_people import find_within
from tracker.actions.gather_day import Day, gather_day
from tracker.actions.kept_files import KeptFiles
from tracker.db.change import Author, change
from tracker.db.connect import Connection, Database
from tracker.db.evidence import EvidenceRow, evidence_in
from tracker.db.moments import change_at
from tracker.db.people import elsewhere, in_scope, load_in_chunks
from tracker.db.standings import StandingRow, posts_on
from tracker.domain.days import ALWAYS, OPEN
from tracker.domain.errors import BadInput, NotPossible
from tracker.domain.facts import Assignment, Card, PersonFacts, Verification
from tracker.domain.sampling import draw
from tracker.domain.scope import EVERYONE, InUnits, Scope, SomePeople
from tracker.domain.seen import as_seen, sees, why_alone
from tracker.domain.standing import CardReader
from tracker.domain.timeline import Engine
from tracker.domain.why import explain
from tracker.reports.front import listed
from tracker.reports.survey import Check, Exempt, File, Held, Lasting, Survey, Surveyed, Work

# What the trail calls it; its subject names people by their numbers, which say nothing of whoever was erased.
ACTION = "survey"
# People in one pack, and bytes of evidence in it: what a surveyor reads in an hour, and a machine holds in memory.
MOST_PEOPLE = 500
MOST_BYTES = 200_000_000


class Asked(NamedTuple):
    """Whom a pack is about: employee ids or names as given; or a random sample of those at work.

    `scope` is whom it may be about; in a scope of units it tells of nothing but these, and of whoever is not in them
    today no cards, exemptions and files.
    """

    given: Sequence[str] = ()
    sample: int | None = None
    seed: str = ""
    scope: Scope = EVERYONE


class Chosen(NamedTuple):
    """The people of a pack, and how they were chosen, as a sentence."""

    employee_ids: tuple[str, ...]
    how: str
    seed: str = ""


def build_survey(
    database: Database,
    author: Author,
    files: KeptFiles | None,
    asked: Asked,
    as_of: date,
    known_at: datetime | None,
) -> Survey:
    """The pack; without `files` no evidence is shown. Raises BadInput if somebody asked for is nobody."""
    with database.read() as connection:
        chosen = choose(connection, asked, as_of, known_at)
        day = gather_day(connection, SomePeople(chosen.employee_ids), as_of, known_at)
        numbers = list(connection.execute(in_scope(day.scope, None, day.known).order_by("id")).scalars())
        away = elsewhere(connection, asked.scope, numbers)
        evidence = [one for one in evidence_in(connection, day.scope, day.known) if one.person_id not in away]
        people = list(_people(connection, day, numbers, evidence, files, asked.scope, away))
    if any(one.content is not None for person in people for one in _files_of(person)):
        with change(database, author, ACTION, f"people:{','.join(map(str, numbers))}") as made:
            made.note_look()
    how = f"{chosen.how}, drawn with the seed {chosen.seed}." if chosen.seed else f"{chosen.how}."
    return Survey(day.heading, how, f"{chosen.how}.", hidden=False, people=people)


def choose(connection: Connection, asked: Asked, as_of: date, known_at: datetime | None) -> Chosen:
    """Finds the people asked for; raises BadInput if a text is nobody or several people, or there are too many."""
    known = change_at(connection, known_at) if known_at else None
    if asked.sample is None:
        ids = find_within(connection, asked.scope, asked.given, as_of, known)
        chosen = Chosen(ids, f"Chosen by employee id or name{_only(asked.scope)}")
    else:
        chosen = _sample(connection, asked, as_of, known)
    if not chosen.employee_ids:
        raise BadInput("Nobody was asked for; give employee ids or names, or --sample N.")
    if len(chosen.employee_ids) > MOST_PEOPLE:
        raise BadInput(f"A pack is about at most {MOST_PEOPLE} people; ask for fewer at a time.")
    return chosen


def _only(scope: Scope) -> str:
    """What a pack says of the units to which it keeps."""
    return f"; told is what is about {listed(scope.units)}" if isinstance(scope, InUnits) else ""


def _sample(connection: Connection, asked: Asked, as_of: date, known: int | None) -> Chosen:
    units: dict[str, set[str]] = defaultdict(set)
    for post in posts_on(connection, asked.scope, as_of, known):
        units[post.unit].add(post.employee_id)
    everyone = {one for people in units.values() for one in people}
    drawn = draw(units, asked.sample or 0, asked.seed)
    how = f"A random sample of {len(drawn)} of the {len(everyone)} people at work, by unit"
    return Chosen(tuple(drawn), how, asked.seed)


def _people(
    connection: Connection,
    day: Day,
    numbers: Sequence[int],
    evidence: Iterable[EvidenceRow],
    files: KeptFiles | None,
    scope: Scope,
    away: Collection[int],
) -> Iterable[Surveyed]:
    rows: dict[int, dict[str, StandingRow]] = defaultdict(dict)
    for row in (each for each in day.rows if sees(scope, each.post.unit)):
        theirs = rows[row.post.person_id]
        # Through whichever unit, it has held since the first of their days and does until the last.
        held = theirs.setdefault(row.requirement, row)
        theirs[row.requirement] = held._replace(first=min(held.first, row.first), last=max(held.last, row.last))
    kept: dict[int, list[EvidenceRow]] = defaultdict(list)
    for piece in evidence:
        kept[piece.person_id].append(piece)
    shelf = _Shelf(files)
    engine = Engine(day.rulebook)
    for person in load_in_chunks(connection, numbers, day.rulebook.newest.timezone, day.known):
        if person.id in away:
            yield _alone(engine, day, as_seen(person, scope), person, rows[person.id])
            continue
        one = _person(engine, day, person, rows[person.id], shelf.files_of(kept[person.id]))
        yield one if scope == EVERYONE else _narrowed(one, scope)


def _narrowed(one: Surveyed, scope: Scope) -> Surveyed:
    """Somebody as far as a scope of units sees them."""
    asked = {each.requirement for each in one.stood}
    return one._replace(
        work=[post for post in one.work if sees(scope, post.unit)],
        exemptions=[each for each in one.exemptions if each.requirement in asked],
    )


def _person(
    engine: Engine,
    day: Day,
    person: PersonFacts,
    rows: Mapping[str, StandingRow],
    files: Mapping[int | None, list[File]],
) -> Surveyed:
    reader = engine.reader_on(day.as_of)
    cards = {card.id for card in person.cards}
    return Surveyed(
        person.employee_id,
        person.name,
        _works(person, day.as_of),
        [
            _stood(day, row, explain(engine, person, row.requirement, row.standing, day.as_of).reasons)
            for row in rows.values()
        ],
        [_held(reader, person, card, files.get(card.id, [])) for card in sorted(person.cards, key=_latest_first)],
        [
            Exempt(one.requirement, _title(day, one.requirement), one.starts_on, one.until)
            for one in sorted(person.exemptions, key=lambda one: one.starts_on)
        ],
        [file for card, some in files.items() if card not in cards for file in some],
    )


def _alone(
    engine: Engine, day: Day, seen: PersonFacts, person: PersonFacts, rows: Mapping[str, StandingRow]
) -> Surveyed:
    """Somebody who is elsewhere today: assignments that are `seen`, and standings by no more than they rest on."""
    stood = [
        _stood(day, row, why_alone(engine, person, row.requirement, row.standing, day.as_of)) for row in rows.values()
    ]
    return Surveyed(person.employee_id, person.name, _works(seen, day.as_of), stood, [], [], [], is_whole=False)


def _works(person: PersonFacts, day: date) -> list[Work]:
    return [_work(post, day) for post in sorted(person.assignments, key=lambda one: one.starts_on or ALWAYS)]


def _work(post: Assignment, day: date) -> Work:
    now = (post.starts_on or ALWAYS) <= day <= (post.ends_on or OPEN)
    return Work(post.unit, post.role, post.employment_type, post.starts_on, post.ends_on, now)


def _stood(day: Day, row: StandingRow, reasons: list[str]) -> Lasting:
    requirement = day.policy.requirements_by_id[row.requirement]
    return Lasting(
        row.requirement,
        requirement.title,
        row.standing,
        reasons,
        requirement.citation,
        None if row.first == ALWAYS else row.first,
        None if row.last == OPEN else row.last,
    )


def _held(reader: CardReader, person: PersonFacts, card: Card, files: list[File]) -> Held:
    counted = next((one for one in reader.held(person) if one.card.id == card.id), None)
    # As the issuer gave them, and not as they were entered: the latest stands last.
    answers = sorted((one for one in person.verifications if one.card == card.id), key=lambda one: one.checked_on)
    last = None if counted is None or counted.span.last == OPEN else counted.span.last
    printed = (card.type, card.issuer, card.number, card.issued_on, card.stated)
    return Held(*printed, last, [_check(one) for one in answers], files)


def _check(answer: Verification) -> Check:
    return Check(answer.answer, answer.checked_on, answer.checked_by, answer.how, answer.revoked_from)


def _latest_first(card: Card) -> tuple[str, int]:
    return card.type, -(card.issued_on or ALWAYS).toordinal()


def _title(day: Day, requirement: str) -> str:
    found = day.policy.requirements_by_id.get(requirement)
    return found.title if found else requirement


def _files_of(person: Surveyed) -> list[File]:
    return [*person.files, *(file for card in person.cards for file in card.files)]


class _Shelf:
    """Takes files from where they are kept, up to a number of bytes."""

    def __init__(self, files: KeptFiles | None) -> None:
        self._files = files
        self._left = MOST_BYTES

    def files_of(self, rows: Iterable[EvidenceRow]) -> dict[int | None, list[File]]:
        """The files by the card that each shows."""
        found: dict[int | None, list[File]] = defaultdict(list)
        for row in rows:
            content, why_not = self._content(row)
            found[row.card].append(File(row.item, row.name, row.media_type, row.size, row.sha256, content, why_not))
        return found

    def _content(self, row: EvidenceRow) -> tuple[bytes | None, str]:
        if self._files is None:
            return None, "not shown in this report"
        self._left -= row.size
        if self._left < 0:
            raise BadInput("The evidence of these people is too much for one pack; ask for fewer, or --no-evidence.")
        try:
            return self._files.read(row.sha256), ""
        except NotPossible:
            return None, "not to be had: the file is gone or altered; see 'tracker evidence check'"
