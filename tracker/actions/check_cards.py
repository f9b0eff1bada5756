"""Checking with the issuers: what to ask them, and what they answered, a whole file at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tracker.db.change import Author, change
from tracker.db.checks import (
    HeldCard,
    Named,
    Unasked,
    held_cards,
    holders_of_numbers,
    unanswered,
    unanswered_cards,
)
from tracker.db.connect import Connection, Database
from tracker.db.people import facts_by_person, load_in_chunks
from tracker.db.policies import load_rulebook
from tracker.db.tables import verifications
from tracker.domain.checking import Checks, cards_to_check, first_issue
from tracker.domain.facts import Verification
from tracker.domain.rulebook import Rulebook
from tracker.domain.same_card import bare_number
from tracker.domain.scope import Scope
from tracker.intake.answers import AnswerRow, Answers
from tracker.intake.rows import Rejected


@dataclass(slots=True)
class Answered:
    """What became of the rows of a file of answers."""

    recorded: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)


class _Said(NamedTuple):
    """A row, the card that it is about, and the answer as it would be recorded."""

    row: AnswerRow
    card: HeldCard
    answer: Verification


def list_checks(database: Database, scope: Scope, today: date) -> Checks:
    """The cards in a scope that are to be checked with their issuers, by today's policy."""
    with database.read() as connection:
        rulebook = load_rulebook(connection)
        people = load_in_chunks(connection, unanswered(connection, scope, today), rulebook.newest.timezone)
        return cards_to_check(rulebook.on(today), people, today, holders_of_numbers(connection))


# Portions of cards that nobody can be asked about that a page may go past, on its way to others.
PASSED = 10


class QueuePage(NamedTuple):
    """Some of the cards to check, the names of their people by employee id, and what to go on from; None at the end."""

    checks: Checks
    names: dict[str, str | None]
    follows: Unasked | None


def page_of_checks(database: Database, scope: Scope, today: date, after: Unasked, limit: int) -> QueuePage:
    """So many of the unanswered cards in a scope, as `list_checks` sorts them, those that come after one."""
    with database.read() as connection:
        rulebook = load_rulebook(connection)
        if not rulebook.on(today).pages_to_ask_at:
            return QueuePage(Checks({}, []), {}, None)
        found = _portion(connection, rulebook, scope, today, after, limit)
        for _ in range(PASSED):
            if found.follows is None or found.checks.by_issuer or found.checks.apart:
                break
            found = _portion(connection, rulebook, scope, today, found.follows, limit)
        return found


def _portion(
    connection: Connection, rulebook: Rulebook, scope: Scope, today: date, after: Unasked, limit: int
) -> QueuePage:
    policy = rulebook.on(today)
    listed = unanswered_cards(connection, scope, today, first_issue(policy, today), after, limit + 1)
    follows = listed[limit - 1] if len(listed) > limit else None
    wanted = {one.card for one in listed[:limit]}
    people = [
        person._replace(cards=tuple(card for card in person.cards if card.id in wanted))
        for person in load_in_chunks(connection, {one.person_id for one in listed}, rulebook.newest.timezone)
    ]
    numbers = {bare_number(card.number) for person in people for card in person.cards if card.number}
    checks = cards_to_check(policy, people, today, holders_of_numbers(connection, numbers))
    return QueuePage(checks, {one.employee_id: one.name for one in people}, follows)


