"""Phone billing: packed CSV, for the numbers that investigations asked for, in every way of writing a number."""

import numpy as np
import polars as pl

from bluelamp.demo import identifiers, mention
from bluelamp.demo.batch import Batch
from bluelamp.demo.columns import only, pick
from bluelamp.demo.events import moments
from bluelamp.demo.identifiers import padded
from bluelamp.demo.plan import Bools, Ints, Period, luck, seconds
from bluelamp.demo.world import World


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """The calls of the period: people call their own group, their home and a few others again and again."""
    share = (period.end - period.start) / (world.plan.end - seconds("2026-01"))
    count = round(world.plan.count("calls") * share)
    at = moments(chance, period.start, period.end, count)
    subjects = subject_people(world)
    one = subjects[(len(subjects) * chance.random(count) ** 1.5).astype(np.int64)]
    other = partners(world, chance, one, subjects)
    flip = luck(chance, count, 0.45)
    caller, called = np.where(flip, other, one), np.where(flip, one, other)
    from_phone, to_phone = world.phones.at(caller, at), world.phones.at(called, at)
    text = luck(chance, count, 0.4)
    switched = (from_phone * 7919 + 11) % 89_999_999_999 + 35_000_000_000_000
    places = world.places.ward[world.address(caller, at)]
    frame = {
        "record_id": "B" + period.name[2:4] + period.name[5:7] + padded(np.arange(1, count + 1), 8),
        "kind": pl.Series(np.where(text, "SMS", "VOICE")),
        "start": mention.moment(at, "%Y-%m-%d %H:%M:%S"),
        "seconds": pl.Series(np.where(text, 0, chance.exponential(95, count).astype(np.int64) + 1)),
        "a_number": written(world, chance, from_phone),
        "b_number": written(world, chance, to_phone),
        "a_imei": only(identifiers.luhn(switched), luck(chance, count, 0.8)),
        "first_cell": "234-99-" + padded(places * 3 + chance.integers(0, 3, count) + 1, 5),
        "network": pick(chance, ["Bluebird Mobile", "Northtel", "Pico"], count, [0.5, 0.3, 0.2]),
    }
    return Batch(pl.DataFrame(frame), {("Phone", "caller"): from_phone, ("Phone", "called"): to_phone})


def subject_people(world: World) -> Ints:
    """Those whose billing was asked for: a third of the known offenders with a phone."""
    chance = world.plan.chance("subjects")
    able = np.flatnonzero((world.people.offends > 0) & (world.phones.first >= 0))
    chosen = able[luck(chance, len(able), 0.34)]
    return chosen[np.argsort(-world.people.offends[chosen], kind="stable")]


def partners(world: World, chance: np.random.Generator, one: Ints, subjects: Ints) -> Ints:
    """Whom each subject talks to; always somebody else with a phone."""
    usual = (one * 31 + (chance.random(len(one)) ** 2 * 9).astype(np.int64) * 977 + 13) % world.people.count
    member = np.flatnonzero(world.group >= 0)
    member = member[np.argsort(world.group[member], kind="stable")]
    spot = np.searchsorted(world.group[member], world.group[one]) + chance.integers(0, 3, len(one))
    mate = member[spot.clip(0, len(member) - 1)]
    close = (world.group[one] >= 0) & (world.group[mate] == world.group[one]) & luck(chance, len(one), 0.45)
    other = np.where(close, mate, usual)
    fits: Bools = (world.phones.first[other] >= 0) & (world.phones.first[other] != world.phones.first[one])
    spare = subjects[(np.searchsorted(subjects, one, sorter=np.argsort(subjects)) + 1) % len(subjects)]
    return np.where(fits, other, spare)


def written(world: World, chance: np.random.Generator, number: Ints) -> pl.Series:
    """Numbers as networks write them: 447700900123, 07700900123, +447700900123, 00447700900123."""
    found = world.phones.number.gather(number)
    start = pl.Series(["44", "0", "+44", "0044"]).gather(chance.choice(4, len(number), p=[0.5, 0.25, 0.2, 0.05]))
    return start + found
