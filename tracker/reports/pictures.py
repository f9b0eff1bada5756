"""Drawings of a report's figures (SVG), made here for pages, paper and the web alike.

A drawing says nothing by colour alone: figures stand in words, what falls short is marked by a shape. It names classes
beside its colours, so that a style sheet may change them. Lengths are in pixels of a screen.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from math import ceil, cos, radians, sin

from tracker.domain.why import spoken
from tracker.reports.months import Month
from tracker.reports.readable import room_of
from tracker.reports.tally import Tally

FONT = "Noto Sans, Helvetica Neue, Helvetica, Arial, Noto Sans CJK JP, Noto Sans Arabic, sans-serif"
INK, QUIET, LINE, GOOD, BAD, PAPER = "#1a2129", "#4c5763", "#b9c1c9", "#1c5e33", "#9a1b14", "#ffffff"
# What a rate looks like beside its target: met, short by less than a tenth, by less than a quarter, by more.
NEAR_BELOW, FAR_BELOW = 10, 25
MET, NEAR, SHORT, FAR, NONE = "#d9ecdf", "#fbeecb", "#f7d3b8", "#f0b4ad", "#f0f2f4"

WIDTH = 720
CURVE_HEIGHT = 210
LEFT, RIGHT, TOP, BOTTOM = 44, 70, 22, 44
INSET = 18  # of the first and the last month from the ends of the scale
ROW, NAME, HEAD, BESIDE = 20, 170, 126, 96
LONGEST = 26  # characters of a line of a name
SLANT, SLANT_LINE = 40, 12.5  # degrees of the headings over columns, and from one of their lines to the next
STEEP = 16  # from one month to the next: the line then runs through a figure that stands over its end
CHARACTER = 5.9  # of a heading, about
LEGEND = 118  # characters of a line of the legend
# Units in one drawing, so that it fits on a page.
MOST_ROWS = 30

# Where a percentage of the month at an index stands in a drawing.
_Place = Callable[[int, float], tuple[float, float]]


def curve(past: Sequence[Month], ahead: Sequence[Month]) -> str:
    """The rate of the months before and after the day of a report, and the target; what is to come is dashed.

    `past` ends with the day itself.
    """
    months = [*past, *ahead]
    step = (WIDTH - LEFT - RIGHT - 2 * INSET) / max(len(months) - 1, 1)
    first = LEFT + INSET
    known = [month.total.percent for month in months if month.total.percent is not None]
    floor = _floor([*known, *(month.target for month in months)])

    def place(at: int, percent: float) -> tuple[float, float]:
        height = CURVE_HEIGHT - TOP - BOTTOM
        return first + at * step, TOP + height * (100 - percent) / (100 - floor)

    today = first + (len(past) - 1) * step
    parts = [*_rules(floor, place), *_target(months, place)]
    parts.append(_stroke((today, TOP), (today, CURVE_HEIGHT - BOTTOM), LINE, 1, "2 3"))
    points = [None if one.total.percent is None else place(at, one.total.percent) for at, one in enumerate(months)]
    for at, (one, other) in enumerate(pairwise(points)):
        if one and other:
            parts.append(_stroke(one, other, INK, 2, "5 4" if at >= len(past) - 1 else ""))
    for at, point in enumerate(points):
        if point:
            percent = months[at].total.percent or 0
            parts.append(_dot(point, hollow=at >= len(past)))
            parts.append(_figure(point, f"{percent:.1f}", *_beside(points, at)))
    for at, month in enumerate(months):
        x, bottom = first + at * step, CURVE_HEIGHT - BOTTOM
        parts.append(_text(x, bottom + 15, f"{month.day:%b}", "middle", 10, QUIET))
        if at == 0 or month.day.month == 1:
            parts.append(_text(x, bottom + 28, str(month.day.year), "middle", 10, QUIET))
    return _svg(WIDTH, CURVE_HEIGHT, curve_words(past, ahead), parts)


def curve_words(past: Sequence[Month], ahead: Sequence[Month]) -> str:
    """What the drawing of the months shows, as a sentence."""
    first, now = past[0], past[-1]
    words = f"Rate from {spoken(first.day)} ({_percent(first.total)}) to {spoken(now.day)} ({_percent(now.total)})"
    if not ahead:
        return f"{words}."
    return f"{words}; by what is on record, {_percent(ahead[-1].total)} on {spoken(ahead[-1].day)}."


def heat(grid: Mapping[str, Mapping[str, Tally]], titles: Mapping[str, str], target: float) -> list[tuple[str, str]]:
    """The rate of each unit with each requirement (ids, with their `titles`), and for each drawing what it shows.

    Several drawings of at most `MOST_ROWS` units. A cell that falls short of the target has a mark.
    """
    units = list(grid)
    return [_heat(units[at : at + MOST_ROWS], grid, titles, target) for at in range(0, len(units), MOST_ROWS)]


def _heat(
    units: Sequence[str], grid: Mapping[str, Mapping[str, Tally]], titles: Mapping[str, str], target: float
) -> tuple[str, str]:
    width = min((WIDTH - NAME - BESIDE) / max(len(titles), 1), 78)
    parts: list[str] = []
    cut: list[str] = []
    for column, title in enumerate(titles.values()):
        lines = _head_lines(title, width)
        parts += _head(NAME + column * width + width / 2 + 4, HEAD - 6, lines)
        cut += _if_cut(title, lines)
    for row, unit in enumerate(units):
        y, lines = HEAD + row * ROW, broken(unit, LONGEST, 2)
        parts += _name(y, lines)
        cut += _if_cut(unit, lines)
        for column, requirement in enumerate(titles):
            tally = grid[unit].get(requirement)
            parts += _square(NAME + column * width, y, width, tally, target)
    below = sum(_falls_short(grid[unit].get(name), target) for unit in units for name in titles)
    of = sum((tally := grid[unit].get(name)) is not None and bool(tally.whole) for unit in units for name in titles)
    words = f"Rates of {len(units)} units with {len(titles)} requirements: {below} of {of} below the target."
    height = HEAD + len(units) * ROW + 4
    legend = broken(f"In full: {'; '.join(dict.fromkeys(cut))}.", LEGEND, len(cut) * 4) if cut else []
    parts += [_text(0, height + 12 + at * 13, line, size=10, fill=QUIET) for at, line in enumerate(legend)]
    return _svg(WIDTH, height + (len(legend) * 13 + 6 if legend else 0), words, parts), words


def _head_lines(title: str, width: float) -> list[str]:
    """A heading over a column, aslant: as long as the drawing has room, in two lines if the columns are wide enough."""
    room = (BESIDE + width / 2 - 4) / cos(radians(SLANT)) / CHARACTER
    return broken(title, min(LONGEST, int(room)), 2 if width * sin(radians(SLANT)) >= 2 * SLANT_LINE else 1)


def _head(x: float, y: float, lines: Sequence[str]) -> list[str]:
    """The lines of a heading, the last one where a single one stands."""
    found = []
    for above, line in enumerate(reversed(lines)):
        left, up = (above * SLANT_LINE * part(radians(SLANT)) for part in (sin, cos))
        placed = (x - left, y - up)
        turned = f"rotate(-{SLANT} {placed[0]:.1f} {placed[1]:.1f})"
        found.append(_text(*placed, line, "start", 10.5, INK, turned))
    return found[::-1]


def _name(y: float, lines: Sequence[str]) -> list[str]:
    """The name of a row, in smaller letters if it takes two lines."""
    if len(lines) == 1:
        return [_text(NAME - 8, y + 14, lines[0], "end", 11)]
    return [_text(NAME - 8, y + 9 + at * 9, line, "end", 8.5) for at, line in enumerate(lines)]


def _if_cut(text: str, lines: Sequence[str]) -> list[str]:
    """What the legend says of a text: all of it, if it does not stand in its place."""
    return [text] if lines[-1].endswith("…") and not text.endswith("…") else []


def broken(text: str, longest: int, most: int) -> list[str]:
    """A text in at most so many lines, broken between words; at the end of what does not fit stands an ellipsis.

    `longest` is in characters of a line; those of wide scripts count twice, and a word that is longer than a line is
    broken within.
    """
    lines = [""]
    for word in _pieces(text, longest):
        joined = f"{lines[-1]} {word.strip()}" if lines[-1] and word.startswith(" ") else lines[-1] + word.strip()
        if room_of(joined) <= longest:
            lines[-1] = joined
        else:
            lines.append(word.strip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while room_of(last) > longest - 1:
        last = last.rpartition(" ")[0] or last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(',;:')}…"]


def _pieces(text: str, longest: int) -> Iterator[str]:
    """The words, those that go on from the one before with a space in front; a long one in pieces of a length."""
    for word in text.split():
        width = room_of(word) or 1
        each = ceil(width / ceil(width / longest))
        piece = " "
        for char in word:
            if piece.strip() and room_of(piece + char) > min(each + 1, longest) + piece.count(" "):
                yield piece
                piece = ""
            piece += char
        yield piece


def _square(x: float, y: float, width: float, tally: Tally | None, target: float) -> list[str]:
    (fill, name), words = _shade(tally, target), ""
    if tally is not None and tally.percent is not None:
        words = f"{tally.percent:.1f}"
    place = f'x="{x + 1:.1f}" y="{y + 1}" width="{width - 2:.1f}" height="{ROW - 2}"'
    found = [f'<rect {place} fill="{fill}" class="{name}"/>', _text(x + width / 2, y + 14, words, "middle", 10.5)]
    if _falls_short(tally, target):
        right = x + width - 4
        found.append(f'<path d="M{right - 7:.1f} {y + 4}h7v7z" fill="{BAD}" class="bad"/>')
    return found


def _shade(tally: Tally | None, target: float) -> tuple[str, str]:
    if tally is None or tally.percent is None:
        return NONE, "none"
    missing = target - tally.percent
    if not _falls_short(tally, target):
        return MET, "met"
    return (NEAR, "near") if missing < NEAR_BELOW else (SHORT, "short") if missing < FAR_BELOW else (FAR, "far")


def _falls_short(tally: Tally | None, target: float) -> bool:
    return tally is not None and tally.meets(target) is False


def _floor(percents: Iterable[float]) -> float:
    """Where the scale begins: a ten below the lowest figure, so that months differ to the eye."""
    return max(0.0, min(90.0, min(percents, default=0) // 10 * 10 - 10))


def _rules(floor: float, place: _Place) -> list[str]:
    """The lines of the scale, and their figures."""
    steps = 5 if floor >= 60 else 10 if floor >= 40 else 20
    found = []
    percent = 100.0
    while percent >= floor:
        _, y = place(0, percent)
        found.append(_stroke((LEFT, y), (WIDTH - RIGHT, y), "#e3e7ea", 1))
        found.append(_text(LEFT - 8, y + 3.5, f"{percent:g} %", "end", 10, QUIET))
        percent -= steps
    return found


def _target(months: Sequence[Month], place: _Place) -> list[str]:
    """The target, which a version of the policy may change."""
    found = []
    for at, (one, other) in enumerate(pairwise(months)):
        found.append(_stroke(place(at, one.target), place(at + 1, other.target), GOOD, 1.5))
    x, y = place(len(months) - 1, months[-1].target)
    return [*found, _text(x + INSET + 2, y + 3.5, f"target {months[-1].target:g} %", "start", 10, GOOD)]


def _beside(points: Sequence[tuple[float, float] | None], at: int) -> tuple[float, float]:
    """How much higher the points before and after one stand; 0 where there is none."""
    one, around = points[at], [points[at - 1] if at else None, points[at + 1] if at + 1 < len(points) else None]
    before, after = (one[1] - other[1] if one and other else 0.0 for other in around)
    return before, after


def _figure(point: tuple[float, float], text: str, before: float, after: float) -> str:
    """A figure over its point; where a line comes down to it steeply, below the point or beside the line.

    What runs behind it all the same, such as the target, is broken by an edge of the paper's colour.
    """
    (x, y), falls, rises = point, before > STEEP, after > STEEP
    if not (falls or rises):
        placed = _text(x, y - 8, text, "middle", 10)
    elif min(before, after) > -STEEP and y + 15 < CURVE_HEIGHT - BOTTOM:
        placed = _text(x, y + 15, text, "middle", 10)
    else:
        placed = _text(x - 1, y - 8, text, "start", 10) if falls else _text(x + 1, y - 8, text, "end", 10)
    return f'<g paint-order="stroke" stroke="{PAPER}" stroke-width="3" stroke-linejoin="round">{placed}</g>'


def _percent(tally: Tally) -> str:
    return "no rate" if tally.percent is None else f"{tally.percent:.1f} %"


def _stroke(one: tuple[float, float], other: tuple[float, float], color: str, width: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{one[0]:.1f}" y1="{one[1]:.1f}" x2="{other[0]:.1f}" y2="{other[1]:.1f}"'
    return f'<line {ends} stroke="{color}" stroke-width="{width}"{dashed}/>'


def _dot(point: tuple[float, float], hollow: bool) -> str:
    fill = PAPER if hollow else INK
    return f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3" fill="{fill}" stroke="{INK}" stroke-width="1.5"/>'


def _text(
    x: float, y: float, text: str, anchor: str = "start", size: float = 11, fill: str = INK, transform: str = ""
) -> str:
    turned = f' transform="{transform}"' if transform else ""
    placed = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" fill="{fill}"{turned}'
    return f"<text {placed}>{escape(text)}</text>"


def _svg(width: int, height: int, words: str, parts: Iterable[str]) -> str:
    inside = "".join(parts)
    head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg {head} role="img" font-family="{FONT}"><title>{escape(words)}</title>{inside}</svg>'
