"""What the Data page shows of sources: who owns them, what came, what was turned away, what was not understood."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb
import pyarrow.parquet as pq

from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.sql import literal
from bluelamp.lake.store import Store
from bluelamp.pipeline.build import LEFT_OUT, Build
from bluelamp.workspace.model import Source


@dataclass(frozen=True)
class SourceView:
    """One source as declared and as it stands in the published build."""

    name: str
    title: str
    owner: str
    lawful_basis: str
    purposes: tuple[str, ...]
    marking: str
    retention: str
    description: str
    attribution: str
    connector: str
    mode: str
    read: int
    kept: int
    rejected: int
    issues: int
    deliveries: tuple[Delivery, ...]
    #: (record name, object type) that each row makes, and (link type, from, to)
    makes: tuple[tuple[str, str], ...]
    ties: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]
    #: whether this session's purpose opens its rows
    open: bool
    #: whether the published build was made without reading it
    left_out: bool = False


@dataclass(frozen=True)
class RejectView:
    """A row that could not be read."""

    delivery: int
    file: str
    row: int | None
    line: int | None
    reason: str
    text: str


@dataclass(frozen=True)
class IssueCount:
    """How often a property had one kind of issue."""

    record: str
    property: str
    code: str
    message: str
    count: int


@dataclass(frozen=True)
class IssueView:
    """One value that could not be understood, and where it stands."""

    delivery: int
    file: str
    #: None where it is an issue of the delivery as a whole
    row: int | None
    record: str
    property: str
    raw: str
    code: str
    message: str


def source_view(source: Source, ledger: Ledger, build: Build | None, *, is_open: bool) -> SourceView:
    """What is declared of a source and what came of it; no content of any row."""
    state = build.sources.get(source.name) if build else None
    return SourceView(
        source.name,
        source.title,
        source.owner,
        source.lawful_basis,
        source.purposes,
        source.marking,
        source.retention,
        source.description,
        source.attribution,
        source.read.connector,
        source.read.mode,
        state.read if state else 0,
        state.kept if state else 0,
        state.rejected if state else 0,
        state.issues if state else 0,
        tuple(replace(each, columns=None) for each in reversed(ledger.deliveries)),
        tuple((record.name, record.type.name()) for record in source.records),
        tuple((link.type.name, link.from_.record, link.to.record) for link in source.links),
        tuple(_failed(source.name, build)),
        is_open,
        build is not None and source.name in build.left_out,
    )


def _failed(source: str, build: Build | None) -> Iterator[str]:
    """What the health checks of a source say."""
    for warning in build.warnings if build else ():
        if warning.startswith(f"{source}: ") and warning != f"{source}: {LEFT_OUT}":
            yield warning


def rejects(store: Store, source: str, ledger: Ledger, limit: int | None = 200) -> list[RejectView]:
    """The rows of `source` that could not be read, the newest delivery first; all of them without a `limit`."""
    found: list[RejectView] = []
    gone = ledger.replaced()
    for delivery in (each for each in reversed(ledger.deliveries) if each.number not in gone):
        path = store.rejects(source, delivery.number)
        if path.exists() and (limit is None or len(found) < limit):
            rows = pq.read_table(path).to_pylist()
            found += [RejectView(delivery.number, r["file"], r["row"], r["line"], r["reason"], r["text"]) for r in rows]
    return found[:limit]


def issue_counts(connection: duckdb.DuckDBPyConnection, store: Store, source: str) -> list[IssueCount]:
    """Issues of `source` by record, property and kind, the most frequent first."""
    relation = store.issues.relation()
    if relation is None:
        return []
    query = (
        f"select record_name, property, code, any_value(message), count(*) from {relation} "
        f"where source = {literal(source)} group by 1, 2, 3 order by 5 desc, 1, 2, 3"
    )
    return [IssueCount(*row) for row in connection.execute(query).fetchall()]


def issues(
    connection: duckdb.DuckDBPyConnection, store: Store, source: str, property: str, code: str, limit: int = 200
) -> list[IssueView]:
    """The values of one property with one kind of issue, with their places."""
    relation = store.issues.relation()
    if relation is None:
        return []
    query = (
        f"select delivery, file, row, record_name, property, raw, code, message from {relation} "
        "where source = $source and property = $property and code = $code "
        "order by delivery desc, file, row limit $limit"
    )
    asked = {"source": source, "property": property, "code": code, "limit": limit}
    return [IssueView(*row) for row in connection.execute(query, asked).fetchall()]
