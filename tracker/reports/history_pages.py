"""Whether people were compliant on a day, laid out: both answers of each, and since when they differ."""

from collections.abc import Iterator

from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
from tracker.domain.why import spoken
from tracker.reports import front
from tracker.reports.document import Block, Cell, Column, Document, Row, Run, Table, Title, Tone, Words, said, strong
from tracker.reports.history import Answer, History, Told
from tracker.reports.words import WORDS

WHOSE = [Column("Employee", "word"), Column("Name", share=1.7)]
STOOD = [Column("Requirement", share=2), Column("Standing", "word"), Column("Why", share=4)]


def history_pages(report: History) -> Document:
    """The report laid out."""
    return Document("History", report.heading.policy_name, report.heading, list(_blocks(report)))


def _blocks(report: History) -> Iterator[Block]:
    then = front.instant(report.instant, report.heading.timezone)
    rests = f"entry {report.trail.entry} of the trail" if report.trail else "nothing: no record had been made"
    yield Words(
        said(
            "Each person's answer for ",
            strong(spoken(report.heading.as_of)),
            " is given twice: as the records say it now, and as they said it at ",
            strong(then),
            f", resting on {rests}.",
        )
    )
    if not report.people:
        yield Words(said("Nobody with these employee ids is on record."))
    for one in report.people:
        yield from _person(report, one, then)


def _person(report: History, one: Told, then: str) -> Iterator[Block]:
    yield Title(f"{one.name or 'Name not recorded'} ({one.employee_id})")
    yield Words(_difference(report, one))
    if one.now == one.then:
        yield from _answer(one, f"As known now, and at {then}", "Now and then", one.now)
    else:
        yield from _answer(one, "As known now", "Now", one.now)
        yield from _answer(one, f"As known at {then}", "Then", one.then)


def _difference(report: History, one: Told) -> tuple[Run, ...]:
    if not one.differs:
        return said("Both answers are the same.")
    if one.since is None:
        return said(strong("The answers differ."))
    at = front.instant(one.since.at, report.heading.timezone)
    what = f" They have since entry {one.since.entry} of the trail: {one.since.action}, made {at} by {one.since.actor}."
    return said(strong("The answers differ."), what)


def _answer(one: Told, title: str, name: str, answer: Answer) -> Iterator[Block]:
    yield Title(title, 3)
    if answer.policy is None:
        yield Words(said("There was no policy on record yet."))
        return
    if not answer.on_record:
        yield Words(said("Nothing was on record of this person."))
        return
    units = f" Worked in {front.listed(answer.units)}." if answer.units else " Worked in no unit."
    yield Words(said(_verdict(answer), units))
    if answer.stood:
        rows = [
            Row((Cell(each.title, "data"), Cell(WORDS[each.standing][0], _tone(each.standing)), " ".join(each.why)))
            for each in answer.stood
        ]
        whose = list(zip(WHOSE, (one.employee_id, one.name), strict=True))
        yield Table(name, STOOD, rows, about=whose)
    else:
        yield Words(said("No requirement applied."))


def _tone(standing: Standing) -> Tone:
    return "bad" if standing in OUT_OF_COMPLIANCE else ""


def _verdict(answer: Answer) -> Run:
    if answer.compliant is None:
        return strong("Not counted: nothing was asked that counts.")
    return strong("Compliant.") if answer.compliant else Run("Not compliant.", "bad")
