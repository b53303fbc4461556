"""The connectors, one line each, and the two doors that every caller uses: what is there, and its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from bluelamp.connectors import delimited, excel, found, objects, parquet, police
from bluelamp.connectors.columns import ColumnMissing
from bluelamp.connectors.offer import Offer, Reject
from bluelamp.connectors.options import options
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read

Rejecting = Callable[[Reject], None]


@dataclass(frozen=True)
class Connector:
    """One kind of source: how to find what it offers, and how to read one offer."""

    offers: Callable[[Read, Path], list[Offer]]
    read: Callable[[Offer, Read, Rejecting, frozenset[str]], pa.RecordBatchReader]


def _packed(declared: Read, base: Path) -> list[Offer]:
    return found.offered(declared.path, base, options(declared))


def _query(declared: Read, base: Path) -> list[Offer]:
    from bluelamp.connectors import sql  # noqa: PLC0415 (a tenth of a command's start, for few sources)

    return sql.offers(declared, base)


def _answer(offer: Offer, declared: Read, reject: Rejecting, columns: frozenset[str]) -> pa.RecordBatchReader:
    from bluelamp.connectors import sql  # noqa: PLC0415 (as above)

    return sql.read(offer, declared, reject, columns)


CONNECTORS: Mapping[str, Connector] = {
    "csv": Connector(_packed, delimited.read),
    "tsv": Connector(_packed, delimited.read),
    "excel": Connector(found.whole, excel.read),
    "json": Connector(_packed, objects.read_array),
    "jsonl": Connector(_packed, objects.read_lines),
    "parquet": Connector(found.whole, parquet.read),
    "sql": Connector(_query, _answer),
    "police-uk": Connector(police.offers, police.read),
}


def offers(read: Read, base: Path) -> list[Offer]:
    """What the source offers now: its files below `base` in natural order, or its query.

    Raises DeliveryError where there is none, or where one is outside of `base`, and DeclarationError for an
    option that cannot be.
    """
    options(read)
    return CONNECTORS[read.connector].offers(read, base)


def read(offer: Offer, read: Read, reject: Callable[[Reject], None], columns: frozenset[str]) -> pa.RecordBatchReader:
    """The rows of `offer`: every column as text, and `_row`, its number among all rows of the file from 1.

    Each row that cannot be read goes to `reject`. Raises DeliveryError, at once or while reading, where the
    offer cannot be read as a whole or lacks one of `columns`.
    """
    options(read)
    try:
        return CONNECTORS[read.connector].read(offer, read, reject, columns)
    except DeliveryError as error:
        if offer.member is None:
            raise
        said = f"{error} If it is no data, say by `member` which files of the archive are."
        missing = error.missing if isinstance(error, ColumnMissing) else ()
        raise (ColumnMissing(said, missing) if missing else DeliveryError(said)) from error
