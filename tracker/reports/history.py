"""Whether somebody was compliant on a day: as known now, and as the records stood at an instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tracker.domain.standing import Standing
from tracker.reports.heading import Heading, Trail
from tracker.reports.stood import Stood, compliant


class Answer(NamedTuple):
    """What the records say of somebody on the day.

    `policy` is the name and hash of the version in force; None where there was none yet. `on_record` is whether
    anything was known of the person, `units` are those where they worked.
    """

    policy: tuple[str, str] | None
    on_record: bool
    units: list[str]
    stood: list[Stood]

    @property
    def compliant(self) -> bool | None:
        """Whether no standing is out of compliance; None where none is counted."""
        return compliant(self.stood)

    @property
    def gist(self) -> dict[str, Standing]:
        """That by which two answers differ: the standing with each requirement."""
        return {one.requirement: one.standing for one in self.stood}


class Turn(NamedTuple):
    """An entry of the trail: its number, when it was made, by whom, from where, and what it did."""

    entry: int
    at: datetime
    actor: str
    source: str
    action: str


class Told(NamedTuple):
    """One person: both answers, and the entry since which the records have said something else than they did then."""

    employee_id: str
    name: str | None
    now: Answer
    then: Answer
    since: Turn | None

    @property
    def differs(self) -> bool:
        """Whether the two answers differ."""
        return self.now.gist != self.then.gist


class History(NamedTuple):
    """The report; the heading is that of what is known now.

    `instant` is that of the other answer, `trail` the last entry it rests on; None where nothing was on record yet.
    """

    heading: Heading
    instant: datetime
    trail: Trail | None
    people: Sequence[Told]
