"""What is wrong with the machinery of reminders is said, and nothing is said that is not."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.watch import IN_A_ROW, LATE_AFTER, MOVING_WITHIN, SILENT_AFTER, Sight, alarms, in_words

NOW = datetime(2025, 6, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WELL = Sight({"plan_reminders": NOW, "deliver_mail": NOW - SILENT_AFTER})


def names(sight: Sight) -> list[str]:
    """The alarms that a sight gives."""
    return [alarm.name for alarm in alarms(sight, NOW)]


def test_where_all_is_well_nothing_is_said() -> None:
    """At the very edge of each limit as well."""
    edge = WELL._replace(
        due=3,
        due_since=NOW - LATE_AFTER,
        run_due_since=NOW - LATE_AFTER,
        tried=[(IN_A_ROW - 1, "the server is asleep")],
        ended=[("failed", NOW)] * (IN_A_ROW - 1) + [("sent", NOW)],
        failing={"read_bounces": (IN_A_ROW - 1, "no such folder")},
    )
    assert names(WELL) == []
    assert names(edge) == []


@pytest.mark.parametrize(
    ("sight", "name", "words"),
    [
        (WELL._replace(heard={"plan_reminders": None}), "silent:plan_reminders", "'tracker scheduler'"),
        (WELL._replace(heard={"deliver_mail": NOW - SILENT_AFTER - MINUTE}), "silent:deliver_mail", "'tracker worker'"),
        (WELL._replace(due=2, due_since=NOW - LATE_AFTER - MINUTE), "late-mail", "2 mails wait"),
        (WELL._replace(run_due_since=NOW - LATE_AFTER - MINUTE), "late-run", "1 hour ago"),
        (WELL._replace(ended=[("failed", NOW)] * IN_A_ROW), "mail-fails", "mail outbox"),
        (WELL._replace(tried=[(IN_A_ROW, "it sleeps")]), "mail-put-off", "it sleeps"),
        (WELL._replace(failing={"watchdog": (IN_A_ROW, "why.")}), "job-fails:watchdog", "why."),
        (WELL._replace(deaf=1), "managers-bounce", "a manager or director comes back"),
        (WELL._replace(deaf=2), "managers-bounce", "2 managers or directors"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(sight: Sight, name: str, words: str) -> None:
    """One sentence each, under a name that stays."""
    (alarm,) = alarms(sight, NOW)
    assert alarm.name == name
    assert words in alarm.sentence
    assert alarm.sentence.endswith(".")


def test_mails_that_leave_slowly_are_not_late() -> None:
    """The site may have said so itself; once none left for a while, they are."""
    late = WELL._replace(due=900, due_since=NOW - 5 * LATE_AFTER)
    assert names(late._replace(ended=[("sent", NOW - MOVING_WITHIN)])) == []
    assert names(late._replace(ended=[("sent", NOW - MOVING_WITHIN - MINUTE)])) == ["late-mail"]
    assert names(late._replace(ended=[("failed", NOW)])) == ["late-mail"]


def test_lengths_of_time_are_said_as_people_say_them() -> None:
    """In the largest unit that fits."""
    spans = [timedelta(seconds=59), MINUTE, 59 * MINUTE, timedelta(hours=47), timedelta(days=2, hours=5)]
    assert [*map(in_words, spans)] == ["less than a minute", "1 minute", "59 minutes", "1 day", "2 days"]
