"""A slipped id never makes a second person of somebody on record without a question."""

from typing import Any

import pytest
from sqlalchemy import event

from actions.ward import (
    asked,
    card,
    cards_of,
    changes_in,
    facts_of,
    outcomes,
    post,
    posts_of,
    table,
    take_files,
    take_in,
)
from actions.ward import file as one_file
from tracker.db.connect import Database

ADA = {"name": "Ada Wren", "email": "ada@x.org"}


@pytest.fixture
def known(site: Database) -> Database:
    """A site with one nurse, 004512, in the ICU, and one who has left the ED."""
    take_in(
        site,
        post("004512", "ICU", "2025-01-01", **ADA),
        post("004513", "ED", "2020-01-01", "2024-12-31", name="Bo Cole", email="bo@x.org"),
    )
    return site


@pytest.mark.parametrize("slip", ["E004512", "O04512", "#040100", "1004512", "0O4512"])
def test_a_newcomer_with_the_name_and_unit_of_somebody_on_record_is_asked_about(known: Database, slip: str) -> None:
    """Whatever the id looks like; the choices are the one on record and somebody new, and nothing goes in."""
    facts = facts_of(known)
    result = take_in(known, post(slip, "icu", "2025-01-01", name="WREN, Ada"))
    assert asked(result) == [f"same:{slip}"]
    question = result.questions[0][1]
    assert (question.choices, result.batch, facts_of(known)) == (("004512", "new"), None, facts)
    assert f"id {slip} (WREN, Ada in icu)" in question.text
    assert "has 004512 (Ada Wren in ICU)" in question.text


def test_cards_beside_the_slipped_id_wait_for_the_answer(known: Database) -> None:
    """In wide sheets and in other lists of the file they are then of the one who is meant."""
    sheets = (
        table([post("E4512", "ICU", name="Ada Wren")], [card("E4512", "2025-03-10")]),
        table([card("E4512", "2025-02-03")]),
    )
    assert asked(take_in(known, *sheets)) == ["same:E4512"]
    take_in(known, *sheets, answers={"same:E4512": "004512"})
    assert len(cards_of(known, "004512")) == 2
    assert posts_of(known, "E4512") == []


@pytest.mark.parametrize(
    ("row", "questions"),
    [
        (post("7", "ED", name="Ada Wren"), []),
        (post("7", "ED", name="Ada Wren", email="ADA@x.org"), ["same:7"]),
        (post("7", "ED", name="Ada M. Wren", email="ada@x.org"), ["same:7"]),
        (post("7", "ICU", name="Eve Other", email="ada@x.org"), []),
        (post("7", "ICU"), []),
        (post("7", "ED", name="Bo Cole"), ["same:7"]),
        (post("4512", "ICU", name="Ada Wren"), ["zeros:4512"]),
    ],
    ids=["other unit", "e-mail", "middle name", "other name", "no name", "has left", "zeros"],
)
def test_a_name_alone_or_an_address_alone_says_too_little(known: Database, row: Any, questions: list[str]) -> None:
    """Both together, or the name in the unit, are asked about; lost zeros are, in their own words, and only once."""
    assert asked(take_in(known, row)) == questions


@pytest.mark.parametrize("employee_id", ["E4512", "4512"])
def test_somebody_new_is_asked_about_once(known: Database, employee_id: str) -> None:
    """Two people of one name in one unit are two from then on, without an answers file."""
    row = post(employee_id, "ICU", "2025-01-01", name="Ada Wren")
    kind = "zeros" if employee_id == "4512" else "same"
    assert asked(take_in(known, row)) == [f"{kind}:{employee_id}"]
    assert outcomes(take_in(known, row, answers={f"{kind}:{employee_id}": "new"})) == {"new": 1}
    last = changes_in(known)
    assert asked(take_in(known, row)) == []
    assert changes_in(known) == last


def test_a_file_that_names_both_has_two_people_unless_they_share_an_address(known: Database) -> None:
    """A roster has everybody once; two files of a command may name one person each in their way."""
    ada, twin = post("004512", "ICU", "2025-01-01", **ADA), post("E4512", "ICU", name="Ada Wren")
    assert asked(take_in(known, ada, twin, dry_run=True)) == []
    result = take_files(known, one_file(table([ada]), name="a.csv"), one_file(table([twin]), name="b.csv"))
    assert asked(result) == ["same:E4512"]
    assert "004512 is in these files as well." in result.questions[0][1].text
    assert asked(take_in(known, ada, twin._replace(email="ada@x.org"))) == ["same:E4512"]


