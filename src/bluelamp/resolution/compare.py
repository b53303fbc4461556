"""How the two records of a pair agree in each property: a level for each pair, worked out once per pair of values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import numpy as np
import numpy.typing as npt

from bluelamp.resolution.block import stable
from bluelamp.resolution.frame import Codes, Column, Frame, Rows
from bluelamp.types.likeness import Likeness

Levels = npt.NDArray[np.int8]
Shares = Mapping[str, float]

#: shares of records from which on a value is so much more common that its agreement is worth less
RARITIES = (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)

#: how many levels agreement has: by how rare the shared value is, the rarest first
EXACT = len(RARITIES) + 1


#: the level of two unequal values that have not been compared yet
UNKNOWN = -2


#: pairs that are looked at at a time: so few that what is made of them stays near the processor
AT_ONCE = 1 << 16


class Role(StrEnum):
    """What a property says of its bearer, which decides who else may share it."""

    GIVEN = "given"  #: told apart within a family
    FAMILY = "family"  #: shared within a family
    OTHER_NAME = "other_name"
    WHOLE = "whole"  #: given and family name in one
    BIRTH = "birth"  #: one for each life; twins share it
    SEX = "sex"
    PLACE = "place"  #: shared within a household, left by moving
    CONTACT = "contact"  #: shared within a household at times
    TRAIT = "trait"
    KEY = "key"  #: given to one thing only


@dataclass(frozen=True)
class Comparison:
    """One property that records are compared by."""

    name: str
    likeness: Likeness
    role: Role

    @property
    def unequal(self) -> int:
        """How many levels two unequal values can have; the levels of agreement come after them."""
        return len(self.likeness.levels)

    @property
    def size(self) -> int:
        """How many levels there are in all."""
        return self.unequal + EXACT

    def said(self, level: int) -> str:
        """The name of a level."""
        if level < 0:
            return "missing"
        return self.likeness.levels[level] if level < self.unequal else f"same_{level - self.unequal}"


#: what a model's file must not tell of anybody: it lists how such values are marked, not the values
_UNTOLD = frozenset({Role.PLACE, Role.CONTACT, Role.KEY})


#: how many marks there are: so few that a thousand telephone numbers share one
_MARKS = 1 << 20


def listed(column: Column, role: Role, places: Rows) -> list[str]:
    """How a model's file lists the values at some places: as they are, or by a mark that many others share."""
    values = column.texts[places]
    return [f"#{int(mark) % _MARKS:05x}" for mark in stable(values)] if role in _UNTOLD else list(values)


def _shares(column: Column, role: Role, common: Shares) -> npt.NDArray[np.float64]:
    """Which share of records has each value; nothing where it is not listed."""
    if role not in _UNTOLD or len(column.texts) < len(common):
        return np.array([common.get(each, 0.0) for each in listed(column, role, np.arange(len(column.texts)))])
    by_mark = np.zeros(_MARKS)
    for mark, share in common.items():
        by_mark[int(mark[1:], 16)] = share
    return np.asarray(by_mark[stable(column.texts) % np.uint64(_MARKS)])


def rarity(column: Column, role: Role, common: Shares) -> Levels:
    """For each distinct value how common it is, as a place in RARITIES; a value that is not listed is rare."""

    def work_out() -> Levels:
        shares = _shares(column, role, common) if common else 0.0
        found = np.searchsorted(np.array(RARITIES), np.broadcast_to(shares, len(column.texts)), side="right")
        return found.astype(np.int8)

    return column.kept("rarity", common, work_out)


def equal(
    frame: Frame, comparisons: Sequence[Comparison], common: Mapping[str, Shares], left: Rows, right: Rows
) -> dict[str, Levels]:
    """The level of each pair of rows in each comparison, as far as the numbers of the values tell.

    -1 where one side has no value, UNKNOWN where two unequal values must be compared.
    """
    return {each.name: _equal(frame.columns[each.name], each, common[each.name], left, right) for each in comparisons}


def _equal(column: Column, comparison: Comparison, common: Shares, left: Rows, right: Rows) -> Levels:
    if not len(column.texts):
        return np.full(len(left), -1, np.int8)
    agreed = comparison.unequal + rarity(column, comparison.role, common)
    found = [np.empty(0, np.int8)]
    for start in range(0, len(left), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        first, *more = (
            _level(agreed, mine[left[some]], theirs[right[some]]) for mine, theirs in product(column.codes.T, repeat=2)
        )
        for each in more:
            # what must be compared says more than what is missing
            first = np.where(first == -1, each, np.where(each == -1, first, np.maximum(first, each)))
        found.append(first)
    return np.concatenate(found)


def _level(agreed: Levels, one: Codes, other: Codes) -> Levels:
    level = np.full(len(one), UNKNOWN, np.int8)
    same = np.flatnonzero(one == other)
    level[same] = agreed[one[same]]
    # below zero where either is
    level[(one | other) < 0] = -1
    return level


def unequal(column: Column, comparison: Comparison, left: Rows, right: Rows) -> Levels:
    """The level of the values most alike of all that the two sides have, of which none are equal."""
    best = np.full(len(left), -1, np.int8)
    if not len(left):
        return best
    known = column.prepared(comparison.likeness)
    for mine, theirs in product(column.codes.T, repeat=2):
        one, other = mine[left], theirs[right]
        if column.codes.shape[1] == 1:
            return comparison.likeness.between(known, one, other)
        both = np.flatnonzero((one | other) >= 0)
        level = comparison.likeness.between(known, one[both], other[both])
        best[both] = np.maximum(best[both], level)
    return best
