"""`tracker person export` and `tracker person erase`: all of a person handed out, and gone for good."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from cli.program import Program, refused

ADA = ("1001", "Ada Zoë Ali", "Ali", "ada@site.example", "240310001001", "250610001001", "A-1001", "misread by Ada")


@pytest.fixture
def grown(hospital: Program) -> Program:
    """The small hospital after mails, a file of evidence, a corrected card with a note, another id and back."""
    (hospital.home / "card.jpg").write_bytes(b"\xff\xd8\xff and a picture")
    hospital("remind", "--on", "2026-01-15")
    hospital("evidence", "add", "1001", "card.jpg", "--card", "1")
    hospital.ok("card", "retract", "1001", "2", "--why", "misread by Ada")
    hospital.ok("person", "rename-id", "1001", "A-1001", "--why", "Ali married")
    hospital.ok("person", "merge", "1002", "A-1001", "--why", "one person")
    hospital.ok("person", "undo", "6", "--why", "two after all")
    return hospital


# Random figures, and those of a clock, in which an employee id turns up by chance.
CHANCE = re.compile(rb"[0-9a-f]{32,}|\d\d:\d\d:\d\d\.\d{6}")


def places(program: Program, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """In which files of the data folder some words stand, in any byte."""
    found = []
    for path in sorted(path for path in (program.home / "data").rglob("*") if path.is_file()):
        content = CHANCE.sub(b" ", path.read_bytes())
        # The mailbox stands for the people's own mailboxes.
        if "mail/" not in str(path.relative_to(program.home)):
            found += [(path.name, word) for word in words if word.encode() in content]
    return found


def test_all_that_is_on_record_is_handed_out(grown: Program) -> None:
    """Facts that hold or were retracted, with who and when; mails; the file itself; and the trail says so."""
    grown.ok("person", "export", "A-1001", "-o", "ada.zip")
    with zipfile.ZipFile(io.BytesIO((grown.home / "ada.zip").read_bytes())) as archive:
        names = archive.namelist()
        person, mails, trail = (json.loads(archive.read(f"{name}.json")) for name in ("person", "mails", "trail"))
        assert archive.read("evidence/1.jpeg") == (grown.home / "card.jpg").read_bytes()
    assert sorted(names) == ["evidence/1.jpeg", "mails.json", "person.json", "trail.json"]
    assert {"1001", "A-1001"} <= set(person["employee_ids"])
    cards = {card["number"]: card for card in person["facts"]["cards"]}
    assert (cards["250610001001"]["retracted"]["entry"], cards["240310001001"]["recorded"]["at"][:2]) == (4, "20")
    assert {mail["to"] for mail in mails} <= {"ada@site.example", None}
    # While Ben was taken for her by mistake, what was recorded was of both: it is handed out to neither.
    assert "Ben" not in json.dumps(person)
    assert "card-retract" in {entry["action"] for entry in trail}
    assert grown.ok("audit", "log", "--limit", "1", "--format", "json").json[0]["action"] == "person-export"
    refused(grown("person", "export", "1001", "-o", "x.zip"), 2, "1001 is A-1001 now")


def test_an_erased_person_is_in_no_byte_and_the_trail_holds(grown: Program) -> None:
    """Names, addresses, ids, numbers, notes and the file are gone; what others have stays; nothing comes back."""
    grown.ok("audit", "head", "-o", "head.json")
    before = places(grown, ADA)
    assert {word for _, word in before} >= {"Ada Zoë Ali", "ada@site.example", "240310001001", "misread by Ada"}
    assert any((grown.home / "data" / "evidence").rglob("*/*"))
    done = grown.ok("person", "erase", "A-1001", "--reason", "request 17", "--yes")
    assert "cannot be taken back" in done.out
    assert places(grown, ADA) == []
    assert [path for path in (grown.home / "data" / "evidence").rglob("*") if path.is_file()] == []
    grown.ok("audit", "verify", "--head", "head.json")
    grown.ok("db", "check", "--sample", "0")
    for employee_id in ("A-1001", "1001"):
        refused(grown("status", "--employee", employee_id), 2, employee_id)
        refused(grown("person", "export", employee_id, "-o", "x.zip"), 2, employee_id)
    assert {one["employee_id"] for one in grown.ok("status", "--format", "json").json} >= {"1002", "1003", "1008"}
    grown.ok("remind", "--on", "2026-01-16")
    grown.ok("evidence", "check")
    outbox = grown.ok("mail", "outbox", "--format", "json").json
    assert [one["to"] for one in outbox].count([""]) >= 1
    newest = grown.ok("audit", "log", "--limit", "1", "--format", "json").json[0]
    assert (newest["action"], newest["note"]) == ("person-erase", "request 17")


def test_the_other_of_two_who_were_taken_for_one_is_untouched(grown: Program) -> None:
    """What holds of Ben is what held before; the joint facts of that time are gone."""
    before = grown.ok("status", "--employee", "1002", "--format", "json").out
    grown.ok("person", "erase", "A-1001", "--reason", "request 17", "--yes")
    assert grown.ok("status", "--employee", "1002", "--format", "json").out == before


def test_a_dry_run_says_the_same_and_changes_nothing(grown: Program) -> None:
    before = grown.content()
    dry = grown.ok("person", "erase", "A-1001", "--reason", "request 17", "--dry-run").out.splitlines()
    assert grown.content() == before
    done = grown.ok("person", "erase", "A-1001", "--reason", "request 17", "--yes").out.splitlines()
    assert dry[0].replace("would be", "were") == done[0]


def test_nobody_is_erased_by_mistake(grown: Program) -> None:
    """Without a terminal it wants --yes, and always a reason; a former id is not enough."""
    before = grown.content()
    refused(grown("person", "erase", "A-1001", "--reason", "request 17"), 2, "--yes")
    refused(grown("person", "erase", "A-1001", "--reason", " ", "--yes"), 2, "--reason is blank")
    refused(grown("person", "erase", "1001", "--reason", "x", "--yes"), 2, "1001 is A-1001 now")
    refused(grown("person", "erase", "9999", "--reason", "x", "--yes"), 2, "9999")
    assert grown.content() == before


def test_whoever_was_erased_may_come_again(grown: Program) -> None:
    """An erased id is free: a later roster brings somebody new by it, of whom nothing was known."""
    grown.ok("person", "erase", "A-1001", "--reason", "request 17", "--yes")
    Path(grown.home / "again.csv").write_text("employee_id,name,unit,role\n1001,Kit Kay,ED,RN\n")
    assert grown.ok("import", "again.csv", "--format", "json").json["new"] == 1
    assert {one["employee_id"] for one in grown.ok("status", "--employee", "1001", "--format", "json").json} == {"1001"}
    grown.ok("audit", "verify")


def test_an_altered_record_is_not_erased(grown: Program) -> None:
    """An alteration would go unseen with it: it is refused, and says what to do."""
    grown.alter("UPDATE cards SET number = '1' WHERE id = 1")
    before = grown.content()
    refused(grown("person", "erase", "A-1001", "--reason", "request 17", "--yes"), 3, "audit verify")
    assert grown.content() == before


def test_bytes_of_what_was_removed_are_overwritten_on_request(grown: Program) -> None:
    grown.ok("db", "compact")
    grown.ok("audit", "verify")
