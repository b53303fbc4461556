"""The people: households and families, who they are by birth, name and origin, and what numbers the state gave them."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bluelamp.demo import identifiers, names, origins, phrases
from bluelamp.demo.columns import either, only
from bluelamp.demo.plan import DAY, Bools, Floats, Ints, Plan, luck

#: households: single, couple, couple with children, lone parent, sharers, three generations
_SHAPES = np.array([0.28, 0.21, 0.24, 0.11, 0.10, 0.06])
SINGLE, COUPLE, FAMILY, LONE, SHARED, THREE = range(6)
#: what a person is at home
HEAD, PARTNER, CHILD, GRANDPARENT, SHARER = range(5)

_MARRIED_NAME = (
    "british",
    "irish",
    "caribbean",
    "polish",
    "romanian",
    "nigerian",
    "ghanaian",
    "hindu",
    "greek",
    "turkish",
)


@dataclass
class People:
    """One row per person, in the order of households."""

    count: int
    household: Ints
    role: Ints
    culture: Ints
    female: Bools
    #: days since 1970
    born: Ints
    given: pl.Series
    middle: pl.Series
    surname: pl.Series
    #: the surname before marriage
    former: pl.Series
    ethnicity: Ints
    observed: Ints
    #: how likely to be suspected of something, and to meet harm
    offends: Floats
    suffers: Floats
    pnc: pl.Series = field(default_factory=pl.Series)
    cro: pl.Series = field(default_factory=pl.Series)
    nino: pl.Series = field(default_factory=pl.Series)
    nationality: pl.Series = field(default_factory=pl.Series)
    occupation: pl.Series = field(default_factory=pl.Series)
    looks: pl.Series = field(default_factory=pl.Series)
    #: who no source tells of but a sensitive intelligence report
    secret: Bools = field(default_factory=lambda: np.zeros(0, np.bool_))

    @property
    def homes(self) -> int:
        """How many households there are."""
        return int(self.household[-1]) + 1

    def age(self, at: Ints | int) -> Ints:
        """Whole years at a moment (seconds since 1970)."""
        years: Ints = (np.asarray(at) // DAY - self.born) // 365
        return years

    def origin(self) -> pl.Series:
        """The name origin of each person, as the truth tells it."""
        return pl.Series([origin for origin, _ in names.CULTURES.values()]).gather(self.culture)


def build(plan: Plan) -> People:
    """As many people as the plan says."""
    chance = plan.chance("people")
    household, place, shape = households(chance, plan.people)
    role = np.select(
        [
            place == 0,
            shape == SHARED,
            (place == 1) & np.isin(shape, [COUPLE, FAMILY, THREE]),
            (place == 2) & (shape == THREE),
        ],
        [HEAD, SHARER, PARTNER, GRANDPARENT],
        CHILD,
    )
    first = np.searchsorted(household, household)
    culture = cultures(chance, first, role)
    female = sexes(chance, first, role)
    today = plan.end // DAY
    born = births(chance, first, role, today)
    chosen = given_names(chance, culture, female, first, role, born)
    given, middle, surname, former = spell(chance, chosen, culture, female, first, role)
    people = People(
        len(household),
        household,
        role,
        culture,
        female,
        born,
        given,
        middle,
        surname,
        former,
        *origins.ethnicities(chance, culture),
        *tendencies(chance, female, (today - born) // 365),
    )
    namesakes(chance, people)
    number(chance, people, today)
    describe(chance, people)
    hide(chance, people, shape)
    return people


def households(chance: np.random.Generator, wanted: int) -> tuple[Ints, Ints, Ints]:
    """Household of each person, place within it, and shape of it."""
    shape = chance.choice(6, wanted, p=_SHAPES)
    more = chance.integers(0, 4, wanted)
    size = np.choose(shape, [1, 2, 3 + more % 3, 2 + more % 3, 3 + more % 3, 4 + more % 3])
    homes = int(np.searchsorted(np.cumsum(size), wanted)) + 1
    size = size[:homes]
    household = np.repeat(np.arange(homes), size)[:wanted]
    place = np.arange(len(household)) - np.searchsorted(household, household)
    return household, place, shape[household]


def cultures(chance: np.random.Generator, first: Ints, role: Ints) -> Ints:
    """A household mostly shares a culture; partners at times and sharers often do not."""
    own = chance.choice(len(names.NAMES), len(first), p=names.SHARE)
    mixed = np.select([role == PARTNER, role == SHARER], [0.12, 0.55], 0.0)
    return np.where(chance.random(len(first)) < mixed, own, own[first])


def sexes(chance: np.random.Generator, first: Ints, role: Ints) -> Bools:
    """Half and half; partners mostly of the other sex."""
    female: Bools = luck(chance, len(first), 0.505)
    partner = (role == PARTNER) & luck(chance, len(first), 0.95)
    return np.where(partner, ~female[first], female)


def births(chance: np.random.Generator, first: Ints, role: Ints, today: int) -> Ints:
    """Days since 1970; children are younger than the head of their household, one in forty is a twin."""
    count = len(first)
    head = 18 + chance.gamma(2.6, 9.5, count).clip(0, 72)
    age = head[first] + np.select(
        [role == PARTNER, role == GRANDPARENT], [chance.normal(0, 4, count), chance.uniform(19, 34, count)], 0
    )
    age = np.where(role == CHILD, head[first] - chance.uniform(18, 38, count), age)
    age = np.where((role == CHILD) & (age < 0), chance.uniform(0, 17, count), age)
    age = np.where(role == SHARER, 18 + chance.gamma(2, 6, count), age).clip(0, 99)
    age = np.where(role == PARTNER, age.clip(18, 99), age)
    born = (today - age * 365.25).astype(np.int64) - chance.integers(0, 30, count)
    twin = (
        np.flatnonzero(
            (role[1:] == CHILD) & (role[:-1] == CHILD) & (first[1:] == first[:-1]) & luck(chance, count - 1, 0.05)
        )
        + 1
    )
    born[twin] = born[twin - 1]
    return born


def given_names(
    chance: np.random.Generator, culture: Ints, female: Bools, first: Ints, role: Ints, born: Ints
) -> dict[str, Ints]:
    """Chosen names: given, middle, family and own surname; some sons bear their father's name, no twin the other's."""
    lexicon = names.lexicon()
    both = [lexicon.draw(chance, kind, culture) for kind in ("male", "female", "male", "female", "male")]
    given, middle = np.where(female, both[1], both[0]), np.where(female, both[3], both[2])
    junior = (role == CHILD) & ~female & ~female[first] & luck(chance, len(first), 0.03) & (culture == culture[first])
    given = np.where(junior, given[first], given)
    twin = (
        np.flatnonzero(
            (role[1:] == CHILD) & (born[1:] == born[:-1]) & (first[1:] == first[:-1]) & (given[1:] == given[:-1])
        )
        + 1
    )
    given[twin] = middle[twin]
    family = lexicon.draw(chance, "surname", culture)
    return {
        "given": given,
        "middle": middle,
        "father": both[4],
        "family": family,
        "own": lexicon.draw(chance, "surname", culture),
    }


def spell(
    chance: np.random.Generator, chosen: dict[str, Ints], culture: Ints, female: Bools, first: Ints, role: Ints
) -> tuple[pl.Series, pl.Series, pl.Series, pl.Series]:
    """Given name, middle name, surname and former surname, each by the custom of its culture."""
    lexicon = names.lexicon()
    is_of = {name: culture == number for name, number in names.NUMBER.items()}
    with_family = (role != SHARER) & (culture == culture[first])
    code = np.where(with_family, chosen["family"][first], chosen["own"])
    keeps = chance.random(len(first))
    married = (role == PARTNER) & female & with_family
    takes = married & np.isin(culture, [names.NUMBER[name] for name in _MARRIED_NAME]) & (keeps < 0.72)
    code = np.where(married & ~takes, chosen["own"], code)
    parent_given = np.where(female[first], chosen["father"][first], chosen["given"][first])
    has_middle = middle_shares(culture) > chance.random(len(first))
    middle_code = np.where(
        is_of["somali"], np.where((role == CHILD) & with_family, parent_given, chosen["father"]), chosen["middle"]
    )
    second = is_of["latin"] | is_of["portuguese"] & (keeps < 0.6) | (takes & (keeps < 0.04))
    frame = pl.DataFrame(
        {
            "given": lexicon.words(chosen["given"]),
            "middle": lexicon.words(middle_code),
            "has_middle": has_middle,
            "surname": lexicon.words(code),
            "own": lexicon.words(chosen["own"]),
            "takes": takes,
            "second": second,
            "female": female,
            "polish": is_of["polish"],
            "sikh": is_of["sikh"] & (keeps < 0.35),
            "khalsa": is_of["sikh"],
            "begum": is_of["muslim"] & female & (keeps > 0.7),
            "hyphen": takes,
            "pick": chance.integers(0, 6, len(first)),
        }
    )
    frame = frame.with_columns(
        surname=by_custom(pl.col("surname")),
        former=pl.when("takes").then(by_custom(pl.col("own"))),
        middle=pl.when("khalsa")
        .then(pl.when("female").then(pl.lit("Kaur")).otherwise(pl.lit("Singh")))
        .when("has_middle")
        .then("middle"),
    )
    frame = frame.with_columns(middle=pl.when(pl.col("middle") != pl.col("surname")).then("middle"))
    return frame["given"], frame["middle"], frame["surname"], frame["former"]


def by_custom(surname: pl.Expr) -> pl.Expr:
    """A surname in the form that its bearer uses: Kowalska, Singh or Kaur, Begum, García Pérez, Shaw-Miller."""
    polish = pl.col("polish") & pl.col("female")
    feminine = surname.str.replace("ski$", "ska").str.replace("cki$", "cka")
    begum = pl.lit(pl.Series(["Begum", "Khatun", "Bibi", "Akhtar", "Khanam", "Sultana"])).gather(pl.col("pick"))
    joined = pl.when("hyphen").then(surname + "-" + pl.col("own")).otherwise(surname + " " + pl.col("own"))
    return (
        pl.when(polish)
        .then(feminine)
        .when("sikh")
        .then(pl.when("female").then(pl.lit("Kaur")).otherwise(pl.lit("Singh")))
        .when("begum")
        .then(begum)
        .when(pl.col("second") & (pl.col("own") != surname))
        .then(joined)
        .otherwise(surname)
    )


def middle_shares(culture: Ints) -> Floats:
    """How many of each culture have a middle name."""
    share = {
        "chinese": 0.08,
        "vietnamese": 0.02,
        "somali": 0.97,
        "muslim": 0.3,
        "hindu": 0.3,
        "greek": 0.15,
        "turkish": 0.2,
    }
    return np.array([share.get(name, 0.6) for name in names.NAMES])[culture]


def tendencies(chance: np.random.Generator, female: Bools, age: Ints) -> tuple[Floats, Floats]:
    """Weights of being suspected (few, mostly young and male, very uneven) and of being harmed (all, uneven)."""
    curve = np.exp(-(((age - 23) / 13.0) ** 2)) * (age >= 10) + 0.03 * (age >= 14)
    some = chance.random(len(age)) < np.where(female, 0.05, 0.17) * np.where(age < 10, 0, 1)
    offends = np.where(some, curve * chance.lognormal(0, 0.9, len(age)), 0.0)
    return offends, np.where(age >= 8, 1.0, 0.1) * chance.lognormal(0, 0.8, len(age))


def namesakes(chance: np.random.Generator, people: People) -> None:
    """Give some people the full name and birth date of somebody else elsewhere, as happens."""
    pairs = max(4, people.count // 2500)
    active = np.flatnonzero(people.offends > 0)
    one = chance.choice(active, pairs, replace=False)
    free = np.setdiff1d(np.arange(people.count), one)
    other = chance.choice(free[people.role[free] != CHILD], pairs, replace=False)
    for series in ("given", "middle", "surname"):
        column: pl.Series = getattr(people, series)
        setattr(people, series, column.scatter(other, column.gather(one)))
    for array in (people.born, people.female, people.culture, people.ethnicity, people.observed, people.offends):
        array[other] = array[one]
    people.former = people.former.scatter(other, pl.Series([None] * pairs, dtype=pl.String))


def number(chance: np.random.Generator, people: People, today: int) -> None:
    """PNC and CRO numbers for those who may meet the police as suspects, NI numbers for all over 16."""
    known = people.offends > 0
    serial = chance.permutation(np.arange(people.count) * (9_000_000 // people.count) + 17)
    year = np.minimum(1970 + people.born // 365 + chance.integers(12, 30, people.count), 1970 + today // 365 - 1)
    criminal = (
        chance.permutation(900_000)[: people.count]
        if people.count <= 900_000
        else chance.integers(1, 900_000, people.count)
    )
    adult = people.born < today - 16 * 365
    people.pnc = only(identifiers.pnc(np.maximum(year, 1975), serial), known)
    people.cro = only(identifiers.cro(np.maximum(year, 1996), criminal + 1), known & luck(chance, people.count, 0.6))
    people.nino = only(identifiers.nino(chance.permutation(people.count)), adult)


def describe(chance: np.random.Generator, people: People) -> None:
    """Nationality, work and looks: what a person would say and show each time."""
    foreign = luck(chance, people.count, np.where(np.isin(people.culture, [0, 1]), 0.04, 0.38))
    abroad = pl.Series([origins.NATION[name] for name in names.NAMES]).gather(people.culture)
    people.nationality = either(~foreign, "GBR", abroad)
    people.occupation = pl.Series(phrases.of("work")).gather(chance.integers(0, len(phrases.of("work")), people.count))
    height = np.where(people.female, chance.normal(162, 7, people.count), chance.normal(175, 7, people.count)).astype(
        np.int64
    )
    build = pl.Series(["slim", "medium", "heavy", "athletic"]).gather(chance.integers(0, 4, people.count))
    people.looks = pl.Series(height).cast(pl.String) + " cm|" + build


def hide(chance: np.random.Generator, people: People, shape: Ints) -> None:
    """Choose a few who live alone; whoever makes events leaves them out."""
    able = np.flatnonzero((shape == SINGLE) & (people.offends == 0) & (people.age(0) < 25))
    people.secret = np.zeros(people.count, bool)
    people.secret[chance.choice(able, max(3, people.count // 5000), replace=False)] = True
    people.suffers[people.secret] = 0.0
