"""Roster rows: who people are and where they work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracker.actions.imports.context import Context, asked, called
from tracker.actions.imports.named import Named, clash, is_other, reject_other, two_names
from tracker.actions.imports.result import Change, TableReport, TooManyLeave
from tracker.db.ids import set_free
from tracker.db.known import Known, fact_of, known_people, staff_of
from tracker.db.tables import assignments, identities
from tracker.domain.days import ALWAYS, OPEN, day_before
from tracker.domain.facts import Assignment, PersonFacts
from tracker.domain.names import same_name
from tracker.domain.policy import words
from tracker.domain.same_assignment import Asked, Decision, decide, ended, same_post
from tracker.domain.tuples import new
from tracker.intake.rows import Question, RosterRow

# A whole roster from which more than this share is missing is likelier the wrong file than a mass leaving.
LEAVING_SHARE = 0.10

# The answers to the questions that a roster may leave open.
ENDED = ("ended", "open")
OTHER_UNIT = ("moved", "also")


class Whole(NamedTuple):
    """What is declared to be the whole roster of its units, if anything is: its rows, and who worked there before."""

    rows: list[RosterRow]
    staff: list[str]
    units: set[str]
    named: set[tuple[str, str | None]]


@dataclass(slots=True)
class _Edits:
    """What is to be recorded and retracted for some people."""

    added: list[tuple[object, ...]] = field(default_factory=list)
    retracted: list[int] = field(default_factory=list)
    identities: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    renamed: list[int] = field(default_factory=list)
    newcomers: list[str] = field(default_factory=list)
    # The assignments of those of whom there is no more than one.
    first: list[tuple[str, Assignment]] = field(default_factory=list)


def apply_roster(context: Context, rows: Mapping[str, list[RosterRow]], whole: Whole, report: TableReport) -> None:
    """Decides and records what one file says of some people."""
    known = known_people(context.made.connection, rows, context.timezone)
    edits = _Edits()
    wanted: dict[str, Decision] = {}
    for employee_id, every in rows.items():
        person = known.facts.get(employee_id)
        if person is None and len(every) == 1 and every[0].unit:
            _newcomer(edits, every[0], report)
            continue
        theirs = _of_one_person(employee_id, every, person, report) if len(every) > 1 else every
        if person is not None:
            theirs = _under_that_name(person, theirs, report)
        decision = _decide(context, employee_id, theirs, person, whole, report)
        if decision is not None:
            wanted[employee_id] = decision
            _identity(edits, employee_id, theirs, person, report)
    _record(context, known, edits, wanted)
    context.progress(sum(map(len, rows.values())))


def _newcomer(edits: _Edits, row: RosterRow, report: TableReport) -> None:
    """Takes in somebody of whom there is nothing but one row: so it is with most of a first roster."""
    edits.newcomers.append(row.employee_id)
    edits.identities.append((row.employee_id, row.name, row.email))
    edits.first.append((row.employee_id, _assignment(row)))
    report.put(row.row, "new")


def spelt_as_known(spelling: dict[str, str], rows: Iterable[RosterRow]) -> list[RosterRow]:
    """The rows with their units spelt as on record, or as some row spelt them first: "icu" is the ICU."""
    spelt: dict[str | None, str | None] = {None: None}
    found = []
    for row in rows:
        unit = row.unit
        if unit not in spelt:
            spelt[unit] = spelling.setdefault(words(unit or ""), unit or "") if unit else unit
        found.append(row if spelt[unit] == unit else row._replace(unit=spelt[unit]))
    return found


def _of_one_person(
    employee_id: str, rows: list[RosterRow], person: PersonFacts | None, report: TableReport
) -> list[RosterRow]:
    """The rows of an id that stands in the file beside clearly different names, as far as they are of one person.

    Who is known on record keeps the rows under that name. Otherwise nobody can say whose the id is, so none goes in.
    """
    found = _clash(rows)
    if found is None:
        return rows
    known = person.name if person else None
    kept = [row for row in rows if known and row.name and not is_other(known, row.name)]
    if _clash(kept):
        kept = []
    reason = two_names(employee_id, found, report.where)
    for number in {row.row for row in rows} - {row.row for row in kept}:
        report.reject(number, "employee_id", reason)
    return kept


def _under_that_name(person: PersonFacts, rows: list[RosterRow], report: TableReport) -> list[RosterRow]:
    """The rows but for those without a unit, of lists of cards, that have the id beside a clearly different name."""
    wrong = [row for row in rows if not row.unit and is_other(person.name, row.name)]
    for row in wrong:
        reject_other(report, row.row, person.employee_id)
    return [row for row in rows if row not in wrong] if wrong else rows


def _clash(rows: Sequence[RosterRow]) -> tuple[Named, Named] | None:
    """Two of a person's rows whose names are clearly different, if there are any."""
    return clash(Named(row.row, row.name) for row in rows if row.name)


