"""Real files with bytes changed, cut out, doubled or swapped are read or refused: nothing else, and in time.

Most damage to a zip is found by its checksums, so that parts within are damaged as well, and packed again.
"""

import random
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from intake.books import WRITERS
from intake.words import WORDING
from tracker.domain.errors import BadInput
from tracker.intake.identify import identify
from tracker.intake.reader import read_file
from tracker.intake.rows import Options
from tracker.intake.shown_cells.look_up import look_up

MUTANTS = 10
"""Of each file; each costs the start of a process."""

TELLING = [b'"', b"<", b">", b"\0", b"\xff", b",", b"/", b"999999999", b"-1", b"&#0;", b"\xd0\xcf\x11\xe0", b"PK\3\4"]


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Change a few places of some bytes."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(changed) or 1)
        match chance.randrange(6):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[at : at + 4] = chance.randbytes(4)
            case 2:
                del changed[at : at + chance.choice((1, 2, 16, 300))]
            case 3:
                changed[at:at] = changed[at : at + chance.choice((1, 8, 200))]
            case 4:
                changed[at : at + 1] = chance.choice(TELLING)
            case _:
                other = chance.randrange(len(changed) or 1)
                changed[at : at + 8] = changed[other : other + 8]
    return bytes(changed)


def mutate_part(path: Path, target: Path, chance: random.Random) -> None:
    """Damage one part of a workbook, and give it the right checksum again."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    weighty = [name for name in parts if "theme" not in name and "docProps" not in name and "meta.xml" not in name]
    victim = chance.choice(weighty)
    parts[victim] = mutate(parts[victim], chance)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)


def understood(path: Path) -> bool:
    """Read a file: True if it was understood, False if it was refused in a sentence, in bounded time."""
    start = time.monotonic()
    try:
        reading = read_file(path, WORDING, Options())
    except BadInput as refused:
        said = str(refused)
        assert said.startswith(path.name)
        assert said.endswith((".", ".)"))
        # The file's fault, not the program's: nothing in our own code may fail over what a file holds.
        assert "Error in" not in said, said
        return False
    finally:
        assert time.monotonic() - start < 20
    return bool(reading.tables)


@pytest.mark.parametrize("name", WRITERS)
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    assert understood(tmp_path / name)
    chance = random.Random(f"damage to {name}")
    mutant = tmp_path / f"mutant-{name}"
    for number in range(MUTANTS):
        if number % 3 and zipfile.is_zipfile(tmp_path / name):
            mutate_part(tmp_path / name, mutant, chance)
        else:
            mutant.write_bytes(mutate((tmp_path / name).read_bytes(), chance))
        understood(mutant)


@pytest.mark.parametrize("name", WRITERS)
def test_the_search_for_what_is_shown_fails_over_no_damage(tmp_path: Path, name: str) -> None:
    """Without the child around it, so that many more can be tried: it finds something, or nothing."""
    WRITERS[name](tmp_path / name)
    chance = random.Random(f"search in {name}")
    form = identify(name, (tmp_path / name).read_bytes())
    mutant = tmp_path / f"mutant-{name}"
    for _ in range(150):
        if form == "xls":
            mutant.write_bytes(mutate((tmp_path / name).read_bytes(), chance))
        else:
            mutate_part(tmp_path / name, mutant, chance)
        start = time.monotonic()
        with suppress(BadInput):
            look_up(mutant.read_bytes(), form, ["Staff"], ["Staff", "Old"])
        assert time.monotonic() - start < 5


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_damaged_text_file_is_read_or_refused(tmp_path: Path, encoding: str) -> None:
    lines = ["Emp ID;Name;Unit;BLS Exp;BLS Card #", *(f"{n:05};Zoë {n};ED;{n % 12 + 1}/2027;{n}" for n in range(60))]
    data = "\r\n".join(lines).encode(encoding)
    chance = random.Random(f"damage to {encoding}")
    mutant = tmp_path / "mutant.csv"
    for _ in range(100):
        mutant.write_bytes(mutate(data, chance))
        understood(mutant)
