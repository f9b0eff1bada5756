"""The employee ids that the files of a command name, and what was settled or is open about whose they are."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tracker.actions.imports.context import Context, asked
from tracker.actions.imports.named import Named, clash
from tracker.domain.errors import BadInput
from tracker.intake.rows import Question, Reading


@dataclass(slots=True)
class Settling:
    """Which rows are under another id than they name, or were skipped (by the `id` of their sheet), and what is open.

    `open` says of an id that is open which question has to be answered, and how.
    `nameless`: of rows without employee ids it is open whose they are.
    """

    now: dict[str, str] = field(default_factory=dict)
    skipped: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    questions: list[tuple[Reading, Question]] = field(default_factory=list)
    refused: list[tuple[Reading, str]] = field(default_factory=list)
    open: dict[str, str] = field(default_factory=dict)
    nameless: bool = False


class NamedIds:
    """The ids that files name, as far as somebody asks: few imports have anything to settle about them."""

    def __init__(self, context: Context, readings: Sequence[Reading]) -> None:
        self._context, self._readings = context, readings
        self._names: dict[int, dict[str, set[str]]] = {}

    @cached_property
    def ids(self) -> set[str]:
        """Every id in the rows, and in the answers that say whose a row without one is."""
        answers = self._context.settled.answers
        said = {answer.strip() for question, answer in answers.items() if question.startswith("who:")}
        return said.union(*(found for _, found in self.by_reading))

    @cached_property
    def numbers(self) -> set[str]:
        """The ids that are no texts in their files."""
        return {each for reading in self._readings for table in reading.tables for each in table.from_numbers}

    @cached_property
    def by_reading(self) -> list[tuple[Reading, set[str]]]:
        """Each file, and every id in its rows."""
        return [(each, {row.employee_id for rows in _rows(each) for row in rows}) for each in self._readings]

    def together(self, *employee_ids: str) -> bool:
        """Whether some file names all of these ids."""
        return any(ids.issuperset(employee_ids) for _, ids in self.by_reading)

    def beside_two_names(self, employee_id: str) -> bool:
        """Whether files name an id, and each of them has it in its rosters beside clearly different names."""
        naming = [reading for reading, ids in self.by_reading if employee_id in ids]
        return bool(naming) and all(clash(_in_rosters(reading, employee_id)) for reading in naming)

    def settle(
        self,
        settling: Settling,
        kind: str,
        employee_id: str,
        choices: tuple[str, ...],
        text: Callable[[Reading], str],
    ) -> str | None:
        """The answer to the question whose an id is; None, with the question put to each file that names it."""
        naming = [reading for reading, ids in self.by_reading if employee_id in ids]
        try:
            answer = self._context.settled.answer(f"{kind}:{employee_id}", choices)
        except BadInput as error:
            settling.refused += [(reading, str(error)) for reading in naming]
            return None
        if answer is None:
            settling.open[employee_id] = f'"{kind}:{employee_id}" with {" or ".join(choices)}'
            settling.questions += [
                (reading, asked(kind, employee_id, text(reading), choices, "--answers")) for reading in naming
            ]
        return answer

    def names(self, reading: Reading, employee_id: str) -> set[str]:
        """The names that stand beside an id in a file."""
        if id(reading) not in self._names:
            found: dict[str, set[str]] = defaultdict(set)
            for table in (table for table in reading.tables if table.kind != "units"):
                rows: Sequence[Any] = table.rows
                for row in rows:
                    # In a column of a roster, or beside the rows of a list.
                    if name := getattr(row, "name", None) or table.names.get(row.row):
                        found[row.employee_id].add(name)
            self._names[id(reading)] = found
        return self._names[id(reading)].get(employee_id, set())


def under_ids(readings: Sequence[Reading], now: Mapping[str, str]) -> None:
    """Puts rows about people under other ids."""
    if not now:
        return
    for table in (table for reading in readings for table in reading.tables if table.kind != "units"):
        table.rows = _redirected(table.rows, now)
        table.cards = _redirected(table.cards, now)
        table.booked = _redirected(table.booked, now)


def _redirected(rows: Sequence[Any], now: Mapping[str, str]) -> Any:
    return [row._replace(employee_id=now[row.employee_id]) if row.employee_id in now else row for row in rows]


def _in_rosters(reading: Reading, employee_id: str) -> Iterator[Named]:
    for table in (table for table in reading.tables if table.kind == "roster"):
        rows: Sequence[Any] = table.rows
        yield from (Named(row.row, row.name) for row in rows if row.employee_id == employee_id and row.name)


def _rows(reading: Reading) -> Iterator[Sequence[Any]]:
    for table in (table for table in reading.tables if table.kind != "units"):
        yield table.rows
        yield table.cards
        yield table.booked
