"""Whoever has units of their own imports about these alone, and learns nothing of anybody else."""

from datetime import date
from typing import Any

import pytest

from actions.soundness import assert_all_right
from actions.ward import (
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
    take_in,
    unit,
)
from tracker.actions.change_person import rename_person
from tracker.actions.imports.context import Settled
from tracker.actions.imports.result import ImportResult
from tracker.actions.imports.run import import_readings
from tracker.actions.imports.undo import latest_imports, see_import, undo_import
from tracker.db.change import Author
from tracker.db.connect import Database
from tracker.db.mappings import TYPE, known_mappings
from tracker.domain.errors import BadInput
from tracker.domain.scope import EVERYONE, InUnits, OnePerson
from tracker.intake.rows import Booked, Reading, Remembered, Table, Who

MO, HERS = Author("mo@hospital.example", "web"), InUnits(("ICU", "PACU"))
ANN, BEA, CAL, EVE, GUS = "0101", "0102", "0103", "0701", "0702"


@pytest.fixture
def hospital(site: Database) -> Database:
    """Ann of the ICU; Bea there and in the ED; Cal, who left the ICU; Eve of the ED; Gus, who went from ICU to ED."""
    rows = [
        post(ANN, "ICU", "2025-01-01", name="Ann Abel", email="ann@h.example"),
        post(BEA, "ICU", "2025-01-01", name="Bea Bell"),
        post(BEA, "ED", "2025-01-01", name="Bea Bell"),
        post(CAL, "ICU", "2024-01-01", "2025-03-31", name="Cal Cole"),
        post(EVE, "ED", "2025-01-01", name="Eve Eder", email="eve@h.example"),
        post(GUS, "ICU", "2024-01-01", "2024-12-31", name="Gus Gray"),
        post(GUS, "ED", "2025-01-01", name="Gus Gray"),
    ]
    take_in(site, *rows)
    take_in(site, *(card(who, "2025-02-03") for who in (ANN, EVE)))
    return site


def bring(database: Database, *rows: Any, dry_run: bool = False, today: date = TODAY, **settled: Any) -> ImportResult:
    """Imports one file as the manager of the ICU and the PACU."""
    sheets = rows if isinstance(rows[0], Table) else (table(rows),)
    return bring_files(database, file(*sheets), dry_run=dry_run, today=today, **settled)


def bring_files(
    database: Database, *files: Reading, dry_run: bool = False, today: date = TODAY, **settled: Any
) -> ImportResult:
    """Imports several files as that manager."""
    return import_readings(database, HERS, MO, files, Settled(**settled), today, dry_run=dry_run)


def sound(database: Database) -> None:
    """Timelines and trail are as they should be."""
    with database.read() as connection:
        assert_all_right(connection)


def reasons(result: ImportResult) -> list[str]:
    """Why rows are rejected."""
    return [note.reason for note in result.rows if note.outcome == "rejected"]


OTHERS = {
    "another unit": post("0901", "ED", "2025-05-01"),
    "a unit that is none": post("0901", "Nowhere", "2025-05-01"),
    "her own to another unit": post(ANN, "ED", "2025-05-01"),
    "somebody of another unit to hers": post(EVE, "ICU", "2025-05-01", name="Eve Eder"),
    "somebody who was once hers": post(GUS, "ICU", "2025-05-01", name="Gus Gray"),
    "another's card": card(EVE, "2025-03-03"),
    "a card of nobody": card("0999", "2025-03-03"),
    "another's name": post(EVE, None, name="Evil Eder"),
    "another's leave": away(EVE, "2025-06-01"),
    "another's exemption": excused(EVE, "2025-06-01", "2025-07-01"),
    "another unit's managers": unit("ED", managers="mo@hospital.example"),
    "a new unit": unit("Roof", managers="mo@hospital.example"),
}


