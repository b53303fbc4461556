"""Stop and search: CSV with the columns that are published, and those that are not."""

import numpy as np
import polars as pl

from bluelamp.demo import mention, mess, phrases
from bluelamp.demo.batch import Batch, Part
from bluelamp.demo.columns import only, pick
from bluelamp.demo.events import hot, moments, weighted
from bluelamp.demo.identifiers import padded
from bluelamp.demo.plan import DAY, Ints, Period, luck
from bluelamp.demo.world import World

_PUBLISHED = {
    "W1": "White - English/Welsh/Scottish/Northern Irish/British",
    "W2": "White - Irish",
    "W9": "White - Any other White background",
    "M1": "Mixed/Multiple ethnic groups - White and Black Caribbean",
    "M2": "Mixed/Multiple ethnic groups - White and Black African",
    "M3": "Mixed/Multiple ethnic groups - White and Asian",
    "M9": "Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background",
    "A1": "Asian/Asian British - Indian",
    "A2": "Asian/Asian British - Pakistani",
    "A3": "Asian/Asian British - Bangladeshi",
    "A4": "Asian/Asian British - Chinese",
    "A9": "Asian/Asian British - Any other Asian background",
    "B1": "Black/African/Caribbean/Black British - Caribbean",
    "B2": "Black/African/Caribbean/Black British - African",
    "B9": "Black/African/Caribbean/Black British - Any other Black/African/Caribbean background",
    "O2": "Other ethnic group - Arab",
    "O9": "Other ethnic group - Any other ethnic group",
    "NS": "Other ethnic group - Not stated",
}
_SEEN = {"IC1": "White", "IC2": "White", "IC3": "Black", "IC4": "Asian", "IC5": "Asian", "IC6": "Other", "IC9": None}

_TYPES = ("Person search", "Vehicle search", "Person and Vehicle search")
_BANDS = ("under 10", "10-17", "18-24", "25-34", "over 34")
_POWERS = (
    "Misuse of Drugs Act 1971 (section 23)",
    "Police and Criminal Evidence Act 1984 (section 1)",
    "Criminal Justice and Public Order Act 1994 (section 60)",
)


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """The stops of the period; those stopped need not say who they are, and many do not."""
    people = world.people
    share = period.days * DAY / (world.plan.end - world.plan.start)
    count = round(world.plan.count("stops") * share)
    at = moments(chance, period.start, period.end, count)
    often = 0.02 * (people.age(world.plan.end) > 12) * ~people.female * ~people.secret
    person, place = weighted(chance, people.offends + often, count), hot(chance, world.places, count)
    number = padded(np.arange(1, count + 1), 6)
    frame, truth = published(world, chance, person, place, at)
    more, told = withheld(world, chance, person, at, frame["Type"])
    frame = {"Reference": f"SS{period.name[2:4]}{period.name[5:7]}" + number, **frame, **more}
    return Batch(pl.DataFrame(frame), {**truth, **told})


def published(world: World, chance: np.random.Generator, person: Ints, place: Ints, at: Ints) -> Part:
    """The columns that everybody may see, with the point moved."""
    count = len(person)
    said, seen = mention.ethnicity(world, chance, person, 0.04)
    lat, lon = (pl.Series(np.round(part[place], 3)).cast(pl.String) for part in (world.places.lat, world.places.lon))
    age = (at // DAY - world.people.born[person]) // 365
    band = pl.Series(_BANDS).gather(np.searchsorted([10, 18, 25, 35], age, side="right"))
    outcome = chance.choice(len(phrases.of("stop outcome")), count, p=[0.7, 0.14, 0.08, 0.03, 0.04, 0.01])
    linked = np.where((outcome > 0) & luck(chance, count, 0.7), "True", "False")
    return {
        "Type": pick(chance, _TYPES, count, [0.75, 0.07, 0.18]),
        "Date": mention.moment(at, "%Y-%m-%dT%H:%M:%S+00:00"),
        "Part of a policing operation": pick(chance, ["False", "True"], count, [0.9, 0.1]),
        "Policing operation": pick(chance, [None, "Op Lantern", "Op Sable"], count, [0.92, 0.05, 0.03]),
        "Latitude": only(lat, luck(chance, count, 0.96)),
        "Longitude": lon,
        "Gender": pl.Series(np.where(world.people.female[person], "Female", "Male")),
        "Age range": only(band, luck(chance, count, 0.94)),
        "Self-defined ethnicity": said.replace_strict(list(_PUBLISHED), list(_PUBLISHED.values()), default=None),
        "Officer-defined ethnicity": seen.replace_strict(list(_SEEN), list(_SEEN.values()), default=None),
        "Legislation": pick(chance, _POWERS, count, [6, 3.5, 0.5]),
        "Object of search": pick(chance, phrases.of("searched for"), count, [0.58, 0.18, 0.1, 0.08, 0.05, 0.01]),
        "Outcome": pl.Series(phrases.of("stop outcome")).gather(outcome),
        "Outcome linked to object of search": pl.Series(linked),
        "Removal of more than just outer clothing": pick(chance, ["False", "True", None], count, [0.9, 0.05, 0.05]),
    }, {("Location", "place"): place}


def withheld(world: World, chance: np.random.Generator, person: Ints, at: Ints, kind: pl.Series) -> Part:
    """The columns that stay inside: who it was, where they live, what they drove, and why they were stopped."""
    count = len(person)
    searched = np.where(luck(chance, count, 0.62), person, -1)
    written = mention.write(world, chance, searched, 1.6)
    name = written.surname.str.to_uppercase() + ", " + written.given.fill_null("")
    home = np.where((searched >= 0) & luck(chance, count, 0.5), world.address(person, at), -1)
    line, code = mention.address(world, chance, home, 1.4)
    vehicle = np.where((kind != _TYPES[0]).to_numpy(), world.vehicles.of[person], -1)
    plate = mess.alter(chance, mention.mark(world, chance, vehicle), luck(chance, count, 0.02), mess.misread)
    return {
        "Name": only(name, written.surname.is_not_null().to_numpy()),
        "DOB": written.born("iso"),
        "Address": line,
        "Postcode": code,
        "Vehicle Reg": plate,
        "Grounds": pick(chance, phrases.of("grounds"), count),
        "Officer": mention.officer(world, chance, count),
    }, {("Person", "searched"): searched, ("Location", "home"): home, ("Vehicle", "vehicle"): vehicle}
