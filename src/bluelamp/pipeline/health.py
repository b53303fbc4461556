"""The health checks that a source declares: each gives a sentence when it fails, to warn or to stop a publish."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import duckdb

from bluelamp import clock
from bluelamp.lake import duck
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.pipeline import states
from bluelamp.pipeline.map import text_of
from bluelamp.workspace.model import HealthCheck, Source, shown


def failures(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    ledger: Ledger,
    rows: str | None,
    corrected: Mapping[str, int],
) -> list[tuple[HealthCheck, str]]:
    """The checks of `source` that fail on `rows` (SQL of its current raw rows), each with one sentence.

    `corrected` says how many rows of each file were rejected first and now count.
    """
    found, rejected = [], _rejected(states.standing(source, ledger), corrected)
    for check in source.checks:
        message = _message(connection, check, ledger, rows, rejected)
        if message:
            found.append((check, f"{source.name}: {message}"))
    return found


def _message(
    connection: duckdb.DuckDBPyConnection,
    check: HealthCheck,
    ledger: Ledger,
    rows: str | None,
    rejected: Mapping[str, float],
) -> str | None:
    match check.kind:
        case "fresh":
            return _stale(check, ledger)
        case "rejects":
            return _too_many_rejects(check, rejected)
        case "rows":
            return _row_count(connection, check, rows)
        case "unique":
            return _repeated(connection, check, rows)
        case "allowed":
            return _not_allowed(connection, check, rows)


def _stale(check: HealthCheck, ledger: Ledger) -> str | None:
    newest = max((datetime.fromisoformat(each.at) for each in ledger.deliveries), default=None)
    if newest and clock.now() - newest <= timedelta(days=check.days or 0):
        return None
    came = f"the last came on {newest:%d %b %Y}" if newest else "none has come"
    return f"a delivery is due every {check.days} days and {came}; ask the owner of the source"


def _rejected(standing: Iterable[Delivery], corrected: Mapping[str, int]) -> dict[str, float]:
    """The share of each file's rows that are rejected still. Corrected rejects are rows of their files, and no more."""
    files = {each.name: each for each in standing if each.kind == "file" and each.read}
    return {name: (each.rejected - corrected.get(name, 0)) / each.read for name, each in files.items()}


def _too_many_rejects(check: HealthCheck, rejected: Mapping[str, float]) -> str | None:
    worst = max(rejected, key=rejected.__getitem__, default="")
    share, most = rejected.get(worst, 0), check.most or 0
    if share <= most:
        return None
    return (
        f"{worst} has {100 * share:.1f}% rejected rows and {100 * most:.1f}% is the most allowed; "
        "list them with `bluelamp rejects`"
    )


def _row_count(connection: duckdb.DuckDBPyConnection, check: HealthCheck, rows: str | None) -> str | None:
    count = duck.count(connection, f"select count(*) from {rows}") if rows else 0
    if check.least is not None and count < check.least:
        return f"{count:,} rows, and at least {check.least:,.0f} are expected"
    if check.most is not None and count > check.most:
        return f"{count:,} rows, and at most {check.most:,.0f} are expected"
    return None


def _repeated(connection: duckdb.DuckDBPyConnection, check: HealthCheck, rows: str | None) -> str | None:
    columns = ", ".join(map(text_of, check.columns))
    filled = " and ".join(f"{text_of(column)} is not null" for column in check.columns)
    query = f"select count(*) from (select 1 from {rows} where {filled} group by {columns} having count(*) > 1)"
    count = duck.count(connection, query) if rows else 0
    return f"{count:,} values of {' + '.join(map(shown, check.columns))} stand in more than one row" if count else None


def _not_allowed(connection: duckdb.DuckDBPyConnection, check: HealthCheck, rows: str | None) -> str | None:
    if not rows:
        return None
    column = text_of(check.columns[0])
    query = f"select count(*) from {rows} where trim({column}) <> '' and not list_contains($values, trim({column}))"
    count = duck.count(connection, query, {"values": list(check.values)})
    return (
        f"{count:,} rows have a value of {shown(check.columns[0])} that is not among the allowed ones"
        if count
        else None
    )