def record_answers(
    database: Database, author: Author, scope: Scope, answers: Answers, how: str, day: date | None = None
) -> Answered:
    """Records what issuers answered about cards of the people in a scope (on a day, if it is one of units), all good
    rows in one change.

    A row whose card is not clear is rejected, and so are rows that contradict one another; an answer that is on record
    already is not recorded again.
    """
    result = Answered(rejected=list(answers.rejected))
    with change(database, author, "card-verify", f"answers:{answers.sha256[:12]}") as made:
        numbers = {bare_number(row.number) for row in answers.rows if row.number}
        named = Named({row.employee_id for row in answers.rows if row.employee_id}, numbers)
        held = held_cards(made.connection, scope, day, named)
        found = _Finder(held, holders_of_numbers(made.connection, numbers))
        said = _understood(found, author, answers.rows, how, result)
        fresh = _fresh(made.connection, said, result)
        made.record(verifications, [(one.card.person_id, *one.answer[1:]) for one in fresh])
        result.recorded = len(fresh)
    result.rejected.sort(key=lambda one: one.row)
    return result


def _understood(found: "_Finder", author: Author, rows: Sequence[AnswerRow], how: str, result: Answered) -> list[_Said]:
    """The rows whose card is clear and that no other row of the file contradicts."""
    by_card: dict[int, list[_Said]] = defaultdict(list)
    for row in rows:
        card = found.card(row)
        if isinstance(card, str):
            result.rejected.append(Rejected(row.row, None, "card" if row.card else "number", card, True))
            continue
        by = row.checked_by or author.actor
        answer = Verification(0, card.card, row.answer, row.revoked_from, row.checked_on, by, how)
        by_card[card.card].append(_Said(row, card, answer))
    return [one for group in by_card.values() for one in _agreeing(group, result)]


def _agreeing(group: Sequence[_Said], result: Answered) -> list[_Said]:
    """The rows about one card, without those that say different things of one day."""
    of_day: dict[date, set[tuple[str, date | None]]] = defaultdict(set)
    for one in group:
        of_day[one.row.checked_on].add((one.row.answer, one.row.revoked_from))
    for one in group:
        if len(of_day[one.row.checked_on]) > 1:
            others = ", ".join(str(each.row.row) for each in group if each is not one)
            reason = f"The file says something else of this card on the same day (row {others}); leave one."
            result.rejected.append(Rejected(one.row.row, None, "answer", reason, True))
    return [one for one in group if len(of_day[one.row.checked_on]) == 1]


def _fresh(connection: Connection, said: Sequence[_Said], result: Answered) -> list[_Said]:
    """The answers that are not on record, each once. Who checked counts only where the row says so."""
    known = facts_by_person(connection, verifications, Verification, sorted({one.card.person_id for one in said}))
    checkers: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for answer in (answer for answers in known.values() for answer in answers):
        checkers[answer[1:5]].add(answer.checked_by)
    fresh: list[_Said] = []
    for one in said:
        before = checkers[one.answer[1:5]]
        if one.row.checked_by in before or (before and not one.row.checked_by):
            result.unchanged += 1
        else:
            before.add(one.answer.checked_by)
            fresh.append(one)
    return fresh


class _Finder:
    """Finds the card that a row is about."""

    def __init__(self, held: Iterable[HeldCard], holders: Counter[str]) -> None:
        self._holders = holders
        self._people: dict[str, list[HeldCard]] = defaultdict(list)
        self._numbers: dict[str, list[HeldCard]] = defaultdict(list)
        for card in held:
            self._people[card.employee_id].append(card)
            if card.number:
                self._numbers[bare_number(card.number)].append(card)

    def card(self, row: AnswerRow) -> HeldCard | str:
        """The one card that fits all that the row says of it, or why there is none."""
        if row.number:
            found = self._numbers.get(bare_number(row.number), [])
            if not found:
                return "No card of this number is on record."
            if not row.employee_id and self._holders[bare_number(row.number)] > 1:
                return "More than one person has a card of this number: name employee_id and card, or correct one."
        else:
            found = self._people.get(row.employee_id or "", [])
        if row.employee_id:
            found = [one for one in found if one.employee_id == row.employee_id]
        if row.card:
            found = [one for one in found if one.card == row.card]
        if not found:
            return "This person has no such card."
        return found[0] if len(found) == 1 else "The person has more than one such card: name employee_id and card."
