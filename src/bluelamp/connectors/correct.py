"""Rejected rows as a CSV file that a person can correct in a spreadsheet, and the way back."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from bluelamp.connectors import objects
from bluelamp.connectors.columns import ROW, column
from bluelamp.connectors.dialect import CANDIDATES, Dialect, dialect
from bluelamp.connectors.offer import Reject
from bluelamp.connectors.options import options
from bluelamp.connectors.values import BATCH
from bluelamp.connectors.window import Window, cut
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read

COLUMNS = ("_file", "_row", "_line", "_reason")
#: the column to correct; its title also names the columns that a row needs
TEXT = "text"

#: a spreadsheet runs a cell that starts so as a formula, unless an apostrophe stands before it
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_LEFT_BLANK = "The text was left blank"


def write_rejects(path: Path, header: Sequence[str], rejects: Iterable[tuple[str, Reject]]) -> int:
    """Write each (file, reject) as a line of a CSV file at `path`. Returns how many there were."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, f"{TEXT} ({','.join(header)})"])
        for name, each in rejects:
            cells = (name, str(each.row or ""), str(each.line or ""), each.reason, each.text)
            writer.writerow([harmless(cell) for cell in cells])
            count += 1
    return count


def read_corrected(
    path: Path, header: Sequence[str], declared: Read, reject: Callable[[str, Reject], None]
) -> pa.RecordBatchReader:
    """The corrected rows of a file that `write_rejects` wrote: the columns of `header`, `_row` and `_file`.

    A row that still cannot be read goes to `reject` with its file. Raises DeliveryError where the file is not
    one of these.
    """
    rows = _cells(path)
    schema = pa.schema([*((name, pa.string()) for name in header), (ROW, pa.int64()), ("_file", pa.string())])
    nulls = ("", *options(declared).listed("null"))

    def batches() -> Iterator[pa.RecordBatch]:
        kept: list[tuple[str | None, ...]] = []
        places: list[tuple[int | None, str]] = []
        for file, row, line, text in rows:
            values = _values(text, header, declared)
            if isinstance(values, str):
                reject(file, Reject(row, line, values, text))
                continue
            kept.append(tuple(values))
            places.append((row, file))
            if len(kept) >= BATCH:
                yield _batch(kept, places, nulls, schema)
                kept, places = [], []
        if kept:
            yield _batch(kept, places, nulls, schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def harmless(cell: str) -> str:
    """`cell` so that no spreadsheet runs it as a formula; `as_given` undoes it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_given(cell: str) -> str:
    """A cell as it was before `harmless`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _batch(
    rows: list[tuple[str | None, ...]], places: list[tuple[int | None, str]], nulls: Sequence[str], schema: pa.Schema
) -> pa.RecordBatch:
    columns = [column(values, nulls) for values in zip(*rows, strict=True)]
    numbers, files = zip(*places, strict=True)
    return pa.RecordBatch.from_arrays(
        [*columns, pa.array(numbers, pa.int64()), pa.array(files, pa.string())], schema=schema
    )


def _cells(path: Path) -> Iterator[tuple[str, int | None, int | None, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            title = next(reader, [])
            if tuple(title[:4]) != COLUMNS or len(title) != len(COLUMNS) + 1:
                raise DeliveryError(
                    f"{path.name} is not a file of rejects; its columns must be {', '.join(COLUMNS)}, text."
                )
            for row in reader:
                if row:
                    yield _cell(row, path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DeliveryError(f"{path.name} cannot be read as a CSV file in UTF-8; save it so.") from error


def _cell(row: list[str], path: Path) -> tuple[str, int | None, int | None, str]:
    cells = [as_given(cell) for cell in row]
    if len(cells) != len(COLUMNS) + 1 or any(cell and not cell.isdecimal() for cell in cells[1:3]):
        raise DeliveryError(f"A row of {path.name} was changed in more than its text; export the rejects again.")
    return cells[0], int(cells[1]) if cells[1] else None, int(cells[2]) if cells[2] else None, cells[4]


def _values(text: str, header: Sequence[str], declared: Read) -> Sequence[str | None] | str:
    if not text.strip():
        return _LEFT_BLANK
    if declared.connector in ("json", "jsonl"):
        found = objects.parsed(text, options(declared))
        return found if isinstance(found, str) else [found.get(name) for name in header]
    results = [_cut(text, how, len(header)) for how in _dialects(declared)]
    return next((each for each in results if not isinstance(each, str)), results[0])


def _dialects(declared: Read) -> list[Dialect]:
    """The source's dialect; where its delimiter was found out, each that could have been."""
    chosen = options(declared)
    if declared.connector == "tsv" or chosen.text("delimiter"):
        return [dialect(chosen, "")]
    return [dialect(chosen, candidate) for candidate in CANDIDATES]


def _cut(text: str, how: Dialect, wanted: int) -> list[str] | str:
    window = Window(io.BytesIO(text.encode()))
    row = cut(window, how)
    if row is None or row.reason:
        return row.reason if row else _LEFT_BLANK
    if cut(window, how) is not None:
        return "The text holds more than one row"
    if len(row.values) == wanted + 1 and not row.values[-1]:
        return row.values[:wanted]
    return row.values if len(row.values) == wanted else f"The row has {len(row.values)} values instead of {wanted}"