def test_people_who_come_together_are_not_held_against_each_other(site: Database) -> None:
    """A first roster has nothing to ask, nor has one that brings two of a name."""
    rows = post("1", name="Maria Garcia"), post("2", name="Maria Garcia")
    assert asked(take_in(site, *rows)) == []
    assert asked(take_in(site, *rows, post("3", "ED", name="Maria Garcia"), post("4", "ED", name="Maria Garcia"))) == []


def test_several_may_be_meant(site: Database) -> None:
    """Each is a choice; an answer that is none of them is refused with the choices."""
    take_in(site, post("1", name="Maria Garcia"), post("2", name="Maria Garcia"))
    row = post("3", name="Maria Garcia")
    assert take_in(site, row).questions[0][1].choices == ("1", "2", "new")
    assert "1 or 2 or new" in take_in(site, row, answers={"same:3": "4"}).refused[0][1]


def ward(prefix: str, count: int) -> list[Any]:
    """So many people of the ICU, with ids of that kind."""
    return [post(f"{prefix}{number}", "ICU", name=f"Nurse Nr{number}") for number in range(count)]


def test_a_whole_roster_with_new_ids_is_one_question(site: Database) -> None:
    """Up to twenty people are asked about one by one; it names some, and the ways out."""
    take_in(site, *ward("A", 21))
    assert len(asked(take_in(site, *ward("B", 20)))) == 20
    result = take_in(site, *ward("B", 21))
    assert asked(result) == ["new-ids"]
    text = result.questions[0][1].text
    assert "21 people have employee ids that nobody has" in text
    assert "tracker person rename-id A0 B0" in text


def test_one_answer_lets_them_all_in_but_for_those_answered_one_by_one(site: Database) -> None:
    """And the next file asks nothing any more."""
    take_in(site, *ward("A", 25))
    one = {"same:B3": "A3"}
    assert asked(take_in(site, *ward("B", 25), answers=one)) == ["new-ids"]
    result = take_in(site, *ward("B", 25), answers=one | {"new-ids": "new"})
    assert (asked(result), result.counts["new"], posts_of(site, "B3")) == ([], 24, [])
    assert asked(take_in(site, *ward("B", 25), answers=one)) == []


def test_a_file_that_names_none_of_them_goes_in(known: Database) -> None:
    """Only the one with the slip waits."""
    good, bad = (
        one_file(table([post("8", "ED")]), name="a.csv"),
        one_file(table([post("E4", name="Ada Wren")]), name="b.csv"),
    )
    result = take_files(known, good, bad)
    assert [file for file, _ in result.questions] == ["b.csv"]
    assert result.batch is not None


def test_nobody_is_looked_up_by_name_unless_there_are_newcomers(known: Database) -> None:
    """An import of people who are known, or without names, reads nobody's name; one of newcomers once for all."""
    assert lookups(known, post("004512", "ICU", "2025-01-01", **ADA)) == 0
    assert lookups(known, post("7", "ICU")) == 0
    assert lookups(known, *ward("N", 30)) == 1


def lookups(database: Database, *rows: Any) -> int:
    """How many statements of an import read who works where, by name."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(" ".join(statement.split()))

    event.listen(database.engine, "before_cursor_execute", note)
    take_in(database, *rows)
    event.remove(database.engine, "before_cursor_execute", note)
    return sum("identities.name, identities.email, assignments.unit" in each for each in seen)


def test_an_id_beside_two_names_is_rejected_and_not_asked_about(known: Database) -> None:
    """Whoever else has one of the names and the address: the same file would be asked about when it comes again."""
    rows = [
        post("E-9", name="Bo Field", email="ada@x.org"),
        post("E-9", name="Ana Ruiz", email="ana@site.example"),
    ]
    result = take_in(known, *rows)
    assert asked(result) == []
    assert outcomes(result) == {"rejected": 2}
