"""Last step: build the index of all records and links aside, and switch readers over to it."""

from dataclasses import replace

import duckdb

from bluelamp.errors import BlueLampError
from bluelamp.index.build import build as write_index
from bluelamp.lake import duck
from bluelamp.lake.ledger import Ledger
from bluelamp.lake.sql import ident, literal
from bluelamp.lake.store import Store
from bluelamp.pipeline import build as builds
from bluelamp.pipeline.build import Build, SourceState
from bluelamp.pipeline.records import Records
from bluelamp.pipeline.states import corrected, source_state
from bluelamp.workspace.model import Workspace

#: what a row says is its marking must be one of few words, not a name or a number
MOST_MARKINGS = 1000

#: above this share of changed objects, building anew is cheaper than changing
ANEW = 0.3


def publish(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    store: Store,
    records: Records,
    published: Build | None,
    build: Build,
    ingested: dict[str, Ledger],
    progress: builds.Progress,
) -> Build:
    """Write the index of everything in the lake as `build`, and make it the one that readers see.

    `workspace` has the sources that were read; where others stand, `build` says already.
    """
    previous = builds.folder(store, published.number) if published else None
    _access(connection, workspace, store, previous)
    views(connection, workspace, store)
    _conflicts(connection, records)
    objects = {
        name: duck.count(connection, f"select count(distinct object) from {ident('records_' + name)}")
        for name in workspace.nouns
    }
    delta = previous is not None and duck.count(connection, "select count(*) from changed") <= ANEW * sum(
        objects.values()
    )
    aside = builds.begin(store, build.number)
    write_index(
        connection,
        aside,
        workspace.nouns,
        previous=previous if delta else None,
        changed=delta,
        progress=lambda what, share: progress("publish", what, share),
    )
    build = replace(
        build,
        sources=build.sources | _states(connection, workspace, store, ingested),
        tables={name: dataset.version for name, dataset in records.datasets().items() if dataset.version is not None},
        objects={name: count for name, count in objects.items() if count},
        links=dict(connection.execute("select type, count(*) from links group by type order by type").fetchall()),
    )
    builds.switch(store, build, aside)
    progress("publish", f"build {build.number}", 1)
    return build


def views(connection: duckdb.DuckDBPyConnection, workspace: Workspace, store: Store) -> None:
    """Views of every record and link with its object and its access, as the index reads them."""
    entities = store.entities.relation()
    connection.execute(
        "create or replace temp table entity as select type, record, object from "
        + (entities or "(select ''::varchar as type, 0::bigint as record, 0::bigint as object where false)")
    )
    connection.execute("create or replace temp table redirect as select record as old, type, object from entity")
    for name, noun in workspace.nouns.items():
        relation = store.records(name).relation()
        columns = set(connection.sql(f"select * from {relation} limit 0").columns) if relation else set()
        properties = ", ".join(
            f"{'r.' + ident(each.name) if each.name in columns else 'NULL'}::{each.type.storage} as {ident(each.name)}"
            for each in noun.properties.values()
        )
        stamp = "r.source, r.delivery, r.file, r.row, r.record, r.key, r.marking"
        connection.execute(
            f"create or replace temp view {ident('records_' + name)} as select {stamp}, {properties}, "
            f"coalesce(e.object, r.record) as object, a.access from {relation or _no_records()} r "
            f"join access a on a.source = r.source and a.marking = r.marking "
            f"left join entity e on e.type = {literal(name)} and e.record = r.record"
        )
    relations = [(name, store.links(name).relation()) for name in workspace.links]
    parts = [f"select {literal(name)} as type, * from {relation}" for name, relation in relations if relation]
    connection.execute(
        "create or replace temp view links as select l.*, coalesce(f.object, l.from_record) as from_object, "
        "coalesce(t.object, l.to_record) as to_object, a.access "
        f"from ({' union all by name '.join(parts) or _no_links()}) l "
        "join access a on a.source = l.source and a.marking = l.marking "
        "left join entity f on f.type = l.from_type and f.record = l.from_record "
        "left join entity t on t.type = l.to_type and t.record = l.to_record"
    )


def _no_records() -> str:
    return (
        "(select '' as source, 0 as delivery, '' as file, 0::bigint as row, 0::bigint as record, '' as key, "
        "'' as marking where false)"
    )


def _no_links() -> str:
    return (
        "select '' as type, '' as source, 0 as delivery, '' as file, 0::bigint as row, '' as marking, '' as from_type, "
        "0::bigint as from_record, '' as to_type, 0::bigint as to_record, '' as role, '' as category, '' as from_date, "
        "'' as to_date, '' as basis where false"
    )


def _access(connection: duckdb.DuckDBPyConnection, workspace: Workspace, store: Store, previous: object) -> None:
    """One number per pair of source and marking; a pair keeps the number that it had in the previous build."""
    connection.execute("create or replace temp table access (access smallint, source varchar, marking varchar)")
    if previous is not None:
        connection.execute(f"attach {literal(str(previous) + '/objects.duckdb')} as before (read_only)")
        connection.execute("insert into access select access, source, marking from before.access")
        connection.execute("detach before")
    datasets = [store.records(name) for name in workspace.nouns] + [store.links(name) for name in workspace.links]
    parts = [f"select distinct source, marking from {each}" for each in (d.relation() for d in datasets) if each]
    if parts:
        _few_markings(connection, " union all ".join(parts))
        connection.execute(
            "insert into access select (select coalesce(max(access), 0) from access) + row_number() over "
            f"(order by source, marking), source, marking from (select distinct * from ({' union all '.join(parts)})) "
            "where (source, marking) not in (select (source, marking) from access)"
        )


def _few_markings(connection: duckdb.DuckDBPyConnection, stated: str) -> None:
    query = f"select source, count(distinct marking) from ({stated}) group by source order by 2 desc limit 1"
    source, count = duck.first(connection, query) or ("", 0)
    if count > MOST_MARKINGS:
        raise BlueLampError(
            f"The rows of {source} carry {count:,} different markings, and {MOST_MARKINGS:,} is the most; "
            "name a column of handling markings as `marking:`."
        )


def _conflicts(connection: duckdb.DuckDBPyConnection, records: Records) -> None:
    """Each conflict at the objects of both its records, once for each two accesses under which these stand."""
    connection.register("conflicts_now", records.conflicts)
    connection.execute(
        "create or replace temp table conflict (type varchar, property varchar, value varchar, object bigint, "
        "access smallint, message varchar, other bigint, other_access smallint)"
    )
    for name in records.workspace.nouns:
        connection.execute(
            "insert into conflict with both_ways as (select property, value, record, other, message from conflicts_now "
            f"where type = {literal(name)} union select property, value, other, record, message from conflicts_now "
            f"where type = {literal(name)}) select distinct {literal(name)}, c.property, c.value, r.object, r.access, "
            f"c.message, coalesce(o.object, c.other), q.access from both_ways c join {ident('records_' + name)} r "
            f"on r.record = c.record join {ident('records_' + name)} q on q.record = c.other "
            f"left join entity o on o.type = {literal(name)} and o.record = c.other"
        )
    connection.unregister("conflicts_now")


def _states(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, store: Store, ingested: dict[str, Ledger]
) -> dict[str, SourceState]:
    relation = store.issues.relation()
    query = f"select source, count(*) from {relation} group by source"
    issues = dict(connection.execute(query).fetchall()) if relation else {}
    return {
        name: source_state(
            source, ingested[name], issues.get(name, 0), corrected(connection, source, store, ingested[name])
        )
        for name, source in workspace.sources.items()
    }
