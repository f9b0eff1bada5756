"""A file without employee ids finds its people by e-mail, then by exact name; anything but one match is asked."""

from typing import Any

import pytest

from actions.soundness import assert_all_right
from actions.ward import (
    AUTHOR,
    TODAY,
    asked,
    away,
    card,
    cards_of,
    changes_in,
    excused,
    facts_of,
    file,
    on,
    outcomes,
    post,
    posts_of,
    said_of,
    staff,
    table,
    take_files,
    take_in,
)
from tracker.actions.change_person import merge_people, rename_person
from tracker.actions.imports.result import ImportResult
from tracker.db.connect import Database
from tracker.intake.rows import Reading, Rejected, Table, Who


def sheet(*rows: tuple[Any, Who], beside: Any = ()) -> Table:
    """A sheet without ids: each row, and whom it is about."""
    found = table([row for row, _ in rows], beside)
    found.who = {number: who for number, (_, who) in enumerate(rows, 2)}
    return found


def of(name: str | None = None, email: str | None = None, unit: str | None = None) -> tuple[Any, Who]:
    """A row of a list of cards: a BLS card, of somebody."""
    return card("", "2025-02-03"), Who(name, email, unit)


def in_roster(name: str | None, email: str | None, unit: str = "ICU", **more: Any) -> tuple[Any, Who]:
    """A row of a roster."""
    return post("", unit, name=name, email=email, **more), Who(name, email, unit)


def bring(database: Database, *rows: tuple[Any, Who], **settled: Any) -> ImportResult:
    """Imports a list without ids, twice: the second time nothing happens."""
    result = take_in(database, sheet(*rows), **settled)
    facts, last = facts_of(database), changes_in(database)
    again = take_in(database, sheet(*rows), **settled)
    assert (facts_of(database), changes_in(database)) == (facts, last)
    assert (asked(again), again.refused) == (asked(result), result.refused)
    return result


def holder(database: Database) -> set[str | None]:
    """Who has cards."""
    return {fact[0] for fact in facts_of(database)["cards"]}


@pytest.fixture
def known(site: Database) -> Database:
    """Ada and two Bos in two units; two who share an address; one who has left."""
    take_in(
        site,
        post("1", "ICU", "2025-01-01", name="Ada Wren", email="Ada@x.org"),
        post("2", "ICU", "2025-01-01", name="Bo Field", email="ward@x.org"),
        post("3", "ED", "2025-01-01", name="Bo Field", email="ward@x.org"),
        post("4", "ED", "2020-01-01", "2024-12-31", name="Cy Old"),
        post("5", "ED", "2025-01-01", name="Zoe\u0308  Ali", email="ZO\u00cb.\u00d8@\u00c5.org"),
    )
    return site


@pytest.mark.parametrize(
    ("row", "whose"),
    [
        (of(email="ada@X.org"), "1"),
        (of("A. Wren", "ada@x.org"), "1"),
        (of("Ada Wren"), "1"),
        (of("WREN,  ada"), "1"),
        (of("Ada Wren", "new@x.org", "icu"), "1"),
        (of("Bo Field", "ward@x.org", "ED"), "3"),
        (of("Bo Field", None, "ICU"), "2"),
        (of("Cy Old"), "4"),
        (of("Zo\u00eb Ali"), "5"),
        (of("ZO\u00cb ALI", None, "ED"), "5"),
        (of(email="zoe\u0308.\u00f8@\u00e5.org"), "5"),
    ],
)
def test_one_match_is_the_person(known: Database, row: tuple[Any, Who], whose: str) -> None:
    """By e-mail in any case; else by name, in either order and any Unicode form, in the unit if there is one."""
    result = bring(known, row)
    assert (asked(result), outcomes(result), holder(known)) == ([], {"new": 1}, {whose})
    with known.read() as connection:
        assert_all_right(connection)


