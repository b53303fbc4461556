"""What truly happened: every crime with its victim, its offenders and its place; series and groups."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bluelamp.demo.belongings import Homes, Vehicles
from bluelamp.demo.identifiers import padded
from bluelamp.demo.people import People
from bluelamp.demo.places import Places
from bluelamp.demo.plan import DAY, Bools, Ints, Plan, luck

#: title, share, Home Office classification, offence code, where (h home of victim, s shop, a any), named-suspect share
KINDS: tuple[tuple[str, float, str, str, str, float], ...] = (
    ("Violence with injury", 0.1, "008/01", "OF61131", "a", 0.6),
    ("Violence without injury", 0.17, "105/01", "CJ88001", "a", 0.6),
    ("Harassment", 0.08, "008/55", "PH97003", "h", 0.7),
    ("Burglary - residential", 0.07, "028/01", "TH68036", "h", 0.08),
    ("Burglary - business", 0.03, "030/01", "TH68037", "s", 0.12),
    ("Robbery of personal property", 0.05, "034/01", "TH68023", "a", 0.15),
    ("Theft from the person", 0.08, "039/00", "TH68010", "a", 0.04),
    ("Theft from motor vehicle", 0.1, "045/00", "TH68035", "a", 0.04),
    ("Theft of motor vehicle", 0.05, "048/00", "TH68001", "h", 0.07),
    ("Shoplifting", 0.1, "046/00", "TH68005", "s", 0.3),
    ("Criminal damage", 0.08, "058/01", "CD71039", "a", 0.2),
    ("Possession of drugs", 0.05, "092/60", "MD71101", "a", 0.97),
    ("Possession of weapons", 0.02, "010/11", "PC53001", "a", 0.9),
    ("Public order", 0.08, "125/11", "PU86116", "a", 0.4),
    ("Sexual offence", 0.03, "020/05", "SX03020", "h", 0.6),
)
TITLES = [kind[0] for kind in KINDS]
BURGLARY = TITLES.index("Burglary - residential")
VICTIMLESS = np.isin(TITLES, ["Possession of drugs", "Possession of weapons", "Shoplifting", "Burglary - business"])
_HOURS = np.array([5, 4, 3, 2, 1, 1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 6, 7, 7, 7, 7, 7, 7, 7, 6], float)


@dataclass
class Crimes:
    """One row per crime in the order of reporting. Moments are seconds since 1970; -1 stands for nobody and nothing."""

    reference: pl.Series
    kind: Ints
    since: Ints
    until: Ints
    reported: Ints
    place: Ints
    victim: Ints
    offender: Ints
    second: Ints
    #: whether the record names the first and the second offender
    named: Bools
    named_second: Bools
    vehicle: Ints
    series: Ints
    domestic: Bools

    def within(self, start: int, end: int) -> slice:
        """The crimes reported in a period."""
        return slice(*np.searchsorted(self.reported, [start, end]))


def groups(plan: Plan, people: People, homes: Homes) -> Ints:
    """Person -> number of the group that he or she offends with, or -1: two to six who live near each other."""
    chance = plan.chance("groups")
    active = np.flatnonzero(people.offends > 0)
    active = active[np.argsort(homes.first[people.household[active]], kind="stable")]
    size = chance.integers(2, 7, len(active) // 2 + 2)
    member = np.repeat(np.arange(len(size)), size)[: len(active)]
    in_group = (luck(chance, len(size), 0.45))[member]
    group = np.full(people.count, -1)
    group[active[: len(member)]] = np.where(in_group, member, -1)
    return group


def crimes(plan: Plan, people: People, places: Places, homes: Homes, vehicles: Vehicles, group: Ints) -> Crimes:
    """All crimes that the force will ever record."""
    chance = plan.chance("crimes")
    count = plan.count("crimes")
    reported = moments(chance, plan.start, plan.end, count)
    kind = chance.choice(len(KINDS), count, p=[share[1] / sum(k[1] for k in KINDS) for share in KINDS])
    victim = weighted(chance, people.suffers, count)
    offender = weighted(chance, people.offends, count)
    domestic = np.isin(kind, [0, 1, 2, 14]) & luck(chance, count, 0.3)
    offender = np.where(domestic, relative(chance, people, victim, offender), offender)
    series, order, leader, ground = burglary_series(chance, plan, people, places, group)
    mine = np.flatnonzero(kind == BURGLARY)
    mine = chance.permutation(mine)[: len(series)]
    kind_place = np.array([kind[4] for kind in KINDS])[kind]
    home = homes.at(people.household[victim], reported)
    place = np.where((kind_place == "h") | domestic, home, hot(chance, places, count))
    place = np.where(kind_place == "s", chance.choice(places.shops, count), place)
    all_series = np.full(count, -1)
    tell = len(mine)
    all_series[mine], offender[mine], reported[mine], place[mine] = (
        series[:tell],
        leader[:tell],
        order[:tell],
        ground[:tell],
    )
    victim[mine] = residents(people, homes, place[mine], victim[mine])
    lag = (chance.gamma(0.7, 9 * 3600, count)).astype(np.int64)
    until = reported - lag
    loose = np.isin(kind, [3, 4, 7, 8, 10])
    since = np.where(loose, until - chance.integers(1, 14 * 3600, count), until)
    second = companion(chance, group, offender)
    named = luck(chance, count, np.where(domestic, 0.95, np.array([kind[5] for kind in KINDS])[kind]))
    named |= (all_series >= 0) & luck(chance, count, 0.12)
    victim = np.where(VICTIMLESS[kind], -1, np.where(victim == offender, (victim + 7) % people.count, victim))
    vehicle = np.where(np.isin(kind, [7, 8]) & (victim >= 0), vehicles.of[victim], -1)
    index = np.argsort(reported, kind="stable")
    second = np.where(domestic, -1, second)
    victim, offender = (
        np.where(people.secret[each] & (each >= 0), (each + 1) % people.count, each) for each in (victim, offender)
    )
    return Crimes(
        references(reported[index]),
        kind[index],
        since[index],
        until[index],
        reported[index],
        place[index],
        victim[index],
        offender[index],
        second[index],
        named[index],
        (named & (second >= 0) & luck(chance, count, 0.6))[index],
        vehicle[index],
        all_series[index],
        domestic[index],
    )


def references(reported: Ints) -> pl.Series:
    """`2300123/24`: a serial of seven digits that begins again each year."""
    year = reported.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    serial = 2_300_001 + np.arange(len(year)) - np.searchsorted(year, year)
    return padded(serial, 7) + "/" + padded(year % 100, 2)


def moments(chance: np.random.Generator, start: int, end: int, count: int) -> Ints:
    """Moments of a period in order, more by evening than by night, with more at weekends."""
    day = chance.integers(start // DAY, end // DAY, count)
    quiet = (day + 3) % 7 < 5
    day = np.where(quiet & luck(chance, count, 0.06), day + 5 - (day + 3) % 7, day).clip(start // DAY, end // DAY - 1)
    hour = chance.choice(24, count, p=_HOURS / _HOURS.sum())
    return np.sort(day * DAY + hour * 3600 + chance.integers(0, 3600, count))


def weighted(chance: np.random.Generator, weight: np.ndarray, count: int) -> Ints:
    """People drawn by weight."""
    running = np.cumsum(weight)
    found: Ints = np.searchsorted(running, chance.random(count) * running[-1], side="right").clip(0, len(weight) - 1)
    return found


def hot(chance: np.random.Generator, places: Places, count: int) -> Ints:
    """Addresses of all kinds, of which a few see most of it."""
    return weighted(chance, places.heat, count)


def relative(chance: np.random.Generator, people: People, victim: Ints, otherwise: Ints) -> Ints:
    """Somebody of 14 or older from the victim's household where there is one."""
    start = np.searchsorted(people.household, people.household[victim])
    size = np.searchsorted(people.household, people.household[victim], side="right") - start
    other = start + (victim - start + 1 + chance.integers(0, 2, len(victim))) % np.maximum(size, 1)
    fits = (other != victim) & (people.born[other] < people.born.max() - 15 * 365)
    return np.where(fits, other, otherwise)


