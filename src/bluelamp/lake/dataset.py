"""A dataset: one Delta table on disk, appended to, replaced in part, read at any version, rolled back."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError

from bluelamp.errors import BlueLampError
from bluelamp.lake.sql import literal

_PROPERTIES = WriterProperties(compression="ZSTD", compression_level=1)


class Dataset:
    """A Delta table in the folder `path`, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"Dataset({self.path.name})"

    @property
    def exists(self) -> bool:
        """Whether anything was ever committed here."""
        return (self.path / "_delta_log").is_dir() and DeltaTable.is_deltatable(str(self.path))

    @property
    def version(self) -> int | None:
        """The version last committed, or None before the first."""
        return self._table().version() if self.exists else None

    def append(self, rows: pa.RecordBatchReader, partition: str | None = None, **notes: str) -> int:
        """Commit `rows` as a new version with `notes` in its commit; all or nothing. Returns the version."""
        return self._write(rows, "append", None, partition, notes)

    def replace(self, rows: pa.RecordBatchReader, column: str, value: str, **notes: str) -> int:
        """Commit `rows` in place of the rows where the partition `column` is `value`. Returns the version."""
        predicate = f"{column} = {literal(value)}" if self.exists else None
        return self._write(rows, "overwrite" if self.exists else "append", predicate, column, notes)

    def delete(self, predicate: str) -> int:
        """Commit a version without the rows that `predicate` (SQL) holds for. Returns the version."""
        table = self._table()
        table.delete(predicate)
        return table.version()

    def files(self, version: int | None = None) -> list[str]:
        """The Parquet files of a version (default: the last)."""
        return sorted(self._table(version).file_uris()) if self.exists else []

    def relation(self, version: int | None = None) -> str | None:
        """SQL that reads a version in DuckDB, or None where no version has a file."""
        files = self.files(version)
        if not files:
            return None
        listed = ", ".join(literal(file) for file in files)
        return f"read_parquet([{listed}], hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"

    def restore(self, version: int | None) -> None:
        """Go back to `version`; None: to before the first."""
        if version is None:
            shutil.rmtree(self.path, ignore_errors=True)
        elif self.version != version:
            self._table().restore(version)

    def notes(self, version: int) -> dict[str, str]:
        """What the commit of `version` noted."""
        commits = [action["commitInfo"] for action in self._log(version) if "commitInfo" in action]
        return {key: value for commit in commits for key, value in commit.items() if isinstance(value, str)}

    def added(self, version: int) -> int:
        """How many rows the commit of `version` added."""
        adds = [action["add"] for action in self._log(version) if "add" in action]
        return sum(json.loads(add["stats"])["numRecords"] for add in adds)

    def columns(self) -> list[str]:
        """The column names of the last version."""
        return [field.name for field in self._table().schema().fields]

    def _log(self, version: int) -> list[dict[str, Any]]:
        log = self.path / "_delta_log" / f"{version:020}.json"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def _table(self, version: int | None = None) -> DeltaTable:
        return DeltaTable(str(self.path), version=version)

    def _write(
        self, rows: pa.RecordBatchReader, mode: str, predicate: str | None, partition: str | None, notes: dict[str, str]
    ) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_deltalake(
                str(self.path),
                rows,
                mode=mode,  # type: ignore[arg-type]  # "append" or "overwrite", both allowed
                predicate=predicate,
                partition_by=[partition] if partition else None,
                schema_mode="merge",
                writer_properties=_PROPERTIES,
                commit_properties=CommitProperties(custom_metadata=dict(notes)),
            )
        except (DeltaError, OSError, duckdb.Error) as error:
            raise explain(error, self.path) from error
        return self._table().version()


def explain(error: Exception, path: Path) -> BlueLampError:
    """One sentence for a write that failed."""
    text = str(error)
    if "No space left" in text or "os error 28" in text:
        return BlueLampError(
            f"The disk that holds {path.parent} is full, so nothing was changed; free some space and run again."
        )
    return BlueLampError(f"Writing to {path} failed, so nothing was changed: {text.splitlines()[0]}")
