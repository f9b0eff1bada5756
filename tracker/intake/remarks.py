"""What is to be said of the columns of a sheet: what was taken for what, and which dates were not read."""

import re
from collections.abc import Iterable, Iterator, Mapping

from tracker.domain.errors import BadInput
from tracker.intake.below import DATED, Below
from tracker.intake.columns import Columns
from tracker.intake.cpr import cpr_part
from tracker.intake.rows import Kind, Options
from tracker.intake.sheet_words import SheetWords
from tracker.intake.synonyms import WEAK, is_return
from tracker.intake.text import is_sensitive
from tracker.intake.type_words import TypeWords
from tracker.intake.vocabulary import IGNORE, Vocabulary

_HALF, _MOST = 1 / 2, 2 / 3
_DATED = re.compile(r"\d[/.-]\d|\b(?:19|20)\d\d\b")


def remarks(labels: list[str], kind: Kind, columns: Columns, words: SheetWords, below: Below) -> Iterator[str]:
    """Give the remarks on a sheet, in the order of its columns, each without its full stop."""
    positions = columns.positions
    fields = {at: field for field, at in positions.items()}
    cards = kind == "cards" or bool(columns.unclear) or any("." in field for field in positions)
    cards = cards or any(label and words.vocabulary.wide.group(label) for label in labels)
    types = TypeWords(words.vocabulary.wording, Options())
    for at, label in enumerate(labels):
        if at in fields and label in words.close:
            yield f'"{label}" was read as {fields[at]}'
        if kind == "absences" and fields.get(at) == "until" and is_return(label):
            yield f'"{label}" was read as the first day back, so a leave ends the day before'
        if label and (others := _other_types(label, fields.get(at, ""), words.vocabulary)):
            yield f'"{label}" was read as {fields[at]}; of {others}, which it names as well, nothing is read there'
        if fields.get(at) == "unit" and below.says_only_na(at):
            yield f'"NA", which alone stands under "{label}", was read as what the unit is called'
        open_ = at in columns.unclear or (label, kind) in words.doubtful
        if not label or at in fields or open_ or _is_settled(label, words.vocabulary):
            continue
        if cpr_part(label) is not None and below.national_numbers(at):
            yield f'Not read: "{label}", as the numbers below may be national numbers'
        elif (
            (cards or kind in ("absences", "roster"))
            and below.dates(at)
            and not _means_something(label, kind, positions, words.vocabulary)
        ):
            yield f'Not read: "{label}", which holds dates; if they matter, say what they are with --map'
        elif kind == "roster" and (share := _whole_cards(at, types, below)) >= _HALF:
            cards_only = share >= _MOST and below.mostly_filled(at)
            whose = "whose cells tell of whole cards" if cards_only else "some of whose cells look like cards"
            yield f'Not read: "{label}", {whose}; give each type a column, or each card a row'
        elif cards and below.long_numbers(at) and (type_id := words.vocabulary.wide.group(label)):
            option = f"--map '{label}={type_id}.number'"
            yield f'Not read: "{label}"; if the numbers below are those of the cards, say so with {option}'
        elif cards and below.filled(at) and _has_no_days(label, fields.values(), words.vocabulary):
            yield f'Not read: "{label}", as marks without days are no cards; "{label} Exp" would be a column of days'


def with_whole_cards(labels: list[str], vocabulary: Vocabulary, below: Below) -> str | None:
    """Give the first header below which cells tell of whole cards, "BLS 6/2027; ACLS 8/2026".

    Where days have columns of their own, such a text is the name of a course.
    """
    meant = {found[0] for text in labels if text and (found := vocabulary.meaning(text, "cards"))}
    if not meant.isdisjoint({"issued_on", "expires_on"}):
        return None
    types = TypeWords(vocabulary.wording, Options())
    return next((text for at, text in enumerate(labels) if text and _whole_cards(at, types, below) >= _HALF), None)


def _whole_cards(at: int, types: TypeWords, below: Below) -> float:
    """Give the share of a column's texts that tell of whole cards; remarks may do so, beside others that do not."""

    def tells(text: str) -> bool:
        named = types.mentioned(text)
        return len(named) > 1 or bool(named and _DATED.search(text))

    return below.share(at, tells)


def refuse_national_numbers(labels: list[str], vocabulary: Vocabulary, below: Below) -> None:
    """Refuse to have a column read that a person mapped and that looks like national numbers.

    Raises:
        BadInput: there is one.
    """
    for at, label in enumerate(labels):
        if vocabulary.said(label) in (None, IGNORE) or cpr_part(label) is None:
            continue
        if below.national_numbers(at):
            raise BadInput(
                f'The numbers below "{label}" look like national numbers, which are never read: leave it out of --map.'
            )


def _other_types(label: str, field: str, vocabulary: Vocabulary) -> str:
    """Name the types in the header of a card's column that are not the one which it was read as."""
    read_as, dot, _ = field.rpartition(".")
    return " and ".join(type_id for type_id in vocabulary.wide.types_in(label) if type_id != read_as) if dot else ""


def _has_no_days(label: str, fields: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Say whether a header is the bare name of a type of which no other column speaks."""
    type_id = vocabulary.wide.group(label)
    return type_id is not None and not any(field.startswith(f"{type_id}.") for field in fields)


def _means_something(label: str, kind: Kind, positions: Mapping[str, int], vocabulary: Vocabulary) -> bool:
    """Say whether a header is of a person, or of a field that another column was taken for, or may be."""
    found = vocabulary.meaning(label, kind)
    if kind == "roster" and found and found[1] <= WEAK:
        # Few of the cells are days, so that the column was not taken for one.
        return found[0] in positions or found[0] not in DATED
    return bool(found or vocabulary.meaning(label, "roster"))


def _is_settled(label: str, vocabulary: Vocabulary) -> bool:
    return is_sensitive(label) or vocabulary.said(label) is not None
