"""From which probability on records are joined, and what each choice costs: chosen from the model, without labels."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bluelamp.resolution.cluster import ALWAYS, AT_ONCE, Pairs, cluster, groups, known_of
from bluelamp.resolution.frame import Rows
from bluelamp.resolution.kinship import Numbers

Weigh = Callable[[Rows, Rows], Numbers]

#: the choices, least strict first
CHOICES = (*(round(0.5 + 0.02 * step, 2) for step in range(23)), 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 0.999)

#: of the records of an object, the share that is expected not to belong there
WRONG = 0.0017

#: records in groups that the costs are worked out on, and the seed that draws the groups
SAMPLED, SEED = 12_000, 1

#: a record that speaks for another object nearly as much as for its own, within so much of the natural logarithm of the
#: odds (here: half as likely), is joined to neither
MARGIN = float(np.log(2))


@dataclass(frozen=True)
class Bands:
    """From which probability on two records are joined, and from which a person judges; below that they are apart."""

    join: float = 0.95
    judge: float = 0.1

    @property
    def shift(self) -> float:
        """The natural logarithm of the odds from which on records are joined."""
        return logit(self.join)

    @property
    def tie(self) -> float:
        """The natural logarithm of the odds from which on a pair has a say in which records are joined."""
        return self.shift - MARGIN

    @property
    def least(self) -> float:
        """The natural logarithm of the odds from which on a person judges."""
        return min(logit(self.judge), self.tie)


@dataclass(frozen=True)
class Cost:
    """What joining from a probability on is expected to cost."""

    join: float
    #: of the records of an object, the share that does not belong there
    wrong: float
    #: of the pairs of records of one thing, the share that is not joined
    missed: float


def logit(probability: float) -> float:
    """The natural logarithm of the odds."""
    return float(np.log(probability / (1 - probability)))


def joined(count: int, pairs: Pairs, weigh: Weigh, shift: float) -> Rows:
    """For each of `count` rows the least row of its cluster, as `cluster` makes them from the weight above `shift`.

    A row that speaks for another cluster nearly as much as for its own is left alone: a person judges.
    """
    weight = np.where(np.abs(pairs.weight) < ALWAYS, pairs.weight - shift, pairs.weight)
    weight = known_of(pairs).over(pairs.left, pairs.right, weight)
    shifted = Pairs(pairs.left, pairs.right, weight)

    def above(left: Rows, right: Rows) -> Numbers:
        return weigh(left, right) - shift

    found = cluster(count, shifted, above)
    torn = _torn(found, shifted)
    if not torn.any():
        return found
    rest = np.isin(found, found[torn]) & ~torn
    inside = rest[shifted.left] & rest[shifted.right] & (found[shifted.left] == found[shifted.right])
    again = cluster(count, Pairs(*(each[inside] for each in (shifted.left, shifted.right, weight))), above)
    return np.where(torn, np.arange(count), np.where(rest, again, found))


def _torn(found: Rows, pairs: Pairs) -> np.ndarray:
    home, rival = np.full(len(found), -np.inf), np.full(len(found), -np.inf)
    inside = found[pairs.left] == found[pairs.right]
    for ends in (pairs.left, pairs.right):
        np.maximum.at(home, ends[inside], pairs.weight[inside])
        np.maximum.at(rival, ends[~inside], pairs.weight[~inside])
    return np.asarray((rival > home - MARGIN) & (home > 0))


class Costs:
    """What each choice is expected to cost, from the probabilities that the model itself gives."""

    def __init__(self, count: int, pairs: Pairs, weigh: Weigh) -> None:
        self.count, self._weigh = count, weigh
        tied = pairs.weight > 0
        least = groups(count, pairs.left[tied], pairs.right[tied])
        together = least[pairs.left] == least[pairs.right]
        self.share = min(1.0, SAMPLED / max(1, int((np.bincount(least, minlength=count)[least] > 1).sum())))
        drawn = np.random.default_rng(SEED).random(count) < self.share
        some = drawn[least[pairs.left]] & together
        #: only these can be joined
        self.rows = np.unique(np.concatenate([pairs.left[some], pairs.right[some]]))
        left, right = (np.searchsorted(self.rows, each[some]) for each in (pairs.left, pairs.right))
        self.pairs = Pairs(left, right, pairs.weight[some])
        self.likely = _probability(self.pairs.weight)
        #: pairs between groups are missed by every choice
        self.beyond = float(_probability(pairs.weight[~together]).sum()) * self.share

    def weigh(self, one: Rows, other: Rows) -> Numbers:
        """The natural logarithm of the odds of pairs of the rows that can be joined."""
        return self._weigh(self.rows[one], self.rows[other])

    def of(self, join: float) -> Cost:
        """What joining from a probability on is expected to cost."""
        clusters = joined(len(self.rows), self.pairs, self.weigh, logit(join))
        apart = float(self.likely[clusters[self.pairs.left] != clusters[self.pairs.right]].sum()) + self.beyond
        wrong = _wrong(clusters, self.weigh) / max(1.0, self.count * self.share)
        return Cost(join, round(wrong, 5), round(apart / max(1.0, float(self.likely.sum()) + self.beyond), 5))

    def choose(self, wrong: float = WRONG) -> tuple[Bands, tuple[Cost, ...]]:
        """The least strict choice expected to make at most so much wrong, else the strictest; and what was tried."""
        tried: dict[float, Cost] = {}

        def too_much(join: float) -> bool:
            tried[join] = self.of(join)
            return tried[join].wrong > wrong

        return Bands(join=CHOICES[_first(too_much)]), tuple(tried[join] for join in sorted(tried))


def _first(too_much: Callable[[float], bool]) -> int:
    """The place of the first choice that is not too much, by halving; the last where all are."""
    low, high = 0, len(CHOICES) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if too_much(CHOICES[middle]) else (low, middle)
    return low


def _probability(weight: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(weight, -500, 500))))


def _wrong(clusters: Rows, weigh: Weigh) -> float:
    """How many records are expected not to belong to their cluster, each by its share of the cluster's records.

    Two records are as likely one as the weakest step of the best way between them.
    """
    order = np.argsort(clusters, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(clusters[order]) > 0])
    sizes = np.diff(np.r_[starts, len(order)])
    wrong = 0.0
    for size in np.unique(sizes[sizes > 1]).tolist():
        members = order[starts[sizes == size][:, None] + np.arange(size)]
        for some in np.array_split(members, 1 + len(members) * size**2 // AT_ONCE):
            wrong += float((1 - _ways(some, weigh)).mean(axis=2).sum())
    return wrong


def _ways(members: Rows, weigh: Weigh) -> Numbers:
    size = members.shape[1]
    one, other = np.triu_indices(size, 1)
    likely = np.zeros((len(members), size, size))
    weight = weigh(members[:, one].ravel(), members[:, other].ravel())
    likely[:, one, other] = _probability(weight).reshape(len(members), -1)
    likely = np.maximum(likely, likely.transpose(0, 2, 1))
    likely[:, range(size), range(size)] = 1
    for at in range(size):
        np.maximum(likely, np.minimum(likely[:, :, at, None], likely[:, None, at, :]), out=likely)
    return likely
