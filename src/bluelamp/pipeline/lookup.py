"""Each distinct raw value of a column as it is cleaned: a table that rows are joined to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import duckdb
import pyarrow as pa

from bluelamp.lake import duck
from bluelamp.types.grammar import Cleaned, Issue, PropertyType
from bluelamp.workspace.model import Value

#: the columns of a look-up: no header names a column with a blank in front
RAW, VALUE, CODE, MESSAGE = '" raw"', '" value"', '" code"', '" message"'

#: the table of what Python was asked last, with the same columns
ASKED = "lookup_asked"


@dataclass(frozen=True)
class Column:
    """One value to make: its name in the result, how it is made, and the type that cleans it."""

    name: str
    value: Value
    type: PropertyType
    codes: dict[str, str] | None


class Tabulated(NamedTuple):
    """What a look-up holds."""

    distinct: int
    #: whether Python was asked, and may have found something wrong
    asked: bool
    #: whether any of the other values reads otherwise than it stands
    changed: bool


def many(connection: duckdb.DuckDBPyConnection, table: str, column: Column, values: str) -> Tabulated:
    """Make the look-up of the raw `values` (SQL after `from`): by SQL, and in Python where that declines."""
    fast = None if column.codes else column.type.sql(RAW)
    connection.execute(
        f"create or replace temp table {table} as select {RAW}, {fast or 'NULL::VARCHAR'} as {VALUE}, "
        f"NULL::VARCHAR as {CODE}, NULL::VARCHAR as {MESSAGE} from {values}"
    )
    counted = f"select count(*), count({VALUE}), count(*) filter ({VALUE} <> {RAW}) from {table}"
    distinct, plain, changed = duck.first(connection, counted) or (0, 0, 0)
    if plain < distinct:
        declined = connection.execute(f"select {RAW} from {table} where {VALUE} is null").fetchall()
        _keep(connection, ASKED, _cleaned(column, [raw for (raw,) in declined]))
        connection.execute(f"delete from {table} where {VALUE} is null")
        connection.execute(f"insert into {table} from {ASKED}")
    return Tabulated(distinct, plain < distinct, bool(changed))


def few(connection: duckdb.DuckDBPyConnection, table: str, column: Column, values: str) -> Tabulated:
    """The same of so few values that Python cleans them sooner than the SQL for it is planned."""
    raws = [raw for (raw,) in connection.execute(f"select {RAW} from {values}").fetchall()]
    made = _cleaned(column, raws)
    _keep(connection, table, made)
    _, read, codes, _ = made.columns
    return Tabulated(len(raws), codes.null_count < len(raws), read.to_pylist() != raws)


def _keep(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    connection.register("lookup_rows", rows)
    connection.execute(f"create or replace temp table {table} as from lookup_rows")
    connection.unregister("lookup_rows")


def _cleaned(column: Column, raws: Sequence[str]) -> pa.Table:
    """What each raw value becomes, and what is wrong with it: a table with the columns of a look-up."""
    found = [_translated(column, raw) for raw in raws]
    issues = [each.issue for each in found]
    return pa.table(
        {
            name.strip('"'): pa.array(values, pa.string())
            for name, values in (
                (RAW, raws),
                (VALUE, [each.value for each in found]),
                (CODE, [issue.code if issue else None for issue in issues]),
                (MESSAGE, [issue.message if issue else None for issue in issues]),
            )
        }
    )


def _translated(column: Column, raw: str) -> Cleaned:
    """`raw` through the column's code list, then cleaned by its type."""
    if column.codes is None:
        return column.type.clean(raw)
    meaning = column.codes.get(raw.strip().upper())
    if meaning is None:
        cleaned = column.type.clean(raw)
        return Cleaned(cleaned.value, Issue("unknown_code", f"The code list {column.value.codes} has no such value"))
    return column.type.clean(meaning)
