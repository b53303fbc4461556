"""The rows of one object, found without a query: sorted copies of the tables in files that are mapped into memory.

Planning a query costs a hundred times what the few rows of one object do. So each build lays the rows of records,
links and objects once more beside the tables, in order of the object. A changed build adds a layer: which objects it
took out of the layers below, as `delta.forget` takes them out of the tables, and the rows that it put in. After
MOST layers the next is a whole one again.
"""

import os
import shutil
import threading
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import ipc

#: layers that a look-up goes through at most
MOST = 8

#: tables that are packed, as they are long and of one object's rows many are read; what marks a file of the others
_PACKED, _OPEN = ("link", "issue"), b"open"

#: rows that are unpacked together for one look-up: fewer are quicker to unpack, and take more of the disk
_BATCH = 256

#: rows that lie open together: of records, whose texts must not be more than 2 GiB, and of objects, as a page looks up
#: many all over their table
_RECORDS, _OBJECTS = 65_536, 1_048_576

#: rows of one object that are read here, and packed batches over which they may be spread; those of a hub, which may be
#: hidden from whoever asks, are better asked for in SQL
_HUB, _SPREAD = 4_096, 16

#: objects from which on a batch that lies open is looked through once for all of them
_SEVERAL = 32

_OBJECT, _LINK = "object", "link"
_ENDS = ("other", "end_access", "other_access")

Numbers = npt.NDArray[np.int64]
Row = tuple[Any, ...]
#: the objects of a batch, and its columns
_Batch = tuple[Numbers, list[pa.Array]]


