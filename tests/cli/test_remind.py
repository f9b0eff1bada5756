"""Reminders from the command line: to a mailbox, to a real mail server, by the scheduler; and the demo."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from cli.program import TODAY, Done, Program, refused
from notify.mail_server import MailServer

FROM = "Life support cards <cards@site.example>"


def mailbox(program: Program) -> list[Path]:
    """The mails that lie in the default mailbox."""
    return sorted((program.data / "mail").glob("new/*"))


def json_of(done: Done) -> dict[str, Any]:
    """A run as a program reads it."""
    assert done.code in (0, 1), done.err
    return dict(done.json)


def by_kind(run: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """A run's messages by their kind."""
    found: dict[str, list[dict[str, Any]]] = {}
    for message in run["messages"]:
        found.setdefault(message["kind"], []).append(message)
    return found


def reasons(run: dict[str, Any]) -> dict[str, str]:
    """Why something is not sent, by person."""
    return {one["employee_id"]: one["reason"] for one in run["not_sent"]}


def test_a_run_says_who_was_told_what_with_the_promised_keys(hospital: Program) -> None:
    """Ada's BLS ends in ten weeks and takes her ACLS along; Ben is new; both by mail, into the mailbox."""
    run = json_of(hospital("remind", "--format", "json"))
    assert run.keys() == {"day", "messages", "not_sent"}
    assert run["day"] == TODAY
    ada, ben = sorted(by_kind(run)["staff_reminder"], key=lambda one: one["employee_id"])
    assert ada.keys() == {"kind", "to", "cc", "employee_id", "notices", "state"}
    assert (ada["to"], ada["state"]) == (["ada@site.example"], "sent")
    (notice,) = ada["notices"]
    named = {"employee_id": "1001", "requirements": ["bls", "icu-acls"], "cause": "BLS"}
    assert notice == {**named, "stage": 90, "last_day": "2026-03-31"}
    assert {one["stage"] for one in ben["notices"]} == {"new", 30}
    assert len(mailbox(hospital)) == len(run["messages"])


def test_a_second_run_sends_nothing(hospital: Program) -> None:
    """Whatever was said is said once."""
    first = json_of(hospital("remind", "--format", "json"))
    assert json_of(hospital("remind", "--format", "json"))["messages"] == []
    assert len(mailbox(hospital)) == len(first["messages"])


def test_a_dry_run_shows_the_same_and_sends_nothing(hospital: Program) -> None:
    """The run after it sends all the same."""
    shown = json_of(hospital("remind", "--dry-run", "--format", "json"))
    assert mailbox(hospital) == []
    sent = json_of(hospital("remind", "--format", "json"))
    assert [one["notices"] for one in sent["messages"]] == [one["notices"] for one in shown["messages"]]


def test_a_run_for_an_earlier_day_sends_nothing_and_says_so(hospital: Program) -> None:
    """As its mails would be about what is past."""
    hospital.ok("remind")
    refused(hospital("remind", "--on", "2026-01-14"), 2, TODAY, "later day")


@pytest.mark.parametrize(
    ("employee_id", "day", "reason"),
    [
        ("1001", TODAY, "already_sent"),
        ("1010", TODAY, "nothing_due"),
        ("1004", "2026-02-20", "left"),
        ("1003", TODAY, "no_address"),
    ],
)
def test_why_somebody_gets_no_mail(hospital: Program, employee_id: str, day: str, reason: str) -> None:
    """Asked of one person, there is always an answer."""
    hospital.ok("remind")
    run = json_of(hospital("remind", "--employee", employee_id, "--on", day, "--dry-run", "--format", "json"))
    assert (run["messages"], reasons(run)) == ([], {employee_id: reason})


def test_a_past_day_can_be_asked_about(hospital: Program) -> None:
    """By what had been said by then: on the day before her mail, Ada's was still owed."""
    hospital.ok("remind")
    words = ("remind", "--employee", "1001", "--dry-run", "--format", "json", "--on")
    assert reasons(json_of(hospital(*words, TODAY))) == {"1001": "already_sent"}
    assert [one["employee_id"] for one in json_of(hospital(*words, "2026-01-14"))["messages"]] == ["1001"]


