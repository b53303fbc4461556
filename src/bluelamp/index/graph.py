"""What is connected to what, for one reader: search around, links among things, all shortest paths between two.

Every link carries three accesses, all of which the reader must have, so whatever a step leads to is visible too; only a
link whose key leads to no record leads nowhere, and such ends are left out.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import compute

from bluelamp.errors import TooMuch
from bluelamp.ids import ObjectId
from bluelamp.index.nouns import Seen
from bluelamp.index.objects import Objects
from bluelamp.index.rows import Mask, Test, saying, within

#: link rows that one search for paths reads at most
MOST_STEPS = 2_000_000

_COLUMNS = (
    "object", "type", "forward", "other", "other_type", "role", "category", "from_date", "to_date", "basis", "access",
    "object_type",
)  # fmt: skip
#: of what is at a place
_AT = ("object", "other", "other_type", "forward")

_TOO_MUCH = f"More than {MOST_STEPS:,} links lead there; choose link types, days or fewer things."


class Step(NamedTuple):
    """One row of a link, seen from one of its ends; `object` and `other` are numbers."""

    object: int
    type: str
    forward: bool
    other: int
    other_type: str
    role: str | None
    category: str | None
    from_date: str | None
    to_date: str | None
    basis: str | None
    access: int
    object_type: str


@dataclass(frozen=True)
class Choice:
    """Which links to follow; what is empty leaves nothing out."""

    types: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    #: types of things at the other end, as declarations write them
    others: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    #: days as ISO text: links that held, and events that happened, between them; what says no day is kept
    first: str = ""
    last: str = ""

    @classmethod
    def of(
        cls,
        types: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
        others: Iterable[str] | None = None,
        sources: Iterable[str] | None = None,
        first: date | str | None = None,
        last: date | str | None = None,
    ) -> "Choice":
        """From what a form, an address or a call says; what is blank says nothing."""
        kinds, parts, ends, places = (frozenset(filter(None, each or ())) for each in (types, roles, others, sources))
        return cls(kinds, parts, ends, places, str(first or ""), str(last or ""))

    def tests(self) -> dict[str, list[Test]]:
        """What tells the links to follow by their own rows, as far as these say it: sources are theirs who see them."""
        tests: dict[str, list[Test]] = {}
        for column, wanted in (("type", self.types), ("role", self.roles), ("other_type", self.others)):
            if wanted:
                tests[column] = [saying(wanted)]
        if self.first:
            tests["to_date"] = [partial(_not_before, day=self.first)]
        if self.last:
            tests["from_date"] = [partial(_not_after, day=self.last)]
        return tests

    def during(self, day: str) -> bool:
        """Whether an event on `day` is one to go to; what has no day is."""
        return not day or ((not self.first or day >= self.first) and (not self.last or day <= self.last))


class Kind(NamedTuple):
    """What a search around can follow: links of one type and direction, in one role, to one type of thing."""

    type: str
    forward: bool
    role: str | None
    other_type: str


@dataclass
class Paths:
    """All shortest paths between two things: each a sequence of object numbers, from the one to the other."""

    paths: list[tuple[int, ...]] = field(default_factory=list)
    #: whether there are more than those
    more: bool = False
    #: the number of links of each
    length: int = 0


class Graph:
    """The links of an opened index."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def steps(
        self, numbers: Iterable[int], choice: Choice, visible: frozenset[int], ends: Collection[int] | None = None
    ) -> list[Step]:
        """The link rows of some objects that are to be followed (to some `ends`), each once; ends that nobody sees are
        still among them. Raises TooMuch.
        """
        return list(map(Step._make, dict.fromkeys(self._rows(numbers, _COLUMNS, choice, visible, ends))))

    def happened(self, places: Mapping[int, float], choice: Choice, visible: frozenset[int]) -> dict[ObjectId, float]:
        """The events at some places on the chosen days, each with the least that `places` says of one of its own.

        Of the rest of `choice` count the types and the sources of the links. Raises TooMuch.
        """
        kinds = Choice(types=choice.types, sources=choice.sources)
        nearest: dict[tuple[int, int], float] = {}
        for place, event, noun, forward in self._rows(places, _AT, kinds, visible):
            if not forward:
                pair = event, self._objects.by_name[noun].code
                nearest[pair] = min(places[place], nearest.get(pair, math.inf))
        days = self._objects.days({number for number, _ in nearest}, visible)
        return {
            ObjectId(self._objects.nouns[pair[1]].slug, pair[0]): metres
            for pair, metres in nearest.items()
            if pair in days and choice.during(iso(days[pair]))
        }

    def around(self, objects: Sequence[ObjectId], choice: Choice, visible: frozenset[int]) -> dict[Kind, set[ObjectId]]:
        """What stands around some objects, by kind of link; the objects themselves are left out."""
        mine = self._own(objects)
        steps = [
            step
            for step in self.steps((each.number for each in objects), choice, visible)
            if (step.object, step.object_type) in mine and (step.other, step.other_type) not in mine
        ]
        seen = self._objects.seen({step.other for step in steps}, visible)
        kinds: dict[Kind, set[ObjectId]] = {}
        for step in steps:
            noun = self._objects.by_name[step.other_type]
            there = seen.get((step.other, noun.code))
            if there is not None and choice.during(day(there)):
                kind = Kind(step.type, step.forward, step.role, step.other_type)
                kinds.setdefault(kind, set()).add(ObjectId(noun.slug, step.other))
        return kinds

    def among(self, objects: Sequence[ObjectId], choice: Choice, visible: frozenset[int]) -> list[Step]:
        """The links that some objects have with one another, each row once, as its first end sees it."""
        mine, numbers = self._own(objects), {each.number for each in objects}
        return [
            step
            for step in self.steps(numbers, choice, visible, numbers)
            if step.forward and (step.object, step.object_type) in mine and (step.other, step.other_type) in mine
        ]

    def common(
        self, objects: Sequence[ObjectId], choice: Choice, visible: frozenset[int]
    ) -> dict[ObjectId, set[ObjectId]]:
        """The things that two or more of some objects are linked to, with which of them."""
        shared: dict[ObjectId, set[ObjectId]] = {}
        for each in objects:
            for others in self.around([each], choice, visible).values():
                for other in others:
                    shared.setdefault(other, set()).add(each)
        return {other: of for other, of in shared.items() if len(of) > 1 and other not in set(objects)}

    def paths(
        self, one: ObjectId, other: ObjectId, choice: Choice, visible: frozenset[int], longest: int, most: int
    ) -> Paths:
        """All shortest paths of at most `longest` links between two objects, the first `most` of them.

        `choice.others` says what a path may lead through. Raises TooMuch where too many links would have to be read.
        """
        blocked: set[int] = set()
        while True:
            found = _Search(self, choice, visible, blocked).run(one.number, other.number, longest, most)
            middle = {number for path in found.paths for number in path[1:-1]}
            nowhere = middle - {number for number, _ in self._objects.seen(middle, visible)}
            if not nowhere:
                return found
            blocked |= nowhere

    def seen(self, objects: Iterable[ObjectId], visible: frozenset[int]) -> dict[ObjectId, Seen]:
        """What the reader sees of each object at a glance; others are left out."""
        known = [each for each in objects if each.type in self._objects.by_name]
        seen = self._objects.seen({each.number for each in known}, visible)
        pairs = {each: (each.number, self._objects.by_name[each.type].code) for each in known}
        return {each: seen[pair] for each, pair in pairs.items() if pair in seen}

    def ids(self, numbers: Iterable[int], visible: frozenset[int]) -> dict[int, ObjectId]:
        """The id of each object number that the reader may see."""
        return {
            number: ObjectId(self._objects.nouns[code].slug, number)
            for number, code in self._objects.seen(numbers, visible)
        }

    def outside(self, numbers: Iterable[int], choice: Choice, visible: frozenset[int]) -> set[int]:
        """Of some object numbers those of events that happened on no day to look at."""
        if not (choice.first or choice.last):
            return set()
        days = self._objects.days(numbers, visible)
        return {number for (number, _), each in days.items() if not choice.during(iso(each))}

    def _own(self, objects: Iterable[ObjectId]) -> set[tuple[int, str]]:
        """Objects as link rows name them: by number and type."""
        names = self._objects.by_name
        return {(each.number, names[each.type].name) for each in objects if each.type in names}

    def _rows(
        self,
        numbers: Iterable[int],
        columns: tuple[str, ...],
        choice: Choice,
        visible: frozenset[int],
        ends: Collection[int] | None = None,
    ) -> list[tuple[Any, ...]]:
        """What some objects say in some columns of the links to follow. Raises TooMuch."""
        tests = choice.tests()
        if choice.sources:
            sources = self._objects.sources
            tests["access"] = [within(access for access in visible if sources[access] in choice.sources)]
        if ends is not None:
            tests["other"] = [within(ends)]
        rows = self._objects.laid.of("link", numbers, columns, visible, MOST_STEPS, tests)
        if rows is None:
            raise TooMuch(_TOO_MUCH)
        return rows


