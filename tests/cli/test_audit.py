"""`tracker audit`: who did what to whom, and proofs that others can make."""

import json
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from cli.program import Program, refused

PAGE = Path(__file__).parents[2] / "docs" / "administrators.md"


def listed(program: Program, *words: str) -> list[tuple[int, str]]:
    """The entries that are found, by number and action."""
    found = program.ok("audit", "log", *words, "--format", "json").json
    return [(entry["seq"], entry["action"]) for entry in found]


@pytest.fixture
def busy(hospital: Program) -> Program:
    """The small hospital after a new id, a card, a look at evidence and an import that was undone."""
    (hospital.home / "card.jpg").write_bytes(b"\xff\xd8\xff")
    (hospital.home / "more.csv").write_text("employee_id,name,unit,role\n2001,Kit Kay,ED,RN\n")
    hospital.ok("person", "rename-id", "1001", "A-1001", "--why", "new payroll")
    hospital.ok("card", "record", "1002", "--type", "BLS", "--issuer", "AHA", "--issued-on", "2026-01-02")
    hospital("evidence", "add", "A-1001", "card.jpg")
    hospital.ok("evidence", "get", "A-1001", "1", "-o", "seen.jpg")
    hospital.ok("import", "more.csv")
    hospital.ok("import-undo", "2")
    return hospital


def test_entries_are_found_by_person_kind_source_and_import(busy: Program) -> None:
    """A person by any id that they had, with looks at their files; the latest first, with a limit."""
    everything = listed(busy)
    assert [seq for seq, _ in everything] == sorted((seq for seq, _ in everything), reverse=True)
    hers = [(6, "evidence-get"), (5, "evidence-add"), (3, "person-rename"), (2, "import")]
    assert listed(busy, "--employee", "A-1001") == listed(busy, "--employee", "1001") == hers
    assert listed(busy, "--employee", "1001", "--limit", "2") == hers[:2]
    assert listed(busy, "--employee", "1002") == [(4, "card-record"), (2, "import")]
    assert listed(busy, "--action", "card-record") == [(4, "card-record")]
    assert listed(busy, "--import", "2") == [(8, "import-undo"), (7, "import")]
    assert (listed(busy, "--source", "cli"), listed(busy, "--source", "job")) == (everything, [])
    actor = busy.ok("audit", "log", "--limit", "1", "--format", "json").json[0]["actor"]
    assert (listed(busy, "--actor", actor), listed(busy, "--actor", "nobody else")) == (everything, [])
    assert busy.ok("audit", "log", "--actor", "nobody else").out == "No entry fits.\n"


def test_looks_at_several_people_are_found_by_each_of_them(busy: Program) -> None:
    """By the whole number: who looked at the tenth did not look at the first."""
    for employee_id in ("1003", "1010"):
        busy.ok("evidence", "add", employee_id, "card.jpg")
    busy.ok("report", "survey", "--employee", "A-1001", "--employee", "1003", "--format", "html")
    busy.ok("report", "survey", "--employee", "1010", "--format", "html")
    subjects = [each["subject"] for each in busy.ok("audit", "log", "--action", "survey", "--format", "json").json]
    assert subjects == ["people:10", "people:1,3"]
    (last, _), (first, _) = listed(busy, "--action", "survey")
    for employee_id, seq in (("A-1001", first), ("1003", first), ("1010", last)):
        assert [entry for entry in listed(busy, "--employee", employee_id) if entry[1] == "survey"] == [(seq, "survey")]
    assert "survey" not in dict(listed(busy, "--employee", "1002")).values()
    busy.ok("person", "export", "1003", "-o", "1003.zip")
    with ZipFile(busy.home / "1003.zip") as made:
        assert [one["action"] for one in json.loads(made.read("trail.json"))].count("survey") == 1


def test_entries_are_found_by_instant_and_day(busy: Program) -> None:
    """Both ends are included; a day is that of the site, from its beginning to its end."""
    at = {entry["seq"]: entry["at"] for entry in busy.ok("audit", "log", "--format", "json").json}
    between = listed(busy, "--since", at[3], "--until", at[4])
    assert {3, 4} <= {seq for seq, _ in between} <= {seq for seq in at if at[3] <= at[seq] <= at[4]}
    assert listed(busy, "--until", "2020-01-01") == []
    assert len(listed(busy, "--since", "2020-01-01", "--until", "2999-12-31")) == len(at)


def test_entries_as_csv_and_what_is_not_there(busy: Program) -> None:
    busy.ok("audit", "log", "--format", "csv", "-o", "log.csv")
    lines = (busy.home / "log.csv").read_text("utf-8").splitlines()
    assert lines[0] == "seq,at,actor,source,action,subject,note"
    assert len(lines) == 9
    refused(busy("audit", "log", "--employee", "9999"), 2, "9999")
    refused(busy("audit", "log", "--import", "77"), 2, "import 77", "tracker imports")
    refused(busy("audit", "log", "--since", "soon"), 2, "'soon' is no instant")


