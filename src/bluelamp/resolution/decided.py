"""What people decided of pairs of records: what it implies, and what contradicts it; `parted.py` makes groups of it.

A decision outweighs every key and every model. Same is transitive: same(a, b) and not_same(b, c) say that a is not c.
Every run asks what it obeys, also one that has nothing else to do, so nothing is loaded here that only joins.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import pyarrow as pa

_SCHEMA = pa.schema([("type", pa.string()), ("record", pa.int64()), ("other", pa.int64()), ("verdict", pa.string())])


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
