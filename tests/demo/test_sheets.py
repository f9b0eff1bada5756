"""The made-up hospital's files through the real import: what is asked, what comes back, and where people then stand."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cli.forks import Forks
from cli.program import Done, Program
from tracker.demo.sheets import ANSWERS, POLICY, Written, policy_text, write
from tracker.domain.policy_text import read_policy
from tracker.domain.standing import COUNTED, OUT_OF_COMPLIANCE, Standing

DAY = date(2026, 11, 22)
# A leap day, the first day of a year, the end of a month after a longer one; few people, as each import takes a while.
SITES = [(DAY, 400), (date(2028, 2, 29), 24), (date(2027, 1, 1), 24), (date(2026, 4, 30), 24)]

# Every row or cell that is bad on purpose: its file, its sheet, the field, and words of the reason.
BAD = {
    ("personnel_export.txt", None, "starts_on", "no day of the calendar"),
    ("ICU_ED_certifications.xlsx", "ICU", "BLS.expires_on", "no month of the calendar"),
    ("ICU_ED_certifications.xlsx", "ICU", "employee_id", "Nothing stands under"),
    ("ICU_ED_certifications.xlsx", "ED", "ACLS.expires_on", "is no date"),
    ("womens_childrens_due_dates.xlsx", "Staff", "BLS.expires_on", "is no date"),
    ("education_cards.csv", None, "ACLS.issued_on", "lies in the future"),
    ("education_cards.csv", None, "employee_id", "Nobody with the employee id"),
    ("education_cards.csv", None, "expires_on", "before it was issued"),
    ("exemptions.csv", None, "requirement", "no requirement 'ACLS'"),
}


TakeIn = Callable[[date, int], tuple["Site", Done]]


@dataclass(frozen=True)
class Site:
    """A data folder with the policy in force, and the files of a hospital beside it."""

    program: Program
    today: date
    files: list[Written]
    # What was asked before: nothing changes any more once the files are in.
    told: dict[date, list[dict[str, Any]]] = field(default_factory=dict)

    def take_in(self, *words: str | Path, answers: Path | None = None) -> Done:
        """Imports all files in one go."""
        paths = [written.path for written in self.files]
        return self.program("import", *paths, "--answers", answers or self.folder / ANSWERS, "--format", "json", *words)

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self.files[0].path.parent

    def status(self, day: date | None = None) -> list[dict[str, Any]]:
        """Everybody's standings on a day, today if not said."""
        asked = day or self.today
        if asked not in self.told:
            self.told[asked] = self.program.ok("status", "--as-of", f"{asked}", "--format", "json").json
        return self.told[asked]


def set_up(home: Path, forks: Forks, today: date, people: int) -> Site:
    """A hospital before the import."""
    program = Program(home, forks)
    program.environment["TRACKER_TODAY"] = f"{today}"
    files = write(home / "files", today, people)
    program.ok("policy", "apply", home / "files" / POLICY)
    return Site(program, today, files)


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """The process whose forks are the commands."""
    found = Forks()
    yield found
    found.close()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Site:
    """A small hospital of which nothing was imported yet, only to be tried on."""
    return set_up(tmp_path_factory.mktemp("untouched"), forks, DAY, 24)


@pytest.fixture(scope="module")
def take_in(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> TakeIn:
    """Gives a hospital after the import, and what that said; each is imported once."""

    @cache
    def made(today: date, people: int) -> tuple[Site, Done]:
        site = set_up(tmp_path_factory.mktemp("imported"), forks, today, people)
        return site, site.take_in()

    return made


@pytest.fixture(scope="module", params=SITES, ids=lambda each: f"{each[0]}-{each[1]}")
def imported(request: pytest.FixtureRequest, take_in: TakeIn) -> tuple[Site, Done]:
    """A hospital after the import, and what that said."""
    return take_in(*request.param)


@pytest.fixture
def site(imported: tuple[Site, Done]) -> Site:
    """A hospital after the import."""
    return imported[0]


def by_person(rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], str]:
    """The standing of each person in each unit with each requirement."""
    return {(row["employee_id"], row["unit"], row["requirement"]): row["standing"] for row in rows}


