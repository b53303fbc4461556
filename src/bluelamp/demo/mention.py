"""One source's writing of people: true values with that source's mistakes in them."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bluelamp.demo import mess
from bluelamp.demo.identifiers import padded
from bluelamp.demo.names import NUMBER
from bluelamp.demo.people import ETHNICITY, OBSERVED, only
from bluelamp.demo.plan import Bools, Ints
from bluelamp.demo.world import World

_FAMILY_FIRST = tuple(NUMBER[name] for name in ("chinese", "vietnamese", "somali", "muslim", "hindu"))
#: cultures in which a birth is often written as 1 January of its year
_NEW_YEAR = tuple(NUMBER[name] for name in ("somali", "arab", "muslim"))


@dataclass(frozen=True)
class Mention:
    """People as one source wrote them; null where it wrote nothing. `person` is the truth."""

    person: Ints
    given: pl.Series
    middle: pl.Series
    surname: pl.Series
    year: Ints
    month: Ints
    day: Ints
    sex: pl.Series

    def born(self, style: str = "dmy") -> pl.Series:
        """The birth date as `03/06/1990` (dmy), `1990-06-03` (iso) or days as Excel counts them (excel)."""
        if style == "excel":
            return only(serial(self.year, self.month, self.day), self.year > 0)
        year, month, day = padded(self.year, 4), padded(self.month, 2), padded(self.day, 2)
        text = year + "-" + month + "-" + day if style == "iso" else day + "/" + month + "/" + year
        return only(text, self.year > 0)

    def only(self, where: Bools) -> "Mention":
        """The same with all others left blank."""
        person = np.where(where, self.person, -1)
        text = {name: only(getattr(self, name), where) for name in ("given", "middle", "surname", "sex")}
        return replace(self, person=person, year=np.where(where, self.year, 0), **text)


def write(world: World, chance: np.random.Generator, person: Ints, dirt: float, plain: float = 0.85) -> Mention:
    """`person` (-1: nobody) as a source of this much dirt (1 is usual) has them; `plain`: how often accents are lost."""
    nobody = person < 0
    people = np.where(nobody, 0, person)
    culture = world.people.culture[people]
    size = len(people)

    def luck(share: float | np.ndarray) -> Bools:
        return chance.random(size) < share

    given = world.people.given.gather(people)
    middle = world.people.middle.gather(people)
    surname, former = world.people.surname.gather(people), world.people.former.gather(people)
    surname = pl.select(pl.when(pl.Series(luck(0.16 * dirt)) & former.is_not_null()).then(former).otherwise(surname)).to_series()
    given = mess.alter(chance, given, luck(0.13 * dirt) & world.spelt_given[people], mess.variant)
    surname = mess.alter(chance, surname, luck(0.10 * dirt) & world.spelt_surname[people], mess.variant)
    given = mess.alter(chance, given, luck(0.06 * dirt) & world.nicknamed[people], mess.nickname)
    foreign = np.where(culture < 2, 0.6, 1.7)
    given = mess.alter(chance, given, luck(0.014 * dirt * foreign), mess.typo)
    surname = mess.alter(chance, surname, luck(0.018 * dirt * foreign), mess.typo)
    given = mess.alter(chance, given, luck(0.008 * dirt), mess.initial)
    double = surname.str.contains("[ -]").fill_null(value=False).to_numpy()
    surname = mess.alter(chance, surname, luck(0.25) & double & ~luck(0.2), mess.shortened)
    middle = mess.alter(chance, only(middle, luck(0.55)), luck(0.25), mess.initial)
    turned = luck(np.where(np.isin(culture, _FAMILY_FIRST), 0.045, 0.007) * dirt)
    given, surname = switch(given, surname, turned)
    third = (culture == NUMBER["somali"]) & luck(0.2 * dirt) & middle.is_not_null().to_numpy()
    surname = pl.select(pl.when(pl.Series(third)).then(middle).otherwise(surname)).to_series()
    given, middle, surname = (accents(chance, each, plain) for each in (given, middle, surname))
    given = only(given, ~luck(0.008 * dirt))
    filler = luck(0.002 * dirt)
    surname = pl.select(pl.when(pl.Series(filler)).then(pl.lit("UNKNOWN")).otherwise(surname)).to_series()
    year, month, day = births(world, chance, people, culture, dirt)
    sex = pl.Series(np.where(world.people.female[people] ^ luck(0.003 * dirt), "F", "M"))
    sex = pl.select(pl.when(pl.Series(luck(0.01 * dirt))).then(pl.lit("U")).otherwise(sex)).to_series()
    made = Mention(person, given, middle, surname, year, month, day, sex)
    return made.only(~nobody) if nobody.any() else made


def births(world: World, chance: np.random.Generator, person: Ints, culture: Ints, dirt: float) -> tuple[Ints, Ints, Ints]:
    """Year, month and day as written: year 0 where blank, 1900-01-01 as a filler."""
    year, month, day = (part[person].copy() for part in world.birth)
    point = chance.random(len(person)) / dirt
    swap = (point < 0.012) & (day <= 12)
    month, day = np.where(swap, day, month), np.where(swap, month, day)
    slip = (point > 0.02) & (point < 0.032)
    step = chance.choice([-10, -1, 1, 10, 2], len(person))
    year = np.where(slip & (point < 0.026), year + step, year)
    day = np.where(slip & (point >= 0.026), (day + 2 * np.sign(step) - 1).clip(0, 27) + 1, day)
    first = (point > 0.04) & (point < 0.04 + np.where(np.isin(culture, _NEW_YEAR), 0.06, 0.002))
    month, day = np.where(first, 1, month), np.where(first, 1, day)
    filler = (point > 0.2) & (point < 0.205)
    year, month, day = np.where(filler, 1900, year), np.where(filler, 1, month), np.where(filler, 1, day)
    day = np.where((month == 2) & (day == 29) & (year % 4 != 0), 28, day)
    return np.where((point > 0.3) & (point < 0.33), 0, year), month, day


def serial(year: Ints, month: Ints, day: Ints) -> pl.Series:
    """Dates as the number of days that a spreadsheet shows when its format is lost."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return pl.Series(months + day - 1 + 25_569).cast(pl.String)


