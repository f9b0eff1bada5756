"""Lists of several hands spell roles, types and names differently: what is the same, and what is asked. RULES: 7."""

import pytest

from actions.ward import (
    USUAL,
    asked,
    facts_of,
    file,
    govern,
    outcomes,
    post,
    posts_of,
    said_of,
    table,
    take_files,
    take_in,
)
from tracker.db.connect import Database
from tracker.intake.rows import RosterRow

ROLES = """
[[roles]]
id = "RN"
names = ["RN*", "Registered Nurse*", "Charge Nurse"]
[[roles]]
id = "MD"
names = ["Physician*"]
[[requirements]]
id = "charge"
any_of = ["ALS"]
roles = ["Charge Nurse"]
"""


@pytest.fixture
def known(database: Database) -> Database:
    """A site whose policy knows roles by several names, with one nurse as personnel has her."""
    govern(database, USUAL + ROLES)
    take_in(database, hr("4512"))
    return database


def hr(employee_id: str, employment_type: str | None = None) -> RosterRow:
    """A row of personnel's list."""
    return post(employee_id, "ICU", "2025-01-01", role="Registered Nurse", employment_type=employment_type)


@pytest.mark.parametrize("role", ["RN", "rn ii", "REGISTERED nurse"])
def test_another_spelling_of_a_role_is_the_same_assignment(known: Database, role: str) -> None:
    """The spelling on record stays, and the same two files again change nothing."""
    assert outcomes(take_in(known, post("4512", "ICU", role=role))) == {"unchanged": 1}
    assert [place[1] for place in posts_of(known, "4512")] == ["Registered Nurse"]
    files = [file(table([hr("4512")])), file(table([post("4512", "ICU", role=role)]))]
    assert take_files(known, *files).batch is None


@pytest.mark.parametrize("role", ["MD", "Physician", "Clerk"])
def test_another_role_in_the_unit_is_asked(known: Database, role: str) -> None:
    """A role of another id, or one that the policy does not know, is another role."""
    assert asked(take_in(known, post("4512", "ICU", role=role))) == ["other_unit:4512:ICU"]


def test_a_role_that_a_requirement_tells_apart_is_another(known: Database) -> None:
    """A charge nurse is an RN, but of her more is asked: who is said to be one now is not left as she was."""
    assert asked(take_in(known, post("4512", "ICU", role="Charge Nurse"))) == ["other_unit:4512:ICU"]


def test_two_spellings_of_a_role_in_one_file_are_one_assignment(known: Database) -> None:
    """Two rows of one person in one unit, as RN and as Registered Nurse."""
    rows = [post("9", "ED", "2025-01-01", role="RN"), post("9", "ED", "2025-01-01", role="Registered Nurse")]
    take_in(known, *rows)
    assert [place[:2] for place in posts_of(known, "9")] == [("ED", "RN")]
    assert take_in(known, *rows).batch is None


@pytest.mark.parametrize("written", ["full-time", " FULL-TIME "])
def test_the_case_of_an_employment_type_does_not_count(known: Database, written: str) -> None:
    """Known as Full-time, in the file in another case: the same."""
    take_in(known, hr("4512", employment_type="Full-time"))
    assert outcomes(take_in(known, hr("4512", employment_type=written))) == {"unchanged": 1}


@pytest.mark.parametrize("ends", [None, "2025-12-31"])
@pytest.mark.parametrize("other_unit", [None, "also"])
def test_another_employment_type_doubles_nobody_unasked(
    site: Database, ends: str | None, other_unit: str | None
) -> None:
    """Nor does the word that people of the file work in another unit too: it does not speak of these."""
    take_in(site, post("4512", "ICU", "2025-01-01", ends, employment_type="Full-time"))
    result = take_in(site, post("4512", "ICU", "2025-01-01", employment_type="FT"), other_unit=other_unit)
    assert asked(result) == ["other_unit:4512:ICU"]
    assert "'FT', but is known in ICU (RN, Full-time)" in result.questions[0][1].text
    assert len(posts_of(site, "4512")) == 1


@pytest.mark.parametrize(("answer", "types"), [("moved", ["FT"]), ("also", ["FT", "Full-time"])])
def test_the_answer_to_another_employment_type_settles_it(site: Database, answer: str, types: list[str]) -> None:
    """`moved`: it is the new type instead. `also`: both. Their other places are left alone."""
    known = [post("4512", "ICU", "2025-01-01", employment_type="Full-time"), post("4512", "ED", "2025-01-01")]
    take_in(site, *known)
    row = post("4512", "ICU", "2025-01-01", employment_type="FT")
    take_in(site, row, answers={"other_unit:4512:ICU": answer})
    assert sorted(kind for unit, _, kind, *_ in said_of(site, "assignments", "4512") if unit == "ICU") == types
    assert [place[0] for place in posts_of(site, "4512") if place[3] is None] == ["ED", *["ICU"] * len(types)]


