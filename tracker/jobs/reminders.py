"""The reminders' scan: once the site's hour has come, plan the day's run; deliver whatever is due.

It asks the records what was done rather than the clock what was missed. So it may be called as often as one likes,
late, after a pause of days, on both days on which clocks change, or by several processes.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tracker.actions.deliver_mail import deliver_mail, letterhead, mail_domain
from tracker.actions.enable_mail import mail_gate, remember_runs
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.connect import Database
from tracker.db.outbox import anything_due
from tracker.db.policies import find_rulebook
from tracker.db.reminders import last_run
from tracker.notify.mail_url import open_post
from tracker.settings import Settings


class Scan(NamedTuple):
    """What a scan did: mails planned (None if no run was due), how many ended in which state, or why nothing can go."""

    planned: int | None
    states: dict[str, int]
    held: str | None = None


def scan_reminders(database: Database, settings: Settings, now: Callable[[], datetime]) -> Scan:
    """Does what is due now; nothing if there is no policy yet, or mail is not enabled."""
    with database.read() as connection:
        rulebook = find_rulebook(connection)
        before = last_run(connection)
    gate = mail_gate(database, settings)
    if rulebook is None:
        return Scan(None, {}, "there is no policy yet; see 'tracker policy apply'")
    if not gate.is_open:
        return Scan(None, {}, "mail is held; see 'tracker mail enable'")
    local = now().astimezone(ZoneInfo(rulebook.newest.timezone))
    day = settings.today or local.date()
    if before and before.day > day:
        return Scan(None, {}, f"a run for {before.day} was made already, so nothing is sent before that day")
    planned = None
    if local.time() >= rulebook.on(day).reminders.send_at and (before is None or before.day < day):
        plan = plan_reminders(database, gate, day, now(), mail_domain(settings))
        remember_runs(database, settings)
        planned = len(plan.mails)
    return Scan(planned, _deliver(database, settings, day, now))


def _deliver(database: Database, settings: Settings, day: date, now: Callable[[], datetime]) -> dict[str, int]:
    """Delivers what is due. What an earlier day's run left is for this day's run to look at first."""
    with database.read() as connection:
        run = last_run(connection)
        due = anything_due(connection, now())
    states: dict[str, int] = {}
    if run and due and run.day == day:
        head = letterhead(settings, mail_gate(database, settings))
        for done in deliver_mail(database, open_post(settings.mail), head, day, now):
            states[done.state] = states.get(done.state, 0) + 1
    return states
