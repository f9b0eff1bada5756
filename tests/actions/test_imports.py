"""What holds of any import: its files, its sheets, a dry run. RULES: section 7."""

import pytest

from actions.ward import (
    card,
    changes_in,
    facts_of,
    file,
    post,
    posts_of,
    said_of,
    table,
    take_files,
    take_in,
    unit,
)
from tracker.db.connect import Database
from tracker.domain.errors import BadInput


def test_sheets_that_spell_a_person_differently_change_nothing_the_second_time(site: Database) -> None:
    """One workbook, a sheet a unit, a name in two spellings: the same file twice is one batch."""
    sheets = (table([post("4512", "ICU", name="Ann Lee")]), table([post("4512", "ED", name="Ann M. Lee")]))
    take_in(site, *sheets, other_unit="also")
    assert take_in(site, *sheets, other_unit="also").batch is None


def test_sheets_that_contradict_each_other_about_a_card_change_nothing_the_second_time(site: Database) -> None:
    """Two sheets of one workbook say two things of one number: the card does not change at every import."""
    take_in(site, post("4512"))
    sheets = (table([card("4512", "2025-01-10", None, "77")]), table([card("4512", "2025-02-10", None, "77")]))
    take_in(site, *sheets)
    assert take_in(site, *sheets).batch is None


def test_each_file_stands_alone(site: Database) -> None:
    """Of two files the one with a question stays out whole, the other goes in whole."""
    take_in(site, post("4512", "ED"))
    asking = file(table([post("4512", "Lab"), post("N-1", "Lab")]), name="asking.csv")
    good = file(table([unit("ICU", "North")]), table([post("N-2", "ICU")]), name="good.csv")
    result = take_files(site, asking, good)
    assert [name for name, _ in result.questions] == ["asking.csv"]
    assert said_of(site, "units", None) == [("ICU", "North", None, None)]
    assert (posts_of(site, "N-1"), len(posts_of(site, "N-2"))) == ([], 1)


def test_a_dry_run_tells_what_would_happen_and_changes_nothing(site: Database) -> None:
    """Its outcomes are those of the import that follows."""
    rows = [post("4512", name="Ann"), post("004512", "Lab", role="Clerk")]
    before, changes = facts_of(site), changes_in(site)
    told = take_in(site, *rows, dry_run=True)
    assert (told.batch, facts_of(site), changes_in(site)) == (None, before, changes)
    done = take_in(site, *rows)
    assert (told.counts, told.rows, told.unmatched) == (done.counts, done.rows, done.unmatched)


def test_people_whom_no_requirement_matches_are_named(site: Database) -> None:
    """A role that the policy does not know must never look like perfection."""
    result = take_in(site, post("4512"), post("004512", role="Registred Nurse"))
    assert result.unmatched == ["004512"]


def test_without_a_policy_nothing_goes_in(database: Database) -> None:
    """The sentence names the command that puts one in force."""
    with pytest.raises(BadInput, match="policy apply"):
        take_in(database, post("4512"))
    assert changes_in(database) == 0
