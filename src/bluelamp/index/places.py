"""What is where: things whose records say a point, found by the area in which they lie."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bluelamp.errors import BlueLampError, TooMuch
from bluelamp.ids import ObjectId
from bluelamp.index.nouns import among
from bluelamp.index.objects import Objects
from bluelamp.lake.sql import ident
from bluelamp.ontology import ObjectType
from bluelamp.types import Point
from bluelamp.types.place import DEGREE

#: cells to a degree, and cells round the earth: a cell is about a kilometre high
PER_DEGREE, ROUND = 100, 36_000

#: cells that one area may touch, and corners that it may have
MOST_CELLS, MOST_CORNERS = 20_000, 1_000

#: latitude and longitude in degrees
Degrees = tuple[float, float]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Area:
    """Where to look: inside a polygon of three corners or more, or within `metres` of a point or a route."""

    corners: tuple[Degrees, ...]
    metres: float = 0.0

    def __post_init__(self) -> None:
        inside = all(abs(south) <= 90 and abs(east) <= 180 for south, east in self.corners)  # noqa: PLR2004 (the earth)
        if not self.corners or len(self.corners) > MOST_CORNERS or not inside:
            raise BlueLampError(
                f"An area needs 1 to {MOST_CORNERS:,} corners, each a latitude and a longitude in degrees."
            )
        if not 0 <= self.metres <= 100_000 or (not self.metres and len(self.corners) < 3):  # noqa: PLR2004 (a triangle)
            raise BlueLampError("Give a distance in metres, at most 100,000, or at least three corners of an area.")

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Its south, west, north and east, in degrees."""
        souths, wests = zip(*self.corners, strict=True)
        high = self.metres / DEGREE
        wide = high / max(0.01, math.cos(math.radians(max(map(abs, souths)))))
        return min(souths) - high, min(wests) - wide, max(souths) + high, max(wests) + wide

    def away(self, latitudes: Numbers, longitudes: Numbers) -> Numbers:
        """How far points lie outside it, in metres; 0 for those in it. A point or route counts from its line."""
        if not self.metres:
            return np.where(_within(self.corners, latitudes, longitudes), 0.0, np.inf)
        ends = [*zip(self.corners, self.corners[1:], strict=False)] or [(self.corners[0], self.corners[0])]
        found = np.min([_apart(one, other, latitudes, longitudes) for one, other in ends], axis=0)
        return np.where(found <= self.metres, found, np.inf)


def cell_sql(latitude: str, longitude: str) -> str:
    """SQL of the number of the cell in which a point lies."""
    return f"(floor({latitude} * {PER_DEGREE})::INTEGER * {ROUND} + floor(({longitude} + 180) * {PER_DEGREE})::INTEGER)"


def point_rows(noun: type[ObjectType], code: int, relation: str) -> str:
    """SQL of the points that the records of a noun in `relation` say, in order of the cell; "" where it has none."""
    names = [name for name, each in noun.properties.items() if isinstance(each.type, Point)]
    each = " UNION ALL ".join(
        f"SELECT DISTINCT object, access, split_part({ident(name)}, ',', 1)::DOUBLE AS latitude, "
        f"split_part({ident(name)}, ',', 2)::DOUBLE AS longitude FROM {relation} WHERE {ident(name)} IS NOT NULL"
        for name in names
    )
    if not each:
        return ""
    return (
        f"SELECT {cell_sql('latitude', 'longitude')} AS cell, latitude, longitude, object, {code}::UTINYINT AS type, "
        f"access FROM ({each}) ORDER BY cell, object"
    )


class Places:
    """The points of an opened index."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def within(self, area: Area, visible: frozenset[int]) -> dict[ObjectId, float]:
        """The things in an area with how far each lies from its middle line, in metres; 0 inside a polygon.

        Raises TooMuch for an area that is too large to look through at once.
        """
        south, west, north, east = area.box
        rows = math.floor(south * PER_DEGREE), math.floor(north * PER_DEGREE)
        columns = math.floor((west + 180) * PER_DEGREE), math.floor((east + 180) * PER_DEGREE)
        if (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1) > MOST_CELLS:
            raise TooMuch("That area is larger than can be looked through at once; choose a smaller one.")
        lanes = " OR ".join(
            f"cell BETWEEN {row * ROUND + columns[0]} AND {row * ROUND + columns[1]}"
            for row in range(rows[0], rows[1] + 1)
        )
        found = self._objects.rows(
            f"SELECT object, type, latitude, longitude FROM point WHERE ({lanes}) AND latitude BETWEEN ? AND ? "
            f"AND longitude BETWEEN ? AND ? AND {among('access', visible)}",
            [south, north, west, east],
        )
        if not found:
            return {}
        away = area.away(np.array([row[2] for row in found]), np.array([row[3] for row in found]))
        nearest: dict[ObjectId, float] = {}
        for (number, code, _, _), metres in zip(found, away.tolist(), strict=True):
            if metres < math.inf:
                id = ObjectId(self._objects.nouns[code].slug, number)
                nearest[id] = min(metres, nearest.get(id, math.inf))
        return nearest


def _within(corners: Sequence[Degrees], latitudes: Numbers, longitudes: Numbers) -> npt.NDArray[np.bool_]:
    """Which points lie in a polygon: a line from each to the east crosses its sides an odd number of times."""
    inside = np.zeros(len(latitudes), bool)
    for (south, west), (north, east) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if south == north:
            continue
        crosses = (latitudes < south) != (latitudes < north)
        at = west + (latitudes - south) / (north - south) * (east - west)
        inside ^= crosses & (longitudes < at)
    return inside


def _apart(one: Degrees, other: Degrees, latitudes: Numbers, longitudes: Numbers) -> Numbers:
    """How far points lie from a line, in metres, as far as a few tens of kilometres go."""
    wide = DEGREE * math.cos(math.radians((one[0] + other[0]) / 2))
    y, x = (latitudes - one[0]) * DEGREE, (longitudes - one[1]) * wide
    north, east = (other[0] - one[0]) * DEGREE, (other[1] - one[1]) * wide
    length = north * north + east * east
    along = np.clip((x * east + y * north) / length, 0, 1) if length else np.zeros(len(x))
    return np.asarray(np.hypot(x - along * east, y - along * north), float)
