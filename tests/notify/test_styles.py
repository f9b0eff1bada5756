"""The style sheet in the tags of a page, held against a library that knows all of CSS."""

import re

import pytest
from css_inline import CSSInliner

from notify.told import Page
from tracker.notify.contexts import KINDS, Mail
from tracker.notify.languages import LAYOUT, english
from tracker.notify.render import render
from tracker.notify.styles import Styles

SHEET = (english().folder.parent / LAYOUT / "_style.css").read_text("utf-8")
LIBRARY = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
SAMPLES = [sample for kind in KINDS for sample in (kind.sample_of_one(), kind.sample())]


def asked(page: str) -> list[tuple[str, str | None, list[str]]]:
    """Each tag, its class, and what its style asks for; without the tags that a library adds or moves."""
    return [
        (name, given.get("class"), sorted(re.sub(r"\s", "", given.get("style") or "").rstrip(";").split(";")))
        for name, given in Page(page).tags
        if name not in ("tbody", "style")
    ]


def styled(sheet: str, body: str) -> str:
    """A piece of a page with a style sheet in its tags."""
    return Styles(sheet).into(body)


@pytest.mark.parametrize("mail", SAMPLES, ids=lambda mail: f"{mail.kind}-{len(str(mail))}")
def test_every_tag_of_every_mail_has_the_style_that_a_browser_would_give_it(mail: Mail) -> None:
    """By its name and its classes."""
    page = render(mail).html
    bare = re.sub(r"<style>.*?</style>", f"<style>{SHEET}</style>", page, flags=re.DOTALL)
    bare = re.sub(r' style="[^"]*"', "", bare)
    assert asked(page) == asked(LIBRARY.inline(bare))


def test_a_class_goes_before_a_name_and_later_before_earlier() -> None:
    """Wherever in the sheet they stand."""
    sheet = ".a { color: red; margin: 0; } .b { color: blue; } p { color: black; padding: 0; }"
    assert styled(sheet, '<p class="b a">') == '<p class="b a" style="padding: 0;margin: 0;color: blue">'
    assert styled(sheet, "<p>") == '<p style="color: black;padding: 0">'


def test_one_side_of_a_border_goes_before_what_is_said_of_all_sides() -> None:
    """If its rule does, whether or not an earlier one spoke of that side."""
    sheet = "td { border-left: 0; } .all { border: 1px; } .late { border-left: 6px; }"
    assert styled(sheet, '<td class="all late">') == '<td class="all late" style="border: 1px;border-left: 6px">'


def test_a_style_that_a_tag_has_goes_before_the_sheet() -> None:
    """For a layout of somebody's own."""
    assert styled("p { color: red; }", '<p style="color: blue">') == '<p style="color: red;color: blue">'


def test_what_cannot_stand_in_a_tag_stays_a_style_sheet() -> None:
    """Rules for screens, for tags within others, and for what the reader points at; comments do not."""
    sheet = "/* { */ @media (x) { p { top: 0; } } td p, p { top: 1px; } a:hover { top: 2px; } b { top: 3px; }"
    styles = Styles(sheet)
    assert styles.for_screens.split("\n") == [
        "@media (x) { p { top: 0; } }",
        "td p, p { top: 1px; }",
        "a:hover { top: 2px; }",
    ]
    assert styles.into("<td><p><b>x</b></p></td>") == '<td><p><b style="top: 3px">x</b></p></td>'


def test_a_font_in_quotes_does_not_end_the_attribute() -> None:
    """Its name stands in single ones."""
    assert styled('p { font-family: "Segoe UI"; }', "<p>") == "<p style=\"font-family: 'Segoe UI'\">"


def test_words_are_left_alone() -> None:
    """Data that looks like a tag was escaped before, and comments for Outlook hold no rules of ours."""
    page = "5 &lt;p&gt; <!--[if mso]><table><![endif]--> <pre>a</pre>"
    assert styled("p { top: 0; }", page) == page
