"""The custody system: Excel, one row per detention, with PNC ID and arrest/summons number."""

import numpy as np
import polars as pl

from bluelamp.demo import identifiers, mention, mess, phrases
from bluelamp.demo.batch import Batch, Part
from bluelamp.demo.columns import either, only, pick
from bluelamp.demo.events import KINDS, weighted
from bluelamp.demo.plan import Ints, Period, luck
from bluelamp.demo.world import World

_STATIONS = (("Northgate Central", "NG"), ("Saltmere", "SM"), ("Kingsbeck Road", "KB"), ("Ashwell", "AW"))
_WARNINGS = (None, "Violent", "Weapons", "Self harm", "Ailment: asthma", "Drugs", "Escaper")


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """The detentions that began in the period: most for a recorded crime, some for none."""
    crimes = world.crimes
    share = period.days * 86_400 / (world.plan.end - world.plan.start)
    wanted = round(world.plan.count("custody") * share)
    part = crimes.within(period.start, period.end)
    named = part.start + np.flatnonzero(crimes.named[part])
    crime = np.sort(chance.choice(named, min(int(wanted * 0.85), len(named)), replace=False))
    other = np.full(wanted - len(crime), -1)
    crime = np.concatenate([crime, other])
    person = np.where(crime >= 0, crimes.offender[crime], weighted(chance, world.people.offends, wanted))
    at = np.where(
        crime >= 0,
        crimes.reported[crime] + chance.integers(1800, 6 * 86_400, wanted),
        chance.integers(period.start, period.end, wanted),
    ).clip(period.start, period.end - 1)
    order = np.argsort(at, kind="stable")
    crime, person, at = crime[order], person[order], at[order]
    return build(world, chance, crime, person, at)


def build(world: World, chance: np.random.Generator, crime: Ints, person: Ints, at: Ints) -> Batch:
    """The rows of detentions of `person` at `at`."""
    count = len(person)
    frame, truth = detainees(world, chance, person, at)
    station = chance.choice(4, count, p=[0.45, 0.25, 0.2, 0.1])
    year = at.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    serial = at % 10_000_000_000 // 3 + np.arange(count)
    asn = identifiers.asn(year, pl.Series([code for _, code in _STATIONS]).gather(station), serial)
    asn = mess.alter(chance, asn, luck(chance, count, 0.006), mess.wrong_letter)
    kind = np.where(crime >= 0, world.crimes.kind[crime], chance.choice([0, 1, 11, 13], count))
    reference = only(world.crimes.reference.gather(np.where(crime >= 0, crime, 0)), crime >= 0)
    short = at + chance.integers(3, 24, count) * 3600
    frame = {
        "Custody No": pl.Series([code for _, code in _STATIONS]).gather(station)
        + "/"
        + identifiers.padded(at // 60 % 10**8 * 10 + np.arange(count) % 10, 9),
        **frame,
        "ASN": only(asn, luck(chance, count, 0.9)),
        "Detained": mention.moment(at),
        "Released": only(mention.moment(short), short < world.plan.end),
        "Station": pl.Series([name for name, _ in _STATIONS]).gather(station),
        "Offence": pl.Series([each[0] for each in KINDS]).gather(kind),
        "Offence Code": pl.Series([each[3] for each in KINDS]).gather(kind),
        "Crime Ref": mess.alter(chance, reference, luck(chance, count, 0.01), mess.digits),
        "Reason": pick(
            chance,
            ["Prompt and effective investigation", "Prevent disappearance", "Protect a vulnerable person"],
            count,
        ),
        "Disposal": pick(chance, phrases.of("disposal"), count),
        "Status": pick(chance, ["Arrested", "Voluntary"], count, [0.93, 0.07]),
        "Officer": mention.officer(world, chance, count),
        "Marking": pick(chance, ["OFFICIAL", "OFFICIAL-SENSITIVE"], count, [0.93, 0.07]),
    }
    return Batch(pl.DataFrame(frame), truth)


def detainees(world: World, chance: np.random.Generator, person: Ints, at: Ints) -> Part:
    """Who was detained, as they said and as the PNC knows them."""
    count = len(person)
    people = world.people
    written = mention.write(world, chance, person, 0.6)
    number = np.where(luck(chance, count, 0.6), world.phones.at(person, at), -1)
    home = np.where(luck(chance, count, 0.93), world.address(person, at), -1)
    line, code = mention.address(world, chance, home, 0.6)
    said, seen = mention.ethnicity(world, chance, person, 0.03)
    dates = either(luck(chance, count, 0.03), written.born("excel"), written.born())
    again = luck(chance, count, 0.04)
    nominal = person * 3 + 100_001 + np.where(again, 1, 0)
    return {
        "Nominal Ref": "N" + pl.Series(nominal).cast(pl.String),
        "PNC ID": pnc(world, chance, person),
        "CRO": only(
            mess.alter(chance, people.cro.gather(person), luck(chance, count, 0.005), mess.wrong_letter),
            luck(chance, count, 0.7),
        ),
        "Forename": written.given,
        "Middle Name": written.middle,
        "Surname": written.surname.str.to_uppercase(),
        "Maiden Name": only(people.former.gather(person), luck(chance, count, 0.4)),
        "Alias": only(
            mess.alter(chance, people.given.gather(person), np.ones(count, bool), mess.nickname),
            world.nicknamed[person] & luck(chance, count, 0.2),
        ),
        "DOB": dates,
        "Sex": written.sex,
        "Self Ethnicity": said,
        "Obs Ethnicity": seen,
        "Nationality": only(people.nationality.gather(person), luck(chance, count, 0.9)),
        "Occupation": only(people.occupation.gather(person), luck(chance, count, 0.7)),
        "NI Number": only(people.nino.gather(person), luck(chance, count, 0.35)),
        "Address": line,
        "Postcode": code,
        "Phone": mention.phone(world, chance, number),
        "Height": people.looks.gather(person).str.split("|").list.get(0),
        "Build": only(people.looks.gather(person).str.split("|").list.get(1), luck(chance, count, 0.85)),
        "Hair": pick(chance, ["Black", "Brown", "Fair", "Shaven", "Grey", None], count),
        "Warning": pick(chance, _WARNINGS, count, [8, 1, 0.5, 1, 1, 1, 0.2]),
    }, {("Person", "detainee"): person, ("Phone", "phone"): number, ("Location", "home"): home}


def pnc(world: World, chance: np.random.Generator, person: Ints) -> pl.Series:
    """PNC IDs: some blank, some short, a few with a wrong letter, one in 2,000 somebody else's."""
    count = len(person)
    found = world.people.pnc.gather(person)
    found = mess.alter(chance, found, luck(chance, count, 0.006), mess.wrong_letter)
    found = mess.alter(
        chance,
        found,
        luck(chance, count, 0.03),
        mess.short_pnc,
    )
    wrong = np.flatnonzero(luck(chance, count, 1 / 2000))
    wrong = np.union1d(wrong, [count // 2]) if count > 400 else wrong
    others = world.people.pnc.gather(other_holders(world, chance, person[wrong]))
    found = only(found, luck(chance, count, 0.94))
    return found.clone().scatter(wrong, others) if len(wrong) else found


def other_holders(world: World, chance: np.random.Generator, person: Ints) -> Ints:
    """For each person somebody else who has a PNC ID."""
    holders = np.flatnonzero(world.people.pnc.is_not_null().to_numpy())
    at = np.searchsorted(holders, person) + chance.integers(1, len(holders), len(person))
    found: Ints = holders[at % len(holders)]
    return found