def test_every_standing_is_there_on_the_day(site: Site) -> None:
    """All but `not_recorded`, which is there on the day before the records begin."""
    assert {row["standing"] for row in site.status()} == set(Standing) - {Standing.NOT_RECORDED}
    records_from = read_policy(policy_text(site.today)).records_from
    assert records_from
    assert Standing.NOT_RECORDED in {row["standing"] for row in site.status(records_from - timedelta(days=1))}


def test_most_are_current(take_in: TakeIn) -> None:
    """Of many people about nine in ten, today and half a year ago: neither a ruin nor an advertisement."""
    site, _ = take_in(DAY, 400)
    for day, least, most in ((site.today, 0.88, 0.93), (site.today - timedelta(days=180), 0.9, 0.97)):
        counts = Counter(Standing(row["standing"]) for row in site.status(day))
        assert least <= counts[Standing.CURRENT] / sum(counts[each] for each in COUNTED) <= most


def test_cards_end_soon_and_later(site: Site) -> None:
    """Within each step of the reminders' ladder something ends."""
    left = [row["days_left"] for row in site.status() if row["standing"] == "current" and row["until"]]
    for first, last in ((0, 7), (8, 14), (15, 30), (31, 60), (61, 90)):
        assert any(first <= days <= last for days in left), (first, last)


def test_one_card_takes_two_others_with_it_within_the_week(site: Site) -> None:
    """Current on the day with BLS, ACLS and PALS; a week later BLS has ended, and the other two fail with it."""
    now, then = by_person(site.status()), by_person(site.status(site.today + timedelta(days=7)))
    lapsing = {key for key, standing in then.items() if standing != "current" == now.get(key)}
    assert {("001204", "ED", name) for name in ("bls", "acute-acls", "pals")} <= lapsing
    assert then["001204", "ED", "acute-acls"] == "prerequisite_gap"
    assert any(then[key] in OUT_OF_COMPLIANCE for key in lapsing if key[0] != "001204")


def test_a_handful_match_no_requirement(site: Site, imported: tuple[Site, Done]) -> None:
    """Those of one unit, whose titles the policy does not know."""
    unmatched = imported[1].json["unmatched"]
    assert 1 <= len(unmatched) <= 12
    assert not set(unmatched) & {row["employee_id"] for row in site.status()}


def test_exactly_the_bad_rows_come_back(imported: tuple[Site, Done]) -> None:
    """One of each kind of mistake, each in a copy of its file; the rest is in, and nothing is left to ask."""
    site, done = imported
    assert (done.code, done.json["questions"], done.json["refused"]) == (1, [], [])
    rejected = [row for row in done.json["rows"] if row["outcome"] == "rejected"]
    assert len(rejected) == len(BAD)
    for file, sheet, column, words in BAD:
        found = [row for row in rejected if (row["file"], row["sheet"], row["field"]) == (file, sheet, column)]
        assert [words in row["reason"] for row in found] == [True], (file, sheet, column)
    copies = {re.sub(r"\.rejected\d*", "", path.name) for path in (site.program.data / "rejects").iterdir()}
    assert copies == {file for file, *_ in BAD}


def test_odd_cards_are_in_and_told(imported: tuple[Site, Done]) -> None:
    """A number that is none of the issuer's, and an issuer whose cards are not taken."""
    told = " ".join(row["reason"] for row in imported[1].json["rows"])
    assert "does not look like one of AHA's" in told
    assert "does not accept cards from ONLINE" in told


