"""Addresses that mail comes back from, on the command line: listed, lifted, read from a mailbox, an alarm."""

import re
from pathlib import Path

import pytest

from cli.program import Program, refused
from cli.test_remind import json_of, reasons, smtp
from notify.mail_server import MailServer
from notify.returned import ANA, OURS, POSTFIX

ADA, KIM = "ada@site.example", "kim@site.example"
NOBODY = "550 5.1.1 <ada@site.example> no such user"


def come_back(program: Program, address: str) -> Path:
    """A mailbox of one report, about a mail to an address that lies in the program's own."""
    sent = [path.read_text() for path in (program.data / "mail" / "new").iterdir()]
    (mail_id,) = re.findall(r"Message-ID: (\S+)", next(mail for mail in sent if f"\nTo: {address}" in mail))
    box = program.home / "bounces"
    for folder in ("new", "cur"):
        (box / folder).mkdir(parents=True, exist_ok=True)
    (box / "new" / address).write_bytes(
        POSTFIX.replace(OURS.encode(), mail_id.encode()).replace(ANA.encode(), address.encode())
    )
    return box


def test_what_a_server_refuses_outright_is_listed_and_not_written_to(hospital: Program) -> None:
    """With whose address it is and what was said; the next run gives the reason."""
    with MailServer(refused={ADA: NOBODY}) as server:
        hospital.ok("mail", "enable", **smtp(server))
        hospital("remind", **smtp(server))
        (one,) = hospital.ok("mail", "bounces", "--format", "json").json
        assert (one["address"], one["employees"], one["manager"], one["status"]) == (ADA, ["1001"], False, "5.1.1")
        run = json_of(hospital("remind", "--employee", "1001", "--format", "json", "--dry-run", **smtp(server)))
    assert reasons(run) == {"1001": "bounced"}
    assert "1001" in hospital.ok("mail", "bounces").out
    assert "@" not in one["said"]


def test_a_report_is_read_from_the_mailbox_and_its_mark_can_be_lifted(hospital: Program) -> None:
    """In any case of letters, by whoever is at the keyboard, and the trail says so."""
    hospital.ok("remind")
    box = come_back(hospital, ADA)
    done = hospital.ok("jobs", "run", "read_bounces", TRACKER_BOUNCES=str(box))
    assert "1 marked" in done.out
    assert ADA in hospital.ok("mail", "bounces", "--lift", ADA.upper()).out
    assert hospital.ok("mail", "bounces").out.strip() == "Mail comes back from no address."
    actions = [entry["action"] for entry in hospital.ok("audit", "log", "--format", "json").json]
    assert actions[:2] == ["bounce-lift", "bounce-mark"]
    hospital.ok("audit", "verify")
    hospital.ok("db", "check")


def test_a_managers_address_is_something_wrong(hospital: Program) -> None:
    """For whatever watches the site: it names the command and no address."""
    hospital.ok("remind")
    hospital.ok("jobs", "run", "read_bounces", TRACKER_BOUNCES=str(come_back(hospital, KIM)))
    (one,) = hospital.ok("mail", "bounces", "--format", "json").json
    assert (one["employees"], one["manager"]) == ([], True)
    done = hospital("jobs")
    assert (done.code, "tracker mail bounces" in done.out, KIM in done.out) == (1, True, False)


@pytest.mark.parametrize("address", ["nobody@site.example", "", "%"])
def test_lifting_what_is_not_marked_is_refused(hospital: Program, address: str) -> None:
    """With the command that lists what is."""
    refused(hospital("mail", "bounces", "--lift", address), 2, "tracker mail bounces")


def test_a_mailbox_that_is_none_is_said(hospital: Program) -> None:
    """By name of the setting and of the folder."""
    done = hospital("jobs", "run", "read_bounces", TRACKER_BOUNCES=str(hospital.home / "nowhere"))
    assert (done.code, "TRACKER_BOUNCES" in done.out, "nowhere" in done.out) == (1, True, True)
