"""Databases by SQLAlchemy URL: one table or query, read once in a read-only transaction into a temporary file."""

import hashlib
import os
import re
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from psycopg.abc import AdaptContext, Buffer
from psycopg.abc import Loader as LoaderProtocol
from psycopg.adapt import Loader
from psycopg.pq import Format
from sqlalchemy.engine import URL

from bluelamp.connectors import columns as names_of
from bluelamp.connectors.offer import Offer, Reject
from bluelamp.connectors.options import options
from bluelamp.connectors.values import BATCH, batch, words
from bluelamp.errors import DeclarationError, DeliveryError
from bluelamp.workspace.model import Read
from bluelamp.workspace.sources import holds_password

#: what makes a transaction read-only, by dialect; others are trusted to the rights of their user
READ_ONLY = {
    "postgresql": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "mysql": "SET TRANSACTION READ ONLY",
    "mariadb": "SET TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
    "sqlite": "PRAGMA query_only = ON",
}
#: types of PostgreSQL with values that Python's have no room for
_TIMES = ("date", "timestamp", "timestamptz", "time", "timetz", "interval")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_SELECT = re.compile(r"\s*(select|with|table|values)\b", re.IGNORECASE)


@dataclass
class Spool:
    """What one reading of a query gave: its rows in a file without a name, and their checksum."""

    file: BinaryIO
    names: list[str]
    checksum: str

    def __post_init__(self) -> None:
        weakref.finalize(self, self.file.close)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows from the first on. The file lives until the last reader of them is gone."""
        self.file.seek(0)
        yield from pq.ParquetFile(self.file).iter_batches(BATCH)


@dataclass(frozen=True)
class QueryOffer(Offer):
    """A table or query. It is read once, by whichever of `checksum` and `read` comes first."""

    declared: Read = field(default_factory=lambda: Read("sql", "", "replace"))
    folder: Path = Path()
    _read: list[Spool] = field(default_factory=list, compare=False)

    def checksum(self) -> str:
        """SHA-256 of the rows as read; it does not depend on their order."""
        return self.spool().checksum

    def spool(self) -> Spool:
        """The rows, from the database on the first call."""
        if not self._read:
            self._read.append(_spooled(self.declared, self.folder))
        return self._read[0]


def offers(declared: Read, base: Path) -> list[Offer]:
    """The one query or table of the source. The database is not asked yet."""
    chosen = options(declared)
    table, query = chosen.text("table"), chosen.text("query")
    if bool(table) == bool(query):
        raise DeclarationError("The connector sql needs one of the options `table` and `query`.")
    if query and not _SELECT.match(query):
        raise DeclarationError("The option `query` of the connector sql must be a SELECT.")
    # a query is never known to be unchanged before it is read, so each offer looks new
    return [QueryOffer(chosen.text("name", table or "query"), None, 0, time.time(), declared=declared, folder=base)]


def read(
    offer: Offer, _declared: Read, _reject: Callable[[Reject], None], columns: frozenset[str]
) -> pa.RecordBatchReader:
    """The rows of the query, as its checksum was made from. Raises DeliveryError."""
    if not isinstance(offer, QueryOffer):
        raise DeliveryError(f"{offer.name} is a file, not a query; use the connector for its kind.")
    spool = offer.spool()
    names_of.require(columns, spool.names, offer.name)
    return pa.RecordBatchReader.from_batches(names_of.schema(spool.names), spool.batches())


def address(path: str, base: Path) -> URL:
    """The URL in `path`, with `${NAME}` replaced from the environment. Raises DeclarationError, DeliveryError."""
    if holds_password(path):
        raise DeclarationError("A password stands in the source's `path`; write `${NAME}` and set that variable.")
    try:
        url = sa.make_url(_VARIABLE.sub(_from_environment, path))
    except (sa.exc.ArgumentError, ValueError):
        raise DeclarationError(
            "The source's `path` must be a URL such as postgresql://user:${PASSWORD}@host/db."
        ) from None
    if url.get_backend_name() == "sqlite" and url.database:
        return _sqlite(url, base)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _sqlite(url: URL, base: Path) -> URL:
    path = base / (url.database or "")
    if not path.is_file():
        raise DeliveryError(
            f"There is no database {url.database} in {base}; put it there, or correct `path` under `read:`."
        )
    return url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"})


def _from_environment(found: re.Match[str]) -> str:
    value = os.environ.get(found[1])
    if value is None:
        raise DeliveryError(f"The environment variable {found[1]}, which a source's `path` names, is not set.")
    return quote(value, safe="")


def _spooled(declared: Read, base: Path) -> Spool:
    url = address(declared.path, base)
    shown = f"{url.get_backend_name()} at {url.host or 'this machine'}"
    try:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
    except (sa.exc.ArgumentError, ImportError):
        raise DeliveryError(
            f"No driver for {url.drivername} is installed; install the Python package for it."
        ) from None
    try:
        with engine.connect() as connection:
            if url.get_backend_name() in READ_ONLY:
                connection.exec_driver_sql(READ_ONLY[url.get_backend_name()])
            if isinstance(connection.connection.driver_connection, psycopg.Connection):
                _forgive(connection.connection.driver_connection)
            streamed = connection.execution_options(stream_results=True, max_row_buffer=BATCH, no_parameters=True)
            result = streamed.exec_driver_sql(_statement(declared, engine))
            return _written(result, declared)
    except sa.exc.SQLAlchemyError as error:
        # the error is not chained: what a driver says may hold the password
        raise DeliveryError(f"{shown} did not give the rows ({_said(error, url)}); check the database.") from None
    finally:
        engine.dispose()


def _forgive(connection: psycopg.Connection[Any]) -> None:
    """Have dates and times that Python cannot hold (`infinity`, years before Christ, 24:00) given as their text."""
    for name in _TIMES:
        kind = connection.adapters.types[name].oid
        usual = connection.adapters.get_loader(kind, Format.TEXT)
        if usual:
            connection.adapters.register_loader(kind, _forgiving(usual))


def _forgiving(usual: type[LoaderProtocol]) -> type[Loader]:
    class Forgiving(Loader):
        """Loads a value in the usual way, or else gives its text."""

        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._usual = usual(oid, context)

        def load(self, data: Buffer) -> Any:
            text = bytes(data).decode()
            if text.lstrip("-") == "infinity":
                return text
            try:
                return self._usual.load(data)
            except (psycopg.Error, ValueError, OverflowError):
                return text

    return Forgiving


def _statement(declared: Read, engine: sa.Engine) -> str:
    query, table = options(declared).text("query"), options(declared).text("table")
    if query:
        return query.strip().rstrip(";")
    quoted = ".".join(engine.dialect.identifier_preparer.quote_identifier(part) for part in table.split("."))
    return f"SELECT * FROM {quoted}"  # each part is quoted


def _written(result: sa.CursorResult[Any], declared: Read) -> Spool:
    names = names_of.unique(result.keys())
    nulls = ("", *options(declared).listed("null"))
    spool = Spool(tempfile.TemporaryFile(), names, "")  # noqa: SIM115  # lives as its offer
    total = rows = 0
    with pq.ParquetWriter(spool.file, names_of.schema(names), compression="zstd") as writer:
        for part in result.partitions(BATCH):
            texts = [[words(value) for value in row] for row in part]
            total += sum(_digest(row) for row in texts)
            writer.write_batch(batch(texts, list(range(rows + 1, rows + len(texts) + 1)), names, nulls))
            rows += len(texts)
    whole = f"{names}\n{rows}\n{total % (1 << 256)}"
    spool.checksum = hashlib.sha256(whole.encode()).hexdigest()
    return spool


def _digest(row: list[str | None]) -> int:
    parts = (b"-" if value is None else b"%d:%b" % (len(value), value.encode(errors="surrogatepass")) for value in row)
    return int.from_bytes(hashlib.sha256(b",".join(parts)).digest())


def _said(error: sa.exc.SQLAlchemyError, url: URL) -> str:
    text = str(getattr(error, "orig", None) or error).strip().splitlines()
    first = " ".join(text[:1])
    secrets: Iterator[str] = (str(value) for value in (url.password, *url.query.values()) if value)
    for secret in secrets:
        first = first.replace(secret, "***")
    return first
