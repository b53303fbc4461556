"""Which records are one thing: records in, the object of each, the conflicts and the likely pairs between them out.

Groups of records that share keys and in which nothing can contradict are joined in SQL, all at once. The others are
judged record by record, as `keys` says. Then the model of a type, where it has one, joins what is likely. What becomes
of a group depends on nothing outside it, so any set of records that is closed (`reach`) can be resolved alone, with the
same result as among all the others.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bluelamp.lake import duck
from bluelamp.lake.sql import ident, literal
from bluelamp.ontology.grammar import ObjectType
from bluelamp.resolution import anchors, keys, written
from bluelamp.resolution.cluster import ALWAYS, Pairs
from bluelamp.resolution.decided import Verdict
from bluelamp.resolution.frame import Rows
from bluelamp.resolution.keys import Grounds, join
from bluelamp.resolution.likely import Likely
from bluelamp.resolution.parted import DECIDED, Decided, Held, Parted, parted
from bluelamp.resolution.written import Written
from bluelamp.types.place import DEGREE

#: goes up when the rules here, in `keys` or in `anchors` change: then everything is looked at anew
RULES = 4

#: the tables of a connection that hold what `resolve` found, and their columns
ENTITIES, CONFLICTS, PAIRS = "resolved_entities", "resolved_conflicts", "resolved_pairs"
#: the table of a connection that holds what people decided, and a run obeys
JUDGED = "resolved_decided"
COLUMNS = {
    ENTITIES: {"type": "varchar", "record": "bigint", "object": "bigint"},
    CONFLICTS: {
        "type": "varchar", "property": "varchar", "value": "varchar", "record": "bigint", "other": "bigint",
        "message": "varchar",
    },
    PAIRS: {"type": "varchar", "record": "bigint", "other": "bigint", "weight": "double"},
    JUDGED: {"type": "varchar", "record": "bigint", "other": "bigint", "verdict": "varchar"},
}  # fmt: skip

#: SQL of a type's records, or None where there are none
Relation: TypeAlias = Callable[[type[ObjectType]], str | None]
Nouns: TypeAlias = Iterable[type[ObjectType]]

_FETCH = 20_000
_NO_RECORDS = "(select 0::bigint as record where false)"


def rules(nouns: Nouns, models: Mapping[str, str]) -> str:
    """A fingerprint of all that decides which records are one: while it stays, earlier joins stand.

    `models` are the fingerprints of the models, by type.
    """
    said = [
        (noun.name(), each.name, each.label, each.strong, each.steady, each.type.name)
        for noun in nouns
        for each in noun.properties.values()
        if each.strong or each.steady
    ]
    return hashlib.sha256(repr((RULES, written.VERSION, said, sorted(models.items()))).encode()).hexdigest()


def resolve(
    connection: duckdb.DuckDBPyConnection,
    nouns: Nouns,
    relation: Relation,
    previous: str | None,
    scope: str | None = None,
    likely: Mapping[str, Likely | Written] | None = None,
    held: Relation | None = None,
) -> None:
    """Join records by strong keys, and those of the types in `likely` by what their model or their writing says, as
    people decided.

    `relation` gives SQL of a type's records, and `held` of those of the last build; `previous` of its entities;
    JUDGED, which must be there, holds what people decided, and that comes first. Makes the tables ENTITIES (records
    whose object is another's number), CONFLICTS, and PAIRS (what is likely or for a person to judge; the weight is
    the natural logarithm of the odds). With `scope`, a table of types and numbers as `reach` makes it, only the
    records in it are looked at, and only what becomes of them is told.
    """
    models = likely or {}
    for table in (ENTITIES, CONFLICTS, PAIRS):
        declared = ", ".join(f"{name} {kind}" for name, kind in COLUMNS[table].items())
        connection.execute(f"create or replace temp table {table} ({declared})")
    within = connection.execute(f"select distinct type from {scope}").fetchall() if scope else None
    for noun in nouns:
        model = models.get(noun.name())
        if (noun.strong_keys() or model) and (within is None or (noun.name(),) in within):
            only = f"(select record from {scope} where type = {literal(noun.name())})" if scope else None
            before = held(noun) if held else None
            _Type(connection, noun, relation(noun) or _NO_RECORDS, previous, only, model).run(before)


class _Type:
    """The records of one type while they are resolved."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, noun: type[ObjectType], records: str, previous: str | None,
        only: str | None, likely: Likely | Written | None,
    ) -> None:  # fmt: skip
        self.connection, self.noun, self.only = connection, noun, only
        self.likely = likely if isinstance(likely, Likely) else None
        self.written = likely if isinstance(likely, Written) else None
        self.records = f"(select * from {records} where record in {only})" if only else records
        if self.written:
            self._read(self.written)
        self.grounds = Grounds.of(noun, self.written.text if self.written else None)
        self.present = set(connection.sql(f"select * from {self.records} limit 0").columns)
        self.keys = [each for each in self.grounds.joining if each in self.present]
        before = f"select record, object from {previous} where type = {literal(noun.name())}"
        before += f" and record in {only}" if only else ""
        self._table("before", before if previous else "select 0::bigint as record, 0::bigint as object where false")

    def run(self, held: str | None) -> None:
        """Add what becomes of the records to the tables of results. `held` is SQL of those of the last build."""
        if self.keys:
            self._said()
            self._groups()
            self._doubts()
            self._judge()
        elif self.likely or duck.count(self.connection, "select count(*) from resolve_before"):
            self._table("member", "select 0::bigint as record, 0::bigint as cluster where false")
        else:
            return
        self._decide()
        if self.likely:
            self._join_likely(self.likely)
        anchors.place(self.connection, self.records, held)
        self.connection.execute(
            f"insert into {ENTITIES} select {literal(self.noun.name())}, record, object from resolve_placed"
        )
        made = ("before", "said", "holder", "grouped", "spread", "doubt", "member", "apart", "regrouped", "written")
        for name in (*made, *anchors.ASIDE):
            self.connection.execute(f"drop table if exists resolve_{name}")

    def _read(self, written: Written) -> None:
        """Put beside the records which place they say, where a rule of writing tells."""
        scope = self._numbers(f"select record from {self.only} order by record")[0] if self.only else None
        said, pairs = written.keys(scope)
        self.connection.register("resolve_writing", said)
        self._table("written", "select * from resolve_writing")
        self.connection.unregister("resolve_writing")
        record, other = (np.array([pair[end] for pair in pairs], np.int64) for end in (0, 1))
        kind = np.full(len(pairs), self.noun.name(), object)
        self._insert_columns(PAIRS, {"type": kind, "record": record, "other": other, "weight": np.zeros(len(pairs))})
        exact = "NULL::VARCHAR"
        point = keys.exact_point(self.noun)
        present = set(self.connection.sql(f"select * from {self.records} limit 0").columns)
        if point and present.issuperset(point):
            place, precision = map(ident, point)
            # a street or a park has many points
            exact = f"case when lower({precision}) = 'exact' and w.{ident(keys.DOOR)} is not null then {place} end"
        self.records = (
            f"(select r.*, {exact} as {ident(keys.POINT)}, w.* exclude (record) from {self.records} r "
            "left join resolve_written w using (record))"
        )

    def _table(self, name: str, query: str) -> None:
        self.connection.execute(f"create or replace temp table resolve_{name} as {query}")

    def _said(self) -> None:
        """The one value of each key that each record holds; `several` where it gives more than one of some key."""
        names = [ident(key) for key in self.keys]
        one = ", ".join(
            f"case when min({name}) = max({name}) then min({name})::varchar end as {name}" for name in names
        )
        several = " or ".join(_differs(key) for key in self.keys if key in self.grounds.keys) or "false"
        some = " or ".join(f"{name} is not null" for name in names)
        self._table(
            "said", f"select record, {one}, {several} as several from {self.records} where {some} group by record"
        )

    def _groups(self) -> None:
        """Label all that share a value, and share one with those, with the least record among them."""
        each = " union all ".join(
            f"select record, {place}::utinyint as key, {ident(key)} as value from resolve_said "
            f"where {ident(key)} is not null"
            for place, key in enumerate(self.keys)
        )
        # the least of its holders stands for a value from here on: there are no two of one key with the same least
        self._table(
            "holder",
            f"with held as materialized ({each}), shared as (select key, value, min(record) as least from held "
            "group by key, value having count(*) > 1) "
            "select record, key, least from held join shared using (key, value)",
        )
        self._table("grouped", "select record, min(least) as label from resolve_holder group by record")
        while len(self.keys) > 1 and self._spread():
            self._table("grouped", "select * from resolve_spread")

    def _spread(self) -> int:
        """Take over the least label of all who share a value, and of the record that this label names."""
        self._table(
            "spread",
            "with low as (select key, least, min(label) as label from resolve_holder "
            "join resolve_grouped using (record) group by key, least), "
            "near as (select record, min(label) as label from resolve_holder "
            "join low using (key, least) group by record) select near.record, least(near.label, far.label) as label "
            "from near join resolve_grouped far on far.record = near.label",
        )
        moved = "select count(*) from resolve_spread s join resolve_grouped g using (record) where s.label <> g.label"
        return duck.count(self.connection, moved)

    def _doubts(self) -> None:
        """The labels of groups in which something may contradict something else."""
        several = (
            "select coalesce(label, record) as label from resolve_said "
            "left join resolve_grouped using (record) where several"
        )
        doubts = [_differs(key) for key in self.keys if len(self.keys) > 1 and key in self.grounds.keys]
        for some, enough in self.grounds.against:
            named = [each.name for each in some if each.name in self.present]
            if len(named) >= enough:
                differing = " + ".join(f"{_differs(name)}::int" for name in named)
                agreed = " or ".join(
                    f"(bool_and({name} is not null) and min({name}) = max({name}))" for name in map(ident, named)
                )
                doubts.append(f"({differing} >= {enough} and not ({agreed}))")
        held = (
            f" union select label from {self.records} r join resolve_grouped g on g.record = r.record group by label "
            f"having {' or '.join(doubts)}"
        )
        self._table("doubt", several + (held if doubts else ""))

    def _judge(self) -> None:
        """Join the groups in doubt record by record, and all others as they are."""
        members: list[tuple[int, int]] = []
        conflicts: list[tuple[str, str, str, int, int, str]] = []
        doubtful = duck.count(self.connection, "select count(*) from resolve_doubt")
        for _, group in groupby(self._facts() if doubtful else (), key=itemgetter(0)):
            clusters, found = join(self.noun, [(record, said) for _, record, said in group], self.grounds.text)
            members += [(record, min(each.records)) for each in clusters for record in each.records]
            conflicts += [(self.noun.name(), c.property, c.value, c.record, c.other, c.message) for c in found]
        self._table(
            "member",
            "select record, label as cluster from resolve_grouped where label not in (select label from resolve_doubt)",
        )
        self._insert("resolve_member", members, [pa.int64(), pa.int64()])
        text, number = pa.string(), pa.int64()
        self._insert(CONFLICTS, conflicts, [text, text, text, number, number, text])

    def _decide(self) -> None:
        """Let what people decided part and join what keys joined, and settle the conflicts that it is about."""
        self._table("apart", "select 0::bigint as record, 0::bigint as other where false")
        only = f"and (record in {self.only} or other in {self.only})" if self.only else ""
        mine = f"(select * from {JUDGED} where type = {literal(self.noun.name())} {only})"
        left, right, same = self._numbers(f"select record, other, verdict = {literal(Verdict.SAME)} from {mine}")
        if len(left):
            ends = f"(select unnest([record, other]) from {mine})"
            held = f"select cluster from resolve_member where record in {ends}"
            members = self._numbers(f"select record, cluster from resolve_member where cluster in ({held})")
            within = f"(select record from resolve_member where cluster in ({held}) union {ends})"
            (there,) = self._numbers(f"select distinct record from {self.records} where record in {within} order by 1")
            holders = [left[:0], left[:0]]
            if self.keys:
                value = "dense_rank() over (order by least, key)"
                holders = self._numbers(f"select record, {value} from resolve_holder where record in {within}")
            weigh = self.likely.odds if self.likely else _neither
            groups = Held(members[0], members[1], holders[0], holders[1], there)
            self._regroup(parted(groups, Decided(left, right, same), weigh))

    def _regroup(self, found: Parted) -> None:
        """Write down groups that decisions made. A conflict between records of which they say all is none."""
        self._insert_columns("resolve_apart", dict(zip(("record", "other"), found.apart, strict=True)))
        self._table("regrouped", "select 0::bigint as record, 0::bigint as cluster where false")
        self._insert_columns("resolve_regrouped", {"record": found.records, "cluster": found.least})
        self.connection.execute("delete from resolve_member where record in (select record from resolve_regrouped)")
        self.connection.execute(
            "insert into resolve_member from resolve_regrouped where cluster in "
            "(select cluster from resolve_regrouped group by cluster having count(*) > 1)"
        )
        self.connection.execute(
            f"delete from {CONFLICTS} c using resolve_regrouped a, resolve_regrouped b where c.type = "
            f"{literal(self.noun.name())} and c.record <> c.other and a.record = c.record and b.record = c.other and "
            "(a.cluster = b.cluster or (a.cluster, b.cluster) in (select (record, other) from resolve_apart) "
            "or (b.cluster, a.cluster) in (select (record, other) from resolve_apart))"
        )

    def _join_likely(self, likely: Likely) -> None:
        """Join what the model says is one; what is joined stays so, and what is apart or contradicts stays apart."""
        scope = self._numbers(f"select record from {self.only} order by record")[0] if self.only else None
        pairs = likely.pairs(scope)
        kind = np.full(len(pairs.left), self.noun.name(), object)
        self._insert_columns(PAIRS, {"type": kind, "record": pairs.left, "other": pairs.right, "weight": pairs.weight})
        joined = self._numbers("select record, cluster from resolve_member where record <> cluster")
        conflicting = self._numbers(
            f"select record, other from {CONFLICTS} where type = {literal(self.noun.name())} and record <> other"
        )
        decided = self._numbers("select record, other from resolve_apart")
        told = (joined, ALWAYS), (conflicting, -ALWAYS), (decided, -DECIDED)
        weight = np.concatenate([np.full(len(each[0]), weight) for each, weight in told])
        left, right = (np.concatenate([each[end] for each, _ in told]) for end in (0, 1))
        records, cluster = likely.clusters(scope, pairs, Pairs(left, right, weight))
        self._table("member", "select 0::bigint as record, 0::bigint as cluster where false")
        _, which, size = np.unique(cluster, return_inverse=True, return_counts=True)
        several = size[which] > 1
        self._insert_columns("resolve_member", {"record": records[several], "cluster": cluster[several]})

    def _numbers(self, query: str) -> list[Rows]:
        return [each.to_numpy() for each in self.connection.sql(query).to_arrow_table().columns]

    def _facts(self) -> Iterator[tuple[int, int, dict[str, list[str]]]]:
        """Of each record in doubt the label of its group, its number and what it says, group by group."""
        wanted = [each for each in dict.fromkeys(self.grounds.named) if each in self.present]
        lists = ", ".join(
            f"list_sort(coalesce(list(distinct {name}) filter ({name} is not null), []))" for name in map(ident, wanted)
        )
        rows = self.connection.execute(
            f"select coalesce(g.label, r.record) as label, r.record, {lists} from {self.records} r "
            "left join resolve_grouped g on g.record = r.record "
            "where coalesce(g.label, r.record) in (select label from resolve_doubt) group by all order by 1, 2"
        )
        while some := rows.fetchmany(_FETCH):
            for label, record, *said in some:
                yield label, record, dict(zip(wanted, said, strict=True))

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]], types: list[pa.DataType]) -> None:
        if rows:
            columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), types, strict=True)]
            self._insert_columns(table, dict(zip(map(str, range(len(columns))), columns, strict=True)))

    def _insert_columns(self, table: str, columns: Mapping[str, Any]) -> None:
        self.connection.register("resolve_rows", pa.table(dict(columns)))
        self.connection.execute(f"insert into {table} select * from resolve_rows")
        self.connection.unregister("resolve_rows")


def _neither(left: Rows, _right: Rows) -> npt.NDArray[np.float64]:
    """What speaks for and against pairs where no model does."""
    return np.zeros(len(left))


def _differs(name: str) -> str:
    if name == keys.POINT:
        return _spread(name)
    return f"coalesce(min({ident(name)}) <> max({ident(name)}), false)"


def _spread(point: str) -> str:
    """SQL of whether points may lie too far apart: out of a square of which no two points do."""
    halves = (f"try_cast(split_part({ident(point)}, ',', {half}) as double)" for half in (1, 2))
    side = keys.APART / 2**0.5 / DEGREE
    return "(" + " or ".join(f"coalesce(max({half}) - min({half}) > {side}, false)" for half in halves) + ")"
