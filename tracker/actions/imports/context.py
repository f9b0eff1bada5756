"""What every part of an import works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.actions.imports.result import TableReport
from tracker.actions.imports.within import Reach
from tracker.db.change import Change
from tracker.domain.door import Door
from tracker.domain.policy import Policy
from tracker.domain.same_assignment import SameRole
from tracker.intake.rows import Question, answered

# People of a file whose facts are looked at together.
CHUNK = 2_000
# People after whom to look whether others wait for work.
BREATH = 200


@dataclass(frozen=True, slots=True)
class Settled:
    """What the person who imports has decided beforehand.

    `answers` go by the question's id. `allow_leavers`: how many people may leave by a whole roster, whatever share.
    `planned`: the `digest` of the dry run that they have seen, if nothing else than that shall happen.
    """

    other_unit: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    whole_roster: bool = False
    allow_leavers: int | None = None
    planned: str | None = None

    def answer(self, question: str, choices: tuple[str, ...]) -> str | None:
        """The answer to one question, if it was given; raises BadInput if it is none of the choices."""
        return answered(self.answers, question, choices)


@dataclass(frozen=True, slots=True)
class Context:
    """The change that the import makes, the policy in force today and what it makes of roles and cards, who imports.

    `reach` is what the import may be about.
    """

    made: Change
    policy: Policy
    timezone: str
    today: date
    settled: Settled
    actor: str
    progress: Callable[[int], None]
    roles: SameRole
    door: Door
    reach: Reach
    # Employee ids that somebody had before and that somebody new has by the files.
    given_anew: set[str] = field(default_factory=set)
    # Whom the rosters brought so far who was not on record.
    newcomers: set[str] = field(default_factory=set)
    # What the files of the command have named so far, and where: two rows that contradict each other, on whatever
    # sheets, would change the same thing at every import, so the later is rejected.
    _named: dict[tuple[object, ...], tuple[TableReport, int]] = field(default_factory=dict)

    def named_before(self, *thing: object) -> str | None:
        """The row that named a thing before, in words; None if none did."""
        found = self._named.get(thing)
        return f"Row {found[1]} of {found[0].sheet or found[0].file}" if found else None

    def name(self, report: TableReport, row: int, *thing: object) -> None:
        """Notes that a row names a thing."""
        self._named.setdefault(thing, (report, row))


def called(employee_id: str, name: str | None) -> str:
    """Somebody in words, for what is shown to whoever imports: never for a log."""
    return f"{employee_id} ({name})" if name else employee_id


def asked(kind: str, identity: str, text: str, choices: tuple[str, ...], option: str) -> Question:
    """A question of the plan."""
    return Question(f"{kind}:{identity}", kind, text, choices, option)
