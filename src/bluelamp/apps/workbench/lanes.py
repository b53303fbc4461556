"""Gaps and overlaps of a chart: when nothing is known of something, and when it is said to be in two ways at once.

Both are worked out from all that is dated on the chart, hidden or not: what is only out of sight is no gap. A date that
is not whole may mean any moment of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

from bluelamp.session.charting import ChartView
from bluelamp.session.exploring import Bond, Thing
from bluelamp.session.placing import spanned

MINUTE = timedelta(minutes=1)

#: overlaps of a chart, in the time that is looked at, that are told of
MOST_OVERLAPS = 5_000

#: what can be at one place only: a place has many people, and a body many seats
MOVES = ("person", "object")


@dataclass(frozen=True)
class Mark:
    """Something dated in a lane: it may have been from `first` to `last`, and was from `begun` to `ended`."""

    #: the thing; of a link, both its ends
    ids: tuple[str, ...]
    #: the type of the thing or link
    type: str
    #: what the thing is called; how the link reads from one end to the other
    label: str
    first: datetime
    #: None: no end is said
    last: datetime | None
    #: where `ended` is not later than `begun`, it is certain of no moment
    begun: datetime
    ended: datetime
    #: for the gaps: the end of the time that it accounts for; that of its beginning where no end is said
    known: datetime
    #: whether it went on for a time
    lasts: bool
    #: whether it is a link to a place
    placed: bool = False
    #: what its source says of its beginning and end
    said: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Stretch:
    """A gap between two marks of a lane, or a time that two share: for certain, or by what their dates may mean."""

    kind: Literal["gap", "sure", "may"]
    lane: str
    title: str
    first: datetime
    #: None: no end is said
    last: datetime | None
    one: Mark
    other: Mark

    @property
    def length(self) -> timedelta:
        """How long it is; without an end longer than anything else."""
        return self.last - self.first if self.last else timedelta.max

    def within(self, first: datetime | None, last: datetime | None) -> bool:
        """Whether some of it lies between two moments; None: from ever, or for ever."""
        return (last is None or self.first < last) and (first is None or self.last is None or self.last > first)


@dataclass(frozen=True)
class Lane:
    """Marks that belong together, by when they may have begun."""

    key: str
    title: str
    marks: tuple[Mark, ...]
    #: whether it is of one thing that is at one place at a time
    moves: bool = False


def by_type(chart: ChartView) -> list[Lane]:
    """A lane for each type of event, and for each type of link that has dates."""
    found: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for thing in chart.drawing.things:
        if mark := of_thing(thing):
            found[thing.type, thing.label].append(mark)
    for bond in chart.drawing.bonds:
        if mark := of_bond(bond, placed=False):
            found[bond.type, bond.label].append(mark)
    return [Lane(key, title, _ordered(marks)) for (key, title), marks in found.items()]


def by_thing(chart: ChartView) -> list[Lane]:
    """A lane for each thing that is no event: its dated links, and the events that it is linked to."""
    things = {str(each.id): each for each in chart.drawing.things}
    marks = {id: mark for id, thing in things.items() if (mark := of_thing(thing))}
    found: dict[str, dict[Mark, None]] = defaultdict(dict)
    for bond in chart.drawing.bonds:
        for end, far in ((str(bond.one), str(bond.other)), (str(bond.other), str(bond.one))):
            if end in marks or end not in things or far not in things:
                continue
            if link := of_bond(bond, placed=things[far].kind == "location"):
                found[end][link] = None
            if far in marks:
                found[end][marks[far]] = None
    return [
        Lane(id, things[id].caption or things[id].label, _ordered(listed), things[id].kind in MOVES)
        for id, listed in found.items()
    ]


def gaps(lanes: Iterable[Lane], longer: timedelta) -> Iterator[Stretch]:
    """The stretches longer than `longer` between the first and the last mark of each lane that no mark reaches into."""
    for lane in lanes:
        before: Mark | None = None
        for mark in lane.marks:
            if before and mark.first - before.known > longer:
                yield Stretch("gap", lane.key, lane.title, before.known, mark.first, before, mark)
            if before is None or mark.known > before.known:
                before = mark


def overlaps(lanes: Iterable[Lane], first: datetime | None = None, last: datetime | None = None) -> list[Stretch]:
    """What one thing is said to be at once, in some time: in two places of a kind, or in two events of which one lasts.

    At most MOST_OVERLAPS of them.
    """
    found = (each for lane in lanes if lane.moves for each in _overlaps(lane) if each.within(first, last))
    return list(islice(found, MOST_OVERLAPS))


def _overlaps(lane: Lane) -> Iterator[Stretch]:
    # what does not last is held against what does alone: of the first there may be thousands in one month
    long: list[Mark] = []
    short: list[Mark] = []
    for mark in lane.marks:
        long = [each for each in long if each.last is None or each.last > mark.first]
        if mark.lasts:
            short = [each for each in short if each.last is None or each.last > mark.first]
        for each in (*long, *(short if mark.lasts else ())):
            if _exclude(each, mark) and (found := _overlap(lane, each, mark)):
                yield found
        (long if mark.lasts else short).append(mark)


def _exclude(one: Mark, other: Mark) -> bool:
    """Whether the two cannot easily be at once."""
    if one.placed or other.placed:
        # who leaves one place on the day of coming to the next was not at both
        follows = bool(one.said[1]) and one.said[1] == other.said[0]
        return one.placed and other.placed and one.type == other.type and set(one.ids) != set(other.ids) and not follows
    return len(one.ids) == len(other.ids) == 1 and (one.lasts or other.lasts)


def _overlap(lane: Lane, one: Mark, other: Mark) -> Stretch | None:
    begun, ended = max(one.begun, other.begun), min(one.ended, other.ended)
    if begun < ended:
        return Stretch("sure", lane.key, lane.title, begun, ended, one, other)
    first = max(one.first, other.first)
    last = min((each for each in (one.last, other.last) if each), default=None)
    return Stretch("may", lane.key, lane.title, first, last, one, other) if last is None or first < last else None


def of_thing(thing: Thing) -> Mark | None:
    """The mark of an event; None of what has no date."""
    when, until = span(thing.when), span(thing.until)
    if when is None:
        return None
    end = until if until and until[1] > when[1] else when
    lasts = thing.lasts and end is not when
    exact = when[1] - when[0] == MINUTE
    ended = end[0] if lasts else when[1] if exact and end is when else when[0]
    begun = when[0] if exact else when[1]
    label = thing.caption or thing.label
    said = (thing.when, thing.until)
    return Mark((str(thing.id),), thing.type, label, when[0], end[1], begun, ended, end[1], lasts, said=said)


def of_bond(bond: Bond, *, placed: bool) -> Mark | None:
    """The mark of a link; None where it says no day. `placed`: whether its other end is a place."""
    begin, end = span(bond.from_date), span(bond.to_date)
    only = begin or end
    if only is None:
        return None
    ids = (str(bond.one), str(bond.other))
    said = (bond.from_date, bond.to_date)
    if begin and end:
        known = max(end[1], begin[1])
        return Mark(
            ids, bond.type, bond.label, begin[0], end[1], begin[1], end[0], known, lasts=True, placed=placed, said=said
        )
    last = end[1] if end else None
    return Mark(
        ids, bond.type, bond.label, only[0], last, only[1], only[0], only[1], lasts=True, placed=placed, said=said
    )


def span(said: str) -> tuple[datetime, datetime] | None:
    """The first moment that a time may mean, and the first that it no longer may; None where it is not understood."""
    try:
        found = spanned(said) if said else None
        return (found[0], found[1] + MINUTE) if found else None
    except (ValueError, OverflowError):
        return None


def _ordered(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda mark: (mark.first, mark.known, mark.label, mark.ids)))


def whole(lanes: Iterable[Lane]) -> timedelta:
    """From the first to the last moment of which something is known."""
    marks = [mark for lane in lanes for mark in lane.marks]
    return max(each.known for each in marks) - min(each.first for each in marks) if marks else timedelta(0)
