"""What a certificate says is read by its labels; what is not clear stays empty and is never guessed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.certificates import CENTER, CODE, INSTRUCTOR, NAME, new_ecard, old_ecard, red_cross
from tracker.intake.certificate import Certificate, read_certificate
from tracker.intake.guard import text_of_pdf

ReadPdf = Callable[[bytes], Certificate]
Layout = Callable[..., bytes]

TYPES = {
    "bls": "BLS",
    "basic life support": "BLS",
    "acls": "ACLS",
    "advanced cardiovascular life support": "ACLS",
    "pals": "PALS",
    "pediatric advanced life support": "PALS",
    "als": "ALS",
    "advanced life support": "ALS",
}
HEAD = """\
AMERICAN HEART ASSOCIATION
BLS Provider
Ada Zoe Ali
has successfully completed the cognitive and skills evaluations
06/12/2026   06/2028
Issue Date   Recommended Renewal Date
"""


def read(text: str) -> Certificate:
    """What a text says, in the words of a policy."""
    return read_certificate(text, TYPES)


@pytest.fixture
def read_pdf(tmp_path: Path) -> ReadPdf:
    """Read a PDF as the program does: its text in the guarded child, then the text."""

    def of(data: bytes) -> Certificate:
        path = tmp_path / "certificate.pdf"
        path.write_bytes(data)
        return read(text_of_pdf(path, path.name))

    return of


@pytest.mark.parametrize("layout", [old_ecard, new_ecard])
def test_both_layouts_of_an_ecard_are_read(read_pdf: ReadPdf, layout: Layout) -> None:
    """Though the Training Center is called after another course and the instructor's id has 12 digits, too."""
    found = read_pdf(layout())
    assert found.unread == {}
    assert {key: one.value for key, one in found.found.items()} == {
        "holder": NAME,
        "type": "BLS",
        "issuer": "American Heart Association",
        "issued_on": "2025-01-05",
        "stated": "2027-01",
        "number": CODE,
    }


@pytest.mark.parametrize("shift", [-22, -12, 0, 8, 21])
def test_columns_that_do_not_stand_level_do_not_change_a_reading(read_pdf: ReadPdf, shift: float) -> None:
    """However a value of one column comes to stand beside a label of the other: the code, or nothing."""
    found = read_pdf(new_ecard(shift=shift))
    assert found.value("number") in (CODE, None)
    assert found.value("issued_on") in ("2025-01-05", None)
    assert found.value("stated") in ("2027-01", None)


@pytest.mark.parametrize("layout", [old_ecard, new_ecard])
@pytest.mark.parametrize("number", ["", CENTER, INSTRUCTOR, "25110000001", "2511000000178"])
def test_where_there_is_no_code_nothing_else_is_taken_for_it(read_pdf: ReadPdf, layout: Layout, number: str) -> None:
    """Neither the Training Center's id nor the instructor's nor a number of another length; the reason is given."""
    found = read_pdf(layout(number=number))
    assert found.value("number") is None
    assert found.unread["number"].endswith(".")


def test_a_certificate_of_the_red_cross_is_read(read_pdf: ReadPdf) -> None:
    """It prints no expiry: that stays empty, and the policy reckons it."""
    found = read_pdf(red_cross())
    assert {key: one.value for key, one in found.found.items()} == {
        "holder": NAME,
        "type": "BLS",
        "issuer": "American Red Cross",
        "issued_on": "2025-01-05",
        "number": "GZ4ZQN",
    }
    assert list(found.unread) == ["stated"]


@pytest.mark.parametrize(
    ("course", "kind"),
    [
        ("Pediatric Advanced Life Support (PALS)", "PALS"),
        ("Advanced Life Support: valid 2 Years", "ALS"),
        ("Adult and Pediatric First Aid/CPR/AED", None),
        ("BLS and ACLS", None),
    ],
)
def test_a_longer_title_is_not_taken_for_a_shorter_one(read_pdf: ReadPdf, course: str, kind: str | None) -> None:
    """Nor one of two for both, nor a course that the policy does not know for one that it does."""
    assert read_pdf(red_cross(course)).value("type") == kind


