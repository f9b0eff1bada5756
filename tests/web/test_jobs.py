"""What is scheduled, what it did, whether all is well: on a page, and in a word for monitors."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from starlette.testclient import TestClient

from actions.ward import post, take_in
from tracker.db.connect import Database
from tracker.db.jobs import Wanted, end, history, seen, take
from tracker.domain.watch import SILENT_AFTER
from tracker.jobs import health
from tracker.jobs.registry import JOBS
from tracker.jobs.spec import Site as Works
from tracker.settings import Settings
from tracker.web import health as pages
from tracker.web.app import make_app
from tracker.web.health import LOOKS_EVERY
from tracker.web.site import Site
from web.house import House


def run(house: House, browser: TestClient, name: str) -> Any:
    """Asks for a job, and waits for it."""
    answer = browser.post(f"/jobs/{name}/run", data={"mark": house.mark(browser)})
    house.site.background.wait()
    return answer


def worked(house: House, count: int, job: str = "watchdog", said: str | None = None) -> None:
    """Notes that a job was worked so many times."""
    with house.database.write() as connection:
        for number in range(count):
            found = take(
                connection, Wanted(job, f"{said or 'done'} {number}", "ward:1:abc", JOBS[job].lease), house.now
            )
            assert found
            end(connection, found, "failed" if said else "done", house.now, {"alarms": number}, said)


def alive(house: House) -> None:
    """Notes that a process works all jobs."""
    with house.database.write() as connection:
        seen(connection, "ward:1:abc", list(JOBS), house.now)


def test_each_job_is_told_with_what_it_did(house: House) -> None:
    """When it ran last, what came of it, whether it is due; and whether anything works it."""
    browser = house.signed_in("auditor")
    before = browser.get("/jobs").text
    for said in (
        "Plan reminders",
        "Send mails",
        "is not running",
        "Something is wrong",
        "None runs",
        "not checked yet",
    ):
        assert said in before, said
    worked(house, 1)
    alive(house)
    after = browser.get("/jobs").text
    for said in ("is running", "15 Jun 2025, 10:00", "0 alarms", ">alive<", "free"):
        assert said in after, said
    house.now += SILENT_AFTER + timedelta(seconds=1)
    assert ">silent<" in browser.get("/jobs").text


def test_a_job_that_is_asked_for_is_worked_beside(house: House) -> None:
    """The page after says what came of it."""
    browser = house.signed_in("educator")
    take_in(house.database, post("4513", "ICU", "2025-01-01", email="bea@site.example"))
    alive(house)
    answer = run(house, browser, "plan_reminders")
    assert answer.headers["location"] == "/jobs?ran=plan_reminders"
    shown = browser.get(answer.headers["location"]).text
    assert re.search(r"Plan reminders: +<bdi>done: \d+ planned", shown)
    assert "all is well" in shown
    with house.database.read() as connection:
        assert history(connection, "plan_reminders", 1)[0].outcome == "done"


def test_a_job_that_has_nothing_to_do_says_why(empty: House) -> None:
    """And leaves no trace."""
    browser = empty.signed_in("administrator")
    answer = run(empty, browser, "plan_reminders")
    assert "there is no policy yet" in browser.get(answer.headers["location"]).text
    with empty.database.read() as connection:
        assert history(connection, None, 1) == []


@pytest.mark.parametrize("role", ["manager", "auditor", "staff"])
def test_nobody_else_runs_a_job(house: House, role: str) -> None:
    """An auditor sees them, and no way to run one."""
    browser = house.signed_in(role)
    assert run(house, browser, "watchdog").status_code == 403
    assert "Run now" not in browser.get("/jobs").text


def test_a_form_without_the_mark_runs_nothing(house: House) -> None:
    """Nor does the name of no job."""
    browser = house.signed_in("educator")
    assert browser.post("/jobs/watchdog/run").status_code == 400
    assert run(house, browser, "nothing").status_code == 400
    with house.database.read() as connection:
        assert history(connection, None, 1) == []


def test_what_jobs_did_comes_fifty_a_page(house: House) -> None:
    """Of all or of one, the latest first, each once; and what is said of a failure stays text."""
    browser = house.signed_in("educator")
    assert "Nothing was worked yet" in browser.get("/jobs/history").text
    worked(house, 60)
    worked(house, 1, "read_bounces", "<b>no</b>")
    first = browser.get("/jobs/history").text
    assert ("&lt;b&gt;no&lt;/b&gt;" in first, "<b>no" in first) == (True, False)
    further = re.search(r'href="([^"]*before=[^"]*)">Further', first)
    assert further
    pages = first + browser.get(further[1].replace("&amp;", "&")).text
    assert sorted(map(int, re.findall(r"<bdi>(\d+) alarms", pages))) == list(range(60))
    assert "alarms" not in browser.get("/jobs/history?job=read_bounces").text
    assert browser.get("/jobs/history?job=none").status_code == 400


def word(house: House) -> tuple[int, str]:
    """What a monitor is told once it may look again."""
    house.now += LOOKS_EVERY
    answer = house.browser().get("/health")
    return answer.status_code, answer.text


def test_a_monitor_is_told_in_a_word(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that nothing works, a disk that is full, and that all is well."""
    assert word(house) == (503, "jobs")
    alive(house)
    browser = house.signed_in("educator")
    run(house, browser, "plan_reminders")
    run(house, browser, "deliver_mail")
    assert word(house) == (200, "ok")
    monkeypatch.setattr(health, "LEAST_ROOM", 2**80)
    assert word(house) == (503, "disk")


def test_a_monitor_that_asks_too_often_gets_the_same_word(house: House) -> None:
    """So that whoever asks without end does not keep the database busy."""
    assert word(house) == (503, "jobs")
    alive(house)
    assert house.browser().get("/health").text == "jobs"


def test_whoever_asks_while_it_looks_is_told_the_last_word(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow database keeps one waiting, not everybody who asks."""
    looking, done = Event(), Event()

    def slow(_site: Works) -> str:
        looking.set()
        assert done.wait(20)
        return "ok"

    monkeypatch.setattr(pages, "in_a_word", slow)
    with ThreadPoolExecutor(1) as other:
        first = other.submit(house.browser().get, "/health")
        assert looking.wait(20)
        try:
            assert house.browser().get("/health").text == "starting"
        finally:
            done.set()
        assert first.result().text == "ok"


def test_a_database_that_is_gone_is_a_word_too(tmp_path: Any) -> None:
    """It tells nothing of where it was."""
    site = Site(Database(f"sqlite:///{tmp_path / 'none.db'}"), Settings())
    assert health.in_a_word(Works(site.database, site.settings, site.now)) == "schema"
    (tmp_path / "no.db").write_bytes(b"no database" * 100)
    gone = Site(Database(f"sqlite:///{tmp_path / 'no.db'}"), Settings())
    answer = TestClient(make_app(gone)).get("/health")
    assert (answer.status_code, answer.text) == (503, "database")