class _Search:
    """A search for shortest paths from both ends, a layer at a time, the smaller first."""

    def __init__(self, graph: Graph, choice: Choice, visible: frozenset[int], blocked: set[int]) -> None:
        self._graph, self._choice, self._visible, self._blocked = graph, choice, visible, blocked
        self._read = 0

    def run(self, one: int, other: int, longest: int, most: int) -> Paths:
        """The paths, if there are any."""
        if one == other:
            return Paths([(one,)])
        #: from each end: every number that was reached, with those that it was reached from
        reached: tuple[dict[int, list[int]], dict[int, list[int]]] = ({one: []}, {other: []})
        fronts = [{one}, {other}]
        for length in range(1, longest + 1):
            side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
            # an end is met whatever type of thing it is
            fronts[side] = self._layer(fronts[side], reached[side], {one, other})
            meeting = fronts[side] & reached[1 - side].keys()
            if meeting:
                listed = list(islice(_through(meeting, reached), most + 1))
                return Paths(sorted(listed[:most]), len(listed) > most, length)
            if not fronts[side]:
                break
        return Paths()

    def _layer(self, front: set[int], reached: dict[int, list[int]], ends: set[int]) -> set[int]:
        """What the objects in `front` lead to that was not reached before."""
        free = replace(self._choice, others=frozenset())
        steps = self._graph.steps(front, free, self._visible)
        self._read += len(steps)
        if self._read > MOST_STEPS:
            raise TooMuch(
                f"Between these two more than {MOST_STEPS:,} links would have to be followed; choose link types, "
                "dates or a shorter path."
            )
        others, before = self._choice.others, frozenset(reached)
        layer: dict[int, set[int]] = {}
        for step in steps:
            number = step.other
            through = not others or step.other_type in others or number in ends
            if number not in before and number not in self._blocked and through:
                layer.setdefault(number, set()).add(step.object)
        for number in self._graph.outside(layer.keys() - ends, self._choice, self._visible):
            del layer[number]
        reached.update((number, sorted(from_)) for number, from_ in layer.items())
        return set(layer)


