"""Another language is a folder: what makes one, what is said of one that is not complete, and what stays English."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from notify.told import Page, facts_of, flat
from tracker.domain.errors import BadInput
from tracker.notify.calendar import Origin
from tracker.notify.contexts import KINDS, How, LapseNotice, Need, StaffReminder
from tracker.notify.contexts.parts import BLS_RULE, ZANETA
from tracker.notify.languages import LAYOUT, Language, english, environment, find_language, shipped, templates_folder
from tracker.notify.render import render, samples

ROOT = Path(__file__).parents[2]
# Words between the marks of a template; a letter of such a word is no name, no keyword, no tag.
WORDS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the English words, to be made another language."""
    return Path(shutil.copytree(english().folder, tmp_path / "xx"))


def turned(text: str) -> str:
    """A file of words with all that is said in capitals: between the marks, and in tables."""
    marks = [
        re.sub(r'(?<=": )"[^"]*"|"[^"]*"(?=\.split)', lambda said: said[0].upper(), mark)
        for mark in WORDS.findall(text)
    ]
    return "".join(said.upper() + mark for said, mark in zip(WORDS.split(text), [*marks, ""], strict=True))


def rewritten(path: Path, change: Callable[[str], str]) -> None:
    """Changes a file of words."""
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def test_a_folder_alone_is_a_language(folder: Path) -> None:
    """With every word of the folder changed, no English stretch is left in any mail: all words came from it."""
    for path in folder.glob("*.jinja"):
        rewritten(path, turned)
    for name, mail, rendered in samples(find_language(str(folder))):
        data = flat(repr(mail))
        for said in (rendered.subject, flat(rendered.text), Page(rendered.html).text):
            assert [word for word in re.findall(r"[a-z]{4,}", said) if word not in data] == [], name
        assert 'lang="xx"' in rendered.html


def test_days_are_written_as_the_folder_says(folder: Path) -> None:
    """Day, month and year in its order, with its words for how far a day is."""
    words = folder / "words.jinja"
    rewritten(
        words, lambda text: text.replace("{{ date.day }} {{ MONTHS[date.month - 1] }} {{ date.year }}", "{{ date }}")
    )
    rewritten(words, lambda text: text.replace("in {{ days(count) }}", "+{{ count }}"))
    rendered = render(StaffReminder.sample_of_one(), find_language(str(folder)))
    assert rendered.subject == "Your BLS ends on 2028-06-30 (+14)"
    for said in (flat(rendered.text), Page(rendered.html).text):
        assert "2028-06-30 (+14)" in said
        assert "June" not in said


def test_a_folder_says_in_which_direction_it_is_read(folder: Path) -> None:
    """Arabic or Hebrew words turn the page."""
    rewritten(folder / "words.jinja", lambda text: text.replace('DIRECTION = "ltr"', 'DIRECTION = "rtl"'))
    assert 'dir="rtl"' in render(LapseNotice.sample(), find_language(str(folder))).html


def test_a_folder_may_bring_a_layout_of_its_own(folder: Path) -> None:
    """For a language, or a house, that wants the words in another order."""
    own = folder / "staff_reminder"
    own.mkdir()
    (own / "body.txt").write_text("Quite another text for {{ mail.name }}\n", "utf-8")
    assert render(StaffReminder.sample_of_one(), find_language(str(folder))).text.startswith("Quite another text")


def test_words_that_are_changed_are_in_the_mails_of_the_next_run(folder: Path) -> None:
    """A process that goes on for months need not be started again; a run that has begun keeps to its words."""
    before = find_language(str(folder))
    first = render(StaffReminder.sample_of_one(), before)
    rewritten(folder / "words.jinja", lambda text: text.replace("Hello", "Dear"))
    assert render(StaffReminder.sample_of_one(), before) == first
    assert render(StaffReminder.sample_of_one(), find_language(str(folder))).text.startswith("Dear")


@pytest.mark.parametrize("path", sorted(english().folder.glob("*.jinja")), ids=lambda path: path.name)
def test_a_file_that_is_missing_is_named(folder: Path, path: Path) -> None:
    """Before any mail is written."""
    (folder / path.name).unlink()
    with pytest.raises(BadInput, match=f"the file {path.name} is missing"):
        find_language(str(folder))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{%- set MONTHS = "a b".split() -%}', "lacks DIRECTION, away, course, day"),
        ("{% macro day( %}", r"cannot be read \(line 1: "),
        ("{{ nonsense", r"cannot be read \(line 1: "),
        (b"\xff\xfe", "is not in UTF-8"),
    ],
)
def test_a_file_that_is_not_complete_is_named(folder: Path, content: str | bytes, told: str) -> None:
    """With the words that it lacks, or the line that cannot be read."""
    (folder / "words.jinja").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadInput, match=f"words.jinja {told}"):
        find_language(str(folder))


def test_words_that_fail_when_they_are_used_are_named(folder: Path) -> None:
    """The samples are written before anybody gets a mail."""
    rewritten(folder / "words.jinja", lambda text: text.replace("MONTHS[date.month - 1]", "MONATE[date.month - 1]"))
    with pytest.raises(BadInput, match=r"cannot be written with the words in .*xx: 'MONATE' is undefined"):
        list(samples(find_language(str(folder))))


