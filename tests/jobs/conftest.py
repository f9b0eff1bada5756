"""A site, on either database."""

import pytest

from actions.ward import govern
from tracker.db.connect import Database


@pytest.fixture
def site(database: Database) -> Database:
    """A site with a policy and nobody in it."""
    return govern(database)
