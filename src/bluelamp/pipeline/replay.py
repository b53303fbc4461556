"""Corrected rejects come back as a delivery of their own, each row at the place that it had in its file."""

import hashlib
from collections.abc import Container, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bluelamp import clock
from bluelamp.connectors import Reject
from bluelamp.connectors.correct import read_corrected, write_rejects
from bluelamp.errors import DeliveryError
from bluelamp.lake import duck
from bluelamp.lake import ledger as ledgers
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline import current, states
from bluelamp.pipeline.alone import alone
from bluelamp.pipeline.ingest import Rejected, commit, marking_columns, refuse_secret
from bluelamp.workspace.model import Source

_INTERNAL = ("_delivery", "_file", "_row")


def header(store: Store, source: str) -> list[str]:
    """The columns of a source's raw rows. Raises DeliveryError where nothing of it was ever read."""
    raw = store.raw(source)
    if not raw.exists:
        raise DeliveryError(f"Nothing of {source} was read yet, so there are no columns to correct rows by.")
    return [name for name in raw.columns() if name not in _INTERNAL]


def write(store: Store, source: str, rejects: list[tuple[str, Reject]], into: Path) -> int:
    """Write rejects as a CSV file that a person can correct. Returns how many rows it has."""
    return write_rejects(into, header(store, source), rejects)


def waiting(store: Store, source: Source, ledger: Ledger) -> Iterator[tuple[Delivery, str, Reject]]:
    """The rows that are rejected still, the newest delivery first: each once, with its file and its last reason."""
    #: place -> the replay that had the last word on it
    settled = _places(store, source, ledger)
    newest = {each.name: each.number for each in ledger.deliveries if each.replaces is not None}
    for delivery in reversed(states.standing(source, ledger)):
        path, number = store.rejects(source.name, delivery.number), delivery.number
        for batch in pq.ParquetFile(path).iter_batches() if path.exists() else ():
            for row in batch.to_pylist():
                place = row["file"], row["row"]
                if delivery.kind == "file" and settled.get(place, 0) > number:
                    del settled[place]
                elif delivery.kind == "file" or (place not in settled and newest.get(row["file"], 0) <= number):
                    if delivery.kind == "replay":
                        settled[place] = number
                    yield delivery, row["file"], Reject(row["row"], row["line"], row["reason"], row["text"])


def replay(source: Source, store: Store, file: Path, who: str) -> Delivery:
    """Take the corrected rows of `file` into the raw dataset. Rows that are there already are left out.

    Raises DeliveryError where the file is not one of corrected rejects, or holds nothing new.
    """
    with alone(store):
        return _replay(source, store, file, who)


def _replay(source: Source, store: Store, file: Path, who: str) -> Delivery:
    ledger = ledgers.load(store.ledger(source.name), store.raw(source.name), lambda n: store.rejects(source.name, n))
    if not file.is_file():
        raise DeliveryError(f"There is no file {file}; give the file of corrected rejects.")
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    if ledger.same(checksum):
        raise DeliveryError(f"{file.name} was replayed before; correct further rows first.")
    number = ledger.next_number()
    rejected = Rejected(store.rejects(source.name, number), file.name)
    rows = read_corrected(file, header(store, source.name), source.read, lambda name, each: rejected(each, name))
    known = _places(store, source, ledger)
    size = file.stat().st_size
    delivery = Delivery(number, file.name, checksum, size, clock.now().isoformat(), who, 0, 0, 0, kind="replay")
    batches = refuse_secret(_new(rows, number, known), marking_columns(source), rejected)
    schema = pa.schema([*(field for field in rows.schema if field.name not in _INTERNAL), *_STAMP])
    done = commit(store, source.name, pa.RecordBatchReader.from_batches(schema, batches), delivery, rejected)
    ledger.deliveries.append(done)
    ledgers.save(store.ledger(source.name), ledger)
    return done


_STAMP = (pa.field("_delivery", pa.int32()), pa.field("_file", pa.string()), pa.field("_row", pa.int64()))


def _places(store: Store, source: Source, ledger: Ledger) -> dict[tuple[str, int], int]:
    """Where the rows of earlier replays stand, so that none is taken twice, each with the replay's number."""
    numbers = ", ".join(str(each.number) for each in ledger.deliveries if each.kind == "replay")
    raw = store.raw(source.name).relation()
    rows = current.rows(source, store, ledger) if source.read.mode == "append" else raw
    if not numbers or rows is None:
        return {}
    with duck.question(store.scratch) as connection:
        query = f"select _file, _row, max(_delivery) from {rows} where _delivery in ({numbers}) group by _file, _row"
        return {(file, row): number for file, row, number in connection.execute(query).fetchall()}


def _new(rows: pa.RecordBatchReader, number: int, known: Container[tuple[str, int]]) -> Iterator[pa.RecordBatch]:
    for batch in rows:
        places = zip(batch.column("_file").to_pylist(), batch.column("_row").to_pylist(), strict=True)
        fresh = batch.filter(pa.array([place not in known for place in places]))
        columns = [fresh.column(name) for name in fresh.schema.names if name not in _INTERNAL]
        stamp = [pa.repeat(pa.scalar(number, pa.int32()), fresh.num_rows), fresh.column("_file"), fresh.column("_row")]
        schema = pa.schema([*(field for field in fresh.schema if field.name not in _INTERNAL), *_STAMP])
        yield pa.RecordBatch.from_arrays([*columns, *stamp], schema=schema)
