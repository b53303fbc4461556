"""What the session hands out: plain values in which everything a reader may not see is already left out."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from bluelamp.ids import ObjectId

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


@dataclass(frozen=True)
class Said:
    """Where one value stands: the source, its delivery, the file and the row."""

    source: str
    title: str
    delivery: int
    file: str
    row: int
    key: str
    marking: str
    #: the day the delivery came, ISO
    came: str


@dataclass(frozen=True)
class Seen:
    """One value of a property, with every visible place that says so."""

    value: str
    shown: str
    said: tuple[Said, ...]
    masked: bool = False


@dataclass(frozen=True)
class NotUnderstood:
    """What stands in a source for a property, as it stands there, and why nothing could be made of it."""

    raw: str
    message: str
    said: tuple[Said, ...]
    masked: bool = False


@dataclass(frozen=True)
class Fact:
    """A property of an object: its values, the best attested first, and whether they contradict each other.

    There may be none, where all that is said of it was not understood.
    """

    name: str
    label: str
    values: tuple[Seen, ...]
    disagree: bool
    warning: bool = False
    not_understood: tuple[NotUnderstood, ...] = ()

    @property
    def sources(self) -> int:
        """How many sources say something of it: one that gives two values disagrees with nobody."""
        return len({place.source for value in self.values for place in value.said})


@dataclass(frozen=True)
class Tie:
    """One link of an object, as one or more source rows state it."""

    type: str
    #: how it reads from this object
    label: str
    other: ObjectId
    caption: str
    other_type: str
    role: str
    category: str
    from_date: str
    to_date: str
    basis: str
    said: tuple[Said, ...]
    #: the day of the event at the other end, where it is one
    day: date | None = None


@dataclass(frozen=True)
class TieGroup:
    """All links of one type in one direction, counted; `ties` holds those of the page asked for."""

    type: str
    label: str
    count: int
    ties: tuple[Tie, ...]

    @property
    def other_types(self) -> tuple[str, ...]:
        """What stands at the other ends of these ties."""
        return tuple(dict.fromkeys(tie.other_type for tie in self.ties))

    @property
    def has_roles(self) -> bool:
        """Whether one of these ties says in what role."""
        return any(tie.role or tie.category for tie in self.ties)


@dataclass(frozen=True)
class Doubt:
    """A strong key shared with another object that a person must judge."""

    property: str
    value: str
    other: ObjectId
    caption: str
    message: str


@dataclass(frozen=True)
class Moment:
    """One entry of an object's timeline; `when` is the canonical, perhaps partial, text."""

    when: str
    shown: str
    title: str
    #: how the object is tied to it, or who says so
    detail: str
    id: ObjectId | None
    role: str = ""


@dataclass(frozen=True)
class ObjectView:
    """An object as this reader may see it."""

    id: ObjectId
    type: str
    type_label: str
    caption: str
    facts: tuple[Fact, ...]
    groups: tuple[TieGroup, ...]
    timeline: tuple[Moment, ...]
    doubts: tuple[Doubt, ...]
    records: int
    sources: tuple[str, ...]
    marking: str
    #: the id that was asked for, where this object took its place
    asked_as: ObjectId | None = None

    @property
    def warnings(self) -> tuple[Fact, ...]:
        """What whoever meets this object must know first."""
        return tuple(fact for fact in self.facts if fact.warning)


@dataclass(frozen=True)
class CellView:
    """One column of a raw row."""

    column: str
    raw: str | None


@dataclass(frozen=True)
class StepView:
    """One value that a row gave: what stood there, what it became, and what was wrong with it."""

    record: str
    property: str
    label: str
    raw: str
    cleaned: str
    issue: str


@dataclass(frozen=True)
class FedView:
    """An object that a row feeds."""

    record: str
    id: ObjectId
    caption: str
    type_label: str


@dataclass(frozen=True)
class RowView:
    """One row of a delivery: as received, as understood, and the objects it feeds."""

    source: str
    title: str
    delivery: int
    file: str
    row: int
    came: str
    who: str
    checksum: str
    cells: tuple[CellView, ...]
    steps: tuple[StepView, ...]
    feeds: tuple[FedView, ...]
    marking: str


@dataclass(frozen=True)
class Table:
    """All visible records of one object type, as Arrow, Polars or pandas."""

    rows: pa.Table
    marking: str
    notes: dict[str, str] = field(default_factory=dict)

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table."""
        return self.rows

    def polars(self) -> "pl.DataFrame":
        """The rows as a Polars frame."""
        import polars as pl  # noqa: PLC0415 a third of a command's start, for what a notebook alone asks for

        return pl.DataFrame(self.rows)

    def pandas(self) -> "pd.DataFrame":
        """The rows as a pandas frame."""
        made: pd.DataFrame = self.rows.to_pandas()
        return made
