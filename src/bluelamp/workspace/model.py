"""What a workspace declares, as loaded and checked: plain values that every later step reads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from bluelamp.ontology.grammar import Kind, LinkType, ObjectType
from bluelamp.ontology.organisation import Organisation
from bluelamp.settings import Settings

Mode = Literal["append", "replace", "upsert"]

#: a column of the file, or several of which the first that is not blank in a row counts
Column = str | tuple[str, ...]


def names(columns: Iterable[Column]) -> tuple[str, ...]:
    """Every name in `columns`, those of alternatives too."""
    return tuple(name for each in columns for name in ([each] if isinstance(each, str) else each))


def shown(column: Column) -> str:
    """A column as a sentence names it."""
    return column if isinstance(column, str) else " or ".join(column)


@dataclass(frozen=True)
class Place:
    """Where in which file something was declared, for messages."""

    file: Path
    line: int


@dataclass(frozen=True)
class Value:
    """How one value is made from a row. Exactly one of `columns`, `constant` and `expression` kinds applies.

    `kind`: `column` (the first of `columns`), `join` (all of them with `separator`), `split` (part `part`,
    counted from 1, or from -1 at the end, of the first column cut at `separator`), `point` (latitude and
    longitude columns, or with the format `grid` those of easting and northing), `date` (the columns of year, month,
    day, hour and minute, as many of them as there are), `constant`.
    """

    kind: Literal["column", "join", "split", "point", "date", "constant"]
    columns: tuple[Column, ...] = ()
    constant: str | None = None
    separator: str = " "
    part: int = 1
    #: how dates and times are written: `iso` or strptime codes, tried in order
    formats: tuple[str, ...] = ()
    #: the name of a code list that translates the value
    codes: str | None = None


@dataclass(frozen=True)
class Key:
    """What makes a record's key: columns, and whether a row without them is known by its place instead."""

    columns: tuple[Column, ...]
    otherwise_row: bool = False


@dataclass(frozen=True)
class RecordSpec:
    """One record that each row of a source makes (where `when` holds and its key is not blank)."""

    name: str
    type: type[ObjectType]
    key: Key
    set: dict[str, Value]
    #: a checked SQL condition over the columns, or None
    when: str | None = None
    #: the row's own marking, where the source gives one
    marking: Value | None = None
    place: Place | None = None


@dataclass(frozen=True)
class End:
    """One end of a link: a record of this row, or a record of another source found by its key."""

    record: str
    source: str | None = None
    key: Key | None = None


@dataclass(frozen=True)
class LinkSpec:
    """One link that each row makes."""

    type: LinkType
    from_: End
    to: End
    role: Value | None = None
    category: Value | None = None
    from_date: Value | None = None
    to_date: Value | None = None
    basis: Value | None = None
    when: str | None = None
    place: Place | None = None


@dataclass(frozen=True)
class HealthCheck:
    """What must hold of a source before a build is published; `then` says what a failure does.

    `kind`: `fresh` (`days`), `rows` (`least`, `most`, of the whole source), `unique` (`columns`),
    `allowed` (`column`, `values`), `rejects` (`most` as a share from 0 to 1).
    """

    kind: Literal["fresh", "rows", "unique", "allowed", "rejects"]
    then: Literal["warn", "stop"]
    days: int | None = None
    least: float | None = None
    most: float | None = None
    columns: tuple[Column, ...] = ()
    values: tuple[str, ...] = ()
    place: Place | None = None


#: the column beside those of a list that says which of its elements a row is
NTH = ".#"


@dataclass(frozen=True)
class Read:
    """How a source is read: the connector, where, and the connector's own options."""

    connector: str
    path: str
    mode: Mode
    options: dict[str, str] = field(default_factory=dict)
    #: columns that a delivery may lack
    optional: tuple[str, ...] = ()

    @property
    def each(self) -> str:
        """The list of which each element is a row, by its path; empty where each thing in a file is one."""
        return self.options.get("each", "")

    @property
    def nth(self) -> str:
        """The column that says which element of that list a row is, from 1."""
        return self.each + NTH

    def of_element(self, column: str) -> bool:
        """Whether `column` says something of an element, so that files in which no list has any need not have it."""
        return bool(self.each) and column != self.nth and f"{column}.".startswith(f"{self.each}.")


