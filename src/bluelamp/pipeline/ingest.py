"""First step: read what is new of a source into its raw dataset, one version per delivery."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bluelamp import clock
from bluelamp.connectors import Offer, Reject, offers, read
from bluelamp.connectors import columns as names_of
from bluelamp.errors import BlueLampError, DeclarationError, DeliveryError
from bluelamp.lake import ledger as ledgers
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline import current
from bluelamp.pipeline.needed import alone, needs, require, require_standing
from bluelamp.workspace.model import Source, names

#: markings above what this platform may hold (GSC-1): such a row is turned away without its content being kept
ABOVE_CEILING = ("SECRET", "TOP SECRET", "TOPSECRET", "UK SECRET", "UK TOP SECRET")

REJECTS = pa.schema(
    [("file", pa.string()), ("row", pa.int64()), ("line", pa.int64()), ("reason", pa.string()), ("text", pa.string())]
)
_FLUSH = 10_000


@dataclass
class Rejected:
    """Rejects of one delivery, written to `path` in pieces so that a million of them need no memory."""

    path: Path
    file: str
    count: int = 0

    def __post_init__(self) -> None:
        self._waiting: list[tuple[str, Reject]] = []
        self._writer: pq.ParquetWriter | None = None
        self.path.unlink(missing_ok=True)

    def __call__(self, reject: Reject, file: str | None = None) -> None:
        self.count += 1
        self._waiting.append((file or self.file, reject))
        if len(self._waiting) >= _FLUSH:
            self._flush()

    def close(self) -> None:
        """Finish the file; without rejects there is none."""
        if self._waiting:
            self._flush()
        if self._writer:
            self._writer.close()

    def _flush(self) -> None:
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self.path, REJECTS)
        rows = [(file, each.row, each.line, each.reason, _writable(each.text)) for file, each in self._waiting]
        arrays = [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), REJECTS, strict=True)]
        self._writer.write_table(pa.table(arrays, schema=REJECTS))
        self._waiting.clear()


def _writable(text: str) -> str:
    """Rejected text may hold what made it unreadable."""
    return text.encode("utf-8", "backslashreplace").decode()


def columns_needed(source: Source) -> frozenset[str]:
    """Every column that the mapping of `source` reads."""
    return frozenset(names(needs(source)))


def require_columns(source: Source, store: Store, ledger: Ledger) -> None:
    """Raise a DeliveryError where the mapping of `source` names a column that no delivery has, or one lacks."""
    found = [name for name in store.raw(source.name).columns() if name not in names_of.RESERVED]
    if found:
        require(source, found, f"The source {source.name}")
        require_standing(source, current.deliveries(source, ledger))


def _not_ours(source: Source) -> None:
    own = sorted(columns_needed(source) & set(names_of.RESERVED))
    if own:
        raise DeclarationError(
            f"The mapping names the column {own[0]}, which Blue Lamp keeps for itself; "
            f"a file's own is read as {own[0]}_2."
        )


def ingest(
    source: Source, base: Path, store: Store, who: str, progress: Callable[[str, float], None]
) -> tuple[Ledger, list[Delivery]]:
    """Read each new or corrected file of `source` below `base`. Returns the ledger and what was added to it.

    Raises DeliveryError where a file cannot be read as a whole; deliveries read before it stay. Raises
    DeclarationError where the mapping names a column that it cannot.
    """
    _not_ours(source)
    path = store.ledger(source.name)
    ledger = ledgers.load(path, store.raw(source.name), lambda number: store.rejects(source.name, number))
    found = offers(source.read, base)
    seen = dict(ledger.seen)
    added = []
    for number, offer in enumerate(found):
        progress(f"{source.name}: {offer.name}", number / len(found))
        delivery = _take(source, offer, ledger, store, who)
        if delivery:
            added.append(delivery)
        if delivery or offer.name not in seen or seen[offer.name] != ledger.seen[offer.name]:
            ledgers.save(path, ledger)
    return ledger, added


def _take(source: Source, offer: Offer, ledger: Ledger, store: Store, who: str) -> Delivery | None:
    if ledger.seen.get(offer.name, [])[:2] == [offer.size, offer.modified]:
        return None
    _readable(offer.name)
    checksum = offer.checksum()
    known = ledger.seen.get(offer.name, [])[2:]
    ledger.seen[offer.name] = [offer.size, offer.modified, checksum]
    earlier = ledger.named(offer.name)
    if checksum in known or (earlier and earlier.checksum == checksum) or ledger.holds(checksum, source.read.mode):
        return None
    replaces = earlier.number if earlier and source.read.mode == "append" else None
    delivery = _read(source, offer, ledger.next_number(), checksum, replaces, store, who)
    ledger.deliveries.append(delivery)
    return delivery


def _readable(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        message = f"The file name {name!a} is not written in UTF-8; give the file another name."
        raise DeliveryError(message) from error


def _read(
    source: Source, offer: Offer, number: int, checksum: str, replaces: int | None, store: Store, who: str
) -> Delivery:
    rejected = Rejected(store.rejects(source.name, number), offer.name)
    rows = read(offer, source.read, rejected, alone(source))
    columns = [name for name in rows.schema.names if name != names_of.ROW]
    if columns:
        require(source, columns, offer.name)
    came = clock.now().isoformat()
    delivery = Delivery(number, offer.name, checksum, offer.size, came, who, 0, 0, 0, replaces, columns=columns)
    stored = _raw_names(columns, store.raw(source.name).columns(), columns_needed(source))
    schema = _schema(stored.values())
    raw = {name.casefold(): name for name in stored.values()}
    marking = tuple(raw[column.casefold()] for column in marking_columns(source))
    batches = refuse_secret(_stamp(rows, stored, schema, delivery), marking, rejected)
    return commit(store, source.name, pa.RecordBatchReader.from_batches(schema, batches), delivery, rejected)


def commit(store: Store, source: str, rows: pa.RecordBatchReader, delivery: Delivery, rejected: Rejected) -> Delivery:
    """Commit the rows of `delivery` to the raw dataset. Returns the delivery with its counts.

    The rejects are on disk before Delta commits, and the commit notes the delivery, so that `ledger.load` can
    finish the ledger after a crash between the two.
    """
    failed: list[Exception] = []

    def closing() -> Iterator[pa.RecordBatch]:
        try:
            try:
                yield from rows
            finally:
                rejected.close()
        except Exception as error:
            failed.append(error)
            raise

    raw = store.raw(source)
    whole = pa.RecordBatchReader.from_batches(rows.schema, closing())
    try:
        version = raw.append(whole, delivery=json.dumps(asdict(delivery)))
    except BlueLampError:
        # the engine gives back a reader's error as text only
        if failed:
            raise failed[0] from None
        raise
    return ledgers.counted(delivery, raw, version, rejected.path)


def marking_columns(source: Source) -> tuple[str, ...]:
    """The columns that rows say their markings in."""
    return tuple({column for record in source.records if record.marking for column in names(record.marking.columns)})


def _raw_names(columns: list[str], had: Iterable[str], needed: frozenset[str]) -> dict[str, str]:
    """The columns of a file, each with its name in the raw dataset, which does not tell capitals apart.

    Columns that the mapping needs and the file does not name are among them.
    """
    known = {name.casefold(): name for name in had}
    folded = {name.casefold(): name for name in [*sorted(needed), *columns]}
    return {name: known.get(name.casefold(), name) for name in [*columns, *sorted(folded.values())]}


def _schema(names: Iterable[str]) -> pa.Schema:
    fields = [(name, pa.string()) for name in names]
    return pa.schema([*fields, ("_delivery", pa.int32()), ("_file", pa.string()), ("_row", pa.int64())])


def _stamp(
    rows: pa.RecordBatchReader, names: dict[str, str], schema: pa.Schema, delivery: Delivery
) -> Iterator[pa.RecordBatch]:
    for batch in rows:
        count = batch.num_rows
        blank = pa.nulls(count, pa.string())
        columns = [batch.column(name) if name in batch.schema.names else blank for name in names]
        number = pa.repeat(pa.scalar(delivery.number, pa.int32()), count)
        place = [number, pa.repeat(pa.scalar(delivery.name), count), batch.column(names_of.ROW)]
        yield pa.RecordBatch.from_arrays([*columns, *place], schema=schema)


def refuse_secret(
    batches: Iterable[pa.RecordBatch], columns: tuple[str, ...], rejected: Rejected
) -> Iterator[pa.RecordBatch]:
    """The rows without those whose marking is above what this platform may hold; only their places are noted."""
    import pyarrow.compute as pc  # noqa: PLC0415 (a run with nothing new need not wait for it)

    for batch in batches:
        kept = batch
        for column in columns:
            marks = pc.utf8_upper(pc.utf8_trim_whitespace(kept.column(column)))
            above = pc.fill_null(pc.is_in(marks, pa.array(ABOVE_CEILING)), fill_value=False)
            refused = kept.filter(above)
            for file, row in zip(refused.column("_file").to_pylist(), refused.column("_row").to_pylist(), strict=True):
                rejected(Reject(row, None, "Marked above OFFICIAL-SENSITIVE, so it was turned away unread", ""), file)
            kept = kept.filter(pc.invert(above))
        yield kept
