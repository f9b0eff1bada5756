"""Each slot of a job is worked once, by whichever process, and everybody can see what came of it."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from tracker.db.connect import Database
from tracker.db.jobs import KEPT, JobRun, all_processes, forget_old, gone, history, seen
from tracker.domain.errors import NotPossible
from tracker.jobs.runner import work_if_due
from tracker.jobs.spec import Due, Held, Job, Site
from tracker.settings import Settings

NOON = datetime(2025, 6, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = 10 * MINUTE

Work = Callable[[Site, Held], Mapping[str, int]]


def job(work: Work) -> Job:
    """A job that is always due, in one slot."""
    return Job("test", "For tests.", MINUTE, LEASE, lambda _: Due("slot"), work)


def site_at(database: Database, at: datetime = NOON) -> Site:
    """The site at an instant."""
    return Site(database, Settings(), lambda: at)


def look(database: Database, work: Work, at: datetime = NOON, process: str = "one") -> JobRun | None:
    """One process looks at the job at an instant."""
    return work_if_due(job(work), site_at(database, at), process)


def runs(database: Database) -> list[JobRun]:
    """What is on record, the latest first."""
    with database.read() as connection:
        return history(connection, None, 100)


def counted(_site: Site, _held: Held) -> Mapping[str, int]:
    """Work that succeeds."""
    return {"done": 1}


def refused(_site: Site, _held: Held) -> Mapping[str, int]:
    """Work that fails with a sentence."""
    raise NotPossible("The mail server is asleep; wake it.")


def broken(_site: Site, _held: Held) -> Mapping[str, int]:
    """Work that fails with somebody's address in its hands."""
    raise ValueError("ana@site.example")


def test_of_many_processes_one_works_a_slot(database: Database) -> None:
    """However many look at the same time."""
    worked: list[str] = []

    def work(_site: Site, _held: Held) -> Mapping[str, int]:
        worked.append("once")
        return {}

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: look(database, work, process=str(number)), range(8)))
    assert (len(worked), sum(run is not None for run in found)) == (1, 1)


def test_what_a_slot_came_to_is_on_record(database: Database) -> None:
    """Who, when, with what outcome."""
    look(database, counted)
    (run,) = runs(database)
    assert (run.job, run.slot, run.process, run.outcome, run.counts) == ("test", "slot", "one", "done", {"done": 1})
    assert (run.began_at, run.ended_at) == (NOON, NOON)


def test_a_slot_that_was_worked_is_not_worked_again(database: Database) -> None:
    """Nor a year later."""
    look(database, counted)
    assert look(database, refused, NOON + timedelta(days=365)) is None


def test_a_slot_whose_process_is_gone_is_taken_over(database: Database) -> None:
    """Once nothing was heard of it for the whole lease, and not before."""

    def killed(_site: Site, _held: Held) -> Mapping[str, int]:
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        look(database, killed)
    assert look(database, counted, NOON + LEASE - MINUTE, "two") is None
    assert look(database, counted, NOON + LEASE, "two")
    (run,) = runs(database)
    assert (run.process, run.tries, run.outcome) == ("two", 2, "done")


def test_who_says_that_it_is_still_at_it_keeps_its_slot(database: Database) -> None:
    """However long the work takes."""
    now = NOON

    def slow(site: Site, held: Held) -> Mapping[str, int]:
        nonlocal now
        for _ in range(5):
            now += LEASE / 2
            held.hold()
            assert look(database, counted, now, "two") is None
        return {}

    run = work_if_due(job(slow), Site(database, Settings(), lambda: now), "one")
    assert run
    assert run.outcome == "done"


def test_a_slot_that_failed_is_tried_again_after_a_growing_pause(database: Database) -> None:
    """A minute, then two; the record says how often and why."""
    look(database, refused)
    assert look(database, refused, NOON + MINUTE - timedelta(seconds=1)) is None
    assert look(database, refused, NOON + MINUTE)
    assert look(database, refused, NOON + 2 * MINUTE) is None
    assert look(database, counted, NOON + 3 * MINUTE)
    (run,) = runs(database)
    assert (run.tries, run.outcome, run.said) == (3, "done", None)


