"""What the Data page shows of sources: who owns them, what came, what was turned away, what was not understood."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

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
    #: of the rows that this session may see; None where its purpose does not open the source
    issues: int | None
    deliveries: tuple[Delivery, ...]
    #: (record name, object type) that each row makes, and (link type, from, to)
    makes: tuple[tuple[str, str], ...]
    ties: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]
    #: whether this session's purpose opens its rows
    open: bool
    #: whether it may see whatever marking a row can carry, and so its rejects, which say none
    whole: bool
    #: whether they are masked, as its rows may hold sensitive values that this session's purpose does not open
    masked: bool
    #: the marking for a screen with any of its rows
    highest: str
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
    #: of what its row says
    markings: tuple[str, ...]


@dataclass(frozen=True)
class Sight:
    """What a session may know of issues: those of rows of which it is `cleared` for every marking.

    Of links that lead to no record, those that should lead to one of the sources `known`, of which it sees all.
    """

    known: tuple[str, ...]
    cleared: tuple[str, ...]


def source_view(
    source: Source, ledger: Ledger, build: Build | None, issues: int | None, highest: str, *, whole: bool, masked: bool
) -> SourceView:
    """What is declared of a source and what came of it; no content of any row.

    How many rows were read, kept and rejected is told of every source as a whole, for it is how the force accounts
    for them. How many `issues` there are is not, nor are rejects: see `Session.issues` and `Session.rejects`.
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
        issues,
        tuple(replace(each, columns=None) for each in reversed(ledger.deliveries)),
        tuple((record.name, record.type.name()) for record in source.records),
        tuple((link.type.name, link.from_.record, link.to.record) for link in source.links),
        tuple(_failed(source.name, build)),
        issues is not None,
        whole,
        masked,
        highest,
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


def _issues(store: Store) -> str:
    """SQL of all issues that a session may know of, by the parameters `known` and `cleared`; empty where none is."""
    values, links = store.issues.relation(), store.astray.relation()
    columns = "source, delivery, file, row, record_name, property, raw, code, message, markings"
    parts = [f"select {columns} from {values} where list_has_all($cleared::varchar[], markings)"] if values else []
    if links:
        parts.append(
            "select source, delivery, file, row, 'link' as record_name, link as property, '' as raw, "
            f"{literal(astray.CODE)} as code, {literal(astray.MESSAGE)} || leads_to as message, [marking] as markings "
            f"from {links} where list_contains($cleared::varchar[], marking) "
            f"and list_has_all($known::varchar[], string_split(leads_to, {literal(astray.OR)}))"
        )
    return f"({' union all '.join(parts)})" if parts else ""


def _asked(
    connection: duckdb.DuckDBPyConnection, store: Store, sight: Sight, query: str, **asked: object
) -> list[tuple[Any, ...]]:
    """The rows of `query`, in which `{}` is what `sight` lets be known of issues."""
    relation = _issues(store)
    if not relation:
        return []
    given = {"cleared": sight.cleared, "known": sight.known} if "$known" in relation else {"cleared": sight.cleared}
    return connection.execute(query.format(relation), given | asked).fetchall()


def issue_totals(connection: duckdb.DuckDBPyConnection, store: Store, sight: Sight) -> dict[str, int]:
    """How many issues each source has; one without any is not among them."""
    return dict(_asked(connection, store, sight, "select source, count(*) from {} group by source"))


def issue_counts(connection: duckdb.DuckDBPyConnection, store: Store, source: str, sight: Sight) -> list[IssueCount]:
    """Issues of `source` by record, property and kind, the most frequent first."""
    query = (
        "select record_name, property, code, any_value(message), count(*) from {} where source = $source "
        "group by 1, 2, 3 order by 5 desc, 1, 2, 3"
    )
    return [IssueCount(*row) for row in _asked(connection, store, sight, query, source=source)]


def issues(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    source: str,
    property: str,
    code: str,
    sight: Sight,
    limit: int = 200,
) -> list[IssueView]:
    """The values of one property with one kind of issue, with their places."""
    query = (
        "select delivery, file, row, record_name, property, raw, code, message, markings from {} "
        "where source = $source and property = $property and code = $code order by delivery desc, file, row "
        "limit $limit"
    )
    found = _asked(connection, store, sight, query, source=source, property=property, code=code, limit=limit)
    return [IssueView(*(*row[:-1], tuple(row[-1]))) for row in found]
