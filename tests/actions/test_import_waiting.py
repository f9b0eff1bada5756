"""Files that name people whom only a file that stays out brings wait for it. RULES: section 7."""

import pytest

from actions.ward import away, card, facts_of, file, post, said_of, table, take_files, take_in
from tracker.db.connect import Database
from tracker.intake.rows import Question, Reading, RosterRow


def roster(*rows: RosterRow, name: str = "hr.csv") -> Reading:
    """A roster that asks about 4512, who is known elsewhere, and names others."""
    return file(table([post("4512", "Lab"), *rows]), name=name)


def unread(*named: str) -> Reading:
    """A roster with a question about its dates: of its rows only the ids are known."""
    question = Question("date-order", "date_order", "Day or month first?", ("dmy", "mdy"), "--date-order")
    return Reading("hr.csv", "0" * 64, [], [question], [], list(named))


@pytest.mark.parametrize("hr", [roster(post("N-1", "Lab"), post("N-2", "Lab")), unread("4512", "N-1", "N-2")])
@pytest.mark.parametrize("rows", [[card("N-1", "2025-01-10"), card("4512", "2025-01-10")], [away("N-2", "2025-01-01")]])
def test_a_file_waits_for_the_roster_that_brings_its_people(ward: Database, hr: Reading, rows: list[RosterRow]) -> None:
    """Nothing of it goes in, no row is rejected, and one sentence names the file whose questions come first."""
    before = facts_of(ward)
    result = take_files(ward, file(table(rows), name="theirs.csv"), hr)
    assert [name for name, _ in result.questions] == ["hr.csv"]
    [(name, why)] = result.refused
    assert name == "theirs.csv"
    assert "settle hr.csv first" in why
    assert (result.rows, result.batch, facts_of(ward)) == ([], None, before)


@pytest.mark.parametrize("hr", [roster(post("N-1", "Lab")), unread("4512", "N-1")])
def test_a_file_whose_people_are_all_known_stands_alone(ward: Database, hr: Reading) -> None:
    """Known on record, or by another roster of the command that goes in."""
    other = file(table([post("N-2", "ED"), post("N-1", "Lab")]), name="ed.csv")
    cards = file(table([card("4512", "2025-01-10"), card("N-1", "2025-01-10"), card("N-2", "2025-01-10")]))
    result = take_files(ward, cards, hr, other)
    assert (result.refused, result.counts["new"], result.counts["rejected"]) == ([], 5, 0)


def test_who_is_in_no_file_at_all_is_rejected_as_ever(ward: Database) -> None:
    """A mistyped id in a list of cards waits for nothing."""
    cards = file(table([card("4512", "2025-01-10"), card("45l2", "2025-01-10")]))
    result = take_files(ward, cards, roster(post("N-1", "Lab")))
    assert (result.refused, result.counts["new"], result.counts["rejected"]) == ([], 1, 1)


def test_a_file_that_waits_keeps_those_out_that_need_it(ward: Database) -> None:
    """A workbook brings N-2 and has a card of N-1, who waits: a list about N-2 waits for the same roster."""
    book = file(table([post("N-2", "ED")]), table([card("N-1", "2025-01-10")]), name="book.xlsx")
    absences = file(table([away("N-2", "2025-01-01")]), name="away.csv")
    result = take_files(ward, absences, book, roster(post("N-1", "Lab")))
    assert [name for name, _ in result.refused] == ["book.xlsx", "away.csv"]
    assert all("settle hr.csv first" in why for _, why in result.refused)
    assert said_of(ward, "identities", "N-2") == []


def test_all_goes_in_once_the_roster_is_settled(ward: Database) -> None:
    """With the answer nothing waits any more."""
    cards = file(table([card("N-1", "2025-01-10")]), name="cards.csv")
    result = take_files(ward, cards, roster(post("N-1", "Lab")), other_unit="also")
    assert (result.refused, result.questions, result.counts["new"]) == ([], [], 3)


def test_of_a_whole_roster_that_stays_out_likewise(ward: Database) -> None:
    """One of two rosters has a question, so that neither goes in, and so does no card of their people."""
    rosters = [roster(post("N-1", "Lab")), file(table([post("N-2", "ED")]), name="ed.csv")]
    take_in(ward, post("E-7", "Lab"))
    result = take_files(ward, *rosters, file(table([card("N-2", "2025-01-10")]), name="c.csv"), whole_roster=True)
    assert {name for name, _ in result.refused} == {"ed.csv", "c.csv"}
    assert result.rows == []