@pytest.mark.parametrize("row", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_is_about_others_is_rejected(hospital: Database, row: Any, dry_run: bool) -> None:
    """Whatever the kind of file: nothing of it is recorded, and the row says why."""
    facts, last = facts_of(hospital), changes_in(hospital)
    result = bring(hospital, row, dry_run=dry_run)
    assert (outcomes(result), len(reasons(result))) == ({"rejected": 1}, 1)
    assert (facts_of(hospital), changes_in(hospital)) == (facts, last)
    assert (result.questions, result.refused, result.unmatched, result.batch) == ([], [], [], None)


HER_OWN = {
    "a newcomer": post("0901", "ICU", "2025-05-01"),
    "a unit of hers, otherwise spelt": post("0901", "  pacu", "2025-05-01"),
    "a card": card(ANN, "2025-03-03", number="777"),
    "a card of somebody who works elsewhere, too": card(BEA, "2025-03-03"),
    "a card of somebody who has left and was nowhere else": card(CAL, "2025-03-03"),
    "leave": away(BEA, "2025-06-01"),
    "her unit's managers": unit("ICU", managers="mo@hospital.example"),
    "a name": post(ANN, "ICU", "2025-01-01", name="Ann Able"),
}


@pytest.mark.parametrize("row", HER_OWN.values(), ids=HER_OWN)
def test_what_is_about_hers_goes_in(hospital: Database, row: Any) -> None:
    """As from anybody else; and she may take it back."""
    facts = facts_of(hospital)
    result = bring(hospital, row)
    assert (reasons(result), result.batch) == ([], 3)
    assert facts_of(hospital) != facts
    undo_import(hospital, HERS, MO, 3, TODAY)
    assert facts_of(hospital) == facts
    sound(hospital)


def test_a_newcomer_is_seen_under_the_units_own_name(site: Database) -> None:
    """However the file spells a unit of which nothing is on record yet."""
    bring(site, post("0901", "icu", "2025-05-01"))
    assert posts_of(site, "0901")[0][0] == "ICU"


def test_of_somebody_elsewhere_it_says_the_same_as_of_nobody(hospital: Database) -> None:
    """In lists of cards, leave and exemptions, by id, and in rows that only name a card's holder."""
    for make in (
        lambda who: card(who, "2025-03-03"),
        lambda who: away(who, "2025-06-01"),
        lambda who: excused(who, "2025-06-01", "2025-07-01"),
        lambda who: post(who, None, name="Eve Eder"),
        lambda who: post(who, "ED", name="Eve Eder"),
    ):
        there, nowhere = bring(hospital, make(EVE)), bring(hospital, make("0999"))
        assert reasons(there)[0].replace(EVE, "WHO") == reasons(nowhere)[0].replace("0999", "WHO")
        assert "ED" not in reasons(bring(hospital, card(EVE, "2025-03-03")))[0]


def test_a_row_is_rejected_whole(hospital: Database) -> None:
    """With the cards beside it, even those of somebody of hers."""
    facts = facts_of(hospital)
    result = bring(
        hospital, table([post(ANN, "ED"), post(EVE, "ICU")], [card(ANN, "2025-04-04"), card(EVE, "2025-04-04")])
    )
    assert outcomes(result) == {"rejected": 2}
    assert [why[:15] for why in reasons(result)] == ["ED is none of y", "The employee id"]
    assert facts_of(hospital) == facts


def test_good_rows_go_in_beside_others(hospital: Database) -> None:
    """Each row stands for itself, in one file and across files of one command."""
    roster = file(table([post("0901", "ICU", "2025-05-01"), post("0902", "ED", "2025-05-01")]), name="a.csv")
    cards = file(table([card(who, "2025-05-02") for who in ("0901", "0902", EVE)]), name="b.csv")
    result = bring_files(hospital, cards, roster)
    assert outcomes(result) == {"new": 2, "rejected": 3}
    assert (len(cards_of(hospital, "0901")), cards_of(hospital, "0902"), len(cards_of(hospital, EVE))) == (1, [], 1)
    sound(hospital)


def test_places_elsewhere_are_neither_asked_about_nor_ended(hospital: Database) -> None:
    """Bea moves within the manager's units; that she works in the ED is no part of it."""
    before = [each for each in posts_of(hospital, BEA) if each[0] == "ED"]
    first = bring(hospital, post(BEA, "PACU", "2025-06-01", name="Bea Bell"))
    assert asked(first) == [f"other_unit:{BEA}:PACU"]
    assert "ICU" in first.questions[0][1].text
    assert "ED" not in first.questions[0][1].text
    bring(hospital, post(BEA, "PACU", "2025-06-01", name="Bea Bell"), other_unit="moved")
    assert [each for each in posts_of(hospital, BEA) if each[0] == "ED"] == before
    assert ("ICU", "RN", on("2025-01-01"), on("2025-05-31")) in posts_of(hospital, BEA)
    sound(hospital)


def test_a_whole_roster_is_that_of_her_units(hospital: Database) -> None:
    """Who is missing leaves the unit, and no other; whom a row of another unit names has not left."""
    take_in(hospital, *staff(20))
    rows = [*staff(20), post("0903", "ED")]
    result = bring(hospital, *rows, whole_roster=True, allow_leavers=2)
    assert outcomes(result) == {"unchanged": 20, "leaving": 2, "rejected": 1}
    assert [each[3] for each in posts_of(hospital, BEA)] == [None, on("2025-06-14")]
    assert posts_of(hospital, EVE)[0][3] is None
    undo_import(hospital, HERS, MO, result.batch or 0, TODAY)
    assert [each[3] for each in posts_of(hospital, BEA)] == [None, None]
    named = bring(hospital, *staff(20), post(ANN, "ED"), whole_roster=True, allow_leavers=2)
    assert outcomes(named) == {"unchanged": 20, "leaving": 1, "rejected": 1}
    assert posts_of(hospital, ANN)[0][3] is None


def nameless(row: Any, who: Who) -> Table:
    """A sheet without ids, of one row."""
    found = table([row])
    found.who = {2: who}
    return found


def test_no_question_names_anybody_elsewhere(hospital: Database) -> None:
    """A row without an id finds those of her units alone, by name, near name, e-mail; and tells no other unit."""
    offered: set[str] = set()
    for who in (
        Who("Eve Eder", None, None),
        Who("Eve Edar", None, "ICU"),
        Who(None, "eve@h.example", None),
        Who("Gus Gray", None, None),
        Who("Bea Belle", None, None),
    ):
        result = bring(hospital, nameless(card("", "2025-03-03"), who))
        ((_, question),) = result.questions
        offered.update(question.choices)
        assert "ED" not in question.text.replace("Eder", "").replace("Edar", "")
    assert (offered & {EVE, GUS}, BEA in offered) == (set(), True)


def test_an_answer_names_nobody_elsewhere(hospital: Database) -> None:
    """It is refused in the same words as one that names nobody."""
    said = []
    for answer in (EVE, "0999"):
        sheet = nameless(card("", "2025-03-03"), Who("Some One", None, None))
        result = bring(hospital, sheet, answers={"who:Some One": answer})
        said.append(result.refused[0][1].replace(answer, "WHO"))
    assert said[0] == said[1]
    bring(hospital, nameless(card("", "2025-03-03"), Who("Some One", None, None)), answers={"who:Some One": ANN})
    assert len(cards_of(hospital, ANN)) == 2
    assert len(cards_of(hospital, EVE)) == 1


def test_rows_without_ids_of_other_units_are_not_even_asked_about(hospital: Database) -> None:
    """Their unit says enough."""
    result = bring(hospital, nameless(card("", "2025-03-03"), Who("Eve Eder", None, "ED")))
    assert (result.questions, len(reasons(result))) == ([], 1)


@pytest.mark.parametrize(("hers", "others"), [("101", "701"), ("E0101", "E0701")])
def test_slips_are_asked_about_for_hers_alone(hospital: Database, hers: str, others: str) -> None:
    """Lost zeros, and the name in the unit or by the address."""
    mine = bring(hospital, post(hers, "ICU", name="Ann Abel"), dry_run=True)
    assert len(mine.questions) == 1
    theirs = bring(hospital, post(others, "ICU", name="Eve Eder", email="eve@h.example"), dry_run=True)
    assert (theirs.questions, outcomes(theirs)) == ([], {"new": 1})


def test_a_former_id_of_somebody_elsewhere_is_not_given_away(hospital: Database) -> None:
    """Nor is it told whose it is now; one of hers is asked about as ever."""
    rename_person(hospital, MO, EVE, "0799", "new payroll")
    rename_person(hospital, MO, ANN, "0199", "new payroll")
    facts = facts_of(hospital)
    for row in (post(EVE, "ICU"), card(EVE, "2025-03-03")):
        result = bring(hospital, row, answers={f"former:{EVE}": "new"})
        assert (outcomes(result), result.questions) == ({"rejected": 1}, [])
        assert "0799" not in reasons(result)[0]
    assert facts_of(hospital) == facts
    assert asked(bring(hospital, card(ANN, "2025-03-03"))) == [f"former:{ANN}"]


def test_a_class_of_somebody_elsewhere_is_not_recorded(hospital: Database) -> None:
    """Whatever was answered."""
    sheet = table([post(EVE, None)])
    sheet.booked = [Booked(2, EVE, "BLS.expires_on", "BLS", on("2025-07-01"), "no date")]
    bring(hospital, sheet, answers={f"booking:{EVE}:BLS:2025-07-01": "yes"})
    assert said_of(hospital, "bookings", EVE) == []


def test_waiting_for_a_file_tells_nothing_of_others(hospital: Database) -> None:
    """A list waits for the roster that brings its people, whether somebody elsewhere has the id or nobody."""
    found = []
    for who in (EVE, "0999"):
        open_ = file(nameless(card("", "2025-03-03"), Who("Some One", None, None)), name="open.csv")
        open_.tables.append(table([post(who, "ICU")]))
        result = bring_files(hospital, open_, file(table([card(who, "2025-03-03")]), name="cards.csv"))
        found.append([(name, why.replace(who, "WHO")) for name, why in result.refused])
    assert found[0] == found[1]


def test_what_she_settles_of_columns_changes_nobody_elses_files(hospital: Database) -> None:
    """Headers that nobody settled are remembered; those that are known stay, and types are not hers to say."""
    said = [Remembered("a" * 64, "cards", {"X": "type"}), Remembered("a" * 64, "cards", {"X": "issuer"})]
    for mapping in said:
        sheet = table([card(ANN, "2025-03-03")])
        sheet.mapping, sheet.types = mapping, {"heartcode": "BLS"}
        bring(hospital, sheet)
    with hospital.read() as connection:
        known = known_mappings(connection)
    assert [each.fields for each in known if each.kind != TYPE] == [{"X": "type"}]
    assert not [each for each in known if each.kind == TYPE]


def test_she_sees_and_undoes_her_own_imports_alone(hospital: Database) -> None:
    """Of others it says the same as of one that is none."""
    result = bring(hospital, card(ANN, "2025-03-03"))
    assert [each.id for each in latest_imports(hospital, HERS, MO, 10)] == [result.batch]
    assert len(latest_imports(hospital, EVERYONE, MO, 10)) == 3
    said = []
    for number in (1, 999):
        for look in (see_import, undo_import):
            with pytest.raises(BadInput) as refusal:
                look(hospital, HERS, MO, number, TODAY)
            said.append(str(refusal.value).replace(str(number), "N"))
    assert len({*said}) == 1


@pytest.mark.parametrize("how", ["moved away", "fewer units"])
def test_undo_ends_where_her_units_end(hospital: Database, how: str) -> None:
    """Somebody who works elsewhere by now is somebody else's; so is a unit that was taken from her."""
    result = bring(hospital, card(ANN, "2025-03-03") if how == "moved away" else post("0901", "PACU", "2025-05-01"))
    if how == "moved away":
        take_in(hospital, post(ANN, "ED", "2025-06-01"), other_unit="moved")
    scope = HERS if how == "moved away" else InUnits(("ICU",))
    facts = facts_of(hospital)
    assert "not yours by now" in see_import(hospital, scope, MO, result.batch or 0, TODAY).refusal
    with pytest.raises(BadInput, match="not yours by now"):
        undo_import(hospital, scope, MO, result.batch or 0, TODAY)
    assert facts_of(hospital) == facts


def test_a_plan_is_applied_only_if_the_same_comes_of_it(hospital: Database) -> None:
    """What another recorded meanwhile makes it another; then nothing is changed, and the new one is told."""
    row = card(ANN, "2025-03-03", number="777")
    planned = bring(hospital, row, dry_run=True)
    take_in(hospital, row)
    facts, last = facts_of(hospital), changes_in(hospital)
    again = bring(hospital, row, planned=planned.digest)
    assert (again.otherwise, again.batch, outcomes(again)) == (True, None, {"unchanged": 1})
    assert (facts_of(hospital), changes_in(hospital)) == (facts, last)
    other = bring(
        hospital, card(ANN, "2025-04-04"), planned=bring(hospital, card(ANN, "2025-04-04"), dry_run=True).digest
    )
    assert (other.otherwise, other.batch) == (False, 4)


def test_one_person_imports_nothing(hospital: Database) -> None:
    """Staff have no files to hand in, whatever somebody asks for them."""
    with pytest.raises(BadInput, match="for units, or for everybody"):
        import_readings(
            hospital, OnePerson(ANN), MO, [file(table([card(ANN, "2025-03-03")]))], Settled(), TODAY, dry_run=False
        )


@pytest.mark.parametrize(("said", "near"), [("IUC", "ICU"), ("P.A.C.U.", "PACU"), ("DE", ""), ("ED", "")])
def test_a_slip_of_one_of_their_units_is_said_to_be_one(hospital: Database, said: str, near: str) -> None:
    """Whether others have a unit of that name, nobody learns by it."""
    reason = reasons(bring(hospital, post(ANN, said, "2025-01-01", name="Ann Abel")))[0]
    assert (f"There is no unit {said} among yours; did you mean {near}?" in reason) == bool(near)
    assert near or f"{said} is none of your units" in reason
