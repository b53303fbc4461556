"""How an object type, a property and a link type are declared. One class per noun drives everything else."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import ClassVar

from bluelamp import ids
from bluelamp.types.grammar import PropertyType


class Kind(Enum):
    """The POLE group that a noun belongs to."""

    PERSON = "person"
    OBJECT = "object"
    LOCATION = "location"
    EVENT = "event"


class Basis(Enum):
    """Whether a statement is a fact or somebody's assessment (DPA 2018 s.38(2))."""

    FACT = "fact"
    ASSESSMENT = "assessment"


class Category(Enum):
    """What a person is to an event (DPA 2018 s.38(3)): a property of the link, never of the person."""

    SUSPECTED = "suspected"
    ABOUT_TO_COMMIT = "about_to_commit"
    CONVICTED = "convicted"
    VICTIM = "victim"
    WITNESS_OR_INFORMED = "witness_or_informed"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Property:
    """One thing that can be said of an object."""

    type: PropertyType
    label: str
    help: str = ""
    #: two records of this object type with the same value are the same object
    strong: bool = False
    #: it hardly ever changes, so two different values speak against one object
    steady: bool = False
    #: sensitive processing (DPA 2018 s.35(8)): masked unless the purpose may see it
    sensitive: bool = False
    #: it warns whoever is about to meet this object
    warning: bool = False
    #: one object may have several, at once or in turn, so two different values are no disagreement
    varies: bool = False
    name: str = ""


class ObjectType:
    """A noun. Subclass it, write one `Property` per line, add the class to `NOUNS`: all else follows."""

    label: ClassVar[str]
    plural: ClassVar[str]
    kind: ClassVar[Kind]
    #: property names that make the caption, in order; those without a value are left out
    caption: ClassVar[tuple[str, ...]]
    #: property names of which the first with a value is the caption where none of `caption` has one
    instead: ClassVar[tuple[str, ...]] = ()
    #: property names that tell two objects with one caption apart, shown under it in lists; none is sensitive
    glance: ClassVar[tuple[str, ...]] = ()
    #: the property that says when an event happened
    when: ClassVar[str | None] = None
    #: the property that says when an event ended, where it `lasts`; else until when it must have happened
    until: ClassVar[str | None] = None
    #: whether it went on from `when` to `until`
    lasts: ClassVar[bool] = False
    properties: ClassVar[dict[str, Property]]

    def __init_subclass__(cls) -> None:
        own = {name: replace(value, name=name) for name, value in vars(cls).items() if isinstance(value, Property)}
        cls.properties = getattr(cls, "properties", {}) | own
        for name in own:
            # a property called `name` must not hide the method of that name
            delattr(cls, name)

    @classmethod
    def name(cls) -> str:
        """The name that declarations use: `StopSearch`."""
        return cls.__name__

    @classmethod
    def slug(cls) -> str:
        """The name that ids and addresses use: `stop_search`."""
        return ids.slug(cls.__name__)

    @classmethod
    def strong_keys(cls) -> tuple[Property, ...]:
        """The properties of which one value is enough to say that two records are one object."""
        return tuple(each for each in cls.properties.values() if each.strong)


@dataclass(frozen=True)
class LinkType:
    """A typed relation between two objects, read from either end."""

    name: str
    #: how it reads from its first end: `lives at`
    label: str
    #: how it reads from its second end: `home of`
    reverse: str
    #: names of the object types that may stand at either end
    from_types: tuple[str, ...]
    to_types: tuple[str, ...]
    #: link reasons of the POLE list that this type carries in its `role`; empty: it has no role
    roles: tuple[str, ...] = ()
    #: True where a link must say what the person is to the event (DP-9)
    categorised: bool = False
