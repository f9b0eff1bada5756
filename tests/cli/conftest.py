"""The command with nothing set up, and a small hospital: one to ask, one to change."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.forks import Forks
from cli.program import Program


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """The process whose forks are the commands."""
    found = Forks()
    yield found
    found.close()


@pytest.fixture
def program(tmp_path: Path, forks: Forks) -> Program:
    """The command, with nothing set up."""
    return Program(tmp_path, forks)


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Program:
    """The small hospital, only to be asked."""
    return Program(tmp_path_factory.mktemp("asked"), forks).setup()


@pytest.fixture
def hospital(asked: Program, tmp_path: Path) -> Program:
    """A copy of the small hospital, to be changed."""
    home = tmp_path / "hospital"
    shutil.copytree(asked.home, home)
    return Program(home, asked.forks)
