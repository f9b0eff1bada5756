"""A sheet with its header understood: what kind it is and which field stands in which column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tracker.domain.errors import BadInput
from tracker.intake.below import DATED, Below
from tracker.intake.columns import Columns, settle, settle_name, settle_who, unclear_types
from tracker.intake.grid import Cells, Sheet
from tracker.intake.header import SEARCHED_ROWS, Header, find_header, likeliest_header
from tracker.intake.headings import headings
from tracker.intake.kinds import missing, nearest_kind, possible_kinds, said_kind, says_who, which_kind
from tracker.intake.profile import Profile, recognise
from tracker.intake.remarks import refuse_national_numbers, remarks, with_whole_cards
from tracker.intake.rows import Heading, Kind, Options, Question
from tracker.intake.screen import Screen, screen_of
from tracker.intake.sheet_type import list_name, sheet_type
from tracker.intake.sheet_words import SheetWords, sheet_words
from tracker.intake.synonyms import KINDS
from tracker.intake.text import is_blank
from tracker.intake.type_words import type_question
from tracker.intake.vocabulary import Vocabulary

MOST_ROWS = 1_048_576
"""Rows of a sheet that are looked at: as many as a spreadsheet holds."""

_SHOWN_HEADERS = 12
_MUCH = 100  # fields; an empty table is more of one than a sheet without a header
_KEYS = frozenset({"employee_id", "email", "name", "last_name"})


class NotATable(BadInput):
    """A sheet that cannot be used. `recognised` counts the fields that it has all the same.

    `columns` are those of a table of which somebody can say what they are; none if it is no table.
    """

    def __init__(self, sentence: str, recognised: int = 0, columns: Sequence[Heading] = ()) -> None:
        super().__init__(sentence)
        self.recognised, self.columns = recognised, columns


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet as understood. Without a `kind`, `questions` asks for it; `notes` say what was taken for what.

    `one_type` stands for the type of each row, in a list of cards that has no column for it.
    `unnamed` are the columns with cells and no header, each by the header before it.
    """

    sheet: Sheet
    header: Header
    kind: Kind | None
    columns: Columns
    questions: tuple[Question, ...]
    vocabulary: Vocabulary
    notes: tuple[str, ...] = ()
    profile: Profile | None = None
    screen: Screen | None = None
    one_type: str | None = None
    unnamed: tuple[str, ...] = ()

    @property
    def asked(self) -> list[str]:
        """The headers of which it is asked what they are."""
        found = {question.id.removeprefix("column:") for question in self.questions}
        found.update(*(question.choices for question in self.questions if question.id.startswith("field:")))
        return [text for text in self.header.labels if text in found]

    @property
    def ignored(self) -> list[str]:
        """The headers that mean nothing here."""
        used, asked = set(self.columns.positions.values()), set(self.asked)
        return [text for at, text in enumerate(self.header.labels) if text and at not in used and text not in asked]

    @property
    def understood(self) -> dict[str, str]:
        """Header → field, in the order of the sheet."""
        pairs = sorted(self.columns.positions.items(), key=lambda pair: pair[1])
        return {self.header.labels[at]: field for field, at in pairs}

    @property
    def dated(self) -> list[int]:
        """The columns that hold dates, or may do so."""
        found = [at for field, at in self.columns.positions.items() if field.rpartition(".")[2] in DATED]
        return [*found, *self.columns.unclear]

    @property
    def marks(self) -> dict[str, int]:
        """The columns that bear the bare name of a type which has columns of its own: an X there means a card."""
        vocabulary, used = self.vocabulary, {*self.columns.positions.values(), *self.columns.unclear}
        wide = {field.rpartition(".")[0] for field in self.columns.positions if "." in field}
        named = ((at, text) for at, text in enumerate(self.header.labels) if text and at not in used)
        return {
            type_id: at
            for at, text in named
            if (type_id := vocabulary.wide.group(text)) in wide and type_id and vocabulary.said(text) is None
        }

    def data(self) -> Iterator[Cells]:
        """Give the rows below the header."""
        return islice(self.sheet.rows(), self.header.last, MOST_ROWS)


def lay_out(sheet: Sheet, vocabulary: Vocabulary, options: Options) -> Layout:
    """Understand a sheet's header.

    Raises:
        NotATable: nothing was recognised, or too little to be of any kind.
    """
    top = list(islice(sheet.rows(), SEARCHED_ROWS))
    header = find_header(vocabulary, top)
    if header is None:
        likeliest = likeliest_header(top)
        found = [text for text in likeliest.labels if text]
        raise NotATable(_nothing_recognised(sheet, found), columns=headings(likeliest, top, vocabulary))
    try:
        return _lay_out(sheet, header, vocabulary, options)
    except NotATable as problem:
        problem.columns = headings(header, top, vocabulary)
        raise


