"""The story of a chart as one reader may read it: which passages are there, and what each is about."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from bluelamp.session import looks
from bluelamp.session.changes import Board, Proposed, Spot
from bluelamp.session.exploring import Drawing, Thing
from bluelamp.session.looks import NETWORK, PROPOSED, STYLE, Look
from bluelamp.session.measures import Measure, measures

#: the changes that are made to a story
KINDS = ("tell", "rewrite", "reorder", "untell")

#: passages of one story
MOST_PASSAGES = 50

#: between the types of a link and of the thing at its other end, and the property of that
OF = ">"


@dataclass(frozen=True)
class Told:
    """A passage; what it looks at holds nothing that its reader may not see, and is None where nothing would show."""

    key: str
    heading: str
    text: str
    look: Look | None
    user: str
    at: datetime


@dataclass
class Shown:
    """What a reader sees of a chart, and what stands in each look at it."""

    drawing: Drawing
    spots: Mapping[str, Spot]
    proposed: Mapping[str, Proposed]
    _said: dict[str, dict[str, Sequence[str]]] = field(default_factory=dict)

    def of(self, look: Look) -> Iterator[str]:
        """The ids of the things, and the keys of the proposed ones, that a look shows."""
        things = [self.named[id] for id in look.ids if id in self.named] if look.only else self.drawing.things
        shown = (each for each in things if not self.spots[str(each.id)].hidden)
        yield from (str(each.id) for each in looks.narrowed(shown, look, self.said))
        yield from looks.thought(self.proposed, look)

    @cached_property
    def types(self) -> frozenset[str]:
        """The types of what is here."""
        return frozenset({each.type for each in self.drawing.things} | ({PROPOSED} if self.proposed else set()))

    @cached_property
    def named(self) -> dict[str, Thing]:
        """The things by their ids."""
        return {str(each.id): each for each in self.drawing.things}

    def safe(self, look: Look, now: Mapping[str, str]) -> Look | None:
        """A look without what says something of what is not here; None where it then shows nothing."""
        values, styles = (
            {value for each in self.said(by).values() for value in each} if wanted else ()
            for by, wanted in ((look.by, look.values), (STYLE, look.styles))
        )
        meant = dict.fromkeys(now.get(each, each) for each in look.ids)
        middle = now.get(look.middle, look.middle)
        here = bool(middle) and (middle in self.spots or middle in self.proposed)
        kept = replace(
            look,
            types=tuple(each for each in look.types if each in self.types),
            values=tuple(each for each in look.values if each in values),
            ids=tuple(each for each in meant if each in self.spots or each in self.proposed),
            styles=tuple(each for each in look.styles if each in styles),
            frame=look.frame if here else (),
            middle=middle if here else "",
        )
        narrow = (
            (look.types, kept.types),
            (look.values, kept.values),
            (look.styles, kept.styles),
            (look.only, kept.ids),
        )
        lost = any(before and not after for before, after in narrow)
        return None if lost or next(self.of(kept), None) is None else kept

    def said(self, by: str) -> dict[str, Sequence[str]]:
        """What each thing says in a property, or what it is linked to does."""
        if by and by not in self._said:
            self._said[by] = _values(self.drawing, self.spots, by)
        return self._said.get(by, {})


def told(board: Board, known: Container[str], now: Mapping[str, str], shown: Shown) -> tuple[Told, ...]:
    """The passages of a chart for a reader to whom its things mean what `now` says, in reading order."""
    found = []
    for key in seen(board, known):
        each = board.story[key]
        look = shown.safe(each.look, now) if each.look else None
        found.append(Told(key, each.heading, each.text, look, each.user, each.at))
    return tuple(found)


def seen(board: Board, known: Container[str]) -> list[str]:
    """The keys of the passages that are there for a reader, in reading order: not of one all about what is not `known`.

    Its words would tell of these, as those of a note on a thing would.
    """
    return [
        key
        for key, each in board.story.items()
        if each.look is None or not each.look.ids or any(id in known for id in each.look.ids)
    ]


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a passage: a blank line begins one."""
    return tuple(each for each in re.split(r"\n\s*\n", text) if each)


def network(drawing: Drawing, *, along: bool = False) -> dict[str, Measure]:
    """How each thing stands among those on the chart, by what this reader sees of it; `along` as `measures` has it."""
    things = [str(each.id) for each in drawing.things]
    return measures(things, ((str(bond.one), str(bond.other)) for bond in drawing.bonds), along=along)


def _values(drawing: Drawing, spots: Mapping[str, Spot], by: str) -> dict[str, Sequence[str]]:
    far, linked, name = by.rpartition(OF)
    if linked:
        return _linked(drawing, far, name)
    if by == STYLE:
        return _worn(drawing)
    if by in NETWORK:
        return {id: (f"{NETWORK[by]} {getattr(each, by)}",) for id, each in network(drawing).items()}
    return {str(each.id): said for each in drawing.things if (said := _of(each, spots[str(each.id)], by))}


def _of(thing: Thing, spot: Spot, by: str) -> Sequence[str]:
    """What a thing says by itself."""
    if by == "type":
        return (thing.label,)
    if by == "source":
        return thing.sources
    if by == "group":
        return (spot.group,) if spot.group else ()
    return thing.values.get(by, ())


def _linked(drawing: Drawing, far: str, name: str) -> dict[str, Sequence[str]]:
    """What the things of a type that each is linked to say in a property."""
    said = {str(each.id): each.values.get(name, ()) for each in drawing.things if each.type == far}
    found: dict[str, list[str]] = {}
    for bond in drawing.bonds:
        for end, other in ((str(bond.one), str(bond.other)), (str(bond.other), str(bond.one))):
            found.setdefault(end, []).extend(said.get(other, ()))
    return dict(found)


def _worn(drawing: Drawing) -> dict[str, Sequence[str]]:
    """The styles that fit each thing, or a link of it."""
    found: dict[str, list[str]] = {str(each.id): list(each.styles) for each in drawing.things}
    for bond in drawing.bonds:
        for end in (str(bond.one), str(bond.other)):
            found[end].extend(bond.styles)
    return dict(found)
