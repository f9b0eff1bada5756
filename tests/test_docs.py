"""The pages name only what exists, and all of it: commands, options, settings, files, keys, standings."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from email import message_from_bytes
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from click.testing import CliRunner
from fastapi.routing import APIRoute

from notify.returned import ANA, OURS, POSTFIX
from tracker.actions.imports.result import OUTCOMES
from tracker.cli.main import cli
from tracker.cli.status import PLAIN
from tracker.domain import policy_text
from tracker.domain.reminders import OWN
from tracker.domain.standing import Standing
from tracker.intake.synonyms import FIELDS
from tracker.notify.mail_url import open_post
from tracker.reports.mail_words import KINDS, REASONS
from tracker.settings import Settings
from tracker.web.app import ROUTERS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [page for page in (ROOT / "README.md", *sorted(DOCS.rglob("*.md"))) if page.exists()]
SETTING = r"TRACKER_[A-Z_]*[A-Z]"
SHELLS = ("", "sh", "bash", "console", "shell")
FOLDERS = ("tracker", "tests", "docs", "alembic", "benchmarks", "templates", "examples", ".ci")
SECTIONS = {
    "At the top": policy_text.TOP,
    "[types.X]": policy_text.TYPE,
    "[[issuers]]": policy_text.ISSUER,
    "[[roles]]": policy_text.ROLE,
    "[[validity]]": policy_text.VALIDITY,
    "[[extensions]]": policy_text.EXTENSION,
    "[[recognitions]]": policy_text.RECOGNITION,
    "[[requirements]]": policy_text.REQUIREMENT,
    "[reminders]": policy_text.REMINDERS,
    "[retention]": policy_text.RETENTION,
}

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


# --- reading a page ---------------------------------------------------------------------


class Block(NamedTuple):
    """Lines of a page: of a fence (`language` is not None) or of prose."""

    language: str | None
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """A page cut at its fences."""
    language: str | None = None
    lines: list[str] = []
    for line in page.read_text("utf-8").splitlines():
        fence = re.match(r"\s*```(\w*)$", line)
        if fence is None:
            lines.append(line)
            continue
        yield Block(language, "\n".join(lines))
        language, lines = (fence[1] if language is None else None), []
    assert language is None, f"{page.name}: a fence is not closed"
    yield Block(None, "\n".join(lines))


def fenced(page: Path, *languages: str) -> list[str]:
    """The texts of the fences in one of these languages."""
    return [block.text for block in blocks(page) if block.language in languages]


def prose(page: Path) -> str:
    """A page without its fences."""
    return "\n".join(block.text for block in blocks(page) if block.language is None)


def spans(text: str) -> list[str]:
    """What stands in backticks, on one line."""
    return re.findall(r"`([^`\n]+)`", text)


def section(page: Path, heading: str) -> str:
    """The prose below a heading, up to the next heading of any level."""
    _, found, rest = prose(page).partition(heading)
    assert found, f"{page.name} has no heading {heading!r}"
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the rows of tables."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


# --- commands and options ---------------------------------------------------------------


def calls(line: str) -> Iterator[list[str]]:
    """The arguments of each call of the program in a line for a shell."""
    lexer = shlex.shlex(line.strip().removeprefix("$ "), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    for between, words in groupby(lexer, key=lambda word: word in ("&&", "||", ";", "|", "&")):
        command = [] if between else list(words)
        while command and re.match(r"[A-Z_]+=", command[0]):
            del command[0]
        redirected = next((at for at, word in enumerate(command) if word[0] in "<>"), len(command))
        if command and Path(command[0]).name == "tracker":
            yield command[1:redirected]


def fault(words: list[str], *, whole: bool) -> str | None:
    """Why the program would not understand these arguments; a line that is not whole may lack some."""
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            return f"there is no command {words[0]}"
        command, words = found, words[1:]
    if isinstance(command, click.Group) and not words:
        return "it names a group, no command" if whole and not command.invoke_without_command else None
    try:
        command.make_context(command.name, words)
    except click.exceptions.Exit:  # --help
        return None
    except click.BadParameter as error:
        placeholder = isinstance(error, click.MissingParameter) or any(word.isupper() for word in words)
        return None if placeholder and not whole else error.format_message()
    except click.UsageError as error:
        return error.format_message()
    return None


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that can be run, by its full name."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    if command.invoke_without_command:
        yield name, command
    context = click.Context(command)
    for word in command.list_commands(context):
        below = command.get_command(context, word)
        assert below is not None
        yield from commands(below, f"{name} {word}")


@each_page
def test_every_command_line_can_be_run_as_it_stands(page: Path) -> None:
    lines = [line for text in fenced(page, *SHELLS) for line in text.replace("\\\n", " ").splitlines()]
    asked = [(line, words) for line in lines if re.search(r"\btracker\b", line) for words in calls(line)]
    assert [f"{line}: {why}" for line, words in asked if (why := fault(words, whole=True))] == []


@each_page
def test_every_command_in_a_sentence_exists_with_its_options(page: Path) -> None:
    asked = [(text, words) for text in spans(prose(page)) if "tracker" in text for words in calls(text)]
    assert [f"{text}: {why}" for text, words in asked if (why := fault(words, whole=False))] == []


@each_page
def test_every_option_in_a_sentence_exists(page: Path) -> None:
    params = [param for _, command in commands(cli, "tracker") for param in command.params]
    options = [param for param in params if isinstance(param, click.Option)]
    known = {name for one in options for name in (*one.opts, *one.secondary_opts)} | {"--help"}
    named = {text.split()[0].split("=")[0] for text in spans(prose(page)) if re.match(r"--?[a-z]", text)}
    assert named - known == set()


def test_every_command_is_on_some_page() -> None:
    texts = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert [name for name, _ in commands(cli, "tracker") if not re.search(rf"{name}\b(?!-)", texts)] == []


# --- settings and files -----------------------------------------------------------------


def settings() -> set[str]:
    """Every variable of the environment that the program looks at."""
    found = {f"TRACKER_{name.upper()}" for name in Settings.model_fields}
    for source in (ROOT / "tracker").rglob("*.py"):
        found |= set(re.findall(r'environ(?:\.get\(|\[)"(TRACKER_\w+)"', source.read_text("utf-8")))
    return found


@each_page
def test_every_setting_named_exists(page: Path) -> None:
    assert set(re.findall(SETTING, page.read_text("utf-8"))) - settings() == set()


def test_every_setting_is_documented() -> None:
    text = section(DOCS / "administrators.md", "## Settings")
    assert settings() - set(re.findall(SETTING, text)) == set()


@each_page
def test_every_project_file_named_exists(page: Path) -> None:
    inside = rf"({'|'.join(map(re.escape, FOLDERS))})/[\w.*/-]*"
    alone = r"[\w.-]+\.(py|md|lock)|Makefile|pyproject\.toml"
    named = [text for text in spans(prose(page)) if re.fullmatch(f"{inside}|{alone}", text)]
    assert [text for text in named if not any(ROOT.glob(text.rstrip("/")))] == []


def slugs(page: Path) -> set[str]:
    """What a link may name a page's headings by."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.casefold()).replace(" ", "-") for heading in headings}


