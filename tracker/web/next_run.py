"""What the next run of reminders would send: worked out beside the page, as it looks at everybody, and kept a while."""

from datetime import date, datetime
from time import monotonic
from typing import NamedTuple

from tracker.actions.plan_reminders import RunPlan, plan_reminders
from tracker.db.connect import Database
from tracker.db.moments import latest_change
from tracker.domain.errors import NotPossible
from tracker.domain.gate import Gate
from tracker.web.background import Background

# Seconds for which a look waits: at most sites it is done by then.
PATIENCE = 2.0
# What was worked out stands for so many times as long as that took, if no fact changed; mails may leave meanwhile.
STANDS = 10
NAME = "next run"


class _Kept(NamedTuple):
    plan: RunPlan
    since: date | None
    seq: int
    until: float


class NextRun:
    """What would be sent by a run of now, by what is known."""

    def __init__(self, database: Database, background: Background) -> None:
        self._database, self._background = database, background
        self._kept: _Kept | None = None

    def of(self, day: date, since: date | None, at: datetime) -> RunPlan | None:
        """The plan of a day, of what fell due from another on; None while it is worked out. Raises NotPossible."""
        with self._database.read() as connection:
            seq = latest_change(connection)
        if (plan := self._standing(day, since, seq)) is not None:
            return plan
        self._background.begin(NAME, lambda _: self._work(day, since, at))
        errand = self._background.wait_for(NAME, PATIENCE)
        if errand is None:
            return None
        if errand.problem:
            raise NotPossible(errand.problem)
        return self._standing(day, since, seq)

    def _standing(self, day: date, since: date | None, seq: int) -> RunPlan | None:
        kept = self._kept
        stands = kept and (kept.plan.day, kept.since, kept.seq) == (day, since, seq) and monotonic() < kept.until
        return kept.plan if kept and stands else None

    def _work(self, day: date, since: date | None, at: datetime) -> None:
        began = monotonic()
        with self._database.read() as connection:
            seq = latest_change(connection)
        plan = plan_reminders(self._database, Gate(True, since), day, at, "localhost", dry_run=True)
        ended = monotonic()
        self._kept = _Kept(plan, since, seq, ended + STANDS * (ended - began))
