"""The real command in a folder of its own, and a small hospital to ask about."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tracker
from cli.forks import Forks

TODAY = "2026-01-15"

POLICY = """\
name = "test-hospital"
timezone = "America/Chicago"
records_from = 2024-01-01
expiring_within_days = 90
default_issuer = "AHA"
target_percent = 95

[types.BLS]
title = "Basic Life Support"
[types.ACLS]
title = "Advanced Cardiovascular Life Support"
requires = ["BLS"]

[[issuers]]
id = "AHA"

[[roles]]
id = "RN"
names = ["RN*", "Registered Nurse*"]

[[validity]]
issuer = "AHA"
months = 24
ends = "month_end"

[[requirements]]
id = "bls"
title = "BLS for nurses"
any_of = ["BLS"]
roles = ["RN"]
within_days = 30
grace_after_expiry_days = 10

[[requirements]]
id = "icu-acls"
title = "ACLS in intensive care"
any_of = ["ACLS"]
units = ["ICU*"]
roles = ["RN"]
within_days = 30
"""

# 1001: ICU, her BLS ends first. 1002: newcomer. 1003: expired. 1004: leaves before his card ends. 1005: exempt.
# 1006: on leave. 1007: no requirement matches. 1008: renewed lately. 1009: no start, no card. 1010: card well in date.
ROSTER = """\
employee_id,name,email,unit,role,employment_type,starts_on,ends_on,manager_email
1001,Ada Zoë Ali,ada@site.example,ICU,RN II,employee,2020-01-01,,
1002,Ben Bo,ben@site.example,ED,RN,employee,2026-01-01,,
1003,Cyd Cole,,ED,RN,employee,2020-01-01,,
1004,Dee Diaz,,ED,RN,traveler,2024-02-01,2026-02-10,
1005,Eli Eze,,ED,RN,employee,2020-01-01,,
1006,Fay Fox,,ED,RN,employee,2020-01-01,,
1007,Gus Gray,,Office,Clerk,employee,2020-01-01,,
1008,Hal Hart,,ED,Registered Nurse,employee,2020-01-01,,
1009,Ida Ito,,ED,RN,,,,
1010,Jo Jarl,,ED,RN,employee,2020-01-01,,
"""

CARDS = """\
employee_id,type,issuer,issued_on,expires_on,number,verified_on
1001,BLS,AHA,2024-03-10,,240310001001,
1001,ACLS,AHA,2025-06-10,2027-06,250610001001,2025-06-12
1003,BLS,AHA,2023-12-05,,,
1004,BLS,AHA,2024-02-10,,,
1008,BLS,AHA,2025-12-01,,,
1010,BLS,AHA,2024-04-20,,,
"""

ABSENCES = "employee_id,from,until\n1006,2025-12-01,\n"
EXEMPTIONS = (
    "employee_id,requirement,from,until,reason,approver\n1005,bls,2026-01-01,2026-01-31,Wrist fracture,Dr. Cote\n"
)
UNITS = "unit,facility,managers,director\nICU,Main,kim@site.example;lee@site.example,dir@site.example\nED,Main,,\n"


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code, its results, its messages."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The results as JSON."""
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """The one sentence that standard error consists of."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("tracker: "), self.err
        assert lines[0].endswith("."), self.err
        return lines[0].removeprefix("tracker: ")


def refused(done: Done, code: int, *words: str) -> None:
    """Expects that it was not done: this exit code, no result, one sentence with these words in it, in any case."""
    assert done.code == code, done.err
    assert done.out == "", done.out
    assert "Traceback" not in done.err, done.err
    assert "should not" not in done.sentence, done.sentence
    for word in words:
        assert word.casefold() in done.sentence.casefold(), f"{word!r} is not in: {done.sentence}"


class Program:
    """The command in a folder `home`, with its data in `home/data`, on a day that stands still."""

    def __init__(self, home: Path, forks: Forks) -> None:
        self.home, self.data, self.forks = home, home / "data", forks
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(Path(tracker.__file__).parents[1]),
            "HOME": str(home),
            "TRACKER_DATA_DIR": str(self.data),
            "TRACKER_TODAY": TODAY,
        }

    def __call__(self, *words: str | Path, **environment: str) -> Done:
        """Runs it to its end, in a fork of a process that is warm."""
        return Done(*self.forks.run([*map(str, words)], self.environment | environment, self.home))

    def cold(self, *words: str | Path, before: str = "", **environment: str) -> Done:
        """Runs it as the shell does; `before` is Python that runs first and that the program cannot undo."""
        done = subprocess.run(
            self.command(*words, before=before),
            cwd=self.home,
            env=self.environment | environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def command(self, *words: str | Path, before: str = "") -> list[str]:
        """The words of the command line."""
        real = [sys.executable, "-m", "tracker", *map(str, words)]
        if not before:
            return real
        return [sys.executable, "-c", f"import os, sys\n{before}\nos.execv(sys.argv[1], sys.argv[1:])", *real]

    def ok(self, *words: str | Path, **environment: str) -> Done:
        """Runs it and expects that nothing is wrong."""
        done = self(*words, **environment)
        assert done.code == 0, done.err or done.out
        return done

    def file(self, name: str, content: str | bytes) -> Path:
        """Writes a file beside the data; returns its path."""
        path = self.home / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def content(self) -> list[str]:
        """All that the SQLite database holds, as statements."""
        connection = sqlite3.connect(self.data / "tracker.db")
        try:
            return list(connection.iterdump())
        finally:
            connection.close()

    def alter(self, *statements: str) -> None:
        """Changes the SQLite database behind the program's back, past the triggers."""
        connection = sqlite3.connect(self.data / "tracker.db", isolation_level=None)
        try:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for statement in (*(f"DROP TRIGGER {name}" for (name,) in triggers), *statements):
                connection.execute(statement)
        finally:
            connection.close()

    def setup(self) -> "Program":
        """Puts the policy in force and takes the small hospital in; returns itself."""
        self.ok("policy", "apply", self.file("policy.toml", POLICY))
        texts = {"units": UNITS, "roster": ROSTER, "cards": CARDS, "absences": ABSENCES, "exemptions": EXEMPTIONS}
        self.ok("import", *(self.file(f"{kind}.csv", text) for kind, text in texts.items()))
        return self
