"""Registered keepers: full extracts in capitals with bars between the fields, each replacing the one before."""

import numpy as np
import polars as pl

from bluelamp.demo import mention, mess, phrases
from bluelamp.demo.batch import Batch
from bluelamp.demo.belongings import COLOURS, MAKES
from bluelamp.demo.columns import only, pick
from bluelamp.demo.identifiers import padded
from bluelamp.demo.plan import DAY, Period, luck
from bluelamp.demo.world import World


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """Every vehicle with who keeps it on the last day of the period."""
    vehicles, people = world.vehicles, world.people
    count = len(vehicles.vrm)
    at = period.end - 1
    company = luck(world.plan.chance("companies"), count, 0.06)
    keeper = np.where(company, -1, vehicles.keeper_at(at))
    written = mention.write(world, world.plan.chance("keepers"), keeper, 0.5, plain=1.0)
    safe = np.where(keeper >= 0, keeper, 0)
    home = world.address(safe, at)
    line, code = mention.address(world, chance, home, 0.4)
    firm = pl.Series(phrases.of("company")).gather(np.arange(count) % len(phrases.of("company")))
    forenames = written.given + (" " + written.middle).fill_null("")
    frame = {
        "VRM": mention.mark(world, chance, np.arange(count), 0.0),
        "VIN": vehicles.vin,
        "MAKE": pl.Series([make[0] for make in MAKES]).gather(vehicles.model).str.to_uppercase(),
        "MODEL": pl.Series([make[1] for make in MAKES]).gather(vehicles.model).str.to_uppercase(),
        "BODY": pl.Series([make[2] for make in MAKES]).gather(vehicles.model).str.to_uppercase(),
        "COLOUR": pl.Series(COLOURS).gather(vehicles.colour).str.to_uppercase(),
        "FIRST_REG": mention.moment(vehicles.registered * DAY, "%Y%m%d"),
        "TITLE": only(pl.Series(np.where(people.female[safe], "MS", "MR")), (keeper >= 0) & luck(chance, count, 0.9)),
        "FORENAMES": forenames.str.to_uppercase(),
        "SURNAME": written.surname.str.to_uppercase(),
        "BIRTH": only(padded(written.year, 4) + padded(written.month, 2) + padded(written.day, 2), written.year > 0),
        "COMPANY": only(firm.str.to_uppercase(), company),
        "COMPANY_NO": only(padded(np.arange(count) % len(phrases.of("company")) + 99_000_001, 8), company),
        "ADDRESS": line.str.to_uppercase(),
        "POSTCODE": code,
        "SINCE": mention.moment(np.where(at < vehicles.sold, vehicles.registered * DAY, vehicles.sold), "%Y%m%d"),
        "MARKER": pick(
            chance, [None, "STOLEN", "NO INSURANCE", "SEEN WITH WEAPONS"], count, [0.97, 0.01, 0.017, 0.003]
        ),
    }
    truth = {("Person", "keeper"): keeper, ("Vehicle", "vehicle"): np.arange(count), ("Location", "home"): home}
    batch = Batch(pl.DataFrame(frame), truth)
    batch.frame = batch.frame.with_columns(
        VRM=mess.alter(chance, batch.frame["VRM"], luck(chance, count, 0.0005), mess.misread)
    )
    return batch
