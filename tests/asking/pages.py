"""Reads a report's page as a person would: its tables, its text, and whatever it would fetch or run."""

from html.parser import HTMLParser

VOID = {"col", "meta", "br", "link", "img", "hr", "input"}
Table = list[list[str]]


class Page(HTMLParser):
    """A page taken apart. Invariant: whatever opens closes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.headings: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Something opens."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag in ("h1", "h2", "h3"):
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        """Something closes."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text, within whatever is open."""
        if "style" in self._open:
            return
        self.text += data
        if {"td", "th"} & set(self._open):
            self.tables[-1][-1][-1] += data
        elif {"h1", "h2", "h3"} & set(self._open):
            self.headings[-1] += data


def counts(table: Table) -> dict[str, dict[str, str]]:
    """The rows of a table of counts by their first cell, each by the words over the columns."""
    groups, columns, *rows = table
    header = [groups[0], *columns, "rate", "target"]
    # A row of one cell are words that belong to the row above.
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows if len(row) > 1}


def people(table: Table) -> list[list[str]]:
    """The rows of a table of people: the facts and, in the row below, the why."""
    return [[*facts, *why] for facts, why in zip(table[1::2], table[2::2], strict=True)]
