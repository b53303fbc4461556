"""The rows of some objects, found without a query: sorted copies of the tables in files that are mapped into memory.

Planning a query costs a hundred times what the few rows of one object do. So each build lays the rows of records,
links and objects once more beside the tables, in order of the object, and what few words a column repeats as numbers of
them. A changed build adds a layer: which objects it took out of the layers below, as `delta.forget` takes them out of
the tables, and the rows that it put in. After MOST layers the next is a whole one again.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import ipc

from bluelamp.lake.sql import ident, literal

#: layers that a look-up goes through at most
MOST = 8

#: what marks a file whose batches lie open; an earlier version packed some of them
_OPEN = b"open"

#: rows that lie together: of records, whose texts must not be more than 2 GiB, and of what a page looks up all over its
#: table
_RECORDS, _LONG = 65_536, 1_048_576

#: bytes that lie together: Arrow's texts of one batch are at most 2 GiB
_MOST_BYTES = 1 << 30

_OBJECT, _LINK = "object", "link"
_ENDS = ("end_access", "other_access")

#: columns of links in which few words stand very often
_WORDS = ("object_type", "other_type", "type", "role", "category", "basis", "file")

#: what an enumeration is made of at most: text that differs from row to row stays text
_MOST_WORDS = 65_536

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
#: which rows to take, by what they say in one column: NumPy's numbers, or Arrow's texts
Test = Callable[[Any], Mask]
Row = tuple[Any, ...]


class Layer:
    """A layer that is being written: `Layer(...)`, then `add` for each table, then `close`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, *, part: bool) -> None:
        """The next layer of those in `folder`; with `part`, the tables `changed` and `loose` say what it takes out."""
        self._connection = connection
        self._folder = folder / str(layers(folder))
        self._folder.mkdir(parents=True)
        self._open: dict[str, tuple[ipc.RecordBatchFileWriter, list[int]]] = {}
        #: of each table the rows that are not written yet, as more may come that lie with them
        self._waiting: dict[str, list[pa.RecordBatch]] = {}
        for name in ("changed", "loose") if part else ():
            taken = connection.execute(f"SELECT DISTINCT object FROM {name} ORDER BY object").fetchnumpy()
            np.save(self._folder / f"{name}.npy", np.asarray(taken["object"], np.int64))

    def add(self, table: str, relation: str) -> None:
        """The rows of `relation`, whose objects come in order and after those added before; all links at once."""
        size = _LONG if table in (_OBJECT, _LINK) else _RECORDS
        sql = self._numbered(relation) if table == _LINK else f"FROM {relation}"
        together = self._waiting.setdefault(table, [])
        for batch in self._connection.sql(sql).to_arrow_reader(size):
            rows, bytes_ = (sum(getattr(each, n) for each in (*together, batch)) for n in ("num_rows", "nbytes"))
            if together and (rows > size or bytes_ > _MOST_BYTES):
                self._write(table, together)
                together.clear()
            together.append(batch)

    def close(self) -> None:
        """Finish the files."""
        for table, together in self._waiting.items():
            if together:
                self._write(table, together)
        for table, (writer, firsts) in self._open.items():
            writer.close()
            np.save(self._folder / f"{table}.npy", np.asarray(firsts, np.int64))

    def _numbered(self, relation: str) -> str:
        """The rows of `relation` with numbers for words: a third of the bytes."""
        each = (f"SELECT DISTINCT {at}, {ident(name)} FROM (FROM {relation})" for at, name in enumerate(_WORDS))
        words: list[list[str]] = [[] for _ in _WORDS]
        for at, word in self._connection.execute(" UNION ALL ".join(each)).fetchall():
            if word is not None:
                words[at].append(word)
        casts = [
            f"CAST({ident(name)} AS ENUM({', '.join(map(literal, sorted(found)))})) AS {ident(name)}"
            for name, found in zip(_WORDS, words, strict=True)
            if 0 < len(found) <= _MOST_WORDS
        ]
        return f"SELECT * REPLACE ({', '.join(casts)}) FROM {relation}" if casts else f"FROM {relation}"

    def _write(self, table: str, together: list[pa.RecordBatch]) -> None:
        batch = pa.concat_batches(together)
        if table not in self._open:
            options = ipc.IpcWriteOptions(use_threads=False)
            schema = batch.schema.with_metadata({_OPEN: b""})
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


def within(allowed: Iterable[int]) -> Test:
    """Rows that say one of some numbers."""
    listed = np.fromiter(allowed, np.int64)
    return lambda column: np.isin(column, listed)


def without(barred: Numbers) -> Test:
    """Rows that say none of some numbers."""
    return lambda column: ~np.isin(column, barred)


def saying(words: Iterable[str]) -> Test:
    """Rows that say one of some words; an empty one stands for none, too."""
    listed = frozenset(words)

    def test(column: pa.Array) -> Mask:
        numbered = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
        known = [number for number, word in enumerate(numbered.dictionary.to_pylist()) if word in listed]
        numbers = numbered.indices.to_numpy(zero_copy_only=False)
        said = np.isin(numbers, known)
        return said | np.isnan(numbers) if "" in listed else said

    return test


@lru_cache(maxsize=64)
def _seen(visible: frozenset[int]) -> Test:
    """Rows whose access a reader has. There are few accesses, so that each is looked up in a list of all."""
    among = np.zeros(max(visible, default=0) + 2, np.bool_)
    among[list(visible)] = True
    return lambda column: np.asarray(among.take(column, mode="clip"))


