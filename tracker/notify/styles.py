"""Writes a style sheet into the tags of a page, because many mail programs read it nowhere else.

css_inline works out what each tag looks like. That reads the page and the sheet and writes the page anew, which for
every mail would take as long as all its words; but mails are made of few kinds of tags, by name and class. So it is
asked once for each kind, and what it said is written into the tags of the mails that follow.
"""

import re
from functools import lru_cache

from css_inline import CSSInliner

# Nothing is fetched, and the rules for phones and for dark screens stay.
_LIBRARY = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
# A tag, which in a page stands between what is none; data in it is escaped, so it holds no `>`. And what it is made of:
# its name, what stands before its class and that, and the rest.
_TAGS = re.compile(r"(<[a-z][^<>]*>)")
_TAG = re.compile(r'<([a-z][a-z0-9]*)((?:[^<>]*? class="([^"]*)")?)([^<>]*)>')
_STYLE = re.compile(r' style="([^"]*)"')
_SHEET = re.compile(r"<style>(.*?)</style>", re.DOTALL)

# A tag's name and its class, which is empty if it has none.
_Kind = tuple[str, str]


class Styles:
    """What the tags of pages look like by one style sheet.

    Its rules have to be for names of tags (`h2`) and for classes (`.small`), or within a rule for screens: what a tag
    stands in makes no difference.
    """

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self._known: dict[_Kind, str] = {}
        # Most tags stand in every mail as they are.
        self._styled = lru_cache(1024)(self._look)
        # What of the sheet cannot be written into tags.
        self.for_screens = _left(_LIBRARY.inline(_page(sheet, "<p></p>")))

    def into(self, page: str) -> str:
        """The page with a style in each tag to which a rule applies; one that it has already goes before the rules."""
        try:
            return self._written(page)
        except KeyError:
            self._learn(page)
            return self._written(page)

    def _written(self, page: str) -> str:
        parts = _TAGS.split(page)
        parts[1::2] = map(self._styled, parts[1::2])
        return "".join(parts)

    def _learn(self, page: str) -> None:
        """Asks what the tags of a page look like. Those that it has by itself must not count for the others."""
        bare = _SHEET.sub("", _STYLE.sub("", page))
        for name, begin, classes, rest in _TAG.findall(_LIBRARY.inline(_page(self.sheet, bare))):
            style = _STYLE.search(begin + rest)
            self._known[name, classes] = style[1].rstrip("; ") if style else ""
        # Such as stand in a comment for one mail program.
        kinds = {(name, classes) for name, _, classes, _ in _TAG.findall(page)}
        self._known |= dict.fromkeys(kinds - self._known.keys(), "")

    def _look(self, tag: str) -> str:
        """A tag with its style; raises KeyError if it is not known yet."""
        [(name, begin, classes, rest)] = _TAG.findall(tag)
        style = self._known[name, classes]
        if not style:
            return tag
        own = _STYLE.search(begin + rest) if " style=" in tag else None
        if own:
            return tag.replace(own[0], f' style="{style};{own[1]}"')
        return f'<{name}{begin} style="{style}"{rest}>'


def _page(sheet: str, page: str) -> str:
    """A page with a style sheet at its beginning."""
    return f"<style>{sheet}</style>{page}"


def _left(page: str) -> str:
    """The rules that are left in the head of a page."""
    found = _SHEET.search(page)
    return found[1].strip() if found else ""
