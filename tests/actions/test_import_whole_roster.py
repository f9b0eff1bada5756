"""Who leaves when a file is declared to be the whole roster of its units. RULES: section 7."""

import pytest

from actions.ward import asked, days_in, facts_of, file, outcomes, post, spans, staff, table, take_files, take_in
from tracker.db.connect import Database
from tracker.intake.rows import Rejected


def test_a_whole_roster_that_covers_the_old_unit_settles_a_move(site: Database) -> None:
    """Both units are in the file, so there is nothing to ask."""
    take_in(site, *staff(3), post("4512", "ED", "2025-01-01"))
    result = take_in(site, *staff(3), post("4512", "ICU", "2025-06-01"), post("E-9", "ED"), whole_roster=True)
    assert not result.questions
    assert days_in(site, "4512", "ED") == spans(("2025-01-01", "2025-05-31"))


def test_a_whole_roster_that_does_not_cover_the_old_unit_asks(site: Database) -> None:
    """The file says nothing of the ED, so whether they left it is a question."""
    take_in(site, *staff(3), post("4512", "ED", "2025-01-01"))
    result = take_in(site, *staff(3), post("4512", "ICU", "2025-06-01"), whole_roster=True)
    assert asked(result) == ["other_unit:4512:ICU"]


def test_people_missing_from_a_whole_roster_leave_its_units(site: Database) -> None:
    """They left yesterday; those of other units, and everyone without the declaration, stay."""
    take_in(site, *staff(10), post("4512", "ED", "2025-01-01"))
    assert outcomes(take_in(site, *staff(9))) == {"unchanged": 9}
    result = take_in(site, *staff(9), whole_roster=True)
    assert outcomes(result) == {"unchanged": 9, "leaving": 1}
    assert days_in(site, "E-9") == spans(("2025-01-01", "2025-06-14"))
    assert days_in(site, "4512", "ED") == spans(("2025-01-01", None))


def test_who_was_to_begin_today_and_is_missing_never_worked_there(site: Database) -> None:
    """Nobody is left with an assignment that ends before it starts; who begins tomorrow is not yet missed."""
    take_in(site, *staff(19), post("4512", "ICU", "2025-06-15"), post("004512", "ICU", "2025-06-16"))
    take_in(site, *staff(19), whole_roster=True)
    assert days_in(site, "4512") == []
    assert days_in(site, "004512") == spans(("2025-06-16", None))


@pytest.mark.parametrize(("known", "missing", "refused"), [(10, 1, False), (9, 1, True), (20, 2, False), (19, 2, True)])
def test_more_than_a_tenth_leaving_is_refused(site: Database, known: int, missing: int, refused: bool) -> None:
    """One of ten may leave; one of nine needs a word."""
    take_in(site, *staff(known))
    before = facts_of(site)
    result = take_in(site, *staff(known - missing), whole_roster=True)
    assert bool(result.refused) == refused
    assert (facts_of(site) == before) == refused
    if refused:
        assert f"--allow-leavers {missing}" in result.refused[0][1]


@pytest.mark.parametrize(("allowed", "left"), [(2, 2), (3, 2), (1, 0), (0, 0)])
def test_leavers_are_allowed_by_number(site: Database, allowed: int, left: int) -> None:
    """A number allows so many and no more, whatever their share."""
    take_in(site, *staff(4))
    result = take_in(site, *staff(2), whole_roster=True, allow_leavers=allowed)
    assert outcomes(result).get("leaving", 0) == left
    assert bool(result.refused) == (left == 0)


def test_newcomers_in_the_file_do_not_hide_that_everybody_leaves(site: Database) -> None:
    """Ten people known, a file of a hundred others: all ten would leave, which is not a tenth but everyone."""
    take_in(site, *staff(10))
    result = take_in(site, *[post(f"N-{number}", "ICU") for number in range(100)], whole_roster=True)
    assert result.refused
    assert days_in(site, "E-0") == spans(("2025-01-01", None))


def test_a_person_whose_row_was_rejected_does_not_leave(site: Database) -> None:
    """Somebody is in the file, but with a day that cannot be read: they are not missing from it."""
    take_in(site, *staff(20))
    bad = Rejected(21, "Start", "starts_on", '"31.02.2025" is no date.', True)
    take_in(site, table(staff(19), rejected=[bad]), whole_roster=True)
    assert days_in(site, "E-19") == spans(("2025-01-01", None))


def test_a_person_whose_row_names_no_unit_does_not_leave(site: Database) -> None:
    """Somebody is in the file without a unit: they are not missing from it."""
    take_in(site, *staff(20))
    take_in(site, *staff(19), post("E-19", None), whole_roster=True)
    assert days_in(site, "E-19") == spans(("2025-01-01", None))


def test_nobody_leaves_who_is_on_another_sheet_of_a_whole_roster(site: Database) -> None:
    """Nights on one sheet, days on the other: a whole roster is the whole file."""
    take_in(site, *staff(20))
    result = take_in(site, table(staff(20)[:10]), table(staff(20)[10:]), whole_roster=True)
    assert (outcomes(result), result.refused, result.questions) == ({"unchanged": 20}, [], [])


def test_a_whole_roster_covers_the_units_of_all_its_sheets(site: Database) -> None:
    """The new unit is on one sheet, the old one on the next: there is nothing to ask."""
    take_in(site, *staff(10), post("4512", "ED", "2025-01-01"))
    sheets = (table([*staff(10), post("4512", "ICU", "2025-06-01")]), table([post("E-50", "ED")]))
    assert not take_in(site, *sheets, whole_roster=True).questions
    assert days_in(site, "4512", "ED") == spans(("2025-01-01", "2025-05-31"))


def test_of_a_whole_roster_in_several_files_none_goes_in_without_the_others(site: Database) -> None:
    """Half of the people on each: nobody leaves; with a question in one, the other does not count as the whole."""
    take_in(site, *staff(20))
    halves = [file(table(staff(20)[:10]), name="1.csv"), file(table(staff(20)[10:]), name="2.csv")]
    result = take_files(site, *halves, whole_roster=True)
    assert (outcomes(result), result.refused, result.questions) == ({"unchanged": 20}, [], [])
    asking = file(table([*staff(20)[10:], post("E-1", "Lab")]), name="3.csv")
    result = take_files(site, halves[0], asking, whole_roster=True)
    assert (asked(result), result.batch) == (["other_unit:E-1:Lab"], None)