@pytest.mark.parametrize("name", ["xx", "", "..", "_layout", "EN", "words.jinja"])
def test_a_language_that_is_not_there_is_answered_with_those_that_are(name: str) -> None:
    """And with how to bring words of one's own."""
    with pytest.raises(BadInput, match=rf"no mail language '{re.escape(name)}'; there are: .*\ben\b.*path of a folder"):
        find_language(name)


@pytest.mark.parametrize("name", ["no folder", "1", "words"])
def test_a_folder_is_named_as_languages_are(tmp_path: Path, name: str) -> None:
    """Its name tells mail programs and screen readers how to read the words."""
    (tmp_path / "1").mkdir()
    with pytest.raises(BadInput, match="no folder that is named for a language, such as de or pt-BR"):
        find_language(str(tmp_path / name))


@pytest.mark.parametrize("language", shipped().values(), ids=list(shipped()))
def test_every_language_that_ships_is_complete(language: Language) -> None:
    """Every kind can be written with it."""
    assert find_language(language.name) == language
    assert len(list(samples(language))) == 2 * len(KINDS)


@pytest.mark.parametrize("language", shipped().values(), ids=list(shipped()))
def test_text_and_html_say_every_fact_in_every_language(language: Language) -> None:
    """Every name, day, requirement and address, the days as that language writes them."""
    words: Any = environment(language, html=False).get_template("words.jinja").module
    for name, mail, rendered in samples(language):
        for said in (flat(rendered.text), Page(rendered.html).text):
            assert [fact for fact in facts_of(mail, words.day) if fact not in said] == [], name
        assert len(rendered.subject) < 150


@pytest.mark.parametrize(
    ("how", "last_day", "subject"),
    [
        ("card", date(2028, 3, 1), "Ihr Nachweis BLS gilt nur noch bis zum 1. März 2028 (heute)"),
        ("card", date(2028, 3, 2), "Ihr Nachweis BLS gilt nur noch bis zum 2. März 2028 (morgen)"),
        ("renewal", date(2028, 3, 31), "Erneuern Sie Ihren Nachweis BLS bis zum 31. März 2028 (in 30 Tagen)"),
        ("ended", date(2028, 2, 29), "Ihr Nachweis BLS galt bis zum 29. Februar 2028 (gestern)"),
        ("ended", date(2027, 12, 31), "Ihr Nachweis BLS galt bis zum 31. Dezember 2027 (vor 61 Tagen)"),
    ],
)
def test_german_mails_write_days_as_germans_do(how: How, last_day: date, subject: str) -> None:
    """The day with its point, the month in words, the plural in its case; in subject, text, HTML and calendar."""
    need = Need("BLS", None, how, last_day, (BLS_RULE,), (), cause="BLS")
    rendered = render(StaffReminder(date(2028, 3, 1), "Ana", ahead=(need,)), find_language("de"))
    assert rendered.subject == subject
    assert subject in flat(rendered.text)
    assert subject in Page(rendered.html).text


def test_german_calendar_entries_are_german() -> None:
    """Title, text and the file's name."""
    origin = Origin("1", "cards@example.org", datetime(2028, 6, 16, tzinfo=UTC))
    (file,) = render(StaffReminder.sample_of_one(), find_language("de"), origin).files
    assert file.name == "BLS-letzter-Tag-2028-06-30.ics"
    assert "SUMMARY:BLS: letzter gültiger Tag\r\n" in file.content


def test_every_kind_has_a_layout() -> None:
    """A text and a page; the words are the languages'."""
    for kind in KINDS:
        assert {path.name for path in (templates_folder(ROOT / "tracker") / LAYOUT / kind.kind).iterdir()} == {
            "body.txt",
            "body.html",
        }


def test_the_layouts_and_the_program_hold_no_words() -> None:
    """What stands between the marks and tags of a layout is punctuation."""
    for path in (templates_folder(ROOT / "tracker") / LAYOUT).rglob("*.*"):
        if path.suffix in (".html", ".txt"):
            text = re.sub(r"<style>.*?</style>|<!--.*?-->", "", WORDS.sub("", path.read_text("utf-8")), flags=re.DOTALL)
            assert re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", "", text)) == [], path.name


@pytest.mark.parametrize(
    ("name", "shown"), [("משה כהן", "משה כהן\u200e"), ("سارة علي", "سارة علي\u200e"), ("Ada", "Ada")]
)
def test_a_name_in_hebrew_or_arabic_stays_apart_from_what_follows(name: str, shown: str) -> None:
    """A mark after it keeps the employee number on its own side; other names get none."""
    notice = LapseNotice.sample_of_one()
    lapse = notice.lapses[0]._replace(person=ZANETA._replace(name=name))
    rendered = render(LapseNotice(notice.day, (lapse,)))
    assert f"- {shown} (004512, RN)" in rendered.text
    assert f"{shown}<" in rendered.html
