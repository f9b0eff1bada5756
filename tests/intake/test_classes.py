"""Notes of classes in cells for dates: what tells of one, and which day is read out of it, if any."""

from datetime import date

import pytest

from intake.words import WORDING, Read, Write
from tracker.intake.classes import class_day, says_booked
from tracker.intake.reader import read_file
from tracker.intake.rows import Booked, DateOrder, Options, Reading

BOOKED = [
    "enrolled 1/9/26",
    "in class 12/3",
    "scheduled for 3 Oct 2026",
    "signed up",
    "Signed-up 10/3/26",
    "EXPIRED - enrolled 1/9/26",
    "class 2026-10-03 8:00",
    "Booked",
]
NOT_BOOKED = [
    "LOA",
    "expired",
    "needs class",
    "not enrolled",
    "isn't scheduled yet",
    "to be scheduled",
    "class cancelled",
    "took class 3/1/26",
    "sign up",
    "TBD",
    "2/30/27",
    "failed class 3/1/26",
]


@pytest.mark.parametrize("text", BOOKED)
def test_a_class_to_come_is_noticed(text: str) -> None:
    """In any case, beside other words."""
    assert says_booked(text)


@pytest.mark.parametrize("text", NOT_BOOKED)
def test_what_is_not_booked_or_is_over_is_not_taken_for_it(text: str) -> None:
    """Nor are other notes."""
    assert not says_booked(text)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("enrolled 1/9/26", "dmy", date(2026, 9, 1)),
        ("enrolled 1/9/26", "mdy", date(2026, 1, 9)),
        ("enrolled 1/9/26", None, None),
        ("enrolled 13/9/26.", None, date(2026, 9, 13)),
        ("enrolled 13/9/26", "mdy", None),
        ("scheduled for 3 Oct 2026", None, date(2026, 10, 3)),
        ("scheduled Oct 3rd, 2026 8am", None, date(2026, 10, 3)),
        ("class 2026-10-03 8:00", None, date(2026, 10, 3)),
        ("in class 12/3", "mdy", None),
        ("class Oct 2026", None, None),
        ("class 10/2026", None, None),
        ("enrolled 3 Oct 2026 or 4 Oct 2026", None, None),
        ("class 2/30/27", "mdy", None),
        ("class 110/3/26", "mdy", None),
    ],
)
def test_only_one_whole_day_that_reads_one_way_is_read(text: str, order: DateOrder | None, day: date | None) -> None:
    """A day without a year is none, and neither is a month, or two days."""
    assert class_day(text, order) == day


def booked(reading: Reading) -> list[Booked]:
    """The classes of the only sheet, without the reasons."""
    return [one._replace(reason="") for one in reading.tables[0].booked]


WIDE = "Employee ID,Name,BLS Exp,ACLS Exp\n"


def test_the_order_of_the_files_own_dates_counts(read_text: Read) -> None:
    """Whether they need it or not; the cell is left out all the same, and the row's other cards go in."""
    for other, day in (("13/06/2027", date(2026, 9, 1)), ("06/13/2027", date(2026, 1, 9)), ("2027-06-13", None)):
        found = read_text(f"{WIDE}1001,Ada Ali,enrolled 1/9/26,{other}\n")
        assert booked(found) == [Booked(2, "1001", "BLS.expires_on", "BLS", day, "", "Ada Ali")]
        assert [card.type for card in found.tables[0].cards] == ["ACLS"]
        assert [cell.reason for cell in found.tables[0].rejected] == ['"enrolled 1/9/26" is no date.']


def test_an_order_that_was_said_counts_where_the_file_has_none(read_text: Read) -> None:
    """The file's dates are no reason to ask."""
    found = read_text(f"{WIDE}1001,Ada Ali,enrolled 1/9/26,2027-06-13\n", date_order="dmy")
    assert [one.day for one in booked(found)] == [date(2026, 9, 1)]


def test_lists_of_cards_have_them_too(read_text: Read) -> None:
    """The type stands in the row; the row is rejected as before."""
    found = read_text("employee_id,type,expires_on\n1001,BLS,scheduled 3 Oct 2026\n1002,BLS,LOA\n")
    assert booked(found) == [Booked(2, "1001", "expires_on", "BLS", date(2026, 10, 3), "")]
    assert [row.whole for row in found.tables[0].rejected] == [True, True]


def test_the_name_beside_the_id_comes_with_them(read_text: Read, write_book: Write) -> None:
    """Put together, or as it stands; from the guarded child too."""
    rows = [["employee_id", "Last Name", "First Name", "type", "expires_on"], ["1", "Ali", "Ada", "BLS", "booked"]]
    text = read_text("\n".join(map(",".join, rows)))
    book = read_file(write_book({"Ward": rows}), WORDING, Options())
    assert [one.name for found in (text, book) for one in booked(found)] == ["Ada Ali", "Ada Ali"]


def test_they_come_back_from_the_guarded_child(write_book: Write) -> None:
    """Of a workbook as of a text file."""
    path = write_book({"Ward": [WIDE.strip().split(","), ["1001", "Ada Ali", "class 3 Oct 2026", date(2027, 6, 30)]]})
    found = read_file(path, WORDING, Options())
    assert [(one.employee_id, one.day) for one in booked(found)] == [("1001", date(2026, 10, 3))]