def test_a_head_kept_elsewhere_shows_what_was_cut_off(busy: Program) -> None:
    """The same database later holds; one whose end is gone, or another one, does not."""
    head = json.loads(busy.ok("audit", "head").out)
    assert set(head) == {"database", "entry", "seal", "at"}
    busy.ok("audit", "head", "-o", "head.json")
    busy.ok("card", "record", "1009", "--type", "BLS", "--issuer", "AHA", "--issued-on", "2026-01-02")
    busy.ok("audit", "verify", "--head", "head.json")
    for change, words in (
        ({"entry": 99}, "Entry 99 does not have the seal that was noted."),
        ({"seal": "0" * 64}, "Entry 8 does not have the seal that was noted."),
        ({"database": "0" * 64}, "another database"),
    ):
        (busy.home / "other.json").write_text(json.dumps(head | change))
        done = busy("audit", "verify", "--head", "other.json")
        assert (done.code, words in done.out) == (1, True)
    for content in ("[1]", "{", '{"entry": 1}'):
        (busy.home / "other.json").write_text(content)
        refused(busy("audit", "verify", "--head", "other.json"), 2, "no head of a trail")
    refused(busy("audit", "verify", "--head", "gone.json"), 2, "gone.json cannot be read")


HUGE = "9" * 23


def test_numbers_that_no_entry_has_are_answered_in_a_sentence(busy: Program) -> None:
    """However large they are, and in whatever digits."""
    refused(busy("audit", "log", "--limit", HUGE), 2, "--limit")
    for expected in ("²:ab", "٣:ab", f"{'9' * 5000}:ab", "-1:ab", ":ab", "12"):
        refused(busy("audit", "verify", "--expect", expected), 2, "is no entry and seal")
    for number in (HUGE, "2147483648", "0"):
        done = busy("audit", "verify", "--expect", f"{number}:ab")
        assert (done.code, done.out) == (1, f"Entry {number} does not have the seal that was noted.\n")
    head = json.loads(busy.ok("audit", "head").out)
    for entry in (int(HUGE), -int(HUGE), 2**31):
        (busy.home / "other.json").write_text(json.dumps(head | {"entry": entry}))
        done = busy("audit", "verify", "--head", "other.json")
        assert (done.code, done.out) == (1, f"Entry {entry} does not have the seal that was noted.\n")
    (busy.home / "other.json").write_text(
        json.dumps(head).replace(f'"entry": {head["entry"]}', f'"entry": {"9" * 5000}')
    )
    refused(busy("audit", "verify", "--head", "other.json"), 2, "no head of a trail")


def recipe() -> str:
    """The lines of Python that the page shows."""
    [found] = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return str(found)


def prove(folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the recipe as it stands, without a package in sight."""
    words = [sys.executable, "-I", "-S", "-c", recipe()]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def test_the_recipe_on_the_page_proves_an_exported_chain(busy: Program) -> None:
    """Its head is the one of the program; the file names nobody; the recipe is some ten lines."""
    busy.ok("audit", "export", "-o", "trail.jsonl")
    done = prove(busy.home)
    head = json.loads(busy.ok("audit", "head").out)
    assert done.stdout == f"All entries hold; the last is {head['entry']}:{head['seal']}\n"
    content = (busy.home / "trail.jsonl").read_text("utf-8")
    assert [word for word in ("Ada", "Ali", "A-1001", "payroll") if word in content] == []
    assert len(recipe().splitlines()) <= 16


def test_the_recipe_names_the_entry_that_was_tampered_with(busy: Program) -> None:
    """Each field of an entry, an entry left out, two that changed places."""
    busy.ok("audit", "export", "-o", "trail.jsonl")
    path = busy.home / "trail.jsonl"
    lines = path.read_text("utf-8").splitlines()
    third = json.loads(lines[2])
    forged = [[*lines[:2], json.dumps(third | {key: "forged"}), *lines[3:]] for key in third]
    for changed in (*forged, [*lines[:2], *lines[3:]], [*lines[:2], lines[3], lines[2], *lines[4:]]):
        path.write_text("".join(f"{line}\n" for line in changed), "utf-8")
        done = prove(busy.home)
        assert (done.returncode, done.stderr) == (1, "Entry 3 does not hold.\n")


def test_the_beginning_of_a_seal_at_the_foot_of_a_page_proves_it(busy: Program) -> None:
    """Twelve characters of it; fewer, or others, do not."""
    number, seal = busy.ok("audit", "verify").out.rstrip().rpartition(" ")[2].split(":")
    busy.ok("audit", "verify", "--expect", f"{number}:{seal[:12]}")
    for wrong in (seal[:11], f"{seal[:11]}x", f"{seal}0"):
        assert busy("audit", "verify", "--expect", f"{number}:{wrong}").code == 1
