"""Which records are one thing, from the odds of pairs: clusters that hold together, not all that hangs together."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bluelamp.resolution.frame import Rows

Numbers = npt.NDArray[np.float64]

#: what one pair may weigh for and against (natural logarithm of odds): no single pair decides over many
FOR, AGAINST = 8.0, -4.0
#: what a decision or a contradiction weighs: more than all pairs of any group together
ALWAYS = 1e6
#: groups with more records than this are not compared pair by pair throughout
LARGEST = 400


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows with the natural logarithm of the odds that they are one thing."""

    left: Rows
    right: Rows
    weight: Numbers


def groups(count: int, left: Rows, right: Rows) -> Rows:
    """For each of `count` rows the least row that it hangs together with, over any number of pairs."""
    least = np.arange(count, dtype=np.int64)
    while len(left):
        low, high = np.minimum(left, right), np.maximum(left, right)
        np.minimum.at(least, high, low)
        while not np.array_equal(further := least[least], least):
            least = further
        left, right = least[low], least[high]
        apart = left != right
        left, right = left[apart], right[apart]
    return least


def cluster(count: int, pairs: Pairs, weigh: Callable[[Rows, Rows], Numbers]) -> Rows:
    """For each of `count` rows the least row of its cluster.

    Rows that pairs with odds above one tie together are a group. Within a group every pair is weighed (`weigh` gives
    the odds of any rows), and the two parts that speak most for each other are joined, again and again, until none do
    (greedy additive edge contraction, Keuper et al. 2015). So a bridge of one lucky pair holds nothing together.
    """
    known = known_of(pairs)
    pairs = Pairs(pairs.left, pairs.right, known.over(pairs.left, pairs.right, pairs.weight))
    tied = pairs.weight > 0
    least = groups(count, pairs.left[tied], pairs.right[tied])
    sizes = np.bincount(least, minlength=count)
    agreed = np.bincount(least[_once(pairs.left[tied], pairs.right[tied])], minlength=count)
    # where every pair speaks for joining there is nothing to part, and a pair is one already
    open_ = (sizes > 2) & (agreed < sizes * (sizes - 1) // 2)  # noqa: PLR2004 (two rows)
    rows = np.flatnonzero(open_[least])
    rows = rows[np.argsort(least[rows], kind="stable")]
    size = sizes[least[rows]]
    members = [rows[size == each].reshape(-1, each) for each in np.flatnonzero(np.bincount(size)).tolist()]
    for batch in _batches([each for each in members if each.shape[1] <= LARGEST]):
        _settle(batch, least, weigh, known)
    for large in (one for each in members if each.shape[1] > LARGEST for one in each):
        inside = np.isin(pairs.left, large) & np.isin(pairs.right, large)
        part = Pairs(pairs.left[inside], pairs.right[inside], pairs.weight[inside])
        _contracted(large, part, least)
    return least


def _once(left: Rows, right: Rows) -> Rows:
    """One row of each different pair."""
    packed = np.sort(np.minimum(left, right) << 32 | np.maximum(left, right))
    return packed[np.r_[True, packed[1:] != packed[:-1]]] >> 32 if len(packed) else packed


@dataclass(frozen=True)
class Known:
    """Pairs, each packed as lesser row << 32 | greater row, ascending, with their weight."""

    pairs: Rows
    weight: Numbers

    def over(self, left: Rows, right: Rows, weight: Numbers) -> Numbers:
        """The weight of each pair: that which is fixed, else the one given."""
        if not len(self.pairs):
            return weight
        packed = np.minimum(left, right) << 32 | np.maximum(left, right)
        at = np.minimum(np.searchsorted(self.pairs, packed), len(self.pairs) - 1)
        return np.where(self.pairs[at] == packed, self.weight[at], weight)


def known_of(pairs: Pairs) -> Known:
    """The pairs whose weight somebody decided or a contradiction fixed. Not one outweighs one."""
    fixed = np.abs(pairs.weight) >= ALWAYS
    left, right, weight = pairs.left[fixed], pairs.right[fixed], pairs.weight[fixed]
    packed = np.minimum(left, right) << 32 | np.maximum(left, right)
    order = np.lexsort((weight, packed))
    first = np.flatnonzero(np.r_[True, np.diff(packed[order]) > 0]) if len(order) else order
    return Known(packed[order[first]], weight[order[first]])


#: pairs that are weighed at a time
AT_ONCE = 2_000_000


def _batches(members: list[Rows]) -> list[list[Rows]]:
    """Groups of one size each, so many together as are weighed at a time."""
    batches: list[list[Rows]] = []
    held = 0
    for each in members:
        pairs = each.shape[1] * (each.shape[1] - 1) // 2
        for some in np.array_split(each, 1 + len(each) * pairs // AT_ONCE):
            if not batches or held + len(some) * pairs > AT_ONCE:
                batches.append([])
                held = 0
            batches[-1].append(some)
            held += len(some) * pairs
    return batches


@cache
def corners(size: int) -> tuple[Rows, Rows]:
    """Every pair of so many places, once."""
    one, other = np.triu_indices(size, 1)
    return one.astype(np.int64), other.astype(np.int64)


def _settle(batch: list[Rows], least: Rows, weigh: Callable[[Rows, Rows], Numbers], known: Known) -> None:
    """Weigh every pair of each group of the batch, and part those groups in which some pair speaks against."""
    left, right = (np.concatenate([each[:, corners(each.shape[1])[side]].ravel() for each in batch]) for side in (0, 1))
    weight = weigh(left, right)
    weight = np.where(weight <= -ALWAYS, -ALWAYS, np.clip(weight, AGAINST, FOR))
    weight = known.over(left, right, weight)
    start = 0
    for each in batch:
        end = start + len(each) * len(corners(each.shape[1])[0])
        pairs = weight[start:end].reshape(len(each), -1)
        torn = pairs.min(axis=1) < 0
        least[each[torn]] = np.take_along_axis(each[torn], parted(each.shape[1], pairs[torn]), axis=1)
        start = end


def parted(size: int, weight: Numbers) -> Rows:
    """As `contract` does it, many groups of one size at once: for each place of each group the least of its part.

    `weight` has a row for each group, of its pairs as `corners` gives them.
    """
    part = np.tile(np.arange(size), (len(weight), 1))
    ties = np.full((len(weight), size, size), -np.inf)
    one, other = corners(size)
    ties[:, one, other] = ties[:, other, one] = weight
    left = np.arange(len(weight))
    while len(left):
        strongest = ties.reshape(len(ties), -1).argmax(axis=1)
        a, b = strongest // size, strongest % size
        each = np.arange(len(ties))
        joins = ties[each, a, b] > 0
        left, ties, a, b = left[joins], ties[joins], a[joins], b[joins]
        each = np.arange(len(ties))
        joined = ties[each, a] + ties[each, b]
        joined[each, a] = -np.inf
        ties[each, a] = ties[each, :, a] = joined
        ties[each, b] = ties[each, :, b] = -np.inf
        part[left] = np.where(part[left] == b[:, None], a[:, None], part[left])
    return part


def _contracted(rows: Rows, pairs: Pairs, least: Rows) -> None:
    """Part one group by its weighed pairs and write down each row's cluster."""
    local = {row: at for at, row in enumerate(rows.tolist())}
    ties: list[dict[int, float]] = [{} for _ in rows]
    for one, other, weight in zip(pairs.left.tolist(), pairs.right.tolist(), pairs.weight.tolist(), strict=True):
        a, b = local[one], local[other]
        ties[a][b] = ties[b][a] = weight
    parent = contract(ties)
    lowest: dict[int, int] = {}
    for at, row in enumerate(rows.tolist()):
        lowest[parent[at]] = min(row, lowest.get(parent[at], row))
    for at, row in enumerate(rows.tolist()):
        least[row] = lowest[parent[at]]


def contract(ties: list[dict[int, float]]) -> list[int]:
    """For each node of a weighted graph the node that stands for its part; `ties` is used up."""
    parent = list(range(len(ties)))
    heap = [(-weight, a, b) for a, near in enumerate(ties) for b, weight in near.items() if a < b and weight > 0]
    heapq.heapify(heap)
    while heap:
        weight, a, b = heapq.heappop(heap)
        if parent[a] != a or parent[b] != b or ties[a].get(b) != -weight:
            continue
        keep, gone = (a, b) if len(ties[a]) >= len(ties[b]) else (b, a)
        parent[gone] = keep
        del ties[keep][gone]
        for near, value in ties[gone].items():
            if near == keep:
                continue
            del ties[near][gone]
            joined = ties[keep].get(near, 0.0) + value
            ties[keep][near] = ties[near][keep] = joined
            if joined > 0:
                heapq.heappush(heap, (-joined, min(keep, near), max(keep, near)))
        ties[gone] = {}
    return [_root(parent, node) for node in range(len(ties))]


def _root(parent: list[int], node: int) -> int:
    while parent[node] != node:
        node = parent[node]
    return node
