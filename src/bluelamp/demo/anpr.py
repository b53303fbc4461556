"""Number-plate reads: Parquet, typed; cameras misread, and one mark may ride on two vehicles."""

import numpy as np
import polars as pl

from bluelamp.demo import mess
from bluelamp.demo.batch import Batch
from bluelamp.demo.events import moments
from bluelamp.demo.identifiers import padded
from bluelamp.demo.plan import Period, luck, seconds
from bluelamp.demo.world import World

_DIRECTIONS = ("Northbound", "Southbound", "Eastbound", "Westbound")


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """The reads of the period: vehicles mostly pass cameras near home, clones anywhere."""
    share = (period.end - period.start) / (world.plan.end - seconds("2025-11"))
    count = round(world.plan.count("anpr") * share)
    at = moments(chance, period.start, period.end, count)
    vehicle = (len(world.vehicles.vrm) * chance.random(count) ** 1.7).astype(np.int64)
    cameras, spot = camera_places(world)
    home = world.places.ward[world.homes.first[world.people.household[world.vehicles.keeper[vehicle]]]]
    near = np.searchsorted(world.places.ward[spot], home) + chance.integers(0, 3, count)
    clone = (world.vehicles.cloned[vehicle] >= 0) & luck(chance, count, 0.5)
    roams = luck(chance, count, 0.3) | clone
    camera = np.where(roams, chance.integers(0, len(spot), count), near).clip(0, len(spot) - 1)
    wrong = luck(chance, count, 0.02)
    plate = mess.alter(chance, world.vehicles.vrm.gather(vehicle), wrong, mess.misread)
    frame = {
        "read_id": "R" + period.name[2:4] + period.name[5:7] + "-" + padded(np.arange(1, count + 1), 8),
        "plate": plate,
        "seen_at": pl.Series(at * 1000).cast(pl.Datetime("ms")),
        "camera": cameras.gather(camera),
        "direction": pl.Series(_DIRECTIONS).gather(chance.integers(0, 4, count)),
        "confidence": pl.Series(
            np.where(wrong, chance.integers(40, 85, count), chance.integers(70, 101, count)).astype(np.int16)
        ),
        "lat": pl.Series(world.places.lat[spot[camera]]),
        "lon": pl.Series(world.places.lon[spot[camera]]),
    }
    return Batch(
        pl.DataFrame(frame),
        {
            ("Vehicle", "vehicle"): np.where(clone, vehicle + len(world.vehicles.vrm), vehicle),
            ("Location", "camera"): spot[camera],
        },
    )


def camera_places(world: World) -> tuple[pl.Series, np.ndarray]:
    """Two cameras in each ward: their names and the addresses that they stand at."""
    wards = len(world.places.wards)
    starts = np.searchsorted(world.places.ward, np.arange(wards))
    spot = np.sort(np.concatenate([starts, (starts + 23).clip(0, len(world.places.ward) - 1)]))
    names = (
        "CAM"
        + padded(np.arange(1, len(spot) + 1), 4)
        + " "
        + world.places.line.gather(spot).str.extract(r"(\D+), [^,]+$").str.strip_chars()
    )
    return names, spot
