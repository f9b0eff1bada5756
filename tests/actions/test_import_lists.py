"""What rows about absences, exemptions and units add, and what is rejected. RULES: section 7."""

from actions.ward import USUAL, away, excused, govern, on, outcomes, said_of, take_in, unit
from tracker.db.connect import Database


def test_an_absence_that_begins_on_the_same_day_is_the_same(ward: Database) -> None:
    """Its end may be filled in or corrected; a blank erases nothing."""
    take_in(ward, away("4512", "2025-05-01"))
    assert outcomes(take_in(ward, away("4512", "2025-05-01", "2025-07-31"))) == {"changed": 1}
    assert outcomes(take_in(ward, away("4512", "2025-05-01"))) == {"unchanged": 1}
    assert said_of(ward, "absences", "4512") == [(on("2025-05-01"), on("2025-07-31"))]


def test_absences_that_contradict_each_other_or_are_of_nobody_are_rejected(ward: Database) -> None:
    """The first of the two stands, and the file changes nothing the second time."""
    rows = [
        away("4512", "2025-05-01", "2025-07-31"),
        away("4512", "2025-05-01", "2025-08-31"),
        away("N-1", "2025-05-01"),
    ]
    assert outcomes(take_in(ward, *rows)) == {"new": 1, "rejected": 2}
    assert outcomes(take_in(ward, *rows)) == {"unchanged": 1, "rejected": 2}
    assert said_of(ward, "absences", "4512") == [(on("2025-05-01"), on("2025-07-31"))]


def test_an_exemption_from_a_requirement_that_the_policy_does_not_have_is_rejected(ward: Database) -> None:
    """The reason names those that it has, and the good rows go in."""
    rows = [excused("4512", "2025-05-01", "2025-07-31", "BLS!"), excused("4512", "2025-05-01", "2025-07-31", "acls")]
    result = take_in(ward, *rows)
    assert outcomes(result) == {"rejected": 1, "new": 1}
    assert "acls, bls" in result.rows[0].reason


def test_an_exemption_is_the_same_by_requirement_and_first_day(ward: Database) -> None:
    """Its end is corrected; approver and reason are filled in and never erased."""
    take_in(ward, excused("4512", "2025-05-01", "2025-07-31", approver="Dr. No", reason="Injury"))
    assert outcomes(take_in(ward, excused("4512", "2025-05-01", "2025-06-30"))) == {"changed": 1}
    assert said_of(ward, "exemptions", "4512") == [("bls", on("2025-05-01"), on("2025-06-30"), "Dr. No", "Injury")]


def test_a_unit_is_recorded_once(site: Database) -> None:
    """By its name in any case; what a later row says replaces, what it leaves blank stays."""
    take_in(site, unit("ICU", "North", "m@example.org"))
    assert outcomes(take_in(site, unit("icu", None, None, "d@example.org"))) == {"changed": 1}
    assert outcomes(take_in(site, unit("ICU "))) == {"unchanged": 1}
    assert said_of(site, "units", None) == [("ICU", "North", "m@example.org", "d@example.org")]


def test_rows_of_a_file_that_contradict_each_other_about_a_unit_are_told(site: Database) -> None:
    """The second is rejected and names the first; the same file changes nothing the second time."""
    rows = [unit("ICU", "North"), unit("icu", "South")]
    result = take_in(site, *rows)
    assert outcomes(result) == {"new": 1, "rejected": 1}
    assert "Row 2" in result.rows[-1].reason
    assert outcomes(take_in(site, *rows)) == {"unchanged": 1, "rejected": 1}


def test_an_exemption_may_be_from_a_requirement_of_another_version(ward: Database) -> None:
    """A version that is to come has its own requirements, and people may be exempt from them beforehand."""
    govern(ward, USUAL.replace('id = "acls"', 'id = "acute"'), on("2026-01-01"))
    rows = [excused("4512", "2025-05-01", "2025-07-31", name) for name in ("acls", "acute")]
    assert outcomes(take_in(ward, *rows)) == {"new": 2}
