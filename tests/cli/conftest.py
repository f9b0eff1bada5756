"""The command with nothing set up, and a small hospital: one to ask, one to change."""

import shutil
from pathlib import Path

import pytest

from cli.program import Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The command, with nothing set up."""
    return Program(tmp_path)


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The small hospital, only to be asked."""
    return Program(tmp_path_factory.mktemp("asked")).setup()


@pytest.fixture
def hospital(asked: Program, tmp_path: Path) -> Program:
    """A copy of the small hospital, to be changed."""
    home = tmp_path / "hospital"
    shutil.copytree(asked.home, home)
    return Program(home)