@pytest.mark.parametrize("starts", [None, "2025-06-01"])
def test_a_move_keeps_what_the_row_does_not_say(site: Database, starts: str | None) -> None:
    """Role and employment type of the old place hold in the new one; its manager does not, being another's."""
    take_in(site, post("4512", "ICU", "2025-01-01", employment_type="agency", manager_email="m@b.org"))
    row = post("4512", "ED", starts, role="")
    take_in(site, row, other_unit="moved")
    [moved] = [fact for fact in said_of(site, "assignments", "4512") if fact[0] == "ED"]
    assert moved[1:4] == ("RN", "agency", None)
    assert take_in(site, row, other_unit="moved").batch is None


def test_an_assignment_that_goes_on_keeps_its_employment_type(site: Database) -> None:
    """A row from the day after the known end, without a type, is of the same type."""
    take_in(site, post("4512", "ICU", "2025-01-01", "2025-09-30", employment_type="agency"))
    take_in(site, post("4512", "ICU", "2025-10-01", "2025-12-31"))
    assert {fact[2] for fact in said_of(site, "assignments", "4512")} == {"agency"}


@pytest.mark.parametrize(
    ("known_as", "written"),
    [
        ("Ada Wren", "Wren, Ada"),
        ("Wren, Ada", "Ada Wren"),
        ("Ada M. Wren", "WREN,  ADA M."),
        ("José María de la Fontana", "de la Fontana, José María"),
    ],
)
def test_a_name_in_another_order_is_the_same(site: Database, known_as: str, written: str) -> None:
    """First name first or last name first: what is on record stays, so that two lists do not rename each other."""
    take_in(site, post("4512", name=known_as))
    assert outcomes(take_in(site, post("4512", name=written))) == {"unchanged": 1}
    assert said_of(site, "identities", "4512") == [("4512", known_as, None)]


@pytest.mark.parametrize("written", ["Ada Wren-Lee", "Lee, Ada", "ada wren", "Ada", "Wren, Ada, RN"])
def test_another_name_is_a_correction(site: Database, written: str) -> None:
    """Also one that differs in the case of its letters only, which nothing else could put right."""
    take_in(site, post("4512", name="Ada Wren"))
    take_in(site, post("4512", name=written))
    assert said_of(site, "identities", "4512") == [("4512", written, None)]


@pytest.mark.parametrize(
    ("one", "other"), [("Ada Wren", "Bo Field"), ("Ada Wren", "Ada Field"), ("Wren, Ada", "Wren, Bo")]
)
def test_one_id_beside_two_names_goes_in_under_neither(site: Database, one: str, other: str) -> None:
    """Nobody can say whose the id is: both rows come back, each naming both."""
    result = take_in(site, post("4512", "ICU", name=one), post("7"), post("4512", "ED", name=other))
    assert outcomes(result) == {"new": 1, "rejected": 2}
    assert said_of(site, "identities", "4512") == posts_of(site, "4512") == []
    reasons = {note.reason for note in result.rows}
    assert len(reasons) == 1
    assert f"{one} in row 2 and {other} in row 4" in reasons.pop()


def test_two_names_on_two_sheets_name_their_sheets(site: Database) -> None:
    """The reason says on which sheet each row stands."""
    sheets = [table([post("4512", name=name)]) for name in ("Ada Wren", "Bo Field")]
    for sheet, title in zip(sheets, ("Days", "Nights"), strict=True):
        sheet.sheet = title
    result = take_in(site, *sheets)
    assert "Ada Wren in row 2 of sheet Days and Bo Field in row 2 of sheet Nights" in result.rows[0].reason


def test_who_is_known_keeps_the_rows_under_the_own_name(site: Database) -> None:
    """The other row under the id is somebody else's: it is rejected, and the person on record is not renamed."""
    take_in(site, post("4512", "ICU", "2025-01-01", name="Ada Wren"))
    result = take_in(site, post("4512", name="Wren, Ada M."), post("4512", "ED", name="Bo Field"))
    assert outcomes(result)["rejected"] == 1
    assert [place[0] for place in posts_of(site, "4512")] == ["ICU"]
    assert "Bo" not in str(facts_of(site))


@pytest.mark.parametrize("other", ["Wren, Ada", "ADA WREN", "Ada M. Wren", "A. Wren", "Ada Wren-Lee", "Áda Wren"])
def test_a_name_in_other_words_is_one_person(site: Database, other: str) -> None:
    """Another order or case, a middle name, an initial, a second last name: one person, by the lower row's name."""
    result = take_in(site, post("4512", "ICU", name="Ada Wren"), post("4512", "ED", name=other))
    assert outcomes(result) == {"new": 2}
    assert said_of(site, "identities", "4512") == [("4512", other, None)]
