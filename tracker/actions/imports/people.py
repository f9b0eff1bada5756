"""Roster rows: who people are and where they work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker.actions.imports.context import Context, asked, by_employee
from tracker.actions.imports.result import TableReport
from tracker.db.known import Known, fact_of, known_people, staff_of, unit_names
from tracker.db.tables import assignments, identities
from tracker.domain.days import OPEN, day_before
from tracker.domain.errors import BadInput
from tracker.domain.facts import Assignment, PersonFacts
from tracker.domain.policy import words
from tracker.domain.same_assignment import Asked, Decision, decide, ended
from tracker.intake.rows import Question, RosterRow

# A whole roster from which more than this share is missing is likelier the wrong file than a mass leaving.
LEAVING_SHARE = 0.10

# The answers to the questions that a roster may leave open.
ENDED = ("ended", "open")
OTHER_UNIT = ("moved", "also")


@dataclass(slots=True)
class _Edits:
    """What is to be recorded and retracted for some people."""

    added: list[tuple[object, ...]] = field(default_factory=list)
    retracted: list[int] = field(default_factory=list)
    identities: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    renamed: list[int] = field(default_factory=list)
    newcomers: list[str] = field(default_factory=list)


def apply_roster(context: Context, rows: Sequence[RosterRow], covered: set[str], report: TableReport) -> None:
    """Decides and records what the rows say, some people at a time.

    `covered` are the units (as `words`) of which the file is declared to be the whole roster.
    """
    for chunk in by_employee(rows):
        known = known_people(context.made.connection, chunk, context.timezone)
        edits = _Edits()
        wanted: dict[str, Decision] = {}
        for employee_id, theirs in chunk.items():
            person = known.facts.get(employee_id)
            decision = _decide(context, employee_id, theirs, person, covered, report)
            if decision is not None:
                wanted[employee_id] = decision
                _identity(edits, employee_id, theirs, person, report)
        _record(context, known, edits, wanted)
        report.employee_ids.update(chunk)
        context.progress(sum(len(theirs) for theirs in chunk.values()))


def spelt_as_known(context: Context, rows: Iterable[RosterRow]) -> list[RosterRow]:
    """The rows with their units spelt as on record, or as the file spells them first: "icu" is the ICU."""
    spelling = {words(name): name for name in unit_names(context.made.connection)}
    return [
        row
        if not row.unit or (known := spelling.setdefault(words(row.unit), row.unit)) == row.unit
        else row._replace(unit=known)
        for row in rows
    ]


def _decide(
    context: Context,
    employee_id: str,
    rows: list[RosterRow],
    person: PersonFacts | None,
    covered: set[str],
    report: TableReport,
) -> Decision | None:
    """What becomes of the person's assignments; None if the person is not taken in."""
    placed = [(row.row, _assignment(row)) for row in rows if row.unit]
    if person is None and not placed:
        for row in rows:
            reason = f"Nobody with the employee id {employee_id} is known, and the row names no unit"
            report.reject(row.row, "employee_id", f"{reason}; import the roster first.")
        return None
    known = person.assignments if person else ()

    def settle(kind: str, wanted: Assignment, left: Sequence[Assignment]) -> str | None:
        if kind == "ended":
            return context.settled.answer(f"ended:{employee_id}:{wanted.unit}", ENDED)
        if covered and all(words(one.unit) in covered for one in left):
            return "moved"
        return (
            context.settled.answer(f"other_unit:{employee_id}:{wanted.unit}", OTHER_UNIT) or context.settled.other_unit
        )

    decision = decide(known, placed, context.today, settle)
    for row in rows:
        report.put(row.row, decision.outcomes.get(row.row, "unchanged"))
        if decision.outcomes.get(row.row) == "moved":
            report.note(row.row, "moved", "unit", f"{employee_id} moves to {row.unit} ({row.role}).")
    report.questions += [_question(employee_id, each) for each in decision.questions]
    return decision


