"""What is wrong with the machinery of reminders, seen from outside. RULES: section 6."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

# A process that has not been heard of for so long is dead.
SILENT_AFTER = timedelta(minutes=5)
# So long may a mail wait that is due, and a day's run once its hour has come.
LATE_AFTER = timedelta(hours=1)
# Mails that leave, if only at the pace that the site allows, are not stuck.
MOVING_WITHIN = timedelta(minutes=15)
# So many mails, or tries of one mail, or tries of a job that fail in a row are no accident.
IN_A_ROW = 5


class Sight(NamedTuple):
    """What is seen at an instant.

    `heard` is when a process that works each job was last heard of, None if none is there. `due_since` is since when
    the mail waits that is due longest; `tried` are how often waiting mails were tried, and what was said the last
    time; `ended` are what became of the latest mails, `sent` or `failed`, and when, the latest first; `run_due_since`
    is since when a run is due and not made; `failing` are jobs, how often in a row they failed, and what they said;
    `deaf` is how many managers' and directors' addresses mail comes back from.
    """

    heard: Mapping[str, datetime | None]
    due: int = 0
    due_since: datetime | None = None
    tried: Sequence[tuple[int, str]] = ()
    ended: Sequence[tuple[str, datetime]] = ()
    run_due_since: datetime | None = None
    failing: Mapping[str, tuple[int, str]] = {}
    deaf: int = 0


class Alarm(NamedTuple):
    """Something that somebody has to look at: a stable name, and a sentence that says what to do."""

    name: str
    sentence: str


def alarms(sight: Sight, now: datetime) -> list[Alarm]:
    """What is wrong; nothing if all is well."""
    found = [_silent(job, heard, now) for job, heard in sight.heard.items()]
    found += [_late_run(sight.run_due_since, now), _late_mail(sight, now), *_failing_mail(sight)]
    found += [
        Alarm(f"job-fails:{job}", f"The job {job} failed {times} times in a row: {said}")
        for job, (times, said) in sorted(sight.failing.items())
        if times >= IN_A_ROW
    ]
    found.append(_deaf_managers(sight.deaf))
    return [each for each in found if each]


def _deaf_managers(count: int) -> Alarm | None:
    if not count:
        return None
    whose = f"{count} managers or directors" if count > 1 else "a manager or director"
    return Alarm(
        "managers-bounce", f"Mail to {whose} comes back, so nothing is sent there; see 'tracker mail bounces'."
    )


def _silent(job: str, heard: datetime | None, now: datetime) -> Alarm | None:
    if heard is not None and now - heard <= SILENT_AFTER:
        return None
    since = f"has not been heard of for {in_words(now - heard)}" if heard else "runs"
    nobody = "The process" if heard else "No process"
    start = "start 'tracker worker' or 'tracker scheduler'" if job == "deliver_mail" else "start 'tracker scheduler'"
    return Alarm(f"silent:{job}", f"{nobody} that works {job} {since}; {start}.")


def _late_run(since: datetime | None, now: datetime) -> Alarm | None:
    if since is None or now - since <= LATE_AFTER:
        return None
    ago = in_words(now - since)
    return Alarm("late-run", f"A run was due {ago} ago and was not made; see 'tracker jobs', or run 'tracker remind'.")


def _late_mail(sight: Sight, now: datetime) -> Alarm | None:
    moving = any(state == "sent" and now - at <= MOVING_WITHIN for state, at in sight.ended)
    if sight.due_since is None or now - sight.due_since <= LATE_AFTER or moving:
        return None
    waits = f"{sight.due} mails wait" if sight.due > 1 else "A mail waits"
    since = in_words(now - sight.due_since)
    return Alarm("late-mail", f"{waits} to be sent, the oldest for {since}; see 'tracker mail outbox'.")


def _failing_mail(sight: Sight) -> list[Alarm]:
    found = []
    latest = [state for state, _ in sight.ended[:IN_A_ROW]]
    if latest == ["failed"] * IN_A_ROW:
        found.append(Alarm("mail-fails", f"The last {IN_A_ROW} mails all failed; see 'tracker mail outbox'."))
    often = [said for tries, said in sight.tried if tries >= IN_A_ROW]
    if often:
        many = f"{len(often)} mails were" if len(often) > 1 else "A mail was"
        found.append(
            Alarm("mail-put-off", f"{many} tried {IN_A_ROW} times or more without success: {often[0].rstrip('.')}.")
        )
    return found


def in_words(span: timedelta) -> str:
    """A length of time as one would say it."""
    minutes = int(span.total_seconds() // 60)
    for size, name in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "less than a minute"
