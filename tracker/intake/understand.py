"""From the sheets of one file to typed rows: the same for every format."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from tracker.domain.errors import BadInput
from tracker.intake.classes import class_day
from tracker.intake.convert import Converters
from tracker.intake.dates import OrderUnknown, order_of
from tracker.intake.grid import Cell, Sheet, Trouble
from tracker.intake.layout import Layout, NotATable, lay_out
from tracker.intake.remembered import Memory, to_remember, told
from tracker.intake.rows import Booked, DateOrder, Options, Question, Table, Wording, answered
from tracker.intake.text import is_blank, quoted
from tracker.intake.type_words import TypeWords
from tracker.intake.typed import Typed, type_rows
from tracker.intake.vocabulary import IGNORE
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
    unread: list[str] = field(default_factory=list)


def understand(sheets: Iterable[Sheet], wording: Wording, options: Options) -> Understood:
    """Read all sheets of a file.

    A sheet without a table is noted and left out if another sheet has one.

    Raises:
        BadInput: no sheet can be used, or the options name what does not exist.
    """
    memory = Memory(wording, options)
    vocabulary = memory.usual.vocabulary
    found = Understood()
    layouts: list[Layout] = []
    problems: list[NotATable] = []
    for sheet in sheets:
        try:
            terms = memory.terms_of(sheet)
            layout = lay_out(sheet, terms.vocabulary, terms.options)
            layouts.append(layout)
            if terms.recalled:
                found.notes.append(told(layout, terms.recalled))
        except NotATable as problem:
            problems.append(problem)
            found.unread.append(sheet.name or "")
    if not layouts:
        if not problems:
            raise BadInput("The file has no sheet with anything in it.")
        raise max(problems, key=lambda problem: problem.recognised)
    found.notes += [f"Not read: {problem}" for problem in problems]
    found.notes += [f"{note}{_in(layout)}." for layout in layouts for note in layout.notes]
    labels = {text for layout in layouts for text in layout.header.labels}
    found.notes += [f'There is no column "{header}" to map.' for header in vocabulary.unused(labels)]
    found.notes += [note for layout in layouts for note in (*_read_as(layout), *_hidden(layout))]
    found.questions = _distinct(question for layout in layouts for question in layout.questions)
    _add_rows(found, layouts, wording, options)
    if found.questions:
        found.named = sorted({name for layout in layouts for name in _named(layout)})
    return found


def _add_rows(found: Understood, layouts: list[Layout], wording: Wording, options: Options) -> None:
    """Type the rows, or add the question about the order of day and month.

    What the file's own dates prove goes before what was said of all files: a person says it once for many.
    """
    typed, order = None, None
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
    types = TypeWords(wording, options)
    names = {layout.one_type for layout in layouts if layout.one_type}
    found.questions += types.questions(_types(layouts, wording) if typed is None else _types_of(typed), names)
    if typed is None or found.questions:
        found.tables = [table for layout in layouts for table in _empty(layout)]
    else:
        found.tables = [each.table for each in typed]
        for layout, table in zip(layouts, found.tables, strict=True):
            table.mapping = to_remember(layout, options)
        if any(each.classes for each in typed):
            _add_classes(typed, order or _likely_order(layouts, options))
        for each, layout in zip(typed, layouts, strict=True):
            if layout.kind == "cards":
                found.notes += types.settle(each.table, layout.profile is not None, layout.one_type)
            found.notes += each.notes
        found.notes += lost_zeros(found.tables)
        found.notes += [note for each in typed for note in (*_headings(each), *_notes_below(each))]


def _typed(layouts: list[Layout], converters: Converters) -> list[Typed]:
    return [type_rows(layout, layout.kind, converters) for layout in layouts if layout.kind]


def _add_classes(typed: list[Typed], order: DateOrder | None) -> None:
    """Put the classes that cells tell of to their tables."""
    for each in typed:
        each.table.booked = [
            Booked(one.row, one.employee_id, one.field, one.type, class_day(one.text, order), one.reason, one.name)
            for one in each.classes
        ]


def _likely_order(layouts: list[Layout], options: Options) -> DateOrder | None:
    """Give the order of a file of which no date needs one: what its dates prove, else what was said."""
    proved, _ = order_of(_dates(layouts))
    return proved.pop() if len(proved) == 1 else options.date_order or _answered_order(options)


def _read_as(layout: Layout) -> Iterator[str]:
    if layout.profile:
        name = layout.sheet.name
        yield f'Sheet "{name}" is read as {layout.profile.name}.' if name else f"Read as {layout.profile.name}."


def _hidden(layout: Layout) -> Iterator[str]:
    """Name the columns that are read though nobody sees them: an id is often hidden, but so is what was put away."""
    places = {at: field for field, at in layout.columns.positions.items()}
    read = [at for at in sorted(places) if any(at in columns for columns in layout.sheet.hidden)]
    if read:
        listed = ", ".join(f"{quoted(layout.header.labels[at])} as {places[at]}" for at in read[:_SHOWN_HEADINGS])
        more = f" and {len(read) - _SHOWN_HEADINGS} more" if len(read) > _SHOWN_HEADINGS else ""
        what = "A hidden column was" if len(read) == 1 else "Hidden columns were"
        yield f'{what} read{_in(layout)}: {listed}{more}. To leave a column out, map it to "{IGNORE}".'


def _types_of(typed: list[Typed]) -> Iterator[str]:
    """The types of the cards in lists."""
    for each in typed:
        if each.table.kind == "cards":
            rows: list[Any] = each.table.rows
            yield from map(attrgetter("type"), rows)


def _types(layouts: list[Layout], wording: Wording) -> Iterator[str]:
    """The types in the rows of lists that are not read yet, so that all can be asked at once."""
    for layout in layouts:
        if layout.one_type:
            yield from (layout.one_type for cells in layout.data() if not all(map(is_blank, cells)))
        at = layout.columns.positions.get("type")
        if layout.kind != "cards" or at is None:
            continue
        column = Converters(wording, None).column("type", "", required=False)
        rows = layout.data()
        for cells in layout.screen.rows(rows, 1, []) if layout.screen else rows:
            with suppress(Trouble):
                if at < len(cells) and (name := column[cells[at]]) and name != layout.header.labels[at]:
                    yield str(name)


def _empty(layout: Layout) -> Iterator[Table]:
    if layout.kind:
        columns, header = layout.understood, layout.header.last
        table = Table(layout.sheet.name, layout.kind, columns, [], ignored=layout.ignored, header_row=header)
        table.asked, table.unnamed = layout.asked, list(layout.unnamed)
        yield table


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
    proved, needed = order_of(_dates(layouts))
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


def _dates(layouts: list[Layout]) -> Iterator[str]:
    """Give the texts in columns of dates, each once."""
    texts: set[Cell] = set()
    for layout in layouts:
        dated = layout.dated
        for cells in layout.data():
            texts.update(cells[at] for at in dated if at < len(cells))
    return (text for text in texts if isinstance(text, str))


def _answered_order(options: Options) -> DateOrder | None:
    answer = answered(options.answers, _DATE_ORDER, _ORDERS)
    return next((order for order in _ORDERS if order == answer), None)


def _headings(typed: Typed) -> Iterator[str]:
    if typed.headings:
        listed = ", ".join(f"row {row} ({quoted(text)})" for row, text in typed.headings[:_SHOWN_HEADINGS])
        more = len(typed.headings) - _SHOWN_HEADINGS
        yield (
            f"Taken for headings within the table{_of(typed.table.sheet)} and not read: "
            f"{listed}{f' and {more} more' if more > 0 else ''}."
        )


def _in(layout: Layout) -> str:
    return f' (sheet "{layout.sheet.name}")' if layout.sheet.name else ""


def _of(name: str | None) -> str:
    return f' of sheet "{name}"' if name else ""


def _notes_below(typed: Typed) -> Iterator[str]:
    if typed.notes_below:
        where = _of(typed.table.sheet)
        first, last = typed.notes_below[0], typed.notes_below[-1]
        rows = f"Row {first}" if first == last else f"Rows {first} to {last}"
        yield f"{rows}{where}, below the table, taken for notes and not read."


def _distinct(questions: Iterable[Question]) -> list[Question]:
    """Ask once what several sheets ask; one answer is for all of them."""
    return list({question.id: question for question in questions}.values())
