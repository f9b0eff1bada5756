"""Everything that a header may mean here: common names, this site's types, what a person said."""

from collections.abc import Mapping
from copy import copy

from tracker.domain.errors import BadInput
from tracker.intake.closeness import nearly_known
from tracker.intake.rows import Kind, Options, Wording
from tracker.intake.synonyms import FIELDS, NAME_PARTS, SAID, STRONG, known_headers, meanings
from tracker.intake.text import is_sensitive, keys
from tracker.intake.wide import PARTS, WideNames

IGNORE = "ignore"
"""What a person says of a column that must not be read."""

Meaning = tuple[str, int]
"""A field, and how surely."""


class Vocabulary:
    """Looks headers up.

    Args:
        wording: what the site calls its types of card.
        options: what a person said of single columns.

    Raises:
        BadInput: a column is mapped to a field that does not exist, or must never be read.
    """

    def __init__(self, wording: Wording, options: Options) -> None:
        self.wide = WideNames(wording)
        self.wording = wording
        self._here: Mapping[tuple[str, Kind], Meaning] = {}
        answered = {
            key.removeprefix("column:"): field for key, field in options.answers.items() if key.startswith("column:")
        }
        self._headers = {_plain(header): header for header in options.columns}
        self._said = {
            _plain(header): self._field_said(header, field) for header, field in (answered | options.columns).items()
        }

    def knows(self, label: str) -> bool:
        """Say whether a header means something in any kind of sheet."""
        if is_sensitive(label):
            return False
        return (
            any(key in known_headers() for key in keys(label))
            or self.wide.field(label) is not None
            or _plain(label) in self._said
        )

    def nearly_knows(self, label: str) -> bool:
        """Say whether a header is known, or close to one that is."""
        return self.knows(label) or nearly_known(label) or bool(self.wide.near_fields(label))

    def here(self, more: Mapping[tuple[str, Kind], Meaning]) -> "Vocabulary":
        """Give the vocabulary of one sheet, in which headers that mean nothing elsewhere mean these fields."""
        found = copy(self)
        found._here = more
        return found

    def meaning(self, label: str, kind: Kind) -> Meaning | None:
        """Give the field that a header means in a kind of sheet, and how surely."""
        if is_sensitive(label):
            return None
        said = self.said(label)
        if said is not None:
            return (said, SAID) if belongs(said, kind) else None
        if (label, kind) in self._here:
            return self._here[label, kind]
        known = meanings(kind)
        found = next((known[key] for key in keys(label) if key in known), None)
        if found is None and kind == "roster" and (field := self.wide.field(label)):
            return field, STRONG
        return found

    def said(self, label: str) -> str | None:
        """Give the field (or `ignore`) that a person named for a column."""
        return self._said.get(_plain(label))

    def knowing(self, fields: Mapping[str, str], labels: list[str]) -> "Vocabulary":
        """Give one that knows the fields of some headers of a sheet, too, unless a person said something else."""
        said = {self.said(label) for label in labels if label}
        other = copy(self)
        other._said = {
            _plain(header): IGNORE if field in said else field for header, field in fields.items()
        } | self._said
        return other

    def unused(self, labels: set[str]) -> list[str]:
        """List the headers that a person mapped and that no sheet has."""
        present = {_plain(label) for label in labels}
        return [header for key, header in self._headers.items() if key not in present]

    def _field_said(self, header: str, field: str) -> str:
        if is_sensitive(header) and field != IGNORE:
            raise BadInput(
                f'Column "{header}" looks like a birth date, a national number or a password, '
                "which are never read: leave it out of --map."
            )
        part = field.rpartition(".")
        wide = part[2] in PARTS and self.wide.type_named(part[0])
        if wide:
            return f"{wide}.{part[2]}"
        if field.casefold() in _known_fields():
            return field.casefold()
        raise BadInput(
            f'There is no field "{field}" to map "{header}" to: use one of '
            f"{', '.join(sorted(_known_fields()))}, or TYPE.expires_on, TYPE.issued_on, "
            "TYPE.number, TYPE.issuer with a type of the policy."
        )


def belongs(field: str, kind: Kind) -> bool:
    """Say whether sheets of a kind have a field."""
    if kind == "roster" and ("." in field or field in NAME_PARTS):
        return True
    return field in FIELDS[kind] or field == IGNORE


def is_field(name: str) -> bool:
    """Say whether a field is one of some kind of sheet."""
    return name in _known_fields()


def _known_fields() -> set[str]:
    return {IGNORE, *NAME_PARTS, *(field for fields in FIELDS.values() for field in fields)}


def _plain(header: str) -> str:
    """Compare headers without regard to case and blanks."""
    return " ".join(header.split()).casefold()
