"""What two records can be to each other, and how often: the model that tells the same person from a brother.

Fellegi and Sunter (1969) know two kinds of pairs, matches and others, and take it that the properties of the others
agree independently of each other. In a household they do not: surname, address and telephone agree together, and so
brothers look like one man. Here the others are told apart: family and strangers of one house, neighbours, twins, a
father and son of one name, relatives elsewhere, and pairs by chance. Each kind has its own chances of agreement; which
of them are learned, and which are those of any two records, is declared below. All is fitted without labels by
expectation and maximisation (Dempster, Laird and Rubin 1977; mixtures of more than two kinds: Larsen and Rubin 2001)
over the patterns of agreement of the candidate pairs, whose number does not grow with that of the records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from bluelamp.resolution.compare import EXACT, Comparison, Levels, Role

Numbers = npt.NDArray[np.float64]


class Shape(Enum):
    """How a kind of pair agrees in a property: what is learned, from which start, or fixed."""

    ALIKE = "alike"  #: nearly always, with slips; learned
    SHARED = "shared"  #: mostly, learned
    CLOSE = "close"  #: in its wider part, learned
    SOME = "some"  #: more often than by chance; learned
    APART = "apart"  #: as by chance at the start; learned
    CHANCE = "chance"  #: as any two records; fixed
    ALWAYS = "always"  #: exactly the same; fixed
    OWN = "own"  #: as often as two records of one thing; learned from those
    KIN = "kin"  #: as often as in a family; learned from that


@dataclass(frozen=True)
class Kin:
    """One kind of pair: how many there are for each record at the start, and how they agree."""

    name: str
    start: float
    shapes: Mapping[Role, Shape]
    #: at most so many for each record, where more would only be other kinds in disguise
    most: float | None = None
    #: whether the two records are of the same thing
    same: bool = False


def _shapes(given: Shape, family: Shape, birth: Shape, place: Shape, contact: Shape, trait: Shape) -> dict[Role, Shape]:
    own = Shape.ALIKE if given is Shape.ALIKE else Shape.CHANCE
    return {
        Role.GIVEN: given, Role.WHOLE: given, Role.FAMILY: family, Role.OTHER_NAME: own, Role.BIRTH: birth,
        Role.SEX: own, Role.KEY: own, Role.PLACE: place, Role.CONTACT: contact, Role.TRAIT: trait,
    }  # fmt: skip


_ALIKE, _SHARED, _SOME, _APART, _KIN = Shape.ALIKE, Shape.SHARED, Shape.SOME, Shape.APART, Shape.KIN
_CHANCE, _ALWAYS, _CLOSE, _OWN = Shape.CHANCE, Shape.ALWAYS, Shape.CLOSE, Shape.OWN

#: every kind of pair; the last is that of any two records, of which there are as many as there are pairs
KINDS = (
    Kin("same", 0.5, _shapes(_ALIKE, _ALIKE, _ALIKE, _SHARED, _ALIKE, _ALIKE), same=True),
    Kin("moved", 0.3, _shapes(_ALIKE, _ALIKE, _ALIKE, _APART, _ALIKE, _ALIKE), same=True),
    Kin("family", 0.5, _shapes(_CHANCE, _SHARED, _CHANCE, _SHARED, _SOME, _SOME)),
    Kin("house", 0.3, _shapes(_CHANCE, _APART, _CHANCE, _SHARED, _SOME, _SOME)),
    Kin("neighbour", 5.0, _shapes(_CHANCE, _CHANCE, _CHANCE, _CLOSE, _CHANCE, _SOME)),
    Kin("twin", 0.005, _shapes(_CHANCE, _OWN, _ALWAYS, _SHARED, _KIN, _KIN), most=0.03),
    Kin("namesake", 0.005, _shapes(_ALWAYS, _OWN, _CHANCE, _SHARED, _KIN, _KIN), most=0.03),
    Kin("relative", 2.0, _shapes(_CHANCE, _SHARED, _CHANCE, _APART, _SOME, _SOME)),
    Kin("chance", 0.0, _shapes(_CHANCE, _CHANCE, _CHANCE, _CHANCE, _CHANCE, _CHANCE)),
)

_SAME = tuple(place for place, kin in enumerate(KINDS) if kin.same)
#: what a move does not change, so both kinds of the same learn it together
_TIED = frozenset(Role) - {Role.PLACE, Role.CONTACT}

_FAMILY = next(place for place, kin in enumerate(KINDS) if kin.name == "family")

#: what the start of a kind weighs against what is seen, in pairs; where a file has no families, the few pairs that pass
#: for some are of one person, and would teach that families share what only one person has
_PRIOR, _PRIOR_SOME = 5.0, 50.0
_LEAST = 1e-9


#: digits behind the point that a weight has
DIGITS = 3


@dataclass(frozen=True)
class Corrections:
    """What people's judgements of pairs add to a model: a shift, and a share of what each property says."""

    #: natural logarithm of odds
    shift: float = 0.0
    #: comparison -> how much more (above 0) or less it counts: 0.1 is a tenth more
    factors: Mapping[str, float] = field(default_factory=dict)
    #: judgements that it was learned from
    labels: int = 0

    #: pairs that weigh less than this are not corrected: nobody judges them
    CONSIDERED: ClassVar[float] = -7.0


