"""One raw row and all that came of it, found by mapping that row again: the mapping always gives the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from bluelamp.connectors.columns import RESERVED
from bluelamp.lake import duck
from bluelamp.lake.ledger import Delivery
from bluelamp.lake.sql import ident
from bluelamp.lake.store import Store
from bluelamp.pipeline.ingest import columns_needed
from bluelamp.pipeline.map import Mapped, Mapping, raw_value, trimmed
from bluelamp.pipeline.needed import completed
from bluelamp.session.views import CellView, StepView
from bluelamp.workspace.model import RecordSpec, Source, Workspace


@dataclass(frozen=True)
class Made:
    """A record that the row made: its name and type in the declaration, its number and its marking."""

    name: str
    type: str
    record: int
    marking: str


@dataclass(frozen=True)
class Row:
    """A raw row with what mapping made of it."""

    file: str
    cells: tuple[CellView, ...]
    steps: tuple[StepView, ...]
    made: tuple[Made, ...]


def find(
    workspace: Workspace,
    store: Store,
    secret: str,
    source: Source,
    delivery: Delivery,
    row: int,
    file: str | None = None,
) -> Row | None:
    """The row of a delivery, mapped again by today's declaration; None where there is no such row.

    `secret` is what the published build's records are numbered by.
    """
    dataset = store.raw(source.name)
    relation = dataset.relation()
    if relation is None:
        return None
    whole = completed(relation, dataset.columns(), source)
    with duck.question(store.scratch) as connection:
        asked: dict[str, Any] = {"delivery": delivery.number, "row": row, "file": file}
        connection.execute(
            f"create temp table one as select * from {whole} "
            "where _delivery = $delivery and _row = $row and ($file::varchar is null or _file = $file) limit 1",
            asked,
        )
        found = duck.first(connection, "select * from one")
        if found is None:
            return None
        columns = connection.sql("select * from one limit 0").columns
        cells = dict(zip(columns, found, strict=True))
        plain = ", ".join(f"{trimmed(column)} as {ident(column)}" for column in sorted(columns_needed(source)))
        connection.execute(f"create temp table plain as select {plain} from one")
        mapping = Mapping(connection, workspace, source, secret, {delivery.number: delivery.day})
        mapped = mapping.run("one", columns_needed(source))
        made, steps = _understood(connection, source, mapped)
        shown = tuple(CellView(c, v) for c, v in cells.items() if c not in RESERVED)
        return Row(cells["_file"], shown, tuple(steps), tuple(made))


def _understood(
    connection: duckdb.DuckDBPyConnection, source: Source, mapped: Mapped
) -> tuple[list[Made], list[StepView]]:
    issues = connection.execute(f"select record_name, property, message from ({mapped.issues})").fetchall()
    wrong = {(record, property): message for record, property, message in issues}
    specs = {record.name: record for record in source.records}
    made: list[Made] = []
    steps: list[StepView] = []
    for type_name, queries in mapped.records.items():
        for name, query in queries.items():
            for values in _rows(connection, query):
                made.append(Made(name, type_name, values["record"], values["marking"]))
                steps += _steps(connection, specs[name], values, wrong)
    return made, steps


def _steps(
    connection: duckdb.DuckDBPyConnection,
    spec: RecordSpec,
    values: dict[str, Any],
    wrong: dict[tuple[str, str], str],
) -> Iterator[StepView]:
    for property, value in spec.set.items():
        kind = spec.type.properties[property]
        raw = duck.first(connection, f"select {raw_value(value, kind.type)} from plain")
        if raw and raw[0] is not None:
            stored = values[property]
            cleaned = "" if stored is None else kind.type.show(kind.type.text(stored))
            yield StepView(spec.name, property, kind.label, raw[0], cleaned, wrong.get((spec.name, property), ""))


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or []]
    for row in result.fetchall():
        yield dict(zip(names, row, strict=True))
