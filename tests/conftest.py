"""What every test may ask for: a fresh PostgreSQL database, an audit log, a force that has run, a clock that it can set."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text

import bluelamp
from bluelamp import clock
from bluelamp.database.connection import Database, connect
from bluelamp.session.audit import AuditLog
from bluelamp.session.force import BlueLamp
from tests import factory
from tests.factory import workspace
from tests.office import desk, office  # noqa: F401 (fixtures)

# how long a test takes depends on what else the machine does, and is measured elsewhere
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

#: leaves every table as the migrations made it; in a replica's role no trigger refuses
EMPTY = """
SET LOCAL session_replication_role = replica;
DELETE FROM audit; DELETE FROM audit_seals; DELETE FROM api_tokens; DELETE FROM sign_ins; DELETE FROM accounts; DELETE FROM decisions; DELETE FROM chart_changes; DELETE FROM charts; DELETE FROM watch_news; DELETE FROM watches;
UPDATE audit_head SET seq = 0, hash = repeat('0', 64), key = '', signature = '';
ALTER TABLE audit ENABLE TRIGGER ALL;
ALTER TABLE audit_seals ENABLE TRIGGER ALL;
"""


class SetClock:
    """A clock that stands where a test puts it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Go on (or back) by so many seconds, minutes, hours."""
        self.now += timedelta(**by)


@pytest.fixture
def time() -> Iterator[SetClock]:
    """The time of Blue Lamp, in the test's hands."""
    made = SetClock()
    clock.use(made)
    yield made
    clock.use()


@pytest.fixture(scope="session", autouse=True)
def shelf(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The folder in which the processes that run tests keep what they make once for all."""
    own = tmp_path_factory.getbasetemp()
    factory.SHELF = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shelf"
    factory.SHELF.mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Database]:
    """One PostgreSQL for all tests, with a migrated database that each test's own is copied from."""
    folder = Path(tempfile.mkdtemp(prefix="bluelamp-tests-"))
    with connect(folder) as database:
        with psycopg.connect(_plain(database.url, "postgres"), autocommit=True) as connection:
            # tests need not outlive a power cut; the promise itself is tested on a database of its own
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            database.engine.dispose()
            connection.execute("CREATE DATABASE template TEMPLATE bluelamp")
        yield database
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def fresh_database(postgres: Database) -> Callable[..., str]:
    """Makes a database with every table and gives its address: a force on it need not start a PostgreSQL of its own.

    Given the address of another that nobody is connected to, the database begins as a copy of that.
    """

    def make(like: str = "") -> str:
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(_plain(postgres.url, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {_named(like) if like else 'template'}")
        return postgres.url.replace("/bluelamp?", f"/{name}?")

    return make


@pytest.fixture(scope="session")
def run_once(
    tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[..., str]
) -> Callable[[Path], BlueLamp]:
    """Opens the small workspace in a folder, run once by a force with a database of its own.

    That is done for the first who asks; everybody gets a copy of the workspace and of the database.
    """
    made: list[tuple[Path, str]] = []

    def open_copy(folder: Path) -> BlueLamp:
        if not made:
            url = fresh_database()
            first = bluelamp.open(workspace(tmp_path_factory.mktemp("once") / "force", database=url))
            first.run("tester", lambda *_: None)
            first.close()
            made.append((first.folder, url))
        kept, its = made[0]
        shutil.copytree(kept, folder, symlinks=True)
        config = folder / "bluelamp.toml"
        config.write_text(config.read_text().replace(its, fresh_database(its)))
        return bluelamp.open(folder)

    return open_copy


@pytest.fixture
def postgres_url(postgres: Database, fresh_database: Callable[[], str]) -> Iterator[str]:
    """The address of a fresh database with every table, only for this test."""
    url = fresh_database()
    yield url
    with psycopg.connect(_plain(postgres.url, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {_named(url)} WITH (FORCE)")


@pytest.fixture
def database(postgres: Database) -> Iterator[Database]:
    """An empty database, emptied again for the next test; one that changes tables asks for `postgres_url` instead."""
    with Database(postgres.url) as opened:
        yield opened
    with postgres.begin() as connection:
        connection.execute(text(EMPTY))


@pytest.fixture
def log(database: Database, tmp_path: Path) -> Iterator[AuditLog]:
    """An audit log with nothing in it."""
    opened = AuditLog(database, tmp_path / "audit")
    yield opened
    opened.close()


def _named(url: str) -> str:
    """The name of the database at an address."""
    return url.partition("@/")[2].partition("?")[0]


def _plain(url: str, name: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://").replace("/bluelamp?", f"/{name}?")