@dataclass(frozen=True)
class Chances:
    """A fitted model: for each kind, how many pairs of all are of it, and its chances of each level."""

    #: share of all pairs, by kind
    shares: Numbers
    #: comparison -> kinds x levels
    levels: dict[str, Numbers]
    corrections: Corrections = Corrections()

    def weigh(self, found: Mapping[str, Levels]) -> Numbers:
        """The natural logarithm of the odds that each pair is of the same thing."""
        sizes = {name: table.shape[1] for name, table in self.levels.items()}
        patterns, _, place = distinct(sizes, found)
        return self._odds(patterns)[place]

    def _odds(self, found: Mapping[str, Levels]) -> Numbers:
        odds = self.base(found)
        if not self.corrections.labels:
            return odds
        some = np.flatnonzero(odds >= Corrections.CONSIDERED)
        mine = {name: level[some] for name, level in found.items()}
        told = self.corrections.factors.items()
        added = sum(
            (factor * self.part(mine, name) for name, factor in told), np.full(len(some), self.corrections.shift)
        )
        odds[some] = np.round(odds[some] + added, DIGITS)
        return odds

    def part(self, found: Mapping[str, Levels], name: str) -> Numbers:
        """What one property adds to the odds of each pattern of levels, before corrections."""
        nothing = np.full_like(found[name], -1)
        return np.asarray(self.base(found) - self.base({**found, name: nothing}))

    def base(self, found: Mapping[str, Levels]) -> Numbers:
        """The natural logarithm of the odds of each pattern of levels, before corrections."""
        each = self.kinds(found)
        same, other = (np.logaddexp.reduce(each[:, kinds], axis=1) for kinds in (list(_SAME), _OTHERS))
        # so that no sum depends on what else is weighed with it
        return np.asarray(np.round(same - other, DIGITS))

    def equal(self, name: str, unequal: int) -> float:
        """The natural logarithm of what an equal value of a property does to the odds, by itself, whichever it is.

        `unequal` is how many of its levels are of values that are not equal; before corrections.
        """
        agreed = self.shares * self.levels[name][:, unequal:].sum(axis=1)
        same, other = (agreed[kinds].sum() / self.shares[kinds].sum() for kinds in (list(_SAME), _OTHERS))
        return float(np.log(same) - np.log(other))

    def kinds(self, found: Mapping[str, Levels]) -> Numbers:
        """The logarithm of each kind's share of each pattern of levels: pairs x kinds."""
        count = len(next(iter(found.values())))
        logs = np.repeat(np.log(self.shares)[None, :], count, axis=0)
        for name, level in found.items():
            # what is missing says nothing: it is -1, and so the last
            said = np.concatenate([np.log(self.levels[name]).T, np.zeros((1, len(KINDS)))])
            logs += said.take(level, axis=0, mode="wrap")
        return logs


_OTHERS = [place for place in range(len(KINDS)) if place not in _SAME]


@dataclass(frozen=True)
class Population:
    """What the pairs are drawn from."""

    records: int
    #: pairs that could be made of them at all
    pairs: float