def test_every_address_of_the_app_named_exists() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    known = [re.sub(r"\{[^}]+\}", ".+", route.path) for route in routes]
    pages = [page for page in PAGES if page.parent == DOCS / "web"]
    named = {text.partition("?")[0] for page in pages for text in spans(prose(page)) if text.startswith("/")}
    assert named
    assert [text for text in named if not any(re.fullmatch(path, text) for path in known)] == []


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)) if "://" not in link]
    lost = []
    for link in links:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in slugs(target)):
            lost.append(link)
    assert lost == []


# --- policies ---------------------------------------------------------------------------


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_policy_key_is_documented_with_an_example_that_is_accepted(heading: str) -> None:
    ticked = "### At the top" if heading == "At the top" else f"### `{heading}`"
    table = [cells for cells in rows(section(DOCS / "educators.md", ticked)) if len(cells) == 3 and "=" in cells[1]]
    checks = SECTIONS[heading]
    assert {cells[0].strip("`") for cells in table} == set(checks)
    for key, example, _ in table:
        [(named, value)] = tomllib.loads(example.strip("`")).items()
        assert named == key.strip("`")
        checks[named](value)  # raises ValueError where it would be refused


def test_every_way_a_card_may_end_is_documented() -> None:
    table = rows(section(DOCS / "educators.md", "### `[[validity]]`"))
    shown = {cells[0].strip("`") for cells in table if len(cells) == 2 and cells[0].startswith("`")}
    assert shown == {"ends", *policy_text.ENDS}


def test_every_policy_shown_whole_is_accepted() -> None:
    shown = fenced(DOCS / "educators.md", "toml")
    assert [policy_text.read_policy(text).name for text in shown] == ["st-elsewhere"]


def test_answers_shown_are_lines_of_question_and_answer() -> None:
    for text in fenced(DOCS / "managers.md", "toml"):
        assert all(isinstance(answer, str) for answer in tomllib.loads(text).values())


# --- the demo, mails -----------------------------------------------------------------------


def test_the_first_command_ends_in_a_demo_that_leaves_what_the_readme_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fenced(ROOT / "README.md", "sh")[0]
    assert first == "python3 -m venv .venv && .venv/bin/pip install --quiet . && .venv/bin/tracker demo"
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["demo", "--staff", "60"])
    assert (done.exit_code, "Where to look:" in done.stdout) == (0, True)
    named = [text for text in spans(prose(ROOT / "README.md")) if text.startswith("tracker-demo")]
    assert named
    assert [name for name in named if not (tmp_path / name).exists()] == []


def test_every_reason_for_silence_is_documented_under_the_words_of_the_screen() -> None:
    table = rows(section(DOCS / "educators.md", "## Why did she get no mail?"))
    assert {cells[0].strip("`"): cells[1] for cells in table[2:]} == REASONS