def companion(chance: np.random.Generator, group: Ints, offender: Ints) -> Ints:
    """Another of the offender's group for a third of what its members do, else -1."""
    members = np.flatnonzero(group >= 0)
    members = members[np.argsort(group[members], kind="stable")]
    start = np.searchsorted(group[members], group[offender])
    size = np.searchsorted(group[members], group[offender], side="right") - start
    at = (start + chance.integers(0, 1 << 30, len(offender)) % np.maximum(size, 1)).clip(0, len(members) - 1)
    other = members[at]
    fits = (group[offender] >= 0) & (other != offender) & luck(chance, len(offender), 0.4)
    return np.where(fits, other, -1)


def burglary_series(
    chance: np.random.Generator, plan: Plan, people: People, places: Places, group: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Series number, moment, leader and address of each linked burglary: near places, rising dates, one leader."""
    count = max(4, plan.count("crimes") // 900)
    size = chance.integers(5, 13, count)
    number = np.repeat(np.arange(count), size)
    step = np.arange(len(number)) - np.searchsorted(number, number)
    begin = chance.integers(plan.start, plan.end - 60 * DAY, count)
    moment = begin[number] + step * 4 * DAY + chance.integers(0, 3 * DAY, len(number))
    able = np.flatnonzero((group >= 0) & (people.offends > np.median(people.offends[people.offends > 0])))
    leader = chance.choice(able, count)
    centre = chance.integers(0, len(places.dwellings), count)
    near = (centre[number] + chance.integers(-60, 60, len(number))).clip(0, len(places.dwellings) - 1)
    return number, moment, leader[number], places.dwellings[near]


def residents(people: People, homes: Homes, place: Ints, otherwise: Ints) -> Ints:
    """The head of the household at each address, where somebody lives there."""
    order = np.argsort(homes.first, kind="stable")
    at = np.searchsorted(homes.first[order], place).clip(0, len(order) - 1)
    household = order[at]
    head = np.searchsorted(people.household, household)
    return np.where(homes.first[household] == place, head, otherwise)