def test_one_person_can_be_told_alone(hospital: Program) -> None:
    """The others, and the managers, are told by the next whole run."""
    run = json_of(hospital("remind", "--employee", "1001", "--format", "json"))
    assert [(one["employee_id"], one["state"]) for one in run["messages"]] == [("1001", "sent")]
    rest = json_of(hospital("remind", "--format", "json"))
    assert "1001" not in {one["employee_id"] for one in rest["messages"]}


def smtp(server: MailServer) -> dict[str, str]:
    """The settings that send mails to a server."""
    return {"TRACKER_MAIL_URL": f"smtp://127.0.0.1:{server.port}?tls=none", "TRACKER_MAIL_FROM": FROM}


def test_nothing_leaves_before_mail_is_enabled(hospital: Program) -> None:
    """It is held, and said so; 'mail enable' shows whom the next run reaches, which then goes."""
    with MailServer() as server:
        held = json_of(hospital("remind", "--format", "json", **smtp(server)))
        assert (held["messages"], server.mails) == ([], [])
        assert reasons(held)["1001"] == "held"
        shown = hospital.ok("mail", "enable", **smtp(server))
        assert "ada@site.example" in shown.out
        assert server.mails == []
        run = json_of(hospital("remind", "--format", "json", **smtp(server)))
    assert len(server.mails) == len(run["messages"]) > 0
    assert {one["state"] for one in run["messages"]} == {"sent"}


def put_back(file: Path, folder: Path) -> None:
    """Puts a copy of a file into a folder as another file: never under the number on the disk that is remembered."""
    remembered = json.loads((file.parent / "mail-enabled.json").read_text("utf-8"))["file"]
    draft = Path(shutil.copy(file, folder / "put-back"))
    if draft.stat().st_ino == remembered:
        # The number had become free: this copy keeps it, and the next one gets another.
        aside = draft.rename(folder / "aside")
        draft = Path(shutil.copy(file, folder / "put-back"))
        aside.unlink()
    draft.replace(folder / file.name)


def test_a_copy_of_the_data_asks_again(hospital: Program) -> None:
    """What the original sends after the copy was made is not in the copy, and would be sent twice."""
    with MailServer() as server:
        hospital.ok("mail", "enable", **smtp(server))
        copy = hospital.home / "copy"
        shutil.copytree(hospital.data, copy)
        elsewhere = json_of(hospital("remind", "--format", "json", TRACKER_DATA_DIR=str(copy), **smtp(server)))
        hospital.ok("remind", **smtp(server))
        sent = len(server.mails)
        for each in hospital.data.glob("tracker.db*"):
            each.unlink()
        for each in (*copy.glob("tracker.db*"), copy / "mail-enabled.json"):
            put_back(each, hospital.data)
        restored = json_of(hospital("remind", "--format", "json", **smtp(server)))
    assert reasons(elsewhere)["1001"] == reasons(restored)["1001"] == "held"
    assert len(server.mails) == sent


def test_a_mail_server_that_is_down_leaves_everything_queued_and_says_so(hospital: Program) -> None:
    """Nothing is lost: once it is back, 'mail retry' sends what is owed."""
    with MailServer() as server:
        settings = smtp(server)
        hospital.ok("mail", "enable", **settings)
    done = hospital("remind", "--format", "json", **settings)
    assert done.code == 1
    assert {one["state"] for one in done.json["messages"]} == {"queued"}
    assert "not delivered" in done.err
    with MailServer() as server:
        hospital.ok("mail", "retry", **smtp(server))
    assert len(server.mails) == len(done.json["messages"])


def test_one_failing_mail_stops_nobody_elses(hospital: Program) -> None:
    """A refused receiver is named as failed; the others get their mails."""
    with MailServer(refused={"ada@site.example": "550 no such user"}) as server:
        hospital.ok("mail", "enable", **smtp(server))
        done = hospital("remind", "--format", "json", **smtp(server))
    assert done.code == 1
    states = {one["to"][0]: one["state"] for one in done.json["messages"]}
    assert states.pop("ada@site.example") == "failed"
    assert set(states.values()) == {"sent"}
    assert reasons(done.json)["1001"] == "failed"


