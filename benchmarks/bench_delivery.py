"""Does delivery keep up with the mail server? What is owed to some hundred people, against a loop of the same bytes.

Both speak with the same server over one connection, by STARTTLS as mail leaves a site and in the clear as to a server
on the same machine: a process that has every mail on the disk before it says that it took it, or with `--drop` forgets
them at once. Delivery does all that it does for a site: claims mails, asks of each whether it is still owed, writes it,
sends it, and records at once what became of it. They take turns; the quickest turn of each counts, and turns are short
and many, so that each has its quiet ones.
"""

from __future__ import annotations

import argparse
import os
import smtplib
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

from bench_reminders import BEFORE, NOW, OPEN_GATE, write_people
from tracker.actions.deliver_mail import Letterhead, deliver_mail
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.connect import Database
from tracker.notify.mail_url import open_post
from tracker.notify.ports import Letter, Meanwhile, Post, nothing

LIMIT = 0.7
TURNS = 20
DAY = BEFORE[0]
SENDER = "Life support cards <cards@example.org>"


class Kept:
    """A way of delivery that also keeps the bytes that it sends."""

    def __init__(self, real: Post, kept: list[bytes]) -> None:
        self._real, self._kept = real, kept

    def __enter__(self) -> Self:
        self._real.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._real.__exit__(kind, error, trace)

    def send(self, letter: Letter, meanwhile: Meanwhile = nothing) -> None:
        """Sends a mail."""
        self._kept.append(letter.content)
        self._real.send(letter, meanwhile)


@contextmanager
def sink(drop: bool, folder: Path | None = None) -> Iterator[int]:
    """The port of a server that keeps what it gets, or drops it, while the block lasts.

    With a folder it offers STARTTLS, by a certificate that this process trusts.
    """
    command = [sys.executable, str(Path(__file__).with_name("sink.py")), *(["--drop"] if drop else [])]
    if folder:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "authority.pem")
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
        os.environ["SSL_CERT_FILE"] = str(folder / "authority.pem")
        command += ["--certificate", str(folder / "server.pem")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield int(process.stdout.readline() if process.stdout else 0)


def build(folder: Path, people: int) -> tuple[Path, int]:
    """A SQLite file of so many people, and how many mails wait in it: one for each, and their managers' digests."""
    write_people(folder, people, people)
    environment = os.environ | {"TRACKER_DATA_DIR": str(folder), "TRACKER_TODAY": DAY.isoformat()}
    for arguments in (["policy", "apply", "policy.toml"], ["import", "roster.csv", "cards.csv"]):
        command = [sys.executable, "-m", "tracker", *arguments]
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    database = Database(f"sqlite:///{folder / 'tracker.db'}")
    owed = plan_reminders(database, OPEN_GATE, DAY, NOW, "example.org")
    with database.alone() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return folder / "tracker.db", len(owed.mails)


def grow_log(database: Database) -> None:
    """The log beside the file gets the size that it keeps at a site in use: in a new one each write waits for the
    disk to make it longer as well."""
    with database.alone() as connection:
        connection.execute("CREATE TABLE ballast AS SELECT zeroblob(6000000) AS weight")
        connection.execute("DROP TABLE ballast")
        connection.execute("PRAGMA wal_checkpoint(RESTART)")


def delivered(ready: Path, copy: Path, server: str, kept: list[bytes] | None = None) -> tuple[float, int]:
    """Delivers all that waits in a copy of the file; the seconds, and how many mails were sent."""
    copy.write_bytes(ready.read_bytes())
    database = Database(f"sqlite:///{copy}")
    grow_log(database)
    post = open_post(server)
    start = time.perf_counter()
    done = deliver_mail(database, post if kept is None else Kept(post, kept), Letterhead(SENDER), DAY, lambda: NOW)
    sent = sum(one.state == "sent" for one in done)
    seconds = time.perf_counter() - start
    database.close()
    for path in copy.parent.glob(f"{copy.name}*"):
        path.unlink()
    return seconds, sent


def bare(mails: list[bytes], port: int, plain: bool) -> float:
    """The seconds of a loop that sends these bytes, and does nothing else."""
    start = time.perf_counter()
    with smtplib.SMTP("localhost", port) as line:
        if not plain:
            line.starttls(context=ssl.create_default_context())
        for each in mails:
            line.sendmail("cards@example.org", ["p@example.org"], each)
    return time.perf_counter() - start


def measure(people: int, drop: bool, plain: bool) -> tuple[int, float, float]:
    """How many mails there are, and how many a second delivery and the bare loop send of them.

    Raises RuntimeError if delivery does not send them all.
    """
    with tempfile.TemporaryDirectory() as scratch, sink(drop, None if plain else Path(scratch)) as port:
        folder, kept = Path(scratch), list[bytes]()
        server = f"smtp://localhost:{port}?tls={'none' if plain else 'starttls'}"
        ready, owed = build(folder, people)
        _, sent = delivered(ready, folder / "copy.db", server, kept)
        if sent != owed:
            raise RuntimeError(f"{owed} mails should have been sent, not {sent}")
        turns = [(bare(kept, port, plain), delivered(ready, folder / "copy.db", server)[0]) for _ in range(TURNS)]
    floor, ours = (owed / min(column) for column in zip(*turns, strict=True))
    return owed, ours, floor


def main() -> int:
    """Sends, prints a table, and returns 1 if the limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--drop", action="store_true", help="a server that forgets every mail and waits for no disk")
    given = parser.parse_args()
    print("Delivering over SMTP, against a bare loop that sends the same bytes, mails a second")
    kept_within = True
    for plain in (False, True):
        owed, ours, floor = measure(given.people, given.drop, plain)
        share = ours / floor
        verdict = "ok" if share >= LIMIT else "BROKEN"
        way = "in the clear" if plain else "by STARTTLS"
        print(
            f"{owed:,} mails {way:14}{ours:5.0f} of {floor:5.0f}   {share:.2f}   limit {LIMIT}  {verdict}", flush=True
        )
        kept_within = kept_within and share >= LIMIT
    return int(not kept_within)


if __name__ == "__main__":
    sys.exit(main())
