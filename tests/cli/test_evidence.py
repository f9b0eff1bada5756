"""`tracker evidence`: kept, read into a card that somebody confirms, listed, written out, taken back."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.program import Program, refused
from evidence.certificates import locked, new_ecard, red_cross, scan

NAME = "Ada Zoe Ali"


def cards(program: Program) -> list[str]:
    """The rows of her table of cards."""
    return [line for line in program.ok("explain", "1001").out.splitlines() if re.match(r"\d+ +(BLS|ACLS)", line)]


def test_a_certificate_is_kept_and_its_card_waits_to_be_confirmed(hospital: Program) -> None:
    """Without a terminal and without --yes: no card, but the very commands that record it and attach the file."""
    path = hospital.file("e card.pdf", new_ecard(name=NAME))
    before = cards(hospital)
    said = hospital.ok("evidence", "add", "1001", path).out
    assert "Evidence 1 is kept." in said
    assert "the BLS card waits to be checked" in said
    assert 'by "eCard Code"' in said
    assert cards(hospital) == before
    record, attach = [line.strip() for line in said.splitlines() if line.startswith("    tracker")]
    assert record == (
        "tracker card record 1001 --type BLS --issuer AHA --issued-on 2025-01-05 --expires-on 2027-01 "
        "--number 251100000017"
    )
    number = hospital.ok(*record.split()[1:]).out.split()[1]
    assert attach == f"tracker evidence add 1001 '{path}' --card CARD"
    assert f"of card {number}" in hospital.ok("evidence", "add", "1001", path, "--card", number).out
    assert any(line.endswith(" 1") and line.startswith(number) for line in cards(hospital))


def test_yes_records_the_card_and_attaches_the_file(hospital: Program) -> None:
    said = hospital.ok("evidence", "add", "1001", hospital.file("e.pdf", new_ecard(name=NAME)), "--yes").out
    assert re.search(r"Card \d+ is on record, and evidence 1 shows it\.", said)
    again = hospital.ok("evidence", "add", "1001", hospital.home / "e.pdf", "--yes").out
    assert re.fullmatch(r"Evidence 1 of card \d+ is kept already\.\n", again)


def test_another_name_wants_a_yes_of_its_own(hospital: Program) -> None:
    """--yes does not cover it: exit 1, the file is kept and no card recorded; --accept-name does."""
    path = hospital.file("e.pdf", new_ecard(name="Eve Other"))
    before = cards(hospital)
    done = hospital("evidence", "add", "1001", path, "--yes")
    assert (done.code, cards(hospital)) == (1, before)
    assert "The certificate names Eve Other; on record: Ada Zoë Ali." in done.out
    assert "--accept-name" in done.err
    hospital.ok("evidence", "add", "1001", path, "--yes", "--accept-name")
    assert len(cards(hospital)) == len(before) + 1


def test_what_could_not_be_read_is_not_recorded_unasked(hospital: Program) -> None:
    """An unknown course: the reason stands beside the field, and the command has a blank to fill in."""
    path = hospital.file("r.pdf", red_cross("Wilderness First Aid"))
    done = hospital("evidence", "add", "1001", path, "--yes", "--accept-name")
    assert done.code == 1
    assert "No type that the policy knows is named on it." in done.out
    assert "--type TYPE" in done.out


def test_a_card_that_is_refused_leaves_the_file_kept(hospital: Program) -> None:
    """The policy does not know how long a card of the Red Cross is good."""
    path = hospital.file("r.pdf", red_cross())
    done = hospital("evidence", "add", "1001", path, "--yes", "--accept-name")
    assert (done.code, "No card is recorded: The policy does not say" in done.err) == (1, True)
    assert "Evidence 1" in done.out


@pytest.mark.parametrize("data", [scan(), b"\xff\xd8\xff\xe0 a picture"])
def test_a_picture_is_kept_and_its_fields_are_to_be_typed(hospital: Program, data: bytes) -> None:
    said = hospital.ok("evidence", "add", "1001", hospital.file("card.pdf", data)).out
    assert "Evidence 1 is kept." in said
    assert "are to be typed" in said
    assert "tracker card record 1001 --type TYPE" in said


def test_a_file_of_another_card_is_warned_of(hospital: Program) -> None:
    path = hospital.file("e.pdf", new_ecard(name="Eve Other"))
    done = hospital.ok("evidence", "add", "1001", path, "--card", "1")
    assert "number on the certificate is not the card's" in done.err
    assert "name on the certificate is not the one on record" in done.err


def test_listed_written_out_and_taken_back(hospital: Program) -> None:
    """What is written out is what was handed in, for its owner's eyes; the trail names who looked."""
    data = b"\xff\xd8\xff\xe0 a picture"
    hospital.ok("evidence", "add", "1001", hospital.file("card.jpg", data), "--card", "1")
    [listed] = hospital.ok("evidence", "list", "1001", "--format", "json").json
    assert (listed["evidence"], listed["card"], listed["media_type"], listed["size"]) == (1, 1, "image/jpeg", len(data))
    assert "card.jpg" in hospital.ok("evidence", "list", "1001").out
    out = hospital.home / "out.jpg"
    hospital.ok("evidence", "get", "1001", "1", "-o", out)
    assert (out.read_bytes(), out.stat().st_mode & 0o777) == (data, 0o600)
    assert "evidence-get" in hospital.ok("audit", "log", "--limit", "1").out
    assert "is what was kept" in hospital.ok("evidence", "check").out
    hospital.ok("evidence", "retract", "1001", "1", "--why", "of somebody else")
    assert hospital.ok("evidence", "list", "1001").out == "Nothing is kept.\n"
    hospital.ok("audit", "verify")


