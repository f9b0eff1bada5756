"""The languages of mails: each is a folder of words; the layouts are the same for all."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.runtime import Context, Macro

import tracker
from tracker.domain.errors import BadInput
from tracker.notify.words import FILTERS, TESTS

LAYOUT = "_layout"
ENGLISH = "en"
# As the standard for languages writes them, and `lang` in HTML wants them: de, pt-BR.
_NAME = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Language(NamedTuple):
    """A language by its name, such as `de`, the folder that holds its words, and when these were changed last."""

    name: str
    folder: Path
    edition: int


def templates_folder(package: Path) -> Path:
    """Where the mails' templates are: inside the installed package, or beside it in a checkout."""
    installed = package / "templates" / "email"
    return installed if installed.is_dir() else package.parent / "templates" / "email"


def shipped() -> dict[str, Language]:
    """The languages that come with the program, by name."""
    folders = sorted(path for path in _templates().iterdir() if path.is_dir() and _NAME.fullmatch(path.name))
    return {path.name: _language(path) for path in folders}


def english() -> Language:
    """The language that every other one is held against."""
    return shipped()[ENGLISH]


def find_language(text: str) -> Language:
    """The language of that name, or in the folder at that path, complete; else BadInput says what is missing."""
    known = shipped()
    language = known.get(text)
    if language is None and ("/" in text or "\\" in text):
        folder = Path(text).expanduser()
        if not folder.is_dir() or not _NAME.fullmatch(folder.name):
            raise BadInput(
                f"TRACKER_MAIL_LANGUAGE: {text} is no folder that is named for a language, such as de or pt-BR."
            )
        language = _language(folder)
    if language is None:
        raise BadInput(
            f"There is no mail language '{text}'; there are: {', '.join(known)}. "
            "Set TRACKER_MAIL_LANGUAGE to one of them, or to the path of a folder with words of your own."
        )
    problems = missing(language)
    if problems:
        raise BadInput(f"The mail language in {language.folder} is not complete: {'; '.join(problems)}.")
    return language


def missing(language: Language) -> list[str]:
    """What a language lacks beside English: files, and words in them; or what in a file cannot be read."""
    problems = []
    for path in sorted(english().folder.glob("*.jinja")):
        try:
            lacking = _defined(english().folder / path.name) - _defined(language.folder / path.name)
        except FileNotFoundError:
            problems.append(f"the file {path.name} is missing")
        except TemplateSyntaxError as error:
            problems.append(f"{path.name} cannot be read (line {error.lineno}: {error.message})")
        except UnicodeDecodeError:
            problems.append(f"{path.name} is not in UTF-8")
        else:
            if lacking:
                problems.append(f"{path.name} lacks {', '.join(sorted(lacking))}")
    return problems


class _Wording(Context):
    """Calls a macro at once. A mail is made of a hundred, and the library asks of each callable what it wants to be
    given, which takes longer than most of them have to say."""

    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        """What the callable says."""
        if type(called) is not Macro:
            return super().call(called, *args, **named)
        # For callables that look at the variables around them, which a macro does not.
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(self.eval_ctx, *args, **named)


@lru_cache(8)
def environment(language: Language, *, html: bool) -> Environment:
    """Two environments over the same files: words that both mails share are escaped in the one and not in the other.

    Its files are read once; once they are changed, the language is found in another edition.
    """
    made = Environment(
        # A folder of words may bring a layout of its own, too.
        loader=FileSystemLoader([language.folder, _templates() / LAYOUT]),
        autoescape=html,  # noqa: S701 - subjects and texts are no HTML
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.context_class = _Wording
    made.filters |= FILTERS
    made.tests |= TESTS
    return made


def _language(folder: Path) -> Language:
    files = (path for root in (folder, _templates() / LAYOUT) for path in root.rglob("*"))
    return Language(folder.name, folder, max((path.stat().st_mtime_ns for path in files), default=0))


def _templates() -> Path:
    return templates_folder(Path(tracker.__file__).parent)


def _defined(path: Path) -> set[str]:
    """The names of the macros and tables in a file of words."""
    body = environment(english(), html=False).parse(path.read_text("utf-8"), filename=path.name).body
    macros = {one.name for one in body if isinstance(one, nodes.Macro)}
    return macros | {
        one.target.name for one in body if isinstance(one, nodes.Assign) and isinstance(one.target, nodes.Name)
    }
