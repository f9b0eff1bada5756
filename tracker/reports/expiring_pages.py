"""What ends in the months to come, laid out: the seats in classes first, then each month by unit, with names."""

from collections.abc import Iterator, Sequence

from tracker.domain.why import spoken
from tracker.reports.document import Block, Cell, Column, Document, Row, Run, Table, Title, Value, Words, said, strong
from tracker.reports.expiring import Ending, Expiring, Month
from tracker.reports.findings import people
from tracker.reports.front import listed

ENDING = [Column("Unit", share=1.5), Column("Employee", "word"), Column("Name", share=1.5), Column("Role")]
ENDING += [Column("Requirement", share=1.5), Column("Cards that end", share=0.8), Column("Last day", "day")]


# Months side by side, so that they fit on a page.
MOST_MONTHS = 9


def expiring_pages(report: Expiring) -> Document:
    """The report laid out."""
    return Document("Expiring", report.heading.policy_name, report.heading, list(_blocks(report)))


def _blocks(report: Expiring) -> Iterator[Block]:
    yield Title("Seats in classes")
    if not report.people:
        yield Words(said(f"Nothing ends through {spoken(report.last_day)}."))
        return
    yield Words(
        said(
            strong(people(report.people)),
            f" would fall out of what a requirement asks by {spoken(report.last_day)} if nobody renews. A seat is one "
            "person and one type of card, in the month in which it is first needed.",
        )
    )
    yield Words(
        said(
            "Whoever is out of compliance or in grace already needs a class as well, and is not here but among the "
            "exceptions."
        ),
        warning=True,
    )
    for at in range(0, len(report.months), MOST_MONTHS):
        yield _seats(report, report.months[at : at + MOST_MONTHS])
    for month in report.months:
        yield from _month(month)
    yield Title("How to read this")
    yield Words(
        said(
            "The ",
            strong("last day"),
            " is the last on which the person is current, or in time as a newcomer or exempt, if nothing is renewed. "
            "Who works in several units stands under each, and counts as one seat.",
        )
    )


def _seats(report: Expiring, some: Sequence[Month]) -> Table:
    """Types by month, then each unit's; the last column is of all months."""
    months = [f"{month.first_day:%b %Y}" for month in some]
    columns = [Column("Card", share=2), *(Column(name, "count") for name in months), Column("in all", "count")]
    rows: list[Row] = []
    for each in report.seats:
        of = [{one.type: one for one in month.seats}.get(each.type) for month in some]
        rows.append(_row(Cell(each.type, "data"), [one.people if one else 0 for one in of], each.people, is_sum=True))
        for unit, count in each.units.items():
            by_month = [one.units.get(unit, 0) if one else 0 for one in of]
            rows.append(_row(Cell(unit, "data"), by_month, count))
    return Table("Seats", columns, rows, heads=True)


def _row(name: Cell, by_month: list[int], count: int, is_sum: bool = False) -> Row:
    figures: list[Value | Cell] = [Cell(one, "quiet") if one == 0 else one for one in by_month]
    return Row((name, *figures, count), "sum" if is_sum else "within")


def _month(month: Month) -> Iterator[Block]:
    name = f"{month.first_day:%B %Y}"
    yield Title(f"{name}: {people(month.people)}")
    if not month.units:
        yield Words([Run("Nothing ends.", "quiet")])
        return
    rows = [_ending(unit, one) for unit, endings in month.units.items() for one in endings]
    yield Table(name, ENDING, rows)


def _ending(unit: str, one: Ending) -> Row:
    name = Cell(one.name, "name") if one.name else Cell("not recorded", "quiet")
    types = listed(one.types) or Cell("none", "quiet")
    what = (Cell(one.title, "data"), types, one.last_day)
    return Row((Cell(unit, "data"), one.employee_id, name, Cell(one.role, "data"), *what))
