"""Whether two spellings of a name may be one person's."""

import re
import unicodedata

_TITLES = frozenset(
    "dr mr mrs ms miss prof rn lpn lvn np pa md do bsn msn dnp phd cna emt crna rt rrt ccrn aprn jr sr ii iii".split()
)


def same_name(one: str | None, other: str | None) -> bool:
    """Whether a certificate's name and a record's are alike: case, accents, order, titles and middle names aside.

    At least two names have to agree, or all of them; an initial agrees with a name that begins with it.
    """
    first, second = _names(one), _names(other)
    if not first or not second:
        return False
    fewer, more = sorted((first, second), key=len)
    left = list(more)
    for name in sorted(fewer, key=len, reverse=True):
        found = next((each for each in left if _agree(name, each)), None)
        if found is None:
            return False
        left.remove(found)
    whole = sum(len(name) > 1 for name in fewer)
    return len(first) == len(second) or whole >= 2


def _names(text: str | None) -> list[str]:
    """The names in a text, without accents, in small letters."""
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", (text or "").casefold()) if not unicodedata.combining(char)
    )
    return [name for name in re.findall(r"[^\W\d_]+", plain.replace("'", "")) if name not in _TITLES]


def _agree(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])
