"""The app over a database of either kind, on a day that stands still."""

from pathlib import Path

import pytest

from tracker.db.connect import Database
from web.house import TODAY, House


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TRACKER_TODAY", TODAY.isoformat())


@pytest.fixture
def empty(database: Database) -> House:
    """The app with nothing set up."""
    return House(database)


@pytest.fixture
def house(empty: House) -> House:
    """The app over the small hospital."""
    return empty.furnish()
