"""Officers and staff: the personnel extract, for professional standards only; later lines replace earlier ones."""

import numpy as np
import polars as pl

from bluelamp.demo import mention
from bluelamp.demo.batch import Batch
from bluelamp.demo.columns import only, pick
from bluelamp.demo.identifiers import padded
from bluelamp.demo.plan import DAY, Period, luck
from bluelamp.demo.world import World

_RANKS = ("Constable", "Sergeant", "Inspector", "Chief Inspector", "Police staff", "PCSO", "Detective Constable")
_UNITS = (
    "Response",
    "Neighbourhoods",
    "CID",
    "Custody",
    "Intelligence",
    "Traffic",
    "Contact centre",
    "Public protection",
)


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """All staff in the first delivery; later ones bring who changed."""
    fixed = world.plan.chance("staff")
    first = period.start <= world.plan.start
    periods = len(world.plan.periods("staff"))
    count = world.plan.count("staff") * 4 // 5
    age = world.people.age(world.plan.start)
    able = np.flatnonzero((age >= 21) & (age <= 58) & ~world.people.secret)
    person = fixed.choice(able, count, replace=False)
    joined = world.plan.start - fixed.integers(100, 9000, count) * DAY
    wanted = count if first else world.plan.count("staff") // 5 // max(periods - 1, 1)
    index = np.arange(count) if first else np.sort(chance.choice(count, wanted, replace=False))
    written = mention.write(world, chance, person[index], 0.15, plain=0.5)
    home = world.address(person[index], period.end - 1)
    line, code = mention.address(world, chance, home, 0.2)
    frame = {
        "Warrant No": padded(index + 120_000, 6),
        "Collar No": pl.Series(1000 + index).cast(pl.String) + "NG",
        "Forename": written.given,
        "Surname": written.surname,
        "DOB": written.born(),
        "Sex": written.sex,
        "Rank": pick(chance, _RANKS, wanted, [0.45, 0.12, 0.05, 0.02, 0.18, 0.05, 0.13]),
        "Unit": pick(chance, _UNITS, wanted),
        "Joined": mention.moment(joined[index], "%d/%m/%Y"),
        "Left": only(
            mention.moment(np.full(wanted, period.end - 5 * DAY), "%d/%m/%Y"),
            luck(chance, wanted, 0.02 if first else 0.3),
        ),
        "Email": mention.email(world, person[index]),
        "Address": line,
        "Postcode": code,
    }
    return Batch(pl.DataFrame(frame), {("Person", "officer"): person[index], ("Location", "home"): home})
