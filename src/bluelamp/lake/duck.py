"""DuckDB as the batch engine: one connection per step, with bounded memory and spill to the workspace."""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

import duckdb

#: what one build may use; the machine in mind has 2 cores and 24 GiB
THREADS = 2
MEMORY = "6GiB"

_open: WeakSet[duckdb.DuckDBPyConnection] = WeakSet()


def connect(scratch: Path, threads: int = THREADS, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """A new in-memory connection that spills to `scratch` and never reaches the network."""
    scratch.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        config={
            "threads": str(threads),
            "memory_limit": memory,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    return _quiet(connection)


def question(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A connection for one short question, of a small DuckDB that is kept: to make one takes 20 to 40 ms.

    What is attached is there for the others too, so that it is detached again; temporary tables are its own.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    return _quiet(_small(scratch).cursor())


@lru_cache(maxsize=4)
def _small(scratch: Path) -> duckdb.DuckDBPyConnection:
    made = connect(scratch, threads=1, memory="512MiB")
    # what it has read is not kept in memory for a next question
    made.execute("SET enable_external_file_cache = false")
    return made


def _quiet(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    # a run has bars of its own; this one would stand in the middle of what a command prints
    connection.execute("SET enable_progress_bar = false")
    _open.add(connection)
    return connection


def interrupt() -> None:
    """Ends the queries of all connections. Without it one that a thread of DuckDB's is at goes on until it is done."""
    for connection in list(_open):
        # one that is closed has nothing to end
        with suppress(duckdb.ConnectionException):
            connection.interrupt()


def first(connection: duckdb.DuckDBPyConnection, query: str, values: object = None) -> tuple[Any, ...] | None:
    """The first row of `query`, or None. It reads all rows: DuckDB refuses new work while a result is unfinished."""
    rows = connection.execute(query, values).fetchall()
    return rows[0] if rows else None


def count(connection: duckdb.DuckDBPyConnection, query: str, values: object = None) -> int:
    """The number that `query` gives in its first row and column; 0 where there is none."""
    row = first(connection, query, values)
    return int(row[0] or 0) if row else 0
