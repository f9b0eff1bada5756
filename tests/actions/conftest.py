"""Sites to import into, on either database."""

import pytest

from actions.ward import govern, post, take_in
from tracker.db.connect import Database


@pytest.fixture
def site(database: Database) -> Database:
    """A site with a policy and nobody in it."""
    return govern(database)


@pytest.fixture
def ward(site: Database) -> Database:
    """A site with one nurse, 4512, in the ICU from New Year on."""
    take_in(site, post("4512", "ICU", "2025-01-01"))
    return site
