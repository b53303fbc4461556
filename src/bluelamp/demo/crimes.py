"""The crime recording system: CSV, one row per crime, with victim, suspects, method and place."""

import numpy as np
import polars as pl

from bluelamp.demo import mention, mess, phrases
from bluelamp.demo.batch import Batch, Part
from bluelamp.demo.belongings import COLOURS, MAKES
from bluelamp.demo.columns import either, only, pick
from bluelamp.demo.events import BURGLARY, KINDS, Crimes
from bluelamp.demo.phrases import Words
from bluelamp.demo.places import PREMISES
from bluelamp.demo.plan import DAY, Ints, Period, luck
from bluelamp.demo.world import World

#: how often the record of a burglary tells what its series has in common
COMMON = 0.88
_OUTCOMES = (
    (None, None),
    ("Charged", "1"),
    ("Caution", "3"),
    ("Community resolution", "8"),
    ("No suspect identified", "18"),
    ("Victim does not support", "16"),
    ("Evidential difficulties", "15"),
)


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """The crimes reported in the period."""
    part = world.crimes.within(period.start, period.end)
    crimes = world.crimes
    kind, reported, place = crimes.kind[part], crimes.reported[part], crimes.place[part]
    victim = np.where(luck(chance, len(kind), 0.02), -1, crimes.victim[part])
    suspect = np.where(crimes.named[part], crimes.offender[part], -1)
    second = np.where(crimes.named_second[part], crimes.second[part], -1)
    frame, truth = what(world, chance, crimes, part)
    for more, told in (
        whom(world, chance, victim, reported),
        suspects(world, chance, suspect, second, reported),
        vehicles(world, chance, crimes.vehicle[part], kind),
    ):
        frame |= more
        truth |= told
    return Batch(pl.DataFrame(frame), {**truth, ("Location", "place"): place})


def what(world: World, chance: np.random.Generator, crimes: Crimes, part: slice) -> Part:
    """The crime itself."""
    kind, reported, place = crimes.kind[part], crimes.reported[part], crimes.place[part]
    count = len(kind)
    line, code = mention.address(world, chance, place)
    outcome = np.where(
        crimes.named[part], chance.choice([0, 1, 2, 3, 5, 6], count), chance.choice([0, 4], count, p=[0.2, 0.8])
    )
    lag = reported + chance.integers(5, 90, count) * DAY
    open_still = (lag >= world.plan.end) | (outcome == 0)
    outcome = np.where(open_still, 0, outcome)
    texts = [[kind[field] for kind in KINDS] for field in (0, 2, 3)]
    return {
        "Crime Ref": crimes.reference[part],
        "Crime Type": pl.Series(texts[0]).gather(kind),
        "HO Class": pl.Series(texts[1]).gather(kind),
        "Offence Code": pl.Series(texts[2]).gather(kind),
        "Committed From": mention.moment(crimes.since[part]),
        "Committed To": mention.moment(crimes.until[part]),
        "Reported": mention.moment(reported),
        "Status": pl.Series(np.where(open_still, "Open", "Filed")),
        "Outcome": pl.Series([each[0] for each in _OUTCOMES]).gather(outcome),
        "Outcome Code": pl.Series([each[1] for each in _OUTCOMES]).gather(outcome),
        "Outcome Date": only(mention.moment(lag, "%d/%m/%Y"), outcome > 0),
        "Force": pl.repeat("Northgate Police", count, eager=True),
        "Ward Code": world.places.area(place, "code"),
        "Ward": world.places.area(place, "name"),
        "Premises": pl.Series(PREMISES).gather(world.places.premises[place]),
        "Business": only(world.places.business.gather(place), luck(chance, count, 0.9)),
        "Address": line,
        "Postcode": code,
        "Latitude": only(pl.Series(world.places.lat[place]).cast(pl.String), luck(chance, count, 0.97)),
        "Longitude": pl.Series(world.places.lon[place]).cast(pl.String),
        "MO": methods(chance, kind, crimes.series[part]),
        "Hate Crime": pick(chance, ["N", "Y"], count, [0.97, 0.03]),
        "DA Flag": pl.Series(np.where(crimes.domestic[part], "Y", "N")),
        "Property": only(
            pick(chance, phrases.of("property"), count), np.isin(kind, [3, 4, 5, 6, 7]) & luck(chance, count, 0.8)
        ),
        "OIC": mention.officer(world, chance, count),
    }, {}


