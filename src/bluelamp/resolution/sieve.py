"""Weigh many pairs by comparing as little as is needed: a pair that cannot come up to a floor any more is let go.

Which values are missing or equal is seen from their numbers. What is left is compared in groups of properties, the
cheapest first; before each, a pair goes whose weight stays under the floor however alike the rest of it may be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bluelamp.resolution import compare
from bluelamp.resolution.compare import UNKNOWN, Comparison, Levels, Shares
from bluelamp.resolution.crossed import Names, settle
from bluelamp.resolution.frame import Frame, Rows
from bluelamp.resolution.kinship import DIGITS, KINDS, Chances, Corrections, Numbers, distinct
from bluelamp.types.likeness import BY_COST, NAME

#: pairs that are sifted at a time
AT_ONCE = 4_000_000

_SAME = [place for place, kin in enumerate(KINDS) if kin.same]
_OTHERS = [place for place, kin in enumerate(KINDS) if not kin.same]


@dataclass(frozen=True)
class Sieve:
    """The model of one type, and the floor that a pair's weight must reach."""

    comparisons: Sequence[Comparison]
    common: Mapping[str, Shares]
    chances: Chances
    floor: float

    def weigh(self, frame: Frame, left: Rows, right: Rows) -> tuple[Rows, Numbers]:
        """The places of the pairs that reach the floor, ascending, and their weights."""
        found = [(np.empty(0, np.int64), np.empty(0))]
        for start in range(0, len(left), AT_ONCE):
            places, weights = self._sift(frame, left[start : start + AT_ONCE], right[start : start + AT_ONCE])
            found.append((places + start, weights))
        places, weights = (np.concatenate([each[at] for each in found]) for at in (0, 1))
        return places, weights

    def _sift(self, frame: Frame, left: Rows, right: Rows) -> tuple[Rows, Numbers]:
        levels = compare.equal(frame, self.comparisons, self.common, left, right)
        places, names = np.arange(len(left)), Names.of(self.comparisons)
        for group in BY_COST:
            if not (mine := [each for each in self.comparisons if each.likeness in group]):
                continue
            if group is not BY_COST[0]:
                kept = np.flatnonzero(self._reach(levels))
                places, levels = places[kept], {name: level[kept] for name, level in levels.items()}
            pairs = left[places], right[places]
            if NAME in group:
                names.cross(frame, levels, *pairs)
            for each in mine:
                settle(frame, each, levels[each.name], *pairs)
        weights = self.chances.weigh(levels)
        reached = weights >= self.floor
        return places[reached], weights[reached]

    def _reach(self, levels: Mapping[str, Levels]) -> np.ndarray:
        """Whether the most that each pair may come to weigh reaches the floor."""
        patterns, _, place = distinct({each.name: each.size for each in self.comparisons}, levels)
        return np.asarray((self._most(patterns) >= self._sure - 10.0**-DIGITS)[place])

    @property
    def _sure(self) -> float:
        """What a pair must come to before judgements correct it, so that it may reach the floor."""
        corrected = self.chances.corrections.labels
        return min(self.floor, Corrections.CONSIDERED) if corrected else self.floor

    def _most(self, patterns: Mapping[str, Levels]) -> Numbers:
        """No less than the weight of each pattern before corrections, of which some levels are UNKNOWN.

        The odds are a sum over kinds of the same against a sum over kinds of others. Any one of the others is no more
        than all of them, and what one property adds between two kinds is at most what its likeliest level adds.
        """
        count = len(next(iter(patterns.values())))
        shares = np.log(self.chances.shares)
        odds = np.repeat((shares[_SAME][:, None] - shares[_OTHERS][None, :])[None], count, axis=0)
        for each in self.comparisons:
            table = np.log(self.chances.levels[each.name])
            ratio = table[_SAME][:, None, :] - table[_OTHERS][None, :, :]
            nothing = np.zeros_like(ratio[:, :, :1])
            most = ratio[:, :, : each.unequal].max(axis=2, keepdims=True)
            # in the order of UNKNOWN, missing, and the levels
            by_level = np.concatenate([most, nothing, ratio], axis=2).transpose(2, 0, 1)
            odds += by_level[patterns[each.name] - UNKNOWN]
        return np.asarray(np.logaddexp.reduce(odds, axis=1).min(axis=1))
