"""Parquet files: every column as text, nested ones as `outer.inner`, read a row group at a time."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from bluelamp.connectors import columns as names_of
from bluelamp.connectors import unpack
from bluelamp.connectors.offer import Offer, Reject
from bluelamp.connectors.options import options
from bluelamp.connectors.text import as_offered
from bluelamp.connectors.values import as_json, words
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read

_BATCH = 65_536


def read(
    offer: Offer, declared: Read, _reject: Callable[[Reject], None], columns: frozenset[str]
) -> pa.RecordBatchReader:
    """The rows of a Parquet file; none is ever rejected, as the format has no malformed ones. Raises DeliveryError."""
    nulls = ("", *options(declared).listed("null"))
    with _opened(offer) as file:
        names = names_of.unique(leaf for field in file.schema_arrow for leaf in _leaves(field.name, field.type))
    names_of.require(columns, names, offer.name)
    return pa.RecordBatchReader.from_batches(names_of.schema(names), _batches(offer, names, nulls))


def _batches(offer: Offer, names: list[str], nulls: Sequence[str]) -> Iterator[pa.RecordBatch]:
    first = 1
    with _opened(offer) as file:
        for batch in _whole(file, offer.name):
            pairs = zip(batch.schema, batch.columns, strict=True)
            flat = [each for field, array in pairs for each in _flat(field.type, array)]
            texts = [names_of.nulled(textual(array), nulls) for array in flat]
            numbers = pa.arange(first, first + batch.num_rows)
            first += batch.num_rows
            yield pa.RecordBatch.from_arrays([*texts, numbers], schema=names_of.schema(names))


@contextmanager
def _opened(offer: Offer) -> Iterator[pq.ParquetFile]:
    as_offered(offer)
    with unpack.plain_file(offer.file, offer.name) as source:
        before = unpack.Stamp.of(os.fstat(source.fileno()))
        try:
            file = pq.ParquetFile(source)
        except (pa.ArrowException, OSError) as error:
            raise DeliveryError(f"{offer.name} is not a whole Parquet file; ask for it again.") from error
        yield file
    unpack.unchanged(offer.file, offer.name, before)


def textual(array: pa.Array) -> pa.Array:
    """`array`, of any type but a struct, as text."""
    import pyarrow.compute as pc  # noqa: PLC0415 (a run with nothing new need not wait for it)

    kind = array.type
    if pa.types.is_dictionary(kind):
        array, kind = array.dictionary_decode(), kind.value_type
    if pa.types.is_timestamp(kind):
        zone = "Z" if kind.tz else ""
        return _iso(pc.cast(array.cast(pa.timestamp(kind.unit)), pa.string()), zone)
    if pa.types.is_floating(kind):
        return pc.replace_substring_regex(pc.cast(array.cast(pa.float64()), pa.string()), r"\.0$", "")
    if pa.types.is_time(kind):
        return _trimmed(pc.cast(array, pa.string()))
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or _odd(kind):
        texts = [
            None if value is None else as_json(value) if pa.types.is_nested(kind) else words(value)
            for value in array.to_pylist()
        ]
        return pa.array(texts, pa.string())
    return pc.cast(array, pa.string())


def _odd(kind: pa.DataType) -> bool:
    binary = pa.types.is_fixed_size_binary(kind)
    return bool(binary or pa.types.is_duration(kind) or pa.types.is_decimal(kind) or pa.types.is_interval(kind))


def _iso(texts: pa.Array, zone: str) -> pa.Array:
    import pyarrow.compute as pc  # noqa: PLC0415 (as above)

    plain = _trimmed(pc.replace_substring(texts, " ", "T"))
    return pc.binary_join_element_wise(plain, zone, "") if zone else plain


def _trimmed(texts: pa.Array) -> pa.Array:
    import pyarrow.compute as pc  # noqa: PLC0415 (as above)

    shorter = pc.replace_substring_regex(texts, r"(\.\d*?)0+$", r"\1")
    return pc.replace_substring_regex(shorter, r"\.$", "")


def _leaves(name: str, kind: pa.DataType) -> list[str]:
    if not pa.types.is_struct(kind):
        return [name]
    return [leaf for field in kind for leaf in _leaves(f"{name}.{field.name}", field.type)]


def _flat(kind: pa.DataType, array: pa.Array) -> list[pa.Array]:
    if not pa.types.is_struct(kind):
        return [array]
    return [each for field, inner in zip(kind, array.flatten(), strict=True) for each in _flat(field.type, inner)]


def _whole(file: pq.ParquetFile, name: str) -> Iterator[pa.RecordBatch]:
    try:
        yield from file.iter_batches(_BATCH)
    except (pa.ArrowException, OSError) as error:
        raise DeliveryError(f"{name} is cut short or damaged; ask for the file again.") from error
