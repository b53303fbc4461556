"""What the index answers with: plain values, made only from what the reader may see."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bluelamp.ids import ObjectId


@dataclass(frozen=True)
class Why:
    """Which visible value matched, and how, in words that a page can show: `Surname sounds like`."""

    property: str
    value: str
    how: str


class About(NamedTuple):
    """What visible records say of one property, as a page shows it."""

    label: str
    value: str


@dataclass(frozen=True)
class Hit:
    """One object that matches."""

    object: ObjectId
    #: the object type as declarations write it: `StopSearch`
    type: str
    caption: str
    sources: tuple[str, ...]
    #: of the records that the reader sees
    markings: tuple[str, ...]
    #: the first day on which it may have happened; only events have one
    day: date | None
    why: tuple[Why, ...]
    score: float
    #: what tells it from another with the same caption
    about: tuple[About, ...] = ()


@dataclass(frozen=True)
class Facets:
    """Objects by type and by source, most first. Each is counted with every filter but its own applied."""

    types: dict[str, int]
    sources: dict[str, int]
    #: whether the numbers are exact; otherwise a page says "about"
    exact: bool


@dataclass(frozen=True)
class Found:
    """One page of an answer. `total` counts objects; where `exact` is False it is an estimate."""

    total: int
    exact: bool
    hits: tuple[Hit, ...]
    facets: Facets
    #: how the question was understood, where that needs saying
    notes: tuple[str, ...]


class Unread(NamedTuple):
    """A value of an object that could not be understood: what stands where, and why it says nothing."""

    property: str
    raw: str
    message: str
    source: str
    marking: str
    delivery: int
    file: str
    row: int


@dataclass(frozen=True)
class Record:
    """What one source said of an object, and where in the source it stands."""

    type: str
    record: int
    source: str
    marking: str
    delivery: int
    file: str
    row: int
    key: str
    caption: str
    #: property name -> value as stored; properties without a value are left out
    values: dict[str, object]


@dataclass(frozen=True)
class Link:
    """One relation as seen from one of its ends; sources that say the same are put together."""

    type: str
    #: True where the object asked about is the link's first end
    forward: bool
    other: ObjectId
    other_type: str
    caption: str
    role: str | None
    category: str | None
    from_date: str | None
    to_date: str | None
    basis: str | None
    #: who says so: source, marking, delivery, file, row
    said: tuple[tuple[str, str, int, str, int], ...]
    #: the first day of the other end, where that is an event
    day: date | None = None


@dataclass(frozen=True)
class LinkCount:
    """How many other objects an object has by one link type, direction and role."""

    type: str
    forward: bool
    role: str | None
    objects: int


@dataclass(frozen=True)
class Links:
    """One page of an object's links, with the numbers of all of them."""

    total: int
    counts: tuple[LinkCount, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Conflict:
    """A strong key that an object shares with another which contradicts it, for a person to judge."""

    property: str
    value: str
    other: ObjectId
    caption: str
    message: str
