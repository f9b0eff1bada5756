"""What is looked at in a row before its values are: whether it counts at all, and what was written beside a name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tracker.intake.convert import LONGEST
from tracker.intake.dates import looks_like_a_date
from tracker.intake.grid import Cells
from tracker.intake.profile import Mark, Profile, Status
from tracker.intake.rows import Kind, Rejected
from tracker.intake.synonyms import NAMES
from tracker.intake.text import is_blank, label, shown, squash
from tracker.intake.vocabulary import IGNORE, Vocabulary

_COMPLETION = frozenset(
    """
    completionstatus completionstate coursestatus learningstatus trainingstatus transcriptstatus attendancestatus
    """.split()
)
_PERHAPS_COMPLETION = frozenset({"status", "result", "outcome", "passfail", "courseresult"})
_COMPLETED = frozenset(
    """
    completed complete completedsuccessfully completedpassed completedpass completelate completedlate passed pass
    successful attended achieved satisfied credited certified
    """.split()
)
_NOT_COMPLETED = frozenset(
    """
    failed fail notpassed didnotpass incomplete notcompleted notcomplete inprogress notattempted notstarted started
    noshow didnotattend notattended absent withdrawn withdrew cancelled canceled enrolled enroled waitlisted
    """.split()
)
_WHO = ("employee_id", "email", *NAMES)
_SHOWN_ROWS = 10


class _Rule(NamedTuple):
    """A column that says whether a row counts; `counts` None: every value but the known words for "no"."""

    at: int
    counts: frozenset[str] | None

    def allows(self, text: str) -> bool:
        """Say whether a row counts that has a text there."""
        return squash(text) not in _NOT_COMPLETED if self.counts is None else squash(text) in self.counts


@dataclass(slots=True)
class Screen:
    """Looks at the rows of one sheet.

    `away` are the rows of people said to be on leave, `bare` those that say nothing but, at most, who somebody is.
    """

    kind: Kind
    labels: list[str]
    positions: dict[str, int]
    rule: _Rule | None = None
    ends: int | None = None
    marks: dict[str, Mark] = field(default_factory=dict)
    leave: tuple[tuple[int, ...], frozenset[str]] = ((), frozenset())
    away: list[int] = field(default_factory=list)
    bare: set[int] = field(default_factory=set)
    refused: int = 0

    def rows(self, rows: Iterator[Cells], first: int, rejected: list[Rejected]) -> Iterator[Cells]:
        """Give the rows, the first of them `first`: blank the ones that do not count, which go to `rejected`."""
        self.away.clear()
        self.bare.clear()
        self.refused = 0
        for number, cells in enumerate(rows, start=first):
            if not self._is_somebody(cells):
                yield cells
                continue
            cleaned, meanings = self._without_marks(cells)
            refused = self._refused(cells, meanings)
            if refused:
                self.refused += 1
                rejected.append(Rejected(number, refused[0], None, refused[1], True))
                yield [""] * len(cells)
                continue
            if "away" in meanings or self._says_away(cells):
                self.away.append(number)
            if self.kind == "cards" and self._says_nothing(cells):
                self.bare.add(number)
            yield cleaned

    def notes(self) -> Iterator[str]:
        """Say by what rows were held to count, and what somebody has to see to."""
        if self.rule and (self.refused or self.rule.counts):
            header = self.labels[self.rule.at]
            yield f'Whether a row counts was read from "{header}"; if it says something else, map it to "{IGNORE}".'
        if self.away:
            listed = ", ".join(map(str, self.away[:_SHOWN_ROWS]))
            more = len(self.away) - _SHOWN_ROWS
            yield (
                f"Said to be on leave, without the days: {'row' if len(self.away) == 1 else 'rows'} {listed}"
                f"{f' and {more} more' if more > 0 else ''}. No absence is recorded; bring it with its days, as in "
                "`tracker template absences`."
            )

    def _is_somebody(self, cells: Cells) -> bool:
        """Say whether a row is about a person, and not the header once more."""
        places = [at for name in _WHO if (at := self.positions.get(name)) is not None]
        said = [(at, label(cells[at])) for at in places if at < len(cells) and not is_blank(cells[at])]
        return bool(said) and not all(text == self.labels[at] for at, text in said)

    def _says_nothing(self, cells: Cells) -> bool:
        places = [at for name, at in self.positions.items() if name not in _WHO]
        if self.rule:
            places.append(self.rule.at)
        return not any(self._text(cells, at) for at in places)

    def _refused(self, cells: Cells, meanings: set[Mark]) -> tuple[str, str] | None:
        """Give the header and the reason, if a row does not count."""
        if self.kind == "roster" and self._has_an_end(cells):
            return None
        if "ended" in meanings:
            header = next(self.labels[self.positions[name]] for name in NAMES if name in self.positions)
            return header, f'"{header}" says that the person has left{self._no_day()}: not taken in.'
        if self.rule is None:
            return None
        header, text = self.labels[self.rule.at], self._text(cells, self.rule.at)
        if self.rule.allows(text):
            return None
        if self.kind == "roster":
            return (header, f"{header} is {text[:40]}{self._no_day()}: not taken in.") if text else None
        if text:
            return header, f"{header} is {text[:40]}: no card."
        return None if self._says_nothing(cells) else (header, f"Nothing stands under {header}: no card.")

    def _has_an_end(self, cells: Cells) -> bool:
        at = self.ends
        return at is not None and bool(self._text(cells, at)) and looks_like_a_date(cells[at])

    def _no_day(self) -> str:
        return f' without a day under "{self.labels[self.ends]}"' if self.ends is not None else " without a day"

    def _says_away(self, cells: Cells) -> bool:
        places, says = self.leave
        return any(squash(self._text(cells, at)) in says for at in places)

    def _without_marks(self, cells: Cells) -> tuple[Cells, set[Mark]]:
        """Take the known marks off the names of a row; give them, too."""
        found: set[Mark] = set()
        cleaned = cells
        for at in [self.positions[name] for name in NAMES if name in self.positions] if self.marks else ():
            text = self._text(cells, at)
            while len(text) <= LONGEST and text.endswith((")", "]")):
                name, bracket = _split_mark(text)
                if not (mark := self.marks.get(squash(bracket))):
                    break
                found.add(mark)
                text = name
                cleaned = [*cleaned[:at], text, *cleaned[at + 1 :]]
        return cleaned, found

    @staticmethod
    def _text(cells: Cells, at: int) -> str:
        return shown(cells[at]).strip() if at < len(cells) else ""


def _split_mark(text: str) -> tuple[str, str]:
    """Split what stands in brackets off the end of a name."""
    at = max(text.rfind("("), text.rfind("["), 0)
    return text[:at].rstrip(), text[at:]


def screen_of(
    profile: Profile | None, kind: Kind, labels: list[str], positions: dict[str, int], said: Vocabulary
) -> Screen | None:
    """Say what is to be looked at in the rows of a sheet; None for nothing. `said` is what a person said of columns."""
    if kind not in ("cards", "roster"):
        return None
    known = {squash(text): at for at, text in enumerate(labels) if text and said.said(text) is None}
    rule = _rule(profile.status if profile else None, kind, known)
    if profile is None:
        return Screen(kind, labels, positions, rule) if rule else None
    leave = tuple(at for key, at in known.items() if key in profile.away)
    return Screen(
        kind, labels, positions, rule, positions.get("ends_on"), dict(profile.marks), (leave, profile.away_says)
    )


def _rule(status: Status | None, kind: Kind, known: dict[str, int]) -> _Rule | None:
    """Find the column that says whether a row counts, and what has to stand in it."""
    if status:
        return next((_Rule(at, status.counts) for key, at in known.items() if key in status.headers), None)
    if kind != "cards":
        return None
    sure = next((_Rule(at, _COMPLETED) for key, at in known.items() if key in _COMPLETION), None)
    return sure or next((_Rule(at, None) for key, at in known.items() if key in _PERHAPS_COMPLETION), None)
