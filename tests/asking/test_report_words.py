"""The short sentences of reports and lists."""

from datetime import date

import pytest

from tracker.domain.underway import Begun
from tracker.reports.findings import under_way
from tracker.reports.mail_words import told_of


def test_what_is_under_way_reads_well_whatever_a_type_is_called() -> None:
    """No article stands before it: a BLS class, but an ACLS class."""
    begun = Begun((("ACLS", date(2026, 12, 3)),), (("ALS", date(2026, 11, 3)),))
    assert under_way(begun) == (
        "A class for ACLS is booked for 3 Dec 2026. A card for ALS has waited to be checked since 3 Nov 2026."
    )


@pytest.mark.parametrize(
    ("stage", "last", "told"),
    [
        (7, 30, "BLS: 7 days left"),
        (1, 24, "BLS: 1 day left"),
        (0, 23, "BLS: last day today"),
        ("overdue", 22, "BLS overdue"),
        ("new", 30, "BLS new"),
    ],
)
def test_what_a_mail_tells_is_right_of_a_card_and_of_its_grace(stage: int | str, last: int, told: str) -> None:
    """A card whose days of grace end in a week has ended: it does not end in a week."""
    assert told_of("staff_reminder", "BLS", stage, date(2026, 11, last), date(2026, 11, 23)) == told
