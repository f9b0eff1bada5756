"""Whatever real file: the second import changes nothing, and taken back in whatever order it leaves no trace."""

import csv
import io
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.soundness import assert_all_right
from actions.ward import AUTHOR, TODAY, changes_in, facts_of, govern
from conftest import Databases
from tracker.actions.imports.context import Settled
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.run import import_readings
from tracker.actions.imports.undo import undo_import
from tracker.db.connect import Database
from tracker.domain.errors import BadInput
from tracker.domain.scope import EVERYONE
from tracker.intake.reader import read_file
from tracker.intake.rows import Options, Wording

WORDING = Wording({"BLS": "BLS", "ACLS": "ACLS"})
# So often is a question answered; more come only from answers.
MOST_QUESTIONS = 8

PEOPLE = st.sampled_from(["004512", "4512", "E-3", "12E05", "", "n/a"])
NAMES = st.sampled_from(
    [
        "Łukasz Żółć",
        "山田 花子",
        "O'Brien, Brian",
        "Ottilie von der Leyen",
        "محمد الخليفة",
        "Zoë 🌻",
        "=1+1",
        "x" * 300,
        "",
    ]
)
MAIL = st.sampled_from(["ann@site.example", "icu@site.example", "", "no address"])
PLACES = st.sampled_from(["ICU", "icu ", "ED", "-ward", ""])
DAYS = st.sampled_from(
    [
        "2025-01-10",
        "13/02/2025",
        "10 Feb 2025",
        "2026-06",
        "n/a",
        "enrolled 1/9/26",
        "",
        "TBD",
        "2031-01-01",
        "31.12.2025",
    ]
)
ENDS = st.sampled_from(["2026-12-31", "31/12/2026", "", "n/a", "2024-01-01"])
NUMBERS = st.sampled_from(["", "265501234567", "2.65502E+11", "77", "A-1"])

COLUMNS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "roster": {
        "Employee ID": PEOPLE,
        "Name": NAMES,
        "Email": MAIL,
        "Unit": PLACES,
        "Role": st.sampled_from(["RN", "Registered Nurse", "MD", ""]),
        "Start Date": DAYS,
        "End Date": ENDS,
    },
    "wide": {
        "Emp #": PEOPLE,
        "Name": NAMES,
        "Dept": PLACES,
        "BLS Exp": ENDS,
        "ACLS issue date": DAYS,
        "ACLS card #": NUMBERS,
    },
    "nameless": {"Name": NAMES, "E-mail": MAIL, "BLS Exp": ENDS},
    "cards": {
        "employee_id": PEOPLE,
        "type": st.sampled_from(["BLS", "ACLS", "bls", "ATLS", ""]),
        "issuer": st.sampled_from(["AHA", "", "Acme"]),
        "issued_on": DAYS,
        "expires_on": ENDS,
        "number": NUMBERS,
        "verified_on": st.sampled_from(["", "2025-05-01"]),
    },
    "absences": {"employee_id": PEOPLE, "from": DAYS, "until": ENDS},
    "exemptions": {
        "employee_id": PEOPLE,
        "requirement": st.sampled_from(["bls", "acls", "unheard-of"]),
        "from": DAYS,
        "until": ENDS,
        "reason": NAMES,
        "approver": NAMES,
    },
    "units": {"unit": PLACES, "facility": NAMES, "managers": MAIL, "director": MAIL},
}  # fmt: skip


class Sheet(NamedTuple):
    """A file as somebody keeps it: in a form, a header, and rows."""

    form: str
    header: list[str]
    rows: list[list[str]]


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A file of any kind, some columns left out, in any of a few forms."""
    columns = COLUMNS[draw(st.sampled_from(sorted(COLUMNS)))]
    left_out = draw(st.sets(st.sampled_from(sorted(columns)), max_size=2))
    header = [name for name in columns if name not in left_out] or [*columns]
    rows = draw(st.lists(st.tuples(*(columns[name] for name in header)).map(list), min_size=1, max_size=6))
    return Sheet(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "xlsx"])), header, rows)


def written(folder: Path, number: int, sheet: Sheet) -> Path:
    """The file itself."""
    if sheet.form == "xlsx":
        path = folder / f"{number}.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
            page = book.add_worksheet()
            for at, row in enumerate([sheet.header, *sheet.rows]):
                page.write_row(at, 0, row)
        return path
    path = folder / f"{number}.csv"
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";" if sheet.form == "utf-16" else ",").writerows([sheet.header, *sheet.rows])
    path.write_bytes(text.getvalue().encode(sheet.form))
    return path


def take(database: Database, path: Path) -> ImportResult | None:
    """Imports a file, each question answered with its last choice; None if nothing of it can be used."""
    answers: dict[str, str] = {}
    result: ImportResult | None = None
    for _ in range(MOST_QUESTIONS):
        try:
            reading = read_file(path, WORDING, Options(answers=answers))
            result = import_readings(
                database, EVERYONE, AUTHOR, [reading], Settled(answers=answers), TODAY, dry_run=False
            )
        except BadInput:
            return None
        asked = {question.id: question.choices[-1] for _, question in result.questions}
        if not asked or asked.keys() <= answers.keys():
            break
        answers |= asked
    return result


def check(database: Database, folder: Path, files: list[Sheet], order: list[int]) -> None:
    """Each file twice, then all of it taken back as far as nothing builds on it."""
    begun = facts_of(database)
    batches: list[int] = []
    for number, sheet in enumerate(files):
        path = written(folder, number, sheet)
        result = take(database, path)
        held, made = facts_of(database), changes_in(database)
        if result is not None and result.batch is not None:
            batches.append(result.batch)
        again = take(database, path)
        assert (facts_of(database), changes_in(database)) == (held, made)
        assert again is None or again.batch is None
    for place in order:
        _undo(database, batches, place % max(1, len(batches)))
    while batches:
        assert _undo(database, batches, len(batches) - 1)
    assert facts_of(database) == begun
    with database.read() as connection:
        assert_all_right(connection)


def _undo(database: Database, batches: list[int], place: int) -> bool:
    """Takes one import back, unless something later builds on it."""
    if not batches:
        return True
    try:
        undo_import(database, EVERYONE, AUTHOR, batches[place], TODAY)
    except BadInput:
        return False
    batches.pop(place)
    return True


def test_any_file_twice_and_taken_back(databases: Databases, tmp_path: Path) -> None:
    """Files of every kind and form, with cells that are wrong, missing or ask something."""

    @settings(max_examples=30)
    @given(files=st.lists(sheets(), min_size=1, max_size=4), order=st.lists(st.integers(0, 9), max_size=2))
    def play(files: list[Sheet], order: list[int]) -> None:
        try:
            check(govern(databases.new()), tmp_path, files, order)
        finally:
            databases.drop()

    play()
