"""The workspace's own PostgreSQL: started by the first, stopped by the last, whatever was killed in between."""

import contextlib
import multiprocessing
import os
import signal
import stat
import time as wall
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import text

from bluelamp.database.connection import Database, connect
from bluelamp.database.embedded import Embedded
from bluelamp.errors import DatabaseUnavailable

FORK = multiprocessing.get_context("fork")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster that exists, used by these tests one after the other."""
    made = tmp_path_factory.mktemp("cluster") / "postgres"
    Embedded(made).close()
    return made


def server(folder: Path) -> psutil.Process | None:
    """The server that runs in `folder`, if one does."""
    file = folder / "data" / "postmaster.pid"
    if not file.exists():
        return None
    pid = int(file.read_text().splitlines()[0])
    return psutil.Process(pid) if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" else None


def answers(embedded: Embedded) -> bool:
    with psycopg.connect(embedded.url.replace("+psycopg", "")) as connection:
        return connection.execute("SELECT true").fetchone() == (True,)


def test_a_cluster_that_exists_starts_again_and_again(folder: Path) -> None:
    for _ in range(3):
        embedded = Embedded(folder)
        assert answers(embedded)
        embedded.close()
        assert server(folder) is None


def test_the_last_to_leave_stops_the_server(folder: Path) -> None:
    first, second = Embedded(folder), Embedded(folder)
    first.close()
    assert answers(second)
    second.close()
    assert server(folder) is None


def hold(folder: Path, ready: int, leave: int) -> None:
    """Open the workspace in another process until told to leave."""
    embedded = Embedded(folder)
    os.write(ready, b"!")
    os.read(leave, 1)
    embedded.close()


def test_the_server_stays_for_another_process(folder: Path) -> None:
    is_ready, ready = os.pipe()
    leave, do_leave = os.pipe()
    other = FORK.Process(target=hold, args=(folder, ready, leave))
    other.start()
    os.read(is_ready, 1)
    Embedded(folder).close()
    assert server(folder) is not None
    os.write(do_leave, b"!")
    other.join()
    assert server(folder) is None


def test_a_process_that_was_killed_does_not_count_as_a_user(folder: Path) -> None:
    is_ready, ready = os.pipe()
    leave, _ = os.pipe()
    other = FORK.Process(target=hold, args=(folder, ready, leave))
    other.start()
    os.read(is_ready, 1)
    other.kill()
    other.join()
    Embedded(folder).close()
    assert server(folder) is None


def test_a_server_that_was_killed_is_started_again_with_all_that_was_promised(tmp_path: Path) -> None:
    with connect(tmp_path) as database:
        with database.begin() as connection:
            connection.execute(text("CREATE TABLE kept AS SELECT 7 AS number"))
        running = server(tmp_path / ".bluelamp" / "postgres")
        assert running
        running.send_signal(signal.SIGKILL)
        assert eventually(database) == 7


def eventually(database: Database) -> int:
    """The number that was kept; until the killed server's last processes have gone, the answer is one sentence."""
    until = wall.monotonic() + 30
    while wall.monotonic() < until:
        with contextlib.suppress(DatabaseUnavailable), database.begin() as connection:
            return int(connection.execute(text("SELECT number FROM kept")).scalar_one())
    raise AssertionError("the database did not come back")


@pytest.mark.parametrize("pid", ["{me}", "1", "999999999", "not a number", ""])
def test_a_pid_file_left_behind_is_nothing_to_worry_about(folder: Path, pid: str) -> None:
    lines = [pid.format(me=os.getpid()), str(folder / "data"), "1700000000", "5432", str(folder), "", "1 1", "ready"]
    (folder / "data" / "postmaster.pid").write_text("\n".join(lines))
    embedded = Embedded(folder)
    assert answers(embedded)
    embedded.close()


def test_a_long_folder_works(folder: Path, tmp_path: Path) -> None:
    long = tmp_path / ("long-" * 30)
    long.mkdir()
    (folder / "data").rename(long / "data")
    embedded = Embedded(long)
    assert len(str(embedded.sockets)) < 100
    assert answers(embedded)
    embedded.close()
    (long / "data").rename(folder / "data")


def test_nobody_else_may_enter_the_folders_of_data_and_socket(folder: Path) -> None:
    embedded = Embedded(folder)
    for private in (folder / "data", embedded.sockets):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    embedded.close()


def test_a_cluster_that_was_half_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "data.new" / "base").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    embedded = Embedded(tmp_path)
    assert answers(embedded)
    embedded.close()


def test_a_server_that_does_not_start_is_one_sentence(folder: Path) -> None:
    settings = folder / "data" / "postgresql.auto.conf"
    good = settings.read_text()
    settings.write_text(good + "no_such_setting = 1\n")
    with pytest.raises(DatabaseUnavailable, match=r"does not start \(pg_ctl: .*log"):
        Embedded(folder)
    settings.write_text(good)


def test_a_damaged_cluster_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "base").write_text("rows")
    with pytest.raises(DatabaseUnavailable, match="put it back from a backup"):
        Embedded(tmp_path)
    assert (tmp_path / "data" / "base").read_text() == "rows"


def test_a_cluster_of_another_version_is_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseUnavailable, match="is of PostgreSQL 16, not 18"):
        Embedded(tmp_path)
