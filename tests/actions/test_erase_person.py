"""An erased person is in no row of the database, of either kind; others are untouched."""

from pathlib import Path

import pytest
from sqlalchemy import select

from actions.soundness import assert_all_right
from actions.ward import AUTHOR, TODAY, card, post, take_in, unnumbered
from tracker.actions.build_compliance import build_compliance
from tracker.actions.build_history import build_history
from tracker.actions.erase_person import erase_person
from tracker.actions.issue_report import Handed, issue_report
from tracker.actions.issued_files import FOLDER
from tracker.actions.kept_files import KeptFiles
from tracker.actions.prove_report import fetch_report, prove_all, prove_report
from tracker.db.change import change
from tracker.db.connect import Database
from tracker.db.meant import called_now
from tracker.db.moments import latest_change
from tracker.db.outbox import Planned, enqueue
from tracker.db.schema import metadata
from tracker.db.tables import bounces, mails, people
from tracker.db.trail import entries
from tracker.domain.errors import NotPossible
from tracker.domain.scope import EVERYONE, OnePerson
from tracker.reports.forms import to_json


def rows_with(database: Database, *words: str) -> list[tuple[str, str]]:
    """In which tables some words stand, in any column, under any case."""
    found = []
    with database.read() as connection:
        for table in metadata.sorted_tables:
            content = " ".join(map(str, connection.execute(select(table)).all())).casefold()
            found += [(table.name, word) for word in words if word.casefold() in content]
    return found


def test_no_row_names_an_erased_person(ward: Database, tmp_path: Path) -> None:
    """Nor an address as others write it, in mails and marks; the manager's mails lose the notice, and stay."""
    take_in(ward, post("77", "ICU", "2020-01-01", name="Zelda Quine", email="Zelda@Site.example"))
    take_in(ward, card("77", "2024-03-10", number="990011223344"))
    with ward.read() as connection:
        (number,) = called_now(connection, "77")
    with change(ward, AUTHOR, "bounce-mark") as made:
        planned = [
            Planned("staff_reminder", "zelda@site.example", str(number), ()),
            Planned("manager_digest", "kim@site.example", "kim@site.example", ()),
        ]
        mail, _ = enqueue(made.connection, TODAY, made.at, planned, "x")
        made.record(bounces, [("ZELDA@site.example", "5.1.1", "unknown", mail, TODAY)])
    words = ("Zelda", "Quine", "990011223344")
    assert {name for name, _ in rows_with(ward, *words)} == {"identities", "directory", "cards", "mails", "bounces"}
    done = erase_person(ward, AUTHOR, KeptFiles(tmp_path), "77", "request 17")
    assert (done.is_overwritten, done.facts) == (True, {"identities": 1, "assignments": 1, "cards": 1, "bounces": 1})
    assert rows_with(ward, *words) == []
    with ward.read() as connection:
        assert_all_right(connection)
        states = dict(connection.execute(select(mails.c.address, mails.c.state)).all())
        ids = set(connection.execute(select(people.c.employee_id)).scalars())
    assert states == {"": "withdrawn", "kim@site.example": "queued"}
    assert ids == {"4512", f"erased person ({number})"}


def newest(database: Database) -> int:
    """The last entry of the trail."""
    with database.read() as connection:
        return latest_change(connection)


def test_issued_reports_that_name_the_person_go(ward: Database, tmp_path: Path) -> None:
    """Their files, not what proves a copy; a report about others stays, and the trail holds."""
    take_in(ward, post("77", "ICU", "2020-01-01", name="Zelda Quine"))
    take_in(ward, post("770", "ICU", "2020-01-01", name="Another"))
    files = KeptFiles(tmp_path)
    issued = files.beside(FOLDER)
    copies = []
    for who in ({"employee_id": "77"}, {"name": "Zelda Quine"}, {"employee_id": "770"}):
        data = to_json(who).encode()
        copies.append(b"a report of " + data)
        handed = Handed("exceptions", "html", TODAY, {}, copies[-1], data, newest(ward))
        issue_report(ward, AUTHOR, issued, unnumbered(handed))
    assert erase_person(ward, AUTHOR, files, "77", "request 17").reports == [1, 2]
    assert len([path for path in issued.folder.rglob("*") if path.is_file()]) == 2
    for copy in copies:
        proof = prove_report(ward, copy)
        assert (len(proof.issues), proof.faults) == (1, [])
    assert fetch_report(ward, AUTHOR, issued, 3)[1] == copies[2]
    with pytest.raises(NotPossible, match="Report 1 is kept no more"):
        fetch_report(ward, AUTHOR, issued, 1)
    assert list(prove_all(ward, issued)) == []


def test_a_report_made_before_an_erasure_is_not_issued_after_it(ward: Database, tmp_path: Path) -> None:
    """It would bring the person back; one that is made afterwards is issued, about whatever instant."""
    take_in(ward, post("77", "ICU", "2020-01-01", name="Zelda Quine"))
    files = KeptFiles(tmp_path)
    with ward.read() as connection:
        at = entries(connection, 1)[0].at
    before = build_history(ward, OnePerson("77"), TODAY, at).heading.newest
    erase_person(ward, AUTHOR, files, "77", "request 17")
    old = Handed("history", "csv", TODAY, {}, b"Zelda Quine", b'"77"', before)
    with pytest.raises(NotPossible, match="Somebody was erased while this report was made"):
        issue_report(ward, AUTHOR, files.beside(FOLDER), unnumbered(old))
    assert [path for path in (tmp_path / FOLDER).rglob("*") if path.is_file()] == []
    new = build_compliance(ward, EVERYONE, TODAY, at).heading.newest
    made = old._replace(data=b"{}", newest=new)
    assert issue_report(ward, AUTHOR, files.beside(FOLDER), unnumbered(made)) == (1, b"Zelda Quine")


def test_a_report_bears_the_number_under_which_it_is_issued(ward: Database, tmp_path: Path) -> None:
    """Another that comes in between takes the number, and it is made again with the next."""
    files, asked = KeptFiles(tmp_path, FOLDER), list[int]()

    def make(number: int) -> Handed:
        content = f"report {number}".encode()
        handed = Handed("compliance", "csv", TODAY, {}, content, b"{}", newest(ward))
        asked.append(number)
        if len(asked) == 1:
            issue_report(ward, AUTHOR, files, unnumbered(handed._replace(content=b"another")))
        return handed

    assert issue_report(ward, AUTHOR, files, make) == (2, b"report 2")
    assert asked == [1, 2]
    assert [fetch_report(ward, AUTHOR, files, number)[1] for number in (1, 2)] == [b"another", b"report 2"]


def test_whose_address_a_manager_has_is_counted(ward: Database, tmp_path: Path) -> None:
    """What others have on record of the address is for a roster to change, and it is said."""
    take_in(ward, post("77", "ED", "2020-01-01", email="boss@site.example"))
    take_in(ward, post("78", "ED", "2020-01-01", manager_email="Boss@site.example"))
    assert erase_person(ward, AUTHOR, KeptFiles(tmp_path), "77", "request 17").answers_for == 1
    assert rows_with(ward, "boss@site.example") == [("assignments", "boss@site.example")]
