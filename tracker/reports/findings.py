"""Who is out of compliance, laid out as a finding is: the requirement and its citation, how many of how many, each
person with days and why, the times before, and what is under way."""

from collections.abc import Iterable, Iterator
from datetime import date

from tracker.domain.underway import Begun
from tracker.domain.why import spoken
from tracker.reports.document import Block, Cell, Column, Listing, Row, Run, Table, Title, Words, data, said, strong
from tracker.reports.exceptions import Exceptions, Finding, Findings
from tracker.reports.front import day_or, listed
from tracker.reports.look_back import Interval, LookBack, Past
from tracker.reports.named import Named
from tracker.reports.words import WORDS

WHO = [Column("Employee", "word"), Column("Name", share=1.6), Column("Unit", share=1.6), Column("Role", share=1.1)]
FINDING = [*WHO, Column("Standing", "word"), Column("Last valid day", "day"), Column("Out since", "day")]
FINDING += [Column("Days", "count")]
PAST = [*WHO, Column("Requirement", share=1.7), Column("Now", "word")]
NOT_RECORDED = "not recorded"


def people(count: int) -> str:
    """So many people."""
    return f"{count} {'person' if count == 1 else 'people'}"


def findings(report: Exceptions) -> Iterator[Block]:
    """The requirements of which somebody is out of compliance, then those of which nobody is."""
    for each in report.findings:
        if each.people:
            yield from _finding(report.look_back, each, report.heading.as_of)
    if not report.total.counted:
        yield Words(
            said("Nobody counts on this day, so nobody can be out of compliance: that is no sign that all is well.")
        )
        return
    met = [each for each in report.findings if not each.people]
    if met:
        yield Title("Nobody out of compliance", 3)
        yield Listing([_met(each) for each in met])


def past(report: Exceptions) -> Iterator[Block]:
    """Those who were out of compliance within the look-back and are not now."""
    looked = report.look_back
    if looked is None:
        return
    yield Title(f"Out of compliance before, and not now: {len(looked.past)}")
    yield Words(said(f"{looked.reach} {looked.note}"))
    if looked.past:
        rows = [_past_row(looked, one, report.heading.as_of) for one in looked.past]
        yield Table("Before", PAST, rows, note="When")


def unmatched(report: Exceptions) -> Iterator[Block]:
    """The people whom no requirement matches, and the requirements that match nobody."""
    yield Title(f"People whom no requirement matches: {len(report.unmatched)}")
    if report.unmatched:
        yield Words(
            said(
                strong(f"No requirement matches {people(len(report.unmatched))} at work on this day."),
                " Nothing was asked of them, so no rate shows them. Is a role or a unit spelt another way in the "
                "roster than in the policy?",
            ),
            warning=True,
        )
        yield Table("Unmatched", WHO, [Row(_who(one)) for one in report.unmatched])
    elif report.total.people:
        yield Words(said("Nobody: at least one requirement applies to each person at work on this day."))
    if report.unused:
        one = len(report.unused) == 1
        words = f"{'This requirement' if one else 'These requirements'} of the policy {'applies' if one else 'apply'}"
        yield Words(said(f"{words} to nobody here: ", data(listed(each.title for each in report.unused)), "."))


def days_explained() -> Words:
    """What the columns of days mean."""
    return Words(
        said(
            "The ",
            strong("last valid day"),
            " is the last day on which the cards on record met the requirement; ",
            strong("none"),
            ": they never did. ",
            strong("Out since"),
            " is the first day of the unbroken time out of compliance, which is day 1; time before the records begin "
            "is not counted.",
        )
    )


def times(intervals: Iterable[Interval], as_of: date) -> str:
    """Times out of compliance, as words."""
    return "; ".join(
        f"{spoken(one.first_day)} to {spoken(one.last_day) if one.last_day else 'now'} ({_days(one.days(as_of))})"
        for one in intervals
    )


def under_way(begun: Begun) -> str:
    """What is under way, as sentences; nothing if nothing is."""
    # The article stands before a word of ours: it would be "a BLS" and "an ACLS", and types are a site's own words.
    parts = [f"A class for {kind} is booked for {spoken(day)}." for kind, day in begun.bookings]
    parts += [f"A card for {kind} has waited to be checked since {spoken(day)}." for kind, day in begun.submissions]
    parts += [f"Exempt from {spoken(first)} through {spoken(last)}." for first, last in begun.exemptions]
    return " ".join(parts)


def _finding(looked: LookBack | None, each: Findings, as_of: date) -> Iterator[Block]:
    yield Title(each.requirement.title, 3)
    yield Words(
        said(
            strong(f"{each.tally.out} of {people(each.tally.whole)}"),
            # A sentence of ours, whatever script the citation in it is in.
            f" out of compliance. {each.rule}".rstrip(),
        )
    )
    rows = [_row(looked, each, one, as_of) for one in each.people]
    yield Table(each.requirement.title, FINDING, rows, note="Why")


def _row(looked: LookBack | None, each: Findings, one: Finding, as_of: date) -> Row:
    told = [reason for reason in one.why if reason != each.rule]
    if looked:
        key = (one.employee_id, each.requirement.id)
        before = [time for time in looked.intervals.get(key, []) if time.last_day]
        told += [f"Out before: {times(before, as_of)}."] if before else []
        told += [_begins(looked, one), under_way(looked.underway.get(key, Begun()))]
    cells = (
        *_who(one),
        Cell(WORDS[one.standing][0], "bad"),
        day_or(one.last_valid_day, "none"),
        day_or(one.out_since, "always"),
        one.days_out,
    )
    return Row(cells, note=" ".join(filter(None, told)))


def _past_row(looked: LookBack, one: Past, as_of: date) -> Row:
    key = (one.employee_id, one.requirement)
    now = WORDS[one.standing][0] if one.standing else "not asked"
    told = [f"{times(looked.intervals.get(key, []), as_of)}.", _begins(looked, one)]
    told.append(under_way(looked.underway.get(key, Begun())))
    return Row((*_who(one), Cell(one.title, "data"), now), note=" ".join(filter(None, told)))


def _begins(looked: LookBack, one: Named) -> str:
    """From when on somebody is on record of whom older records were removed."""
    begins = looked.kept_from.get(one.employee_id)
    if begins is None:
        return ""
    return f"Records of this person begin on {spoken(begins)}: older ones were past keeping, and removed."


def _who(one: Named) -> tuple[str | Cell, ...]:
    name = Cell(one.name, "name") if one.name else Cell(NOT_RECORDED, "quiet")
    role = Cell(one.role, "data") if one.role else Cell(NOT_RECORDED, "quiet")
    return one.employee_id, name, Cell(one.unit, "data"), role


def _met(each: Findings) -> tuple[Run, ...]:
    citation = each.requirement.citation or ""
    whole = f": 0 of {people(each.tally.whole)}{'. ' if citation else ''}"
    return said(data(each.requirement.title), whole, data(citation))


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"
