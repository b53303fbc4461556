"""The crime recording system: CSV, one row per crime, with victim, suspects, method and place."""

import numpy as np
import polars as pl

from bluelamp.demo import mention, mess
from bluelamp.demo.batch import Batch, pick
from bluelamp.demo.belongings import COLOURS, MAKES
from bluelamp.demo.events import BURGLARY, KINDS, Crimes
from bluelamp.demo.people import only
from bluelamp.demo.places import PREMISES
from bluelamp.demo.plan import DAY, Ints, Period
from bluelamp.demo.world import World

#: how a burglar gets in, what he or she looks for, how leaves; a series keeps its three
_ENTRY = (
    "forced rear patio door with a screwdriver", "broke the glass of the side door", "snapped the cylinder of the front door lock",
    "reached through an insecure ground floor window", "climbed on the shed roof to a first floor window",
    "kicked in the lower panel of the back door", "used a brick on the kitchen window", "bored the frame of the rear window",
)  # fmt: skip
_SEARCH = (
    "untidy search of all bedrooms", "tidy search of the main bedroom only", "took keys from the hall and left with the car",
    "searched the kitchen and the living room", "emptied drawers on to beds", "went for gold jewellery and cash only",
)  # fmt: skip
_EXIT = ("left by the front door", "left the way they came", "fled over the rear gardens", "made off towards the station", "disturbed and ran")
_METHOD: dict[str, tuple[str, ...]] = {
    "Violence": ("punched victim to the face after words were exchanged", "pushed victim against a wall and kicked legs", "threw a bottle that hit the arm", "grabbed by the throat during an argument"),
    "Harassment": ("repeated calls and messages after being asked to stop", "waited outside the home on three evenings", "sent threats by message"),
    "Burglary - business": ("forced shutter and took cigarettes and cash tray", "smashed front glass with a drain cover", "hid until closing and left by fire exit"),
    "Robbery": ("two males on an e-bike snatched the phone and threatened with a knife", "surrounded victim and demanded phone and PIN", "pulled the bag from the shoulder, victim fell"),
    "Theft from the person": ("phone taken from the hand while texting", "purse dipped from handbag on crowded platform", "distracted victim by asking the way"),
    "Theft from motor": ("smashed quarter light and took bag", "tools taken from van, side door peeled", "catalytic converter cut off", "number plates removed"),
    "Theft of motor": ("keyless relay theft from driveway", "keys taken by hook through letter box", "scooter lifted into a van"),
    "Shoplifting": ("filled a bag with meat and cheese and left without paying", "took spirits, security tags cut", "perfume concealed in a pram"),
    "Criminal": ("scratched paint along the near side", "graffiti tag on shutter", "threw stone through window"),
    "Possession": ("stopped by officers, item found in the waistband", "found after a search under section 23", "dropped when officers approached"),
    "Public": ("shouting and swearing at passers-by, intoxicated", "threatened bus driver", "racially abusive words shouted from a car"),
    "Sexual": ("reported to specialist officers, details restricted",),
}  # fmt: skip
_EXTRA = ("", "", "", " CCTV requested.", " No witnesses.", " Neighbour heard noise.", " Suspect wore dark hooded top.", " Gloves worn.", " House to house done.")
_PROPERTY = ("Mobile phone", "Laptop", "Gold jewellery", "Cash", "Bicycle", "Power tools", "Handbag", "Passport", "Watch", "Games console")
_LOOKS = ("slim build", "heavy build", "tall", "short", "beard", "shaven head", "braids", "tattoo on neck", "scar on left cheek", "gold tooth", "limp")
_OUTCOMES = ((None, None), ("Charged", "1"), ("Caution", "3"), ("Community resolution", "8"), ("No suspect identified", "18"), ("Victim does not support", "16"), ("Evidential difficulties", "15"))  # fmt: skip


