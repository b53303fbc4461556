"""A chart as a picture: SVG by our own hand; PDF and PNG are made of the same SVG."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from xml.etree import ElementTree as ET

import typst
from anyascii import anyascii

from bluelamp.errors import TooMuch
from bluelamp.session.formats import pen, taken
from bluelamp.session.formats.layout import Place, places
from bluelamp.session.formats.pen import BOLD, HALF, INK, MIDDLE, PAPER, QUIET, Sheet
from bluelamp.session.formats.taken import Row, Taken
from bluelamp.session.story import paragraphs
from bluelamp.session.styling import StyleLine, look_of
from bluelamp.workspace.model import Appearance

#: things that a page or an image of dots can show
MOST_DRAWN = 2_000

#: the widest and highest page of a PDF, in points, and the most dots of an image
LARGEST_PAGE, MOST_DOTS = 14_000, 24_000_000

FONTS = "Liberation Sans, Helvetica, Arial, DejaVu Sans, Noto Sans, sans-serif"

#: fill of a symbol, in turn; the letters in it say the type too
FILLS = ("#cfe0f5", "#f5e3c3", "#d6ecd2", "#ecd5e8", "#f3d3cc", "#d3ebec", "#e6e2cf", "#dcdff0", "#e9e9e9")

#: what stands free around the drawing, and letters to a line in it
MARGIN, LETTERS = 90.0, 26

#: how the line of a link is broken, by what it rests on
FACT, DOUBT, PROPOSED = "", "7 4", "1.5 4"
DASHES = {"A link stated as fact": FACT, "An assessment, or in doubt": DOUBT, "Proposed: no source says so": PROPOSED}

#: what a PDF or PNG is: the story on sheets of its own where it has one, and the drawing. Words come in as values, so
#: that nothing in them is read as Typst.
PAGE = b"""#set document(title: sys.inputs.title)
#let told = json(bytes(sys.inputs.story))
#let mark = align(center, strong(sys.inputs.marking))
#if told.passages.len() > 0 {
  let fonts = ("Liberation Sans", "Helvetica", "Arial", "DejaVu Sans", "Noto Sans")
  set text(font: fonts, size: 10.5pt, lang: "en", region: "GB")
  page(paper: "a4", margin: 24mm, header: mark, footer: mark)[
    #heading(told.title)
    #for each in told.about { par(text(fill: luma(35%), each)) }
    #for each in told.passages {
      heading(level: 2, each.heading)
      for words in each.paragraphs { par(words) }
      par(text(size: 8.5pt, fill: luma(35%), each.by))
    }
  ]
}
#set page(width: float(sys.inputs.width) * 1pt, height: float(sys.inputs.height) * 1pt, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, alt: sys.inputs.title)"""


def as_svg(out: Taken) -> bytes:
    """The drawing with its legend; marking at the top and at the bottom."""
    return _drawn(out)[0]


def as_pdf(out: Taken) -> bytes:
    """The drawing as one page that is as large as it needs to be. Raises TooMuch."""
    return _typeset(out, "pdf")


def as_png(out: Taken) -> bytes:
    """The drawing as dots. Raises TooMuch."""
    return _typeset(out, "png")


def _typeset(out: Taken, format: Literal["pdf", "png"]) -> bytes:
    shown = len(taken.captions(out.part))
    if shown > MOST_DRAWN:
        raise TooMuch(
            f"The chart has {shown:,} things, and a {format.upper()} shows at most {MOST_DRAWN:,}; hide some, or take "
            "it out as SVG or as data."
        )
    svg, width, height = _drawn(out)
    scale = min(0.75, LARGEST_PAGE / width, LARGEST_PAGE / height)
    width, height = width * scale, height * scale
    dots = min(180.0, 72 * math.sqrt(MOST_DOTS / (width * height)))
    inputs = {
        "svg": svg.decode(), "width": f"{width:.2f}", "height": f"{height:.2f}",
        "title": f"{out.marking}: {out.about['title']}", "marking": out.marking, "story": json.dumps(_told(out)),
    }  # fmt: skip
    return typst.compile(PAGE, format=format, ppi=dots, sys_inputs=inputs, timestamp=int(out.at.timestamp()))


