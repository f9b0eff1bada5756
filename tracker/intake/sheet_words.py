"""What the headers of one sheet mean by their neighbours and by the cells below, beside what they mean everywhere."""

from dataclasses import dataclass

from tracker.intake.below import Below
from tracker.intake.closeness import Near, may_be_misspelt, near_fields
from tracker.intake.columns import which_field
from tracker.intake.cpr import cpr_part
from tracker.intake.rows import Kind, Question
from tracker.intake.synonyms import KINDS, STRONG, meanings
from tracker.intake.text import keys
from tracker.intake.vocabulary import IGNORE, Meaning, Vocabulary

_Here = dict[tuple[str, Kind], Meaning]


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The vocabulary of one sheet.

    `close` are the headers that mean something by closeness only; `doubtful` those close to several fields, which
    the cells do not tell apart.
    """

    vocabulary: Vocabulary
    close: frozenset[str]
    doubtful: dict[tuple[str, Kind], tuple[str, ...]]

    def asked(self, labels: list[str], kind: Kind, positions: dict[str, int]) -> list[Question]:
        """Ask about the doubtful headers, as far as their fields have no column yet."""
        found = ((label, self.doubtful.get((label, kind), ())) for label in labels)
        free = ((label, tuple(field for field in fields if field not in positions)) for label, fields in found)
        return [which_field(label, fields) for label, fields in free if fields]


def sheet_words(labels: list[str], vocabulary: Vocabulary, below: Below) -> SheetWords:
    """Find what the headers of a sheet mean there."""
    here: _Here = {
        (labels[at], "roster"): (field, STRONG) for at, field in _parts_beside_types(labels, vocabulary).items()
    }
    for at, label in enumerate(labels):
        if cpr_part(label) is not None and below.national_numbers(at):
            here |= {(label, kind): (IGNORE, STRONG) for kind in KINDS}
    doubtful: dict[tuple[str, Kind], tuple[str, ...]] = {}
    close = set()
    for at, label in enumerate(labels):
        if not _is_unknown(label, vocabulary):
            continue
        for kind in KINDS:
            near = _near(label, kind, vocabulary)
            fitting = [one for one in near if below.fits(at, one.field)]
            if len(fitting) > 1:
                doubtful[label, kind] = tuple(one.field for one in fitting)
            elif fitting and fitting[0].close:
                here[label, kind] = (fitting[0].field, fitting[0].sureness)
                close.add(label)
    return SheetWords(vocabulary.here(here), frozenset(close), doubtful)


def _is_unknown(label: str, vocabulary: Vocabulary) -> bool:
    return may_be_misspelt(label) and not vocabulary.knows(label) and cpr_part(label) is None


def _near(label: str, kind: Kind, vocabulary: Vocabulary) -> list[Near]:
    """List what a header is close to; one that names a type of card speaks of nothing else."""
    wide = vocabulary.wide.near_fields(label) if kind == "roster" else []
    return wide if wide or vocabulary.wide.bare_type(label) else near_fields(label, kind)


def _parts_beside_types(labels: list[str], vocabulary: Vocabulary) -> dict[int, str]:
    """Give each "Exp Date" right of a bare "BLS" to that type, where every bare type of the sheet has its own."""
    wide = vocabulary.wide
    found: dict[int, str] = {}
    bare, complete = "", True
    if any((meaning := vocabulary.meaning(label, "cards")) and meaning[0] == "type" for label in labels if label):
        return {}
    for at, label in enumerate(labels):
        type_id = wide.group(label) if label else None
        if type_id is None and label and vocabulary.said(label) is not None:
            complete = True  # a person has said what stands here
            continue
        part = _part_beside(label, vocabulary)
        if bare and part:
            found[at] = f"{bare}.{part}"
            complete = True
            continue
        if not complete or part in ("expires_on", "issued_on"):
            return {}
        bare = type_id or ""
        complete = not bare
    return found if complete else {}


def _part_beside(label: str, vocabulary: Vocabulary) -> str | None:
    """Give what a header says of a card, unless it says something of a person."""
    if not label or any(key in meanings("roster") for key in keys(label)):
        return None
    return vocabulary.wide.part_named(label)
