"""What is scheduled, what it did and whether all is well, from the command line; and the processes that work it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cli.program import Program, refused
from cli.test_remind import mailbox, wait_until

EARLY = '[reminders]\nsend_at = "00:00"\n'


@pytest.fixture
def early(hospital: Program) -> Program:
    """The small hospital, whose hour has always come."""
    policy = hospital.file("early.toml", (hospital.home / "policy.toml").read_text() + EARLY)
    hospital.ok("policy", "apply", policy)
    return hospital


@contextmanager
def running(program: Program, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A process that works jobs while the block lasts, and ends in good order."""
    process = subprocess.Popen(
        program.command(*words), cwd=program.home, env=program.environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        os.kill(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said


def test_without_a_scheduler_something_is_wrong(early: Program) -> None:
    """And whatever watches the site sees it by the exit code."""
    done = early("jobs")
    assert done.code == 1
    assert "start 'tracker scheduler'" in done.out


def test_with_a_scheduler_nothing_is_wrong(early: Program) -> None:
    """It plans, sends, and is seen to be alive; once it ended, it is not."""
    with running(early, "scheduler", "--every", "0.2"):
        wait_until(lambda: mailbox(early) and early("jobs").code == 0)
        found = early.ok("jobs", "--format", "json").json
    assert {job["name"] for job in found["jobs"]} >= {"plan_reminders", "deliver_mail", "watchdog"}
    (process,) = found["processes"]
    assert (len(process["jobs"]), found["alarms"], found["waiting"]) == (len(found["jobs"]), [], 0)
    assert early("jobs", "--format", "json").json["processes"] == []


def test_planning_and_sending_may_be_left_to_different_processes(early: Program) -> None:
    """A scheduler that sends nothing, and two workers."""
    with (
        running(early, "scheduler", "--no-delivery", "--every", "0.2"),
        running(early, "worker", "--every", "0.2"),
        running(early, "worker", "--every", "0.2"),
    ):
        wait_until(lambda: early.ok("mail", "outbox", "--format", "json").json)
        wait_until(lambda: {one["state"] for one in early.ok("mail", "outbox", "--format", "json").json} == {"sent"})
    assert len(mailbox(early)) == len(early.ok("mail", "outbox", "--format", "json").json)


def test_a_job_can_be_worked_by_hand(early: Program) -> None:
    """Each says what it did, and the history keeps it."""
    assert "plan_reminders: done: " in early.ok("jobs", "run", "plan_reminders").out
    assert " sent" in early.ok("jobs", "run", "deliver_mail").out
    assert "no mail is due" in early.ok("jobs", "run", "deliver_mail").out
    history = early.ok("jobs", "history", "--format", "json").json
    assert [one["job"] for one in history] == ["deliver_mail", "plan_reminders"]
    assert {one["outcome"] for one in history} == {"done"}
    assert early.ok("jobs", "history", "--job", "plan_reminders", "--last", "1").out.count("plan_reminders") == 1


def test_a_job_that_is_none_is_refused(hospital: Program) -> None:
    """With the names of those that are."""
    refused(hospital("jobs", "run", "sweep"), 2, "no job 'sweep'", "plan_reminders")
    refused(hospital("jobs", "history", "--job", "sweep"), 2, "no job 'sweep'")
    for words in (("jobs", "history"), ("mail", "outbox")):
        refused(hospital(*words, "--last", "9" * 23), 2, "--last")


def test_mails_held_back_by_the_pace_are_told_with_the_reason(early: Program) -> None:
    """What may leave leaves; the rest waits, is no failure of anybody's, and is sent when there is room."""
    slowly = early("remind", TRACKER_MAIL_PER_MINUTE="1")
    assert slowly.code == 1
    assert "TRACKER_MAIL_PER_MINUTE=1 allows no more" in slowly.err
    assert len(mailbox(early)) == 1
    again = early("mail", "retry", TRACKER_MAIL_PER_MINUTE="1")
    assert (again.code, len(mailbox(early))) == (1, 1)
    assert "TRACKER_MAIL_PER_MINUTE=1" in again.err
    assert "as many as may" in early("jobs", TRACKER_MAIL_PER_MINUTE="1").out
    early.ok("mail", "retry")
    assert len(mailbox(early)) == len(early.ok("mail", "outbox", "--format", "json").json)
