"""The style sheet in the tags of a page, held against what the library makes of that very page."""

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
    """Also where what it looks like was learnt from another mail."""
    for other in SAMPLES:
        render(other)
    page = render(mail).html
    bare = re.sub(r"<style>.*?</style>", f"<style>{SHEET}</style>", page, flags=re.DOTALL)
    bare = re.sub(r' style="[^"]*"', "", bare)
    assert asked(page) == asked(LIBRARY.inline(bare))


def test_what_is_known_of_one_page_is_not_asked_again() -> None:
    """And a page with a kind of tag that was not seen before is asked about."""
    styles = Styles("p { top: 0; } .late { top: 1px; } b { top: 2px; }")
    for page in ('<p>a</p><p class="late">b</p>', '<p class="late">c</p>', "<b>d</b><p>e</p>"):
        assert asked(styles.into(page)) == asked(styles.into(page)) == asked(Styles(styles.sheet).into(page))
    assert styles.into('<p class="late">c</p>') == '<p class="late" style="top: 1px">c</p>'


def test_a_style_that_a_tag_has_goes_before_the_sheet() -> None:
    """For a layout of somebody's own."""
    assert styled("p { color: red; }", '<p style="color: blue">') == '<p style="color: red;color: blue">'


def test_what_is_for_screens_stays_a_style_sheet() -> None:
    """A tag cannot ask how wide a screen is; comments go."""
    sheet = "/* { */ @media (x) { p { top: 0; } } b { top: 3px; }"
    styles = Styles(sheet)
    assert "".join(styles.for_screens.split()) == "@media(x){p{top:0;}}"
    assert styles.into("<p><b>x</b></p>") == '<p><b style="top: 3px">x</b></p>'


def test_a_font_in_quotes_does_not_end_the_attribute() -> None:
    """Its name stands in single ones."""
    assert styled('p { font-family: "Segoe UI"; }', "<p>") == "<p style=\"font-family: 'Segoe UI'\">"


def test_words_are_left_alone() -> None:
    """Data that looks like a tag was escaped before, and comments for Outlook hold no rules of ours."""
    page = "5 &lt;p&gt; <!--[if mso]><table><![endif]--> <pre>a</pre>"
    assert styled("p { top: 0; }", page) == page