def switch(one: pl.Series, other: pl.Series, where: Bools) -> tuple[pl.Series, pl.Series]:
    """The two exchanged where asked."""
    mask = pl.Series(where)
    return tuple(  # type: ignore[return-value]  # two in, two out
        pl.select(pl.when(mask).then(second).otherwise(first)).to_series() for first, second in ((one, other), (other, one))
    )


def accents(chance: np.random.Generator, text: pl.Series, share: float) -> pl.Series:
    """Accents lost in most, broken in a few, kept in the rest."""
    marked = text.str.contains(r"[^\x00-\x7f]").fill_null(value=False).to_numpy()
    index = np.flatnonzero(marked)
    if not len(index):
        return text
    point = chance.random(len(text))
    lost = index[point[index] < share]
    text = text.clone().scatter(lost, mess.plain(text.gather(lost)))
    return mess.alter(chance, text, marked & (point > 0.985), mess.mojibake)


def ethnicity(world: World, chance: np.random.Generator, person: Ints, blank: float = 0.1) -> tuple[pl.Series, pl.Series]:
    """Self-defined and observed ethnicity codes as an officer took them down."""
    people = np.where(person < 0, 0, person)
    said = pl.Series(ETHNICITY).gather(world.people.ethnicity[people])
    unsaid = chance.random(len(person)) < 0.12
    said = pl.select(pl.when(pl.Series(unsaid)).then(pl.lit("NS")).otherwise(said)).to_series()
    seen = np.where(chance.random(len(person)) < 0.95, world.people.observed[people], chance.integers(0, 7, len(person)))
    present = (person >= 0) & (chance.random(len(person)) >= blank)
    return only(said, present), only(pl.Series(OBSERVED).gather(seen), present)


def phone(world: World, chance: np.random.Generator, number: Ints, styles: tuple[float, ...] = (0.55, 0.2, 0.15, 0.05, 0.05)) -> pl.Series:
    """Phones (-1: none) as written: 07700 900123, 07700900123, +447700900123, 00447700900123, 07700-900-123."""
    found = world.phones.number.gather(np.where(number < 0, 0, number))
    style = chance.choice(len(styles), len(number), p=styles)
    head, tail = found.str.slice(0, 4), found.str.slice(4)
    frame = pl.DataFrame({"found": found, "head": head, "a": tail.str.slice(0, 3), "b": tail.str.slice(3), "style": style})
    text = pl.when(pl.col("style") == 0).then(pl.format("0{} {}{}", "head", "a", "b"))
    text = text.when(pl.col("style") == 1).then(pl.format("0{}", "found")).when(pl.col("style") == 2).then(pl.format("+44{}", "found"))
    text = text.when(pl.col("style") == 3).then(pl.format("0044{}", "found")).otherwise(pl.format("0{}-{}-{}", "head", "a", "b"))
    return only(frame.select(text).to_series(), number >= 0)


def mark(world: World, chance: np.random.Generator, vehicle: Ints, spaced: float = 0.6) -> pl.Series:
    """Registration marks (-1: none) as written, with or without the space."""
    found = world.vehicles.vrm.gather(np.where(vehicle < 0, 0, vehicle))
    wide = found.str.slice(0, 4) + " " + found.str.slice(4)
    text = pl.select(pl.when(pl.Series(chance.random(len(vehicle)) < spaced)).then(wide).otherwise(found)).to_series()
    return only(text, vehicle >= 0)


def address(world: World, chance: np.random.Generator, place: Ints, dirt: float = 1.0) -> tuple[pl.Series, pl.Series]:
    """Address lines and postcodes (place -1: none) with the usual slips."""
    at = np.where(place < 0, 0, place)
    line, code = world.places.line.gather(at), world.places.postcode.gather(at)
    line = mess.alter(chance, line, chance.random(len(at)) < 0.02 * dirt, mess.typo)
    short = chance.random(len(at)) < 0.08 * dirt
    line = pl.select(pl.when(pl.Series(short)).then(line.str.replace("Road", "Rd").str.replace("Street", "St").str.replace("Avenue", "Ave")).otherwise(line)).to_series()  # fmt: skip
    code = mess.alter(chance, code, chance.random(len(at)) < 0.01 * dirt, mess.digits)
    tight = chance.random(len(at)) < 0.1
    code = pl.select(pl.when(pl.Series(tight)).then(code.str.replace(" ", "")).otherwise(code)).to_series()
    return only(line, place >= 0), only(code, (place >= 0) & (chance.random(len(at)) > 0.03 * dirt))


def moment(seconds: Ints, style: str = "%d/%m/%Y %H:%M") -> pl.Series:
    """Moments as text."""
    return pl.Series(seconds * 1000).cast(pl.Datetime("ms")).dt.strftime(style)