@dataclass(frozen=True)
class Source:
    """A system that data comes from, with who answers for it and what it may be used for (DP-11)."""

    name: str
    title: str
    owner: str
    lawful_basis: str
    purposes: tuple[str, ...]
    marking: str
    retention: str
    read: Read
    records: tuple[RecordSpec, ...]
    links: tuple[LinkSpec, ...]
    checks: tuple[HealthCheck, ...] = ()
    description: str = ""
    #: readers whom it is not open to are told that something exists, and to ask `contact`
    discoverable: bool = False
    contact: str = ""
    attribution: str = ""
    place: Place | None = None
    #: SHA-256 of the declaration: a changed declaration maps the source anew
    fingerprint: str = ""


@dataclass(frozen=True)
class Purpose:
    """A declared reason to use data."""

    name: str
    title: str
    lawful_basis: str
    roles: tuple[str, ...]
    needs_reason: bool = True
    needs_case: bool = False
    #: masked (sensitive) values may be seen (DP-3); needs `policy_document`
    sensitive: bool = False
    policy_document: str = ""
    #: it protects people at risk: alone for such a purpose may a question say something of a person by way of others
    safeguarding: bool = False
    #: no approved DPIA, no purpose (DP-43)
    dpia: str = ""
    ends: date | None = None
    description: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class Marking:
    """A handling limit. Ranked markings (GSC) order: a clearance covers lower ones; others it must name."""

    name: str
    title: str
    #: OFFICIAL is 0, OFFICIAL-SENSITIVE 1; None: a plain word outside the order
    rank: int | None = None


@dataclass(frozen=True)
class Retention:
    """How long records are kept: when one is first reviewed, and how often after that (years)."""

    name: str
    title: str
    first_review: int
    #: None: reviewed once
    repeat: int | None = None


@dataclass(frozen=True)
class User:
    """Who may sign in, and as what. Passwords are never in the workspace."""

    name: str
    title: str
    roles: tuple[str, ...]
    clearance: tuple[str, ...]
    team: str = ""
    email: str = ""


#: what a question is asked with: a whole number, or a text (a day as ISO text)
Given = int | str


@dataclass(frozen=True)
class Input:
    """Something that a question asks for: `kind` is one of `questions.INPUTS`."""

    name: str
    label: str
    kind: str
    #: None: it must be given
    default: Given | None = None
    #: of the kind `choice`: what may be chosen
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Use:
    """Where an input of a question is used: what is given for it stands there."""

    name: str


Term = Given | Use


@dataclass(frozen=True)
class Condition:
    """What a visible record of a thing must say: one of `values`, or something from `first` to `last`."""

    property: str
    values: tuple[Term, ...] = ()
    first: Term | None = None
    last: Term | None = None


@dataclass(frozen=True)
class Thing:
    """One thing of a question's pattern: any object of its type of which the conditions are true."""

    name: str
    type: type[ObjectType]
    where: tuple[Condition, ...] = ()
    #: an event that may have happened on one of these days, both included
    since: Term | None = None
    until: Term | None = None


@dataclass(frozen=True)
class Joint:
    """A link of a question's pattern, between two of its things."""

    from_: str
    to: str
    type: LinkType
    #: empty: in any role
    roles: tuple[str, ...] = ()
    #: whether it is read in either direction
    either: bool = False

    @property
    def ends(self) -> frozenset[str]:
        """The things that it joins."""
        return frozenset((self.from_, self.to))


@dataclass(frozen=True)
class Closeness:
    """Two things of a question's pattern that are within so many metres, or days, of each other."""

    one: str
    other: str
    most: Term

    @property
    def ends(self) -> frozenset[str]:
        """The things that it joins."""
        return frozenset((self.one, self.other))


