"""What a picture of a chart is drawn with: words in any script, symbols, lines and arrows, as parts of an SVG."""

import math
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from anyascii import anyascii

from bluelamp.session.formats.layout import Place
from bluelamp.session.formats.taken import legible
from bluelamp.workspace.model import Appearance
from bluelamp.workspace.styles import COLOURS

INK, FAINT, PAPER, LINE = "#1d2733", "#5b6775", "#ffffff", "#8b96a3"

MIDDLE = {"text-anchor": "middle"}
BOLD = {"font-weight": "bold"}
QUIET = {"fill": FAINT}

#: half the size of a symbol
HALF = 17.0

#: how much larger is large
LARGE = 1.3

#: what declared styles change: the look of a thing or link that wears none, lines around, and how links are drawn
PLAIN = Appearance()
OUTLINES = {"double": {"stroke-width": "1.6"}, "dashed": {"stroke-width": "2.2", "stroke-dasharray": "5 3"}}
WIDTHS = {"": "1.4", "thick": "3", "heavy": "5"}
DASHES = {"": "", "long": "16 5", "dash-dot": "11 4 2.5 4"}

#: the signs, each in a square of 24; those of the pages are frontend/icons/badge-*.svg
BADGES = {
    "alert": "M12 6v7.5M12 17.6v.1",
    "query": "M9 9.4a3 3 0 1 1 4.3 2.7c-.9.5-1.3 1.1-1.3 2M12 17.6v.1",
    "tick": "M7 12.6l3.4 3.4 6.6-7.5",
    "cross": "M8 8l8 8M16 8l-8 8",
    "star": "M12 5.6l1.9 4.3 4.7.5-3.5 3.1 1 4.6-4.1-2.4-4.1 2.4 1-4.6-3.5-3.1 4.7-.5z",
    "clock": "M12 6.6V12l3.6 2.1",
}

#: words in other scripts than Latin, Greek and Cyrillic, whose letters no font at hand may have
_STRANGE = re.compile(
    "[\u0530-\u1dff\u2c00-\ufffc\U00010000-\U0010ffff]+(?: +[\u0530-\u1dff\u2c00-\ufffc\U00010000-\U0010ffff]+)*"
)


def readable(said: str) -> str:
    """Text in which words of other scripts are followed by how they read in Latin letters."""
    return _STRANGE.sub(lambda words: f"{words[0]} [{anyascii(words[0]).strip() or '?'}]", legible(said))


