"""A model from the records themselves, without labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bluelamp.resolution import compare, kinship
from bluelamp.resolution import model as models
from bluelamp.resolution.bands import Costs, logit
from bluelamp.resolution.block import Sorted, merged
from bluelamp.resolution.cluster import Pairs
from bluelamp.resolution.compare import EXACT, RARITIES, Comparison
from bluelamp.resolution.crossed import levels
from bluelamp.resolution.frame import Frame, Rows
from bluelamp.resolution.judged import NO_LABELS, Labels, corrected
from bluelamp.resolution.kinship import Numbers, Population
from bluelamp.resolution.model import Model
from bluelamp.resolution.rules import rules

#: pairs drawn to see how any two records agree, and the seed that makes the draw the same each time
DRAWN, SEED = 300_000, 1

#: candidate pairs that are learned from
LEARNED = 400_000

#: pairs less likely one than this are not counted among those that a choice of bands misses
COUNTED = 0.001

#: a value is listed as common from this share of records on, where so many records have it
LISTED, LEAST_HOLDERS = RARITIES[0], 5


@dataclass(frozen=True)
class Trained:
    """A model, and what was worked out with it of the records that it was learned from."""

    model: Model
    #: of each rule
    blocks: tuple[Sorted, ...]
    #: the pairs of rows that may be one, weighed: all that its bands join or have judged, and the less likely ones
    pairs: Pairs


def train(frame: Frame, comparisons: Sequence[Comparison], labels: Labels = NO_LABELS) -> Trained:
    """Fit a model to the records of `frame`; what people said of some pairs of rows corrects it."""
    common = {each.name: _common(frame, each) for each in comparisons}
    chosen, blocks = rules(frame, comparisons)
    left, right = merged(each.pairs(rule.most) for each, rule in zip(blocks, chosen, strict=True))
    some = np.sort(np.random.default_rng(SEED).permutation(len(left))[:LEARNED])
    found = levels(frame, comparisons, common, left[some], right[some])
    drawn = levels(frame, comparisons, common, *_drawn(len(frame)))
    chance = {each.name: _chance(frame, each, common[each.name], drawn[each.name]) for each in comparisons}
    count = len(frame)
    seen = len(some) / max(1, len(left))
    population = Population(max(1, int(count * seen)), max(1.0, count * (count - 1) / 2 * seen))
    chances = kinship.fit(comparisons, found, chance, population)
    if len(labels):
        chances = corrected(chances, levels(frame, comparisons, common, labels.left, labels.right), labels.same)
    model = models.as_written(Model(tuple(comparisons), tuple(chosen), common, chances, count))

    def weigh(one: Rows, other: Rows) -> Numbers:
        return model.weigh(frame, one, other)

    places, weight = model.sift(frame, left, right, logit(COUNTED))
    pairs = Pairs(left[places], right[places], weight)
    bands, costs = Costs(count, pairs, weigh).choose()
    return Trained(replace(model, bands=bands, costs=costs), tuple(blocks), pairs)


def _common(frame: Frame, comparison: Comparison) -> dict[str, float]:
    column = frame.columns[comparison.name]
    held = column.holders()
    shares = held / max(1, held.sum())
    often = np.flatnonzero((shares >= LISTED) & (held >= LEAST_HOLDERS))
    often = often[np.argsort(shares[often], kind="stable")]
    told = compare.listed(column, comparison.role, often)
    return {name: float(f"{share:.3g}") for name, share in zip(told, shares[often].tolist(), strict=True)}


def _drawn(count: int) -> tuple[Rows, Rows]:
    if not count:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    chosen = np.random.default_rng(SEED)
    left, right = chosen.integers(0, count, DRAWN), chosen.integers(0, count, DRAWN)
    return left[left != right], right[left != right]


def _chance(frame: Frame, comparison: Comparison, common: compare.Shares, drawn: compare.Levels) -> Numbers:
    """How any two records agree: equality exactly, from how many hold each value; other levels from drawn pairs."""
    column = frame.columns[comparison.name]
    held = column.holders()
    shares = held / max(1, held.sum())
    same = np.bincount(compare.rarity(column, comparison.role, common), weights=shares**2, minlength=EXACT)
    unequal = comparison.unequal
    seen = np.bincount(drawn[(drawn >= 0) & (drawn < unequal)], minlength=unequal)[:unequal] + 0.1
    seen[0] += 0.4
    return np.asarray(np.r_[seen / seen.sum() * (1 - same.sum()), same])