@pytest.mark.parametrize(
    ("row", "question", "choices", "why"),
    [
        (of("Bo Field"), "who:Bo Field", ("2", "3", "skip"), "2 people have that name"),
        (of("Bo Field", "ward@x.org"), "who:ward@x.org:Bo Field", ("2", "3", "skip"), "2 people"),
        (of(email="ward@x.org"), "who:ward@x.org", ("skip",), "shared"),
        (of("Eve Other", "ada@x.org"), "who:ada@x.org:Eve Other", ("1", "skip"), "clearly different"),
        (of("Eve Other", "ADA@x.org", "ED"), "who:ADA@x.org:Eve Other:ED", ("1", "skip"), "(1 Ada Wren in ICU)"),
        (of("Bo Field", "ada@x.org"), "who:ada@x.org:Bo Field", ("1", "2", "3", "skip"), "2 Bo Field in ICU"),
        (of("Ada Wren", None, "ED"), "who:Ada Wren:ED", ("1", "skip"), "nobody on record in that unit"),
        (of("Cy Old", None, "ED"), "who:Cy Old:ED", ("4", "skip"), "nobody on record in that unit"),
        (of("Feild Bo"), "who:Feild Bo", ("2", "3", "skip"), "near are 2 Bo Field in ICU, 3 Bo Field in ED"),
        (of("WREN Ada"), "who:WREN Ada", ("1", "skip"), "near are 1 Ada Wren in ICU. "),
        (of("Wren"), "who:Wren", ("1", "skip"), "nobody on record has that name"),
        (of("Eve", "eve@x.org"), "who:eve@x.org:Eve", ("skip",), "or e-mail"),
        (of(email="eve@x.org"), "who:eve@x.org", ("skip",), "nobody on record has that e-mail"),
    ],
)
def test_anything_else_is_a_question(
    known: Database, row: tuple[Any, Who], question: str, choices: tuple[str, ...], why: str
) -> None:
    """Its id says what the row says, so that an answer stays true whichever row it stands in."""
    before = changes_in(known)
    result = bring(known, row)
    assert (asked(result), changes_in(known)) == ([question], before)
    [(_, each)] = result.questions
    assert (each.kind, each.choices, each.option) == ("who", choices, "--answers")
    assert why in each.text


def test_an_answer_is_an_employee_id_or_skip(known: Database) -> None:
    rows = (of("Bo Field"), of(email="ward@x.org"))
    result = bring(known, *rows, answers={"who:Bo Field": "3", "who:ward@x.org": "Skip"})
    assert (outcomes(result), holder(known)) == ({"new": 1, "unchanged": 1}, {"3"})
    assert [(note.row, note.reason) for note in result.rows] == [(3, "Left out, as was answered.")]


def test_nothing_more_is_said_of_a_row_that_is_skipped(known: Database) -> None:
    """Such as a line of totals, whose cells are no dates."""
    listed = sheet(of("TOTAL"))
    listed.rejected = [Rejected(2, "BLS", "BLS.mark", '"9" without a date is no card.', False)]
    result = take_in(known, listed, answers={"who:TOTAL": "skip"})
    assert [(note.outcome, note.row) for note in result.rows] == [("unchanged", 2)]


@pytest.mark.parametrize("said", ["9", "Bo Field", ""])
def test_an_answer_that_is_nobody_is_refused(known: Database, said: str) -> None:
    """A slip of the pen must not make a new person."""
    result = bring(known, of("Bo Field"), answers={"who:Bo Field": said})
    assert "is no answer" in result.refused[0][1]
    assert holder(known) == set()


def test_an_address_beside_two_other_names_in_the_file_is_nobodys(known: Database) -> None:
    """Though on record it is one person's: all rows go by their names, and the address is not kept."""
    people = (("Ada Wren", "ICU"), ("Bo Field", "ICU"), ("Zo\u00eb Ali", "ED"))
    result = bring(known, *(of(name, "ada@x.org", unit) for name, unit in people))
    assert (asked(result), holder(known)) == ([], {"1", "2", "5"})
    bring(known, *(in_roster(name, "ada@x.org", unit) for name, unit in people))
    assert said_of(known, "identities", "2") == [("2", "Bo Field", "ward@x.org")]


