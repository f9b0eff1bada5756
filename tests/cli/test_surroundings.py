"""What the command does when the database, the disk or the rights fail it: one sentence, and nothing half-done."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.program import ROSTER, Done, Program, refused
from postgres import Server

# Root passes over the rights of files by two capabilities, 1 and 2; a new program gets none that was dropped.
WITHOUT_PRIVILEGE = """\
if os.geteuid() == 0:
    import ctypes
    control = ctypes.CDLL(None).prctl
    for capability in (1, 2):
        control(24, capability, 0, 0, 0)
    if control(23, 1, 0, 0, 0):
        sys.exit(99)
"""
MANY = "employee_id,name,unit,role\n" + "".join(f"A{number:06},Some Body,ED,RN\n" for number in range(20_000))


def test_a_database_that_another_program_writes_to(hospital: Program) -> None:
    """A writer gives up after a while with exit 3 and nothing changed; readers are not disturbed."""
    before = hospital.content()
    with contextlib.closing(sqlite3.connect(hospital.data / "tracker.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        hospital.ok("status")
        done = hospital("card", "record", "1009", "--type", "BLS", "--issued-on", "2026-01-02")
        other.execute("ROLLBACK")
    refused(done, 3, "another program", "try again")
    assert hospital.content() == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB; skips where mounting is not permitted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_disk_that_fills_up_during_an_import(asked: Program, small_disk: Path) -> None:
    """Exit 3, the database as before, and it works again once there is room."""
    full = Program(asked.home, asked.forks)
    full.data = small_disk / "data"
    full.environment["TRACKER_DATA_DIR"] = str(full.data)
    shutil.copytree(asked.data, full.data)
    before = full.content()
    refused(full.cold("import", full.file("many.csv", MANY)), 3, "disk", "room", "try again")
    assert full.content() == before
    assert {path.name for path in full.data.iterdir()} <= {"tracker.db", "tracker.db-wal", "tracker.db-shm"}
    full.ok("db", "check")


def test_a_disk_that_fills_up_during_a_report(asked: Program, small_disk: Path) -> None:
    """Exit 3; neither the file nor a draft of it is left."""
    (small_disk / "filler").write_bytes(b"." * (os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize))
    refused(asked.cold("report", "compliance", "-o", small_disk / "report.json"), 3, "report.json", "space")
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_a_limit_on_the_size_of_files_is_met_during_an_import(hospital: Program) -> None:
    """Where a disk cannot be filled, a limit stands in: exit 3, the database as before."""
    before = hospital.content()
    size = (hospital.data / "tracker.db").stat().st_size + 100_000
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    refused(hospital.cold("import", hospital.file("many.csv", MANY), before=limit), 3, "database")
    assert hospital.content() == before


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no /dev/full to write to")
def test_results_that_cannot_be_written(asked: Program) -> None:
    """Standard output on a full device: exit 3, never 0."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            asked.command("status"), env=asked.environment, stdout=full, stderr=subprocess.PIPE, check=False
        )
    refused(Done(done.returncode, "", done.stderr.decode()), 3, "No space left")


