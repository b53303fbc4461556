"""One source's writing of people: true values with that source's mistakes in them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bluelamp.demo import mess
from bluelamp.demo.columns import either, only
from bluelamp.demo.identifiers import padded
from bluelamp.demo.names import NUMBER
from bluelamp.demo.origins import ETHNICITY, OBSERVED
from bluelamp.demo.plan import Bools, Ints, luck
from bluelamp.demo.world import World

#: cultures whose names an English-speaking clerk has heard before
_USUAL = (NUMBER["british"], NUMBER["irish"])
#: cultures in which the family name stands first, or which of the names it is can be mistaken
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
        given, middle, surname, sex = (only(each, where) for each in (self.given, self.middle, self.surname, self.sex))
        return Mention(person, given, middle, surname, np.where(where, self.year, 0), self.month, self.day, sex)


def write(world: World, chance: np.random.Generator, person: Ints, dirt: float, plain: float = 0.85) -> Mention:
    """`person` (-1: nobody) as a source of this much dirt (1 is usual) has them; `plain`: the share of accents lost."""
    nobody = person < 0
    people = np.where(nobody, 0, person)
    size, culture = len(people), world.people.culture[people]
    given, middle, surname = customs(chance, culture, *forms(world, chance, people, dirt), dirt)
    given, middle, surname = (accents(chance, each, plain) for each in (given, middle, surname))
    given = only(given, ~luck(chance, size, 0.008 * dirt))
    surname = either(luck(chance, size, 0.002 * dirt), "UNKNOWN", surname)
    year, month, day = births(world, chance, people, culture, dirt)
    sex = pl.Series(np.where(world.people.female[people] ^ luck(chance, size, 0.003 * dirt), "F", "M"))
    sex = either(luck(chance, size, 0.01 * dirt), "U", sex)
    made = Mention(person, given, middle, surname, year, month, day, sex)
    return made.only(~nobody) if nobody.any() else made


def forms(
    world: World, chance: np.random.Generator, people: Ints, dirt: float
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Given name, middle name and surname as heard and typed: former names, other spellings, nicknames, slips."""
    size, known = len(people), world.people
    given, middle, surname = (each.gather(people) for each in (known.given, known.middle, known.surname))
    former = known.former.gather(people)
    surname = either(luck(chance, size, 0.16 * dirt) & former.is_not_null().to_numpy(), former, surname)
    given = mess.alter(chance, given, luck(chance, size, 0.13 * dirt) & world.spelt_given[people], mess.variant)
    surname = mess.alter(chance, surname, luck(chance, size, 0.10 * dirt) & world.spelt_surname[people], mess.variant)
    given = mess.alter(chance, given, luck(chance, size, 0.06 * dirt) & world.nicknamed[people], mess.nickname)
    strange = dirt * np.where(np.isin(known.culture[people], _USUAL), 0.6, 1.7)
    given = mess.alter(chance, given, luck(chance, size, 0.014 * strange), mess.typo)
    surname = mess.alter(chance, surname, luck(chance, size, 0.018 * strange), mess.typo)
    given = mess.alter(chance, given, luck(chance, size, 0.008 * dirt), mess.initial)
    middle = mess.alter(chance, only(middle, luck(chance, size, 0.55)), luck(chance, size, 0.25), mess.initial)
    return given, middle, surname


