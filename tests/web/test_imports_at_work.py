"""Work on an import goes on behind the pages, and what is left behind goes too."""

import logging
from pathlib import Path
from threading import Event

import pytest

from actions.ward import AUTHOR, TODAY, facts_of, posts_of
from tracker.actions.drafts.folder import Drafts
from tracker.actions.remove_old_records import remove_old_records
from tracker.web.imports import work
from tracker.web.imports.work import Work, begin, underway
from web.house import House
from web.imported import ROSTER, Importer, figure, text_of

NEW = ROSTER + "9001,New Nora,ICU,RN,2025-05-01\n"


@pytest.fixture
def educator(house: House) -> Importer:
    """An educator with a file handed in."""
    found = Importer(house, house.signed_in("educator"))
    found.hand_in(NEW)
    return found


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No request waits for what takes long."""
    monkeypatch.setattr(work, "PATIENCE", 0.05)


def folder_of(importer: Importer) -> Path:
    """Where a draft lies."""
    (found,) = Path("data/drafts").glob(f"*/{importer.at.rsplit('/', 1)[1]}")
    return found.absolute()


def test_while_work_goes_on_every_step_waits(educator: Importer) -> None:
    """The page says how far it is, and asks again by itself; no form changes anything meanwhile."""
    done, under = Event(), Work(applying=True)
    under.forward(30, 120)
    assert not begin(folder_of(educator), under, lambda: done.wait(20))
    try:
        for step in ("files", "plan", "questions/1"):
            answer = educator.browser.get(f"{educator.at}/{step}")
            assert answer.headers["location"].endswith("/working"), step
        shown = educator.browser.get(f"{educator.at}/working?to=result")
        assert ("30 of 120 rows" in shown.text, 'http-equiv="refresh"' in shown.text) == (True, True)
        for step in ("discard", "apply", "again", "files"):
            sent = educator.browser.post(f"{educator.at}/{step}", data={"mark": educator.mark})
            assert "/working" in sent.headers["location"], step
    finally:
        done.set()
    assert figure(educator.wait(educator.browser.get(f"{educator.at}/plan")), "New") == 1


def test_one_thing_is_done_with_a_draft_at_a_time(tmp_path: Path) -> None:
    """A second look does not begin before the first is over."""
    done, begun = Event(), []
    assert not begin(tmp_path, Work(applying=False), lambda: done.wait(20))
    assert not begin(tmp_path, Work(applying=True), lambda: begun.append(1))
    done.set()
    while underway(tmp_path):
        pass
    assert begin(tmp_path, Work(applying=True), lambda: begun.append(2)) or underway(tmp_path)
    while underway(tmp_path):
        pass
    assert begun == [2]


def test_a_fault_ends_the_work_and_names_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The log has where it was, and nothing of what was read."""

    def fail() -> None:
        raise ZeroDivisionError("Ana Abel")

    with caplog.at_level(logging.ERROR):
        begin(tmp_path, Work(applying=False), fail)
        while underway(tmp_path):
            pass
    assert ("ZeroDivisionError" in caplog.text, "Ana Abel" in caplog.text) == (True, False)


def test_a_draft_that_was_not_looked_at_to_the_end_can_be_gone_on_with(educator: Importer) -> None:
    """Where the program was stopped meanwhile, its page says so, and one button reads the files again."""
    (folder_of(educator) / "seen.json").unlink()
    assert "were not read to the end" in text_of(educator.see("plan"))
    assert "New Nora" in educator.send("again").text
    educator.apply()
    assert len(posts_of(educator.house.database, "9001")) == 1


def test_the_daily_job_removes_what_nobody_came_back_for(educator: Importer) -> None:
    """A day after it was handed in; the records stay as they are."""
    facts, folder = facts_of(educator.house.database), folder_of(educator)
    remove_old_records(educator.house.database, AUTHOR, Path("data"), TODAY)
    assert (folder.exists(), Drafts(Path("data")).sweep(educator.house.now)) == (False, 0)
    assert facts_of(educator.house.database) == facts


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_no_number_of_an_import_is_too_large(educator: Importer, number: int) -> None:
    """It is refused before a database is asked that keeps no such number."""
    for answer in (
        educator.browser.get(f"/import/undo/{number}"),
        educator.browser.post(f"/import/undo/{number}", data={"mark": educator.mark, "sure": "yes"}),
    ):
        assert (answer.status_code, "batch" in answer.text) == (422, True)
