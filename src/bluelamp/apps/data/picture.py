"""The picture of a source's way: source, deliveries, records, objects; laid out here, drawn as SVG by the template."""

from dataclasses import dataclass

from bluelamp.apps.words import plural
from bluelamp.session.data import SourceView

COLUMN, ROW, WIDTH, HEIGHT = 250, 58, 190, 44


@dataclass(frozen=True)
class Box:
    """One box: its place in the drawing, its two lines of text and what it stands for."""

    x: int
    y: int
    title: str
    note: str
    kind: str


@dataclass(frozen=True)
class Line:
    """A line from one box to another."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Picture:
    """Boxes and lines with the size that they need."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def picture(view: SourceView, labels: dict[str, str]) -> Picture:
    """The way of `view` in four columns, each centred on the tallest."""
    types = list(dict.fromkeys(kind for _, kind in view.makes))
    columns = [
        [("system", view.title, view.owner)],
        [
            ("raw", plural(len(view.deliveries), "delivery", "deliveries"), f"{plural(view.kept, 'row')} kept"),
            ("rejects", "Rejects", plural(view.rejected, "row")),
        ],
        [("record", name, kind) for name, kind in view.makes],
        [("object", labels.get(kind, kind), "objects") for kind in types],
    ]
    tallest = max(len(column) for column in columns)
    places = [
        [
            Box(n * COLUMN, (tallest - len(column)) * ROW // 2 + i * ROW, t, note, kind)
            for i, (kind, t, note) in enumerate(column)
        ]
        for n, column in enumerate(columns)
    ]
    raw = places[1][0]
    lines = [_line(places[0][0], box) for box in places[1]]
    lines += [_line(raw, box) for box in places[2]]
    lines += [_line(box, places[3][types.index(box.note)]) for box in places[2]]
    boxes = tuple(box for column in places for box in column)
    return Picture(3 * COLUMN + WIDTH, tallest * ROW, boxes, tuple(lines))


def _line(one: Box, other: Box) -> Line:
    return Line(one.x + WIDTH, one.y + HEIGHT // 2, other.x, other.y + HEIGHT // 2)
