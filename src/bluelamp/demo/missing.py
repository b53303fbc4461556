"""Missing people: JSON with nested objects; an episode comes again, changed, when the person is found."""

import numpy as np
import polars as pl

from bluelamp.demo import mention, phrases
from bluelamp.demo.batch import Batch
from bluelamp.demo.columns import only, pick
from bluelamp.demo.events import weighted
from bluelamp.demo.identifiers import padded
from bluelamp.demo.plan import DAY, Period, luck
from bluelamp.demo.world import World


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """Episodes that began in the period or just before it; those found by its end say so."""
    fixed = world.plan.chance("missing")
    count = round(world.plan.count("missing") / (1.25 if world.plan.size == "met" else 1.12))
    at = np.sort(fixed.integers(world.plan.start, world.plan.end, count))
    young = (np.exp(-(((world.people.age(world.plan.end) - 15) / 4.0) ** 2)) + 0.03) * ~world.people.secret
    person = weighted(fixed, young, count)
    again = weighted(fixed, young**4, count)
    person = np.where(luck(fixed, count, 0.35), again, person)
    found = at + (fixed.gamma(0.6, 4, count) * DAY).astype(np.int64) + 3600
    begins = (at >= period.start) & (at < period.end)
    returns = (at < period.start) & (found >= period.start) & (found < period.end)
    index = np.flatnonzero(begins | returns)
    return build(world, chance, period, index, person[index], at[index], found[index])


def build(
    world: World,
    chance: np.random.Generator,
    period: Period,
    index: np.ndarray,
    person: np.ndarray,
    at: np.ndarray,
    found: np.ndarray,
) -> Batch:
    """The episodes as they stood at the end of the period."""
    count = len(index)
    written = mention.write(world, chance, person, 0.8, plain=0.3)
    number = np.where(luck(chance, count, 0.5), world.phones.at(person, at), -1)
    home = world.address(person, at)
    line, code = mention.address(world, chance, home)
    seen_line, _ = mention.address(
        world, chance, (home + chance.integers(-40, 40, count)).clip(0, len(world.places.ward) - 1)
    )
    frame = {
        "reference": "MIS" + padded(index + 1, 6),
        "risk": pick(chance, ["High", "Medium", "Low", "No apparent risk"], count, [0.2, 0.55, 0.2, 0.05]),
        "last_seen": mention.moment(at, "%Y-%m-%dT%H:%M:%S"),
        "found": only(mention.moment(found, "%Y-%m-%dT%H:%M:%S"), found < period.end),
        "circumstances": pick(chance, phrases.of("missing"), count),
        "person.given_name": written.given,
        "person.family_name": written.surname,
        "person.born": written.born("iso"),
        "person.sex": written.sex.replace_strict(["M", "F", "U"], ["Male", "Female", "Unknown"]),
        "person.phone": mention.phone(world, chance, number),
        "home.address": line,
        "home.postcode": code,
        "seen.place": seen_line,
    }
    truth = {("Person", "missing"): person, ("Phone", "phone"): number, ("Location", "home"): home}
    return Batch(pl.DataFrame(frame), truth)
