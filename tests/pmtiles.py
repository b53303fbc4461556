"""A small writer of PMTiles, version 3, and of what stands in tiles: a picture of one colour, areas, lines and names."""

import gzip
import json
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

#: places of a corner along one side of a vector tile
EXTENT = 4096

Where = tuple[int, int, int]
Corners = Sequence[tuple[int, int]]


def archive(tiles: Mapping[Where, bytes], kind: int, metadata: Mapping[str, object], inner: int = 2) -> bytes:
    """A file of `tiles` by zoom, column and row, not compressed themselves; all in the root directory."""
    ids = sorted((number(*where), content) for where, content in tiles.items())
    entries = varint(len(ids))
    entries += b"".join(varint(id - before) for (id, _), before in zip(ids, [0, *(id for id, _ in ids)], strict=False))
    entries += varint(1) * len(ids) + b"".join(varint(len(content)) for _, content in ids)
    # 0 stands for: where the one before ends
    entries += varint(1) + varint(0) * (len(ids) - 1)
    root, about = gzip.compress(entries), gzip.compress(json.dumps(metadata).encode())
    data = b"".join(content for _, content in ids)
    places = (127, len(root), 127 + len(root), len(about), 0, 0, 127 + len(root) + len(about), len(data))
    zooms = [zoom for zoom, _, _ in tiles]
    head = struct.pack(
        "<7sB8Q3Q6B4iB2i", b"PMTiles", 3, *places, *(len(ids),) * 3, 1, inner, 1, kind, min(zooms), max(zooms),
        -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000, 0, 0, 0,
    )  # fmt: skip
    return head + root + about + data


def number(zoom: int, column: int, row: int) -> int:
    """The number of a tile: along a Hilbert curve, after all of smaller zooms."""
    before, side, far = (4**zoom - 1) // 3, 2**zoom // 2, 0
    while side:
        right, down = int(bool(column & side)), int(bool(row & side))
        far += side * side * ((3 * right) ^ down)
        if not down:
            if right:
                column, row = side - 1 - column, side - 1 - row
            column, row = row, column
        side //= 2
    return before + far


def png(red: int, green: int, blue: int) -> bytes:
    """A picture of 8 by 8 points of one colour."""
    rows = (b"\0" + bytes((red, green, blue)) * 8) * 8
    parts = [(b"IHDR", struct.pack(">2I5B", 8, 8, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    framed = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def mvt(layers: Mapping[str, Iterable[tuple[Mapping[str, str], int, Corners]]]) -> bytes:
    """A vector tile: of each layer its features, as attributes, kind (1 point, 2 line, 3 area) and corners."""
    return b"".join(_field(3, _layer(name, list(features))) for name, features in layers.items())


def _layer(name: str, features: list[tuple[Mapping[str, str], int, Corners]]) -> bytes:
    words = [word for said, _, _ in features for pair in said.items() for word in pair]
    at = {word: place for place, word in enumerate(dict.fromkeys(words))}
    made = b"".join(_field(2, _feature(said, kind, corners, at)) for said, kind, corners in features)
    keys = b"".join(_field(3, word.encode()) for word in at)
    values = b"".join(_field(4, _field(1, word.encode())) for word in at)
    return _number(15, 2) + _field(1, name.encode()) + made + keys + values + _number(5, EXTENT)


def _feature(said: Mapping[str, str], kind: int, corners: Corners, at: Mapping[str, int]) -> bytes:
    tags = b"".join(varint(at[word]) for pair in said.items() for word in pair)
    steps = [
        (x - before_x, y - before_y) for (x, y), (before_x, before_y) in zip(corners, [(0, 0), *corners], strict=False)
    ]
    drawn = varint(1 | 1 << 3) + _turned(steps[0])
    if len(steps) > 1:
        drawn += varint(2 | len(steps) - 1 << 3) + b"".join(map(_turned, steps[1:]))
    if kind == 3:
        drawn += varint(7 | 1 << 3)
    return _field(2, tags) + _number(3, kind) + _field(4, drawn)


def _turned(step: tuple[int, int]) -> bytes:
    return b"".join(varint(each * 2 if each >= 0 else -each * 2 - 1) for each in step)


def _field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return varint(number << 3) + varint(value)


def varint(value: int) -> bytes:
    """A whole number, seven bits a byte, the lowest first."""
    return bytes([value & 127 | 128]) + varint(value >> 7) if value > 127 else bytes([value])
