"""Which cell of a row becomes which value, by which converter, and what a bad one costs."""

from dataclasses import dataclass
from typing import Literal

from tracker.intake.convert import Column, Converters, day_before, same
from tracker.intake.layout import Layout
from tracker.intake.rows import Kind
from tracker.intake.synonyms import FIELDS, NAME_PARTS, WHO, is_return
from tracker.intake.wide import PARTS

Loss = Literal["row", "card", "cell"]

REQUIRED: dict[Kind, frozenset[str]] = {
    "roster": frozenset({"employee_id", "unit"}),
    "cards": frozenset({"employee_id", "type"}),
    "absences": frozenset({"employee_id", "from"}),
    "exemptions": frozenset({"employee_id", "requirement", "from", "until"}),
    "units": frozenset({"unit"}),
}
MARK = "mark"
"""What stands below the bare name of a type, beside the columns of its days: "X"."""

_HARMLESS = frozenset(
    "name email role employment_type manager_email number verified_on reason approver mark"
    " facility managers director".split()
)
"""What a row can do without and still mean the same."""


@dataclass(frozen=True, slots=True)
class Step:
    """One value of a row. `at` is the cell; `header` is None where the sheet has no such column."""

    field: str
    header: str | None
    at: int
    column: Column
    loss: Loss


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sheet's rows are read.

    The cells of a row are `width` of the sheet; with `name_from` then the name put together from
    first, middle and last name, each read by `part`; then one blank, which stands for every column that the sheet
    lacks.
    After the values of the `types` come the marks of those that are `marked`. `who`
    are the places among a row's values of its name, e-mail and unit, where it has no employee id;
    `name` is that of the name that a list has beside the id. Those beyond `fields` values are there
    for that only.
    """

    steps: list[Step]
    width: int
    name_from: tuple[int, ...]
    part: Column
    types: list[str]
    marked: list[str]
    who: tuple[int, ...] = ()
    name: int | None = None
    fields: int = 0

    @property
    def key(self) -> Step:
        """The step of the field without which a row is nobody's."""
        named = (self.steps[at] for at in self.who[:2])
        return self.steps[0] if not self.who else next(step for step in named if step.header)

    def header(self, field: str) -> str | None:
        """Give the header of a field."""
        return next((step.header for step in self.steps if step.field == field), None)


def make_plan(layout: Layout, kind: Kind, converters: Converters) -> Plan:
    """Plan how to read a sheet of a kind."""
    found = layout.columns.positions
    width = layout.header.width
    name_from = tuple(found[part] for part in NAME_PARTS if part in found)
    places = dict(found)
    if name_from:
        places["name"] = width
    blank = width + bool(name_from)
    labels = [*layout.header.labels, "name", ""]
    types = _types(found) if kind == "roster" else []
    marks = layout.marks if types else {}
    places |= {f"{type_id}.{MARK}": at for type_id, at in marks.items()}
    fields = [*FIELDS[kind], *(f"{type_id}.{part}" for type_id in types for part in PARTS)]
    fields += [f"{type_id}.{MARK}" for type_id in marks]
    who = WHO if kind != "units" and "employee_id" not in found else ()
    beside = ("name",) if not who and "name" in places else ()
    steps = []
    for field in (*fields, *(name for name in who or beside if name not in fields)):
        at = places.get(field)
        header = None if at is None else labels[name_from[0] if at == width else at]
        required = field in REQUIRED[kind] and (at is not None or field not in ("unit", "employee_id"))
        column = converters.column(field, header or "", required, layout.columns.na_is_unit)
        if field == "type" and layout.one_type:
            column = same(layout.one_type)
        if kind == "absences" and field == "until" and is_return(header):
            column = day_before(column)
        loss = _loss(field, kind, wide=bool(types))
        steps.append(Step(field, header, blank if at is None else at, column, loss))
    names = [step.field for step in steps]
    name = names.index("name") if beside and "name" not in fields else None
    part = converters.column("name", "", required=False)
    return Plan(steps, width, name_from, part, types, [*marks], tuple(map(names.index, who)), name, len(fields))


def card_of(field: str) -> str:
    """Give the type of card that a field of a wide sheet is of; "" for a field of a person."""
    return field.rpartition(".")[0]


def _types(found: dict[str, int]) -> list[str]:
    """List the types that have columns of their own, in the order of the sheet."""
    wide = sorted((at, field.rpartition(".")[0]) for field, at in found.items() if "." in field)
    return list(dict.fromkeys(type_id for _, type_id in wide))


def _loss(field: str, kind: Kind, wide: bool) -> Loss:
    """Say what is left out where a cell cannot be used.

    Without one of its days or its issuer a row of a list would be another fact than was meant (an
    assignment since ever, a card of the usual issuer), so that it waits until it is put right. In
    a wide sheet the row is a person with other cards, which must not wait for that.
    """
    if field.rpartition(".")[2] in _HARMLESS:
        return "cell"
    if "." in field:
        return "card"
    return "cell" if wide and field not in REQUIRED[kind] else "row"
