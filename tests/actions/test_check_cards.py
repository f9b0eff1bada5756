"""Answers from a file: all good rows in one change, nothing guessed, the second time nothing. RULES: section 1."""

from pathlib import Path

import pytest

from actions.test_change_card import enter
from actions.ward import AUTHOR, TODAY, USUAL, card, changes_in, govern, post, said_of, staff, take_in
from tracker.actions.change_card import record_card
from tracker.actions.check_cards import Answered, list_checks, page_of_checks, record_answers
from tracker.db.checks import Unasked
from tracker.db.connect import Database
from tracker.domain.checking import Checks
from tracker.domain.facts import Card
from tracker.domain.scope import EVERYONE, InUnits, OnePerson, Scope
from tracker.intake.answers import Settled, read_answers
from tracker.intake.rows import DateOrder

CODE = "251100000017"
HEAD = "number,answer,checked_on,checked_by,revoked_from\n"


def answer(
    database: Database,
    folder: Path,
    text: str,
    on: bool = False,
    order: DateOrder | None = None,
    scope: Scope = EVERYONE,
) -> Answered:
    """Takes in a file of answers."""
    path = folder / "answers.csv"
    path.write_text(text)
    read = read_answers(path, Settled(TODAY, TODAY if on else None, order))
    return record_answers(database, AUTHOR, scope, read, "issuer's page")


def answers(database: Database) -> list[tuple[str, ...]]:
    """What was answered about the nurse's cards: answer, from when, checked on, by whom."""
    return sorted(tuple(map(str, fact[1:5])) for fact in said_of(database, "verifications", "4512"))


def reasons(result: Answered) -> list[tuple[int, str | None]]:
    """The rows that were rejected, and the field for which."""
    return [(one.row, one.field) for one in result.rejected]


def test_answers_are_recorded_with_who_and_when_in_one_change(ward: Database, tmp_path: Path) -> None:
    enter(ward, "2025-01-10", number=CODE)
    enter(ward, "2025-02-10", number="251100000018", type="ACLS")
    changes = changes_in(ward)
    text = HEAD + "2511 0000 0017,Valid,2025-06-01,kim,\n251100000018,REVOKED,2025-06-02,,2025-05-01\n"
    assert answer(ward, tmp_path, text) == Answered(recorded=2)
    assert answers(ward) == [
        ("confirmed", "None", "2025-06-01", "kim"),
        ("revoked", "2025-05-01", "2025-06-02", AUTHOR.actor),
    ]
    assert changes_in(ward) == changes + 1


def test_the_same_file_twice_records_nothing_the_second_time(ward: Database, tmp_path: Path) -> None:
    """Nor does a row that the file has twice."""
    enter(ward, "2025-01-10", number=CODE)
    text = HEAD + f"{CODE},not found,2025-06-01,kim,\n{CODE},not_found,2025-06-01,kim,\n"
    assert answer(ward, tmp_path, text) == Answered(recorded=1, unchanged=1)
    changes = changes_in(ward)
    assert answer(ward, tmp_path, text) == Answered(unchanged=2)
    assert changes_in(ward) == changes


def test_a_card_may_be_named_by_its_person_and_number_in_the_records(ward: Database, tmp_path: Path) -> None:
    card = enter(ward, "2025-01-10")
    text = f"Employee ID;Card;Answer;Checked on\n4512;{card};Active;06/13/2025\n04512;{card};Active;06/13/2025\n"
    result = answer(ward, tmp_path, text)
    assert (result.recorded, reasons(result)) == (1, [(3, "card")])


def test_a_number_that_two_people_have_is_rejected_until_the_person_is_named(ward: Database, tmp_path: Path) -> None:
    enter(ward, "2025-01-10", number=CODE)
    take_in(ward, post("4513", "ICU", "2025-01-01"))
    wanted = Card(0, "BLS", "AHA", TODAY.replace(day=1), None, CODE)
    record_card(ward, AUTHOR, "4513", wanted, TODAY)
    result = answer(ward, tmp_path, HEAD + f"{CODE},valid,2025-06-01,,\n")
    assert reasons(result) == [(2, "number")]
    assert "More than one person" in result.rejected[0].reason
    text = f"number,employee_id,answer,checked_on\n{CODE},4512,valid,2025-06-01\n"
    assert answer(ward, tmp_path, text) == Answered(recorded=1)
    assert len(answers(ward)) == 1


