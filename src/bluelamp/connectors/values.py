"""Typed values as the text that a raw dataset keeps: ISO dates, plain numbers, `true` and `false`, JSON for lists."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from bluelamp.connectors.columns import column, schema

#: rows per batch of connectors that build rows one by one
BATCH = 16_384
#: a decimal is written without exponent up to this many digits
_PLAIN = 40
#: below this a float holds every whole number exactly
_WHOLE = 2.0**53


def words(value: Any) -> str | None:  # noqa: PLR0911  # a table, one line a type
    """One value as text; None stays None."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return number(value)
        case Decimal():
            return format(value, "f") if value.is_finite() and abs(value.adjusted()) < _PLAIN else str(value)
        case datetime():
            return moment(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return number(value.total_seconds())
        case bytes() | bytearray() | memoryview():
            return binary(bytes(value))
        case dict() | list() | tuple() | set() | frozenset():
            return as_json(value)
    return str(value)


def number(value: float) -> str:
    """A number without the `.0` that a source never wrote."""
    return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else repr(value)


def moment(value: datetime) -> str:
    """A moment in ISO form, with a zone where it has one."""
    return value.isoformat()


def binary(value: bytes) -> str:
    """Bytes as the UTF-8 text that they are, or else in hexadecimal digits."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def as_json(value: Any) -> str:
    """A list or object as JSON text."""
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    return json.dumps(value, ensure_ascii=False, default=_inner)


def _inner(value: Any) -> Any:
    if isinstance(value, Decimal):
        return (
            int(value)
            if value.is_finite() and value == value.to_integral_value() and abs(value.adjusted()) < _PLAIN
            else float(value)
        )
    return words(value)


def flat(
    item: dict[str, Any], between: str = "", without: str = "", prefix: str = ""
) -> Iterator[tuple[str, str | None]]:
    """The values of an object by name, those of an object inside it as `outer.inner`, except the one named `without`.

    A list of plain values is one text with `between` between them, or JSON where that is empty. Raises ValueError
    where one of the values has `between` in it.
    """
    for key, value in item.items():
        if without and prefix + key == without:
            continue
        if isinstance(value, dict) and value:
            yield from flat(value, between, without, f"{prefix}{key}.")
        elif between and isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
            yield prefix + key, _joined(value, between)
        else:
            yield prefix + key, words(value)


def _joined(values: list[Any], between: str) -> str | None:
    texts = [text for value in values if (text := words(value))]
    if any(between in text for text in texts):
        raise ValueError(f"A text of the list has `{between}` in it, which the option `lists` puts between them")
    return between.join(texts) or None


def batch(
    rows: Sequence[Sequence[str | None]], numbers: Sequence[int], names: Sequence[str], nulls: Sequence[str]
) -> pa.RecordBatch:
    """Rows of text as one batch."""
    columns = [column(values, nulls) for values in zip(*rows, strict=True)] if rows else [column([])] * len(names)
    return pa.RecordBatch.from_arrays([*columns, pa.array(numbers, pa.int64())], schema=schema(names))
