"""`tracker retention`, and the job that does the same every day."""

import os

import pytest

from cli.program import POLICY, Program, refused

KEPT = "\n[retention]\nabsences_months = 12\n"


@pytest.fixture
def keeping(hospital: Program) -> Program:
    """The small hospital with an absence that ended two years ago; the policy keeps those for a year."""
    hospital.ok("policy", "apply", hospital.file("kept.toml", POLICY + KEPT), "--effective", "2026-01-01")
    hospital.ok("import", hospital.file("away.csv", "employee_id,from,until\n1003,2023-12-01,2024-01-10\n"))
    return hospital


def test_it_is_counted_first_and_removed_on_request(keeping: Program) -> None:
    """Nothing is removed before --apply; afterwards nothing is left to do, and the trail holds."""
    before = keeping.content()
    looked = keeping.ok("retention").out
    assert ("1  absences" in looked, "--apply" in looked) == (True, True)
    assert keeping.content() == before
    assert "1  absences" in keeping.ok("retention", "--apply").out
    assert "Nothing is past keeping" in keeping.ok("retention", "--dry-run").out
    keeping.ok("audit", "verify")
    keeping.ok("db", "check", "--sample", "0")
    assert keeping.ok("audit", "log", "--limit", "1", "--format", "json").json[0]["action"] == "retention"


def test_the_job_removes_it_once_a_day(keeping: Program) -> None:
    done = keeping.ok("jobs", "run", "remove_old_records").out
    assert done == "remove_old_records: done: 1 absences\n"
    assert "worked" in keeping.ok("jobs", "run", "remove_old_records").out


def test_a_policy_that_keeps_everything_gives_the_job_nothing_to_do(hospital: Program) -> None:
    assert "keeps everything" in hospital.ok("jobs", "run", "remove_old_records").out
    assert "Nothing is past keeping" in hospital.ok("retention", "--apply").out


def test_files_of_issued_reports_that_none_names_go_a_day_later(hospital: Program) -> None:
    """Those of a change that failed, and those that an erasure could not remove; even if the policy keeps all else."""
    for employee_id in ("1003", "1009"):
        words = ("--employee", employee_id, "--format", "csv", "-o", f"{employee_id}.csv", "--issue")
        hospital.ok("report", "history", *words)
    issued = hospital.data / "issued"
    before = {path: path.read_bytes() for path in issued.rglob("*") if path.is_file()}
    hospital.ok("person", "erase", "1003", "--reason", "request 17", "--yes")
    named = {path for path in before if path.exists()}
    assert len(named) == 2
    for path, content in before.items():
        path.write_bytes(content)
    (issued / "ab").mkdir(exist_ok=True)
    fresh, failed = issued / "ab" / f"{'ab' * 32}", issued / "ab" / f"{'abcd' * 16}"
    for path in (fresh, failed):
        path.write_text("x")
    for path in (*before, failed):
        os.utime(path, (0, 0))
    hospital.ok("retention")
    assert failed.exists()
    assert hospital.ok("jobs", "run", "remove_old_records").out.startswith("remove_old_records: done")
    assert {path for path in issued.rglob("*") if path.is_file()} == {*named, fresh}
    hospital.ok("report", "verify")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("cards_months = 0", "retention.cards_months: should be a whole number of months"),
        ("cards = 12", "retention.cards: unknown key"),
        ("mails_months = 11", "retention.mails_months: should be at least 12"),
        ("cards_months = 12\nevidence_months = 24", "retention.evidence_months: is longer than cards_months"),
    ],
)
def test_keeping_that_makes_no_sense_is_refused(program: Program, lines: str, words: str) -> None:
    path = program.file("policy.toml", f"{POLICY}\n[retention]\n{lines}\n")
    done = program("policy", "check", path)
    assert (done.code != 0, words in done.out + done.err) == (True, True)


def test_without_a_policy_nothing_is_removed(program: Program) -> None:
    refused(program("retention", "--apply"), 2, "policy apply")