def _lay_out(sheet: Sheet, header: Header, vocabulary: Vocabulary, options: Options) -> Layout:
    said = vocabulary
    profile = recognise(header.labels, said_kind(sheet.name, options))
    if profile:
        vocabulary = profile.speak(said, header.labels)
    below = Below(sheet, header)
    refuse_national_numbers(header.labels, vocabulary, below)
    words = sheet_words(header.labels, vocabulary, below)
    unclear = unclear_types(header.labels, words.vocabulary, below)
    one_type = None if profile else sheet_type(sheet, vocabulary, options)
    try:
        kinds = _kinds(sheet, header, words.vocabulary, bool(unclear), options, profile, one_type)
    except NotATable as problem:
        crowded = with_whole_cards(header.labels, words.vocabulary, below)
        raise NotATable(_crowded(sheet, crowded), problem.recognised) if crowded else problem from None
    if not any(_filled(cells) for cells in islice(sheet.rows(), header.last, MOST_ROWS)):
        raise NotATable(f"There is nothing below the header {_where(sheet)}: fill in a row and try again.", _MUCH)
    if len(kinds) > 1:
        question = which_kind(sheet.name, kinds)
        return Layout(sheet, header, None, Columns(), (question,), words.vocabulary)
    columns, notes = _settled(sheet, header.labels, kinds[0], words, unclear, options, below)
    screen = screen_of(profile, kinds[0], header.labels, columns.positions, said)
    questions = tuple(columns.questions)
    if kinds[0] != "cards" or "type" in columns.positions:
        one_type = None
    elif one_type and vocabulary.wide.type_named(one_type):
        notes = (f"All cards are taken for {one_type}, by the name of the list", *notes)
    unnamed = tuple(_before(header.labels, at) for at in below.unnamed(header.labels))
    return Layout(
        sheet, header, kinds[0], columns, questions, words.vocabulary, notes, profile, screen, one_type, unnamed
    )


def _before(labels: Sequence[str], at: int) -> str:
    return next((text for text in reversed(labels[:at]) if text), "")


def _settled(
    sheet: Sheet,
    labels: list[str],
    kind: Kind,
    words: SheetWords,
    unclear: dict[int, Question],
    options: Options,
    below: Below,
) -> tuple[Columns, tuple[str, ...]]:
    """Give a sheet of a known kind its columns, with what is asked of them, and what is to be said."""
    columns = settle(labels, kind, words.vocabulary, unclear, options, below)
    if kind not in ("roster", "units") and "employee_id" not in columns.positions:
        settle_who(columns, labels, kind, words.vocabulary, options, below)
    elif kind not in ("roster", "units"):
        settle_name(columns, labels, kind, words.vocabulary, options, below)
    unit = columns.positions.get("unit")
    # A list of units has no row for "not applicable"; and no roster is of people of whom none has a unit.
    columns.na_is_unit = unit is not None and (kind == "units" or below.says_only_na(unit))
    columns.questions += words.asked(labels, kind, columns.positions)
    if kind != "units" and not columns.questions and not _KEYS & columns.positions.keys():
        raise NotATable(_lacks(sheet, kind, ["employee_id"], [text for text in labels if text]))
    return columns, tuple(remarks(labels, kind, columns, words, below))


def _filled(cells: Cells) -> bool:
    return not all(map(is_blank, cells))


def _kinds(
    sheet: Sheet,
    header: Header,
    vocabulary: Vocabulary,
    unclear: bool,
    options: Options,
    profile: Profile | None,
    one_type: str | None,
) -> list[Kind]:
    """Give the kinds that a sheet may be of; one if the headers, a known layout or a person say so."""
    labels = [text for text in header.labels if text]
    fields = {k: _fields(labels, k, vocabulary) for k in KINDS}
    wide = unclear or any("." in field for field in fields["roster"])
    if one_type and not wide:
        fields["cards"].add("type")
    said = profile.kind if profile else said_kind(sheet.name, options)
    if said:
        lacking = missing(said, fields[said], wide)
        if lacking == ["employee_id"] and says_who(fields["roster"]):
            lacking = []
        if lacking == ["employee_id"] and profile and profile.nobody:
            raise NotATable(profile.nobody, len(fields[said]))
        if lacking:
            raise NotATable(_lacks(sheet, said, lacking, labels), len(fields[said]))
        return [said]
    kinds = possible_kinds(labels, vocabulary, wide, "type" in fields["cards"])
    if not kinds:
        near = nearest_kind(fields, wide)
        raise NotATable(_lacks(sheet, near, missing(near, fields[near], wide), labels), len(fields[near]))
    return kinds


def _fields(labels: list[str], kind: Kind, vocabulary: Vocabulary) -> set[str]:
    found = (vocabulary.meaning(label, kind) for label in labels)
    return {meaning[0] for meaning in found if meaning}


def _nothing_recognised(sheet: Sheet, headers: list[str]) -> str:
    return (
        f"No header was recognised {_where(sheet)}{_found(headers)}: name the columns with "
        "--map 'Header=field', or start from a file that `tracker template` writes."
    )


def _lacks(sheet: Sheet, kind: Kind, lacking: list[str], headers: list[str]) -> str:
    instead = ", or for email or name to find people by" if lacking == ["employee_id"] else ""
    if lacking == ["type"]:
        said = type_question(list_name(sheet))
        instead = f'; if all its cards are of one, say which in an --answers file: "{said}" = "..."'
    return (
        f"There is no column for {' and '.join(lacking)}{instead} {_where(sheet)}, which looks like "
        f"{kind}{_found(headers)}: name it with --map 'Header=field', "
        f"or start from `tracker template {kind}`."
    )


def _crowded(sheet: Sheet, header: str) -> str:
    return (
        f'Below "{header}" {_where(sheet)} a cell tells of whole cards, which cannot be read: give each type a column '
        'of its own ("BLS Exp"), or each card a row, as in `tracker template cards`.'
    )


def _where(sheet: Sheet) -> str:
    return f'in sheet "{sheet.name}"' if sheet.name else "in this file"


def _found(headers: list[str]) -> str:
    if not headers:
        return " (there is no text in it)"
    listed = ", ".join(header[:40] for header in headers[:_SHOWN_HEADERS])
    return f" (found: {listed}{', ...' if len(headers) > _SHOWN_HEADERS else ''})"
