"""The boundaries that maps are drawn on and areas are named by: a GeoJSON file of the workspace."""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from bluelamp.errors import BlueLampError
from bluelamp.workspace.model import Workspace
from bluelamp.workspace.problems import Fault

#: bytes of the file
LARGEST = 20_000_000

#: bytes in which a GeoJSON file names its features, but for very strange ones
_BEGINNING = 65_536

#: properties by which a boundary may be called, the first that it has
NAMES = ("name", "Name", "NAME", "title", "code")

#: latitude and longitude of each corner, in degrees
Corners = tuple[tuple[float, float], ...]


def content(workspace: Workspace) -> bytes | None:
    """The file as it stands; None where the workspace names none.

    Raises BlueLampError for a file that is not there, lies outside the workspace, or is too large.
    """
    name = workspace.settings.map.boundaries
    found = _read(workspace.folder, name) if name else None
    if isinstance(found, Fault):
        raise BlueLampError(f"{found.message}; {found.fix}.")
    return found


def fault(folder: Path, name: str) -> Fault | None:
    """What is wrong with the file that `[map] boundaries` names. One that begins as GeoJSON does is not read on: every
    command asks, and of ten megabytes that takes a second.
    """
    found = _read(folder, name)
    if isinstance(found, Fault):
        return found
    begins = found[:_BEGINNING].lstrip().startswith(b"{") and b'"features"' in found[:_BEGINNING]
    if not begins and _named(found) is None:
        fix = "write a FeatureCollection of polygons there, or remove the setting"
        return Fault("B076", f"[map] boundaries is {name}, which is no GeoJSON file of areas", fix)
    return None


def _read(folder: Path, name: str) -> bytes | Fault:
    said, path = f"[map] boundaries is {name}", (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        return Fault("B076", f"{said}, which lies outside the workspace", "copy the file itself into the workspace")
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > LARGEST:
                return Fault("B076", f"{said}, which is larger than {LARGEST // 1_000_000} MB", "simplify its lines")
            return file.read()
    except OSError as error:
        fix = "write the path of a GeoJSON file inside the workspace, or remove the setting"
        return Fault("B076", f"{said}, which cannot be read ({error.strerror})", fix)


def named(workspace: Workspace) -> dict[str, Corners]:
    """The outer line of each boundary by its name, in alphabetical order; of several parts that with most corners."""
    found = content(workspace)
    areas = _named(found) if found else {}
    if areas is None:
        name = workspace.settings.map.boundaries
        raise BlueLampError(f"{name} is no GeoJSON file of areas; write a FeatureCollection of polygons.")
    return areas


@lru_cache(4)
def _named(found: bytes) -> dict[str, Corners] | None:
    """The outer lines of what a file holds; None where it is no GeoJSON of areas."""
    try:
        features = json.loads(found)["features"]
        lines = {_name(each["properties"] or {}): _outer(each["geometry"]) for each in features if each["geometry"]}
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return dict(sorted((name, corners) for name, corners in lines.items() if name and corners))


def _name(properties: dict[str, Any]) -> str:
    return next((str(properties[each]) for each in NAMES if properties.get(each)), "")


def _outer(geometry: dict[str, Any]) -> Corners:
    parts = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}.get(geometry["type"], [])
    rings = [part[0] for part in parts if part]
    longest: list[Any] = max(rings, key=len, default=[])
    return tuple((float(south), float(east)) for east, south, *_ in longest)
