"""What the rows of a roster do to the assignments that are known. RULES: section 7."""

from datetime import date
from itertools import pairwise

import pytest

from actions.ward import Days, asked, days_in, facts_of, on, outcomes, post, posts_of, said_of, spans, take_in
from tracker.db.connect import Database
from tracker.domain.days import ALWAYS, OPEN


@pytest.mark.parametrize(
    ("known", "row", "then"),
    [
        (("2025-01-01", None), ("2025-02-01", None), ("2025-02-01", None)),
        (("2025-01-01", None), ("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-12-31")),
        (("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-08-31"), ("2025-01-01", "2025-08-31")),
        (("2025-02-01", "2025-12-31"), ("2025-01-01", "2025-02-01"), ("2025-01-01", "2025-02-01")),
        ((None, None), ("2025-01-01", None), ("2025-01-01", None)),
    ],
)
def test_a_row_that_overlaps_a_known_assignment_corrects_it(site: Database, known: Days, row: Days, then: Days) -> None:
    """Same unit, role and type, overlapping: one assignment, with the days that the file says."""
    take_in(site, post("004512", "ICU", *known))
    result = take_in(site, post("004512", "ICU", *row))
    assert outcomes(result) == {"changed": 1}
    assert posts_of(site, "004512") == [("ICU", "RN", *(on(each) if each else None for each in then))]


@pytest.mark.parametrize(
    ("known", "row"),
    [
        (("2025-07-01", "2025-09-30"), ("2025-10-01", "2025-12-31")),
        (("2025-07-01", None), ("2025-04-01", "2025-06-30")),
        (("2025-01-01", "2025-03-31"), ("2025-04-01", "2025-12-31")),
    ],
)
def test_a_row_that_adjoins_a_known_assignment_lengthens_it(site: Database, known: Days, row: Days) -> None:
    """The day after a known end, or the day before a known start, goes on without a break and without a question."""
    take_in(site, post("004512", "ICU", *known))
    result = take_in(site, post("004512", "ICU", *row))
    first, last = min(known[0] or "", row[0] or ""), known[1] and max(known[1], row[1] or "")
    assert not result.questions
    assert days_in(site, "004512") == spans((first, last))


@pytest.mark.parametrize(
    ("known", "row"),
    [
        (("2025-07-01", "2025-09-30"), ("2025-10-01", "2025-12-31")),
        (("2025-07-01", None), ("2025-04-01", "2025-06-30")),
    ],
)
def test_a_row_that_lengthened_an_assignment_changes_nothing_the_second_time(
    site: Database, known: Days, row: Days
) -> None:
    """The same file again neither moves the start nor ends the assignment."""
    take_in(site, post("004512", "ICU", *known))
    take_in(site, post("004512", "ICU", *row))
    before = days_in(site, "004512")
    again = take_in(site, post("004512", "ICU", *row))
    assert days_in(site, "004512") == before
    assert (again.batch, outcomes(again)) == (None, {"unchanged": 1})


def test_a_start_more_than_a_day_after_a_known_end_is_a_new_assignment(site: Database) -> None:
    """One day off between the two keeps them apart."""
    take_in(site, post("004512", "ICU", "2025-01-01", "2025-03-31"))
    result = take_in(site, post("004512", "ICU", "2025-04-02"))
    assert outcomes(result) == {"new": 1}
    assert days_in(site, "004512") == spans(("2025-01-01", "2025-03-31"), ("2025-04-02", None))


def test_a_row_that_goes_on_after_an_end_to_come_is_not_lost(site: Database) -> None:
    """A contract to September, then a row from October on without an end: they work on from October."""
    take_in(site, post("004512", "ICU", "2025-01-01", "2025-09-30"))
    result = take_in(site, post("004512", "ICU", "2025-10-01"))
    assert result.questions or days_in(site, "004512") == spans(("2025-01-01", None))


def test_a_row_lengthens_the_assignment_that_it_overlaps_not_one_that_it_only_adjoins(site: Database) -> None:
    """Two known stints: the row that corrects the first one's end leaves the second alone."""
    take_in(site, post("4512", "ICU", "2025-01-01", "2025-01-31"), post("4512", "ICU", "2025-03-01"))
    take_in(site, post("4512", "ICU", "2025-01-01", "2025-02-28"))
    assert days_in(site, "4512") == spans(("2025-01-01", None))
    held = [(first or ALWAYS, last or OPEN) for _, _, first, last in posts_of(site, "4512")]
    assert all(last < following for (_, last), (following, _) in pairwise(held))


