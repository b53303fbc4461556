"""A dataset: one Delta table on disk, appended to, replaced in part, read at any version, rolled back."""

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, WriterProperties, write_deltalake

from bluelamp.errors import BlueLampError
from bluelamp.lake import disk
from bluelamp.lake.sql import literal

#: rows that are read together: DuckDB gives each of its threads some of these groups
_GROUP = 122_880
_PROPERTIES = WriterProperties(compression="ZSTD", compression_level=1, max_row_group_size=_GROUP)
#: a build names versions that it may have to go back to, however old they are
_KEEP_LOG = PostCommitHookProperties(cleanup_expired_logs=False)


class Dataset:
    """A Delta table in the folder `path`, which need not exist yet. One process writes to it at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: tuple[tuple[str, int], DeltaTable] | None = None

    def __repr__(self) -> str:
        return f"Dataset({self.path.name})"

    @property
    def exists(self) -> bool:
        """Whether anything was ever committed here."""
        return self._table() is not None

    @property
    def version(self) -> int | None:
        """The version last committed, or None before the first."""
        table = self._table()
        return table.version() if table else None

    def append(self, rows: pa.RecordBatchReader, partition: str | None = None, **notes: str) -> int:
        """Commit `rows` as a new version with `notes` in its commit; all or nothing. Returns the version."""
        return self._write(rows, None, partition, notes)

    def replace(self, rows: pa.RecordBatchReader, column: str, value: str, **notes: str) -> int:
        """Commit `rows` in place of the rows where the partition `column` is `value`. Returns the version."""
        predicate = f"{column} = {literal(value)}" if self.exists else None
        return self._write(rows, predicate, column, notes)

    def delete(self, predicate: str) -> None:
        """Commit a version without the rows that `predicate` (SQL) holds for; of no table, there are none."""
        table = self._table()
        if table:
            table.delete(predicate)
            self._opened = None

    def files(self, version: int | None = None) -> list[str]:
        """The Parquet files of a version; without one, of the last."""
        table = self._table()
        if table is None:
            return []
        if version is not None and version != table.version():
            table = DeltaTable(self._address(), version=version)
        paths = pa.table(table.get_add_actions(flatten=True)).column("path").to_pylist()
        return sorted(str(self.path.absolute() / unquote(path)) for path in paths)

    def relation(self, version: int | None = None) -> str | None:
        """SQL that reads a version (without one, the last) in DuckDB, or None where it has no file."""
        files = self.files(version)
        if not files:
            return None
        listed = ", ".join(literal(file) for file in files)
        return f"read_parquet([{listed}], hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"

    def restore(self, version: int | None) -> None:
        """Go back to `version`; None: to before the first."""
        table = self._table()
        if version is None:
            shutil.rmtree(self.path, ignore_errors=True)
            self._opened = None
        elif table and table.version() != version:
            table.restore(version)
            self._opened = None

    def notes(self, version: int) -> dict[str, str]:
        """What the commit of `version` noted."""
        commits = [action["commitInfo"] for action in self._log(version) if "commitInfo" in action]
        return {key: value for commit in commits for key, value in commit.items() if isinstance(value, str)}

    def added(self, version: int) -> int:
        """How many rows the commit of `version` added."""
        adds = [action["add"] for action in self._log(version) if "add" in action]
        return sum(json.loads(add["stats"])["numRecords"] for add in adds)

    def columns(self) -> list[str]:
        """The column names of the last version; none before the first."""
        table = self._table()
        return [field.name for field in table.schema().fields] if table else []

    def _log(self, version: int) -> list[dict[str, Any]]:
        log = self.path / "_delta_log" / f"{version:020}.json"
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []

    def _table(self) -> DeltaTable | None:
        """The table at its last version, opened again only where another commit has come since."""
        newest = self._newest()
        if newest is None:
            return None
        if self._opened is None or self._opened[0] != newest:
            self._opened = (newest, DeltaTable(self._address()))
        return self._opened[1]

    def _newest(self) -> tuple[str, int] | None:
        """The last commit, and when it was written."""
        newest = max((self.path / "_delta_log").glob("*.json"), key=lambda commit: commit.name, default=None)
        return (newest.name, newest.stat().st_mtime_ns) if newest else None

    def _address(self) -> str:
        return self.path.absolute().as_uri()

    def _write(
        self, rows: pa.RecordBatchReader, predicate: str | None, partition: str | None, notes: dict[str, str]
    ) -> int:
        self.path.mkdir(parents=True, exist_ok=True)
        before = set(self.path.rglob("*.parquet"))
        table = self._table()
        # a dataset stays parted as it was begun
        parts = table.metadata().partition_columns if table else [partition] if partition else []
        how: dict[str, Any] = {"mode": "overwrite", "predicate": predicate} if predicate else {"mode": "append"}
        try:
            write_deltalake(
                table or self._address(),
                rows,
                partition_by=parts or None,
                schema_mode="merge",
                writer_properties=_PROPERTIES,
                commit_properties=CommitProperties(custom_metadata=dict(notes)),
                post_commithook_properties=_KEEP_LOG,
                **how,
            )
        except Exception as error:
            self._opened = None
            self._clear(before)
            raise explain(error, self.path) from error
        newest = self._newest()
        # what was written through goes on from there
        self._opened = (newest, table) if table and newest else None
        return self.version or 0

    def _clear(self, before: set[Path]) -> None:
        """Remove the files that a failed commit left: on a full disk they would keep it full."""
        for left in set(self.path.rglob("*.parquet")) - before:
            left.unlink(missing_ok=True)


def explain(error: Exception, path: Path) -> BlueLampError:
    """One sentence for a write that failed."""
    reason = (str(error).splitlines() or [""])[0].partition(" Detail: ")[0]
    message = f"Writing to {path} failed, so nothing was changed: {reason}"
    return disk.refused(error, path.parent) or BlueLampError(message)