def customs(
    chance: np.random.Generator, culture: Ints, given: pl.Series, middle: pl.Series, surname: pl.Series, dirt: float
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Names forced into the boxes of a form: half of a double surname, family name first, father's name last."""
    size = len(culture)
    double = surname.str.contains("[ -]").fill_null(value=False).to_numpy()
    surname = mess.alter(chance, surname, luck(chance, size, 0.2) & double, mess.shortened)
    turned = luck(chance, size, np.where(np.isin(culture, _FAMILY_FIRST), 0.045, 0.007) * dirt)
    given, surname = either(turned, surname, given), either(turned, given, surname)
    third = (culture == NUMBER["somali"]) & luck(chance, size, 0.2 * dirt) & middle.is_not_null().to_numpy()
    return given, middle, either(third, middle, surname)


def births(
    world: World, chance: np.random.Generator, person: Ints, culture: Ints, dirt: float
) -> tuple[Ints, Ints, Ints]:
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


def ethnicity(
    world: World, chance: np.random.Generator, person: Ints, blank: float = 0.1
) -> tuple[pl.Series, pl.Series]:
    """Self-defined and observed ethnicity codes as an officer took them down."""
    people = np.where(person < 0, 0, person)
    said = pl.Series(ETHNICITY).gather(world.people.ethnicity[people])
    unsaid = luck(chance, len(person), 0.12)
    said = either(unsaid, "NS", said)
    seen = np.where(luck(chance, len(person), 0.95), world.people.observed[people], chance.integers(0, 7, len(person)))
    present = (person >= 0) & ~luck(chance, len(person), blank)
    return only(said, present), only(pl.Series(OBSERVED).gather(seen), present)


def phone(
    world: World, chance: np.random.Generator, number: Ints, styles: tuple[float, ...] = (0.55, 0.2, 0.15, 0.05, 0.05)
) -> pl.Series:
    """Phones (-1: none) as written: 07700 900123, 07700900123, +447700900123, 00447700900123, 07700-900-123."""
    found = world.phones.number.gather(np.where(number < 0, 0, number))
    style = chance.choice(len(styles), len(number), p=styles)
    head, first, last = found.str.slice(0, 4), found.str.slice(4, 3), found.str.slice(7)
    text = pl.Series(["0", "0", "+44", "0044", "0"]).gather(style) + found
    text = either(style == 0, "0" + head + " " + first + last, text)
    return only(either(style == len(styles) - 1, "0" + head + "-" + first + "-" + last, text), number >= 0)


def mark(world: World, chance: np.random.Generator, vehicle: Ints, spaced: float = 0.6) -> pl.Series:
    """Registration marks (-1: none) as written, with or without the space."""
    found = world.vehicles.vrm.gather(np.where(vehicle < 0, 0, vehicle))
    wide = found.str.slice(0, 4) + " " + found.str.slice(4)
    text = either(luck(chance, len(vehicle), spaced), wide, found)
    return only(text, vehicle >= 0)


def address(world: World, chance: np.random.Generator, place: Ints, dirt: float = 1.0) -> tuple[pl.Series, pl.Series]:
    """Address lines and postcodes (place -1: none) with the usual slips."""
    at = np.where(place < 0, 0, place)
    line, code = world.places.line.gather(at), world.places.postcode.gather(at)
    line = mess.alter(chance, line, luck(chance, len(at), 0.02 * dirt), mess.typo)
    short = luck(chance, len(at), 0.08 * dirt)
    brief = line.str.replace("Road", "Rd").str.replace("Street", "St").str.replace("Avenue", "Ave")
    line = either(short, brief, line)
    code = mess.alter(chance, code, luck(chance, len(at), 0.01 * dirt), mess.digits)
    tight = luck(chance, len(at), 0.1)
    code = either(tight, code.str.replace(" ", ""), code)
    return only(line, place >= 0), only(code, (place >= 0) & ~luck(chance, len(at), 0.03 * dirt))


def moment(seconds: Ints, style: str = "%d/%m/%Y %H:%M") -> pl.Series:
    """Moments as text."""
    return pl.Series(seconds * 1000).cast(pl.Datetime("ms")).dt.strftime(style)


def email(world: World, person: Ints) -> pl.Series:
    """The e-mail address of each person; the number keeps namesakes apart."""
    name = mess.plain(world.people.given.gather(person) + "." + world.people.surname.gather(person)).str.to_lowercase()
    return name.str.replace_all("[^a-z.]", "") + pl.Series(person).cast(pl.String) + "@example.com"


def officer(world: World, chance: np.random.Generator, count: int) -> pl.Series:
    """Collar numbers of officers who answer for a row: the first third of the staff."""
    return pl.Series(1000 + chance.integers(0, max(world.plan.count("staff") // 3, 50), count)).cast(pl.String) + "NG"