def _told(out: Taken) -> dict[str, Any]:
    """The story as a page prints it."""
    passages = [
        {
            "heading": pen.readable(each.heading),
            "paragraphs": [pen.readable(words) for words in paragraphs(each.text)],
            "by": pen.readable(f"{each.user}, {_day(each.at)}"),
        }
        for each in out.part.story
    ]
    return {
        "title": pen.readable(out.title),
        "about": [pen.readable(each) for each in _about(out)],
        "passages": passages,
    }


def _about(out: Taken) -> tuple[str, str]:
    """For what it was taken out; by whom, when, and for whom."""
    why = ". ".join(filter(None, (out.force, f"For: {out.purpose}", out.reason)))
    return why, f"Taken out by {out.who} on {_day(out.at)} for {taken.SEVERAL.join(out.recipients)}."


def _day(at: datetime) -> str:
    return f"{at:%d %b %Y, %H:%M} UTC".lstrip("0")


def _drawn(out: Taken) -> tuple[bytes, float, float]:
    """The SVG, its width and its height."""
    at = places(out.part)
    across, down = [x for x, _ in at.values()] or [0.0], [y for _, y in at.values()] or [0.0]
    width = max(max(across) - min(across) + 2 * MARGIN, 760.0)
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": FONTS, "fill": INK})
    ET.SubElement(root, "title").text = f"{out.marking}: {out.about['title']}"
    ET.SubElement(root, "desc").text = "\n".join(f"{name}: {said}" for name, said in out.about.items())
    paper = ET.SubElement(root, "rect", {"fill": PAPER})
    sheet = Sheet(root, width, max(12.0, width / 95))
    _head(sheet, out)
    x, y = width / 2 - (max(across) + min(across)) / 2, sheet.y + MARGIN - min(down)
    _draw(ET.SubElement(root, "g", {"transform": f"translate({x:.1f} {y:.1f})"}), out, at)
    sheet.y += max(down) - min(down) + 2 * MARGIN
    _legend(sheet, out)
    size = {"width": f"{width:.0f}", "height": f"{sheet.y:.0f}"}
    root.attrib.update({**size, "viewBox": f"0 0 {size['width']} {size['height']}"})
    paper.attrib.update(size)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)), width, sheet.y


def _head(sheet: Sheet, out: Taken) -> None:
    sheet.gap(0.6)
    sheet.write(out.marking, MIDDLE | BOLD, 1.25)
    sheet.gap(0.6)
    sheet.write(out.title, BOLD, 1.6)
    for said in _about(out):
        sheet.write(said, QUIET)


def _legend(sheet: Sheet, out: Taken) -> None:
    rows = taken.things(out)
    kinds = sorted({str(row["type_label"]): row for row in rows}.items())
    looks, step = _looks(rows), max(2.3 * HALF, sheet.size * 1.6)
    for number, (label, row) in enumerate(kinds):
        y = sheet.y + step * number
        pen.symbol(sheet.root, (sheet.left + HALF, y - 4), _kind(out, row), *looks[label], FACT)
        said = pen.readable(label) or "No type given"
        pen.text(sheet.root, said, (sheet.left + 3 * HALF, y), sheet.size, {})
    for number, (said, dash) in enumerate(DASHES.items()):
        _sample(sheet, sheet.y + step * number, said, dash)
    _worn(sheet, out, step, sheet.y + step * len(DASHES), looks)
    sheet.y += step * max(len(kinds), len(DASHES) + len(out.part.styles))
    sheet.write(f"Sources: {', '.join(out.sources) or 'none'}.")
    for said in out.conditions:
        sheet.write(f"Handling conditions of {said}", BOLD)
    names = taken.captions(out.part)
    for note in out.part.notes.values():
        on = f" on {names.get(note.on, 'a link')}" if note.on else ""
        sheet.write(f"Note of {note.user}{on}: {note.text}")
    for each in out.part.proposed.values():
        sheet.write(f"Proposed by {each.user}: {each.label}. {each.reason}")
    sheet.gap(0.6)
    sheet.write(out.marking, MIDDLE | BOLD, 1.25)
    sheet.gap()


