"""The groups of records that keys made, after what people decided: see `decided.py`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bluelamp.resolution.cluster import ALWAYS, LARGEST, contract, groups
from bluelamp.resolution.frame import Rows
from bluelamp.resolution.kinship import Numbers

#: what a decision weighs: more than all that keys say of any group together
DECIDED = 1e12

#: weighs pairs of numbers of records, as a model does; where there is none, nothing speaks for or against
Weigh = Callable[[Rows, Rows], Numbers]


@dataclass(frozen=True)
class Decided:
    """The decisions on some records of one type, as pairs of their numbers."""

    left: Rows
    right: Rows
    same: np.ndarray


@dataclass(frozen=True)
class Parted:
    """What becomes of groups of records, told by keys, when people have decided on some of them."""

    #: records that are there, and the least of the group of each
    records: Rows
    least: Rows
    #: pairs of least records whose groups are decided not to be one
    apart: tuple[Rows, Rows]


@dataclass(frozen=True)
class Held:
    """What keys made of records: those that a key joined to others, with the least record of the group of each."""

    records: Rows
    least: Rows
    #: records and the numbers of the values that they hold: two with one number share a key
    holders: Rows
    values: Rows
    #: the records that exist now, ascending; through others decisions still lead on
    there: Rows


def parted(held: Held, decided: Decided, weigh: Weigh) -> Parted:
    """The groups of records after decisions.

    Groups that no decision parts are joined as a whole. Of the others those records are joined first that are decided
    to be the same, then those that share most keys, then what `weigh` is for.
    """
    nodes = np.unique(np.concatenate([held.records, held.least, decided.left, decided.right]))
    at = [np.searchsorted(nodes, each) for each in (held.records, held.least, decided.left, decided.right)]
    left, right = at[2][decided.same], at[3][decided.same]
    not_same = at[2][~decided.same], at[3][~decided.same]
    found = groups(len(nodes), np.r_[at[0], left], np.r_[at[1], right])
    torn = np.unique(found[not_same[0]][found[not_same[0]] == found[not_same[1]]])
    if len(torn):
        known = np.isin(held.holders, nodes)
        shared = np.searchsorted(nodes, held.holders[known]), held.values[known]
        for label in torn.tolist():
            rows = np.flatnonzero(found == label)
            ties = _ties(rows, nodes, shared, (left, right), not_same, weigh)
            found[rows] = rows[_first(contract(ties))]
    exists = np.isin(nodes, held.there, assume_unique=True)
    low = np.full(len(nodes), len(nodes), np.int64)
    np.minimum.at(low, found[exists], np.flatnonzero(exists))
    one, other = low[found[not_same[0]]], low[found[not_same[1]]]
    both = (one < len(nodes)) & (other < len(nodes))
    return Parted(nodes[exists], nodes[low[found[exists]]], (nodes[one[both]], nodes[other[both]]))


def _ties(
    rows: Rows,
    nodes: Rows,
    shared: tuple[Rows, Rows],
    same: tuple[Rows, Rows],
    not_same: tuple[Rows, Rows],
    weigh: Weigh,
) -> list[dict[int, float]]:
    """What speaks for and against each two of the rows being one."""
    place = {row: number for number, row in enumerate(rows.tolist())}
    ties: list[dict[int, float]] = [{} for _ in rows]

    def add(one: int, other: int, weight: float) -> None:
        ties[one][other] = ties[other][one] = ties[one].get(other, 0.0) + weight

    holding: dict[int, list[int]] = {}
    for row, value in zip(*(each.tolist() for each in shared), strict=True):
        if row in place:
            holding.setdefault(value, []).append(place[row])
    for value in sorted(holding):
        for one, other in _each_two(sorted(holding[value])):
            add(one, other, ALWAYS)
    tied = np.array([(a, b) for a, near in enumerate(ties) for b in near if a < b], np.int64).reshape(-1, 2)
    said = weigh(nodes[rows[tied[:, 0]]], nodes[rows[tied[:, 1]]]) if len(tied) else np.empty(0)
    for (one, other), weight in zip(tied.tolist(), said.tolist(), strict=True):
        add(one, other, weight)
    for pairs, weight in ((same, DECIDED), (not_same, -DECIDED)):
        for one, other in zip(*(each.tolist() for each in pairs), strict=True):
            if one in place and other in place and abs(ties[place[one]].get(place[other], 0.0)) < DECIDED / 2:
                add(place[one], place[other], weight)
    return ties


def _each_two(places: list[int]) -> Iterator[tuple[int, int]]:
    """Every two of a few; of many, each with the first."""
    return combinations(places, 2) if len(places) <= LARGEST else iter((places[0], other) for other in places[1:])


def _first(parts: list[int]) -> Rows:
    """For each place the first place of its part."""
    first: dict[int, int] = {}
    return np.array([first.setdefault(part, place) for place, part in enumerate(parts)], np.int64)
