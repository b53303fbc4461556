"""Stop and search: CSV with the columns that are published, and those that are not."""

import numpy as np
import polars as pl

from bluelamp.demo import mention, mess, phrases
from bluelamp.demo.batch import Batch
from bluelamp.demo.columns import only, pick
from bluelamp.demo.events import hot, moments, weighted
from bluelamp.demo.identifiers import padded
from bluelamp.demo.plan import Period, luck
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


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """The stops of the period; those stopped need not say who they are, and many do not."""
    share = period.days * 86_400 / (world.plan.end - world.plan.start)
    count = round(world.plan.count("stops") * share)
    at = moments(chance, period.start, period.end, count)
    weight = (
        world.people.offends
        + 0.02 * (world.people.age(world.plan.end) > 12) * ~world.people.female * ~world.people.secret
    )
    person = weighted(chance, weight, count)
    place = hot(chance, world.places, count)
    named = luck(chance, count, 0.62)
    written = mention.write(world, chance, np.where(named, person, -1), 1.6)
    said, seen = mention.ethnicity(world, chance, person, 0.04)
    kind = chance.choice(3, count, p=[0.75, 0.07, 0.18])
    vehicle = np.where(kind > 0, world.vehicles.of[person], -1)
    age = (at // 86_400 - world.people.born[person]) // 365
    bands = np.array(["under 10", "10-17", "18-24", "25-34", "over 34"])[
        np.searchsorted([10, 18, 25, 35], age, side="right")
    ]
    object_ = chance.choice(len(phrases.of("searched for")), count, p=[0.58, 0.18, 0.1, 0.08, 0.05, 0.01])
    outcome = chance.choice(len(phrases.of("stop outcome")), count, p=[0.7, 0.14, 0.08, 0.03, 0.04, 0.01])
    name = written.surname.str.to_uppercase() + ", " + written.given.fill_null("")
    home = np.where(named & luck(chance, count, 0.5), world.address(person, at), -1)
    line, code = mention.address(world, chance, home, 1.4)
    snapped = [pl.Series(np.round(part[place], 3)).cast(pl.String) for part in (world.places.lat, world.places.lon)]
    frame = {
        "Reference": pl.repeat(f"SS{period.name[2:4]}{period.name[5:7]}", count, eager=True)
        + padded(np.arange(1, count + 1), 6),
        "Type": pl.Series(["Person search", "Vehicle search", "Person and Vehicle search"]).gather(kind),
        "Date": mention.moment(at, "%Y-%m-%dT%H:%M:%S+00:00"),
        "Part of a policing operation": pick(chance, ["False", "True"], count, [0.9, 0.1]),
        "Policing operation": pick(chance, [None, "Op Lantern", "Op Sable"], count, [0.92, 0.05, 0.03]),
        "Latitude": only(snapped[0], luck(chance, count, 0.96)),
        "Longitude": snapped[1],
        "Gender": pl.Series(np.where(world.people.female[person], "Female", "Male")),
        "Age range": only(pl.Series(bands), luck(chance, count, 0.94)),
        "Self-defined ethnicity": said.replace_strict(list(_PUBLISHED), list(_PUBLISHED.values()), default=None),
        "Officer-defined ethnicity": seen.replace_strict(list(_SEEN), list(_SEEN.values()), default=None),
        "Legislation": pick(
            chance,
            [
                "Misuse of Drugs Act 1971 (section 23)",
                "Police and Criminal Evidence Act 1984 (section 1)",
                "Criminal Justice and Public Order Act 1994 (section 60)",
            ],
            count,
            [6, 3.5, 0.5],
        ),
        "Object of search": pl.Series(phrases.of("searched for")).gather(object_),
        "Outcome": pl.Series(phrases.of("stop outcome")).gather(outcome),
        "Outcome linked to object of search": pl.Series(
            np.where(outcome == 0, "False", np.where(luck(chance, count, 0.7), "True", "False"))
        ),
        "Removal of more than just outer clothing": pick(chance, ["False", "True", None], count, [0.9, 0.05, 0.05]),
        "Name": only(name, written.surname.is_not_null().to_numpy()),
        "DOB": written.born("iso"),
        "Address": line,
        "Postcode": code,
        "Vehicle Reg": mess.alter(
            chance, mention.mark(world, chance, vehicle), luck(chance, count, 0.02), mess.misread
        ),
        "Grounds": pick(chance, phrases.of("grounds"), count),
        "Officer": pl.Series(1000 + chance.integers(0, max(world.plan.count("staff") // 3, 50), count)).cast(pl.String)
        + "NG",
    }
    truth = {
        ("Person", "searched"): np.where(named, person, -1),
        ("Location", "place"): place,
        ("Location", "home"): home,
        ("Vehicle", "vehicle"): vehicle,
    }
    return Batch(pl.DataFrame(frame), truth)