def _decide(
    context: Context,
    employee_id: str,
    rows: list[RosterRow],
    person: PersonFacts | None,
    whole: Whole,
    report: TableReport,
) -> Decision | None:
    """What becomes of the person's assignments; None if the person is not taken in."""
    if not rows:
        return None
    placed = [(row.row, _assignment(row)) for row in rows if row.unit]
    if person is None and not placed:
        for row in rows:
            reason = f"Nobody with the employee id {employee_id} is known, and the row names no unit"
            report.reject(row.row, "employee_id", f"{reason}; import the roster first.")
        return None
    known = context.reach.posts(person.assignments) if person else ()

    def settle(kind: str, wanted: Assignment, left: Sequence[Assignment]) -> str | None:
        if kind == "ended":
            return context.settled.answer(f"ended:{employee_id}:{wanted.unit}", ENDED)
        if all(one.unit in whole.units and (employee_id, one.unit) not in whole.named for one in left):
            return "moved"
        answer = context.settled.answer(f"other_unit:{employee_id}:{wanted.unit}", OTHER_UNIT)
        if answer is None and not (context.settled.other_unit == "also" and _same_post(context, wanted, left)):
            answer = context.settled.other_unit
        return answer

    decision = decide(known, placed, context.today, settle, context.roles)
    for row in rows:
        outcome = decision.outcomes.get(row.row, "unchanged")
        report.put(row.row, outcome)
        if outcome == "new" and person:
            report.put_post(row.row)
    whom = called(employee_id, (person and person.name) or next((row.name for row in rows if row.name), None))
    _tell(whom, decision, report)
    report.questions += [_question(context, employee_id, whom, each) for each in decision.questions]
    return decision


def _same_post(context: Context, wanted: Assignment, known: Sequence[Assignment]) -> bool:
    """Whether a row differs from something known in nothing but the employment type.

    "Works in the other unit too", said of everybody in a file, is not said of these: it would double whole units whose
    lists call the types differently.
    """
    return any(same_post(one, wanted, context.roles) for one in known)


def _tell(whom: str, decision: Decision, report: TableReport) -> None:
    """Says what changes, and from when a move counts: a start that is really a hire date should be noticed."""
    for numbers, old, after in decision.amended:
        for name in ("role", "employment_type", "manager_email", "starts_on", "ends_on"):
            was, now = getattr(old, name), getattr(after, name)
            if was != now:
                change = Change(name, was and str(was), now and str(now), "people")
                report.changed(numbers[0], name, whom, change)
    for numbers, old, after in decision.moved:
        last = day_before(after.starts_on or ALWAYS)
        left = ended(old, last)
        was = f"ends there on {last}" if left else "was never there, as the new start is not after the old one"
        reason = f"{whom} moves to {_place(after)} from {after.starts_on}, and {was}: {_place(old)}."
        report.note(numbers[0], "moved", "unit", reason)


def _question(context: Context, employee_id: str, whom: str, question: Asked) -> Question:
    identity = f"{employee_id}:{question.wanted.unit}"
    if question.kind == "ended":
        text = (
            f"{whom} is in the file in {question.wanted.unit} without an end, but is known to have left it on "
            f"{question.known[0].ends_on}. Did that end stand, or do they still work there?"
        )
        return asked("ended", identity, text, ENDED, "--answers")
    if _same_post(context, question.wanted, question.known):
        return _asked_of_type(identity, whom, question)
    places = ", ".join(map(_place, question.known))
    text = f"{whom} is in the file{_as_role(question.wanted)}, but is known in {places}. Moved, or works here too?"
    return asked("other_unit", identity, text, OTHER_UNIT, "--other-unit")


def _asked_of_type(identity: str, whom: str, question: Asked) -> Question:
    """The question about a post that is known under another employment type."""
    wanted = question.wanted
    places = ", ".join(
        f"{one.unit} ({', '.join(filter(None, (one.role, one.employment_type or 'no employment type')))})"
        for one in question.known
    )
    text = (
        f"{whom} is in the file{_as_role(wanted)} with the employment type "
        f"'{wanted.employment_type}', but is known in {places}. Is this instead of it (moved), or a second assignment "
        "(also)? If it is only another word for the same, leave that column out: --map 'Header=ignore'."
    )
    return asked("other_unit", identity, text, OTHER_UNIT, "--answers")


