"""Converters, one a column: a cell in, a typed value out, each different cell understood once."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import cast

from tracker.domain.days import ONE_DAY
from tracker.intake.dates import last_day, read_date
from tracker.intake.grid import NEVER_SAVED, Cell, NothingThere, Trouble, Unsaved
from tracker.intake.rows import DateOrder, Wording
from tracker.intake.text import EMPTY, is_blank, is_mark, is_total, quoted, shown, squash, unguarded

LONGEST = 1000
"""Characters of a cell; a longer one is a mistake or an attack."""

LABEL_END = ":"
"""How a label ends, "Legend:", and no employee id does."""

_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|ERROR!|GETTING_DATA)|Err:\d{3}")
_NA = "NA"
_NOT_FOUND = "#n/a"
_LOOKED_INTO = frozenset("'#E")  # how a guarded text and an error begin
_ADDRESS = re.compile(r"[^\s@;,<>]+@[^\s@;,<>]+")
_CODES = frozenset({"employee_id", "number"})
_MOST_EXACT = 10.0**15  # a spreadsheet keeps 15 digits of a number

Value = str | date | None
Parse = Callable[[Cell], Value]


class Column(dict[Cell, Value]):
    """What each cell of a column means: looked up, or parsed when it is met first.

    Invariant: a cell that cannot be used is never stored; looking it up raises Trouble each time.

    Args:
        parse: turns a cell into a value, or raises Trouble.
        remember: false where cells hardly ever repeat, so that storing them gains nothing.
        digits_stay: a text of nothing but digits means itself.
        from_numbers: the ids that were no texts in the file, as `parse` meets them.
    """

    def __init__(
        self, parse: Parse, remember: bool = True, from_numbers: set[str] | None = None, digits_stay: bool = False
    ) -> None:
        super().__init__()
        self._parse = parse
        self._remember = remember
        self._digits_stay = digits_stay
        self._one = self.__getitem__ if remember else parse
        self.from_numbers = set() if from_numbers is None else from_numbers

    def all(self, cells: Sequence[Cell]) -> Iterable[Value]:
        """The values of many cells, one after the other."""
        one = self._one
        if self._digits_stay and _all_short_texts(cells):
            # Digits are nearly all of them, and a call a cell is what costs.
            return [cell if cell.isdecimal() else one(cell) for cell in cast("Sequence[str]", cells)]
        return map(one, cells)

    def __missing__(self, cell: Cell) -> Value:
        value = self._parse(cell)
        if self._remember:
            self[cell] = value
        return value


def _all_short_texts(cells: Sequence[Cell]) -> bool:
    try:
        return max(map(len, cast("Sequence[str]", cells)), default=0) <= LONGEST
    except TypeError:
        return False  # some are no texts


class Converters:
    """Makes the converters of one file.

    Args:
        wording: what the site calls its types of card.
        order: of day and month in slashed dates, if known.
    """

    def __init__(self, wording: Wording, order: DateOrder | None) -> None:
        self._types = {squash(name): type_id for name, type_id in wording.types.items()}
        self._order = order

    def column(self, field: str, header: str, required: bool, na_is_unit: bool = False) -> Column:
        """Make the converter of one column.

        Args:
            field: as in the canonical headers, or `TYPE.part`.
            header: as the sheet has it; repeated as an id it is no id.
            required: an empty cell is Trouble.
            na_is_unit: "NA" is what a unit is called there.
        """
        numbers: set[str] = set()
        what = field.rpartition(".")[2]
        if field == "role" or (field == "unit" and na_is_unit):
            parse: Parse = _own_term
            remember = True
        else:
            parse, remember = self._parser(what, header, numbers)
        parse = partial(_needed, parse, header) if required else parse
        return Column(parse, remember, numbers, digits_stay=what in _CODES and not header.isdecimal())

    def _parser(self, field: str, header: str, numbers: set[str]) -> tuple[Parse, bool]:
        if field in {"issued_on", "verified_on", "starts_on", "ends_on", "from"}:
            return partial(_day, self._order), True
        if field == "until":
            return partial(_last_day, self._order), True
        if field == "expires_on":
            return partial(_stated, self._order), True
        if field == "employee_id":
            return partial(_employee_id, header, numbers), True
        if field == "number":
            return _card_number, False
        if field == "type":
            return self._type, True
        if field in {"email", "manager_email"}:
            return _address, field == "manager_email"
        if field in {"managers", "director"}:
            return addresses, True
        if field in {"name", "reason"}:
            return _words, False
        return term, True

    def _type(self, cell: Cell) -> str | None:
        name = term(cell)
        return name and self._types.get(squash(name), name)


def day_before(column: Column) -> Column:
    """Make the converter of a column that names the day after the one meant."""

    def parse(cell: Cell) -> Value:
        day = column[cell]
        return day - ONE_DAY if isinstance(day, date) else day

    return Column(parse)


def same(value: str) -> Column:
    """Make the converter of a column that the sheet lacks, and that says the same in every row."""
    return Column(lambda _: value)


def _needed(parse: Parse, header: str, cell: Cell) -> Value:
    try:
        value = parse(cell)
    except NothingThere as nothing:
        raise Trouble(nothing.reason) from None
    if value is None and not is_blank(cell):
        raise Trouble(f"{quoted(shown(cell))} under {quoted(header)} says that there is none, which every row needs.")
    if value is None:
        raise Trouble(f"Nothing stands under {quoted(header)}, which every row needs.")
    return value


def _day(order: DateOrder | None, cell: Cell) -> date | None:
    if _is_empty(cell):
        return None
    day = read_date(cell, order)
    if len(day) < 10:
        raise Trouble(f"{quoted(shown(cell))} is a month: give the day.")
    return date.fromisoformat(day)


def _last_day(order: DateOrder | None, cell: Cell) -> date | None:
    """Read the last day of a leave: without one it is open, which a look-up that found nothing does not say."""
    try:
        return _day(order, cell)
    except NothingThere:
        raise Trouble(
            f"The cell shows {shown(cell).strip()}, as of a look-up that found nothing: write the last day."
        ) from None


def _stated(order: DateOrder | None, cell: Cell) -> str | None:
    return None if _is_empty(cell) else read_date(cell, order)


def _employee_id(header: str, numbers: set[str], cell: Cell) -> str | None:
    text = _code(cell)
    if text and isinstance(cell, float):
        numbers.add(text)
    if text is not None and text.casefold() == header.casefold():
        raise Trouble("The header is repeated here.")
    if text and (text.endswith(LABEL_END) or is_total(text)):
        raise Trouble(f"{quoted(text)} is no employee id: write the id of whom the row is about, or take it out.")
    return text


def _code(cell: Cell) -> str | None:
    """Read an id or a number: text, of which every character counts."""
    if isinstance(cell, str) and cell.isdecimal() and len(cell) <= LONGEST:
        return cell  # nearly all of them
    if isinstance(cell, date):
        raise Trouble(f"{cell} is a date: a spreadsheet program may have made it of something else.")
    if isinstance(cell, float) and not (cell.is_integer() and 0 <= cell < _MOST_EXACT):
        raise Trouble(f"{cell!r} is no whole number of at most 15 digits: write it as text.")
    text = _said(cell)
    if text and _SHORTENED.fullmatch(text):
        raise Trouble(f"{quoted(text)} was shortened by a spreadsheet program: write all its digits.")
    return text


def _card_number(cell: Cell) -> str | None:
    """Read a number of a card; two people with the "number" X would be taken for holders of one card."""
    text = _code(cell)
    if text and is_mark(text):
        raise Trouble(f"{quoted(text)} is a mark and no card number.")
    return text


def _said(cell: Cell) -> str | None:
    """Read a text that may say that there is nothing."""
    text = _text(cell)
    return None if text.casefold() in EMPTY else text


def term(cell: Cell) -> str | None:
    """Read what something is called, on one line; raises Trouble if it is too long."""
    text = _said(cell)
    return text and _on_one_line(text)


def _own_term(cell: Cell) -> str | None:
    """Read what something is called that may be called NA."""
    return _NA if isinstance(cell, str) and cell.strip() == _NA else term(cell)


def _words(cell: Cell) -> str | None:
    """Read a name or a sentence, on one line; "Na" is a name, so only a blank is nothing."""
    # Nearly all of them: no blank but the usual one counts as printable.
    if isinstance(cell, str) and cell.isprintable() and "  " not in cell:
        text = cell.strip()
        if text[:1] not in _LOOKED_INTO and len(text) <= LONGEST:
            return text or None
    return _on_one_line(_text(cell)) or None


def _on_one_line(text: str) -> str:
    """Make one blank of each line break, and of several blanks."""
    return " ".join(text.split())


def _address(cell: Cell) -> str | None:
    text = _said(cell)
    if text and not _ADDRESS.fullmatch(text):
        raise Trouble(f"{quoted(text)} is no e-mail address.")
    return text


def addresses(cell: Cell) -> str | None:
    """Read e-mail addresses, several with `;` between; raises Trouble if one is none."""
    parts = [part.strip() for part in (_said(cell) or "").split(";")]
    wrong = next((part for part in parts if part and not _ADDRESS.fullmatch(part)), None)
    if wrong:
        raise Trouble(f"{quoted(wrong)} is no e-mail address (several are separated by ;).")
    return ";".join(part for part in parts if part) or None


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        text = cell.strip()
        if text[:1] not in _LOOKED_INTO and len(text) <= LONGEST:
            return text  # nearly all of them
    if isinstance(cell, date):
        raise Trouble(f"{cell} is a date where a text was expected.")
    if isinstance(cell, Unsaved):
        raise Trouble(NEVER_SAVED)
    text = unguarded(shown(cell).strip())
    _refuse_errors(text)
    if len(text) > LONGEST:
        raise Trouble(f"The cell has more than {LONGEST} characters.")
    return text


def _is_empty(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return False
    text = unguarded(cell.strip())
    _refuse_errors(text)
    return text.casefold() in EMPTY


def _refuse_errors(text: str) -> None:
    """Refuse what a formula shows that has no value. A look-up that found nothing says that there is none."""
    if text.casefold() == _NOT_FOUND:
        raise NothingThere(f"The cell shows {text}, as of a look-up that found nothing: taken for empty.")
    if _ERROR.fullmatch(text):
        raise Trouble(f"The cell shows the error {text}: put its formula right, or write the value.")


class LastDays(dict[str, date]):
    """The last day that a stated expiry includes, worked out once for each."""

    def __missing__(self, stated: str) -> date:
        day = self[stated] = last_day(stated)
        return day
