"""The folder of evidence: each file once, whole, for its owner's eyes; what is left behind is swept."""

import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from evidence.certificates import scan
from tracker.actions.kept_files import KeptFiles
from tracker.domain.errors import BadInput, NotPossible
from tracker.intake.evidence import LARGEST, load_evidence

DATA = b"%PDF-1.7 anything"
DIGEST = sha256(DATA).hexdigest()
DAY = 24 * 60 * 60


@pytest.fixture
def files(tmp_path: Path) -> KeptFiles:
    """An empty folder."""
    return KeptFiles(tmp_path / "data")


def keep(files: KeptFiles) -> Path:
    """Keeps the usual file; returns where it lies."""
    with files.draft(DATA) as draft:
        files.keep(draft, DIGEST)
    return files.folder / DIGEST[:2] / DIGEST


def age(path: Path, seconds: float) -> None:
    """Makes a file older than it is."""
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_file_lies_under_its_hash_for_its_owner_alone(files: KeptFiles) -> None:
    place = keep(files)
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert files.folder.stat().st_mode & 0o777 == 0o700
    assert files.read(DIGEST) == DATA


def test_the_same_file_twice_lies_there_once(files: KeptFiles) -> None:
    keep(files)
    keep(files)
    assert [path.name for path in files.folder.rglob("*") if path.is_file()] == [DIGEST]


def test_a_draft_that_was_not_kept_is_gone(files: KeptFiles) -> None:
    with pytest.raises(RuntimeError), files.draft(DATA):
        raise RuntimeError
    assert list(files.folder.iterdir()) == []


def test_a_file_that_is_gone_or_altered_is_not_given_out(files: KeptFiles) -> None:
    """The sentence says where to get it back from."""
    place = keep(files)
    place.write_bytes(DATA + b"!")
    with pytest.raises(NotPossible, match="backup"):
        files.read(DIGEST)
    place.unlink()
    with pytest.raises(NotPossible, match="backup"):
        files.read(DIGEST)
    assert not files.holds(DIGEST)
    # Handed in again, it is as it was.
    keep(files)
    assert files.read(DIGEST) == DATA


def test_what_was_left_behind_is_swept_a_day_later(files: KeptFiles) -> None:
    """Not what a fact names, not what somebody may be about to name, and nothing in another folder."""
    place = keep(files)
    elsewhere = files.folder / "zz" / "zz1"
    elsewhere.parent.mkdir()
    draft = files.folder / ".draft-old"
    for path in (elsewhere, draft):
        path.write_bytes(DATA)
        age(path, 2 * DAY)
    files.sweep(DIGEST[:2], set())
    assert (place.exists(), elsewhere.exists(), draft.exists()) == (True, True, False)
    age(place, 2 * DAY)
    files.sweep(DIGEST[:2], {DIGEST})
    assert place.exists()
    files.sweep(DIGEST[:2], set())
    assert not place.exists()


@pytest.mark.parametrize("step", ["tempfile.mkstemp", "os.fsync"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    files: KeptFiles, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, full)
    with pytest.raises(NotPossible, match=r"no space left.*make room"), files.draft(DATA):
        pass
    assert [path for path in files.folder.rglob("*") if path.is_file()] == []


# --- what is taken -----------------------------------------------------------------------

PICTURES = {
    "image/jpeg": b"\xff\xd8\xff\xe0" + b"x" * 20,
    "image/png": b"\x89PNG\r\n\x1a\n" + b"x" * 20,
    "image/webp": b"RIFF\0\0\0\0WEBPVP8 ",
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0",
    "application/pdf": scan(),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_kind_is_told_by_its_content_and_not_by_its_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "card.exe"
    path.write_bytes(PICTURES[kind])
    assert load_evidence(path) == (path.name, PICTURES[kind], kind)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"GIF89a", "neither a PDF"),
        (b"<html>%PDF-1.7", "neither a PDF"),
        (b"PK\x03\x04", "neither a PDF"),
        (b"\0\0\0\x18ftypmp42", "neither a PDF"),
        (b"\xff\xd8\xff" + b"x" * LARGEST, "10 MB"),
    ],
)
def test_what_is_not_taken_is_refused_with_what_would_be(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "card.pdf"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        load_evidence(path)


def test_the_largest_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "card.jpg"
    path.write_bytes(b"\xff\xd8\xff" + b"x" * (LARGEST - 3))
    assert len(load_evidence(path).data) == LARGEST


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    """A folder, a pipe that nobody writes to, a link to nothing, a name that cannot be one; a link to a file is one."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    for name, said in (("", "folder"), ("pipe", "ordinary"), ("lost", "opened"), ("a\0b", "opened"), ("no", "opened")):
        with pytest.raises(BadInput, match=said):
            load_evidence(tmp_path / name if name else tmp_path)
    (tmp_path / "real").write_bytes(DATA)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert load_evidence(tmp_path / "link").data == DATA