def test_one_person_moved_and_one_works_in_two_units(site: Site) -> None:
    """As the answers say."""
    units: dict[str, set[str]] = {}
    for row in site.status():
        units.setdefault(row["employee_id"], set()).add(row["unit"])
    answers = tomllib.loads((site.folder / ANSWERS).read_text("utf-8"))
    for question, answer in answers.items():
        if question.startswith("other_unit:"):
            assert units[question.split(":")[1]] == ({"ICU"} if answer == "moved" else {"PACU", "ED"})


def test_the_same_files_twice_change_nothing(site: Site) -> None:
    """The database is as before, to the byte of its statements."""
    before = site.program.content()
    found = site.take_in().json
    assert found["batch"] is None
    assert [found[name] for name in ("new", "changed", "moved", "leaving")] == [0, 0, 0, 0]
    assert site.program.content() == before


def test_without_answers_the_import_stops(untouched: Site) -> None:
    """Exit 2, and both files with a question about their headers or dates are named."""
    done = untouched.program("import", *(each.path for each in untouched.files), "--dry-run", "--format", "json")
    assert done.code == 2
    assert {(each["file"], each["id"]) for each in done.json["questions"]} == {
        ("personnel_export.txt", "field:starts_on"),
        ("womens_childrens_due_dates.xlsx", "column:NRP"),
        ("womens_childrens_due_dates.xlsx", "date-order"),
    }


def test_every_answer_is_needed(untouched: Site, tmp_path: Path) -> None:
    """Without any one of them the import asks just that and stops; but for the one that only a second import asks."""
    lines = [line for line in (untouched.folder / ANSWERS).read_text("utf-8").splitlines() if line[0] == '"']
    asked = {}
    for left_out in lines:
        fewer = tmp_path / "fewer.toml"
        fewer.write_text("\n".join(line for line in lines if line != left_out), "utf-8")
        done = untouched.take_in("--dry-run", answers=fewer)
        asked[left_out] = [f'"{each["id"]}"' for each in done.json["questions"]]
        assert done.code == (2 if asked[left_out] else 1)
    silent = [line for line, ids in asked.items() if not ids]
    assert [ids for ids in asked.values() if ids] == [[line.split(" = ")[0]] for line in lines if line not in silent]
    assert [line.split(":")[0::2] for line in silent] == [['"ended', 'Telemetry" = "ended"']]


def test_one_file_after_another_comes_to_the_same(tmp_path: Path, forks: Forks) -> None:
    """In the order in which they are given, each with the same answers."""
    told = []
    for name in ("at once", "in turn"):
        (tmp_path / name).mkdir()
        site = set_up(tmp_path / name, forks, DAY, 24)
        if name == "at once":
            site.take_in()
        else:
            for written in site.files:
                assert site.program("import", written.path, "--answers", site.folder / ANSWERS).code in (0, 1)
        told.append([{key: row[key] for key in row if key not in ("cards", "why")} for row in site.status()])
    assert told[0] == told[1]


def test_the_files_are_unlike_each_other(untouched: Site) -> None:
    """Two encodings beside UTF-8, three delimiters, two workbooks; each described in a sentence."""
    starts = {each.path.name: each.path.read_bytes()[:400] for each in untouched.files}
    assert starts["personnel_export.txt"].decode("utf-16").count("\t") > 10
    assert "Søren".encode("cp1252") in starts["exemptions.csv"]
    assert b";until;" in starts["exemptions.csv"]
    assert starts["education_cards.csv"].startswith(b"\xef\xbb\xbfemployee_id,certification,")
    assert sum(start.startswith(b"PK") for start in starts.values()) == 2
    assert all(each.about.endswith(".") and len(each.about) > 40 for each in untouched.files)


def test_every_name_arrives_as_it_was_written(site: Site) -> None:
    """In whatever script."""
    names = {row["name"] for row in site.status(site.today)}
    assert {"Wróblicka, Żaneta", "O'Fennimore, Siobhán", "山田, 花子", "Παπαλιόφυλλος, Οδυσσέας"} <= names