def test_an_altered_file_is_not_given_out(hospital: Program) -> None:
    """Exit 3, one sentence; nothing is written."""
    hospital.ok("evidence", "add", "1001", hospital.file("card.jpg", b"\xff\xd8\xff"))
    [place] = (hospital.data / "evidence").glob("*/*")
    place.write_bytes(b"\xff\xd8\xff altered")
    refused(hospital("evidence", "get", "1001", "1", "-o", hospital.home / "out.jpg"), 3, "backup")
    done = hospital("evidence", "check")
    assert (done.code, "gone or altered: 1." in done.out) == (1, True)
    assert not (hospital.home / "out.jpg").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "01001", "card.jpg"), "exactly"),
        (("add", "1001", "card.jpg", "--card", "99"), "1 (BLS)"),
        (("add", "1001", "absent.jpg"), "absent.jpg"),
        (("add", "1001", "."), "folder"),
        (("add", "1001", "words.pdf"), "neither a PDF"),
        (("add", "1001", "big.jpg"), "10 MB"),
        (("add", "1001", "locked.pdf"), "encrypted"),
        (("list", "01001"), "exactly"),
        (("get", "1001", "7", "-o", "out"), "no evidence 7"),
        (("retract", "1001", "7", "--why", "none"), "no evidence 7"),
        (("retract", "1001", "7", "--why", " "), "--why"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    hospital: Program, words: tuple[str, ...], said: str
) -> None:
    hospital.file("card.jpg", b"\xff\xd8\xff")
    hospital.file("words.pdf", "just words")
    hospital.file("big.jpg", b"\xff\xd8\xff" + b"x" * (10 << 20))
    hospital.file("locked.pdf", locked("secret"))
    before = hospital.content()
    refused(hospital("evidence", *words), 2, said)
    assert hospital.content() == before
    assert list(hospital.data.glob("evidence/*")) == []


def test_a_folder_that_may_not_be_written_is_one_sentence(hospital: Program) -> None:
    (hospital.data / "evidence").write_text("in the way")
    refused(hospital("evidence", "add", "1001", hospital.file("card.jpg", b"\xff\xd8\xff")), 3, "make room")


def test_on_a_terminal_the_person_is_asked(hospital: Program, tmp_path: Path) -> None:
    """For what could not be read, about another name, and whether it is right."""
    path = hospital.file("e.pdf", new_ecard(number="", name="Eve Other"))
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", "evidence", "add", "1001", str(path)],
        cwd=hospital.home,
        env=hospital.environment,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as running:
        os.write(ours, b"251100000017\ny\ny\n")
        said, _ = running.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert running.returncode == 0, said
    assert b"Number (blank if none)" in said
    assert b"all the same?" in said
    assert any("251100000017" in line and line.endswith(" 1") for line in cards(hospital))
