"""The reports in all their forms: the same figures, safe whatever people are called, and plain where nothing is."""

import csv
from datetime import date
from typing import Any

import pytest

from asking.pages import Page, counts, people
from asking.staffed import AUTHOR, HOSTILE, POLICY, TODAY, staffed
from tracker.actions.apply_policy import apply_policy
from tracker.actions.build_compliance import build_compliance
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.tables import units
from tracker.domain.scope import EVERYONE, InUnits
from tracker.domain.standing import OUT_OF_COMPLIANCE, Standing
from tracker.domain.why import spoken
from tracker.reports.as_csv import compliance_csv, exceptions_csv
from tracker.reports.as_html import page
from tracker.reports.as_json import compliance_json, exceptions_json
from tracker.reports.compliance import Compliance
from tracker.reports.compliance_pages import compliance_pages
from tracker.reports.exceptions import Exceptions
from tracker.reports.exceptions_pages import exceptions_pages
from tracker.reports.places import templates_folder
from tracker.reports.words import WORDS


@pytest.fixture
def report(database: Database) -> Compliance:
    """The report about the staff above."""
    return build_compliance(staffed(database), EVERYONE, TODAY, None)


def compliance_html(report: Compliance) -> str:
    """The report as a page."""
    return page(compliance_pages(report))


def exceptions_html(report: Exceptions) -> str:
    """The report as a page."""
    return page(exceptions_pages(report))


def rows_of(text: str, kind: str) -> list[dict[str, str]]:
    """The rows of one kind of a report as CSV."""
    return [row for row in csv.DictReader(text.splitlines()) if row["row"] == kind]


def said(tally: dict[str, Any]) -> dict[str, str]:
    """Counts as the page says them; columns that are nought throughout it does not have."""
    rate, target = "", "nobody counts"
    if tally["percent"] is not None:
        rate = f"{tally['percent']:.1f}\N{NO-BREAK SPACE}%"
        target = "met" if tally["meets_target"] else "below"
    figures = {"all": tally["people"], "counted": tally["counted"], "compliant": tally["compliant"]}
    figures |= {"rate": rate, "target": target}
    figures |= {WORDS[Standing(name)][0]: count for name, count in tally["standings"].items()}
    return {name: str(figure) for name, figure in figures.items()}


def shown(row: dict[str, str], name: str) -> dict[str, str]:
    """A row of the page without its name, and nought where the page leaves a column out."""
    return dict.fromkeys((words for words, _ in WORDS.values()), "0") | {
        words: figure for words, figure in row.items() if words not in ("Unit", "Requirement")
    }


def test_counts_are_the_same_in_json_csv_and_html(report: Compliance) -> None:
    """Of all, each facility, each unit, each requirement."""
    data = compliance_json(report)
    by_unit, by_requirement = (counts(table) for table in Page(compliance_html(report)).tables[:2])
    titles = {each.requirement.id: each.requirement for each in report.exceptions.findings}
    seen = {("all", ""): data["total"]}
    seen |= {("facility", each["facility"]): each for each in data["facilities"]}
    seen |= {("unit", each["unit"]): each for each in data["units"]}
    assert len(by_unit) == len(seen) + 1  # and the units whose facility is not recorded
    for (kind, name), tally in seen.items():
        assert shown(by_unit[name or "All"], name) == said(tally)
        (row,) = [row for row in rows_of(compliance_csv(report), kind) if row["name"] == name]
        assert {standing: int(row[standing]) for standing in tally["standings"]} == tally["standings"]
        assert [row["people"], row["people_counted"], row["people_compliant"]] == [
            str(tally[key]) for key in ("people", "counted", "compliant")
        ]
        assert row["percent"] == ("" if tally["percent"] is None else str(tally["percent"]))
    for tally in data["requirements"]:
        asked = titles[tally["requirement"]]
        assert shown(by_requirement[asked.title], asked.title) == said(tally)


