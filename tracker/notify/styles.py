"""Writes a style sheet into the tags of a page, because many mail programs read it nowhere else.

Rules for tags by their names and for classes go into the tags; any others, such as those for phones and dark screens,
stay a style sheet. The tests hold this against css_inline.
"""

import re
from typing import NamedTuple

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Selectors and what they ask for; within a rule for screens there are rules.
_RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_NAME_OR_CLASS = re.compile(r"\.?[A-Za-z][\w-]*")
# A tag: its name, what stands before its class and that, and the rest. Data in it is escaped, so it holds no `>`.
_TAG = re.compile(r'<([a-z][a-z0-9]*)((?:[^<>]*? class="([^"]*)")?)([^<>]*)>')
_OWN_STYLE = re.compile(r' style="([^"]*)"')


class _Rule(NamedTuple):
    """What tags of some names or classes (`.small`) are to look like: properties and their values."""

    selectors: frozenset[str]
    asks: dict[str, str]


class Styles:
    """A style sheet. `for_screens` is what of it cannot be written into tags."""

    def __init__(self, sheet: str) -> None:
        self._rules: list[_Rule] = []
        # Of the few kinds of tags that there are.
        self._known: dict[tuple[str, str | None], str] = {}
        others = []
        for selectors, body in _RULE.findall(_COMMENT.sub("", sheet)):
            names = [each.strip() for each in selectors.split(",")]
            if all(map(_NAME_OR_CLASS.fullmatch, names)):
                self._rules.append(_Rule(frozenset(names), dict(_declared(body))))
            else:
                others.append(f"{selectors.strip()} {{{body}}}")
        self.for_screens = "\n".join(others)

    def into(self, page: str) -> str:
        """The page with a style in each tag to which a rule applies; one that it has already goes before the rules."""
        return _TAG.sub(self._styled, page)

    def _styled(self, tag: re.Match[str]) -> str:
        name, begin, classes, rest = tag.groups()
        style = self._known.get((name, classes))
        if style is None:
            style = self._known[name, classes] = self._of(name, classes)
        if not style:
            return tag[0]
        own = _OWN_STYLE.search(begin + rest) if " style=" in tag[0] else None
        if own:
            return tag[0].replace(own[0], f' style="{style};{own[1]}"')
        return f'<{name}{begin} style="{style}"{rest}>'

    def _of(self, name: str, classes: str | None) -> str:
        """A rule for a class goes before one for a name, then a later one before an earlier one."""
        named = [rule for rule in self._rules if name in rule.selectors]
        wanted = {f".{each}" for each in (classes or "").split()}
        asked: dict[str, str] = {}
        for rule in (*named, *(rule for rule in self._rules if wanted & rule.selectors)):
            for key, value in rule.asks.items():
                # To the end: it also goes before what `border` says of all sides.
                asked.pop(key, None)
                asked[key] = value
        return ";".join(f"{key}: {value}" for key, value in asked.items())


def _declared(body: str) -> list[tuple[str, str]]:
    pairs = (each.partition(":") for each in body.split(";") if each.strip())
    return [(key.strip(), value.strip().replace('"', "'")) for key, _, value in pairs]
