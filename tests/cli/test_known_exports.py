"""Known exports from the file to the records: what is asked, what goes in, and what is never stored."""

import json
from pathlib import Path

import pytest

from cli.program import POLICY, Program, refused
from intake.exports import ECARD, ESR_BLS, ONE_PERSON, PLACES, RQI, TEAM, TRANSCRIPT, WORKDAY

STAFF = "employee_id,name,unit,role,starts_on\n0101,Ada Wren,ICU,RN,2020-01-01\n0102,Ben Bo,ICU,RN,2020-01-01\n"
BLS = {f"type:{ESR_BLS}": "BLS"}
# What is looked for has a letter or a sign in it that no hash has.
EXPORTS = {
    "rqi": (RQI, {}, ["10/14/1988", "1988-10-14", "1979-02-02", "Cohort Green", "Dale"]),
    "esr": (TEAM, BLS, ["Clerk", "Fire Safety", "Achieved", "Compliant", "Ward Sister", "NHS|CSTF"]),
    "transcript": (
        TRANSCRIPT,
        ECARD,
        ["92.871", "58.871", "ICU-4W", "Failed", "In Progress", "HeartCode", "Cafeteria"],
    ),
    "workday": (
        WORKDAY,
        PLACES,
        [
            "1988-10-14",
            "123-45-6789",
            "987-65-4321",
            "Welcome",
            "home.example",
            "Medical",
            "91871.5",
            "99871.5",
            "On Leave",
            "Terminated",
        ],
    ),
}


@pytest.fixture
def site(program: Program) -> Program:
    """A policy in force, and two nurses where a list of cards needs them."""
    program.ok("policy", "apply", program.file("policy.toml", POLICY))
    return program


def answers(program: Program, given: dict[str, str]) -> Path:
    return program.file("a.toml", "".join(f"{json.dumps(key)} = {json.dumps(value)}\n" for key, value in given.items()))


@pytest.mark.parametrize("export", EXPORTS)
def test_what_must_not_be_stored_is_nowhere_in_the_database(site: Program, export: str) -> None:
    """Birth dates, national numbers, passwords, scores, diagnoses, salaries: not in its file nor beside it."""
    text, given, never = EXPORTS[export]
    if export in ("esr", "transcript"):
        site.ok("import", site.file("staff.csv", STAFF))
    done = site("import", site.file("x.csv", text), "--answers", answers(site, given), "--format", "json")
    assert done.json["batch"] is not None, done.err
    stored = b"".join(path.read_bytes() for path in site.data.glob("tracker.db*"))
    assert b"Ada" in stored
    assert [word for word in never if word.encode() in stored] == []


@pytest.mark.parametrize("export", EXPORTS)
def test_an_export_twice_changes_nothing_the_second_time(site: Program, export: str) -> None:
    text, given, _ = EXPORTS[export]
    files = [site.file("staff.csv", STAFF)] if export in ("esr", "transcript") else []
    words: tuple[str | Path, ...] = (
        "import",
        *files,
        site.file("x.csv", text),
        "--answers",
        answers(site, given),
        "--format",
        "json",
    )
    first, again = site(*words).json, site(*words).json
    assert (again["batch"], again["new"], again["unchanged"]) == (None, 0, first["new"])


def test_types_in_words_are_asked_and_nothing_goes_in_until_they_are_answered(site: Program) -> None:
    """The screen shows the line for the answers file, whatever stands in the text."""
    site.ok("import", site.file("staff.csv", STAFF))
    before = site.content()
    done = site("import", site.file("esr.csv", TEAM))
    assert (done.code, site.content()) == (2, before)
    assert f'{json.dumps(f"type:{ESR_BLS}")} = "..." in an --answers file' in done.err
    assert "Answer BLS or ACLS or none" in done.err


def test_rows_that_do_not_count_come_back_and_go_in_once_they_are_right(site: Program) -> None:
    """Whoever is inactive without a day comes in as soon as the day is filled in."""
    done = site("import", site.file("x.csv", RQI))
    assert done.code == 1
    [copy] = (site.data / "rejects").glob("*.csv")
    mended = copy.read_text("utf-8-sig").replace("01/05/2015,,Cohort", "01/05/2015,06/30/2026,Cohort")
    found = site.ok("import", site.file("mended.csv", mended), "--date-order", "mdy", "--format", "json").json
    assert (found["new"], found["rejected"]) == (1, 0)


def test_an_export_that_names_no_learner_is_refused_with_one_sentence(site: Program) -> None:
    refused(site("import", site.file("esr.csv", ONE_PERSON), "--dry-run", "--format", "table"), 2, "employee number")
