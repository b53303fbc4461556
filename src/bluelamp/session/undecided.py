"""How the records of a build would stand by keys and model alone, had nobody decided anything.

What was decided of pairs that were drawn is the answer to how good the joining is; obeyed, it would hide the question.
So where decisions touch objects of the published build, the records of these, as far as the reader sees them, are
joined once more without any. All others stand as published. It is a function of what the reader sees.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from bluelamp.index.crowd import Crowd, Instead
from bluelamp.ontology.grammar import ObjectType
from bluelamp.resolution.bands import logit
from bluelamp.resolution.cluster import ALWAYS, Pairs
from bluelamp.resolution.decided import Verdict
from bluelamp.resolution.likely import Likely
from bluelamp.session import decisions
from bluelamp.session.scales import Scales

if TYPE_CHECKING:
    from bluelamp.session.force import BlueLamp, Published

#: two objects, the lesser number first
Two = tuple[int, int]


@dataclass(frozen=True)
class Undecided:
    """What counts instead of the published objects that decisions touch. Its objects have numbers below 0."""

    instead: Instead
    #: pairs of objects that may be one, with the records that say so most
    doubts: dict[Two, Two]

    def object(self, record: int, published: int) -> int:
        """The object of a record that is `published` as another."""
        return self.instead.records.get(record, published)


NOTHING = Undecided(Instead(frozenset(), {}, frozenset()), {})


def undecided(force: "BlueLamp", published: "Published", noun: type[ObjectType], visible: frozenset[int]) -> Undecided:
    """How records that a reader sees would stand without the decisions on two of them that the build obeys."""
    crowd, scales, build = published.index.crowd(noun.name(), visible), force.scales(noun.name()), force.build
    if scales is None or build is None:
        return NOTHING
    with force.database.begin() as connection:
        listed = decisions.in_force_at(connection, noun.name(), datetime.fromisoformat(build.at))
    ends = {end for each in listed for end in (each.record, each.other)}
    places = published.index.pairs.places(noun.slug(), ends, visible)
    seen = [e for e in listed if {e.record, e.other} <= places.keys() and e.verdict != Verdict.UNSURE]
    apart = {
        _two(places[each.record].number, places[each.other].number) for each in seen if each.verdict == Verdict.NOT_SAME
    }
    touched = frozenset(places[end].number for each in seen for end in (each.record, each.other))
    if not touched:
        return NOTHING
    objects = crowd.of(touched)
    scope = np.array(sorted(objects), np.int64)
    likely = Likely(scales.model, scales.standing, frozenset(each.name for each in noun.strong_keys()))
    likely.ties(scope)
    pairs = likely.pairs(scope)
    records, least = likely.clusters(scope, pairs, _sure(noun, crowd, objects, apart))
    stand = dict(zip(records.tolist(), (-1 - least).tolist(), strict=True))
    stand |= {record: -1 - record for record in objects if record not in stand}
    known = stand | _beyond(published, noun, visible, stand, pairs)
    doubts = _doubts(scales, pairs, known)
    both = frozenset(pair for one, other in doubts for pair in ((one, other), (other, one)))
    return Undecided(Instead(touched, stand, both), doubts)


def _sure(noun: type[ObjectType], crowd: Crowd, objects: dict[int, int], apart: set[Two]) -> Pairs:
    """What keys join: records that share one, unless they stand apart although nobody decided that they do."""
    left, right = [], []
    for key in noun.strong_keys():
        holders: dict[str, list[int]] = {}
        for record, value in crowd.said(key.name, objects):
            holders.setdefault(value, []).append(record)
        for first, *others in holders.values():
            for other in others:
                two = _two(objects[first], objects[other])
                if two[0] == two[1] or two in apart:
                    left.append(first)
                    right.append(other)
    return Pairs(np.array(left, np.int64), np.array(right, np.int64), np.full(len(left), ALWAYS))


def _beyond(
    published: "Published", noun: type[ObjectType], visible: frozenset[int], stand: dict[int, int], pairs: Pairs
) -> dict[int, int]:
    """The objects of the other records of pairs."""
    others = {*pairs.left.tolist(), *pairs.right.tolist()} - stand.keys()
    found = published.index.pairs.places(noun.slug(), others, visible)
    return {record: place.number for record, place in found.items()}


def _doubts(scales: Scales, pairs: Pairs, known: dict[int, int]) -> dict[Two, Two]:
    """Of each two objects the records that are likeliest one, from where a person judges."""
    found: dict[Two, Two] = {}
    least = logit(scales.model.bands.judge)
    for at in _strongest(pairs.weight):
        record, other = int(pairs.left[at]), int(pairs.right[at])
        if pairs.weight[at] >= least and record in known and other in known:
            one, two = known[record], known[other]
            if one != two:
                found.setdefault(_two(one, two), (record, other) if one < two else (other, record))
    return found


def _strongest(weight: np.ndarray) -> Iterable[int]:
    places: list[int] = np.argsort(-weight, kind="stable").tolist()
    return places


def _two(one: int, other: int) -> Two:
    return min(one, other), max(one, other)
