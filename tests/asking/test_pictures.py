"""Drawings of a report's figures: what they name can be read, whole or in the legend."""

import re
from collections import Counter
from datetime import date
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.standing import Standing
from tracker.reports.months import Month
from tracker.reports.pictures import broken, curve, heat
from tracker.reports.tally import Tally

CURRENT, EXPIRED = Standing.CURRENT, Standing.EXPIRED
LONG = "PALS where children are cared for, by day and by night, in every building that has beds"


def drawn(units: list[str], titles: list[str]) -> tuple[str, list[str]]:
    """The heat table of some units and requirements: the drawing, and the texts in it."""
    tally = Tally(10, 10, 9, Counter({Standing.CURRENT: 9, Standing.EXPIRED: 1}))
    by_id = {str(at): title for at, title in enumerate(titles)}
    ((svg, _),) = heat({unit: dict.fromkeys(by_id, tally) for unit in units}, by_id, 95)
    return svg, [unescape(text) for text in re.findall(r"<text [^>]*>([^<]*)</text>", svg)]


def test_a_heading_goes_over_two_lines_between_words() -> None:
    """None of it is cut, and there is no legend."""
    _, texts = drawn(["Cardiothoracic Surgery Intensive Care"], ["Confirmed ACLS for the code team"])
    assert texts[:4] == ["Confirmed ACLS for the", "code team", "Cardiothoracic Surgery", "Intensive Care"]
    assert not any("…" in text or text.startswith("In full") for text in texts)


def test_what_does_not_fit_is_in_the_legend() -> None:
    """Cut at a word, in narrow columns too."""
    _, texts = drawn(["ICU"], [LONG, "BLS"])
    assert texts[:2] == ["PALS where children are", "cared for, by day and by…"]
    assert texts[-1] == f"In full: {LONG}."
    _, texts = drawn(["ICU"], [f"{LONG} {number}" for number in range(14)])
    assert texts[0] == "PALS where children…"
    assert all(f"{LONG} {number}" in " ".join(texts) for number in range(14))


@given(st.text(st.sampled_from("ab \u0301看護"), max_size=60), st.integers(2, 30), st.integers(1, 3))
def test_lines_keep_to_their_width_and_lose_nothing_that_fits(text: str, longest: int, most: int) -> None:
    """Wide letters count twice."""
    lines = broken(text, longest, most)
    wide = [sum({"看": 2, "護": 2, "\u0301": 0}.get(char, 1) for char in line) for line in lines]
    assert (len(lines) <= most, max(wide) <= longest) == (True, True)
    whole = "".join(broken(text, longest, 100)).replace(" ", "")
    assert whole == "".join(text.split())
    assert whole.startswith("".join(lines).replace(" ", "").removesuffix("…"))


@pytest.mark.parametrize("columns", [1, 6, 9, 14])
def test_no_heading_leaves_the_drawing(columns: int) -> None:
    """The last column's reaches beyond it, as far as there is room."""
    svg, _ = drawn(["ICU"], [LONG] * columns)
    for x, text in re.findall(r'<text x="([\d.]+)"[^>]*rotate[^>]*>([^<]*)<', svg):
        assert float(x) + len(text) * 5.9 * 0.766 <= 720


def months(*percents: int) -> list[Month]:
    """Months with such rates, one after the other."""
    tallies = [Tally(100, 100, 0, Counter({CURRENT: one, EXPIRED: 100 - one})) for one in percents]
    return [Month(date(2025, at, 28), 95, tally, {}, {}, 0) for at, tally in enumerate(tallies, 1)]


@pytest.mark.parametrize(
    ("percents", "where"),
    [
        ((90, 90, 90), "over"),
        ((100, 60, 60), "below"),
        ((60, 60, 100), "below"),
        ((100, 60, 20), "right"),
        ((20, 60, 100), "left"),
        ((100, 0, 0), "right"),
    ],
)
def test_a_figure_stands_where_no_steep_line_runs(percents: tuple[int, ...], where: str) -> None:
    """That of the second of three months: over its point, below it, or beside the line that comes down to it."""
    svg = curve(months(*percents), [])
    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg)
    texts = re.findall(r'<g paint-order[^>]*><text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"', svg)
    (x, y), (at, height, anchor) = (float(one) for one in dots[1]), texts[1]
    below = float(height) > y
    found = "below" if below else {"middle": "over", "start": "right", "end": "left"}[anchor]
    assert (found, abs(float(at) - x) <= 1) == (where, True)