def test_exceptions_are_the_same_in_json_csv_and_html(report: Compliance) -> None:
    """Each person once under each requirement, with days, standing and why, in both reports' pages."""
    data = exceptions_json(report.exceptions)
    table = exceptions_csv(report.exceptions)
    found = [(each, one) for each in data["findings"] for one in each["people"]]
    lines = rows_of(table, "exception")
    assert [(row["requirement"], row["employee_id"], row["days_out"], row["why"]) for row in lines] == [
        (each["requirement"], one["employee_id"], str(one["days_out"]), " ".join(one["why"])) for each, one in found
    ]
    for text in (exceptions_html(report.exceptions), compliance_html(report)):
        tables = [people(each) for each in Page(text).tables if "Standing" in each[0]]
        cells = [row for each in tables for row in each]
        assert [(row[0], row[2], row[4], row[5], row[6], row[7]) for row in cells] == [
            (
                one["employee_id"],
                one["unit"],
                WORDS[one["standing"]][0],
                spoken(one["last_valid_day"]) if one["last_valid_day"] else "none",
                spoken(one["out_since"]),
                str(one["days_out"]),
            )
            for _, one in found
        ]
        for row, (each, one) in zip(cells, found, strict=True):
            assert [*filter(None, [row[8], each["rule"]])] == [" ".join(one["why"][:-1]), one["why"][-1]]


def test_sums_add_up(report: Compliance) -> None:
    """Exceptions are the standings out of compliance; "N of M" is what the requirement's counts say."""
    data = compliance_json(report)
    for tally in data["requirements"]:
        (each,) = [one for one in report.exceptions.findings if one.requirement.id == tally["requirement"]]
        assert len(each.people) == each.tally.out == sum(tally["standings"][one] for one in OUT_OF_COMPLIANCE)
        assert sum(tally["standings"].values()) == tally["people"]
    assert sum(len(each.people) for each in report.exceptions.findings) == report.total.out
    failing = {one.employee_id for each in report.exceptions.findings for one in each.people}
    assert len(failing) == report.total.lapsed == report.total.counted - report.total.compliant
    assert f"{report.total.lapsed} of {report.total.counted} people who count" in exceptions_html(report.exceptions)
    # Whoever works in two places counts in each, and once above.
    assert sum(tally.people for _, _, tally in report.units) == report.total.people + 2


def test_a_finding_says_since_when_and_why(report: Compliance) -> None:
    """BLS ended in March, grace ran for ten days more; the person works in two units and is one exception."""
    (bls,) = [each for each in report.exceptions.findings if each.requirement.id == "bls"]
    (lapsed,) = [one for one in bls.people if one.employee_id == "02"]
    assert (bls.tally.out, bls.tally.whole) == (4, 5)
    assert (lapsed.unit, lapsed.role, lapsed.standing) == ("ED; ICU", "RN", Standing.EXPIRED)
    assert (lapsed.last_valid_day, lapsed.out_since) == (date(2026, 3, 31), date(2026, 4, 11))
    assert lapsed.days_out == (TODAY - date(2026, 4, 11)).days + 1
    assert lapsed.why == ["BLS (AHA) ended on 31 Mar 2026.", "HR-204, section 1 asks for BLS."]
    assert [row["unit"] for row in compliance_json(report)["exceptions"] if row["employee_id"] == "02"] == [
        "ED",
        "ICU",
        "ICU",
    ]


def test_who_is_not_matched_and_what_matches_nobody_is_named(report: Compliance) -> None:
    """By id, name, units and role, in both pages; a requirement for a unit that nobody has is named too."""
    for text in (compliance_html(report), exceptions_html(report.exceptions)):
        assert "People whom no requirement matches: 1" in Page(text).headings
        assert ["09", "Clerk, Kim", "ED; ICU", "Clark"] in [row for table in Page(text).tables for row in table]
        assert "For a unit that is spelt otherwise" in text
    assert compliance_json(report)["unused_requirements"] == ["nrp"]
    assert [row["employee_id"] for row in rows_of(exceptions_csv(report.exceptions), "unmatched")] == ["09"]


