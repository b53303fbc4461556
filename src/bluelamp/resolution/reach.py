"""What a change can reach: the records whose objects and conflicts may come out otherwise than in the last build."""

import duckdb

from bluelamp.lake import duck
from bluelamp.lake.sql import ident, literal
from bluelamp.ontology.grammar import ObjectType
from bluelamp.resolution.resolve import Nouns, Relation

#: the table that `reach` makes, of types and numbers
SCOPE = "resolved_scope"


def reach(
    connection: duckdb.DuckDBPyConnection, nouns: Nouns, relation: Relation, entities: str, conflicts: str, touched: str
) -> str:
    """A table of the records `touched` and all that they lead to, closed. Returns its name.

    They lead to records that share a strong key with them now, and to those with which the last build's `entities` and
    `conflicts` name them, which are all whom they had to do with then; numbers whose records are gone are among them.
    """
    connection.execute(f"create or replace temp table {SCOPE} (type varchar, record bigint)")
    types = connection.execute(f"select distinct type from {touched}").fetchall()
    for noun in nouns:
        if noun.strong_keys() and (noun.name(),) in types:
            name = literal(noun.name())
            start = f"select distinct record from {touched} where type = {name}"
            connection.execute(f"create or replace temp table reach_fresh as {start}")
            connection.execute("create or replace temp table reach_found (record bigint)")
            ways = " union ".join([*_before(name, entities, conflicts), *_now(connection, noun, relation(noun))])
            while duck.count(connection, "select count(*) from reach_fresh"):
                connection.execute("insert into reach_found select record from reach_fresh")
                connection.execute(
                    "create or replace temp table reach_next as select record from "
                    f"({ways}) where record not in (select record from reach_found)"
                )
                connection.execute("create or replace temp table reach_fresh as select record from reach_next")
            connection.execute(f"insert into {SCOPE} select {name}, record from reach_found")
    for table in ("fresh", "found", "next"):
        connection.execute(f"drop table if exists reach_{table}")
    return SCOPE


_FRESH = "(select record from reach_fresh)"


def _before(name: str, entities: str, conflicts: str) -> list[str]:
    ways = [(entities, "record", "object"), (entities, "object", "record")]
    ways += [(conflicts, "record", "other"), (conflicts, "other", "record")]
    return [
        f"select {there} as record from {relation} where type = {name} and {here} in {_FRESH}"
        for relation, here, there in ways
    ]


def _now(connection: duckdb.DuckDBPyConnection, noun: type[ObjectType], records: str | None) -> list[str]:
    present = connection.sql(f"select * from {records} limit 0").columns if records else []
    keys = [ident(each.name) for each in noun.strong_keys() if each.name in present]
    return [
        f"select record from {records} where {key} in (select {key} from {records} where record in {_FRESH} "
        f"and {key} is not null)"
        for key in keys
    ]
