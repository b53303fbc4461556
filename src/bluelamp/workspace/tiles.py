"""The tiles that maps are drawn on: a PMTiles file of the workspace, read by ranges of bytes.

The format is https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md.
"""

import os
import struct
from pathlib import Path
from typing import NamedTuple

from bluelamp.errors import BlueLampError
from bluelamp.workspace.model import Workspace
from bluelamp.workspace.problems import Fault

#: bytes of one answer; the largest tiles and directories are some hundred thousand
MOST = 4 * 1024 * 1024

#: bytes before anything else
HEADER = 127

#: what a tile may be, by its number in the header
KINDS = {1: "mvt", 2: "png", 3: "jpeg", 4: "webp"}

#: what browsers can undo without a library: nothing said, nothing done, gzip
COMPRESSIONS = (0, 1, 2)

#: up to and with the kind of tile; the eight numbers: where directory, metadata, leaves and tiles lie, each with length
_HEADER = struct.Struct("<7sB8Q24sBBBB")

_CONVERT = "make it anew with `pmtiles convert` or tippecanoe, as MVT, PNG, JPEG or WebP with gzip or no compression"


class Piece(NamedTuple):
    """Some bytes of the file: from which one on, of how many in all, and what stands for its content as it is now."""

    content: bytes
    first: int
    size: int
    tag: str


def fault(folder: Path, name: str) -> Fault | None:
    """What is wrong with the file that `[map] tiles` names; None where maps can be drawn on it."""
    said = f"[map] tiles is {name}"
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        return Fault("B074", f"{said}, which lies outside the workspace", "copy the file itself into the workspace")
    try:
        with path.open("rb") as file:
            wrong = _wrong(file.read(HEADER), os.fstat(file.fileno()).st_size)
    except OSError as error:
        fix = "write the path of a PMTiles file inside the workspace, or remove the setting"
        return Fault("B074", f"{said}, which cannot be read ({error.strerror})", fix)
    return Fault("B075", f"{said}, which {wrong[0]}", wrong[1]) if wrong else None


def _wrong(head: bytes, size: int) -> tuple[str, str] | None:
    """What a file of this header and size is not, and what to do."""
    if len(head) < HEADER or head[:8] != b"PMTiles\x03":
        return "is not a PMTiles file of version 3", _CONVERT
    _, _, *places, _, _, inner, outer, kind = _HEADER.unpack_from(head)
    if kind not in KINDS:
        return f"has tiles of the kind {kind}, which maps cannot draw", _CONVERT
    if inner not in COMPRESSIONS or outer not in COMPRESSIONS:
        return "is compressed in a way that browsers cannot undo", _CONVERT
    if any(at + length > size for at, length in zip(places[::2], places[1::2], strict=True)):
        return "ends before all of its tiles", "copy the whole file again"
    return None


def read(workspace: Workspace, first: int = 0, last: int | None = None) -> Piece:
    """The bytes from `first` to `last`, both included; as many of them as there are. Without `last`, all.

    Raises BlueLampError where the file has gone; a Piece without content says that so much is not given at once.
    """
    name = workspace.settings.map.tiles
    path = workspace.folder / name
    found = fault(workspace.folder, name)
    if found:
        raise BlueLampError(f"{found.message}; {found.fix}.")
    with path.open("rb") as file:
        now = os.fstat(file.fileno())
        end = now.st_size if last is None else min(last + 1, now.st_size)
        tag = f'"{now.st_size:x}-{now.st_mtime_ns:x}"'
        if not 0 < end - first <= MOST:
            return Piece(b"", first, now.st_size, tag)
        file.seek(first)
        return Piece(file.read(end - first), first, now.st_size, tag)
