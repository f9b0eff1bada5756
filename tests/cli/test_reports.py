"""`tracker report` as people run it: its forms, where they go, and what the records cannot answer."""

import csv
import re
from pathlib import Path

import pytest

from asking.pages import Page
from cli.program import POLICY, ROSTER, Program, refused
from tracker.cli.status import PLAIN
from tracker.domain.standing import Standing
from tracker.reports.words import WORDS

REPORTS = ["compliance", "exceptions"]
each_report = pytest.mark.parametrize("name", REPORTS)


@each_report
def test_before_any_policy_one_sentence_says_what_to_do(program: Program, name: str) -> None:
    """Exit 2 in every form, and no page that says nothing."""
    for form in ("json", "csv", "html"):
        refused(program("report", name, "--format", form), 2, "tracker policy apply")


@each_report
def test_a_page_goes_to_standard_output_or_to_a_file(asked: Program, tmp_path: Path, name: str) -> None:
    """The same page, whole; in a file it is nobody else's to read."""
    shown = asked.ok("report", name, "--format", "html").out
    target = tmp_path / "page.html"
    done = asked.ok("report", name, "--format", "html", "-o", target)
    assert done.out == ""
    assert target.read_text("utf-8") == shown
    assert target.stat().st_mode & 0o077 == 0
    assert shown.startswith("<!doctype html>")
    assert Page(shown).headings[0] == f"{name.capitalize()}: test-hospital"


def test_exceptions_by_requirement(asked: Program) -> None:
    """The citation, how many of how many, and each person with days and why."""
    report = asked.ok("report", "exceptions").json
    assert (report["people"], report["counted"], report["out_of_compliance"]) == (10, 6, 2)
    bls, acls = report["findings"]
    assert (bls["requirement"], bls["out_of_compliance"], bls["counted"]) == ("bls", 2, 6)
    assert (acls["requirement"], acls["people"]) == ("icu-acls", [])
    cyd, ida = bls["people"]
    assert (cyd["employee_id"], cyd["last_valid_day"], cyd["out_since"], cyd["days_out"]) == (
        "1003",
        "2025-12-31",
        "2026-01-11",
        5,
    )
    assert (ida["standing"], ida["last_valid_day"], ida["out_since"]) == ("missing", None, "2024-01-01")
    assert cyd["why"] == asked.ok("status", "--employee", "1003", "--format", "json").json[0]["why"]
    assert report["unmatched"] == ["1007"]


def test_a_report_about_a_unit_is_about_nobody_else(asked: Program) -> None:
    """Neither figures nor names of others are on the page."""
    page = asked.ok("report", "compliance", "--unit", "icu", "--format", "html").out
    assert "Cyd Cole" not in page
    assert not re.search(r"\b1007\b", page)
    assert "unit ICU" in page


def test_a_report_of_what_was_known_names_the_instant(asked: Program) -> None:
    """By the site's clock; it rests on the trail as it was."""
    report = asked.ok("report", "exceptions", "--known-at", "2100-01-01T00:00Z").json
    assert report["known_at"] == "2100-01-01T00:00:00+00:00"
    page = asked.ok("report", "exceptions", "--known-at", "2100-01-01T00:00Z", "--format", "html").out
    assert "31 Dec 2099, 18:00:00 (America/Chicago)" in page


def test_the_seal_on_a_page_is_one_that_the_trail_verifies(asked: Program) -> None:
    """What is printed can be held against the records."""
    trail = asked.ok("report", "compliance").json["trail"]
    asked.ok("audit", "verify", "--expect", f"{trail['entry']}:{trail['seal']}")


def test_hostile_names_come_out_as_text(hospital: Program) -> None:
    """In a page as words, in a table never as a formula."""
    roster = ROSTER.replace("Ida Ito", "=HYPERLINK(1)").replace("Cyd Cole", "<img src=x onerror=alert(1)>")
    hospital.ok("import", hospital.file("again.csv", roster))
    page = Page(hospital.ok("report", "exceptions", "--format", "html").out)
    assert "img" not in page.tags
    assert "<img src=x onerror=alert(1)>" in page.text
    table = hospital.ok("report", "exceptions", "--format", "csv").out
    assert "'=HYPERLINK(1)" in [row["name"] for row in csv.DictReader(table.splitlines())]


