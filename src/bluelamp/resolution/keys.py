"""Records that share a declared strong key are one object, unless they contradict each other: then a person judges.

Every record starts as an object of its own, under its own number. Records joined here belong to the object of
one of them, its anchor, so each id ever published still leads somewhere: a record's number is its redirect.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from rapidfuzz.distance import JaroWinkler

from bluelamp.ontology.grammar import ObjectType, Property

#: below this likeness (Jaro-Winkler, 0 to 1) two values of a steady property clearly differ
CLEARLY_DIFFERENT = 0.75

#: records of each side of a conflict that are held against each other; more of them would say nothing new
MOST_SHOWN = 100

TOGETHER = "They share the key, but all that is known of them does not fit one"


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


def join(noun: type[ObjectType], facts: list[tuple[int, dict[str, list[str]]]]) -> tuple[list[Cluster], list[Conflict]]:
    """Join records key by key, in the order of the ontology; what contradicts stays apart and is a conflict."""
    of: dict[int, Cluster] = {}
    alone: dict[int, Cluster] = {}
    conflicts: list[Conflict] = []
    steady = [each for each in noun.properties.values() if each.steady]
    for record, said in facts:
        keys = {key.name: set(said.get(key.name, ())) for key in noun.strong_keys()}
        of[record] = Cluster([record], keys, {each.name: set(said.get(each.name, ())) for each in steady})
        alone[record] = Cluster([record], dict(of[record].keys), dict(of[record].steady))
        conflicts += [
            Conflict(key, value, record, record, f"One record gives {len(values)} different values")
            for key, values in keys.items()
            if len(values) > 1
            for value in sorted(values)
        ]
    for key in noun.strong_keys():
        holders: dict[str, list[int]] = {}
        for record, said in facts:
            if len(said.get(key.name, ())) == 1:
                holders.setdefault(said[key.name][0], []).append(record)
        for value, records in sorted(holders.items()):
            for one, other in _join_holders(records, of, steady):
                pairs = _contradicting(one, other, set(records), alone, steady)
                conflicts += [Conflict(key.name, value, *pair) for pair in pairs]
    unique = {id(cluster): cluster for cluster in of.values()}
    return list(unique.values()), conflicts


def _join_holders(
    records: list[int], of: dict[int, Cluster], steady: list[Property]
) -> Iterable[tuple[Cluster, Cluster]]:
    """Join the records that hold one value, as far as they go together; every two clusters that stay apart."""
    groups: list[Cluster] = []
    for record in records:
        mine = of[record]
        if any(mine is group for group in groups):
            continue
        home = next((group for group in groups if contradiction(group, mine, steady) is None), None)
        if home is None:
            groups.append(mine)
        else:
            _merge(home, mine, of)
    return combinations(groups, 2)


def _contradicting(
    one: Cluster, other: Cluster, holders: set[int], alone: dict[int, Cluster], steady: list[Property]
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
        if (reason := contradiction(alone[against], alone[record], steady))
    ]
    return pairs or [(record, against, TOGETHER) for record in theirs for against in mine]


def _merge(home: Cluster, other: Cluster, of: dict[int, Cluster]) -> None:
    home.records += other.records
    for mine, theirs in ((home.keys, other.keys), (home.steady, other.steady)):
        for name, values in theirs.items():
            mine[name] = mine.get(name, set()) | values
    for record in other.records:
        of[record] = home


def contradiction(one: Cluster, other: Cluster, steady: list[Property]) -> str | None:
    """Why two clusters that share a key must not be joined without a person, or None."""
    for key, values in one.keys.items():
        theirs = other.keys.get(key, set())
        if values and theirs and not values & theirs:
            return f"They hold different values of another key, {key}: {min(values)} and {min(theirs)}"
    shared = [each for each in steady if one.steady.get(each.name) and other.steady.get(each.name)]
    if len(shared) < needed(steady) or any(
        _alike(each, one.steady[each.name], other.steady[each.name]) for each in shared
    ):
        return None
    return "They share the key but differ in " + ", ".join(each.label.lower() for each in shared)


def needed(steady: Sequence[Property]) -> int:
    """How many of a type's steady properties must clearly differ to speak against one object."""
    return 2 if len(steady) > 1 else 1


def _alike(property: Property, ones: set[str], others: set[str]) -> bool:
    return any(
        property.type.agree(one, other) or JaroWinkler.similarity(one.casefold(), other.casefold()) >= CLEARLY_DIFFERENT
        for one in ones
        for other in others
    )