def test_a_reader_that_has_seen_enough(asked: Program) -> None:
    """`tracker status --format json | head` ends quietly."""
    words = asked.command("status", "--format", "json")
    with subprocess.Popen(
        words, env=asked.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as started:
        assert started.stdout
        assert started.stderr
        started.stdout.close()
        assert (started.stderr.read(), started.wait(60)) == (b"", 0)


def without_rights(program: Program, *words: str | Path) -> Done:
    """Runs the command as somebody whom rights bind; skips where root cannot give its privilege up."""
    done = program.cold(*words, before=WITHOUT_PRIVILEGE)
    if done.code == 99:
        pytest.skip("root cannot give up its privilege here, and rights do not bind it")
    return done


@pytest.fixture
def locked_up(hospital: Program) -> Iterator[Program]:
    """A hospital whose folder cannot be written."""
    hospital.data.chmod(0o500)
    yield hospital
    hospital.data.chmod(0o700)


def test_a_data_folder_that_cannot_be_written(locked_up: Program) -> None:
    """Exit 3, naming the folder and what to look at; nothing is changed."""
    words = ("card", "record", "1009", "--type", "BLS", "--issued-on", "2026-01-02")
    refused(without_rights(locked_up, *words), 3, str(locked_up.data), "rights")
    locked_up.data.chmod(0o700)
    assert locked_up.ok("status", "--employee", "1009", "--format", "json").json[0]["standing"] == "missing"


def test_a_place_where_no_data_folder_can_be_made(program: Program) -> None:
    """Exit 3; the sentence names the folder and the setting that moves it elsewhere."""
    closed = program.home / "closed"
    closed.mkdir(mode=0o500)
    program.environment["TRACKER_DATA_DIR"] = str(closed / "data")
    refused(without_rights(program, "imports"), 3, str(closed), "TRACKER_DATA_DIR")
    assert list(closed.iterdir()) == []


def test_a_data_folder_that_is_a_file(program: Program) -> None:
    """Exit 3; the sentence names it and the setting."""
    program.file("data", "a file")
    refused(program("imports"), 3, str(program.data), "TRACKER_DATA_DIR")


def test_a_database_file_that_cannot_be_written(hospital: Program) -> None:
    """A change ends with exit 3 and the sentence names the file; questions are still answered."""
    before = hospital.content()
    (hospital.data / "tracker.db").chmod(0o400)
    words = ("card", "record", "1009", "--type", "BLS", "--issued-on", "2026-01-02")
    refused(without_rights(hospital, *words), 3, "tracker.db", "rights")
    assert without_rights(hospital, "status").code == 0
    assert hospital.content() == before


def test_a_database_file_that_cannot_be_read(hospital: Program) -> None:
    """Exit 3; the sentence names the file."""
    (hospital.data / "tracker.db").chmod(0)
    refused(without_rights(hospital, "status"), 3, "tracker.db", "rights")


@pytest.mark.parametrize("words", [("status",), ("db", "upgrade"), ("db", "check")])
def test_a_database_newer_than_the_program(hospital: Program, words: tuple[str, ...]) -> None:
    """Exit 3; both versions are named and what to do; nothing is changed."""
    hospital.alter("UPDATE alembic_version SET version_num = '9999'")
    before = hospital.content()
    refused(hospital(*words), 3, "9999", "newer", "install")
    assert hospital.content() == before


@pytest.mark.parametrize("words", [("status",), ("db", "upgrade")])
def test_a_database_at_a_migration_that_nobody_knows(hospital: Program, words: tuple[str, ...]) -> None:
    """Not newer by its number, yet unknown: exit 3 and a sentence, no advice that goes in a circle."""
    hospital.alter("UPDATE alembic_version SET version_num = '0000f'")
    refused(hospital(*words), 3, "0000f")


@pytest.mark.parametrize("words", [("status",), ("db", "upgrade"), ("import", "roster.csv")])
def test_a_file_that_is_no_database(program: Program, words: tuple[str, ...]) -> None:
    """Exit 3, the file is named, and stays as it is."""
    program.data.mkdir()
    program.file("roster.csv", ROSTER)
    garbage = os.urandom(8192)
    program.file("data/tracker.db", garbage)
    refused(program(*words), 3, "tracker.db", "restore")
    assert (program.data / "tracker.db").read_bytes() == garbage


def test_a_database_damaged_in_the_middle(hospital: Program) -> None:
    """Exit 3, the file is named, and what to do."""
    hospital.content()  # folds what was written last into the file
    path = hospital.data / "tracker.db"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xaa" * (len(data) - 4096)
    path.write_bytes(data)
    refused(hospital("status"), 3, "tracker.db", "restore")


ADDRESSES = {
    "postgresql+psycopg://ann:sesame@127.0.0.1:1/tracker": (3, "cannot be reached"),
    "postgresql+psycopg://ann:sesame@no-such-host.invalid/tracker": (3, "cannot be reached"),
    "postgresql+psycopg:///tracker?host=/no/such/folder": (3, "cannot be reached"),
    "mysql://ann:sesame@127.0.0.1/tracker": (2, "postgresql+psycopg://"),
    "postgresql+asyncpg://ann:sesame@127.0.0.1/tracker": (2, "postgresql+psycopg://"),
    "sqlite+aiosqlite:///x.db": (2, "sqlite:///"),
    "postgresql+psycopg://ann:sesame@127.0.0.1:port/tracker": (2, "postgresql+psycopg://"),
    "tracker.db": (2, "sqlite:///"),
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_database_address_that_leads_nowhere(program: Program, address: str) -> None:
    """The setting is named, the password is not."""
    code, said = ADDRESSES[address]
    done = program("status", TRACKER_DATABASE_URL=address)
    refused(done, code, said, "TRACKER_DATABASE_URL")
    assert "sesame" not in done.err


def test_a_postgresql_database_waits_for_its_upgrade(program: Program, server: Server) -> None:
    """Nothing is set up unasked: exit 3, naming the command; after it everything works."""
    server.create("waits")
    program.environment["TRACKER_DATABASE_URL"] = server.url("waits")
    refused(program("status"), 3, "tracker db upgrade")
    refused(program("imports"), 3, "tracker db upgrade")
    program.ok("db", "upgrade")
    assert program.setup().ok("status", "--employee", "1001", "--format", "json").json


@pytest.mark.parametrize("words", [("status",), ("db", "upgrade")])
def test_a_postgresql_database_that_is_not_there(program: Program, server: Server, words: tuple[str, ...]) -> None:
    """The sentence does not advise `tracker db upgrade`, which cannot make it."""
    done = program(*words, TRACKER_DATABASE_URL=server.url("absent"))
    refused(done, 3, "absent", "TRACKER_DATABASE_URL")
    assert "db upgrade" not in done.err


def test_a_file_that_cannot_be_read(hospital: Program) -> None:
    """Exit 2, naming the file; for an answers file too."""
    closed, roster = hospital.file("closed.csv", ROSTER), hospital.file("roster.csv", ROSTER)
    closed.chmod(0)
    for words in ((closed,), (roster, "--answers", closed)):
        done = without_rights(hospital, "import", *words)
        assert done.code == 2
        assert "closed.csv" in done.sentence


def test_a_report_into_a_folder_that_is_not_there(asked: Program, tmp_path: Path) -> None:
    """One sentence that names the folder or the file as it was given, not a draft; the folder is not made."""
    done = asked("report", "compliance", "-o", tmp_path / "none" / "report.json")
    assert done.code in {2, 3}
    assert str(tmp_path / "none") in done.sentence
    assert "/." not in done.sentence
    assert not (tmp_path / "none").exists()


def test_a_report_into_a_folder_that_cannot_be_written(asked: Program, tmp_path: Path) -> None:
    """One sentence that names the folder or the file as it was given."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    done = without_rights(asked, "report", "compliance", "-o", closed / "report.json")
    assert done.code in {2, 3}
    assert str(closed) in done.sentence
    assert "/." not in done.sentence


def test_a_report_does_not_replace_what_is_no_file(asked: Program, tmp_path: Path) -> None:
    """`-o` to a pipe or a device writes into it, or is refused; the pipe or device stays one."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    asked("report", "compliance", "-o", pipe)
    os.close(reader)
    assert pipe.is_fifo()