def test_whoever_asks_need_not_wait_for_the_pause(database: Database) -> None:
    """Once the cause is mended; what another process is at, or was worked, stays all the same."""
    look(database, refused)
    site = site_at(database)
    assert work_if_due(job(counted), site, "two") is None
    assert work_if_due(job(counted), site, "two", at_once=True)
    assert work_if_due(job(counted), site, "two", at_once=True) is None


def alike(database: Database, work: Work, at: datetime) -> JobRun | None:
    """One process looks at a job whose slots are all alike, a new one at each instant."""
    slot = at.isoformat()
    return work_if_due(job(work)._replace(due=lambda _: Due(slot), resumes=True), site_at(database, at), "one")


def test_of_slots_that_are_alike_the_one_that_failed_is_tried_again(database: Database) -> None:
    """After its pause, instead of a new one that would fail as well each time."""
    seconds = timedelta(seconds=10)
    tried = [alike(database, refused, NOON + number * seconds) for number in range(19)]
    assert [number for number, run in enumerate(tried) if run] == [0, 6, 18]
    (run,) = runs(database)
    assert (run.slot, run.tries) == (NOON.isoformat(), 3)


def test_of_slots_that_are_alike_one_whose_process_is_gone_is_finished(database: Database) -> None:
    """So that none stays on record as running for ever."""

    def killed(_site: Site, _held: Held) -> Mapping[str, int]:
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        alike(database, killed, NOON)
    assert alike(database, counted, NOON + MINUTE)
    assert alike(database, counted, NOON + LEASE)
    assert {run.outcome for run in runs(database)} == {"done"}
    assert len(runs(database)) == 2


def test_a_slot_in_which_nothing_was_to_be_done_is_not_kept(database: Database) -> None:
    """Where slots are all alike, as there may be thousands a day."""
    assert alike(database, lambda *_: {}, NOON)
    assert runs(database) == []


def test_who_lost_the_slot_is_told_to_stop(database: Database) -> None:
    """If the process slept longer than the lease, another has it by now."""
    now = NOON

    def sleepy(site: Site, held: Held) -> Mapping[str, int]:
        nonlocal now
        assert not held.stopping()
        now += LEASE
        assert look(database, counted, now, "two")
        held.hold()
        assert held.stopping()
        return {}

    work_if_due(job(sleepy), Site(database, Settings(), lambda: now), "one")
    (run,) = runs(database)
    assert (run.process, run.outcome) == ("two", "done")


def test_a_failure_says_what_to_do_or_where_it_was(database: Database) -> None:
    """Never whom it was about."""
    first = look(database, refused)
    again = look(database, broken, NOON + LEASE)
    assert first
    assert first.said == "The mail server is asleep; wake it."
    (run,) = runs(database)
    assert again
    assert run.said == again.said
    assert run.said
    assert run.said.startswith("ValueError in test_runner.py, line ")
    assert "ana" not in run.said


def test_old_runs_are_forgotten(database: Database) -> None:
    """Three months after nobody held them any more."""
    look(database, counted)
    with database.write() as connection:
        forget_old(connection, NOON + KEPT)
    assert len(runs(database)) == 1
    with database.write() as connection:
        forget_old(connection, NOON + KEPT + 2 * MINUTE)
    assert runs(database) == []


def test_processes_are_known_while_they_live(database: Database) -> None:
    """Each with what it works, and when it was heard of last."""
    with database.write() as connection:
        seen(connection, "one", ["a", "b"], NOON)
        seen(connection, "two", ["a"], NOON)
        seen(connection, "one", ["a", "b"], NOON + MINUTE)
        gone(connection, "two")
        (one,) = all_processes(connection)
    assert (one.name, one.jobs, one.began_at, one.seen_at) == ("one", ("a", "b"), NOON, NOON + MINUTE)


def test_a_job_that_is_not_due_leaves_no_trace(database: Database) -> None:
    """Or the records would be full of looks."""
    idle = job(counted)._replace(due=lambda _: Due(None, "nothing to do"))
    assert work_if_due(idle, site_at(database), "one") is None
    assert runs(database) == []
