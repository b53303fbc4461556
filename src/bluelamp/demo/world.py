"""The made-up world as it truly is, before anybody writes it down."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bluelamp.demo import belongings, events, names, people, places
from bluelamp.demo.belongings import Homes, Phones, Vehicles
from bluelamp.demo.events import Crimes
from bluelamp.demo.people import People
from bluelamp.demo.places import Places
from bluelamp.demo.plan import Bools, Ints, Plan


@dataclass(frozen=True)
class World:
    """All that is true."""

    plan: Plan
    people: People
    places: Places
    homes: Homes
    phones: Phones
    vehicles: Vehicles
    group: Ints
    crimes: Crimes
    #: each person's birth as year, month and day
    birth: tuple[Ints, Ints, Ints]
    #: whose given name or surname has other spellings, and whose given name has a nickname
    spelt_given: Bools
    spelt_surname: Bools
    nicknamed: Bools

    def address(self, person: Ints, moment: Ints | int) -> Ints:
        """Where each person lives at a moment."""
        return self.homes.at(self.people.household[person], moment)


def build(plan: Plan) -> World:
    """The world of a plan."""
    living = people.build(plan)
    ground = places.build(plan, living.homes)
    homes = belongings.homes(plan, living, ground)
    vehicles = belongings.vehicles(plan, living)
    group = events.groups(plan, living, homes)
    crimes = events.crimes(plan, living, ground, homes, vehicles, group)
    days = living.born.astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    birth = (
        days.astype("datetime64[Y]").astype(np.int64) + 1970,
        month.astype(np.int64) % 12 + 1,
        (days - month.astype("datetime64[D]")).astype(np.int64) + 1,
    )
    return World(
        plan,
        living,
        ground,
        homes,
        belongings.phones(plan, living),
        vehicles,
        group,
        crimes,
        birth,
        known(living.given, names.variants()),
        known(living.surname, names.variants()),
        known(living.given, names.nicknames()),
    )


def known(text: pl.Series, words: dict[str, list[str]]) -> Bools:
    """Where a name is in the list."""
    found: Bools = text.is_in(pl.Series(list(words))).to_numpy()
    return found
