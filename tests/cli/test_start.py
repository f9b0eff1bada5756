"""The menu is quick: `tracker --help` loads no database and no settings."""

import subprocess
import sys
import time
from itertools import repeat

from cli.program import Program

HEAVY = {"sqlalchemy", "alembic", "pydantic", "pydantic_settings", "psycopg", "xlsxwriter", "python_calamine", "jinja2"}
SHOW_MODULES = """\
import runpy, sys
sys.argv = ["tracker", "--help"]
try:
    runpy.run_module("tracker", run_name="__main__")
except SystemExit as ending:
    print(ending.code, *{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


def seconds(words: list[str], environment: dict[str, str]) -> float:
    """How long a program takes from its start to its end."""
    began = time.perf_counter()
    subprocess.run(words, env=environment, capture_output=True, check=True)
    return time.perf_counter() - began


def test_the_menu_loads_nothing_heavy(program: Program) -> None:
    """Neither SQLAlchemy, Alembic nor pydantic is imported for `--help`, nor any other large library."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW_MODULES], env=program.environment, capture_output=True, text=True, check=True
    )
    code, *modules = done.stderr.split()
    assert code == "0"
    assert "click" in modules
    assert HEAVY.isdisjoint(modules)


def test_the_menu_starts_about_as_quickly_as_click(program: Program) -> None:
    """Under three times `import click`, the best of several turns each, taken alternately on the same machine."""
    click = [sys.executable, "-c", "import click"]
    pairs = [
        (seconds(program.command("--help"), environment), seconds(click, environment))
        for environment in repeat(program.environment, 10)
    ]
    ours, clicks = (min(times) for times in zip(*pairs, strict=True))
    assert ours < 3 * clicks