def _sample(sheet: Sheet, y: float, said: str, dash: str, worn: Appearance = pen.PLAIN) -> None:
    """A line of the key to links."""
    x = sheet.width / 2
    pen.line(sheet.root, f"M{x:.1f} {y - sheet.size * 0.35:.1f}h{3 * HALF:.1f}", dash, worn)
    pen.text(sheet.root, said, (x + 4 * HALF, y), sheet.size, {})


def _worn(sheet: Sheet, out: Taken, step: float, y: float, looks: Mapping[str, tuple[str, str]]) -> None:
    """The key to styles, each with how many things or links of the picture it fits."""
    fits = Counter(name for each in out.part.things for name in each.styles)
    fits += Counter(name for each in out.part.bonds for name in each.styles)
    for number, style in enumerate(out.part.styles):
        at, said = y + step * number, f"{style.name} ({pen.readable(style.label)}): {fits[style.name]:,}"
        if not style.type:
            _sample(sheet, at, said, FACT, style.look)
            continue
        x, look = sheet.width / 2, looks.get(style.label, (PAPER, ""))
        pen.symbol(sheet.root, (x + 1.5 * HALF, at - 4), style.kind, *look, FACT, style.look)
        pen.text(sheet.root, said, (x + 4 * HALF, at), sheet.size, {})


def _draw(root: ET.Element, out: Taken, at: Mapping[str, Place]) -> None:
    """Links first, so that no line runs over a symbol; words last, so that none runs under a line."""
    rows, words = taken.things(out), ET.Element("g")
    looks, key = _looks(rows), out.part.styles
    beside: Counter[frozenset[str]] = Counter()
    for row in taken.bonds(out):
        one, other = str(row["one"]), str(row["other"])
        ends = frozenset((one, other))
        bend = _bend(beside[ends]) * (1 if one < other else -1)
        beside[ends] += 1
        middle = pen.arrow(root, at[one], at[other], bend, _dash(row), _look(row, key))
        days = "–".join(dict.fromkeys(filter(None, (str(row["from_date"]), str(row["to_date"])))))
        said = ", ".join(filter(None, (str(row["label"]), str(row["role"]), days)))
        for number, line in enumerate(pen.lines(said, LETTERS)):
            pen.label(words, line, (middle[0], middle[1] + 3 + 11 * number), 9.5, QUIET)
    for row in rows:
        x, y = at[str(row["id"])]
        dash = PROPOSED if row["proposed"] else FACT
        pen.symbol(root, (x, y), _kind(out, row), *looks[str(row["type_label"])], dash, _look(row, key))
        told: list[tuple[str, dict[str, str]]] = [(line, {}) for line in pen.lines(str(row["caption"]), LETTERS)]
        told += [(line, QUIET) for line in pen.lines(str(row["when"]), LETTERS) if line]
        for number, (line, look) in enumerate(told):
            pen.label(words, line, (x, y + HALF + 14 + 13 * number), 11.5, look)
    root.append(words)


def _dash(bond: Row) -> str:
    return PROPOSED if bond["proposed"] else DOUBT if bond["doubtful"] else FACT


def _look(row: Row, key: Sequence[StyleLine]) -> Appearance:
    names = row["marked_as"]
    return look_of(names, key) if isinstance(names, tuple) and names else pen.PLAIN


def _bend(before: int) -> float:
    """How far a link bows out where others run between the same two things: 0, 30, -30, 60 ..."""
    return 30.0 * ((before + 1) // 2) * (1 if before % 2 else -1)


def _looks(rows: Sequence[Row]) -> dict[str, tuple[str, str]]:
    """Type -> the fill of its symbol and the letters in it; no two types have the same letters."""
    found: dict[str, tuple[str, str]] = {}
    for number, label in enumerate(sorted({str(row["type_label"]) for row in rows})):
        used = {letters for _, letters in found.values()}
        found[label] = FILLS[number % len(FILLS)], _letters(label, used)
    return found


def _letters(label: str, used: set[str]) -> str:
    """The first letter of a type, with another of its own where the first is taken."""
    plain = anyascii(label) or "?"
    ways = [plain[0].upper(), *(f"{plain[0].upper()}{each.lower()}" for each in plain[1:] if each.isalnum())]
    return next((each for each in ways if each not in used), str(len(used)))


def _kind(out: Taken, row: Row) -> str:
    noun = out.nouns.get(str(row["type"]))
    return noun.kind.value if noun else ""