def test_an_empty_hospital_has_a_page(program: Program) -> None:
    """With a policy and nobody in it: a sentence, and exit 0."""
    program.ok("policy", "apply", program.file("policy.toml", POLICY))
    for name in REPORTS:
        assert "obody works here on this day" in program.ok("report", name, "--format", "html").out
        assert len(program.ok("report", name, "--format", "csv").out.splitlines()) in {1, 2}


def test_a_page_and_the_screen_call_standings_the_same() -> None:
    """One word for one thing; capitals are the screen's."""
    assert {standing: words for standing, (words, _) in WORDS.items()} == {
        standing: PLAIN[standing].lower() for standing in Standing
    }


def test_a_report_about_people_by_name_is_about_nobody_else(asked: Program) -> None:
    """Any number of them, and the page says who they are."""
    words = ("--employee", "1003", "--employee", "1009", "--employee", "1003")
    for name in ("compliance", "exceptions", "expiring"):
        assert asked.ok("report", name, *words).json["employees"] == ["1003", "1009"]
    assert asked.ok("report", "exceptions", *words).json["people"] == 2
    assert "employees 1003, 1009" in asked.ok("report", "exceptions", *words, "--format", "html").out
    refused(asked("report", "exceptions", "--employee", "1003", "--employee", "9999"), 2, "9999")
    refused(asked("report", "exceptions", "--employee", "1003", "--employee", "1009", "--unit", "ED"), 2, "not both")
    page = asked.ok("report", "exceptions", "--employee", "1003", "--format", "html").out
    assert "employee 1003" in page


def test_the_look_back_is_as_long_as_asked(asked: Program) -> None:
    """Never before the records begin."""
    looked = asked.ok("report", "exceptions", "--look-back", "12").json["look_back"]
    assert (looked["months"], looked["first_day"]) == (12, "2025-01-15")
    assert asked.ok("report", "exceptions").json["look_back"]["first_day"] == "2024-01-01"
    (cyd,) = asked.ok("report", "exceptions", "--employee", "1003").json["findings"][0]["people"]
    assert cyd["intervals"][-1] == {"first_day": "2026-01-11", "last_day": None, "days": 5}


def test_what_ends_is_asked_for_so_many_months(asked: Program) -> None:
    """Ada's BLS in March ends both; Jo's in April; Dee leaves before hers does."""
    report = asked.ok("report", "expiring", "--months", "2").json
    assert [month["month"] for month in report["months"]] == ["2026-01", "2026-02", "2026-03"]
    assert report["seats"] == [{"type": "BLS", "people": 1, "units": [{"unit": "ICU", "people": 1}]}]
    table = asked.ok("report", "expiring", "--months", "3", "--format", "csv").out
    named = [row["employee_id"] for row in csv.DictReader(table.splitlines()) if row["row"] == "ending"]
    assert named == ["1001", "1001", "1010"]


def test_a_day_is_answered_as_known_now_and_as_known_then(asked: Program) -> None:
    """All that is on record came in at once, so on no day of the past was anything known."""
    report = asked.ok("report", "history", "--employee", "1001", "--employee", "1003", "--as-of", "2025-12-01").json
    assert report["known_at"] == "2025-12-02T05:59:59.999999+00:00"
    ada, cyd = report["people"]
    assert (ada["now"]["compliant"], ada["then"]["on_record"], ada["differs"]) == (True, False, True)
    why = asked.ok("status", "--employee", "1003", "--as-of", "2025-12-01", "--format", "json").json[0]["why"]
    assert [one["why"] for one in cyd["now"]["standings"]] == [why]
    then = asked.ok("report", "history", "--employee", "1003", "--known-at", "2020-01-01").json["people"][0]
    assert (then["then"]["on_record"], then["then"]["compliant"], then["differs"]) == (False, None, True)
    assert then["since"]["source"] == "cli"
    table = asked.ok("report", "history", "--employee", "1003", "--format", "csv").out
    assert [row["known"] for row in csv.DictReader(table.splitlines()) if row["row"] == "answer"] == ["now", "then"]


def test_a_history_is_of_people_by_name(asked: Program) -> None:
    """Or by id; one sentence says how to name them, and who has a name that is near."""
    told = asked.ok("report", "history", "--employee", "Cole Cyd", "--employee", "1001", "--employee", "1003").json
    assert [one["employee_id"] for one in told["people"]] == ["1001", "1003"]
    refused(asked("report", "history", "--employee", "Cyd Coles"), 2, "'Cyd Coles', near is Cyd Cole (1003)")
    refused(asked("report", "history"), 2, "--employee")
    refused(asked("report", "history", "--employee", "9999"), 2, "9999")
