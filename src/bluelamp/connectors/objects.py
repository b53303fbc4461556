"""JSON and JSON Lines: each object a row, or each element of a list in it; objects inside it as `outer.inner` columns.

Other lists are JSON text.
"""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import ijson
import pyarrow as pa

from bluelamp.connectors import columns as names_of
from bluelamp.connectors.dialect import MAX_LINE
from bluelamp.connectors.elements import Values, made, written
from bluelamp.connectors.offer import KEPT_TEXT, Offer, Reject
from bluelamp.connectors.options import Options, options
from bluelamp.connectors.text import Text, text
from bluelamp.connectors.values import BATCH, batch
from bluelamp.connectors.window import Window
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read

#: what stands at one place of the file: line (JSON Lines only), its values by name or the reason why not, its text
Item = tuple[int | None, Values, Callable[[], str]]
Items = Callable[[Text], Iterator[Item]]

#: letters of rows that wait in memory to be handed on together, at most by one row more
_WAITING = 64 << 20


def read_array(
    offer: Offer, declared: Read, reject: Callable[[Reject], None], columns: frozenset[str]
) -> pa.RecordBatchReader:
    """The rows of the array in a JSON file. The file is read twice: first for its columns. Raises DeliveryError."""
    return _read(offer, declared, reject, columns, _array)


def read_lines(
    offer: Offer, declared: Read, reject: Callable[[Reject], None], columns: frozenset[str]
) -> pa.RecordBatchReader:
    """The rows of a JSON Lines file. The file is read twice: first for its columns. Raises DeliveryError."""
    return _read(offer, declared, reject, columns, _lines)


def _read(
    offer: Offer, declared: Read, reject: Callable[[Reject], None], columns: frozenset[str], items: Items
) -> pa.RecordBatchReader:
    chosen = options(declared)
    content = text(offer, chosen)
    keys: dict[str, None] = {}
    for _, values, _ in items(content):
        if isinstance(values, dict):
            keys.update(dict.fromkeys(values))
    names = names_of.unique(keys)
    if keys:
        if not any(map(declared.of_element, names)):
            columns = frozenset(name for name in columns if not declared.of_element(name))
        names_of.require(columns, names, offer.name)
    batches = _batches(items(content), list(keys), names, chosen, reject)
    return pa.RecordBatchReader.from_batches(names_of.schema(names), batches)


def _batches(
    items: Iterator[Item], keys: list[str], names: list[str], chosen: Options, reject: Callable[[Reject], None]
) -> Iterator[pa.RecordBatch]:
    nulls = ("", *chosen.listed("null"))
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    waiting = 0
    for number, (line, values, given) in enumerate(items, 1):
        if isinstance(values, str):
            reject(Reject(number, line, values, given()[:KEPT_TEXT]))
            continue
        rows.append([values.get(key) for key in keys])
        numbers.append(number)
        waiting += sum(len(value) for value in values.values() if value)
        if len(rows) == BATCH or waiting > _WAITING:
            yield batch(rows, numbers, names, nulls)
            rows, numbers, waiting = [], [], 0
    if rows:
        yield batch(rows, numbers, names, nulls)


def parsed(line: str, chosen: Options) -> Values:
    """The values of the one row that the JSON object in `line` makes, by name, or why there are none."""
    found = _loaded(line)
    rows = [found] if isinstance(found, str) else [values for values, _ in made(*found, chosen)]
    return (
        rows[0] if len(rows) == 1 else f"The text makes {len(rows):,} rows; leave one element in {chosen.text('each')}"
    )


def _loaded(line: str) -> tuple[Any] | str:
    """What the JSON text in `line` says, or why it says nothing."""
    try:
        return (json.loads(line, parse_float=Decimal, parse_int=Decimal, parse_constant=_refused),)
    except (ValueError, ArithmeticError) as error:
        return f"The line is not valid JSON: {str(error).split(': line')[0]}"
    except RecursionError:
        return "The line is nested too deeply"


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON value")


def _lines(content: Text) -> Iterator[Item]:
    most = content.options.number("max_line", MAX_LINE, least=1)
    with content.opened() as stream:
        window = Window(stream)
        while window.fill(1):
            number = window.line
            ends = window.line_end(0, most)
            if ends is None:
                start = partial(window.start_of_line().decode, errors="replace")
                window.skip_line()
                yield number, f"The line is longer than {most:,} bytes", start
                continue
            line = window.data[window.at : window.at + ends[0]]
            window.at, window.line = window.at + ends[1], number + 1
            if line.strip():
                yield from _of_line(number, line, content.options)


def _of_line(number: int, line: bytes, chosen: Options) -> Iterator[Item]:
    as_given = partial(line.decode, errors="replace")
    try:
        found = _loaded(line.decode())
    except UnicodeDecodeError as error:
        found = f"Byte {error.start + 1} of the line is not valid UTF-8"
    if isinstance(found, str):
        yield number, found, as_given
        return
    for values, wrong in made(*found, chosen):
        yield number, values, as_given if wrong is found[0] else partial(written, wrong)


def _array(content: Text) -> Iterator[Item]:
    where = content.options.text("array").strip(".")
    name, any_item = content.offer.name, False
    try:
        with content.opened() as stream:
            for item in ijson.items(stream, f"{where}.item" if where else "item"):
                any_item = True
                for values, wrong in made(item, content.options):
                    yield None, values, partial(written, wrong)
        if not any_item:
            _check_array(content, where)
    except ijson.JSONError as error:
        first = str(error).splitlines()[0].strip()
        raise DeliveryError(
            f"{name} is not valid JSON ({first}); ask for it again, or use the connector jsonl for one object a line."
        ) from error
    except RecursionError as error:
        raise DeliveryError(f"{name} is nested too deeply to be read; ask for a flatter file.") from error


def _check_array(content: Text, where: str) -> None:
    """An empty array has no rows; no array at all is a mistake."""
    arrays: list[str] = []
    with content.opened() as stream:
        for prefix, event, _ in ijson.parse(stream):
            if event == "start_array":
                if prefix == where:
                    return
                arrays.append(prefix)
    listed = ", ".join(dict.fromkeys(arrays[:10])) or "none"
    place = f"at {where}" if where else "as its whole"
    raise DeliveryError(f"{content.offer.name} has no array {place}; set the option `array` to one of: {listed}.")
