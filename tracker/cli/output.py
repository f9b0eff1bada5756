"""Tables for people, and files."""

import os
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from tracker.domain.errors import BadInput, NotPossible


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns side by side, as wide as they need to be."""
    cells = [[_shown(value) for value in row] for row in (header, *rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(header))]
    lines = [
        "  ".join(_padded(value, width) for value, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def deliver(text: str, target: Path | None) -> None:
    """Prints a result, or writes it to a file that nobody else may read, whole or not at all."""
    if target is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    deliver_file(text.encode(), target)


def deliver_file(content: bytes, target: Path) -> None:
    """Writes a result to a file that nobody else may read, whole or not at all."""
    check_folder(target)
    try:
        _write(content, target)
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise NotPossible(f"{target} cannot be written ({reason}); make room or choose another place.") from None
    click.echo(f"Written to {target}.", err=True)


def check_folder(target: Path) -> None:
    """Raises BadInput if the folder is not there into which a result is to be written."""
    if not target.parent.is_dir():
        raise BadInput(f"There is no folder {target.parent}; make it, or choose another place with -o.")


def _write(content: bytes, target: Path) -> None:
    if target.exists() and not target.is_file():
        # A pipe or a device is written to, not replaced.
        target.write_bytes(content)
        return
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, if somebody is watching; yields what moves it on by so many."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden) as bar:
        yield bar.update


def _shown(value: object) -> str:
    # Control characters in a name must not move the cursor.
    text = "" if value is None else str(value)
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)


def _width(text: str) -> int:
    """How many columns a text takes: wide scripts take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
