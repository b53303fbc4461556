"""The sample of a type: the pairs that are drawn from what a reader sees, and what people have said of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from bluelamp.index.crowd import Crowd
from bluelamp.index.index import Index
from bluelamp.ontology.grammar import ObjectType
from bluelamp.pipeline import numbering
from bluelamp.resolution import drawn
from bluelamp.resolution.decided import Implied, Judged, Verdict
from bluelamp.resolution.drawn import Draw, Drawn, Standings
from bluelamp.session.decisions import Decision
from bluelamp.session.undecided import Two, Undecided, undecided

if TYPE_CHECKING:
    from bluelamp.session.force import BlueLamp, Published


@dataclass(frozen=True)
class Sample:
    """The pairs that were drawn, in their order, from how records stand without decisions."""

    joined: tuple[Drawn, ...]
    doubted: tuple[Drawn, ...]
    undecided: Undecided


@dataclass(frozen=True)
class Said:
    """What people have said of a pair that was drawn, and who; nothing where they have not."""

    drawn: Drawn
    verdict: Verdict | None
    users: frozenset[str]


def sample(force: "BlueLamp", published: "Published", noun: type[ObjectType], visible: frozenset[int]) -> Sample:
    """The sample of a type for a reader who sees everything of some accesses; the same while the build is."""
    draw = Draw.of(numbering.secret(force.store, force.build))
    without = undecided(force, published, noun, visible)
    crowd, size = published.index.crowd(noun.name(), visible), max(1, force.workspace.settings.resolution.sample)
    also = {object for pair in without.instead.doubts for object in pair if object >= 0} | without.instead.objects
    return Sample(
        _first(crowd, without, size, lambda most: crowd.nearest(draw.point, most), lambda *of: drawn.joined(draw, *of)),
        _first(
            crowd, without, size, lambda most: crowd.nearest_doubts(draw.point, most, also),
            lambda *of: drawn.doubted(draw, *of),
        ),
        without,
    )  # fmt: skip


def judged(
    index: Index, noun: type[ObjectType], visible: frozenset[int], found: Sample, listed: Sequence[Decision]
) -> tuple[list[Said], list[Said]]:
    """What decisions on records that a reader sees say of joined pairs and of doubts."""
    ends = {end for each in listed for end in (each.record, each.other)}
    places = index.pairs.places(noun.slug(), ends, visible)
    objects = {record: found.undecided.object(record, place.number) for record, place in places.items()}
    return said(found.joined, listed, objects), said(found.doubted, listed, objects)


def said(found: Iterable[Drawn], listed: Iterable[Decision], objects: dict[int, int]) -> list[Said]:
    """What decisions say of pairs that were drawn. `objects` are those, without decisions, of the records decided on.

    A joined pair is judged by what is said of its records; a doubt by what is said of any records of its objects.
    """
    kept = [each for each in listed if {each.record, each.other} <= objects.keys()]
    records, wholes = _Said(), _Said()
    for each in kept:
        records.take(each, each.record, each.other)
        wholes.take(each, objects[each.record], objects[each.other])
    return [
        Said(each, *(records.of(*each.pair) if each.objects[0] == each.objects[1] else wholes.of(*each.objects)))
        for each in found
    ]


class _Said:
    """What decisions say of some numbers, and who said so."""

    def __init__(self) -> None:
        self.implied = Implied()
        self.unsure: set[Two] = set()
        self.users: dict[Two, set[str]] = {}

    def take(self, said: Decision, one: int, other: int) -> None:
        """Take a decision in, on two numbers."""
        two = min(one, other), max(one, other)
        if one == other:
            return
        self.users.setdefault(two, set()).add(said.user)
        if said.verdict == Verdict.UNSURE:
            self.unsure.add(two)
        else:
            self.implied.take(Judged(said.type, *two, said.verdict))

    def of(self, one: int, other: int) -> tuple[Verdict | None, frozenset[str]]:
        """What is said of two, and by whom, where not others' decisions imply it."""
        two = min(one, other), max(one, other)
        verdict = self.implied.says(one, other) or (Verdict.UNSURE if two in self.unsure else None)
        return verdict, frozenset(self.users.get(two, ()))


def _first(
    crowd: Crowd,
    without: Undecided,
    size: int,
    nearest: Callable[[int], tuple[dict[int, int], bool]],
    make: Callable[[Standings, Iterable[int]], list[Drawn]],
) -> tuple[Drawn, ...]:
    """The first pairs of one kind, of as many records as that takes."""
    most = 4 * size
    while True:
        published, whole = nearest(most)
        pairs = make(_standings(crowd, without, published), published)
        if len(pairs) >= size or whole:
            return tuple(pairs[:size])
        most *= 4


def _standings(crowd: Crowd, without: Undecided, published: dict[int, int]) -> Standings:
    """How some records stand, with all that these are held against."""
    objects = {record: without.object(record, object) for record, object in published.items()}
    touched = without.instead.objects
    mine = {object for object in objects.values() if object >= 0}
    shown = {two: pair for two, pair in crowd.doubts(mine).items() if touched.isdisjoint(two)}
    doubts: dict[int, dict[int, Two]] = {}
    for (one, other), pair in chain(shown.items(), without.doubts.items()):
        doubts.setdefault(one, {})[other] = doubts.setdefault(other, {})[one] = pair
    near = {other for object in set(objects.values()) for other in doubts.get(object, ())}
    members: dict[int, list[int]] = {}
    for record, object in without.instead.records.items():
        members.setdefault(object, []).append(record)
    for record, object in crowd.of(mine | {each for each in near if each >= 0}).items():
        members.setdefault(object, []).append(record)
    return Standings(objects, {object: tuple(some) for object, some in members.items()}, doubts)