def _place(one: Assignment) -> str:
    return f"{one.unit} ({one.role})" if one.role else one.unit


def _as_role(one: Assignment) -> str:
    return f" as {one.role} in {one.unit}" if one.role else f" in {one.unit}"


def _assignment(row: RosterRow) -> Assignment:
    found: Assignment = new(
        Assignment,
        (0, row.unit or "", row.role or "", row.employment_type, row.manager_email, row.starts_on, row.ends_on),
    )
    return found


def _identity(
    edits: _Edits,
    employee_id: str,
    rows: list[RosterRow],
    person: PersonFacts | None,
    report: TableReport,
) -> None:
    """Who the person is by the file: the last word on each field; a blank never erases."""
    name = next((row.name for row in reversed(rows) if row.name), person.name if person else None)
    email = next((row.email for row in reversed(rows) if row.email), person.email if person else None)
    if person and person.name and name and (same_name(person.name, name) or not any(row.unit for row in rows)):
        # Lists in another order would rename everybody at every import; lists of cards say no more than whose they are.
        name = person.name
    if person and person.email and not any(row.unit for row in rows):
        email = person.email
    if person is None:
        edits.newcomers.append(employee_id)
    elif (name, email) == (person.name, person.email):
        return
    else:
        edits.renamed.append(person.id)
        for row in rows:
            report.put(row.row, "changed")
        for field_name, was, now in (("name", person.name, name), ("email", person.email, email)):
            if was != now:
                # A change of the name says both names.
                whom = called(employee_id, name if field_name != "name" else None)
                report.changed(rows[-1].row, field_name, whom, Change(field_name, was, now, "people"))
    edits.identities.append((employee_id, name, email))


def _record(context: Context, known: Known, edits: _Edits, wanted: dict[str, Decision]) -> None:
    made = context.made
    context.newcomers.update(edits.newcomers)
    numbers = dict(known.numbers)
    if context.given_anew:
        again = [each for each in edits.newcomers if each in numbers and each in context.given_anew]
        set_free(made, again)
        for each in again:
            del numbers[each]
    fresh = [employee_id for employee_id in edits.newcomers if employee_id not in numbers]
    if fresh:
        numbers |= made.add_people(fresh)
    if edits.renamed:
        made.retract(identities, list(fact_of(made.connection, identities, edits.renamed).values()))
    made.record(identities, [(numbers[row[0]], *row) for row in edits.identities])
    edits.added += [(numbers[employee_id], *assignment[1:]) for employee_id, assignment in edits.first]
    for employee_id, decision in wanted.items():
        number = numbers[employee_id]
        edits.retracted += [old.id for old, _ in decision.replaced]
        edits.added += [(number, *after[1:]) for _, after in decision.replaced if after]
        edits.added += [(number, *added[1:]) for added in decision.added]
    if edits.retracted:
        made.retract(assignments, edits.retracted)
    made.record(assignments, edits.added)


def whole_roster(context: Context, rows: list[RosterRow]) -> Whole:
    """The rows as a whole roster; to be asked before they go in."""
    units = {row.unit for row in rows if row.unit}
    staff = staff_of(context.made.connection, units, context.today) if units else []
    return Whole(rows, staff, units, {(row.employee_id, row.unit) for row in rows})


def end_the_missing(context: Context, whole: Whole, report: TableReport) -> None:
    """Ends the assignments in the units of a whole roster of those whom it does not name there.

    Somebody who stands in it without a unit is not missing. Raises TooManyLeave if so.
    """
    staff = whole.staff
    found = known_people(context.made.connection, staff, context.timezone).facts.values()
    leaving: list[tuple[PersonFacts, Assignment]] = [
        (person, one)
        for person in found
        for one in person.assignments
        if one.unit in whole.units
        and not {(person.employee_id, one.unit), (person.employee_id, None)} & whole.named
        and (one.starts_on is None or one.starts_on <= context.today)
        and (one.ends_on or OPEN) >= context.today
    ]
    gone = {person.id for person, _ in leaving}
    allowed = context.settled.allow_leavers
    if len(gone) > (LEAVING_SHARE * len(staff) if allowed is None else allowed):
        raise TooManyLeave(len(gone), len(staff))
    last = day_before(context.today)
    if leaving:
        context.made.retract(assignments, [one.id for _, one in leaving])
        kept = [(person.id, *after[1:]) for person, one in leaving if (after := ended(one, last))]
        context.made.record(assignments, kept)
    for person, one in leaving:
        report.leaving += 1
        whom = called(person.employee_id, person.name)
        report.note(None, "leaving", "unit", f"{whom} leaves {_place(one)} on {last}.")
