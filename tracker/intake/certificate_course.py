"""Which type of card a certificate is for: by its title, else by the sentence that names the course."""

import re
from collections.abc import Mapping

from tracker.intake.certificate_cells import Cell, Claims

# "... has successfully completed requirements for", "... in accordance with the curriculum of the ... Association":
# the course follows, on the same line or on the next.
_BEFORE_COURSE = re.compile(r"\b(?:requirements for|curriculum of the)\b", re.IGNORECASE)
_LINES_OF_COURSE = 3
_NO_TITLE = "No type that the policy knows is named on it."


def course_of(lines: list[list[Cell]], claims: Claims, types: Mapping[str, str]) -> tuple[str, str] | str:
    """The id of the type and where it is named, or why none can be told.

    Args:
        lines: the certificate.
        claims: what its labels stand by; a Training Center may be called after a course.
        types: what the site's policy calls its types (any case) → their ids.
    """
    names = {_plain(name): kind for name, kind in types.items()}
    others = _about_others(lines, claims)
    cells = [cell for line in lines for cell in line if cell.label is None and cell not in others]
    titles = {names[title] for cell in cells if (title := _plain(cell.text)) in names}
    if any(_of_instructor(lines, cell, names) for cell in cells):
        return "It seems to be an instructor's card, which is none of a provider."
    if titles:
        return _only(titles, "in its title")
    return _only(_in_sentence(cells, names), "in the sentence about the course")


def _only(kinds: set[str], where: str) -> tuple[str, str] | str:
    if len(kinds) > 1:
        return "More than one type of card is named on it."
    return (kinds.pop(), where) if kinds else _NO_TITLE


def _about_others(lines: list[list[Cell]], claims: Claims) -> set[Cell]:
    """The values of labels, and what may be one: beside or below a label whose value is not clear."""
    found = set(claims.values.values())
    for label in (cell for line in lines for cell in line if cell.label and cell not in claims.values):
        after = lines[label.line + 1] if label.line + 1 < len(lines) else []
        beside = [cell for cell in lines[label.line] if cell.start > label.start][:1]
        found.update([*beside, *(cell for cell in after if cell.below(label))])
    return found


def _plain(text: str) -> str:
    """A title as it is compared: any case, without "Provider", a bracket, or how long it is valid."""
    text = re.sub(r"\([^)]*\)|:.*|[^\w\s&/-]", " ", text.casefold())
    return " ".join(text.removesuffix(" provider").split()).removesuffix(" provider")


def _of_instructor(lines: list[list[Cell]], cell: Cell, names: Mapping[str, str]) -> bool:
    """Whether a title goes on with "Instructor", on its line or on the next."""
    title, found, _ = _plain(cell.text).partition(" instructor")
    if found or title not in names:
        return bool(found) and title in names
    near = [*lines[cell.line], *(lines[cell.line + 1] if cell.line + 1 < len(lines) else [])]
    return any(each.text.casefold() == "instructor" and each.below(cell) for each in near)


def _in_sentence(cells: list[Cell], names: Mapping[str, str]) -> set[str]:
    """The types named in what follows the words that lead to the course."""
    kinds: set[str] = set()
    for at, cell in enumerate(cells):
        lead = _BEFORE_COURSE.search(cell.text)
        if lead:
            after = [cell.text[lead.end() :], *(each.text for each in cells[at + 1 : at + _LINES_OF_COURSE])]
            kinds |= _named(" ".join(after), names)
    return kinds


def _named(text: str, names: Mapping[str, str]) -> set[str]:
    """The types named in a text; a longer name hides the shorter ones within it."""
    left = " ".join(re.sub(r"[^\w&/-]", " ", text.casefold()).split())
    kinds = set()
    for name in sorted(names, key=len, reverse=True):
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        if name and re.search(pattern, left):
            kinds.add(names[name])
            left = re.sub(pattern, " | ", left)
    return kinds
