"""The compliance report, laid out: figures first, then by unit and requirement, by month, then people by name."""

from collections.abc import Iterator, Mapping

from tracker.domain.standing import Standing
from tracker.reports import findings
from tracker.reports.compliance import Compliance
from tracker.reports.counts import columns, left_out, rate_explained, row, shown_of
from tracker.reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Figures,
    Picture,
    Row,
    Run,
    Table,
    Title,
    Value,
    Words,
    said,
)
from tracker.reports.front import number
from tracker.reports.months import Month
from tracker.reports.pictures import curve, curve_words, heat
from tracker.reports.tally import Tally

NO_FACILITY = "Facility not recorded"


def compliance_pages(report: Compliance) -> Document:
    """The report laid out."""
    blocks = list(_blocks(report) if report.total.people else _nobody())
    return Document("Compliance", report.heading.policy_name, report.heading, blocks)


def _nobody() -> Iterator[Block]:
    yield Title("Nobody works here on this day")
    yield Words(said("So there is nothing to count, and no rate."))


def _blocks(report: Compliance) -> Iterator[Block]:
    shown = shown_of(report.total)
    yield _figures(report)
    yield from _by_unit(report)
    yield from left_out(shown)
    yield Words([Run("Who works in several units counts in each of them, and once in the sums.", "quiet")])
    yield from _by_requirement(report)
    yield from _by_both(report)
    yield from _months(report)
    yield from findings.unmatched(report.exceptions)
    yield Title(f"Exceptions: {report.total.out}")
    yield from findings.findings(report.exceptions)
    yield Title("How to read this")
    yield from rate_explained(shown)
    yield findings.days_explained()


def _figures(report: Compliance) -> Figures:
    total, target = report.total, f"{number(report.heading.target)}\N{NO-BREAK SPACE}%"
    percent = "" if total.percent is None else f"{total.percent:.1f}\N{NO-BREAK SPACE}%"
    if total.percent is None:
        rate = Figure("no rate", said("nobody counts"))
    elif total.meets(report.heading.target):
        rate = Figure(percent, said(f"current: the target of {target} is met"))
    else:
        rate = Figure(percent, said("current: ", Run("below", "bad"), f" the target of {target}"))
    unmatched = len(report.exceptions.unmatched)
    return Figures(
        [
            rate,
            Figure(f"{total.compliant} of {total.counted}", said("people who count are compliant")),
            Figure(
                str(total.out),
                said(f"{'exception' if total.out == 1 else 'exceptions'}, of {findings.people(total.lapsed)}"),
            ),
            Figure(str(unmatched), said(f"{'person' if unmatched == 1 else 'people'} whom no requirement matches")),
        ]
    )


def _by_unit(report: Compliance) -> Iterator[Block]:
    shown, target = shown_of(report.total), report.heading.target
    rows: list[Row] = []
    for place in report.facilities:
        named = len(report.facilities) > 1 or place.name is not None
        if named:
            name = Cell(place.name, "data") if place.name else NO_FACILITY
            rows.append(row(name, place.tally, shown, target, "sum"))
        for unit, tally in place.units.items():
            rows.append(row(Cell(unit, "data"), tally, shown, target, "within" if named else "plain"))
    rows.append(row("All", report.total, shown, target, "sum"))
    yield Title("By unit")
    yield Table("By unit", columns("Unit", shown, target), rows, heads=True)


def _by_requirement(report: Compliance) -> Iterator[Block]:
    shown, target = shown_of(report.total), report.heading.target
    yield Title("By requirement")
    if not report.exceptions.findings:
        yield Words(said("No requirement applies to anybody here."))
        return
    rows = [
        row(Cell(each.requirement.title, "data"), each.tally, shown, target)._replace(
            note=each.requirement.citation or ""
        )
        for each in report.exceptions.findings
    ]
    yield Table("By requirement", columns("Requirement", shown, target), rows, heads=True, note="Citation")


def _by_both(report: Compliance) -> Iterator[Block]:
    titles = {each.requirement.id: each.requirement.title for each in report.exceptions.findings}
    if not titles:
        return
    yield Title("By unit and requirement")
    yield Words(
        said(
            "The rate of each, in per cent. A mark in the corner: below the target. An empty field: nobody counts "
            "there."
        )
    )
    figures: Table | None = _rates(report, titles)
    for svg, words in heat(report.grid, titles, report.heading.target):
        yield Picture(svg, words, figures)
        # One table has the figures of all drawings.
        figures = None


def _rates(report: Compliance, titles: Mapping[str, str]) -> Table:
    target = report.heading.target
    rows = [
        Row((Cell(unit, "data"), *(_rate(tallies.get(name), target) for name in titles)))
        for unit, tallies in report.grid.items()
    ]
    columns = [Column("Unit"), *(Column(title, "percent") for title in titles.values())]
    return Table("By unit and requirement", columns, rows, heads=True, target=target)


def _rate(tally: Tally | None, target: float) -> Value | Cell:
    if tally is None or tally.percent is None:
        return None
    return tally.percent if tally.meets(target) else Cell(tally.percent, "bad")


def _months(report: Compliance) -> Iterator[Block]:
    past, ahead = report.months
    yield Title("The months before and after")
    yield Words(
        said(
            "Months after the day are dashed: by what is on record, as if nobody renewed any more; where they have "
            "passed, that is how they went."
        )
    )
    if any(one.total.standings[Standing.NOT_RECORDED] for one in past):
        yield Words(
            said(
                "Records begin within these months. What is not recorded is not held against anybody, so a rate from "
                "before is one of the little that was on record."
            ),
            warning=True,
        )
    yield Picture(curve(past, ahead), curve_words(past, ahead))
    rows = [_month(one) for one in past] + [_month(one, "after the day") for one in ahead]
    yield Table("Months", MONTHS, rows, heads=True)


MONTHS = [Column("Day", "day"), Column("people", "count"), Column("counted", "count"), Column("compliant", "count")]
MONTHS += [Column("current", "count"), Column("of", "count"), Column("rate", "percent"), Column("target", "percent")]
MONTHS += [Column("not recorded", "count")]
MONTHS += [Column("", share=1)]


def _month(month: Month, words: str = "") -> Row:
    total = month.total
    current = total.current
    figures = (total.people, total.counted, total.compliant, current, total.whole, total.percent, month.target)
    unknown = total.standings[Standing.NOT_RECORDED]
    return Row((month.day, *figures, unknown or Cell(0, "quiet"), Cell(words, "quiet")))
