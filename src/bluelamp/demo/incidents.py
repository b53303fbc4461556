"""Command and control: semicolons and Windows-1252, one row per call for service."""

import numpy as np
import polars as pl

from bluelamp.demo import mention, phrases
from bluelamp.demo.batch import Batch
from bluelamp.demo.columns import only, pick
from bluelamp.demo.events import KINDS, hot, moments, weighted
from bluelamp.demo.identifiers import padded
from bluelamp.demo.plan import Period, luck
from bluelamp.demo.world import World

_TYPES = (
    ("Anti-social behaviour", "011"),
    ("Concern for safety", "062"),
    ("Domestic incident", "064"),
    ("Suspicious circumstances", "074"),
    ("Traffic collision", "020"),
    ("Noise nuisance", "012"),
    ("Missing person", "060"),
    ("Abandoned call", "091"),
)


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """The incidents of the period; half of the crimes began as one."""
    crimes = world.crimes
    share = period.days * 86_400 / (world.plan.end - world.plan.start)
    count = round(world.plan.count("incidents") * share)
    part = crimes.within(period.start, period.end)
    linked = np.sort(chance.permutation(np.arange(part.start, part.stop))[: int(count * 0.45)])
    crime = np.concatenate([linked, np.full(count - len(linked), -1)])
    at = np.concatenate(
        [
            crimes.reported[linked] - chance.integers(60, 3000, len(linked)),
            moments(chance, period.start, period.end, count - len(linked)),
        ]
    )
    order = np.argsort(at, kind="stable")
    crime, at = crime[order], at[order]
    place = np.where(crime >= 0, crimes.place[crime], hot(chance, world.places, count))
    caller = np.where(crime >= 0, crimes.victim[crime], weighted(chance, world.people.suffers, count))
    caller = np.where(luck(chance, count, 0.45), caller, -1)
    written = mention.write(world, chance, caller, 1.5, plain=0.9)
    safe = np.where(caller >= 0, caller, 0)
    number = np.where((caller >= 0) & luck(chance, count, 0.8), world.phones.at(safe, at), -1)
    kind = chance.choice(len(_TYPES), count, p=[0.3, 0.2, 0.12, 0.14, 0.08, 0.08, 0.03, 0.05])
    line, code = mention.address(world, chance, place, 1.6)
    title = only(pl.Series([each[0] for each in KINDS]).gather(crimes.kind[np.where(crime >= 0, crime, 0)]), crime >= 0)
    log = pick(chance, phrases.of("log"), count)
    name = written.given.fill_null("") + " " + written.surname.fill_null("")
    frame = {
        "Incident No": "CAD" + padded(np.arange(1, count + 1), 6) + "/" + mention.moment(at, "%d%m%y"),
        "Opened": mention.moment(at, "%d/%m/%Y %H:%M:%S"),
        "Type": title.fill_null(pl.Series([each[0] for each in _TYPES]).gather(kind)),
        "Opening Code": pl.Series([each[1] for each in _TYPES]).gather(kind),
        "Closing Code": pick(chance, ["001", "011", "062", "099", None], count),
        "Grade": pick(
            chance, ["I - Immediate", "S - Soon", "E - Extended", "R - Referred"], count, [0.2, 0.35, 0.3, 0.15]
        ),
        "Channel": pick(
            chance, ["999", "101", "Online", "Front counter", "Officer"], count, [0.45, 0.3, 0.15, 0.03, 0.07]
        ),
        "Caller Name": only(name.str.strip_chars(), caller >= 0),
        "Caller Phone": mention.phone(world, chance, number, (0.1, 0.7, 0.1, 0.05, 0.05)),
        "Location": line,
        "Postcode": code,
        "Lat": only(pl.Series(world.places.lat[place]).cast(pl.String), luck(chance, count, 0.9)),
        "Lon": pl.Series(world.places.lon[place]).cast(pl.String),
        "Log": log,
        "Result": pick(chance, phrases.of("result"), count),
        "Crime Ref": only(crimes.reference.gather(np.where(crime >= 0, crime, 0)), crime >= 0),
    }
    truth = {("Person", "caller"): caller, ("Phone", "caller_phone"): number, ("Location", "place"): place}
    return Batch(pl.DataFrame(frame), truth)
