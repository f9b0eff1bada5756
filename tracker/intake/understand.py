"""From the sheets of one file to typed rows: the same for every format."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from tracker.domain.errors import BadInput
from tracker.intake.convert import Converters
from tracker.intake.dates import OrderUnknown, order_of
from tracker.intake.grid import Cell, Sheet, Trouble
from tracker.intake.layout import Layout, NotATable, lay_out
from tracker.intake.rows import DateOrder, Options, Question, Table, Wording, answered
from tracker.intake.text import quoted
from tracker.intake.typed import Typed, type_rows
from tracker.intake.vocabulary import Vocabulary
from tracker.intake.zeros import lost_zeros

_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
_DATE_ORDER = "date-order"
_SHOWN_HEADINGS = 10


@dataclass(slots=True)
class Understood:
    """The tables of a file; with `questions`, their rows are still missing."""

    tables: list[Table] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)


def understand(sheets: Iterable[Sheet], wording: Wording, options: Options) -> Understood:
    """Read all sheets of a file.

    A sheet without a table is noted and left out if another sheet has one.

    Raises:
        BadInput: no sheet can be used, or the options name what does not exist.
    """
    vocabulary = Vocabulary(wording, options)
    found = Understood()
    layouts: list[Layout] = []
    problems: list[NotATable] = []
    for sheet in sheets:
        try:
            layouts.append(lay_out(sheet, vocabulary, options))
        except NotATable as problem:
            problems.append(problem)
    if not layouts:
        if not problems:
            raise BadInput("The file has no sheet with anything in it.")
        raise max(problems, key=lambda problem: problem.recognised)
    found.notes += [f"Not read: {problem}" for problem in problems]
    found.notes += [f"{note}{_in(layout)}." for layout in layouts for note in layout.notes]
    labels = {text for layout in layouts for text in layout.header.labels}
    found.notes += [f'There is no column "{header}" to map.' for header in vocabulary.unused(labels)]
    found.questions = _distinct(question for layout in layouts for question in layout.questions)
    _add_rows(found, layouts, wording, options)
    if found.questions:
        found.named = sorted({name for layout in layouts for name in _named(layout)})
    return found


def _add_rows(found: Understood, layouts: list[Layout], wording: Wording, options: Options) -> None:
    """Type the rows, or add the question about the order of day and month.

    What the file's own dates prove goes before what was said of all files: a person says it once for many.
    """
    typed = None
    if not found.questions:
        with suppress(OrderUnknown):
            typed = _typed(layouts, Converters(wording, None))
    if typed is None:
        order, question = _settled_order(layouts)
        order = order or (options.date_order or _answered_order(options) if question else None)
        if question and not order:
            found.questions.append(question)
        elif not found.questions:
            typed = _typed(layouts, Converters(wording, order))
    if typed is None:
        found.tables = [table for layout in layouts for table in _empty(layout)]
    else:
        found.tables = [each.table for each in typed]
        found.notes += lost_zeros(found.tables)
        found.notes += [note for each in typed for note in (*_headings(each), *_notes_below(each))]


def _typed(layouts: list[Layout], converters: Converters) -> list[Typed]:
    return [type_rows(layout, layout.kind, converters) for layout in layouts if layout.kind]


def _empty(layout: Layout) -> Iterator[Table]:
    if layout.kind:
        yield Table(layout.sheet.name, layout.kind, layout.understood, [], ignored=layout.ignored)


def _named(layout: Layout) -> Iterator[str]:
    """The employee ids of what is a roster, or may be one."""
    labels = layout.header.labels
    at = layout.columns.positions.get("employee_id") if layout.kind == "roster" else None
    if layout.kind is None:
        meanings = (layout.vocabulary.meaning(text, "roster") for text in labels)
        at = next((at for at, found in enumerate(meanings) if found and found[0] == "employee_id"), None)
    if at is None:
        return
    column = Converters(Wording({}), None).column("employee_id", labels[at], required=False)
    for cells in layout.data():
        with suppress(Trouble):
            if at < len(cells) and (name := column[cells[at]]):
                yield str(name)


def _settled_order(layouts: list[Layout]) -> tuple[DateOrder | None, Question | None]:
    """Settle the order by the file's unambiguous dates, or ask."""
    texts: set[Cell] = set()
    for layout in layouts:
        dated = layout.dated
        for cells in layout.data():
            texts.update(cells[at] for at in dated if at < len(cells))
    proved, needed = order_of(text for text in texts if isinstance(text, str))
    if not needed:
        return None, None
    if len(proved) == 1:
        return proved.pop(), None
    why = "are written both ways" if proved else "could all be read both ways"
    return None, Question(
        id=_DATE_ORDER,
        kind="date_order",
        text=f"The dates in this file {why}: is the day first (dmy), the month (mdy) or the year?",
        choices=_ORDERS,
        option="--date-order",
    )


def _answered_order(options: Options) -> DateOrder | None:
    answer = answered(options.answers, _DATE_ORDER, _ORDERS)
    return next((order for order in _ORDERS if order == answer), None)


def _headings(typed: Typed) -> Iterator[str]:
    if typed.headings:
        listed = ", ".join(f"row {row} ({quoted(text)})" for row, text in typed.headings[:_SHOWN_HEADINGS])
        more = len(typed.headings) - _SHOWN_HEADINGS
        yield (
            f"Taken for headings within the table{_of(typed)} and not read: "
            f"{listed}{f' and {more} more' if more > 0 else ''}."
        )


def _in(layout: Layout) -> str:
    return f' (sheet "{layout.sheet.name}")' if layout.sheet.name else ""


def _of(typed: Typed) -> str:
    return f' of sheet "{typed.table.sheet}"' if typed.table.sheet else ""


def _notes_below(typed: Typed) -> Iterator[str]:
    if typed.notes_below:
        where = _of(typed)
        first, last = typed.notes_below[0], typed.notes_below[-1]
        rows = f"Row {first}" if first == last else f"Rows {first} to {last}"
        yield f"{rows}{where}, below the table, taken for notes and not read."


def _distinct(questions: Iterable[Question]) -> list[Question]:
    """Ask once what several sheets ask; one answer is for all of them."""
    return list({question.id: question for question in questions}.values())