def test_names_are_data_whatever_they_are(report: Compliance) -> None:
    """Nothing in a name is a tag, a control or a formula; a name in another script stands as written."""
    for text in (compliance_html(report), exceptions_html(report.exceptions)):
        page = Page(text)
        assert {"script", "link", "img", "iframe", "object", "form"}.isdisjoint(page.tags)
        assert "site &lt;b&gt;" in text
        assert {"\x07", "\u202e"}.isdisjoint(text)
        assert HOSTILE.replace("\x07\u202e", "  ") in page.text
        assert "陳大文" in page.text
        assert "site <b>" in page.headings[0]
        assert "secret" not in text
    for table in (compliance_csv(report), exceptions_csv(report.exceptions)):
        cells = [cell for row in csv.reader(table.replace("\x07", "").splitlines()) for cell in row]
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


def test_a_page_stands_alone(report: Compliance) -> None:
    """Nothing is fetched or run, and there is no attribute that could."""
    for text in (compliance_html(report), exceptions_html(report.exceptions)):
        page = Page(text)
        names = {name for name, _ in page.attributes}
        assert not any(name in ("src", "href", "style") or name.startswith("on") for name in names)
        assert "default-src 'none'" in text
        assert "@import" not in text
        assert "url(" not in text


def test_a_report_names_its_day_policy_scope_and_seal(database: Database) -> None:
    """So that a printed page can be held against the records later."""
    report = build_compliance(staffed(database), InUnits(("ICU",)), TODAY, None)
    heading = report.heading
    page = Page(compliance_html(report)).text
    assert "15 Jun 2026" in page
    assert heading.policy_sha256[:12] in page
    assert "unit ICU" in page
    assert f"{heading.trail.entry}:{heading.trail.seal}" in page
    assert compliance_json(report)["scope"] == {"units": ["ICU"], "employee_id": None}


def test_what_was_known_at_an_instant_rests_on_that_entry(database: Database) -> None:
    """The page names the instant by the site's clock, and the seal of the last entry before it."""
    now = build_compliance(staffed(database), EVERYONE, TODAY, None)
    with change(database, AUTHOR, "later") as made:
        made.record(units, [("Later", None, None, None)])
    made_at = now.heading.trail.at
    assert made_at
    then = build_compliance(database, EVERYONE, TODAY, made_at)
    assert then.heading.trail[:2] == now.heading.trail[:2]
    assert "America/Chicago" in compliance_html(then)
    assert then.total == now.total
    assert then.exceptions.findings == now.exceptions.findings


def test_a_hospital_where_nobody_works(database: Database) -> None:
    """One sentence, no tables, no rate; never 100 per cent."""
    apply_policy(database, AUTHOR, POLICY, None, TODAY)
    report = build_compliance(database, EVERYONE, TODAY, None)
    for text in (compliance_html(report), exceptions_html(report.exceptions)):
        page = Page(text)
        assert "obody works here on this day" in page.text
        assert page.tables == []
        assert "100" not in page.text.split("Seal of entry")[0].split("trail")[0]
    assert exceptions_json(report.exceptions)["findings"] == []


def test_a_unit_where_nobody_counts_does_not_look_perfect(database: Database) -> None:
    """The exempt and the unmatched alone: no rate, and a sentence instead of a list of requirements met."""
    report = build_compliance(staffed(database), InUnits(("Cafe",)), TODAY, None)
    for text in (compliance_html(report), exceptions_html(report.exceptions)):
        assert "that is no sign that all is well" in text
        assert "Nobody out of compliance" not in text
        assert "met</span>" not in text


def test_a_rate_just_short_of_the_target_does_not_look_as_if_it_met_it(report: Compliance) -> None:
    """1,899 of 1,999 are 94.997 per cent: shown as 94.9, and below 95."""
    report.total.standings.clear()
    report.total.standings.update({Standing.CURRENT: 1899, Standing.EXPIRED: 100})
    assert (report.total.percent, report.total.meets(95)) == (94.9, False)


def test_the_templates_are_found_beside_the_package_and_inside_it(tmp_path: Any) -> None:
    """A checkout keeps them beside it, a wheel inside it."""
    package = tmp_path / "tracker"
    assert templates_folder(package) == tmp_path / "templates" / "report"
    (package / "templates" / "report").mkdir(parents=True)
    assert templates_folder(package) == package / "templates" / "report"
