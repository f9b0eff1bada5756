"""The compliance report of random nasty worlds, with its months, is what the day-by-day reading says."""

import csv
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import report_oracle
from asking.replayed import FACILITIES, SCOPES, Replayed
from conftest import Databases
from oracle import Reading, Record
from report_oracle import Asked, Figures, by_facility, by_requirement, by_unit, total
from tracker.actions.build_compliance import build_compliance
from tracker.reports.as_csv import compliance_csv
from tracker.reports.as_json import compliance_json
from tracker.reports.compliance import Compliance
from tracker.reports.forms import to_json
from tracker.reports.months import Month
from tracker.reports.tally import Tally
from worlds import worlds

WITH_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=25, suppress_health_check=WITH_DATABASE)
@given(world=worlds(), data=st.data())
def test_counts_months_and_sums_are_what_the_reading_says(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, world: Record, data: st.DataObject
) -> None:
    """Past and future days, as known now (stored) and at any instant (computed), of everybody and of some."""
    replayed = Replayed(databases, monkeypatch, world)
    for _ in range(3):
        as_of, known_at = replayed.draw(data)
        scope, asked = data.draw(st.sampled_from(SCOPES))
        known = replayed.known(known_at)
        if known is None:
            continue
        report = build_compliance(replayed.database, scope, as_of, known_at)
        same_counts(report, known, asked, as_of, {} if known_at else FACILITIES)
        same_months(report, known, asked, as_of)
        same_in_every_form(report)
        one = data.draw(st.sampled_from(report.months.trend + report.months.forecast))
        alone = build_compliance(replayed.database, scope, one.day, known_at)
        assert one == alone.months.trend[-1]
        assert (one.total, one.units, one.requirements) == (alone.total, units_of(alone), alone.requirements)
        assert (one.target, one.unmatched) == (alone.heading.target, len(alone.exceptions.unmatched))
    databases.drop()


def same_counts(
    report: Compliance, known: Reading, asked: Asked, as_of: date, facilities: Mapping[str, str | None]
) -> None:
    """The figures of a day, and its names; and the sums add up."""
    assert told(report.total) == read(total(known, asked, as_of))
    assert all_told(units_of(report)) == all_read(by_unit(known, asked, as_of))
    above = {place.name: place.tally for place in report.facilities}
    assert all_told(above) == all_read(by_facility(known, asked, as_of, dict(facilities)))
    assert all_told(report.requirements) == all_read(by_requirement(known, asked, as_of))
    names = {one.employee_id for one in report.exceptions.unmatched}
    assert names == report_oracle.unmatched(known, asked, as_of)
    out = {
        (one.employee_id, each.requirement.id): one.standing.value
        for each in report.exceptions.findings
        for one in each.people
    }
    assert out == report_oracle.exceptions(known, asked, as_of)
    assert sum((tally.standings for tally in report.requirements.values()), start=Tally().standings) == (
        report.total.standings
    )
    for place in report.facilities:
        people = [tally.people for tally in place.units.values()]
        assert max(people) <= place.tally.people <= sum(people)
        assert place.tally.people <= report.total.people


def same_months(report: Compliance, known: Reading, asked: Asked, as_of: date) -> None:
    """Each month is a day of its own."""
    months = report.months.trend + report.months.forecast
    assert [month.day for month in months] == report_oracle.trend_days(as_of) + report_oracle.forecast_days(as_of)
    for month in months:
        assert told(month.total) == read(total(known, asked, month.day))
        assert all_told(month.units) == all_read(by_unit(known, asked, month.day))
        assert all_told(month.requirements) == all_read(by_requirement(known, asked, month.day))
        assert month.unmatched == len(report_oracle.unmatched(known, asked, month.day))


def same_in_every_form(report: Compliance) -> None:
    """JSON and CSV carry the same figures."""
    shown = compliance_json(report)
    assert to_json(shown)
    table = list(csv.DictReader(compliance_csv(report).splitlines()))
    figures = {(row["row"], row["month"], row["name"]): row for row in table if row["people"]}
    for kind, months in (("trend", report.months.trend), ("forecast", report.months.forecast)):
        for month, also in zip(months, shown[kind], strict=True):
            assert also["day"] == month.day
            same_row(figures, (f"{kind}_all", month), "", also["total"])
            for each in also["units"]:
                same_row(figures, (f"{kind}_unit", month), each["unit"], each)
            for each in also["requirements"]:
                same_row(figures, (f"{kind}_requirement", month), each["requirement"], each)


def same_row(figures: dict[Any, dict[str, str]], what: tuple[str, Month], name: str, also: dict[str, Any]) -> None:
    """A row of the table beside the object with the same figures."""
    kind, month = what
    row = figures.get((kind, f"{month.day:%Y-%m}", name))
    if row is None:
        assert month.total.people == 0
        return
    assert (int(row["people"]), int(row["people_counted"])) == (also["people"], also["counted"])
    assert {standing: int(row[standing]) for standing in also["standings"]} == also["standings"]
    assert row["percent"] == ("" if also["percent"] is None else str(also["percent"]))


def units_of(report: Compliance) -> dict[str, Tally]:
    """The units' counts by name."""
    return {unit: tally for _, unit, tally in report.units}


def told(tally: Tally) -> tuple[Any, ...]:
    """What the program counts."""
    standings = {standing.value: count for standing, count in tally.standings.items() if count}
    return tally.people, tally.counted, tally.compliant, standings, tally.rate


def read(figures: Figures) -> tuple[Any, ...]:
    """What the reading counts."""
    rate = None if figures.rate is None else float(figures.rate)
    return len(figures.people), figures.counted, figures.compliant, figures.standings, rate


def all_told(tallies: Mapping[Any, Tally]) -> dict[Any, Any]:
    """By name."""
    return {name: told(tally) for name, tally in tallies.items()}


def all_read(figures: Mapping[Any, Figures]) -> dict[Any, Any]:
    """By name."""
    return {name: read(each) for name, each in figures.items()}
