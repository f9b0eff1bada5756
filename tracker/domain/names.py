"""Names of people as lists write them: which are the same, and which can hardly be one person's."""

import re
import unicodedata
from collections.abc import Sequence

from tracker.domain.policy import words

# What a spreadsheet program or a phone makes of an apostrophe.
_APOSTROPHES = str.maketrans(dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}", "'"))
# Letters that no decomposition takes for the plain ones that lists write instead.
_PLAIN = str.maketrans({"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00f0": "d", "\u00e6": "ae", "\u0153": "oe"})
_TITLES = frozenset(
    "dr mr mrs ms miss prof rn lpn lvn np pa md do bsn msn dnp phd cna emt crna rt rrt ccrn aprn jr sr ii iii".split()
)


def same_name(one: str, other: str) -> bool:
    """Whether two spellings differ in nothing but the order of first and last name: "Ada Wren", "Wren, Ada"."""
    if ("," in one) == ("," in other):
        # In the same order a different spelling is a correction, such as of the case of a letter.
        return one == other
    return words(first_name_first(one)) == words(first_name_first(other))


def first_name_first(name: str) -> str:
    """A name without the comma that puts the last name first."""
    last, comma, first = name.partition(",")
    return name if not comma or "," in first else f"{first} {last}"


def name_key(name: str) -> str:
    """What a name is looked up by: the same for "Wren, Ada" and "Ada Wren", in any case, form and apostrophe."""
    return words(first_name_first(unicodedata.normalize("NFKC", name).translate(_APOSTROPHES)))


def address_key(email: str) -> str:
    """What an e-mail address is looked up by: the same in any case and Unicode form, whatever its letters.

    Small letters, not the folded ones: those would make two addresses, straße@ and strasse@, one.
    """
    return unicodedata.normalize("NFC", email).lower()


def may_be_one_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: all words of the shorter are among the longer's.

    In any order and case, with or without accents, titles aside; a letter stands for a word that begins with it.
    """
    return _within(*sorted((plain_words(one), plain_words(other)), key=len))


def may_be_holder(printed: str | None, known: str | None) -> bool:
    """Whether the name on a certificate is that of somebody on record, titles and middle names aside.

    At least two names have to agree, or all of them.
    """
    first, second = ([part for part in name_parts(name or "") if part not in _TITLES] for name in (printed, known))
    fewer, more = sorted((first, second), key=len)
    if not fewer or not _within(fewer, more):
        return False
    return len(fewer) == len(more) or sum(len(part) > 1 for part in fewer) >= 2


# Letters and digits of any script.
_WORD = re.compile(r"[^\W_]+")


def plain_words(name: str) -> Sequence[str]:
    """The words of a name in plain small letters, but for titles, where two are left: "Do" beside "Mai" is a name."""
    parts = name_parts(name)
    left = [part for part in parts if part not in _TITLES]
    return left if len(left) > 1 else parts


def plain(text: str) -> str:
    """A text in small letters without their accents, as those type it who look for somebody."""
    if text.isascii():
        return text.lower()
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return bare.translate(_APOSTROPHES).casefold().translate(_PLAIN)


def name_parts(name: str) -> Sequence[str]:
    """The words of a name in plain small letters, in their order; an apostrophe is part of its word and left out."""
    return _WORD.findall(plain(name).replace("'", ""))


def _within(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    left = list(longer)
    for part in sorted(shorter, key=len, reverse=True):
        found = part if part in left else next((word for word in left if _initial(part, word)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]