def methods(chance: np.random.Generator, kind: Ints, series: Ints) -> pl.Series:
    """The method in words; the burglaries of a series are told alike, though never with quite the same words."""
    count = len(kind)
    told = np.full(count, "", dtype=object)
    for number, (title, *_) in enumerate(KINDS):
        where = np.flatnonzero(kind == number)
        if number == BURGLARY:
            told[where] = burglaries(chance, series[where])
        else:
            known = phrases.method(title)
            told[where] = known[chance.integers(0, len(known), len(where))]
    after = pick(chance, [None] * 4 + [f" {each}" for each in phrases.of("after")], count).fill_null("")
    found = "Suspect(s) " + pl.Series(told.tolist(), dtype=pl.String) + "." + after
    found = mess.alter(chance, found, luck(chance, count, 0.01), mess.two_lines)
    return mess.alter(chance, found, luck(chance, count, 0.05), mess.typo)


def burglaries(chance: np.random.Generator, series: Ints) -> Words:
    """Entry, search and exit of each burglary; what a series has in common is told otherwise once in eight times."""
    own = chance.integers(0, 1000, (3, len(series)))
    common = (series >= 0) & (chance.random((3, len(series))) < COMMON)
    style = np.where(common, series * np.array([[7], [11], [3]]) + 1, own)
    parts = [np.array(phrases.of(part), dtype=object) for part in ("entry", "search", "exit")]
    told = [lines[at % len(lines)] for lines, at in zip(parts, style, strict=True)]
    words: Words = told[0] + ", " + told[1] + ", " + told[2]
    return words


def whom(world: World, chance: np.random.Generator, victim: Ints, at: Ints) -> Part:
    """The victim's columns."""
    written = mention.write(world, chance, victim, 1.0, plain=0.6)
    count = len(victim)
    present = victim >= 0
    safe = np.where(present, victim, 0)
    number = np.where(present & luck(chance, count, 0.62), world.phones.at(safe, at), -1)
    home = np.where(present & luck(chance, count, 0.9), world.address(safe, at), -1)
    line, code = mention.address(world, chance, home)
    said, _ = mention.ethnicity(world, chance, victim, 0.25)
    dates = either(luck(chance, count, 0.01), written.born("excel"), written.born())
    email = mention.email(world, safe)
    return {
        "Victim Forename": written.given,
        "Victim Middle Name": written.middle,
        "Victim Surname": written.surname,
        "Victim DOB": dates,
        "Victim Sex": written.sex,
        "Victim Ethnicity": said,
        "Victim Phone": mess.alter(
            chance, mention.phone(world, chance, number), luck(chance, count, 0.01), mess.digits
        ),
        "Victim Email": only(email, present & luck(chance, count, 0.3)),
        "Victim Address": line,
        "Victim Postcode": code,
    }, {("Person", "victim"): victim, ("Phone", "victim_phone"): number, ("Location", "victim_home"): home}


def suspects(world: World, chance: np.random.Generator, suspect: Ints, second: Ints, at: Ints) -> Part:
    """The columns of up to two suspects."""
    one, other = mention.write(world, chance, suspect, 1.4), mention.write(world, chance, second, 1.6)
    count = len(suspect)
    named = suspect >= 0
    home = np.where(named & luck(chance, count, 0.45), world.address(np.where(named, suspect, 0), at), -1)
    line, code = mention.address(world, chance, home)
    nickname = mess.alter(
        chance, world.people.given.gather(np.where(named, suspect, 0)), np.ones(count, bool), mess.nickname
    )
    look = pick(chance, phrases.of("looks"), count) + ", " + pick(chance, phrases.of("looks"), count)
    return {
        "Suspect Forename": one.given,
        "Suspect Surname": one.surname,
        "Suspect DOB": only(one.born(), named & luck(chance, count, 0.75)),
        "Suspect Sex": one.sex,
        "Suspect Alias": only(nickname, named & luck(chance, count, 0.12)),
        "Suspect Description": only(look, luck(chance, count, np.where(named, 0.5, 0.25))),
        "Suspect Address": line,
        "Suspect Postcode": code,
        "Suspect 2 Forename": other.given,
        "Suspect 2 Surname": other.surname,
        "Suspect 2 DOB": only(other.born(), luck(chance, count, 0.6)),
    }, {("Person", "suspect"): suspect, ("Person", "suspect_2"): second, ("Location", "suspect_home"): home}


def vehicles(world: World, chance: np.random.Generator, vehicle: Ints, kind: Ints) -> Part:
    """The vehicle that was stolen or damaged."""
    present = vehicle >= 0
    safe = np.where(present, vehicle, 0)
    return {
        "Vehicle Reg": mess.alter(
            chance, mention.mark(world, chance, vehicle), luck(chance, len(vehicle), 0.02), mess.misread
        ),
        "Vehicle Make": only(pl.Series([make[0] for make in MAKES]).gather(world.vehicles.model[safe]), present),
        "Vehicle Colour": only(pl.Series(COLOURS).gather(world.vehicles.colour[safe]), present),
        "Vehicle Role": only(pl.Series(np.where(kind == 8, "stolen", "damaged")), present),
    }, {("Vehicle", "vehicle"): vehicle}