def test_a_row_over_two_known_stints_makes_them_one(site: Database) -> None:
    """A row that covers a gap between two stints leaves nobody in the same unit and role twice on a day."""
    take_in(site, post("4512", "ICU", "2025-01-01", "2025-01-31"), post("4512", "ICU", "2025-03-01"))
    take_in(site, post("4512", "ICU", "2025-01-01"))
    assert posts_of(site, "4512") == [("ICU", "RN", on("2025-01-01"), None)]


def test_several_rows_of_a_person_are_several_assignments(site: Database) -> None:
    """One person in two units and in two roles of a unit, without a question, in one file."""
    result = take_in(site, post("4512", "ICU"), post("4512", "ED"), post("4512", "ICU", role="MD"))
    assert outcomes(result) == {"new": 3}
    assert [place[:2] for place in posts_of(site, "4512")] == [("ED", "RN"), ("ICU", "MD"), ("ICU", "RN")]


def test_employee_ids_are_compared_exactly(site: Database) -> None:
    """004512 is not 4512."""
    take_in(site, post("004512", name="Ann"), post("4512", name="Bob"))
    assert said_of(site, "identities", "004512") == [("004512", "Ann", None)]
    assert said_of(site, "identities", "4512") == [("4512", "Bob", None)]


def test_a_type_that_is_not_said_is_of_any(site: Database) -> None:
    """A roster that begins to say the employment type fills it in; one that stops saying it erases nothing."""
    take_in(site, post("4512", employment_type=None))
    assert outcomes(take_in(site, post("4512", employment_type="agency"))) == {"changed": 1}
    assert outcomes(take_in(site, post("4512", employment_type=None))) == {"unchanged": 1}
    assert said_of(site, "assignments", "4512") == [("ICU", "RN", "agency", None, None, None)]


def test_a_blank_never_erases(site: Database) -> None:
    """Name, email, manager, type and days stay where a later file leaves them out."""
    row = post("4512", "ICU", "2025-01-01", "2025-12-31", name="Ann", email="a@example.org", manager_email="m@b.org")
    take_in(site, row._replace(employment_type="employee"))
    before = facts_of(site)
    result = take_in(site, post("4512"))
    assert (result.batch, outcomes(result)) == (None, {"unchanged": 1})
    assert facts_of(site) == before


def test_a_name_or_address_in_a_later_file_replaces_the_known_one(site: Database) -> None:
    """Each field on its own: the last word holds, and nothing else of the person changes."""
    take_in(site, post("4512", name="Ann Lee", email="a@example.org"))
    assert outcomes(take_in(site, post("4512", name="Ann Lee-Jones"))) == {"changed": 1}
    assert said_of(site, "identities", "4512") == [("4512", "Ann Lee-Jones", "a@example.org")]


def test_the_case_and_blanks_of_a_unit_do_not_count(site: Database) -> None:
    """A unit or role spelt in another case is the known one, as it was first spelt."""
    take_in(site, post("4512", "Ward  3", role="Charge Nurse"))
    assert outcomes(take_in(site, post("4512", "ward 3", role="CHARGE nurse"))) == {"unchanged": 1}


def test_a_blank_end_after_a_known_end_that_has_passed_is_a_question(site: Database) -> None:
    """Nothing of the file goes in before it is answered."""
    take_in(site, post("4512", "ICU", "2025-01-01", "2025-06-14"))
    result = take_in(site, post("4512", "ICU", "2025-01-01"), post("17"))
    assert asked(result) == ["ended:4512:ICU"]
    assert result.batch is None
    assert posts_of(site, "17") == []


@pytest.mark.parametrize(("answer", "last"), [("ended", "2025-06-14"), ("open", None)])
def test_the_answer_to_a_blank_end_settles_it(site: Database, answer: str, last: str | None) -> None:
    """`ended`: the known end stands. `open`: they still work there."""
    take_in(site, post("4512", "ICU", "2025-01-01", "2025-06-14"))
    result = take_in(site, post("4512"), answers={"ended:4512:ICU": answer})
    assert not result.questions
    assert days_in(site, "4512") == spans(("2025-01-01", last))


@pytest.mark.parametrize("last", ["2025-06-15", "2025-12-31"])
def test_a_blank_end_before_a_known_end_is_no_question(site: Database, last: str) -> None:
    """An end that is still to come, today's included, stays."""
    take_in(site, post("4512", "ICU", "2025-01-01", last))
    assert outcomes(take_in(site, post("4512"))) == {"unchanged": 1}
    assert days_in(site, "4512") == spans(("2025-01-01", last))


@pytest.mark.parametrize(("unit_name", "role"), [("ED", "RN"), ("ICU", "MD")])
def test_a_row_in_another_unit_or_role_is_a_question(site: Database, unit_name: str, role: str) -> None:
    """Moved, or works here too? Until that is said, nothing of the file goes in."""
    take_in(site, post("4512", "ICU", "2025-01-01"))
    result = take_in(site, post("4512", unit_name, "2025-06-01", role=role), post("17"))
    assert asked(result) == [f"other_unit:4512:{unit_name}"]
    assert (result.batch, posts_of(site, "17")) == (None, [])