def test_an_address_beside_its_owners_name_and_another_is_asked_about(known: Database) -> None:
    """The row is hers by the address and his by the name, so one is a slip. The address is not kept as his."""
    rows = (in_roster("Ada Wren", "ada@x.org"), in_roster("Bo Field", "ada@x.org"))
    result = bring(known, *rows)
    assert [each.choices for _, each in result.questions] == [("1", "2", "skip")]
    bring(known, *rows, answers={"who:ada@x.org:Bo Field:ICU": "2"})
    assert said_of(known, "identities", "2") == [("2", "Bo Field", "ward@x.org")]


def test_near_names_are_offered_ranked_and_five_at_most(site: Database) -> None:
    """The same words before more of them, and those before a slip of the pen; in one order or the other."""
    names = ["Ngozi Okonkwo", "Ngozi Okonkwa", "Ada Ngozi Okonkwo", *(f"Ngozi Okonkw{each}" for each in "eiuy")]
    take_in(site, *(post(f"E-{number}", "ICU", name=name) for number, name in enumerate(names)))
    result = bring(site, of("Okonkwo Ngozi"), of("Okonkwo, Ng\u00f3zi"))
    assert [each.choices[:2] for _, each in result.questions] == [("E-0", "E-2")] * 2
    assert [len(each.choices) for _, each in result.questions] == [6, 6]
    assert asked(bring(site, of("Okonkwo, Ngozi"))) == []


def test_near_names_may_come_with_a_roster_of_the_same_command(site: Database) -> None:
    roster = file(table([post("1", "ICU", name="Ada Wren")]), name="r.csv")
    result = take_files(site, file(sheet(of("Ada Wrenn")), name="c.csv"), roster)
    assert [each.choices for _, each in result.questions] == [("1", "skip")]


def test_a_roster_without_ids_knows_its_people_and_asks_about_newcomers(known: Database) -> None:
    """Nobody is made without an employee id; who is known is changed as by any roster."""
    rows = (in_roster("Ada Wren", None, role="Charge Nurse"), in_roster("New Nurse", "new@x.org"))
    result = take_in(known, sheet(*rows), other_unit="also")
    assert asked(result) == ["who:new@x.org:New Nurse:ICU"]
    assert "Somebody new has to come in with a file that has employee ids" in result.questions[0][1].text
    take_in(known, post("6", "ICU", name="New Nurse", email="new@x.org"))
    assert asked(bring(known, *rows, other_unit="also")) == []
    assert [(unit, role) for unit, role, *_ in posts_of(known, "1")] == [("ICU", "Charge Nurse"), ("ICU", "RN")]


def test_people_may_come_with_a_roster_of_the_same_command(site: Database) -> None:
    """Whatever the order of the files; two of one name are asked about."""

    def files(*rows: Any) -> list[Reading]:
        return [file(sheet(of("Ada Wren", None, "ICU")), name="c.csv"), file(table(rows), name="r.csv")]

    ada = post("1", "ICU", "2025-01-01", name="Ada Wren")
    twin = post("2", "ICU", "2025-01-01", name="Wren, Ada")
    assert asked(take_files(site, *files(ada, twin), dry_run=True)) == ["who:Ada Wren:ICU"]
    result = take_files(site, *files(ada))
    assert asked(result) == []
    result = take_files(site, *files(ada, twin), answers={"who:Ada Wren:ICU": "2"})
    assert (asked(result), holder(site)) == ([], {"1", "2"})


