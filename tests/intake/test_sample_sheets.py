"""The sample sheets, as wards and offices keep them, against what they hold."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest

from intake.words import WORDING
from sheets.books import BOOKS
from sheets.expected import EXPECTED, Absence, Card, Exemption, Expected, Person, Unit, Verified
from sheets.expected import Rejected as Refused
from tracker.intake.reader import read_file
from tracker.intake.rows import AbsenceRow, CardRow, ExemptionRow, Options, Reading, RosterRow, UnitRow

Row = TypeVar("Row")
SHEETS = Path(__file__).parents[1] / "sheets"
REPEATED = {"cards.csv": {Card("004512", "BLS", "AHA", None, "2027-03")}}
"""Rows about a card of another row; that they are the same card is for others to find."""


@pytest.fixture(params=EXPECTED)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Expected]:
    name: str = request.param
    path = SHEETS / name
    if name in BOOKS:
        path = tmp_path / name
        BOOKS[name](path)
    return path, EXPECTED[name]


def test_a_sample_yields_its_rows_and_no_others(sample: tuple[Path, Expected]) -> None:
    path, expected = sample
    reading = read_file(path, WORDING, _settled(expected))
    rows = [row for table in reading.tables for row in table.rows]
    cards = [row for table in reading.tables for row in table.cards] + _only(CardRow, rows)
    assert sorted(map(_person, _only(RosterRow, rows)), key=str) == sorted(expected.people, key=str)
    assert set(map(_card, cards)) == set(expected.cards) | REPEATED.get(path.name, set())
    assert set(_verified(cards)) == set(expected.verified)
    assert set(map(_absence, _only(AbsenceRow, rows))) == set(expected.absences)
    assert set(map(_exemption, _only(ExemptionRow, rows))) == set(expected.exemptions)
    assert list(map(_unit, _only(UnitRow, rows))) == list(expected.units)


def test_a_sample_is_understood_column_by_column(sample: tuple[Path, Expected]) -> None:
    path, expected = sample
    reading = read_file(path, WORDING, _settled(expected))
    assert {(table.sheet or "", table.kind): table.columns for table in reading.tables} == {
        (table.sheet, table.kind): table.columns for table in expected.tables
    }


def test_a_sample_loses_only_what_is_wrong_and_says_where(sample: tuple[Path, Expected]) -> None:
    path, expected = sample
    reading = read_file(path, WORDING, _settled(expected))
    assert sorted(_refused(reading)) == sorted(expected.rejected)
    assert not reading.questions


def test_a_sample_asks_exactly_what_it_leaves_open_and_keeps_its_rows_back(sample: tuple[Path, Expected]) -> None:
    path, expected = sample
    reading = read_file(path, WORDING, Options())
    assert [question.kind for question in reading.questions] == list(expected.questions)
    if expected.questions:
        assert not any(table.rows or table.cards for table in reading.tables)


def _settled(expected: Expected) -> Options:
    columns: dict[str, str] = {}
    others: dict[str, Any] = {}
    for option, value in zip(expected.settled_by[::2], expected.settled_by[1::2], strict=True):
        if option == "--map":
            header, _, field = value.rpartition("=")
            columns[header] = field
        else:
            others[option.removeprefix("--").replace("-", "_")] = value
    return Options(columns=columns, **others)


def _only(kind: type[Row], rows: Iterable[object]) -> list[Row]:
    return [row for row in rows if isinstance(row, kind)]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _person(row: RosterRow) -> Person:
    return Person(
        row.employee_id,
        row.name or "",
        row.unit or "",
        row.role or "",
        _iso(row.starts_on),
        row.email,
        row.employment_type,
        _iso(row.ends_on),
        row.manager_email,
    )


def _card(row: CardRow) -> Card:
    return Card(row.employee_id, row.type, row.issuer, _iso(row.issued_on), row.stated, row.number)


def _verified(cards: Iterable[CardRow]) -> list[Verified]:
    return [
        Verified(card.employee_id, card.type, card.number or "", card.verified_on.isoformat())
        for card in cards
        if card.verified_on
    ]


def _absence(row: AbsenceRow) -> Absence:
    return Absence(row.employee_id, row.starts_on.isoformat(), _iso(row.until))


def _exemption(row: ExemptionRow) -> Exemption:
    first, last = row.starts_on.isoformat(), row.until.isoformat()
    return Exemption(row.employee_id, row.requirement, first, last, row.reason or "", row.approver or "")


def _unit(row: UnitRow) -> Unit:
    return Unit(row.unit, row.facility, tuple((row.managers or "").split(";")) if row.managers else (), row.director)


def _refused(reading: Reading) -> list[Refused]:
    return [
        Refused(table.sheet or "", entry.row, entry.column or "")
        for table in reading.tables
        for entry in table.rejected
    ]
