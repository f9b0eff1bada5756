"""Typesets one report and ends: a folder in, a line of JSON and the PDF out. Run as a process of its own."""

import json
import re
import resource
import shutil
import signal
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from tracker.reports.places import DATA, PREFIX, SOURCE

# A font each for the scripts that names come in, and where it is.
FONTS = (
    ("fontpkg_noto_sans", "files"),
    ("fontpkg_noto_sans_arabic", "files"),
    ("fontpkg_noto_sans_devanagari", "files"),
    ("fontpkg_noto_sans_tamil", "files"),
    ("fontpkg_noto_sans_thai", "files"),
    ("noto_cjk_sans_jp_regular", ""),
)
FAMILIES = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Noto Sans CJK JP",
)
# What a letter without a font is replaced by, so that nobody takes a name for whole that is not.
GAP = "\N{WHITE SQUARE}"
# How the typesetter names such a letter. It names one at a time; after so many the report is made without the promise
# that it can be read aloud, which alone makes a missing letter an error.
_NO_FONT = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
MOST_TRIES = 30
# Bytes that a report may take to typeset: a file that somebody handed in must not take the machine's.
MOST_MEMORY = 4 << 30
# Pages of one file that are shown, and pixels an inch.
MOST_PAGES, PIXELS = 4, 130


def main() -> None:
    """Typesets what lies in a folder, and removes that: nobody else may be left to do so."""
    folder = Path(sys.argv[1])
    if not folder.name.startswith(PREFIX):
        sys.exit(f"{folder} is not such a folder.")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        _typeset(folder / SOURCE, folder / DATA)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _typeset(source: Path, given: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    fonts = typst.Fonts(font_paths=[str(path) for path in folders()])
    data = json.loads(given.read_text("utf-8")) | {"fonts": FAMILIES}
    _show_files(source.parent, data)
    text = json.dumps(data, ensure_ascii=False)
    missing: list[str] = []
    content = None
    while content is None:
        given.write_text(text, "utf-8")
        try:
            content = _compiled(source, fonts, "ua-1" if len(missing) < MOST_TRIES else None)
        except typst.TypstError as error:
            unknown = _unknown(error, text)
            if not unknown:
                raise
            missing += [f"U+{ord(char):04X}" for char in unknown]
            text = text.translate(dict.fromkeys(map(ord, unknown), GAP))
    sys.stdout.buffer.write(json.dumps({"missing": missing}).encode() + b"\n" + content)


def _compiled(source: Path, fonts: typst.Fonts, standard: Literal["ua-1"] | None) -> bytes:
    return bytes(typst.compile(source, root=source.parent, font_paths=fonts, format="pdf", pdf_standards=standard))


def _show_files(folder: Path, data: dict[str, Any]) -> None:
    """Makes pictures of the files that people handed in.

    One may be damaged, and must not cost the others; a PDF within one that is to be read aloud is not allowed.
    """
    for block in data["blocks"]:
        if block["is"] == "Exhibit":
            block["files"] = list(_pictures(folder, block["file"])) if block["file"] else []
            if not block["files"]:
                block["words"] += " The file cannot be shown on paper."


def _pictures(folder: Path, file: str) -> Iterator[str]:
    """The pictures of a file's pages, as many as can be shown."""
    probe = folder / "probe.typ"
    for page in range(1, (MOST_PAGES if file.endswith(".pdf") else 1) + 1):
        of_page = f", page: {page}" if file.endswith(".pdf") else ""
        size = "#set page(width: auto, height: auto, margin: 0pt)"
        probe.write_text(f'{size}\n#image("{file}"{of_page}, width: 180mm, alt: "x")', "utf-8")
        try:
            drawn = typst.compile(probe, root=folder, format="png", ppi=PIXELS)
        except typst.TypstError:
            return
        name = f"{Path(file).stem}-{page}.png"
        (folder / name).write_bytes(bytes(drawn))
        yield name


def folders() -> Iterator[Path]:
    """Where the fonts are."""
    for package, inside in FONTS:
        yield Path(str(files(package))) / inside


def _unknown(error: Exception, text: str) -> list[str]:
    """The letters of the text that no font has, from what the typesetter says of them."""
    named = "".join(_NO_FONT.findall(str(error)))
    letters = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), named)
    return sorted({char for char in letters if not char.isascii() and char != GAP and char in text})


if __name__ == "__main__":
    main()
