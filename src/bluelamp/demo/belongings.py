"""What people have: homes and moves, phones shared and handed on, vehicles sold and cloned."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bluelamp.demo import identifiers
from bluelamp.demo.people import HEAD, People
from bluelamp.demo.places import Places
from bluelamp.demo.plan import DAY, Ints, Plan, luck

NEVER = 2**60

MAKES: tuple[tuple[str, str, str], ...] = (
    ("Ford", "Fiesta", "Hatchback"),
    ("Ford", "Focus", "Hatchback"),
    ("Ford", "Transit", "Van"),
    ("Vauxhall", "Corsa", "Hatchback"),
    ("Vauxhall", "Astra", "Hatchback"),
    ("Volkswagen", "Golf", "Hatchback"),
    ("Volkswagen", "Polo", "Hatchback"),
    ("BMW", "3 Series", "Saloon"),
    ("BMW", "1 Series", "Hatchback"),
    ("Audi", "A3", "Hatchback"),
    ("Mercedes-Benz", "C Class", "Saloon"),
    ("Mercedes-Benz", "Sprinter", "Van"),
    ("Toyota", "Yaris", "Hatchback"),
    ("Toyota", "Prius", "Hatchback"),
    ("Nissan", "Qashqai", "SUV"),
    ("Nissan", "Juke", "SUV"),
    ("Honda", "Civic", "Hatchback"),
    ("Honda", "PCX 125", "Scooter"),
    ("Peugeot", "208", "Hatchback"),
    ("Renault", "Clio", "Hatchback"),
    ("Kia", "Sportage", "SUV"),
    ("Hyundai", "i10", "Hatchback"),
    ("Range Rover", "Evoque", "SUV"),
    ("Fiat", "500", "Hatchback"),
    ("Skoda", "Octavia", "Saloon"),
    ("Yamaha", "NMAX", "Scooter"),
)
COLOURS = ("Black", "Grey", "White", "Blue", "Silver", "Red", "Green", "Orange", "Yellow", "Brown")


@dataclass(frozen=True)
class Homes:
    """Where each household lives before and after `moved` (seconds since 1970)."""

    first: Ints
    second: Ints
    moved: Ints

    def at(self, household: Ints, moment: Ints | int) -> Ints:
        """The address of each household at a moment."""
        return np.where(moment < self.moved[household], self.first[household], self.second[household])


@dataclass(frozen=True)
class Phones:
    """Numbers, and whose they are: -1 is nobody's."""

    number: pl.Series
    first: Ints
    second: Ints
    changed: Ints

    def at(self, person: Ints, moment: Ints | int) -> Ints:
        """The phone that each person carries at a moment, or -1."""
        return np.where(moment < self.changed[person], self.first[person], self.second[person])


@dataclass(frozen=True)
class Vehicles:
    """Registered vehicles. `clone`: another vehicle on the road under the same mark, or -1."""

    vrm: pl.Series
    vin: pl.Series
    model: Ints
    colour: Ints
    #: days since 1970
    registered: Ints
    keeper: Ints
    sold_to: Ints
    sold: Ints
    cloned: Ints
    #: person -> a vehicle that he or she keeps, or -1
    of: Ints

    def keeper_at(self, moment: Ints | int) -> Ints:
        """Who keeps each vehicle at a moment."""
        return np.where(moment < self.sold, self.keeper, self.sold_to)


def homes(plan: Plan, people: People, places: Places) -> Homes:
    """An address for each household, a second for the one in seven that moved."""
    chance = plan.chance("homes")
    count = people.homes
    free = chance.permutation(places.dwellings)
    first = free[:count]
    moves = luck(chance, count, 0.14)
    second = np.where(moves, chance.choice(places.dwellings, count), first)
    return Homes(first, second, np.where(moves, chance.integers(plan.start, plan.end, count), NEVER))


def phones(plan: Plan, people: People) -> Phones:
    """Most have one; some use another's at home, some change it, some get a number that was somebody else's."""
    chance = plan.chance("phones")
    count = people.count
    has = (people.age(plan.end) >= 10) & luck(chance, count, 0.8) & ~people.secret
    first = np.where(has, np.cumsum(has) - 1, -1)
    head = np.searchsorted(people.household, people.household)
    shared = luck(chance, count, 0.05) & (people.role != HEAD) & (first[head] >= 0)
    first = np.where(shared, first[head], first)
    made = int(has.sum())
    changes = (first >= 0) & luck(chance, count, np.where(people.offends > 0, 0.3, 0.07))
    fresh = made + np.cumsum(changes) - 1
    handed_on = changes & luck(chance, count, 0.12)
    second = np.where(changes, np.where(handed_on, chance.integers(0, max(made, 1), count), fresh), first)
    total = made + int(changes.sum())
    drama = chance.permutation(identifiers.DRAMA_SIZE)
    rest = chance.permutation(max(total * 3, 1))
    number = np.where(
        np.arange(total) < len(drama), drama[np.arange(total) % len(drama)], identifiers.DRAMA_SIZE + rest[:total]
    )
    changed = np.where(changes, chance.integers(plan.start, plan.end, count), NEVER)
    return Phones(identifiers.phone(number), first, second, changed)


def vehicles(plan: Plan, people: People) -> Vehicles:
    """One vehicle for each row of a full extract; one in 300 has a clone."""
    chance = plan.chance("vehicles")
    count = plan.count("keepers") // 2
    adults = np.flatnonzero((people.age(plan.end) >= 17) & ~people.secret)
    keeper = chance.choice(adults, count)
    registered = (plan.end // DAY - chance.gamma(2.2, 1100, count).clip(60, 7300)).astype(np.int64)
    days = registered.astype("datetime64[D]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    sold = luck(chance, count, 0.12)
    of = np.full(people.count, -1)
    of[keeper] = np.arange(count)
    model = chance.choice(len(MAKES), count, p=falling(len(MAKES)))
    vin = (
        pl.Series(np.array(["WFZ", "SXT", "VRX", "TMZ"])[model % 4])
        + "ZZZ"
        + identifiers.padded(chance.permutation(count) + 10**10, 11)
    )
    return Vehicles(
        identifiers.marks(chance, year, month),
        vin,
        model,
        chance.choice(len(COLOURS), count, p=falling(len(COLOURS))),
        registered,
        keeper,
        np.where(sold, chance.choice(adults, count), keeper),
        np.where(sold, chance.integers(plan.start, plan.end, count), NEVER),
        np.where(luck(chance, count, max(1 / 300, 4 / count)), chance.integers(0, len(MAKES), count), -1),
        of,
    )


def falling(count: int) -> np.ndarray:
    """Shares that fall off gently with rank."""
    weight = 1 / (np.arange(count) + 4.0)
    share: np.ndarray = weight / weight.sum()
    return share
