"""CSV and TSV: tidy blocks are read by Arrow's parser, all others row by row; either way each row is accounted for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.csv

from bluelamp.connectors import columns as names_of
from bluelamp.connectors.dialect import Dialect, dialect
from bluelamp.connectors.offer import KEPT_TEXT, Offer, Reject
from bluelamp.connectors.options import Options, options
from bluelamp.connectors.text import Text, text
from bluelamp.connectors.window import Row, Window, count_lines, cut
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read

_BOM = b"\xef\xbb\xbf"
#: a header is looked for in this many bytes
_HEADER = 1 << 16
#: bytes of the largest and of the smallest block that is read as one
MOST, LEAST = 1 << 24, 1 << 14


@dataclass
class Table:
    """A delimited text being read: where it stands, and how many data rows were met, rejected ones too."""

    window: Window
    dialect: Dialect
    names: list[str]
    reject: Callable[[Reject], None]
    rows: int = 0
    #: how many bytes are tried as one tidy block: fewer after an untidy one, so that a broken row costs little
    most: int = MOST

    def __post_init__(self) -> None:
        self.schema = names_of.schema(self.names)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows that can be read, a few megabytes at a time."""
        while self.window.fill():
            batch = self._tidy()
            if batch is not None:
                self.most = min(4 * self.most, MOST)
            elif self.most > LEAST:
                self.most = max(self.most // 16, LEAST)
                continue
            else:
                batch = self._one_by_one()
            if batch.num_rows:
                yield batch

    def _tidy(self) -> pa.RecordBatch | None:
        """The next block, where its quotes are as RFC 4180 says and its rows have the right number of values."""
        end = self._tidy_end()
        block = self.window.data[self.window.at : end]
        if not block or len(block) > self.dialect.max_line or b"\0" in block or block.startswith(_BOM):
            return None
        columns: list[pa.Array] = [pa.array([], pa.string())] * len(self.names)
        if block.strip(b"\r\n"):
            try:
                columns = _parsed(block, self.names, self.dialect)
            except pa.ArrowInvalid:
                return None
        self.window.line += count_lines(block)
        self.window.at = end
        first, self.rows = self.rows + 1, self.rows + len(columns[0])
        return self._batch(columns, pa.arange(first, self.rows + 1))

    def _tidy_end(self) -> int:
        """Where the last line before the first untidy quote ends."""
        window, quote = self.window, self.dialect.quote.encode()
        if quote and not self.dialect.doubled:
            return window.at
        reach = window.at + self.most
        whole = window.ended and reach >= len(window.data)
        end = len(window.data) if whole else _last_line(window.data, window.at, min(reach, len(window.data)))
        if end <= window.at:
            return window.at
        if not quote or window.data.find(quote, window.at, end) < 0:
            return end
        found = self.dialect.tidy.match(window.data, window.at, end)
        reached = found.end() if found else window.at
        if reached == end:
            return end
        closed = window.data.rfind(quote, window.at, reached) + 1
        return _last_line(window.data, max(closed, window.at), reached)

    def _one_by_one(self) -> pa.RecordBatch:
        kept: list[list[str]] = []
        numbers: list[int] = []
        waiting = min(len(self.window.data) - self.window.at, LEAST)
        while waiting > 0 and (row := cut(self.window, self.dialect)):
            self.rows += 1
            waiting -= len(row.text) + 1
            reason = row.reason or self._miscounted(row)
            if reason:
                self.reject(Reject(self.rows, row.line, reason, row.text.decode(errors="replace")[:KEPT_TEXT]))
            else:
                kept.append(row.values[: len(self.names)])
                numbers.append(self.rows)
        columns = [names_of.column(values, self.dialect.nulls) for values in zip(*kept, strict=True)]
        empty = [pa.array([], pa.string())] * len(self.names)
        return self._batch(columns or empty, pa.array(numbers, pa.int64()))

    def _miscounted(self, row: Row) -> str:
        """A delimiter at the very end of a row makes no value; any other difference does."""
        found, wanted = len(row.values), len(self.names)
        if found == wanted or (found == wanted + 1 and not row.values[-1]):
            return ""
        return f"The row has {found} values, and the header names {wanted} columns"

    def _batch(self, columns: list[pa.Array], numbers: pa.Array) -> pa.RecordBatch:
        return pa.RecordBatch.from_arrays([*columns, numbers], schema=self.schema)


def _last_line(data: bytes, start: int, end: int) -> int:
    """Where the last line that is complete within `data[start:end]` ends, or 0. A CR at its end may be half a CRLF."""
    return max(data.rfind(b"\n", start, end), data.rfind(b"\r", start, max(start, end - 1))) + 1


def _parsed(block: bytes, names: list[str], how: Dialect) -> list[pa.Array]:
    quoted = how.quote.encode() in block if how.quote else False
    table = pyarrow.csv.read_csv(
        pa.BufferReader(block),
        pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=len(block) + 1),
        pyarrow.csv.ParseOptions(
            delimiter=how.delimiter, quote_char=how.quote if quoted else False, newlines_in_values=quoted
        ),
        pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, null_values=how.nulls, strings_can_be_null=True
        ),
    )
    return [column.combine_chunks() for column in table.columns]


def read(
    offer: Offer, declared: Read, reject: Callable[[Reject], None], columns: frozenset[str]
) -> pa.RecordBatchReader:
    """The rows of a CSV or TSV file, every value as the file says it. Raises DeliveryError, DeclarationError."""
    chosen = options(declared)
    content = text(offer, chosen)
    with content.opened() as stream:
        window = Window(stream)
        how = begin(window, chosen)
        names = _names(window, how, offer.name)
    names_of.require(columns, names, offer.name)
    return pa.RecordBatchReader.from_batches(names_of.schema(names), _rows(content, how, names, reject))


def _rows(content: Text, how: Dialect, names: list[str], reject: Callable[[Reject], None]) -> Iterator[pa.RecordBatch]:
    with content.opened() as stream:
        window = Window(stream)
        begin(window, how.options)
        if how.options.header() is not None:
            cut(window, how)
        yield from Table(window, how, names, reject).batches()


def begin(window: Window, chosen: Options) -> Dialect:
    """Move `window` to the header, or to the first row where there is none, and tell the dialect from there."""
    header = chosen.header()
    for _ in range(header - 1 if header else chosen.number("skip", 0)):
        window.skip_line()
    window.fill()
    lines = window.data[window.at : window.at + _HEADER].lstrip(b"\r\n").splitlines()
    return dialect(chosen, lines[0].decode(errors="replace") if lines else "")


def _names(window: Window, how: Dialect, name: str) -> list[str]:
    row = cut(window, how)
    if row is None:
        raise DeliveryError(f"{name} is empty; it needs at least a header that names its columns.")
    if how.options.header() is None:
        declared = how.options.listed("columns")
        return names_of.unique(declared or [None] * len(row.values))
    if row.reason:
        raise DeliveryError(
            f"The header of {name} cannot be read ({row.reason}); correct it, or set the option `encoding`."
        )
    return names_of.unique(row.values)
