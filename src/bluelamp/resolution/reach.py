"""What a change can reach: the records whose objects and conflicts may come out otherwise than in the last build."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from bluelamp.lake import duck
from bluelamp.lake.sql import ident, literal
from bluelamp.ontology.grammar import ObjectType
from bluelamp.resolution.likely import Likely
from bluelamp.resolution.resolve import JUDGED, Nouns, Relation
from bluelamp.resolution.written import Written

#: the table that `reach` makes, of types and numbers
SCOPE = "resolved_scope"


@dataclass(frozen=True)
class Before:
    """SQL of what the last build resolved."""

    entities: str
    conflicts: str
    pairs: str
    decided: str


def reach(
    connection: duckdb.DuckDBPyConnection,
    nouns: Nouns,
    relation: Relation,
    before: Before,
    touched: str,
    likely: Mapping[str, Likely | Written],
) -> str:
    """A table of the records `touched` and all that they lead to, closed. Returns its name.

    They lead to records that share a strong key with them now, that a model ties to them or that people decided on
    together with them, and to those with which the last build names them, which are all whom they had to do with
    then; numbers whose records are gone are among them.
    """
    connection.execute(f"create or replace temp table {SCOPE} (type varchar, record bigint)")
    types = connection.execute(f"select distinct type from {touched}").fetchall()
    for noun in nouns:
        model = likely.get(noun.name())
        if (noun.strong_keys() or model) and (noun.name(),) in types:
            name = literal(noun.name())
            start = f"select distinct record from {touched} where type = {name}"
            connection.execute(f"create or replace temp table reach_fresh as {start}")
            connection.execute("create or replace temp table reach_found (record bigint)")
            ways = " union ".join([*_before(name, before, model), *_now(connection, noun, relation(noun))])
            while duck.count(connection, "select count(*) from reach_fresh"):
                connection.execute("insert into reach_found select record from reach_fresh")
                connection.execute(
                    "create or replace temp table reach_next as select record from "
                    f"({ways}) where record not in (select record from reach_found)"
                )
                if model:
                    _tie(connection, model)
                connection.execute("create or replace temp table reach_fresh as select distinct record from reach_next")
            connection.execute(f"insert into {SCOPE} select {name}, record from reach_found")
    for table in ("fresh", "found", "next"):
        connection.execute(f"drop table if exists reach_{table}")
    return SCOPE


_FRESH = "(select record from reach_fresh)"


def _tie(connection: duckdb.DuckDBPyConnection, likely: Likely | Written) -> None:
    """Add to what is found next the records that a model or rules of writing tie to the fresh ones."""
    fresh = connection.sql("select record from reach_fresh order by record").to_arrow_table().column(0).to_numpy()
    connection.register("reach_tied", pa.table({"record": likely.ties(fresh)}))
    connection.execute(
        "insert into reach_next select record from reach_tied where record not in (select record from reach_found)"
    )
    connection.unregister("reach_tied")


def _before(name: str, before: Before, likely: Likely | Written | None) -> list[str]:
    tied = (
        f"(select * from {before.pairs} where weight > {likely.model.bands.tie!r})"
        if isinstance(likely, Likely)
        else None
    )
    pairs = [(before.entities, "record", "object"), (before.conflicts, "record", "other")]
    pairs += [(relation, "record", "other") for relation in (before.decided, JUDGED)]
    pairs += [(tied, "record", "other")] if tied else []
    return [
        f"select {there} as record from {relation} where type = {name} and {here} in {_FRESH}"
        for relation, one, other in pairs
        for here, there in ((one, other), (other, one))
    ]


def _now(connection: duckdb.DuckDBPyConnection, noun: type[ObjectType], records: str | None) -> list[str]:
    present = connection.sql(f"select * from {records} limit 0").columns if records else []
    keys = [ident(each.name) for each in noun.strong_keys() if each.name in present]
    return [
        f"select record from {records} where {key} in (select {key} from {records} where record in {_FRESH} "
        f"and {key} is not null)"
        for key in keys
    ]