@pytest.mark.parametrize("change", ["zeros", "renamed", "merged"])
@pytest.mark.parametrize("brings", [True, False])
def test_an_answer_may_name_an_id_in_place_of_which_another_is_meant(
    known: Database, change: str, brings: bool
) -> None:
    """One that lost its zeros, or a former one: whether or not a row of the command names it, too."""
    given, now, settled = other_id(known, change)
    files = [file(sheet(of("Bo Field")), name="c.csv")]
    if brings:
        files += [file(table([post(given, "ICU", "2025-01-01")]), name="r.csv")]
    said = {"who:Bo Field": given}
    assert not take_files(known, *files, answers=said).batch
    result = take_files(known, *files, answers=said | settled)
    assert (asked(result), result.refused, holder(known)) == ([], [], {now})
    assert take_files(known, *files, answers=said | settled).batch is None


def other_id(database: Database, change: str) -> tuple[str, str, dict[str, str]]:
    """An id that files still have, the one that is meant, and the answer that says so."""
    if change == "zeros":
        take_in(database, post("004512", "ICU", "2025-01-01"))
        return "4512", "004512", {"zeros:4512": "004512"}
    if change == "renamed":
        rename_person(database, AUTHOR, "4", "77", "new payroll")
        return "4", "77", {"former:4": "same"}
    merge_people(database, AUTHOR, "4", "1", "rehired", TODAY)
    return "4", "1", {"former:4": "same"}


@pytest.mark.parametrize("change", ["zeros", "renamed"])
def test_an_answer_that_names_an_id_of_which_it_is_open_whose_it_is_names_that_question(
    known: Database, change: str
) -> None:
    """With its choices, as no file asks it."""
    given, _, settled = other_id(known, change)
    [(_, reason)] = bring(known, of("Bo Field"), answers={"who:Bo Field": given}).refused
    [(question, answer)] = settled.items()
    assert f'answer "{question}" with ' in reason
    assert answer in reason


def test_an_answer_that_names_a_former_id_of_nobody_new_is_refused(known: Database) -> None:
    """Somebody new has to come with a file that has the id."""
    rename_person(known, AUTHOR, "4", "77", "new payroll")
    answers = {"who:Bo Field": "4", "former:4": "new"}
    assert "is no answer" in bring(known, of("Bo Field"), answers=answers).refused[0][1]
    files = file(sheet(of("Bo Field")), name="c.csv"), file(table([post("4", "ICU")]), name="r.csv")
    assert take_files(known, *files, answers=answers).refused == []
    assert holder(known) == {"4"}


def test_each_kind_of_file_and_cards_beside_people_find_their_people(known: Database) -> None:
    ada = Who("Ada Wren", None, None)
    wide = sheet((post("", None, name="Ada Wren"), ada), beside=[card("", "2025-03-04", None, "7")])
    files = [
        file(wide, name="w.csv"),
        file(sheet((away("", "2025-05-01"), ada)), name="a.csv"),
        file(sheet((excused("", "2025-05-01", "2025-05-31"), ada)), name="e.csv"),
    ]
    assert outcomes(take_files(known, *files)) == {"new": 3}
    assert cards_of(known, "1") == [("BLS", "AHA", on("2025-03-04"), None, "7")]
    assert said_of(known, "absences", "1") == [(on("2025-05-01"), None)]
    assert len(said_of(known, "exemptions", "1")) == 1


def test_a_whole_roster_overlooks_nobody_who_is_skipped(site: Database) -> None:
    """Whoever the row means would seem to have left."""
    take_in(site, *staff(19), post("20", "ICU", "2025-01-01", name="Bo Field"))
    rows = [in_roster("Bo Field", None), in_roster("Eve", None)]
    result = bring(site, *rows, whole_roster=True, allow_leavers=20, answers={"who:Eve:ICU": "skip"})
    assert "nobody may be overlooked" in result.refused[0][1]
    result = bring(site, rows[0], whole_roster=True, allow_leavers=19)
    assert result.counts["leaving"] == 19


def test_a_file_with_an_open_question_keeps_no_other_out(known: Database) -> None:
    result = take_files(
        known, file(sheet(of("Eve")), name="a.csv"), file(table([card("1", "2025-02-03")]), name="b.csv")
    )
    assert (asked(result), holder(known)) == (["who:Eve"], {"1"})
