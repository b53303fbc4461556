"""DuckDB as the batch engine: one connection per step, with bounded memory and spill to the workspace."""

from pathlib import Path

import duckdb

#: what one build may use; the machine in mind has 2 cores and 24 GiB
THREADS = 2
MEMORY = "6GiB"


def connect(scratch: Path, threads: int = THREADS, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """A new in-memory connection that spills to `scratch` and never reaches the network."""
    scratch.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(
        config={
            "threads": str(threads),
            "memory_limit": memory,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