def test_the_outbox_lists_what_became_of_each_mail(hospital: Program) -> None:
    """Each under a name of its own, for those who search a mail server's log."""
    run = json_of(hospital("remind", "--format", "json"))
    listed = hospital.ok("mail", "outbox", "--format", "json").json
    assert [one["state"] for one in listed] == ["sent"] * len(run["messages"])
    assert len({one["message_id"] for one in listed}) == len(listed)


def test_samples_of_every_mail_can_be_looked_at(program: Program) -> None:
    """As text and as a page, with the calendar files, before there is any data."""
    program.ok("mail", "preview", "samples")
    names = {path.name for path in (program.home / "samples").iterdir()}
    kinds = ("card_rejected", "escalation", "lapse_notice", "manager_digest", "staff_reminder")
    written = {f"{kind}{long}.{end}" for kind in kinds for long in ("", "-long") for end in ("html", "txt")}
    assert written == {name for name in names if not name.endswith(".ics")}
    assert "staff_reminder-BLS-last-day-2028-06-30.ics" in names


def test_a_language_that_is_not_there_is_named_with_those_that_are(hospital: Program) -> None:
    """By the preview, and by a run before it plans any mail."""
    for words in (("mail", "preview", "--language", "xx"), ("remind",)):
        refused(hospital(*words, TRACKER_MAIL_LANGUAGE="xx"), 2, "no mail language 'xx'", "there are:", "en")
    assert hospital.ok("mail", "outbox", "--format", "json").json == []


def test_a_language_that_is_not_complete_is_told_by_the_preview(program: Program) -> None:
    """With the file that is missing."""
    (program.home / "xx").mkdir()
    refused(program("mail", "preview", "--language", "./xx"), 2, "words.jinja is missing")


def test_the_scheduler_makes_up_for_a_late_start(hospital: Program) -> None:
    """Begun after the site's hour, it sends the day's mails at once, and ends when told to."""
    policy = hospital.file(
        "early.toml", (hospital.home / "policy.toml").read_text() + '[reminders]\nsend_at = "00:00"\n'
    )
    hospital.ok("policy", "apply", policy)
    running = subprocess.Popen(
        hospital.command("scheduler"), cwd=hospital.home, env=hospital.environment, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_until(lambda: len(mailbox(hospital)) > 0)
    finally:
        os.kill(running.pid, signal.SIGTERM)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 0, said
    assert " planned" in said


def test_the_scheduler_says_when_mail_is_held(hospital: Program) -> None:
    """Rather than send nothing day after day without a word."""
    environment = hospital.environment | {"TRACKER_MAIL_URL": "smtp://127.0.0.1:1", "TRACKER_MAIL_FROM": FROM}
    running = subprocess.Popen(
        hospital.command("scheduler"), cwd=hospital.home, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    said = [running.stderr.readline(), running.stderr.readline()]
    running.terminate()
    running.communicate(timeout=30)
    assert "mail is held; see 'tracker mail enable'" in said[1]


def wait_until(happened: Any) -> None:
    """Waits for something that is on its way, at most half a minute."""
    for _ in range(300):
        if happened():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen within half a minute")


def test_the_demo_keeps_to_a_folder_of_its_own(hospital: Program) -> None:
    """Whatever the settings: the database, the mailbox and the reports lie there, the site's own stay as they were."""
    before = hospital.content()
    done = hospital.ok("demo", "--staff", "60", TRACKER_MAIL_URL="smtp://127.0.0.1:1", TRACKER_TODAY="2026-11-22")
    place = hospital.home / "tracker-demo"
    assert {"compliance.html", "exceptions.html", "mails", "files", "data"} <= {one.name for one in place.iterdir()}
    assert list((place / "mails").iterdir())
    assert (hospital.content(), mailbox(hospital)) == (before, [])
    assert f"export TRACKER_DATA_DIR={place / 'data'}" in done.out
    hospital.ok("demo", "--staff", "60", TRACKER_TODAY="2026-11-22")


def test_the_demo_leaves_other_folders_alone(hospital: Program) -> None:
    """A folder that holds something else is refused, and keeps it."""
    refused(hospital("demo", "--into", hospital.data), 2, "something else", "--into")
    assert (hospital.data / "tracker.db").exists()