def test_rows_that_contradict_one_another_are_rejected_both(ward: Database, tmp_path: Path) -> None:
    """On one day; of two days each is an answer."""
    enter(ward, "2025-01-10", number=CODE)
    rows = f"{CODE},valid,2025-06-01,,\n{CODE},not found,2025-06-01,,\n{CODE},valid,2025-06-02,,\n"
    result = answer(ward, tmp_path, HEAD + rows)
    assert (result.recorded, reasons(result)) == (1, [(2, "answer"), (3, "answer")])


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (f"{CODE},expired,2025-06-01,,", "answer"),
        (f"{CODE},,2025-06-01,,", "answer"),
        (f"{CODE},valid,,,", "checked_on"),
        (f"{CODE},valid,2025-06-16,,", "checked_on"),
        (f"{CODE},valid,2025-06,,", "checked_on"),
        (f"{CODE},valid,03/04/2025,,", "checked_on"),
        (f"{CODE},valid,soon,,", "checked_on"),
        (f"{CODE},valid,2025-06-01,,2025-05-01", "revoked_from"),
        ("2.511E+11,valid,2025-06-01,,", "number"),
        (",valid,2025-06-01,,", "number"),
    ],
)
def test_a_bad_row_is_rejected_with_its_field_and_the_good_ones_go_in(
    ward: Database, tmp_path: Path, row: str, field: str
) -> None:
    enter(ward, "2025-01-10", number=CODE)
    result = answer(ward, tmp_path, HEAD + f"{row}\n{CODE},valid,2025-05-01,,\n\n")
    assert (result.recorded, reasons(result)) == (1, [(2, field)])
    assert result.rejected[0].reason.endswith(".")


def test_what_a_row_does_not_say_may_be_said_for_the_whole_file(ward: Database, tmp_path: Path) -> None:
    """The day of checking, and the order of day and month; an unambiguous date of the file settles that, too."""
    enter(ward, "2025-01-10", number=CODE)
    assert answer(ward, tmp_path, HEAD + f"{CODE},valid,,,\n", on=True).recorded == 1
    assert answer(ward, tmp_path, HEAD + f"{CODE},valid,03/04/2025,,\n", order="dmy").recorded == 1
    assert answer(ward, tmp_path, HEAD + f"{CODE},valid,05/04/2025,,\n{CODE},valid,05/13/2025,,\n").recorded == 2
    days = {str(each[2]) for each in answers(ward)}
    assert days == {str(TODAY), "2025-04-03", "2025-05-04", "2025-05-13"}


def test_only_whom_the_scope_covers_is_listed(ward: Database) -> None:
    """The policy here has no page to check at, so nothing is; with one, the unit decides."""
    enter(ward, "2025-01-10", number=CODE)
    assert list_checks(ward, EVERYONE, TODAY).by_issuer == {}
    assert list_checks(ward, InUnits(("ED",)), TODAY).by_issuer == {}


def test_an_answer_about_somebody_outside_the_scope_is_not_taken(ward: Database, tmp_path: Path) -> None:
    """Nor does the reason say more than that there is no such card."""
    enter(ward, "2025-01-10", number=CODE)
    take_in(ward, post("4513", "ED", "2025-01-01"))
    text = HEAD + f"{CODE},valid,2025-06-01,,\n"
    assert reasons(answer(ward, tmp_path, text, scope=OnePerson("4513"))) == [(2, "number")]
    assert answer(ward, tmp_path, text, scope=InUnits(("ICU",))) == Answered(recorded=1)


def test_pages_hold_what_the_whole_list_holds(ward: Database) -> None:
    """However few cards a page looks at: those to check and those apart, each once."""
    govern(ward, USUAL.replace('id = "AHA"\n', 'id = "AHA"\ncheck_at = "https://issuer.example"\n', 1))
    people = staff(12)
    take_in(ward, *people)
    printed = [
        ("2025-01-05", None),
        ("2022-01-05", None),
        (None, "2025-06"),
        ("2023-06-01", "2025-06-30"),
        (None, "2027-01"),
    ]
    numbers = ["C-1", None, "c 1", *(f"C-{at}" for at in range(2, 11))]
    take_in(ward, *(card(one.employee_id, *printed[at % 5], numbers[at]) for at, one in enumerate(people)))
    whole, paged = list_checks(ward, EVERYONE, TODAY), Checks({}, [])
    place: Unasked | None = Unasked(0, 0)
    while place is not None:
        page = page_of_checks(ward, EVERYONE, TODAY, place, 2)
        paged.apart.extend(page.checks.apart)
        for issuer, some in page.checks.by_issuer.items():
            paged.by_issuer.setdefault(issuer, []).extend(some)
        place = page.follows
    assert paged == whole
    assert (bool(whole.apart), bool(whole.by_issuer)) == (True, True)
