"""Takes the words out of a drawing, for the typesetter to set: of those within a drawing it loses what letters stand
for in scripts that join or stack them (Arabic, Hindi, Thai), and makes no document that can be read aloud with it."""

import re
from typing import Any, NamedTuple
from xml.etree import ElementTree as Xml

_SVG = "{http://www.w3.org/2000/svg}"
_TURNED = re.compile(r"rotate\((-?[\d.]+) ")


class Drawing(NamedTuple):
    """A drawing without its words, its size, and the words with where they stand, in the drawing's own lengths."""

    svg: str
    width: float
    height: float
    letters: list[dict[str, Any]]


def lettered(svg: str) -> Drawing:
    """A drawing of `pictures` and its words apart."""
    # Ours, made a moment ago: nobody else's file is read here.
    root = Xml.fromstring(svg)  # noqa: S314 made by `pictures`
    letters = [_letter(each) for each in root.findall(f"{_SVG}text")]
    for each in root.findall(f"{_SVG}text"):
        root.remove(each)
    Xml.register_namespace("", _SVG[1:-1])
    return Drawing(Xml.tostring(root, "unicode"), float(root.get("width", 0)), float(root.get("height", 0)), letters)


def _letter(text: Xml.Element) -> dict[str, Any]:
    turned = _TURNED.match(text.get("transform", ""))
    return {
        "text": text.text or "",
        "x": float(text.get("x", 0)),
        "y": float(text.get("y", 0)),
        "size": float(text.get("font-size", 0)),
        "fill": text.get("fill"),
        "anchor": text.get("text-anchor"),
        "turn": float(turned[1]) if turned else 0.0,
    }