class Rows:
    """The layers of one build, opened for reading; safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError or ValueError where a file is missing or damaged."""
        if not layers(folder):
            raise FileNotFoundError(folder)
        self._layers = [_Read(folder / str(number)) for number in range(layers(folder))]

    def of(
        self,
        table: str,
        numbers: Iterable[int],
        columns: Sequence[str],
        visible: frozenset[int],
        most: int,
        where: Mapping[str, Sequence[Test]] | None = None,
    ) -> list[Row] | None:
        """The `columns` of those rows of some objects that are visible and pass the tests of `where`, in order of the
        object; None where they are more than `most`.
        """
        wanted, seen = np.array(sorted(set(numbers)), np.int64), _seen(visible)
        tests = [(name, seen) for name in ("access", *(_ENDS if table == _LINK else ()))]
        tests += [(name, test) for name, several in (where or {}).items() for test in several]
        chosen = list[tuple[_Batch, Numbers]]()
        for layer in reversed(self._layers):
            if table in layer.files:
                chosen += layer.files[table].chosen(wanted, tests)
            if sum(len(places) for _, places in chosen) > most:
                return None
            wanted = layer.leaves(table, wanted)
            if table == _LINK and len(layer.loose):
                tests.append(("other", without(layer.loose)))
        rows = [row for batch, places in chosen for row in batch.rows(places, (_OBJECT, *columns))]
        if len(chosen) > 1:
            rows.sort(key=itemgetter(0))
        return [row[1:] for row in rows]


class _Read:
    """One layer."""

    def __init__(self, folder: Path) -> None:
        self.files = {path.stem: _File(path) for path in folder.glob("*.arrow")}
        self._changed, self.loose = _numbers(folder / "changed.npy"), _numbers(folder / "loose.npy")

    def leaves(self, table: str, numbers: Numbers) -> Numbers:
        """Of some objects those of which the layers below say what stands."""
        taken = self._changed if table == _OBJECT else self.loose
        if not len(taken):
            return numbers
        places = taken.searchsorted(numbers).clip(max=len(taken) - 1)
        return np.asarray(numbers[taken[places] != numbers])


class _File:
    """The rows of one table in one layer."""

    def __init__(self, path: Path) -> None:
        self._reader = ipc.open_file(pa.memory_map(str(path)), options=ipc.IpcReadOptions(use_threads=False))
        self._lies_open = _OPEN in (self._reader.schema.metadata or {})
        self._firsts = np.asarray(np.load(path.with_suffix(".npy")), np.int64)
        self._lock = threading.Lock()
        #: batches that lie open in the mapped file: what is kept of one is where it lies
        self._lying: dict[int, _Batch] = {}

    def chosen(self, numbers: Numbers, tests: Iterable[tuple[str, Test]]) -> list[tuple["_Batch", Numbers]]:
        """Where the rows of some objects stand that pass all tests, the numbers of which come in order. Each batch that
        may hold some is looked through once.
        """
        found = list[tuple[_Batch, Numbers]]()
        # the last object of a batch may go on in the next
        lows = numbers.searchsorted(self._firsts)
        highs = np.append(numbers.searchsorted(self._firsts[1:], "right"), len(numbers))
        for at in np.flatnonzero(highs > lows).tolist():
            batch = self._batch(at)
            places = batch.places(numbers[lows[at] : highs[at]], tests)
            if len(places):
                found.append((batch, places))
        return found

    def _batch(self, at: int) -> "_Batch":
        known = self._lying.get(at)
        if known is None:
            with self._lock:
                known = _Batch(self._reader.get_batch(at))
            if self._lies_open:
                self._lying[at] = known
        return known


class _Batch:
    """Rows that lie together, in order of the object."""

    def __init__(self, rows: pa.RecordBatch) -> None:
        self._rows = rows
        #: columns of numbers, as NumPy has them where they lie
        self._numbers = {
            field.name: column.to_numpy()
            for field, column in zip(rows.schema, rows.columns, strict=True)
            if pa.types.is_integer(field.type) and not column.null_count
        }
        self._objects = self._numbers[_OBJECT]
        self._places = {name: place for place, name in enumerate(rows.schema.names)}

    def places(self, numbers: Numbers, tests: Iterable[tuple[str, Test]]) -> Numbers:
        """Where the rows of some objects stand that pass all tests."""
        first, past = self._objects.searchsorted(numbers), self._objects.searchsorted(numbers, "right")
        if len(numbers) == 1:
            places = np.arange(first[0], past[0])
        else:
            sizes = past - first
            places = np.repeat(first - (sizes.cumsum() - sizes), sizes) + np.arange(sizes.sum())
        for name, test in tests:
            if len(places):
                places = places[test(self._column(name, places))]
        return places

    def rows(self, places: Numbers, columns: Sequence[str]) -> Iterable[Row]:
        """What stands in some columns of some of its rows."""
        first, past = int(places[0]), int(places[-1]) + 1
        wanted = [self._places[name] for name in columns]
        if past - first == len(places):
            said = self._rows.slice(first, len(places)).columns
            return zip(*(_values(said[place]) for place in wanted), strict=True)
        taken = self._rows.select(wanted).take(pa.array(places))
        return zip(*map(_values, taken.columns), strict=True)

    def _column(self, name: str, places: Numbers) -> Any:
        numbers = self._numbers.get(name)
        if numbers is not None:
            return numbers[places]
        column = self._rows.column(name).take(pa.array(places))
        if not pa.types.is_integer(column.type):
            return column
        # no access and no object has the highest number
        return column.fill_null(np.iinfo(column.type.to_pandas_dtype()).max).to_numpy()


def _values(column: pa.Array) -> list[Any]:
    if not isinstance(column, pa.DictionaryArray):
        return list(column.to_pylist())
    words = column.dictionary.to_pylist()
    return [None if code is None else words[code] for code in column.indices.to_pylist()]


def _numbers(path: Path) -> Numbers:
    return np.asarray(np.load(path, mmap_mode="r")) if path.exists() else np.empty(0, np.int64)
