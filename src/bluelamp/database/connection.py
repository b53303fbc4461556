"""The connection to PostgreSQL: the workspace's own or one by address, its schema brought up to date."""

import importlib
import select
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bluelamp.database.embedded import Embedded
from bluelamp.database.glance import NETWORK, located
from bluelamp.database.migrations import HEAD
from bluelamp.errors import DatabaseUnavailable

POOL_TIMEOUT = 10

#: seconds of rest after which a connection is asked whether it still stands
RESTED = 5.0

#: any number that no other program locks: only one process migrates
MIGRATING = 6_203_042

UNDEFINED_TABLE = "42P01"


class Database:
    """A pool of connections; made by `connect`. Threads may share it, forked processes may not."""

    def __init__(self, url: str, embedded: Embedded | None = None) -> None:
        self.url = url
        self.embedded = embedded
        self._reviving = threading.Lock()
        self.engine: Engine = create_engine(
            _dialect(url),
            # what an entry or a chart says does not belong into the log of a fault
            hide_parameters=True,
            pool_size=8,
            max_overflow=24,
            pool_timeout=POOL_TIMEOUT,
            connect_args=NETWORK,
        )
        event.listen(self.engine, "checkin", _rest)
        event.listen(self.engine, "checkout", partial(_stand, self.engine.dialect))

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: committed at the end, undone by an exception.

        Raises DatabaseUnavailable where PostgreSQL does not answer; the next call tries again.
        """
        with self._answering(), self._connection() as connection, connection.begin():
            yield connection

    def at_once(self, statement: str, values: Mapping[str, Any]) -> int:
        """Do one statement as a transaction of its own, in one exchange of messages; gives the rows that it touched.

        The statement names its values as the driver does, `%(name)s`: every page waits for one, and what SQLAlchemy
        does around it costs as much as the statement. Raises DatabaseUnavailable as `begin` does.
        """
        with self._answering(), self._connection() as connection:
            driver: Any = connection.connection.driver_connection
            try:
                driver.autocommit = True
                touched: int = driver.execute(statement, values).rowcount
                driver.autocommit = False
            except BaseException:
                connection.invalidate()
                raise
            return touched

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError, NoneFree, psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise self._unavailable() from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise self._unavailable() from error
            raise

    def close(self) -> None:
        """Give the connections back; the workspace's own server stops when nobody else uses it."""
        self.engine.dispose()
        if self.embedded:
            self.embedded.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _connection(self) -> Connection:
        """A connection; a server of our own that has gone is started again first."""
        try:
            return self.engine.connect()
        except (OperationalError, InterfaceError):
            if self.embedded is None:
                raise
        with self._reviving:
            self.embedded.revive()
        return self.engine.connect()

    def _unavailable(self) -> DatabaseUnavailable:
        address = self.engine.url
        where = f"in {self.embedded.folder}" if self.embedded else f"at {address.host or address.query.get('host')}"
        return DatabaseUnavailable(f"The database {where} does not answer; nothing can be shown until it is back.")


def connect(folder: Path, url: str | None = None, *, store: Path | None = None) -> Database:
    """The database of the workspace in `folder`, its schema up to date.

    Without `url` (and without BLUELAMP_DATABASE_URL) it is a PostgreSQL of its own in `store`/postgres, where
    `store` is FOLDER/.bluelamp unless said. Raises DatabaseUnavailable where it does not answer or is newer
    than this software.
    """
    database = Database(*located(folder, url, store))
    try:
        _bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def _rest(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["rests"] = time.monotonic()


def _stand(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
    """Replace a connection that was cut while it rested. One that rested shortly, and on which nothing has come in,
    need not be asked: a server that closes it says so.
    """
    rests = record.info.get("rests")
    if rests is None:
        return
    try:
        said = select.poll()
        said.register(connection.fileno(), select.POLLIN)
        if said.poll(0) or time.monotonic() - rests > RESTED:
            dialect.do_ping(connection)
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _dialect(url: str) -> str:
    """`postgresql://...` as everybody writes it, for the driver that is here."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgresql", "postgres") else url


def _bring_up_to_date(database: Database) -> None:
    if _version(database) == HEAD:
        return
    with database.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATING})
        # Alembic takes a quarter of a second to load and is needed only here
        importlib.import_module("bluelamp.database.migrate").upgrade(connection)


def _version(database: Database) -> str | None:
    try:
        with database.begin() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != UNDEFINED_TABLE:
            raise
        return None
    if found is not None and found > HEAD:
        raise DatabaseUnavailable(
            f"The database has schema {found}, newer than {HEAD} of this software; install the newer Blue Lamp."
        )
    return found
