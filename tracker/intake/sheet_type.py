"""The type of a list of cards that has no column for it: by what its sheet or its file is called."""

import re
from collections.abc import Iterator

from tracker.intake.grid import Sheet
from tracker.intake.rows import Options
from tracker.intake.text import words
from tracker.intake.type_words import TypeWords
from tracker.intake.vocabulary import Vocabulary

# What a list may be called beside its type, and still be of nothing else.
_BESIDE = frozenset(
    "card cards ecard ecards cert certs certificate certificates certification certifications list".split()
)
_COPY = re.compile(r"\.rejected\d*$")
_NO_NAME = re.compile(r"sheet ?\d*", re.IGNORECASE)


def sheet_type(sheet: Sheet, vocabulary: Vocabulary, options: Options) -> str | None:
    """Give what stands for the type of every row of a sheet: a type, or words that are to be asked about."""
    for name in sheet_names(sheet):
        alone = [word for word in words(name) if word not in _BESIDE and not word.isdigit()]
        if type_id := vocabulary.wide.type_named(" ".join(alone)):
            return type_id
        types = TypeWords(vocabulary.wording, options)
        if types.mentioned(name) or types.knows(name):
            return name
    return None


def sheet_names(sheet: Sheet) -> Iterator[str]:
    """Give what a sheet is called; if that is nothing, what its file is, and a copy of rejected rows is called as that.

    The other sheets of a file may be of other types than the one in its name.
    """
    if sheet.name:
        yield sheet.name
    if sheet.file and (sheet.name is None or _NO_NAME.fullmatch(sheet.name)):
        yield _COPY.sub("", sheet.file)
