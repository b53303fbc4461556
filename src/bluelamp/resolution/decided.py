"""What people decided of pairs of records: what it implies, what contradicts it, and the groups that it makes.

A decision outweighs every key and every model. Same is transitive: same(a, b) and not_same(b, c) say that a is not c.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from bluelamp.resolution.cluster import ALWAYS, LARGEST, contract, groups
from bluelamp.resolution.frame import Rows
from bluelamp.resolution.kinship import Numbers

#: what a decision weighs: more than all that keys say of any group together
DECIDED = 1e12

_SCHEMA = pa.schema([("type", pa.string()), ("record", pa.int64()), ("other", pa.int64()), ("verdict", pa.string())])

#: weighs pairs of numbers of records, as a model does; where there is none, nothing speaks for or against
Weigh = Callable[[Rows, Rows], Numbers]


class Verdict(StrEnum):
    """What a person may say of two records."""

    SAME = "same"
    NOT_SAME = "not_same"
    UNSURE = "unsure"


class Obeyed(NamedTuple):
    """A decision that a run obeys; the lesser record first."""

    type: str
    record: int
    other: int
    verdict: str


@dataclass(frozen=True)
class Judged:
    """A decision as far as it says which records are one."""

    type: str
    record: int
    other: int
    verdict: str
    #: what the decision is called
    name: str = ""


@dataclass
class Implied:
    """All that decisions of one type say together; made up decision by decision."""

    _group: dict[int, int] = field(default_factory=dict)
    _members: dict[int, list[int]] = field(default_factory=dict)
    #: of each group the groups that it is not, each by a decision that says so
    _apart: dict[int, dict[int, Judged]] = field(default_factory=dict)
    #: of each record the decisions that it is the same as another, each with its place among all
    _same: dict[int, list[tuple[int, Judged]]] = field(default_factory=dict)
    _taken: int = 0

    def take(self, said: Judged) -> Judged | None:
        """Take a decision in, unless one that was taken in before contradicts it: then that one."""
        if said.verdict == Verdict.UNSURE:
            return None
        one, other = self._of(said.record), self._of(said.other)
        if said.verdict == Verdict.NOT_SAME:
            if one == other:
                return self._between(said.record, said.other)
            self._apart[one].setdefault(other, said)
            self._apart[other].setdefault(one, said)
            return None
        if other in self._apart[one]:
            return self._apart[one][other]
        self._taken += 1
        for end in (said.record, said.other):
            self._same.setdefault(end, []).append((self._taken, said))
        if one != other:
            self._join(one, other)
        return None

    def settles(self, record: int, other: int) -> bool:
        """Whether it says that two records are the same, or that they are not."""
        return self.says(record, other) is not None

    def says(self, record: int, other: int) -> Verdict | None:
        """What it says of two records; None where it leaves it open."""
        one, two = self._group.get(record), self._group.get(other)
        if one is None or two is None:
            return None
        return Verdict.SAME if one == two else Verdict.NOT_SAME if two in self._apart[one] else None

    def _of(self, record: int) -> int:
        if record not in self._group:
            self._group[record] = record
            self._members[record], self._apart[record] = [record], {}
        return self._group[record]

    def _join(self, one: int, other: int) -> None:
        keep, gone = (one, other) if len(self._members[one]) >= len(self._members[other]) else (other, one)
        for record in self._members.pop(gone):
            self._group[record] = keep
            self._members[keep].append(record)
        for far, why in self._apart.pop(gone).items():
            del self._apart[far][gone]
            self._apart[far].setdefault(keep, why)
            self._apart[keep].setdefault(far, why)

    def _between(self, record: int, other: int) -> Judged:
        """The newest of the fewest decisions that make two records the same."""
        came: dict[int, tuple[int, Judged] | None] = {record: None}
        queue = [record]
        for at in queue:
            for step in self._same.get(at, ()):
                far = _far(step[1], at)
                if far not in came:
                    came[far] = step
                    queue.append(far)
        way: list[tuple[int, Judged]] = []
        at = other
        while (last := came[at]) is not None:
            way.append(last)
            at = _far(last[1], at)
        return max(way, key=lambda step: step[0])[1]


def _far(said: Judged, end: int) -> int:
    return said.other if said.record == end else said.record


def obeyed(said: Iterable[Judged]) -> list[Obeyed]:
    """The decisions that a run obeys, of all that are in force, the oldest first.

    One that contradicts older ones waits until these are undone. Who decides is told so where they may see those;
    where they may not, the decision must be taken as if there were none.
    """
    known: dict[str, Implied] = {}
    kept = [each for each in said if known.setdefault(each.type, Implied()).take(each) is None]
    decided = (each for each in kept if each.verdict != Verdict.UNSURE)
    return sorted({Obeyed(e.type, min(e.record, e.other), max(e.record, e.other), str(e.verdict)) for e in decided})


def table(decisions: Iterable[Obeyed]) -> pa.Table:
    """The decisions in columns: type, record, other, verdict."""
    return pa.Table.from_pylist([each._asdict() for each in decisions], _SCHEMA)


def fingerprint(decisions: Iterable[Obeyed]) -> str:
    """What a build notes of the decisions that it obeyed; empty: none."""
    rows = sorted(tuple(each) for each in decisions)
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16] if rows else ""


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
