"""The type of a list of cards that has no column for it: by what its sheet or its file is called."""

import re

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
# What programs call a sheet that nobody gave a name, here and in other languages.
_NO_NAME = re.compile(
    r"(?:work)?(?:sheet|table|tabelle|feuil|feuille|hoja|foglio|blad|ark|arkusz|planilha|page)[ _]?\d*(?: ?\(\d+\))?",
    re.IGNORECASE,
)


def sheet_type(sheet: Sheet, vocabulary: Vocabulary, options: Options) -> str | None:
    """Give what stands for the type of every row of a sheet: a type, or words that are to be asked about.

    What was remembered of cells says nothing here: the next list of that name may be of another type.
    """
    name = list_name(sheet)
    alone = [word for word in words(name) if word not in _BESIDE and not word.isdigit()]
    if type_id := vocabulary.wide.type_named(" ".join(alone)):
        return type_id
    types = TypeWords(vocabulary.wording, options)
    return name if types.mentioned(name) or types.said(name) else None


def list_name(sheet: Sheet) -> str:
    """Give what a sheet is called; if that is nothing, what its file is, and a copy of rejected rows is called as that.

    The other sheets of a file may be of other types than the one in its name.
    """
    unnamed = sheet.name is None or _NO_NAME.fullmatch(sheet.name)
    return _COPY.sub("", sheet.file) if unnamed else sheet.name or ""
