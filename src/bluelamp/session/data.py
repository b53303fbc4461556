"""What the Data page shows of sources: who owns them, what came, what was turned away, what was not understood."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import duckdb

from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.sql import literal
from bluelamp.lake.store import Store
from bluelamp.pipeline import astray, replay
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
    """How often a property, or a link, had one kind of issue."""

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


def source_view(
    source: Source, ledger: Ledger, build: Build | None, known: Container[str], *, is_open: bool
) -> SourceView:
    """What is declared of a source and what came of it; no content of any row.

    Whether a key leads anywhere is told only of the sources `known`.
    """
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
        state.issues + sum(n for to, n in state.astray.items() if _all(to, known)) if state else 0,
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


def rejects(store: Store, source: Source, ledger: Ledger, limit: int | None = 200) -> list[RejectView]:
    """The rows of `source` that are rejected still, the newest delivery first; all of them without a `limit`."""
    return [
        RejectView(delivery.number, file, each.row, each.line, each.reason, each.text)
        for delivery, file, each in islice(replay.waiting(store, source, ledger), limit)
    ]


def _all(sources: str, known: Container[str]) -> bool:
    return all(name in known for name in sources.split(astray.OR))


def _issues(store: Store, known: Iterable[str]) -> str:
    """SQL of all issues; of links that lead to no record, those that should lead to one of the sources `known`."""
    values, links = store.issues.relation(), store.astray.relation()
    columns = "source, delivery, file, row, record_name, property, raw, code, message"
    parts = [f"select {columns} from {values}"] if values else []
    if links:
        listed = ", ".join(map(literal, known))
        parts.append(
            "select source, delivery, file, row, 'link' as record_name, link as property, '' as raw, "
            f"{literal(astray.CODE)} as code, {literal(astray.MESSAGE)} || leads_to as message from {links} "
            f"where list_has_all([{listed}]::varchar[], string_split(leads_to, {literal(astray.OR)}))"
        )
    return f"({' union all '.join(parts)})" if parts else ""


def issue_counts(
    connection: duckdb.DuckDBPyConnection, store: Store, source: str, known: Iterable[str]
) -> list[IssueCount]:
    """Issues of `source` by record, property and kind, the most frequent first; `known` as for `source_view`."""
    relation = _issues(store, known)
    if not relation:
        return []
    query = (
        f"select record_name, property, code, any_value(message), count(*) from {relation} "
        f"where source = {literal(source)} group by 1, 2, 3 order by 5 desc, 1, 2, 3"
    )
    return [IssueCount(*row) for row in connection.execute(query).fetchall()]


def issues(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    source: str,
    property: str,
    code: str,
    known: Iterable[str],
    limit: int = 200,
) -> list[IssueView]:
    """The values of one property with one kind of issue, with their places; `known` as for `source_view`."""
    relation = _issues(store, known)
    if not relation:
        return []
    query = (
        f"select delivery, file, row, record_name, property, raw, code, message from {relation} "
        "where source = $source and property = $property and code = $code "
        "order by delivery desc, file, row limit $limit"
    )
    asked = {"source": source, "property": property, "code": code, "limit": limit}
    return [IssueView(*row) for row in connection.execute(query, asked).fetchall()]
