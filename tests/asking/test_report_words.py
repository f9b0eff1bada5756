"""The short sentences of reports and lists."""

from datetime import date

from tracker.domain.underway import Begun
from tracker.reports.findings import under_way


def test_what_is_under_way_reads_well_whatever_a_type_is_called() -> None:
    """No article stands before it: a BLS class, but an ACLS class."""
    begun = Begun((("ACLS", date(2026, 12, 3)),), (("ALS", date(2026, 11, 3)),))
    assert under_way(begun) == (
        "A class for ACLS is booked for 3 Dec 2026. A card for ALS has waited to be checked since 3 Nov 2026."
    )