def _question(employee_id: str, question: Asked) -> Question:
    identity = f"{employee_id}:{question.wanted.unit}"
    if question.kind == "ended":
        text = (
            f"{employee_id} is in the file in {question.wanted.unit} without an end, but is known to have left it on "
            f"{question.known[0].ends_on}. Did that end stand, or do they still work there?"
        )
        return asked("ended", identity, text, ENDED, "--answers")
    places = ", ".join(f"{one.unit} ({one.role})" for one in question.known)
    text = (
        f"{employee_id} is in the file as {question.wanted.role} in {question.wanted.unit}, but is known in {places}. "
        "Moved, or works here too?"
    )
    return asked("other_unit", identity, text, OTHER_UNIT, "--other-unit")


def _assignment(row: RosterRow) -> Assignment:
    return Assignment(
        0, row.unit or "", row.role or "", row.employment_type, row.manager_email, row.starts_on, row.ends_on
    )


def _identity(
    edits: _Edits, employee_id: str, rows: list[RosterRow], person: PersonFacts | None, report: TableReport
) -> None:
    """Who the person is by the file: the last word on each field; a blank never erases."""
    name = next((row.name for row in reversed(rows) if row.name), person.name if person else None)
    email = next((row.email for row in reversed(rows) if row.email), person.email if person else None)
    if person is None:
        edits.newcomers.append(employee_id)
    elif (name, email) == (person.name, person.email):
        return
    else:
        edits.renamed.append(person.id)
        for row in rows:
            report.put(row.row, "changed")
    edits.identities.append((employee_id, name, email))


def _record(context: Context, known: Known, edits: _Edits, wanted: dict[str, Decision]) -> None:
    made = context.made
    numbers = dict(known.numbers)
    fresh = [employee_id for employee_id in edits.newcomers if employee_id not in numbers]
    if fresh:
        numbers |= made.add_people(fresh)
    if edits.renamed:
        made.retract(identities, list(fact_of(made.connection, identities, edits.renamed).values()))
    made.record(identities, [(numbers[row[0]], *row) for row in edits.identities])
    for employee_id, decision in wanted.items():
        number = numbers[employee_id]
        edits.retracted += [old.id for old, _ in decision.replaced]
        edits.added += [(number, *new[1:]) for _, new in decision.replaced if new]
        edits.added += [(number, *new[1:]) for new in decision.added]
    if edits.retracted:
        made.retract(assignments, edits.retracted)
    made.record(assignments, edits.added)


def end_the_missing(context: Context, rows: Sequence[RosterRow], report: TableReport) -> None:
    """Ends the assignments in the file's units of those whom it does not name there; raises BadInput if too many."""
    named = {(row.employee_id, row.unit) for row in rows if row.unit}
    covered = {row.unit for row in rows if row.unit}
    staff = staff_of(context.made.connection, covered, context.today)
    found = known_people(context.made.connection, staff, context.timezone).facts.values()
    leaving: list[tuple[PersonFacts, Assignment]] = [
        (person, one)
        for person in found
        for one in person.assignments
        if one.unit in covered
        and (person.employee_id, one.unit) not in named
        and (one.starts_on is None or one.starts_on <= context.today)
        and (one.ends_on or OPEN) >= context.today
    ]
    gone = {person.id for person, _ in leaving}
    allowed = context.settled.allow_leavers
    if len(gone) > (LEAVING_SHARE * len(staff) if allowed is None else allowed):
        raise BadInput(
            f"{len(gone)} of {len(staff)} people of these units are not in {report.file} and would leave; "
            f"if that is right, allow it with --allow-leavers {len(gone)}."
        )
    last = day_before(context.today)
    if leaving:
        context.made.retract(assignments, [one.id for _, one in leaving])
        kept = [(person.id, *after[1:]) for person, one in leaving if (after := ended(one, last))]
        context.made.record(assignments, kept)
    for person, one in leaving:
        report.leaving += 1
        report.note(None, "leaving", "unit", f"{person.employee_id} leaves {one.unit} ({one.role}) on {last}.")