def fit(
    comparisons: Sequence[Comparison],
    found: Mapping[str, Levels],
    chance: Mapping[str, Numbers],
    population: Population,
    rounds: int = 200,
) -> Chances:
    """Fit the model to the levels of candidate pairs. `chance` holds the chances of any two records."""
    patterns, weights, _ = distinct({each.name: each.size for each in comparisons}, found)
    starts = {
        each.name: np.array([_start(each, chance[each.name], kin.shapes[each.role]) for kin in KINDS])
        for each in comparisons
    }
    shares = np.array([kin.start * population.records for kin in KINDS]) / population.pairs
    shares[-1] = 1.0
    chances, before = Chances(shares, dict(starts)), -np.inf
    places = {name: level.astype(np.int64) + 1 for name, level in patterns.items()}
    for _ in range(rounds):
        logs = chances.kinds(patterns)
        top = logs.max(axis=1, keepdims=True)
        odds = np.exp(logs - top)
        total = odds.sum(axis=1, keepdims=True)
        likelihood = float((weights * (top[:, 0] + np.log(total[:, 0]))).sum())
        if abs(likelihood - before) < 1e-7 * abs(likelihood):
            break
        before = likelihood
        chances = _learned(comparisons, places, odds / total * weights[:, None], starts, population)
    return chances


#: levels below the first: what is missing or not known
_BELOW = 2
#: combinations that still fit into a number
_WIDEST = 2**62


def distinct(
    sizes: Mapping[str, int], found: Mapping[str, Levels]
) -> tuple[dict[str, Levels], Numbers, npt.NDArray[np.int64]]:
    """Every combination of levels once, how many pairs have it, and the combination of each pair."""
    from pandas import factorize  # noqa: PLC0415 (a run with nothing new need not wait for it)

    packed, span = np.zeros(len(next(iter(found.values()))), np.int64), 1
    for name, size in sizes.items():
        span *= size + _BELOW
        if span > _WIDEST:
            packed, seen = factorize(packed)
            span = len(seen) * (size + _BELOW)
        packed *= size + _BELOW
        packed += found[name]
    place, seen = factorize(packed)
    first = np.empty(len(seen), np.int64)
    first[place[::-1]] = np.arange(len(place))[::-1]
    counts = np.bincount(place, minlength=len(seen)).astype(np.float64)
    return {name: level[first] for name, level in found.items()}, counts, place


def _learned(
    comparisons: Sequence[Comparison],
    places: Mapping[str, npt.NDArray[np.int64]],
    held: Numbers,
    starts: Mapping[str, Numbers],
    population: Population,
) -> Chances:
    """The chances that patterns give, of which each kind `held` so many pairs. A place is a level + 1; 0: missing."""
    totals = np.maximum(held.sum(axis=0), 1e-3)
    most = np.array([np.inf if kin.most is None else kin.most * population.records for kin in KINDS])
    shares = np.minimum(totals, most) / population.pairs
    shares[-1] = 1.0
    both, by_kind = held[:, list(_SAME)].sum(axis=1), np.ascontiguousarray(held.T)
    made = {}
    for each in comparisons:
        table = starts[each.name].copy()
        for at, kin in enumerate(KINDS):
            shape = kin.shapes[each.role]
            if shape in (Shape.CHANCE, Shape.ALWAYS):
                continue
            own = shape is Shape.OWN or (kin.same and each.role in _TIED)
            weight = both if own else by_kind[_FAMILY if shape is Shape.KIN else at]
            counts = np.bincount(places[each.name], weights=weight, minlength=each.size + 1)[1:]
            prior = _PRIOR_SOME if shape in (Shape.SOME, Shape.KIN) else _PRIOR
            counts = counts + prior * starts[each.name][at]
            table[at] = np.maximum(counts / counts.sum(), _LEAST)
        made[each.name] = table
    return Chances(shares, made)


def _start(comparison: Comparison, chance: Numbers, shape: Shape) -> Numbers:
    """A kind's chances of each level before anything is learned."""
    unequal = comparison.unequal
    evenly = np.ones(unequal) / unequal
    # the same thing has a common value as often as anybody has, which is the root of how often two share it
    held = np.sqrt(chance[unequal:])
    held = held / held.sum() if held.sum() else np.ones(EXACT) / EXACT
    alike = np.r_[0.15 * evenly, 0.85 * held]
    some = 0.7 * chance + np.r_[0 * evenly, 0.3 * held]
    made = {
        Shape.ALIKE: alike,
        Shape.OWN: alike,
        Shape.SHARED: np.r_[0.1 * evenly, 0.9 * held],
        Shape.CLOSE: np.r_[0.5 * evenly, 0.5 * held] if comparison.likeness.name == "postcode" else chance,
        Shape.SOME: some,
        Shape.KIN: some,
        Shape.APART: chance,
        Shape.CHANCE: chance,
        Shape.ALWAYS: np.r_[1e-6 * evenly, held],
    }[shape].copy()
    if shape in (Shape.ALIKE, Shape.OWN):
        made[0] = 0.03
    made = np.maximum(made, _LEAST)
    return np.asarray(made / made.sum())