def lines(said: str, letters: int) -> list[str]:
    """Text in lines of so many letters, all of it; letters of some scripts are twice as wide."""
    made: list[str] = []
    for each in readable(said).splitlines() or [""]:
        wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in each)
        made += textwrap.wrap(each, max(letters // 2 if wide else letters, 4)) or [""]
    return made


@dataclass
class Sheet:
    """A page that is written from the top down, in letters of `size`."""

    root: ET.Element
    width: float
    size: float
    y: float = 0.0

    @property
    def left(self) -> float:
        """Where its lines begin."""
        return self.width * 0.03

    def write(self, said: str, look: Mapping[str, str] | None = None, times: float = 1.0) -> None:
        """One paragraph, in as many lines as it takes, in letters so many times as large."""
        size, how = self.size * times, look or {}
        for line in lines(said, int(self.width * 0.94 / (size * 0.55))):
            self.y += size * 1.35
            text(self.root, line, (self.width / 2 if "text-anchor" in how else self.left, self.y), size, how)

    def gap(self, much: float = 1.0) -> None:
        """Leave some lines free."""
        self.y += self.size * much


def text(root: ET.Element, said: str, at: Place, size: float, look: Mapping[str, str]) -> None:
    """One line of words."""
    place = {"x": f"{at[0]:.1f}", "y": f"{at[1]:.1f}", "font-size": f"{size:.1f}"}
    ET.SubElement(root, "text", {**place, **look}).text = said


def label(root: ET.Element, said: str, at: Place, size: float, look: Mapping[str, str]) -> None:
    """One line of words about its middle, with paper behind, so that it stays legible over lines."""
    wide = min(width(said) * size * 0.52, 400.0)
    paper = {"x": f"{at[0] - wide / 2:.1f}", "y": f"{at[1] - size * 0.8:.1f}", "width": f"{wide:.1f}"}
    ET.SubElement(root, "rect", {**paper, "height": f"{size:.1f}", "fill": PAPER, "fill-opacity": "0.8"})
    text(root, said, at, size, {**MIDDLE, **look})


def width(said: str) -> int:
    """How many letters of the Latin script a line is as wide as, about."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in said)


def symbol(
    root: ET.Element, at: Place, kind: str, fill: str, letters: str, dash: str, worn: Appearance = PLAIN
) -> None:
    """People are round, places stand on a corner, events have six sides, all else is square."""
    x, y = at
    half = HALF * (LARGE if worn.size else 1.0)
    fill, ink = (COLOURS[worn.colour], PAPER) if worn.colour else (fill, INK)
    _shape(root, at, kind, half, {"fill": fill, "stroke": INK, "stroke-width": "1.2", **_dashed(dash)})
    if worn.outline:
        round_it = {"fill": "none", "stroke": INK, **OUTLINES[worn.outline]}
        _shape(root, at, kind, half + 4, round_it)
    text(root, letters, (x, y + 4), 11, {**MIDDLE, **BOLD, "fill": ink})
    if worn.badge:
        corner = {"transform": f"translate({x + half * 0.35:.1f} {y - half - 5:.1f}) scale(0.6)"}
        sign = ET.SubElement(root, "g", {**corner, "stroke": PAPER, "stroke-linecap": "round"})
        ET.SubElement(sign, "circle", {"cx": "12", "cy": "12", "r": "11", "fill": INK, "stroke-width": "1.5"})
        ET.SubElement(
            sign,
            "path",
            {"d": BADGES[worn.badge], "fill": PAPER if worn.badge == "star" else "none", "stroke-width": "2.4"},
        )


def _shape(root: ET.Element, at: Place, kind: str, half: float, look: Mapping[str, str]) -> None:
    x, y = at
    if kind == "person":
        ET.SubElement(root, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{half:.1f}", **look})
        return
    sides, turn = {"location": (4, 0.0), "event": (6, 0.0)}.get(kind, (4, math.pi / 4))
    steps = [turn + 2 * math.pi * number / sides for number in range(sides)]
    corners = [(x + half * math.cos(each), y + half * math.sin(each)) for each in steps]
    ET.SubElement(root, "polygon", {"points": _points(corners), **look})


def line(root: ET.Element, path: str, dash: str, worn: Appearance = PLAIN) -> None:
    """A line along a path of SVG. Dashes that say what a link rests on are kept."""
    look = {"fill": "none", "stroke": COLOURS.get(worn.colour, LINE), "stroke-width": WIDTHS[worn.width]}
    ET.SubElement(root, "path", {"d": path, **look, **_dashed(dash or DASHES[worn.dash])})


def arrow(root: ET.Element, one: Place, other: Place, bend: float, dash: str, worn: Appearance = PLAIN) -> Place:
    """An arrow between two symbols, out of both, bowed by so much; gives the middle of it."""
    (x1, y1), (x2, y2) = one, other
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    across, along = (x2 - x1) / length, (y2 - y1) / length
    middle = ((x1 + x2) / 2 - along * bend, (y1 + y2) / 2 + across * bend)
    turn = (2 * middle[0] - (x1 + x2) / 2, 2 * middle[1] - (y1 + y2) / 2)
    start, end = (x1 + across * HALF, y1 + along * HALF), (x2 - across * (HALF + 3), y2 - along * (HALF + 3))
    line(root, f"M{start[0]:.1f} {start[1]:.1f}Q{turn[0]:.1f} {turn[1]:.1f} {end[0]:.1f} {end[1]:.1f}", dash, worn)
    heading = math.atan2(end[1] - turn[1], end[0] - turn[0])
    wings = [(end[0] - 8 * math.cos(heading + w), end[1] - 8 * math.sin(heading + w)) for w in (0.4, -0.4)]
    tip = {"points": _points([wings[0], end, wings[1]]), "fill": COLOURS.get(worn.colour, LINE)}
    ET.SubElement(root, "polygon", tip)
    return middle


def _dashed(dash: str) -> dict[str, str]:
    return {"stroke-dasharray": dash} if dash else {}


def _points(places: Iterable[Place]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
