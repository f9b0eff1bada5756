"""No page speaks of commands and options: whatever the program says, it says it in the words of the pages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tracker
from tracker.web.imports.words import told
from tracker.web.said import said

PACKAGE = Path(tracker.__file__).parent
# What only the command line says: its own, and what asks for the machine.
ELSEWHERE = ("cli", "__main__.py", "settings.py")
# A command, or an option; but for those of whom the page says that somebody else has to run them.
COMMAND = re.compile(r"(?<!runs ['`])(?<!' or ['`])\btracker [a-z]+(?:-[a-z]+)*\b|(?<![\w-])--[a-z][a-z-]+")


# Words of answers files, and fields as the program calls them.
ANSWERS = re.compile(
    r"\((?:dmy|mdy|ymd|moved|also|same|new|skip)\)|\bin the order [dmy]{3}\b|\"[a-z_-]+:[^\"]*\" = "
    r"|\bAnswer (?:with|new)\b|is no answer to|\bor skip\b|\"none\" leaves"
)


def sentences() -> Iterator[tuple[str, str]]:
    """Every text of the program that names a command, an option or, of an import, an answer; `7` is what is put in.

    The name of an option alone is said to nobody.
    """
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        if place.parts[0] in ELSEWHERE or place == Path("web/said.py"):
            continue
        for line, text in texts(ast.parse(path.read_text("utf-8"))):
            of_imports = place.parts[:2] == ("actions", "imports") or place.parts[0] == "intake"
            if (COMMAND.search(text) and not COMMAND.fullmatch(text)) or (of_imports and ANSWERS.search(text)):
                yield f"{place}:{line}: {text[:24]}", text


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The texts of a module, without those that document it."""
    parts: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(each) for each in node.values}
            whole = [each.value if isinstance(each, ast.Constant) else "7" for each in node.values]
            yield node.lineno, "".join(map(str, whole))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts.add(id(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.lineno, node.value


FOUND = dict(sentences())


def test_the_program_has_such_sentences() -> None:
    """So that what follows looks at something."""
    assert len(FOUND) > 30


@pytest.mark.parametrize("place", FOUND)
def test_it_is_said_in_the_words_of_the_pages(place: str) -> None:
    """No command and no option is left of it, nor quotes without anything in them or blanks that stay behind."""
    here = said(FOUND[place])
    assert COMMAND.findall(here) == [], here
    assert ANSWERS.findall(here) == [], here
    assert not re.search(r"''|``| {2}| [.,;:]|[;:,]\.", here), here


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("They could all be unit: which one is it?", 'They could all be "Unit": which one is it?'),
        (
            "Badge \u2192 employee_id, Due \u2192 BLS.expires_on.",
            'Badge \u2192 "Employee id", Due \u2192 "BLS: Expires on".',
        ),
        ('Column "starts_on" of 2026-02-03.', 'Column "starts_on" of 3 Feb 2026.'),
        ('"2026-02-03" in roster-2026-02-03.csv is no name.', '"2026-02-03" in roster-2026-02-03.csv is no name.'),
        ("write its day as 2026-12-03.", "write its day as 2026-12-03."),
        ("2026-02-30 is no day; the unit and the name are.", "2026-02-30 is no day; the unit and the name are."),
    ],
)
def test_imports_call_fields_and_days_as_the_pages_do(text: str, here: str) -> None:
    """What is quoted, or part of another word, stays; so does a word that is only a word."""
    assert told(text) == here