def rows(world: World, period: Period, chance: np.random.Generator) -> Batch:
    """The crimes reported in the period."""
    part = world.crimes.within(period.start, period.end)
    crimes = world.crimes
    kind, reported, place = crimes.kind[part], crimes.reported[part], crimes.place[part]
    victim = np.where(chance.random(len(kind)) < 0.02, -1, crimes.victim[part])
    suspect = np.where(crimes.named[part], crimes.offender[part], -1)
    second = np.where(crimes.named_second[part], crimes.second[part], -1)
    frame, truth = what(world, chance, crimes, part)
    for more, told in (
        whom(world, chance, victim, reported), suspects(world, chance, suspect, second, reported), vehicles(world, chance, crimes.vehicle[part], kind),
    ):  # fmt: skip
        frame |= more
        truth |= told
    return Batch(pl.DataFrame(frame), {**truth, ("Location", "place"): place})


def what(world: World, chance: np.random.Generator, crimes: Crimes, part: slice) -> tuple[dict[str, pl.Series], dict[tuple[str, str], Ints]]:
    """The crime itself."""
    kind, reported, place = crimes.kind[part], crimes.reported[part], crimes.place[part]
    count = len(kind)
    line, code = mention.address(world, chance, place)
    outcome = np.where(crimes.named[part], chance.choice([0, 1, 2, 3, 5, 6], count), chance.choice([0, 4], count, p=[0.2, 0.8]))
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
        "Business": only(world.places.business.gather(place), chance.random(count) < 0.9),
        "Address": line,
        "Postcode": code,
        "Latitude": only(pl.Series(world.places.lat[place]).cast(pl.String), chance.random(count) < 0.97),
        "Longitude": pl.Series(world.places.lon[place]).cast(pl.String),
        "MO": methods(chance, kind, crimes.series[part]),
        "Hate Crime": pick(chance, ["N", "Y"], count, [0.97, 0.03]),
        "DA Flag": pl.Series(np.where(crimes.domestic[part], "Y", "N")),
        "Property": only(pick(chance, _PROPERTY, count), np.isin(kind, [3, 4, 5, 6, 7]) & (chance.random(count) < 0.8)),
        "OIC": pl.Series(1000 + chance.integers(0, max(world.plan.count("staff") // 3, 50), count)).cast(pl.String) + "NG",
    }, {}


def methods(chance: np.random.Generator, kind: Ints, series: Ints) -> pl.Series:
    """The method in words; the burglaries of a series are told alike, though never with quite the same words."""
    count = len(kind)
    text = np.full(count, "", dtype=object)
    for number, (title, *_) in enumerate(KINDS):
        where = np.flatnonzero(kind == number)
        found = next((lines for start, lines in _METHOD.items() if title.startswith(start)), ("no details",))
        text[where] = np.array(found, dtype=object)[chance.integers(0, len(found), len(where))]
    own = chance.integers(0, 1000, (3, count))
    style = np.where(series >= 0, series * np.array([[7], [11], [3]]) + 1, own)
    slip = chance.random((3, count)) < 0.12
    style = np.where(slip, own, style)
    parts = [np.array(lines, dtype=object)[style[at] % len(lines)] for at, lines in enumerate((_ENTRY, _SEARCH, _EXIT))]
    burglary = kind == BURGLARY
    text = np.where(burglary, "Suspect(s) " + parts[0] + ", " + parts[1] + ", " + parts[2] + ".", "Suspect(s) " + text + ".")
    found = pl.Series(text.tolist(), dtype=pl.String) + pick(chance, _EXTRA, count)
    found = mess.alter(chance, found, chance.random(count) < 0.01, lambda value, one, other: f'{value}\nVictim says: "never seen before".')
    return mess.alter(chance, found, chance.random(count) < 0.05, mess.typo)


def whom(world: World, chance: np.random.Generator, victim: Ints, at: Ints) -> tuple[dict[str, pl.Series], dict[tuple[str, str], Ints]]:
    """The victim's columns."""
    written = mention.write(world, chance, victim, 1.0, plain=0.6)
    count = len(victim)
    present = victim >= 0
    safe = np.where(present, victim, 0)
    number = np.where(present & (chance.random(count) < 0.62), world.phones.at(safe, at), -1)
    home = np.where(present & (chance.random(count) < 0.9), world.address(safe, at), -1)
    line, code = mention.address(world, chance, home)
    said, _ = mention.ethnicity(world, chance, victim, 0.25)
    lost = pl.Series(chance.random(count) < 0.01)
    dates = pl.select(pl.when(lost).then(written.born("excel")).otherwise(written.born())).to_series()
    email = mess.plain(world.people.given.gather(safe)).str.to_lowercase().str.replace_all("[^a-z]", "") + "." + mess.plain(
        world.people.surname.gather(safe)
    ).str.to_lowercase().str.replace_all("[^a-z]", "") + pl.Series(safe).cast(pl.String) + "@example.com"  # fmt: skip
    return {
        "Victim Forename": written.given,
        "Victim Middle Name": written.middle,
        "Victim Surname": written.surname,
        "Victim DOB": dates,
        "Victim Sex": written.sex,
        "Victim Ethnicity": said,
        "Victim Phone": mess.alter(chance, mention.phone(world, chance, number), chance.random(count) < 0.01, mess.digits),
        "Victim Email": only(email, present & (chance.random(count) < 0.3)),
        "Victim Address": line,
        "Victim Postcode": code,
    }, {("Person", "victim"): victim, ("Phone", "victim_phone"): number, ("Location", "victim_home"): home}


def suspects(
    world: World, chance: np.random.Generator, suspect: Ints, second: Ints, at: Ints
) -> tuple[dict[str, pl.Series], dict[tuple[str, str], Ints]]:
    """The columns of up to two suspects."""
    one, other = mention.write(world, chance, suspect, 1.4), mention.write(world, chance, second, 1.6)
    count = len(suspect)
    named = suspect >= 0
    home = np.where(named & (chance.random(count) < 0.45), world.address(np.where(named, suspect, 0), at), -1)
    line, code = mention.address(world, chance, home)
    nickname = mess.alter(chance, world.people.given.gather(np.where(named, suspect, 0)), np.ones(count, bool), mess.nickname)
    look = pick(chance, _LOOKS, count) + ", " + pick(chance, _LOOKS, count)
    return {
        "Suspect Forename": one.given,
        "Suspect Surname": one.surname,
        "Suspect DOB": only(one.born(), named & (chance.random(count) < 0.75)),
        "Suspect Sex": one.sex,
        "Suspect Alias": only(nickname, named & (chance.random(count) < 0.12)),
        "Suspect Description": only(look, chance.random(count) < np.where(named, 0.5, 0.25)),
        "Suspect Address": line,
        "Suspect Postcode": code,
        "Suspect 2 Forename": other.given,
        "Suspect 2 Surname": other.surname,
        "Suspect 2 DOB": only(other.born(), chance.random(count) < 0.6),
    }, {("Person", "suspect"): suspect, ("Person", "suspect_2"): second, ("Location", "suspect_home"): home}


def vehicles(world: World, chance: np.random.Generator, vehicle: Ints, kind: Ints) -> tuple[dict[str, pl.Series], dict[tuple[str, str], Ints]]:
    """The vehicle that was stolen or damaged."""
    present = vehicle >= 0
    safe = np.where(present, vehicle, 0)
    return {
        "Vehicle Reg": mess.alter(chance, mention.mark(world, chance, vehicle), chance.random(len(vehicle)) < 0.02, mess.misread),
        "Vehicle Make": only(pl.Series([make[0] for make in MAKES]).gather(world.vehicles.model[safe]), present),
        "Vehicle Colour": only(pl.Series(COLOURS).gather(world.vehicles.colour[safe]), present),
        "Vehicle Role": only(pl.Series(np.where(kind == 8, "stolen", "damaged")), present),
    }, {("Vehicle", "vehicle"): vehicle}
