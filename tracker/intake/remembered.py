"""Columns that were confirmed before: files with the same headers are read by what was said of them then."""

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from tracker.domain.errors import BadInput
from tracker.intake.grid import Cells, Sheet
from tracker.intake.header import SEARCHED_ROWS, find_header, header_score
from tracker.intake.kinds import said_kind
from tracker.intake.layout import Layout
from tracker.intake.rows import Options, Remembered, Wording
from tracker.intake.text import is_sensitive, label, quoted, squash, words
from tracker.intake.vocabulary import IGNORE, Vocabulary

_SHOWN = 8
_REASONS = ("reason", "rejectedbecause")  # what copies of rejected rows have in their last column
_COUNTED = re.compile(r" \(\d+\)$")  # how headers of the same words are told apart


class Terms(NamedTuple):
    """By what one sheet is read: what headers mean, what is settled, and what of it was remembered."""

    vocabulary: Vocabulary
    options: Options
    recalled: Remembered | None


class Memory:
    """Knows which sheets are read by what was remembered.

    Raises:
        BadInput: a column is mapped to a field that does not exist, or must never be read.
    """

    def __init__(self, wording: Wording, options: Options) -> None:
        self._wording = wording
        self._usual = Terms(Vocabulary(wording, options), options, None)
        self._wanted = [(mapping, _words_of(mapping)) for mapping in options.remembered]

    @property
    def usual(self) -> Terms:
        """The terms of a sheet of which nothing is remembered."""
        return self._usual

    def terms_of(self, sheet: Sheet) -> Terms:
        """Give the terms of a sheet."""
        return self.terms(sheet.name, [*islice(sheet.rows(), SEARCHED_ROWS)]) if self._wanted else self._usual

    def terms(self, name: str | None, top: Sequence[Cells]) -> Terms:
        """Give the terms of a sheet that begins with these rows."""
        if self._wanted:
            top = top[:SEARCHED_ROWS]
            there = {word for cells in top for cell in cells for word in words(label(cell))}
            for mapping, wanted in self._wanted:
                found = self._recalled(name, top, mapping) if wanted <= there else None
                if found:
                    return found
        return self._usual

    def score(self, top: Sequence[Cells]) -> int:
        """Weigh the recognised fields in the header of a sheet that begins with these rows."""
        return header_score(self.terms(None, top).vocabulary, top)

    def _recalled(self, name: str | None, top: Sequence[Cells], mapping: Remembered) -> Terms | None:
        options = _with(mapping, name, self._usual.options)
        if options is None:
            return None
        try:
            vocabulary = Vocabulary(self._wording, options)
        except BadInput:
            return None  # the policy has lost a type since
        header = find_header(vocabulary, top)
        if header is None or mapping.headers not in (headers_key(header.labels), _without_reasons(header.labels)):
            return None
        return Terms(vocabulary, options, mapping)


def headers_key(labels: Sequence[str]) -> str:
    """Give the digest by which headers are known again, whatever their case, blanks and signs."""
    squashed = [squash(text) for text in labels]
    while squashed and not squashed[-1]:
        squashed.pop()
    return sha256("\n".join(squashed).encode()).hexdigest()


def _without_reasons(labels: Sequence[str]) -> str | None:
    """The digest of the file of which this is a copy of rejected rows, with the reasons in a last column."""
    named = [text for text in labels if text]
    if not named or squash(named[-1]) not in _REASONS:
        return None
    return headers_key([*labels[: max(at for at, text in enumerate(labels) if text)]])


def to_remember(layout: Layout, options: Options) -> Remembered | None:
    """Give what a person settled of a sheet's columns or kind by these options; None if that is nothing.

    Headers that were not understood are not kept, unless somebody said to ignore them; nor are sensitive ones, which
    are never read, whatever is said of them.
    """
    labels = [text for text in layout.header.labels if text]
    said = {squash(header): field for header, field in _said(options).items()}
    if layout.kind is None or not (said_kind(layout.sheet.name, options) or {*map(squash, labels)} & said.keys()):
        return None
    left_out = [text for text in layout.ignored if said.get(squash(text), "").casefold() == IGNORE]
    fields = layout.understood | dict.fromkeys(left_out, IGNORE)
    kept = {text: fields[text] for text in labels if text in fields and not is_sensitive(text)}
    return Remembered(headers_key(layout.header.labels), layout.kind, kept)


def told(layout: Layout, mapping: Remembered) -> str:
    """Say that a sheet was read by what was remembered."""
    of = f" of sheet {quoted(layout.sheet.name)}" if layout.sheet.name else ""
    pairs = [f"{header} → {field}" for header, field in layout.understood.items() if header != field]
    more = f" and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
    listed = f": {', '.join(pairs[:_SHOWN])}{more}" if pairs else ""
    return f"Columns{of} as confirmed on {mapping.confirmed_on}{listed}."


def _said(options: Options) -> dict[str, str]:
    """What was said of single columns on the command line and in answers: header → field."""
    said = {}
    for question, answer in options.answers.items():
        kind, _, rest = question.partition(":")
        if kind == "column":
            said[rest] = answer
        elif kind == "field":
            said[answer.strip()] = rest
    return said | options.columns


def _with(mapping: Remembered, name: str | None, options: Options) -> Options | None:
    """Add what was remembered to what was said, which goes before it; None if it is of another kind."""
    if said_kind(name, options) not in (None, mapping.kind):
        return None
    said = _said(options)
    headers = {*map(squash, said)}
    fields = {field.casefold() for field in said.values()} - {IGNORE}
    left = {
        header: field
        for header, field in mapping.fields.items()
        if squash(header) not in headers and field.casefold() not in fields
    }
    return replace(options, kind=mapping.kind, columns=left | options.columns)


def _words_of(mapping: Remembered) -> set[str]:
    """The words of its headers: a sheet that lacks one of them is another."""
    return {word for header in mapping.fields for word in words(_COUNTED.sub("", header))}