def test_moved_ends_the_old_assignment_the_day_before_the_new_one_starts(site: Database) -> None:
    """The old one ends, the new one begins, and the row says so."""
    take_in(site, post("4512", "ICU", "2025-01-01"))
    result = take_in(site, post("4512", "ED", "2025-06-01"), other_unit="moved")
    assert outcomes(result) == {"moved": 1}
    assert days_in(site, "4512", "ICU") == spans(("2025-01-01", "2025-05-31"))
    assert days_in(site, "4512", "ED") == spans(("2025-06-01", None))


def test_moved_without_a_start_begins_on_the_day_of_the_import(site: Database) -> None:
    """The old assignment ends yesterday."""
    take_in(site, post("4512", "ICU", "2025-01-01"))
    take_in(site, post("4512", "ED"), other_unit="moved")
    assert days_in(site, "4512", "ICU") == spans(("2025-01-01", "2025-06-14"))
    assert days_in(site, "4512", "ED") == spans(("2025-06-15", None))


@pytest.mark.parametrize("starts", ["2025-01-01", "2024-12-01"])
def test_moved_on_the_old_start_or_before_leaves_nothing_of_the_old(site: Database, starts: str) -> None:
    """They never worked in the old unit, as it turns out."""
    take_in(site, post("4512", "ICU", "2025-01-01"))
    take_in(site, post("4512", "ED", starts), other_unit="moved")
    assert posts_of(site, "4512") == [("ED", "RN", on(starts), None)]


def test_also_keeps_both(site: Database) -> None:
    """Works here too: the old assignment stays open."""
    take_in(site, post("4512", "ICU", "2025-01-01"))
    assert outcomes(take_in(site, post("4512", "ED", "2025-06-01"), other_unit="also")) == {"new": 1}
    assert days_in(site, "4512", "ICU") == spans(("2025-01-01", None))
    assert days_in(site, "4512", "ED") == spans(("2025-06-01", None))


def test_one_person_may_be_answered_otherwise_than_the_rest(site: Database) -> None:
    """An answer to the question itself goes before the option for all."""
    take_in(site, post("4512"), post("004512"))
    answers = {"other_unit:4512:ED": "also"}
    take_in(site, post("4512", "ED"), post("004512", "ED"), other_unit="moved", answers=answers)
    assert days_in(site, "4512") == spans((None, None))
    assert days_in(site, "004512") == spans((None, "2025-06-14"))


def test_an_assignment_that_ended_is_no_reason_to_ask(site: Database) -> None:
    """Who left the ICU in March may be in the ED from April on."""
    take_in(site, post("4512", "ICU", "2025-01-01", "2025-03-31"))
    assert outcomes(take_in(site, post("4512", "ED", "2025-04-01"))) == {"new": 1}


def test_a_past_stint_elsewhere_is_never_recorded_back_to_front(site: Database) -> None:
    """A row without a start whose end has passed: whatever is answered, no assignment ends before it starts."""
    take_in(site, post("4512", "ICU", "2025-01-01"))
    take_in(site, post("4512", "ED", None, "2025-03-31"), other_unit="moved")
    assert all((first or ALWAYS) <= (last or OPEN) for _, _, first, last in posts_of(site, "4512"))


def test_the_same_move_again_changes_nothing(site: Database) -> None:
    """Also a day later, without a start of its own."""
    take_in(site, post("4512", "ICU", "2025-01-01"))
    take_in(site, post("4512", "ED"), other_unit="moved")
    again = take_in(site, post("4512", "ED"), other_unit="moved", today=date(2025, 6, 16))
    assert (again.batch, outcomes(again)) == (None, {"unchanged": 1})


def test_questions_and_lines_say_the_name_beside_the_id(site: Database) -> None:
    """The one on record; where somebody has no role, none is made up, and a change of the name says both names."""
    take_in(site, post("004513", "ICU", "2025-01-01", name="Brian O'Brien"))
    result = take_in(site, post("004513", "ED", role="", name="Brian O'Brien"))
    said = "004513 (Brian O'Brien) is in the file in ED, but is known in ICU (RN). Moved, or works here too?"
    assert result.questions[0][1].text == said
    moved = take_in(site, post("004513", "ED", "2025-03-01", role="MD", name="Brian"), other_unit="moved", dry_run=True)
    reasons = [note.reason for note in moved.rows]
    assert reasons[0].startswith("004513 (Brian O'Brien) moves to ED (MD) from 2025-03-01")
    assert "004513: Brian O'Brien → Brian." in reasons