def _through(
    meeting: Iterable[int], reached: tuple[dict[int, list[int]], dict[int, list[int]]]
) -> Iterable[tuple[int, ...]]:
    """Every path from the one end to the other through what both have reached."""
    for number in sorted(meeting):
        for head in _back(number, reached[0]):
            for tail in _back(number, reached[1]):
                yield (*reversed(head), *tail[1:])


def _back(number: int, reached: dict[int, list[int]]) -> Iterable[tuple[int, ...]]:
    """Every way from `number` back to where the search began."""
    before = reached[number]
    if not before:
        yield (number,)
    for each in before:
        for rest in _back(each, reached):
            yield (number, *rest)


def day(seen: Seen) -> str:
    """The first day on which something may have happened, ISO; "" where it has none."""
    return iso(seen.day)


def iso(said: date | None) -> str:
    """A day as text; "" where there is none."""
    return said.isoformat() if said else ""


def _not_before(column: pa.Array, day: str) -> Mask:
    """Rows that say no day, or one that may be `day` or later, by as much of both as both say: 2016 may be 2016-02-10."""
    said = _start(column, day)
    alike = compute.is_in(said, value_set=pa.array([day[:size] for size in range(len(day) + 1)]))
    return _mask(compute.or_(compute.greater_equal(said, day), alike))


def _not_after(column: pa.Array, day: str) -> Mask:
    """Rows that say no day, or one that may be `day` or earlier."""
    return _mask(compute.less_equal(_start(column, day), day))


def _start(column: pa.Array, day: str) -> pa.Array:
    """As much of each text as `day` has; nothing as an empty one."""
    return compute.utf8_slice_codeunits(column.cast(pa.string()).fill_null(""), 0, len(day))


def _mask(answers: pa.Array) -> Mask:
    return np.asarray(answers.to_numpy(zero_copy_only=False), np.bool_)
