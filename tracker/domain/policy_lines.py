"""Where in a policy's text a problem stands, so that whoever wrote it finds the line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEADER = re.compile(r"\s*\[(\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*(?:"([^"]+)"|([A-Za-z0-9_-]+))\s*=\s*(?:"([^"]*)")?""")
# As the reader of TOML says it, and as the rules of a policy do: `requirements[acls].any_of: ...`.
_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_PLACE = re.compile(r"(?P<table>[a-z_]+)(?:\[(?P<which>.*?)\](?=[.:]))?(?:\.(?P<key>[^:]+))?:")


@dataclass
class _Section:
    """A table of the text: its heading, its number among those of that name, its line, and the lines of its keys."""

    name: str
    number: int
    line: int
    id: str = ""
    keys: dict[str, int] = field(default_factory=dict)


def line_of(text: str, problem: str) -> int | None:
    """The line that a problem of `read_policy` is about; None where that cannot be said."""
    if said := _LINE.search(problem):
        return int(said[1])
    place = _PLACE.match(problem)
    if place is None:
        return None
    table, which, key = place["table"], place["which"], place["key"]
    found = list(_sections(text))
    if which is None and key is None and table in found[0].keys:
        return found[0].keys[table]
    if which is None and table == "types" and key:
        kind, _, key = key.partition(".")
        table = f"types.{kind}"
    fitting = [one for one in found if one.name == table and (which is None or which in (one.id, str(one.number)))]
    return next((one.keys.get(key or "", one.line) for one in fitting), None)


def _sections(text: str) -> Iterator[_Section]:
    """The tables in order, first what stands above all of them."""
    counts: dict[str, int] = {}
    section = _Section("", 1, 1)
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            yield section
            name = header[2].replace('"', "")
            counts[name] = counts.get(name, 0) + 1
            section = _Section(name, counts[name], number)
        elif key := _KEY.match(line):
            name = key[1] or key[2]
            section.keys.setdefault(name, number)
            if name == "id":
                section.id = key[3] or ""
    yield section
