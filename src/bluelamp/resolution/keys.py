"""Records that share a declared strong key are one object, unless they contradict each other: then a person judges.

Every record starts as an object of its own, under its own number. Records joined here belong to the object of
one of them, its anchor, so each id ever published still leads somewhere: a record's number is its redirect.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import duckdb
import pyarrow as pa
from rapidfuzz.distance import JaroWinkler

from bluelamp.lake.sql import ident, literal
from bluelamp.ontology.grammar import ObjectType, Property

#: below this likeness (Jaro-Winkler, 0 to 1) two values of a steady property clearly differ
CLEARLY_DIFFERENT = 0.75

#: records of each side of a conflict that are held against each other; more of them would say nothing new
MOST_SHOWN = 100

TOGETHER = "They share the key, but all that is known of them does not fit one"

ENTITIES = pa.schema([("type", pa.string()), ("record", pa.int64()), ("object", pa.int64())])
CONFLICTS = pa.schema(
    [
        ("type", pa.string()),
        ("property", pa.string()),
        ("value", pa.string()),
        ("record", pa.int64()),
        ("other", pa.int64()),
        ("message", pa.string()),
    ]
)


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


def resolve(
    connection: duckdb.DuckDBPyConnection,
    nouns: Iterable[type[ObjectType]],
    relation: Callable[[type[ObjectType]], str | None],
    previous: str | None,
) -> tuple[pa.Table, pa.Table]:
    """Join records by strong keys. `relation` gives SQL of a type's records; `previous` of the last entities.

    Returns the entities (records whose object is another's number) and the conflicts, as ENTITIES and CONFLICTS.
    """
    entities: list[tuple[str, int, int]] = []
    conflicts: list[tuple[str, str, str, int, int, str]] = []
    for noun in nouns:
        records = relation(noun)
        if records is None or not noun.strong_keys():
            continue
        before = _before(connection, noun, previous)
        clusters, found = join(noun, _facts(connection, noun, records))
        alive = _alive(connection, records, before)
        entities += [(noun.name(), record, anchor) for record, anchor in anchored(clusters, before, alive).items()]
        conflicts += [(noun.name(), c.property, c.value, c.record, c.other, c.message) for c in found]
    return _table(entities, ENTITIES), _table(conflicts, CONFLICTS)


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [() for _ in schema]
    arrays = [pa.array(column, each.type) for column, each in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def _before(connection: duckdb.DuckDBPyConnection, noun: type[ObjectType], previous: str | None) -> dict[int, int]:
    if previous is None:
        return {}
    query = f"select record, object from {previous} where type = {literal(noun.name())}"
    return dict(connection.execute(query).fetchall())


def _facts(
    connection: duckdb.DuckDBPyConnection, noun: type[ObjectType], records: str
) -> list[tuple[int, dict[str, list[str]]]]:
    """Each record that shares a strong key with another (or holds two values of one), with what it says."""
    keys = [each.name for each in noun.strong_keys()]
    steady = [each.name for each in noun.properties.values() if each.steady]
    present = set(connection.sql(f"select * from {records} limit 0").columns)
    keys = [key for key in keys if key in present]
    wanted = [*keys, *(name for name in steady if name in present)]
    if not keys:
        return []
    pairs = " union all ".join(
        f"select distinct record, {literal(key)} as key, {ident(key)} as value from {records} "
        f"where {ident(key)} is not null"
        for key in keys
    )
    lists = ", ".join(
        f"list(distinct {ident(name)}) filter ({ident(name)} is not null) as {ident(name)}" for name in wanted
    )
    query = f"""
        with pairs as ({pairs}),
        asked as (
            select record from pairs
            where (key, value) in (select (key, value) from pairs group by all having count(*) > 1)
            union select record from pairs group by record, key having count(*) > 1)
        select record, {lists} from {records}
        where record in (select record from asked) group by record order by record"""
    names = [f"list_sort(coalesce({ident(name)}, []))" for name in wanted]
    rows = connection.execute(f"select record, {', '.join(names)} from ({query})").fetchall()
    return [(row[0], dict(zip(wanted, row[1:], strict=True))) for row in rows]


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
    needed = 2 if len(steady) > 1 else 1
    if len(shared) < needed or any(_alike(each, one.steady[each.name], other.steady[each.name]) for each in shared):
        return None
    return "They share the key but differ in " + ", ".join(each.label.lower() for each in shared)


def _alike(property: Property, ones: set[str], others: set[str]) -> bool:
    return any(
        property.type.agree(one, other) or JaroWinkler.similarity(one.casefold(), other.casefold()) >= CLEARLY_DIFFERENT
        for one in ones
        for other in others
    )


def _alive(connection: duckdb.DuckDBPyConnection, records: str, before: dict[int, int]) -> set[int]:
    """Those numbers among the records and objects of the last build that are still records."""
    asked = pa.table({"number": pa.array({*before, *before.values()}, pa.int64())})
    connection.register("asked_numbers", asked)
    query = f"select number from asked_numbers where number in (select record from {records})"
    rows = connection.execute(query).fetchall()
    connection.unregister("asked_numbers")
    return {row[0] for row in rows}


def anchored(clusters: list[Cluster], before: dict[int, int], alive: set[int]) -> dict[int, int]:
    """The object of each number that is not its own: a cluster keeps the id it had, a new one takes its least.

    `before` holds the objects of the last build, `alive` those of its numbers that are still records. An id whose
    record is gone, or whose cluster joined another, goes on leading to where its records went.
    """
    result: dict[int, int] = {}
    taken: set[int] = set()
    anchored_before = set(before.values())
    for cluster in sorted(clusters, key=lambda each: min(each.records)):
        members = set(cluster.records)
        had = {before.get(record, record) for record in members}
        held = sorted(number for number in had if number in anchored_before and number in members)
        orphaned = sorted(
            number for number in had if number not in alive and number not in members and number not in taken
        )
        anchor = next(iter([*held, *orphaned]), min(members))
        taken.add(anchor)
        result |= {record: anchor for record in members if record != anchor}
    anchors = set(result.values())
    for record, object_ in before.items():
        where = result.get(record, record)
        if object_ not in alive and object_ not in anchors and object_ not in result and where != object_:
            result[object_] = where
    for record, object_ in before.items():
        if record not in alive and record not in result and record not in anchors:
            result[record] = result.get(object_, object_)
    return result