@pytest.mark.parametrize(
    "tail",
    [
        f"Training Center ID   {CENTER}\nInstructor ID   {INSTRUCTOR}\neCard Code   {CODE}",
        f"Training Center ID   Instructor ID   eCard Code\n{CENTER}   {INSTRUCTOR}   {CODE}",
        f"Training Center ID Instructor ID eCard Code\n{CENTER} {INSTRUCTOR} {CODE}",
        f"{CENTER} {INSTRUCTOR} {CODE}\nTraining Center ID Instructor ID eCard Code",
        f"Training Center ID\n{CENTER}\nInstructor ID\n{INSTRUCTOR}\neCard Code\n{CODE}",
        f"{CENTER}\nTraining Center ID\n{CODE}\neCard Code\n{INSTRUCTOR}\nInstructor ID",
        f"eCard Code: {CODE}   Instructor ID: {INSTRUCTOR}",
        f"ECARD CODE {CODE}\nTC ID# {CENTER}",
        f"Certi\N{LATIN SMALL LIGATURE FI}cate\N{NO-BREAK SPACE}ID {CODE}",
    ],
)
def test_a_label_may_stand_beside_above_or_below(tail: str) -> None:
    assert read(HEAD + tail).value("number") == CODE


@pytest.mark.parametrize(
    "tail",
    [
        f"Instructor ID\n{INSTRUCTOR}\neCard Code\nQR Code",
        f"Instructor ID: {INSTRUCTOR}\neCard Code:",
        f"eCard Code: {CENTER}",
        f"eCard Code: {INSTRUCTOR}\nInstructor ID: {INSTRUCTOR}",
        f"eCard Code: {CODE}\neCard Code: 251100000018",
        CODE,
    ],
)
def test_a_number_without_a_clear_label_is_none(tail: str) -> None:
    """Also where it looks like a code: so may an instructor's id."""
    assert read(HEAD + tail).value("number") is None


def test_letters_in_the_code_make_it_a_card_of_rqi() -> None:
    """The AHA is named on it as well, but RQI's cards hold by other rules."""
    found = read(HEAD + "eCard Code: AB12CD34EF56")
    assert (found.value("issuer"), found.value("number")) == ("RQI", "AB12CD34EF56")


def test_rqi_named_without_a_code_leaves_the_issuer_open() -> None:
    found = read(HEAD + "RQI HeartCode Complete")
    assert found.value("issuer") is None
    assert read(HEAD + f"RQI HeartCode Complete\neCard Code: {CODE}").value("issuer") == "American Heart Association"


def test_two_issuers_are_none() -> None:
    assert read(HEAD + "American Red Cross").value("issuer") is None


@pytest.mark.parametrize("title", ["BLS Instructor", "BLS\nInstructor"])
def test_an_instructors_card_is_not_taken_for_a_providers(title: str) -> None:
    found = read(HEAD.replace("BLS Provider", title))
    assert found.value("type") is None
    assert "instructor" in found.unread["type"]


@pytest.mark.parametrize(
    ("issued", "renew", "day"),
    [
        ("06/12/2026", "06/2028", "2026-06-12"),
        ("12/06/2026", "06/2028", None),  # read month first it is December, against which the renewal speaks
        ("June 12, 2026", "06/2028", "2026-06-12"),
        ("06/2026", "06/2028", None),
        ("06/31/2026", "06/2028", None),
    ],
)
def test_an_issue_date_that_may_be_another_is_left_open(issued: str, renew: str, day: str | None) -> None:
    text = HEAD.replace("06/12/2026   06/2028", f"{issued}   {renew}")
    assert read(text).value("issued_on") == day


def test_the_day_of_the_course_is_not_the_day_of_issue() -> None:
    assert read(HEAD.replace("Issue Date", "Course Date")).value("issued_on") is None


def test_an_unknown_issuers_dates_are_not_read_in_an_american_way() -> None:
    found = read("Acme CPR\nIssue Date: 06/12/2026\nExpires: 06/2028")
    assert found.value("issued_on") is None
    assert found.value("stated") == "2028-06"


@pytest.mark.parametrize("text", ["", "\n \n", "Dear colleague,\nplease find my card attached.", "x" * 5000])
def test_a_text_that_is_no_certificate_says_nothing(text: str) -> None:
    assert read(text).found == {}
