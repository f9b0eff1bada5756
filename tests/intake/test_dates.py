"""Dates as people write them."""

from datetime import date

import pytest

from tracker.intake.dates import OrderUnknown, last_day, looks_like_a_date, order_of, read_date
from tracker.intake.grid import UNSAVED, Cell, Trouble
from tracker.intake.rows import DateOrder


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (date(2028, 6, 30), "2028-06-30"),
        ("2028-06-30", "2028-06-30"),
        ("2028-6-3", "2028-06-03"),
        ("2028/06/30", "2028-06-30"),
        ("2028-06-30T00:00:00", "2028-06-30"),
        ("2028-06-30 12:00:00 AM", "2028-06-30"),
        ("2028-06", "2028-06"),
        ("06/2028", "2028-06"),
        ("6-2028", "2028-06"),
        ("6/28", "2028-06"),
        ("Mar 2027", "2027-03"),
        ("March 2027", "2027-03"),
        ("Mar-27", "2027-03"),
        ("Mar '27", "2027-03"),
        ("Sept. 2026", "2026-09"),
        ("30 Jun 2028", "2028-06-30"),
        ("30-Jun-2028", "2028-06-30"),
        ("30-JUN-28", "2028-06-30"),
        ("30th June 2028", "2028-06-30"),
        ("June 30, 2028", "2028-06-30"),
        ("Jun 30 2028", "2028-06-30"),
        ("30.06.2028", "2028-06-30"),
        ("06/30/28", "2028-06-30"),
        ("31-1-2027", "2027-01-31"),
        ("04/04/2026", "2026-04-04"),
        (" 29/2/2028\N{NO-BREAK SPACE}", "2028-02-29"),
        ("9/14/98", "1998-09-14"),
        ("12/31/69", "2069-12-31"),
        ("12/31/70", "1970-12-31"),
        ("20280630", "2028-06-30"),
        (20280630.0, "2028-06-30"),
    ],
)
def test_a_date_in_any_usual_form_is_the_day_or_month_meant(written: Cell, meant: str) -> None:
    assert read_date(written, None) == meant


@pytest.mark.parametrize(
    ("written", "order", "meant"),
    [
        ("04/05/2027", "dmy", "2027-05-04"),
        ("04/05/2027", "mdy", "2027-04-05"),
        ("04.05.27", "dmy", "2027-05-04"),
        ("27-04-05", "ymd", "2027-04-05"),
        ("2027-04-05", "dmy", "2027-04-05"),
    ],
)
def test_the_order_of_a_file_decides_what_could_be_two_days(written: str, order: DateOrder, meant: str) -> None:
    assert read_date(written, order) == meant


@pytest.mark.parametrize("written", ["04/05/2027", "4-5-2027", "11.12.26"])
def test_a_date_that_could_be_two_days_is_not_guessed(written: str) -> None:
    with pytest.raises(OrderUnknown):
        read_date(written, None)


@pytest.mark.parametrize(
    "written",
    [
        "2027-02-29",
        "2027-02-30",
        "31/04/2027",
        "13/27",
        "13/2027",
        "00/2027",
        "13/13/2027",
        "enrolled 1/9/26",
        "see 06/2028",
        "soon",
        "Juner 2028",
        "Ma 2027",
        "June",
        "12 June",
        "46112",
        "2028",
        "20281301",
        "30062028",
        45678901.0,
        "0202-06-30",
        "0000-01",
        "01/0000",
        "Jan 0000",
        "2028-06-30?",
        "1/2/3/2028",
        46112.0,
        UNSAVED,
        date(1601, 1, 1),
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(written: Cell) -> None:
    with pytest.raises(Trouble) as caught:
        read_date(written, None)
    assert caught.value.reason.endswith(".")


@pytest.mark.parametrize("written", ["31-Sep-2024", "Feb 30, 2027", "Enrolled 1/9/26", "31 SEPT 2024"])
def test_a_reason_quotes_the_cell_as_it_is_written(written: str) -> None:
    """In the case of the file, so that it is found there."""
    with pytest.raises(Trouble) as caught:
        read_date(written, None)
    assert f'"{written}"' in caught.value.reason


@pytest.mark.parametrize(("written", "order"), [("06/30/2028", "dmy"), ("30/06/2028", "mdy"), ("1/2/2028", "ymd")])
def test_a_date_that_does_not_fit_the_order_of_its_file_is_refused(written: str, order: DateOrder) -> None:
    with pytest.raises(Trouble):
        read_date(written, order)


@pytest.mark.parametrize("written", ["20280630", 20280630.0])
def test_eight_digits_do_not_make_a_column_one_of_dates(written: Cell) -> None:
    """Below a header that is not known they are as likely employee ids."""
    assert not looks_like_a_date(written)


@pytest.mark.parametrize(
    ("written", "proved", "needed"),
    [
        (["13/05/2027", "04/05/2027"], {"dmy"}, True),
        (["05/13/2027", "04/05/2027"], {"mdy"}, True),
        (["05/13/2027", "13/05/2027"], {"dmy", "mdy"}, False),
        (["04/04/2027", "2027-04-05", "n/a", "Mar-27"], set(), False),
        (["04/05/2027"], set(), True),
        (["31/02/2027"], set(), False),
    ],
)
def test_only_days_after_the_twelfth_prove_an_order(written: list[str], proved: set[str], needed: bool) -> None:
    assert order_of(written) == (proved, needed)


@pytest.mark.parametrize(
    ("stated", "day"),
    [("2028-02", date(2028, 2, 29)), ("2027-02", date(2027, 2, 28)), ("2028-06-30", date(2028, 6, 30))],
)
def test_a_stated_month_includes_its_last_day(stated: str, day: date) -> None:
    assert last_day(stated) == day


@pytest.mark.parametrize("text", ["00:00:00", "0:00", "13:30"])
def test_a_time_alone_says_where_it_may_come_from_and_what_to_do(text: str) -> None:
    """A formula that found nothing is saved as 0, which a date's format shows as midnight."""
    with pytest.raises(Trouble) as trouble:
        read_date(text, None)
    assert trouble.value.reason.endswith("as a formula saves it that found nothing: write the date, or clear it.")
