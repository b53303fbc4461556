"""Records that share a declared strong key are one object, unless they contradict each other: then a person judges.

Every record starts as an object of its own, under its own number. Records joined here belong to the object of
one of them, its anchor, so each id ever published still leads somewhere: a record's number is its redirect.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median

from rapidfuzz.distance import JaroWinkler

from bluelamp.ontology.grammar import Kind, ObjectType
from bluelamp.types.grammar import PropertyType
from bluelamp.types.place import Point, metres

#: below this likeness (Jaro-Winkler, 0 to 1) two values of a steady property clearly differ
CLEARLY_DIFFERENT = 0.75

#: records of each side of a conflict that are held against each other; more of them would say nothing new
MOST_SHOWN = 100

TOGETHER = "They share the key, but all that is known of them does not fit one"

#: exact points of one address lie no further apart than this, in metres
APART = 100

#: the property that says how exact a point is
PRECISION = "precision"

#: what is said of records besides their properties, where rules of writing tell of which place they are
PLACE, DOOR, STREET, POINT = "written place", "written door", "written street", "written point"


def exact_point(noun: type[ObjectType]) -> tuple[str, str] | None:
    """The properties with the point of a place and how exact it is: a point of which nothing is said is not exact."""
    points = [each.name for each in noun.properties.values() if isinstance(each.type, Point)]
    return (points[0], PRECISION) if points and PRECISION in noun.properties else None


@dataclass(frozen=True)
class Ground:
    """Something that hardly ever changes, and whether two values of it may be of one thing."""

    name: str
    label: str
    alike: Callable[[str, str], bool]


@dataclass(frozen=True)
class Grounds:
    """What joins the records of a type, and what speaks against one object."""

    #: names of the keys, in order; of one of these two different values contradict each other
    keys: tuple[str, ...]
    #: grounds, of which so many must be known of both sides and all differ
    against: tuple[tuple[tuple[Ground, ...], int], ...]
    #: the property with the text by which rules of writing join; its values are told as conflicts
    text: str | None = None

    @classmethod
    def of(cls, noun: type[ObjectType], text: str | None = None) -> "Grounds":
        """The grounds of a type, of which rules of writing read the property `text`."""
        steady = tuple(
            Ground(each.name, each.label, _alike(each.type)) for each in noun.properties.values() if each.steady
        )
        against = [(steady, needed(steady))] if steady else []
        if text and noun.kind is Kind.LOCATION:
            against += [((each,), 1) for each in _WRITTEN]
        return cls(tuple(each.name for each in noun.strong_keys()), tuple(against), text)

    @property
    def named(self) -> list[str]:
        """The names of all that is asked of a record."""
        grounds = [each.name for some, _ in self.against for each in some]
        return [*self.joining, *grounds, *([self.text] if self.text else [])]

    @property
    def joining(self) -> tuple[str, ...]:
        """The names of all of which one value joins two records."""
        return (*self.keys, PLACE) if self.text else self.keys


@dataclass
class Cluster:
    """Records held to be one object, with all that speaks for or against another one joining."""

    records: list[int]
    keys: dict[str, set[str]] = field(default_factory=dict)
    steady: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Conflict:
    """Two records that share a strong key and may yet not be one thing."""

    property: str
    value: str
    record: int
    other: int
    message: str


def join(
    noun: type[ObjectType], facts: list[tuple[int, dict[str, list[str]]]], text: str | None = None
) -> tuple[list[Cluster], list[Conflict]]:
    """Join records key by key, in the order of the ontology; what contradicts stays apart and is a conflict.

    `text` is the property that rules of writing read, where they tell which records share a place.
    """
    of: dict[int, Cluster] = {}
    alone: dict[int, Cluster] = {}
    conflicts: list[Conflict] = []
    grounds = Grounds.of(noun, text)
    steady = [each.name for some, _ in grounds.against for each in some]
    for record, said in facts:
        keys = {name: set(said.get(name, ())) for name in grounds.keys}
        of[record] = Cluster([record], keys, {name: set(said.get(name, ())) for name in steady})
        alone[record] = Cluster([record], dict(of[record].keys), dict(of[record].steady))
        conflicts += [
            Conflict(key, value, record, record, f"One record gives {len(values)} different values")
            for key, values in keys.items()
            if len(values) > 1
            for value in sorted(values)
        ]
    texts = dict(facts)
    for key in grounds.joining:
        holders: dict[str, list[int]] = {}
        for record, said in facts:
            if len(said.get(key, ())) == 1:
                holders.setdefault(said[key][0], []).append(record)
        for value, records in sorted(holders.items()):
            if key == PLACE:
                records.sort(key=_from_the_middle(records, alone))
            for one, other in _join_holders(records, of, grounds):
                for record, against, reason in _contradicting(one, other, set(records), alone, grounds):
                    told = min(texts[record].get(text, [""])) if key == PLACE and text else value
                    conflicts.append(Conflict(text if key == PLACE and text else key, told, record, against, reason))
    unique = {id(cluster): cluster for cluster in of.values()}
    return list(unique.values()), conflicts


def _from_the_middle(records: Iterable[int], alone: dict[int, Cluster]) -> Callable[[int], tuple[float, int]]:
    """In which order records of one place are joined: those in the middle of all first, so that most stay together."""
    points = {each: min(found) for each in records if (found := alone[each].steady.get(POINT))}
    if not points:
        return lambda record: (0.0, record)
    halves = zip(*(map(float, each.split(",")) for each in points.values()), strict=True)
    middle = ",".join(str(median(half)) for half in halves)
    return lambda record: (metres(points[record], middle) if record in points else float("inf"), record)


def _join_holders(records: list[int], of: dict[int, Cluster], grounds: Grounds) -> Iterable[tuple[Cluster, Cluster]]:
    """Join the records that hold one value, as far as they go together; every two clusters that stay apart."""
    groups: list[Cluster] = []
    for record in records:
        mine = of[record]
        if any(mine is group for group in groups):
            continue
        home = next((group for group in groups if contradiction(group, mine, grounds) is None), None)
        if home is None:
            groups.append(mine)
        else:
            _merge(home, mine, of)
    return combinations(groups, 2)


def _contradicting(
    one: Cluster, other: Cluster, holders: set[int], alone: dict[int, Cluster], grounds: Grounds
) -> list[tuple[int, int, str]]:
    """The pairs of records, one of each cluster, that contradict each other, with the reason.

    The reason is that of the two records alone, so whoever may see both may know it, whatever else there is. Where
    no two records contradict but all of them together do, every pair is named, without what the others say.
    """
    mine, theirs = ([record for record in each.records if record in holders][:MOST_SHOWN] for each in (one, other))
    pairs = [
        (record, against, reason)
        for record in theirs
        for against in mine
        if (reason := contradiction(alone[against], alone[record], grounds))
    ]
    return pairs or [(record, against, TOGETHER) for record in theirs for against in mine]


def _merge(home: Cluster, other: Cluster, of: dict[int, Cluster]) -> None:
    home.records += other.records
    for mine, theirs in ((home.keys, other.keys), (home.steady, other.steady)):
        for name, values in theirs.items():
            mine[name] = mine.get(name, set()) | values
    for record in other.records:
        of[record] = home


def contradiction(one: Cluster, other: Cluster, grounds: Grounds) -> str | None:
    """Why two clusters that share a key must not be joined without a person, or None."""
    for key, values in one.keys.items():
        theirs = other.keys.get(key, set())
        if values and theirs and not values & theirs:
            return f"They hold different values of another key, {key}: {min(values)} and {min(theirs)}"
    for some, enough in grounds.against:
        shared = [each for each in some if one.steady.get(each.name) and other.steady.get(each.name)]
        if len(shared) >= enough and not any(
            each.alike(mine, theirs)
            for each in shared
            for mine in one.steady[each.name]
            for theirs in other.steady[each.name]
        ):
            return "They share the key but differ in " + ", ".join(each.label.lower() for each in shared)
    return None


def needed(steady: Sequence[object]) -> int:
    """How many of a type's steady properties must clearly differ to speak against one object."""
    return 2 if len(steady) > 1 else 1


def _alike(kind: PropertyType) -> Callable[[str, str], bool]:
    return lambda one, other: kind.agree(one, other) or _similar(one, other)


def _similar(one: str, other: str) -> bool:
    return JaroWinkler.similarity(one.casefold(), other.casefold()) >= CLEARLY_DIFFERENT


#: what speaks against one place
_WRITTEN = (
    Ground(DOOR, "flat or number", lambda one, other: one == other),
    Ground(STREET, "street", _similar),
    Ground(POINT, "exact point", lambda one, other: metres(one, other) <= APART),
)
