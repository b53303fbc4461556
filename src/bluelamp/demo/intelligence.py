"""Intelligence reports, graded 3x5x2: JSON Lines, one item of information each, each with its own marking."""

import numpy as np
import polars as pl

from bluelamp.demo import mention, mess, phrases
from bluelamp.demo.batch import Batch
from bluelamp.demo.columns import only, pick
from bluelamp.demo.events import companion, moments, weighted
from bluelamp.demo.identifiers import padded
from bluelamp.demo.plan import Period, luck
from bluelamp.demo.world import World

_GRADES = (
    ("1AP", 0.12),
    ("2AP", 0.1),
    ("2BP", 0.14),
    ("2CP", 0.16),
    ("2DP", 0.2),
    ("1BP", 0.08),
    ("2DC", 0.1),
    ("1AC", 0.05),
    ("3DP", 0.04),
    ("2EP", 0.01),
)


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """The reports submitted in the period."""
    share = period.days * 86_400 / (world.plan.end - world.plan.start)
    count = round(world.plan.count("intelligence") * share)
    at = moments(chance, period.start, period.end, count)
    person = weighted(chance, world.people.offends, count)
    unseen = np.flatnonzero(world.people.secret)
    person[chance.choice(count, min(count, 1 + count // 400), replace=False)] = chance.choice(
        unseen, min(count, 1 + count // 400)
    )
    secret = luck(chance, count, 0.3) | world.people.secret[person]
    mate = companion(chance, world.group, person)
    vehicle = np.where(luck(chance, count, 0.35), world.vehicles.of[person], -1)
    number = np.where(luck(chance, count, 0.3), world.phones.at(person, at), -1)
    place = np.where(luck(chance, count, 0.7), world.address(person, at), -1)
    written, other = mention.write(world, chance, person, 1.5), mention.write(world, chance, mate, 1.7)
    line, code = mention.address(world, chance, place)
    plate = mess.alter(chance, mention.mark(world, chance, vehicle), luck(chance, count, 0.04), mess.misread)
    plate = mess.alter(chance, plate, luck(chance, count, 0.05), mess.half_mark)
    phone = mention.phone(world, chance, number)
    grade = pick(chance, [grade for grade, _ in _GRADES], count, [part for _, part in _GRADES])
    born = only(written.born(), luck(chance, count, 0.55))
    frame = {
        "urn": f"NGI-{period.name[2:4]}{period.name[5:7]}-" + padded(np.arange(1, count + 1), 6),
        "title": pick(chance, phrases.of("intelligence"), count),
        "event_date": mention.moment(at - chance.integers(0, 6, count) * 86_400, "%Y-%m-%d"),
        "reported": mention.moment(at, "%Y-%m-%dT%H:%M:%S"),
        "grade": grade,
        "marking": pl.Series(np.where(secret, "OFFICIAL-SENSITIVE", "OFFICIAL")),
        "conditions": only(pick(chance, phrases.of("condition"), count), grade.str.ends_with("C").to_numpy()),
        "rationale": only(
            pick(chance, ["Source has motive to mislead.", "Contradicted by CCTV."], count),
            grade.str.contains("3|E").to_numpy(),
        ),
        "text": body(chance, written, other, line, plate, phone),
        "subject_forename": written.given,
        "subject_surname": written.surname,
        "subject_dob": born,
        "subject_alias": only(
            mess.alter(chance, written.given, np.ones(count, bool), mess.nickname),
            world.nicknamed[person] & luck(chance, count, 0.3),
        ),
        "subject_sex": written.sex,
        "associate_forename": other.given,
        "associate_surname": other.surname,
        "vrm": plate,
        "phone": phone,
        "address": line,
        "postcode": code,
    }
    truth = {
        ("Person", "subject"): person,
        ("Person", "associate"): mate,
        ("Vehicle", "vehicle"): vehicle,
        ("Phone", "phone"): number,
        ("Location", "address"): place,
    }
    return Batch(pl.DataFrame(frame), truth)


def body(
    chance: np.random.Generator,
    who: mention.Mention,
    mate: mention.Mention,
    line: pl.Series,
    plate: pl.Series,
    phone: pl.Series,
) -> pl.Series:
    """The text: people, vehicles, phones and places by name, as officers write."""
    count = len(line)
    name = who.given.fill_null("a male") + " " + who.surname.fill_null("")
    friend = mate.given.fill_null("") + " " + mate.surname.fill_null("")
    text = (
        "Information is that "
        + name
        + " "
        + pick(chance, phrases.of("claim"), count)
        + " "
        + line.fill_null("an unknown address")
        + "."
    )
    text += (" Uses a vehicle with index " + plate + ".").fill_null("")
    text += (" Can be reached on " + phone + ".").fill_null("")
    with_friend = only(" Often seen with " + friend.str.strip_chars() + ".", mate.person >= 0).fill_null("")
    return (
        text
        + with_friend
        + pick(
            chance,
            ["", "", " Believed to be in debt to others.", " Seen mostly after 22:00.", " Wears a grey tracksuit."],
            count,
        )
    )
