"""Run one command and say what it cost.

A new process inherits the peak memory of the one that started it (Linux counts the moment
before the program is loaded). So the command is started by a process of its own, small and
new: this file, run as a program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
"""Bytes in one unit of `ru_maxrss`."""


class Cost(NamedTuple):
    """Wall-clock seconds from start to exit, peak resident memory in MB (10^6 bytes)."""

    seconds: float
    peak_mb: float
    exit_code: int


def run(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Cost:
    """Run a command in a folder; its output goes to `stdout.txt` and `stderr.txt` there.

    The peak is that of the largest single process, the command or one that it waited for.
    """
    meter = [sys.executable, "-I", "-S", str(Path(__file__).resolve()), *command]
    subprocess.run(meter, cwd=folder, env=dict(env), check=True)
    return Cost(*json.loads((folder / "cost.json").read_text(encoding="utf-8")))


def _main(command: Sequence[str]) -> None:
    """Run the command in the current folder and leave its cost in `cost.json`."""
    with Path("stdout.txt").open("wb") as stdout, Path("stderr.txt").open("wb") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    cost = Cost(seconds, usage.ru_maxrss * MAXRSS_BYTES / 1e6, process.returncode)
    Path("cost.json").write_text(json.dumps(cost), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])
