"""A former employee id in a file never makes a new person by itself: it is asked whose it is now."""

from typing import Any

import pytest

from actions.soundness import assert_all_right
from actions.ward import (
    AUTHOR,
    TODAY,
    asked,
    away,
    card,
    changes_in,
    facts_of,
    post,
    posts_of,
    staff,
    table,
    take_files,
    take_in,
)
from actions.ward import file as one_file
from tracker.actions.change_person import Told, merge_people, rename_person, undo_person_change
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.undo import undo_import
from tracker.db.connect import Database
from tracker.db.known import known_people
from tracker.domain.errors import BadInput
from tracker.domain.scope import EVERYONE

SAME, NEW = {"former:4512": "same"}, {"former:4512": "new"}


@pytest.fixture(params=["renamed", "merged"])
def changed(ward: Database, request: pytest.FixtureRequest) -> tuple[Database, Told]:
    """4512 is 77 now."""
    if request.param == "renamed":
        return ward, rename_person(ward, AUTHOR, "4512", "77", "new payroll")
    take_in(ward, post("77", "ICU", "2025-03-01"))
    return ward, merge_people(ward, AUTHOR, "4512", "77", "rehired", TODAY)


def twice(database: Database, *rows: Any, **settled: Any) -> ImportResult:
    """Imports a file twice: the second time nothing happens and nothing more is asked."""
    result = take_in(database, *rows, **settled)
    facts, last = facts_of(database), changes_in(database)
    again = take_in(database, *rows, **settled)
    assert (facts_of(database), changes_in(database)) == (facts, last)
    assert (asked(again), again.refused) == (asked(result), result.refused)
    with database.read() as connection:
        assert_all_right(connection)
    return result


def number_of(database: Database, employee_id: str) -> Any:
    """The number of the row that has an employee id."""
    with database.read() as connection:
        return known_people(connection, [employee_id], "UTC").numbers[employee_id]


@pytest.mark.parametrize(
    "row", [post("4512", "ICU", "2025-01-01"), card("4512", "2025-02-03"), away("4512", "2025-02-03")]
)
def test_a_former_id_is_asked_about(changed: tuple[Database, Told], row: Any) -> None:
    """In any kind of file; the question names who that is now, and no name."""
    site, _ = changed
    before = facts_of(site)
    result = twice(site, row)
    [(_, question)] = result.questions
    assert (question.id, question.choices, question.option) == ("former:4512", ("same", "new"), "--answers")
    assert "somebody who is 77 now" in question.text
    assert facts_of(site) == before


def test_the_same_person_goes_on_under_the_id_of_today(changed: tuple[Database, Told]) -> None:
    """Whatever the file says of the old id is said of the new one."""
    site, _ = changed
    roster, cards = table([post("4512", "ICU", "2025-01-01", name="Ann")]), table([card("4512", "2025-02-03")])
    files = [one_file(cards, name="c.csv"), one_file(roster, name="r.csv")]
    assert len(asked(take_files(site, *files))) == 2
    result = take_files(site, *files, answers=SAME)
    assert (asked(result), result.counts["new"], result.counts["changed"]) == ([], 1, 1)
    assert {fact[0] for kind in ("identities", "cards", "assignments") for fact in facts_of(site)[kind]} == {"77"}
    assert take_files(site, *[one_file(table([card("4512", "2025-02-03")]))], answers=SAME).batch is None


def test_somebody_new_gets_a_number_of_their_own(changed: tuple[Database, Told]) -> None:
    """With the old id; nothing of the former holder is theirs, and no question comes again, answered or not."""
    site, _ = changed
    before = number_of(site, "4512")
    twice(site, post("4512", "ED", "2025-06-01"), answers=NEW)
    assert posts_of(site, "4512")[0][0] == "ED"
    assert number_of(site, "4512") != before
    assert asked(twice(site, post("4512", "ED", "2025-06-01"))) == []


def test_of_somebody_new_a_list_of_cards_alone_makes_nobody(changed: tuple[Database, Told]) -> None:
    site, _ = changed
    result = twice(site, card("4512", "2025-02-03"), answers=NEW)
    assert result.counts["rejected"] == 1
    assert "import the roster first" in result.rows[0].reason


def test_once_the_id_is_somebody_elses_the_change_stays(changed: tuple[Database, Told]) -> None:
    """Its undo would give one id to two; without the import it can be undone again."""
    site, done = changed
    result = take_in(site, post("4512", "ED", "2025-06-01"), answers=NEW)
    assert result.batch
    with pytest.raises(BadInput, match=rf"import {result.batch}\b"):
        undo_person_change(site, AUTHOR, done.seq)
    undo_import(site, EVERYONE, AUTHOR, result.batch, TODAY)
    undo_person_change(site, AUTHOR, done.seq)
    assert [one[0] for one in posts_of(site, "4512")] == ["ICU"]
    with site.read() as connection:
        assert_all_right(connection)


def test_an_id_given_by_mistake_is_nobodys_former_one(ward: Database) -> None:
    """A rename that was taken back asks nothing."""
    done = rename_person(ward, AUTHOR, "4512", "77", "slip")
    undo_person_change(ward, AUTHOR, done.seq)
    assert asked(twice(ward, post("77", "ED"))) == []


def test_an_answer_that_is_none_keeps_the_file_out(changed: tuple[Database, Told]) -> None:
    site, _ = changed
    result = twice(site, post("4512", "ED"), answers={"former:4512": "perhaps"})
    assert "write same or new" in result.refused[0][1]


def test_a_whole_roster_under_the_old_id_lets_nobody_leave(changed: tuple[Database, Told]) -> None:
    site, _ = changed
    take_in(site, *staff(19))
    rows = [*staff(19), post("4512", "ICU", "2025-01-01")]
    result = twice(site, *rows, whole_roster=True, answers=SAME)
    assert (asked(result), result.refused, result.counts["leaving"]) == ([], [], 0)