@dataclass(frozen=True)
class Question:
    """A pattern of things and links with inputs, and which of the things is the answer."""

    name: str
    title: str
    purposes: tuple[str, ...]
    ask: dict[str, Input]
    things: dict[str, Thing]
    links: tuple[Joint, ...]
    #: groups of links of which none may be there whole
    without: tuple[tuple[Joint, ...], ...]
    near: tuple[Closeness, ...]
    within: tuple[Closeness, ...]
    answer: str
    #: thing -> how many different ones there must be
    at_least: dict[str, Term]
    #: answers that are shown
    most: int
    description: str = ""
    place: Place | None = None

    @property
    def ties(self) -> "tuple[Joint | Closeness, ...]":
        """All that holds its things together."""
        return *self.links, *self.near, *self.within

    @property
    def bound(self) -> tuple[str, ...]:
        """The things that an answer names: all but those that stand in `without` alone."""
        used = {self.answer}.union(*(each.ends for each in self.ties))
        return tuple(name for name in self.things if name in used)

    @property
    def labels(self) -> bool:
        """Whether it says something of a person by way of another: it names one, and another stands anywhere in it.

        All things of a question are tied to one another, so each person whom an answer names, be it as the answer or
        beside it, is named for what others are or did, however many things and events lie between.
        """
        kinds = {name: each.type for name, each in self.things.items() if each.type.kind is Kind.PERSON}
        people = {name for name, kind in kinds.items() if not issubclass(kind, Organisation)}
        return len(people) > 1 and not people.isdisjoint(self.bound)

    @property
    def sensitive(self) -> bool:
        """Whether it looks at a sensitive property (DP-3)."""
        things = self.things.values()
        return any(each.type.properties[one.property].sensitive for each in things for one in each.where)

    def allows(self, purpose: Purpose) -> str | None:
        """Why it may not be asked for a purpose, as one sentence; None where it may."""
        if purpose.name not in self.purposes:
            return f"The question “{self.title}” is not for the purpose “{purpose.title}”; choose another purpose."
        if self.labels and not purpose.safeguarding:
            return (
                f"The question “{self.title}” says something of a person by way of others, which only a purpose of "
                "safeguarding may."
            )
        if self.sensitive and not purpose.sensitive:
            return (
                f"The question “{self.title}” looks at sensitive values, which the purpose “{purpose.title}” may not."
            )
        return None


@dataclass(frozen=True)
class Appearance:
    """What a style changes; each empty where it leaves that as it is. `styles.py` says which words there are."""

    colour: str = ""
    #: of things: a line around, a sign in the corner, how large
    outline: str = ""
    badge: str = ""
    size: str = ""
    #: of links
    width: str = ""
    dash: str = ""


@dataclass(frozen=True)
class Style:
    """A declared look of the things of a type, or the links of some types, of which something is said."""

    name: str
    look: Appearance
    #: objects of this type and of those that extend it; None: it is for links
    thing: type[ObjectType] | None = None
    links: tuple[str, ...] = ()
    #: all of which a visible thing must say, in any case; values as its property type writes them. One without values
    #: and ends: that anything is said
    where: tuple[Condition, ...] = ()
    #: one of which a link must have; empty: any
    roles: tuple[str, ...] = ()
    basis: str = ""
    #: the grade of the report at an end of it: source evaluation, information assessment (3x5x2); empty: any or none
    evaluation: tuple[str, ...] = ()
    assessment: tuple[str, ...] = ()
    place: Place | None = None


@dataclass(frozen=True)
class Workspace:
    """All that a force declared."""

    folder: Path
    name: str
    sources: dict[str, Source]
    purposes: dict[str, Purpose]
    markings: dict[str, Marking]
    users: dict[str, User]
    nouns: dict[str, type[ObjectType]]
    links: dict[str, LinkType]
    #: code lists by name: raw value (upper case, trimmed) -> what it means
    codes: dict[str, dict[str, str]]
    #: retention classes by name: those of MoPI and the force's own
    retention: dict[str, Retention] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    #: how things and links look on charts; the first that fits decides each part of the look
    styles: tuple[Style, ...] = ()
    #: what `bluelamp.toml` and environment variables set
    settings: Settings = field(default_factory=Settings)

    @property
    def store(self) -> Path:
        """Where everything that is made from the declarations lives: `FOLDER/.bluelamp`, unless set otherwise."""
        return self.folder / self.settings.storage.folder