class Layer:
    """A layer that is being written: `Layer(...)`, then `add` for each table, then `close`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, *, part: bool) -> None:
        """The next layer of those in `folder`; with `part`, the tables `changed` and `loose` say what it takes out."""
        self._connection = connection
        self._folder = folder / str(layers(folder))
        self._folder.mkdir(parents=True)
        self._open: dict[str, tuple[ipc.RecordBatchFileWriter, list[int]]] = {}
        for name in ("changed", "loose") if part else ():
            taken = connection.execute(f"SELECT DISTINCT object FROM {name} ORDER BY object").fetchnumpy()
            np.save(self._folder / f"{name}.npy", np.asarray(taken["object"], np.int64))

    def add(self, table: str, relation: str) -> None:
        """The rows of `relation`, whose objects come in order and after those added before."""
        size = _BATCH if table in _PACKED else _OBJECTS if table == _OBJECT else _RECORDS
        for batch in self._connection.sql(f"FROM {relation}").to_arrow_reader(max(size, _RECORDS)):
            for at in range(0, batch.num_rows, size):
                self._write(table, batch.slice(at, size))

    def close(self) -> None:
        """Finish the files."""
        for table, (writer, firsts) in self._open.items():
            writer.close()
            np.save(self._folder / f"{table}.npy", np.asarray(firsts, np.int64))

    def _write(self, table: str, batch: pa.RecordBatch) -> None:
        if table not in self._open:
            packed = table in _PACKED
            options = ipc.IpcWriteOptions(compression="lz4" if packed else None, use_threads=False)
            schema = batch.schema if packed else batch.schema.with_metadata({_OPEN: b""})
            self._open[table] = ipc.new_file(str(self._folder / f"{table}.arrow"), schema, options=options), []
        writer, firsts = self._open[table]
        writer.write_batch(batch)
        firsts.append(batch.column(_OBJECT)[0].as_py())


def layers(folder: Path) -> int:
    """How many layers there are."""
    return len(list(folder.iterdir())) if folder.exists() else 0


def copy(previous: Path, folder: Path) -> None:
    """Link the layers of a previous build, which nobody ever changes; none where the next must be a whole one."""
    if 0 < layers(previous) < MOST:
        shutil.copytree(previous, folder, copy_function=os.link)


class Rows:
    """The layers of one build, opened for reading; safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError or ValueError where a file is missing or damaged."""
        if not layers(folder):
            raise FileNotFoundError(folder)
        self._layers = [_Read(folder / str(number)) for number in range(layers(folder))]

    def of(
        self, table: str, numbers: Iterable[int], columns: Sequence[str], visible: frozenset[int], most: int
    ) -> list[Row] | None:
        """The `columns` of the rows of some objects whose access is visible; None where they are more than `most`,
        or too many to look for here.
        """
        # what decides whether a row is one
        read = ("object", "access", *(_ENDS if table == _LINK else ()), *columns)
        wanted, rows = sorted(numbers), list[Row]()
        laid = [layer.files[table] for layer in self._layers if table in layer.files]
        if len(wanted) > _SEVERAL and table not in _PACKED and all(each.lies_open for each in laid):
            many = self._many(table, wanted, read)
            if many is None:
                return None
            rows = [row[len(read) - len(columns) :] for row in many if row[1] in visible]
            return rows if len(rows) <= most else None
        for number in wanted:
            found = self._one(table, number, read)
            if found is None:
                return None
            if table == _LINK:
                rows += [row for row in found if row[1] in visible and row[3] in visible and row[4] in visible]
            else:
                rows += [row for row in found if row[1] in visible]
            if len(rows) > most:
                return None
        return [row[len(read) - len(columns) :] for row in rows]

    def _one(self, table: str, number: int, columns: tuple[str, ...]) -> list[Row] | None:
        rows: list[Row] = []
        for layer in self._layers:
            if rows and layer.takes(table, number):
                rows = []
            if rows and table == _LINK:
                rows = [row for row in rows if not layer.takes(table, row[2])]
            if table in layer.files:
                found = layer.files[table].rows(number, columns)
                if found is None:
                    return None
                rows = rows + found if rows else found
        return rows

    def _many(self, table: str, numbers: list[int], columns: tuple[str, ...]) -> list[Row] | None:
        """The rows of many objects in a table that lies open, in order; None where one of them is a hub."""
        wanted, rows = np.array(numbers, np.int64), list[Row]()
        for layer in reversed(self._layers):
            found = layer.files[table].among(wanted, columns) if table in layer.files else []
            if found is None:
                return None
            rows += found
            wanted = layer.leaves(table, wanted)
        return sorted(rows, key=itemgetter(0))


class _Read:
    """One layer."""

    def __init__(self, folder: Path) -> None:
        self.files = {path.stem: _File(path) for path in folder.glob("*.arrow")}
        self._changed, self._loose = _numbers(folder / "changed.npy"), _numbers(folder / "loose.npy")

    def takes(self, table: str, number: int) -> bool:
        """Whether what the layers below say of an object stands no more."""
        taken = self._taken(table)
        place = int(taken.searchsorted(number))
        return place < len(taken) and int(taken[place]) == number

    def leaves(self, table: str, numbers: Numbers) -> Numbers:
        """Of some objects those of which the layers below say what stands."""
        taken = self._taken(table)
        if not len(taken):
            return numbers
        places = taken.searchsorted(numbers).clip(max=len(taken) - 1)
        return np.asarray(numbers[taken[places] != numbers])

    def _taken(self, table: str) -> Numbers:
        return self._changed if table == _OBJECT else self._loose


class _File:
    """The rows of one table in one layer."""

    def __init__(self, path: Path) -> None:
        self._source = pa.memory_map(str(path))
        schema = ipc.open_file(self._source).schema
        self._names: list[str] = schema.names
        #: whether its batches are not packed; an earlier version packed all but the table of objects
        self.lies_open = path.stem == _OBJECT or _OPEN in (schema.metadata or {})
        self._firsts: list[int] = np.load(path.with_suffix(".npy")).tolist()
        self._lock = threading.Lock()
        self._readers: dict[tuple[str, ...], _Reader] = {}
        #: batches that lie open in the mapped file: what is kept of one is where it lies
        self._lying: dict[tuple[tuple[str, ...], int], _Batch] = {}
        #: the batch that was unpacked last: who asks for many objects in order needs it again
        self._last: tuple[tuple[tuple[str, ...], int], _Batch] | None = None

    def rows(self, number: int, columns: tuple[str, ...]) -> list[Row] | None:
        """The rows of an object; None where it is a hub."""
        first = max(0, bisect_left(self._firsts, number) - 1)
        past = bisect_left(self._firsts, number + 1, first)
        if past - first > _SPREAD:
            return None
        found = list[Row]()
        for at in range(first, past):
            objects, arrays = self._batch(at, columns)
            low = int(objects.searchsorted(number))
            if low == len(objects) or objects[low] != number:
                continue
            size = int(objects.searchsorted(number, "right")) - low
            if len(found) + size > _HUB:
                return None
            found += zip(*(array.slice(low, size).to_pylist() for array in arrays), strict=True)
        return found

    def among(self, numbers: Numbers, columns: tuple[str, ...]) -> list[Row] | None:
        """The rows of some objects, whose numbers come in order; None where one is a hub. Each batch that may hold some
        is looked through once.
        """
        found = list[Row]()
        # the last object of a batch may go on in the next
        lows = numbers.searchsorted(self._firsts)
        highs = [*numbers.searchsorted(self._firsts[1:], "right"), len(numbers)]
        for at, (low, high) in enumerate(zip(lows, highs, strict=True)):
            if low == high:
                continue
            objects, arrays = self._batch(at, columns)
            first, past = (objects.searchsorted(numbers[low:high], side) for side in ("left", "right"))
            sizes = past - first
            if sizes.max() > _HUB:
                return None
            places = np.repeat(first - (sizes.cumsum() - sizes), sizes) + np.arange(sizes.sum())
            found += zip(*(array.take(pa.array(places)).to_pylist() for array in arrays), strict=True)
        return found

    def _batch(self, at: int, columns: tuple[str, ...]) -> _Batch:
        """The objects of a batch, and some of its columns."""
        key, last = (columns, at), self._last
        known = last[1] if last and last[0] == key else self._lying.get(key)
        if known:
            return known
        reader = self._readers.get(columns) or self._readers.setdefault(columns, self._reader(columns))
        with self._lock:
            arrays = reader.file.get_batch(at).columns
        batch = arrays[reader.object].to_numpy(), [arrays[place] for place in reader.places]
        if self.lies_open:
            self._lying[key] = batch
        else:
            self._last = key, batch
        return batch

    def _reader(self, columns: Sequence[str]) -> "_Reader":
        # of a batch that lies open Arrow copies columns that are asked for by themselves, and maps all of them
        wanted = sorted({self._names.index(name) for name in (*columns, _OBJECT)})
        read = self._names if self.lies_open else [self._names[place] for place in wanted]
        options = ipc.IpcReadOptions(included_fields=[] if self.lies_open else wanted, use_threads=False)
        return _Reader(
            ipc.open_file(self._source, options=options), read.index(_OBJECT), [read.index(name) for name in columns]
        )


class _Reader(NamedTuple):
    """A file opened for some columns."""

    file: ipc.RecordBatchFileReader
    #: which of the columns that are read says the object
    object: int
    #: where each column that is wanted stands among those that are read
    places: list[int]


def _numbers(path: Path) -> Numbers:
    return np.asarray(np.load(path, mmap_mode="r")) if path.exists() else np.empty(0, np.int64)
