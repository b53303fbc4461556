"""The ground: boroughs, wards, streets and addresses of an invented corner of Greater London."""

import json
from dataclasses import dataclass

import numpy as np
import polars as pl

from bluelamp.demo import phrases
from bluelamp.demo.columns import only
from bluelamp.demo.plan import Floats, Ints, Plan

_INWARD = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
#: postcode areas of the right shape that nobody uses
_AREAS = ("NX", "SX", "WX")
PREMISES = (
    "Dwelling",
    "Flat",
    "Shop",
    "Public house",
    "Café",
    "Petrol station",
    "Railway station",
    "School",
    "Park",
    "Street",
)
#: the lower left corner of the area and the size of a ward, in degrees
_SOUTH, _WEST, _TALL, _WIDE = 51.565, 0.305, 0.0125, 0.0200


@dataclass(frozen=True)
class Places:
    """Addresses in order of ward and street, so that near numbers are near places."""

    wards: pl.DataFrame
    ward: Ints
    #: an index into `PREMISES`
    premises: Ints
    lat: Floats
    lon: Floats
    line: pl.Series
    short: pl.Series
    postcode: pl.Series
    business: pl.Series
    dwellings: Ints
    shops: Ints
    #: how much happens at each address: very little at most of them
    heat: Floats
    geojson: str

    def area(self, place: Ints, column: str) -> pl.Series:
        """The ward's `code`, `name` or `borough` of each place."""
        return self.wards[column].gather(self.ward[place])


def build(plan: Plan, homes: int) -> Places:
    """Room for `homes` households and what else stands in a street."""
    chance = plan.chance("places")
    count = int(homes * 1.12) + 40
    wards, corners, geojson = lay_out(plan)
    ward = np.sort(chance.integers(0, len(wards), count))
    along = np.arange(count) - np.searchsorted(ward, ward)
    street_no = along // 45
    premises = chance.choice(len(PREMISES), count, p=[0.58, 0.34, 0.04, 0.006, 0.008, 0.004, 0.002, 0.004, 0.006, 0.01])
    lat, lon = points(chance, corners, ward, street_no, along)
    street = streets(plan, ward, street_no)
    number, flat = pl.Series(1 + along % 45 * 2 - along % 2), pl.Series(1 + along % 24)
    town = wards["borough"].gather(ward)
    frame = pl.DataFrame(
        {
            "flat": flat,
            "number": number,
            "street": street,
            "town": town,
            "kind": premises,
            "shop": shop_names(chance, premises),
        }
    )
    house = pl.format("{} {}", "number", "street")
    short = (
        pl.when(pl.col("kind") == 1)
        .then(pl.format("Flat {}, {}", "flat", house))
        .when(pl.col("shop").is_not_null())
        .then(pl.format("{}, {}", "shop", house))
        .otherwise(house)
    )
    frame = frame.with_columns(short=short).with_columns(line=pl.format("{}, {}", "short", "town"))
    return Places(
        wards,
        ward,
        premises,
        lat,
        lon,
        frame["line"],
        frame["short"],
        postcodes(ward, along),
        frame["shop"],
        np.flatnonzero(premises < 2),
        np.flatnonzero((premises >= 2) & (premises < 6)),
        chance.lognormal(0, 1.6, count) * chance.lognormal(0, 0.6, len(wards))[ward],
        geojson,
    )


def lay_out(plan: Plan) -> tuple[pl.DataFrame, Floats, str]:
    """Wards as a jittered grid: their table, their corners (ward, corner, lat/lon), and their GeoJSON."""
    chance = plan.chance("wards")
    total = plan.boroughs * plan.wards
    across = int(np.ceil(np.sqrt(total)))
    grid = np.stack(np.meshgrid(np.arange(across + 1), np.arange(across + 1), indexing="ij"), -1).astype(float)
    grid += chance.uniform(-0.22, 0.22, grid.shape)
    grid = np.round(grid * [_TALL, _WIDE] + [_SOUTH, _WEST], 6)
    row, column = np.arange(total) // across, np.arange(total) % across
    corners = np.stack([grid[row, column], grid[row, column + 1], grid[row + 1, column + 1], grid[row + 1, column]], 1)
    names = [f"{first} {last}" for last in phrases.of("ward last") for first in phrases.of("ward first")]
    names = [str(name) for name in chance.permutation(names)[:total]]
    wards = pl.DataFrame(
        {
            "code": [f"E99{number:06}" for number in range(1, total + 1)],
            "name": names,
            "borough": [phrases.of("borough")[number // plan.wards] for number in range(total)],
        }
    )
    return wards, corners, outline(wards, corners)


def outline(wards: pl.DataFrame, corners: Floats) -> str:
    """The wards as GeoJSON, longitude first as the format wants."""
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": {"type": "Polygon", "coordinates": [[[lon, lat] for lat, lon in [*ring, ring[0]]]]},
        }
        for row, ring in zip(wards.to_dicts(), corners.tolist(), strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1) + "\n"


def points(
    chance: np.random.Generator, corners: Floats, ward: Ints, street: Ints, along: Ints
) -> tuple[Floats, Floats]:
    """Each address between its ward's corners: a street runs across at its own height."""
    last = np.maximum(np.bincount(ward, weights=None, minlength=len(corners))[ward] // 45, 1)
    up = (street + 0.5) / (last + 1) + chance.uniform(-0.01, 0.01, len(ward))
    right = (along % 45 + 0.5) / 45 + chance.uniform(-0.004, 0.004, len(ward))
    up, right = np.clip(up, 0.01, 0.99)[:, None], np.clip(right, 0.01, 0.99)[:, None]
    ring = corners[ward]
    found = (ring[:, 0] * (1 - right) + ring[:, 1] * right) * (1 - up) + (
        ring[:, 3] * (1 - right) + ring[:, 2] * right
    ) * up
    return np.round(found[:, 0], 6), np.round(found[:, 1], 6)


def streets(plan: Plan, ward: Ints, street: Ints) -> pl.Series:
    """A name for each street of each ward; the same name may stand in another ward, as it does."""
    names = np.array([f"{first} {last}" for first in phrases.of("street first") for last in phrases.of("street last")])
    offset = plan.chance("streets").integers(0, len(names), int(ward.max()) + 1)
    return pl.Series(names[(offset[ward] + street * 37) % len(names)])


def shop_names(chance: np.random.Generator, premises: Ints) -> pl.Series:
    """What stands over the door of a shop, a pub, a café or a petrol station."""
    trade = (premises >= 2) & (premises < 6)
    names = pl.Series(np.array(phrases.of("shop"))[chance.integers(0, len(phrases.of("shop")), len(premises))])
    return only(names, trade)


def postcodes(ward: Ints, along: Ints) -> pl.Series:
    """`NX7 3AB`: a ward is a sector, 15 neighbours share a unit."""
    district, unit = ward // 10, along // 15 % 400
    area = pl.Series(np.array(_AREAS)[district % 3])
    outward = area + pl.Series(1 + district // 3).cast(pl.String) + " " + pl.Series(ward % 10).cast(pl.String)
    return outward + pl.Series(_INWARD[unit // 20]) + pl.Series(_INWARD[unit % 20])
