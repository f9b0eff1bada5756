"""A real browser in front of the real server; skipped where there is none."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from browser.ward import Ward
from conftest import Databases
from web.house import TODAY, House

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these say so and are skipped."""
    missing = pytest.mark.skip(reason="no Chromium is installed; on Debian: apt install chromium")
    for item in items:
        if not CHROMIUM and "tests/browser" in str(item.path):
            item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all."""
    # Its own sandbox needs rights that whoever runs as root has not to give.
    unsandboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=unsandboxed)
        yield browser
        browser.close()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Settings of the test's own."""
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("TRACKER_TODAY", TODAY.isoformat())


@pytest.fixture
def ward(settings: None, databases: Databases, chromium: Browser) -> Iterator[Ward]:
    """A small hospital, served, and people before their browsers."""
    with opened(House(databases.new()).furnish(), chromium) as ward:
        yield ward


@pytest.fixture
def bare(settings: None, databases: Databases, chromium: Browser) -> Iterator[Ward]:
    """The same with nothing set up."""
    with opened(House(databases.new()), chromium) as ward:
        yield ward


@contextmanager
def opened(house: House, chromium: Browser) -> Iterator[Ward]:
    """A house that is served while the block lasts."""
    with served(house) as address:
        ward = Ward(house, chromium, address)
        yield ward
        ward.close()


@contextmanager
def served(house: House) -> Iterator[str]:
    """The address of the app while the block lasts."""
    server = uvicorn.Server(uvicorn.Config(house.app, port=0, log_level="warning", access_log=False))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until = monotonic() + 30
    while not server.started and monotonic() < until:
        sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