def test_every_kind_of_mail_to_managers_is_documented() -> None:
    table = rows(section(DOCS / "managers.md", "## The mails you get"))
    shown = {cells[1].strip("`") for cells in table if len(cells) == 5 and cells[1].startswith("`")}
    assert shown == set(KINDS) - OWN


def test_every_kind_of_mail_to_the_person_alone_is_named_to_educators_or_managers() -> None:
    words = prose(DOCS / "educators.md") + prose(DOCS / "managers.md")
    assert [kind for kind in OWN if f"`{kind}`" not in words] == []


def test_every_state_of_a_mail_is_documented() -> None:
    table = rows(section(DOCS / "administrators.md", "## What became of a mail"))
    shown = {cells[0].strip("`") for cells in table if cells[0].startswith("`")}
    assert shown == {"queued", "sending", "sent", "failed", "withdrawn"}


def test_every_address_of_mail_shown_is_understood() -> None:
    table = rows(section(DOCS / "administrators.md", "## Mail\n"))
    shown = [cells[0].strip("`") for cells in table[2:]]
    assert [open_post(address) for address in shown]


# --- standings, imports, JSON -----------------------------------------------------------


def test_every_standing_is_documented_under_the_words_of_the_screen() -> None:
    table = rows(section(DOCS / "managers.md", "## What each standing means"))
    shown = {cells[1].strip("`"): cells[0] for cells in table if cells[1].startswith("`")}
    assert shown == {standing.value: PLAIN[standing.value] for standing in Standing}


def test_every_outcome_of_a_row_is_documented() -> None:
    table = rows(section(DOCS / "managers.md", "## Look first"))
    assert {cells[0].strip("`") for cells in table if cells[0].startswith("`")} == set(OUTCOMES)


def test_every_kind_of_file_is_documented_with_its_headers() -> None:
    table = rows(section(DOCS / "managers.md", "## What your spreadsheet needs"))
    assert {cells[0]: set(spans(cells[2])) for cells in table[2:]} == {kind: set(FIELDS[kind]) for kind in FIELDS}


def documented_json() -> dict[str, set[str]]:
    """The keys of each command; rows without a command go on with the one above."""
    found: dict[str, set[str]] = {}
    command = ""
    for first, _, keys in rows(section(DOCS / "administrators.md", "## JSON"))[2:]:
        command = first.strip("`") if first.startswith("`tracker") else command
        found.setdefault(command, set()).update(key for key in spans(keys) if " " not in key)
    found["tracker explain"] |= found["tracker status"]
    return found


def keys_in(value: Any) -> set[str]:
    """The keys at any depth, but for those that are data: headers, what a report was asked, standings counted."""
    if isinstance(value, list):
        return set().union(*map(keys_in, value))
    if not isinstance(value, dict):
        return set()
    below = [keys_in(each) for key, each in value.items() if key not in ("columns", "parameters")]
    return set(value).union(*below) - {standing.value for standing in Standing}


def come_back(home: Path) -> Path:
    """A mailbox of one report, about a mail that was sent."""
    sent = message_from_bytes(next((home / "data" / "mail" / "new").iterdir()).read_bytes())
    for folder in ("new", "cur"):
        (home / "bounces" / folder).mkdir(parents=True)
    content = POSTFIX.replace(ANA.encode(), sent["To"].encode()).replace(OURS.encode(), sent["Message-ID"].encode())
    (home / "bounces" / "new" / "1").write_bytes(content)
    return home / "bounces"


def test_every_key_of_json_is_documented_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "data"))
    sheets = ROOT / "tests" / "sheets"
    files = [str(sheets / name) for name in ("roster.csv", "cards.csv", "agency_travelers.csv", "none.csv")]
    CliRunner().invoke(cli, ["policy", "apply", "us-hospital"])
    (tmp_path / "card.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "answers.csv").write_text("number,answer\nnobody's,valid\n")
    (tmp_path / "chapel.csv").write_text("employee_id,name,unit,role\n9001,Cas Chant,Chapel,Chaplain\n")
    CliRunner().invoke(cli, ["import", *files])
    CliRunner().invoke(cli, ["evidence", "add", "004512", "card.jpg"])
    extra = {
        "tracker import": [*files, "chapel.csv"],
        "tracker explain": ["004512"],
        "tracker policy diff": ["uk-trust"],
        "tracker evidence list": ["004512"],
        "tracker report survey": ["--employee", "004512"],
        "tracker report history": ["--employee", "004512", "--known-at", "2024-01-01"],
    }
    CliRunner().invoke(cli, ["user", "add", "dana@site.example", "--role", "educator"])
    CliRunner().invoke(cli, ["report", "compliance", "-o", "report.json", "--issue"])
    documented = documented_json()
    order = sorted(documented, key=lambda command: command != "tracker import")
    found = {}
    for command in order:
        if command == "tracker mail bounces":
            monkeypatch.setenv("TRACKER_BOUNCES", str(come_back(tmp_path)))
            CliRunner().invoke(cli, ["jobs", "run", "read_bounces"])
        words = [*command.split()[1:], *extra.get(command, []), "--format", "json"]
        found[command] = keys_in(json.loads(CliRunner().invoke(cli, words).stdout))
    assert found == documented
