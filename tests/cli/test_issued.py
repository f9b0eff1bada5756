"""What is issued is kept, can be had again to the last byte, and is proved; whatever was altered is named."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from cli.program import Program, refused

FORMS = ["json", "csv", "xlsx", "html", "pdf"]
# Each report, and what it has to be asked besides.
REPORTS = {
    "compliance": [],
    "exceptions": ["--look-back", "12"],
    "expiring": ["--months", "2"],
    "history": ["--employee", "1003"],
    "survey": ["--employee", "1003"],
}


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_can_be_issued_in_every_form(hospital: Program, tmp_path: Path, name: str) -> None:
    """Each is listed, fetched as it was, and proved."""
    for number, form in enumerate(FORMS, 1):
        target = tmp_path / f"report.{form}"
        hospital.ok("report", name, *REPORTS[name], "--format", form, "-o", target, "--issue")
        again = tmp_path / f"again.{form}"
        hospital.ok("report", "fetch", str(number), "-o", again)
        assert again.read_bytes() == target.read_bytes()
        assert f"is report {number}, {name} as {form.upper()}" in hospital.ok("report", "verify", target).out
    listed = hospital.ok("report", "issued", "--format", "json").json
    assert [one["form"] for one in listed] == FORMS[::-1]
    assert {one["kind"] for one in listed} == {name}
    assert "1003" not in str([one["parameters"] for one in listed])
    assert "All reports issued and kept are as they were" in hospital.ok("report", "verify").out


def test_an_issued_report_bears_its_number(hospital: Program, tmp_path: Path) -> None:
    """On each page; one that is not issued bears none, nor does what programs read."""
    for number, form in ((1, "html"), (2, "pdf"), (3, "csv")):
        target = tmp_path / f"report.{form}"
        hospital.ok("report", "compliance", "--format", form, "-o", target, "--issue")
        if form == "pdf":
            pages = [page.extract_text() for page in PdfReader(target).pages]
            assert all(f", report {number}" in " ".join(page.split()) for page in pages)
        else:
            assert (f", report {number}" in target.read_text()) == (form == "html")
    page = tmp_path / "page.html"
    hospital.ok("report", "compliance", "--format", "html", "-o", page)
    assert ", report" not in page.read_text()


def test_instants_of_issuing_are_told_by_the_sites_clock(hospital: Program, tmp_path: Path) -> None:
    """With the zone's name; for programs they are UTC."""
    target = tmp_path / "report.csv"
    words = ("--employee", "1003", "--known-at", "2026-01-10T14:00Z", "--format", "csv", "-o", target, "--issue")
    hospital.ok("report", "history", *words)
    at = datetime.fromisoformat(hospital.ok("report", "issued", "--format", "json").json[0]["at"])
    assert at.utcoffset() == timedelta()
    local = at.astimezone(ZoneInfo("America/Chicago"))
    header, _, row = hospital.ok("report", "issued").out.splitlines()
    assert "at (America/Chicago)" in header
    assert f"{local:%Y-%m-%d %H:%M}  " in row
    assert row.endswith("known at: 2026-01-10 08:00:00, people: 1")
    assert f"{local:%H:%M:%S} (America/Chicago) by" in hospital.ok("report", "verify", target).out


def test_a_changed_byte_is_not_what_was_issued(hospital: Program, tmp_path: Path) -> None:
    """Nor is a report that was only printed."""
    target = tmp_path / "report.csv"
    hospital.ok("report", "compliance", "--format", "csv", "-o", target, "--issue")
    printed = tmp_path / "printed.csv"
    hospital.ok("report", "compliance", "--as-of", "2025-12-31", "--format", "csv", "-o", printed)
    target.write_bytes(target.read_bytes().replace(b"0", b"1", 1))
    for file in (target, printed):
        done = hospital("report", "verify", file)
        assert done.code == 1
        assert f"{file} is no report that was issued here" in done.out


def test_a_kept_file_that_was_altered_or_removed_is_named(hospital: Program, tmp_path: Path) -> None:
    """With the report's number; the others are proved all the same."""
    for day in ("2025-10-31", "2025-11-30", "2025-12-31"):
        hospital.ok("report", "compliance", "--as-of", day, "--format", "csv", "-o", tmp_path / f"{day}.csv", "--issue")
    first, second, _ = reversed(hospital.ok("report", "issued", "--format", "json").json)
    kept = hospital.data / "issued"
    altered, gone = (kept / one["sha256"][:2] / one["sha256"] for one in (first, second))
    altered.write_bytes(b"something else")
    gone.unlink()
    done = hospital("report", "verify")
    assert done.code == 1
    assert "Report 1 (compliance as csv): its file cannot be proved." in done.out
    assert "Report 2 (compliance as csv): its file cannot be proved." in done.out
    assert "Report 3" not in done.out
    refused(hospital("report", "fetch", "1", "-o", tmp_path / "out.csv"), 3, "is not what was kept")


def test_what_cannot_be_issued_is_said(hospital: Program, tmp_path: Path) -> None:
    """One sentence, and nothing is kept."""
    refused(hospital("report", "compliance", "--issue"), 2, "goes into a file")
    refused(hospital("report", "compliance", "--format", "pdf"), 2, "-o report.pdf")
    refused(hospital("report", "fetch", "7", "-o", tmp_path / "out"), 2, "No report 7 was issued")
    huge = "9" * 23
    refused(hospital("report", "fetch", huge, "-o", tmp_path / "out"), 2, huge)
    refused(hospital("report", "issued", "--limit", huge), 2, "--limit")
    assert hospital.ok("report", "issued").out == "No report was issued yet; add --issue to a report.\n"
    assert not (hospital.data / "issued").exists()


def test_whoever_has_a_report_again_is_in_the_trail(hospital: Program, tmp_path: Path) -> None:
    """With the report's number; whoever asks for one that is not there, or only lists them, leaves nothing."""
    hospital.ok("report", "survey", "--employee", "1003", "--format", "csv", "-o", tmp_path / "one.csv", "--issue")
    hospital("report", "fetch", "2", "-o", tmp_path / "out.csv")
    hospital.ok("report", "issued")
    hospital.ok("report", "fetch", "1", "-o", tmp_path / "out.csv")
    found = hospital.ok("audit", "log", "--action", "report-fetch", "--format", "json").json
    assert [entry["subject"] for entry in found] == ["report:1"]


def test_what_was_issued_is_nobody_elses_to_read(hospital: Program, tmp_path: Path) -> None:
    """Neither the files nor their folder."""
    hospital.ok("report", "compliance", "--format", "csv", "-o", tmp_path / "report.csv", "--issue")
    for path in [hospital.data / "issued", *(hospital.data / "issued").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0
