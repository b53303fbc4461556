"""Links that lead to no record: a source names another's record by its key, and nothing has that key (yet)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import duckdb

from bluelamp.lake import duck
from bluelamp.lake.sql import literal
from bluelamp.lake.store import Store
from bluelamp.pipeline.build import SourceState
from bluelamp.workspace.model import End, Source, Workspace

CODE, MESSAGE = "no_such_record", "The key leads to no record of "
#: between the names of sources, one of which should have the record
OR = " or "

_COLUMNS = "delivery, file, row, link, noun, record, leads_to, marking"


class _Named(NamedTuple):
    """An end of a source's links of one type that is named by a key: of which object type, in which sources."""

    link: str
    side: str
    noun: str
    sources: tuple[str, ...]


def note(connection: duckdb.DuckDBPyConnection, workspace: Workspace, store: Store, since: Mapping[str, int]) -> None:
    """Bring the list of links that lead to no record to the present, once all records and links are.

    `since` names the sources that changed, each with the delivery up to which its rows stand as they were (0: none).
    Where rows only came, just what was on the list and new links can be on it.
    """
    for source in workspace.sources.values():
        named = _named(workspace, source)
        concerned = sorted({source.name, *(name for each in named for name in each.sources)})
        if since.keys().isdisjoint(concerned):
            continue
        relation = store.astray.relation()
        had = f"(select * from {relation} where source = {literal(source.name)})" if relation else None
        only_came = all(since.get(name, 1) for name in concerned)
        new = since.get(source.name) if only_came else 0
        queries = []
        for noun in sorted({each.noun for each in named}):
            ends = [each for each in named if each.noun == noun]
            links = [query for each in ends if (query := _links(store, source.name, each, new))]
            links += [f"select {_COLUMNS} from {had} where noun = {literal(noun)}"] if had and only_came else []
            if links:
                queries.append(_leading_nowhere(store, noun, links, concerned))
        _write(connection, store, source.name, " union all ".join(queries), had)


def _named(workspace: Workspace, source: Source) -> list[_Named]:
    sources: dict[tuple[str, str, str], list[str]] = {}
    for link in source.links:
        for side, end in (("from", link.from_), ("to", link.to)):
            if end.source or end.key:
                owner = end.source or source.name
                place = link.type.name, side, _noun(workspace.sources[owner], end)
                sources.setdefault(place, []).append(owner)
    return [_Named(*place, tuple(dict.fromkeys(owners))) for place, owners in sources.items()]


def _noun(owner: Source, end: End) -> str:
    return next(record.type.name() for record in owner.records if record.name == end.record)


def _links(store: Store, source: str, end: _Named, new: int | None) -> str | None:
    """SQL of the source's links of which `end` is named, of deliveries after `new`; None where there are none."""
    relation = store.links(end.link).relation()
    if relation is None or new is None:
        return None
    return (
        f"select delivery, file, row, {literal(end.link)} as link, {literal(end.noun)} as noun, {end.side}_record as "
        f"record, {literal(OR.join(end.sources))} as leads_to, marking from {relation} "
        f"where source = {literal(source)} and {end.side}_type = {literal(end.noun)} and delivery > {new}"
    )


def _leading_nowhere(store: Store, noun: str, links: list[str], sources: Iterable[str]) -> str:
    records = store.records(noun).relation()
    several = f"select {_COLUMNS} from ({' union all '.join(links)})"
    if records is None:
        return several
    listed = ", ".join(map(literal, sources))
    return f"{several} anti join (select record from {records} where source in ({listed})) using (record)"


def _write(connection: duckdb.DuckDBPyConnection, store: Store, source: str, found: str, had: str | None) -> None:
    """Put the rows of `found` (SQL; empty: none) in the place of those that the source `had`."""
    none = (
        "select 0::int as delivery, '' as file, 0::bigint as row, '' as link, '' as noun, 0::bigint as record, "
        "'' as leads_to, '' as marking where false"
    )
    connection.execute(
        f"create or replace temp table astray_now as select {literal(source)} as source, * from ({found or none})"
    )
    before = duck.count(connection, f"select count(*) from {had}") if had else 0
    if before or duck.count(connection, "select count(*) from astray_now"):
        reader = connection.sql("select * from astray_now order by all").to_arrow_reader()
        store.astray.replace(reader, "source", source)


def counted(
    connection: duckdb.DuckDBPyConnection, store: Store, states: Mapping[str, SourceState]
) -> dict[str, SourceState]:
    """The states of sources with the numbers of their links that lead to no record."""
    relation = store.astray.relation()
    query = f"select source, leads_to, count(*) from {relation} group by all order by all"
    found: dict[str, dict[str, int]] = {}
    for source, leads_to, number in connection.execute(query).fetchall() if relation else ():
        found.setdefault(source, {})[leads_to] = number
    return {name: replace(state, astray=found.get(name, {})) for name, state in states.items()}
