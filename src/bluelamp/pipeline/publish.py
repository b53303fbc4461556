"""Last step: build the index of all records and links aside, and switch readers over to it."""

from dataclasses import replace
from pathlib import Path

import duckdb

from bluelamp.errors import BlueLampError
from bluelamp.index import delta
from bluelamp.index.build import build as write_index
from bluelamp.index.layout import OBJECTS
from bluelamp.lake import duck
from bluelamp.lake.dataset import Dataset
from bluelamp.lake.ledger import Ledger
from bluelamp.lake.sql import ident, literal
from bluelamp.lake.store import Store
from bluelamp.pipeline import astray
from bluelamp.pipeline import build as builds
from bluelamp.pipeline.build import Build, SourceState
from bluelamp.pipeline.records import Records
from bluelamp.pipeline.states import corrected, differs, source_state
from bluelamp.resolution.bands import logit
from bluelamp.workspace.fingerprint import checks
from bluelamp.workspace.model import Workspace
from bluelamp.workspace.sensitive import open_texts

#: what a row says is its marking must be one of few words, not a name or a number
MOST_MARKINGS = 1000

#: letters of a value that was not understood that a page shows; its row has all of it
MOST_RAW = 200

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

    With a `published` build, whose index is whole, only the objects that changed are made anew where they are few.
    `workspace` has the sources that were read; where others stand, `build` says already.
    """
    previous = builds.folder(store, published.number) if published else None
    _access(connection, records, published)
    _entities(connection, store)
    part = published is not None and previous is not None and _part(connection, workspace, published, previous)
    views(connection, records.workspace, store, records.added if part else None)
    _conflicts(connection, records)
    _likely(connection, records)
    aside = builds.begin(store, build.number)
    records.likelihoods.keep(aside)
    write_index(
        connection,
        aside,
        workspace.nouns,
        previous=previous if part else None,
        changed=part,
        links=_number_of_links(connection, workspace, store),
        progress=lambda what, share: progress("publish", what, share),
    )
    objects, links = _counts(connection, store, aside)
    build = replace(
        build,
        sources=build.sources
        | astray.counted(connection, store, _states(connection, workspace, store, ingested, published)),
        tables={name: dataset.version for name, dataset in records.datasets().items() if dataset.version is not None},
        objects=objects,
        links=links,
    )
    builds.switch(store, build, aside)
    progress("publish", f"build {build.number}", 1)
    return build


def _part(connection: duckdb.DuckDBPyConnection, workspace: Workspace, published: Build, previous: Path) -> bool:
    """Whether the index of the `published` build can be changed, and so much of it stays that this costs less."""
    changed = duck.count(connection, "select count(*) from changed")
    return changed <= ANEW * sum(published.objects.values()) and delta.fits(previous, workspace.nouns)


def _entities(connection: duckdb.DuckDBPyConnection, store: Store) -> None:
    entities = store.entities.relation()
    connection.execute(
        "create or replace temp table entity as select type, record, object from "
        + (entities or "(select ''::varchar as type, 0::bigint as record, 0::bigint as object where false)")
    )
    connection.execute("create or replace temp view redirect as select record as old, type, object from entity")


def _counts(connection: duckdb.DuckDBPyConnection, store: Store, folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """How many objects of each type the index in `folder` holds, and links: each pair of objects and role once."""
    connection.execute(f"attach {literal(str(folder / OBJECTS))} as counted (read_only)")
    objects = connection.execute("select type, sum(objects)::bigint from counted.spread group by type").fetchall()
    relation = store.astray.relation()
    nowhere = (
        f"select object from (select coalesce(e.object, a.record) as object from {relation} a left join entity e "
        "on e.type = a.noun and e.record = a.record) anti join counted.object using (object)"
    )
    shown = f"and object not in ({nowhere}) and other not in ({nowhere})" if relation else ""
    links = connection.execute(
        "select type, count(*) from (select distinct type, object, other, role from counted.link "
        f"where forward {shown}) group by type order by type"
    ).fetchall()
    connection.execute("detach counted")
    return dict(objects), dict(links)


def views(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    store: Store,
    added: dict[Dataset, list[tuple[str, int]]] | None = None,
) -> None:
    """Views of every record and link with its object and its access, as the index reads them.

    For a change only those that were `added`, or that are of a record in the table `loose_records`. A type of which
    there is none has no view.
    """
    loose = {name for (name,) in connection.execute("select distinct type from loose_records").fetchall()}
    for name, noun in workspace.nouns.items():
        relation = store.records(name).relation()
        if relation is None or (added is not None and name not in loose and store.records(name) not in added):
            continue
        columns = set(connection.sql(f"select * from {relation} limit 0").columns)
        properties = ", ".join(
            f"{'r.' + ident(each.name) if each.name in columns else 'NULL'}::{each.type.storage} as {ident(each.name)}"
            for each in noun.properties.values()
        )
        anew = f"r.record in (select record from loose_records where type = {literal(name)})"
        only = f"where {anew}{_or_added('r.', added.get(store.records(name)))}" if added is not None else ""
        stamp = "r.source, r.delivery, r.file, r.row, r.record, r.key, r.marking"
        connection.execute(
            f"create or replace temp view {ident('records_' + name)} as select {stamp}, {properties}, "
            f"coalesce(e.object, r.record) as object, a.access from {relation} r "
            f"join access a on a.source = r.source and a.marking = r.marking "
            f"left join entity e on e.type = {literal(name)} and e.record = r.record {only}"
        )
    _links(connection, workspace, store, added)
    _unread(connection, workspace, store, added)


def _links(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    store: Store,
    added: dict[Dataset, list[tuple[str, int]]] | None,
) -> None:
    """The view of links with three accesses: of the row that says one, and of the records at its ends."""
    anew = "(from_record in (select record from loose_records) or to_record in (select record from loose_records)"
    relations = [(name, store.links(name)) for name in workspace.links]
    parts = [
        f"select {literal(name)} as type, * from {dataset.relation()}"
        + (f" where {anew}{_or_added('', added.get(dataset))})" if added is not None else "")
        for name, dataset in relations
        if dataset.relation()
    ]
    stated = f"({' union all by name '.join([*parts, _no_links()])})"
    _named(connection, store, stated)
    joins, accesses = zip(*map(_end, ("from", "to")), strict=True)
    connection.execute(
        f"create or replace temp view links as select l.*, {', '.join(accesses)}, a.access from {stated} l "
        f"join access a on a.source = l.source and a.marking = l.marking {' '.join(joins)}"
    )


def _unread(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    store: Store,
    added: dict[Dataset, list[tuple[str, int]]] | None,
) -> None:
    """The view of values that were not understood, each once for a record, an access and a delivery's file; `searched`
    where the text may be searched for. By record, not by object: so what joins an object only adds to it.
    """
    relation = store.issues.relation()
    if relation is None:
        return
    anew = "(i.type, i.record) in (select (type, record) from loose_records)"
    only = f"and ({anew}{_or_added('i.', added.get(store.issues))})" if added is not None else ""
    texts = ", ".join(f"({', '.join(map(literal, each))})" for each in open_texts(workspace.sources.values()))
    searched = f"(i.source, i.record_name, i.property) in ({texts})" if texts else "false"
    connection.execute(
        "create or replace temp view issues as select * exclude (record) from (select i.record, "
        "coalesce(e.object, i.record) as object, i.type, a.access, "
        f"i.property, case when length(i.raw) > {MOST_RAW} then left(i.raw, {MOST_RAW}) || '…' else i.raw end as raw, "
        f"i.message, {searched} as searched, i.delivery, i.file, min(i.row) as row from {relation} i "
        "join access a on a.source = i.source and a.marking = i.marking "
        "left join entity e on e.type = i.type and e.record = i.record "
        f"where i.record is not null and not i.understood {only} group by all)"
    )


def _end(side: str) -> tuple[str, str]:
    """The joins that one end of a link needs, and its object and access.

    Where no record has the key that the link names, there is nothing to see, and the row's own access stands.
    """
    named = f"l.{side}_marking is null"
    joins = (
        f"left join entity {side}_entity on {side}_entity.type = l.{side}_type "
        f"and {side}_entity.record = l.{side}_record "
        f"left join access {side}_own on {side}_own.source = l.{side}_source and {side}_own.marking = l.{side}_marking "
        f"left join named_source {side}_its on {side}_its.source = case when {named} then l.{side}_source end "
        f"left join named_record {side}_one on {side}_one.type = l.{side}_type "
        f"and {side}_one.record = case when {named} then l.{side}_record end "
    )
    access = f"coalesce({side}_own.access, {side}_its.access, {side}_one.access, a.access) as {side}_access"
    return joins, f"coalesce({side}_entity.object, l.{side}_record) as {side}_object, {access}"


def _number_of_links(connection: duckdb.DuckDBPyConnection, workspace: Workspace, store: Store) -> int:
    """How many rows of links there are, which the files say without being read."""
    relations = [relation for name in workspace.links if (relation := store.links(name).relation())]
    return sum(duck.count(connection, f"select count(*) from {each}") for each in relations)


def _named(connection: duckdb.DuckDBPyConnection, store: Store, links: str) -> None:
    """The accesses of records that `links` name by their key: by source where it has but one, else by record."""
    connection.execute(
        "create or replace temp table named_source as select source, min(access) as access from access "
        "group by source having count(*) = 1"
    )
    ends = " union ".join(
        f"select {side}_type as type, {side}_source as source from {links} where {side}_marking is null"
        for side in ("from", "to")
    )
    several = "(select source from access group by source having count(*) > 1)"
    named: dict[str, list[str]] = {}
    if duck.count(connection, f"select count(*) from {several}"):
        for noun, source in connection.execute(f"select * from ({ends}) where source in {several}").fetchall():
            named.setdefault(noun, []).append(literal(source))
    queries = [
        f"select distinct {literal(noun)} as type, r.record, a.access from {relation} r "
        f"join access a on a.source = r.source and a.marking = r.marking where r.source in ({', '.join(sources)})"
        for noun, sources in sorted(named.items())
        if (relation := store.records(noun).relation())
    ]
    nothing = "select '' as type, 0::bigint as record, 0::smallint as access where false"
    connection.execute(f"create or replace temp table named_record as {' union all '.join(queries) or nothing}")


def _or_added(of: str, added: list[tuple[str, int]] | None) -> str:
    return "".join(f" or ({of}source = {literal(name)} and {of}delivery > {since})" for name, since in added or ())


def _no_links() -> str:
    return (
        "select '' as type, '' as source, 0 as delivery, '' as file, 0::bigint as row, '' as marking, '' as from_type, "
        "0::bigint as from_record, '' as from_source, '' as from_marking, '' as to_type, 0::bigint as to_record, "
        "'' as to_source, '' as to_marking, '' as role, '' as category, '' as from_date, "
        "'' as to_date, '' as basis where false"
    )


def _access(connection: duckdb.DuckDBPyConnection, records: Records, published: Build | None) -> None:
    """One number per pair of source and marking; a pair keeps the number that it had in the `published` build."""
    connection.execute("create or replace temp table access (access smallint, source varchar, marking varchar)")
    tables: dict[str, int] = {}
    if published is not None:
        path = builds.folder(records.store, published.number) / OBJECTS
        connection.execute(f"attach {literal(str(path))} as before (read_only)")
        connection.execute("insert into access select access, source, marking from before.access")
        connection.execute("detach before")
        tables = published.tables
    new = [each for name, each in records.datasets().items() if _marked(name) and each.version != tables.get(name)]
    parts = [f"select distinct source, marking from {each}" for each in (d.relation() for d in new) if each]
    if parts:
        connection.execute(
            f"create or replace temp table stated as select distinct * from ({' union all '.join(parts)})"
        )
        _few_markings(connection, "from stated")
        connection.execute(
            "insert into access select (select coalesce(max(access), 0) from access) + row_number() over "
            "(order by source, marking), source, marking from stated "
            "where (source, marking) not in (select (source, marking) from access)"
        )


def _marked(name: str) -> bool:
    return name.startswith(("records/", "links/"))


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
    connection.execute(
        "create or replace temp table conflict (type varchar, property varchar, value varchar, object bigint, "
        "access smallint, message varchar, other bigint, other_access smallint)"
    )
    told = records.store.conflicts.relation()
    types = connection.execute(f"select distinct type from {told} order by 1").fetchall() if told else []
    for (name,) in types:
        mine = f"(select property, value, record, other, message from {told} where type = {literal(name)})"
        connection.execute(
            f"insert into conflict with told as materialized {mine}, both_ways as (from told union select property, "
            "value, other, record, message from told), stands as materialized (select distinct r.record, a.access, "
            f"coalesce(e.object, r.record) as object from {records.store.records(name).relation()} r "
            "join access a on a.source = r.source and a.marking = r.marking "
            f"left join entity e on e.type = {literal(name)} and e.record = r.record "
            "where r.record in (select record from both_ways)) "
            f"select distinct {literal(name)}, c.property, c.value, r.object, r.access, c.message, q.object, q.access "
            "from both_ways c join stands r on r.record = c.record join stands q on q.record = c.other"
        )


def _likely(connection: duckdb.DuckDBPyConnection, records: Records) -> None:
    """The pairs that a person should judge: of each two objects and accesses the strongest, unless it is decided."""
    connection.execute(
        "create or replace temp table likely (type varchar, record bigint, other bigint, object bigint, "
        "other_object bigint, weight double, access smallint, other_access smallint)"
    )
    told, judged = records.store.pairs.relation(), records.store.decided.relation()
    for name, model in records.likelihoods.models.items() if told else ():
        decided = f"select record, other, NULL::double as weight from {judged} where type = {literal(name)}"
        connection.execute(
            f"insert into likely with told as materialized (select record, other, weight from {told} "
            f"where type = {literal(name)} and weight >= {logit(model.bands.judge)!r} "
            f"{f'union all {decided}' if judged else ''}), stands as materialized (select r.record, "
            "min(a.access) as access, coalesce(any_value(e.object), r.record) as object "
            f"from {records.store.records(name).relation()} r join access a on a.source = r.source and "
            f"a.marking = r.marking left join entity e on e.type = {literal(name)} and e.record = r.record "
            "where r.record in (select unnest([record, other]) from told) group by r.record), "
            "ends as (select t.weight, case when one.object < two.object then [one, two] else [two, one] end as ends "
            "from told t join stands one on one.record = t.record join stands two on two.record = t.other "
            "where one.object <> two.object) "
            f"select {literal(name)}, ends[1].record, ends[2].record, ends[1].object, ends[2].object, weight, "
            "ends[1].access, ends[2].access from ends qualify weight is not null and row_number() over "
            "(partition by ends[1].object, ends[2].object, ends[1].access, ends[2].access "
            "order by weight desc nulls first, ends[1].record, ends[2].record) = 1"
        )


def _states(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    store: Store,
    ingested: dict[str, Ledger],
    published: Build | None,
) -> dict[str, SourceState]:
    """Where every source stands; of those that are as they were, what the `published` build says."""
    states = published.sources if published else {}
    new = [each for each in workspace.sources.values() if differs(each, ingested[each.name], published)]
    relation = store.issues.relation()
    listed = ", ".join(literal(each.name) for each in new)
    query = f"select source, count(*) from {relation} where source in ({listed}) group by source"
    issues = dict(connection.execute(query).fetchall()) if relation and new else {}
    found = {
        each.name: source_state(
            each,
            ingested[each.name],
            issues.get(each.name, 0),
            sum(corrected(connection, each, store, ingested[each.name]).values()),
        )
        for each in new
    }
    return {
        name: replace(found.get(name) or states[name], checks=checks(source))
        for name, source in workspace.sources.items()
    }
