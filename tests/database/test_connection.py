"""A lost database is one sentence, and forgotten when it is back."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bluelamp.database.connection import Database, connect
from bluelamp.database.embedded import Embedded
from bluelamp.errors import DatabaseUnavailable


def one(database: Database) -> int:
    with database.begin() as connection:
        return int(connection.execute(text("SELECT 1")).scalar_one())


def test_an_address_may_be_written_as_everybody_writes_it(postgres_url: str, tmp_path: Path) -> None:
    with connect(tmp_path, postgres_url.replace("postgresql+psycopg://", "postgres://")) as database:
        assert one(database) == 1


def test_the_environment_comes_before_the_setting(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLUELAMP_DATABASE_URL", postgres_url)
    with connect(tmp_path, "postgresql://nobody@127.0.0.1:1/none") as database:
        assert one(database) == 1
    assert not (tmp_path / ".bluelamp").exists()


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        connect(tmp_path, "postgresql://somebody:secret@127.0.0.1:1/none")
    said = str(refused.value)
    assert said == "The database at 127.0.0.1 does not answer; nothing can be shown until it is back."


def test_connections_that_were_cut_are_replaced(database: Database) -> None:
    assert one(database) == 1
    with database.begin() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
        connection.execute(text(others + "current_database()"))
    with pytest.raises(DatabaseUnavailable), database.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert one(database) == 1


def test_a_connection_that_was_cut_while_it_rested_is_replaced(database: Database) -> None:
    # a second argument: it waits so many milliseconds until the other end has gone
    cut = "SELECT pg_terminate_backend(:pid, 10000)"
    with database.begin() as one_of_two, database.begin():
        resting = one_of_two.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with database.begin() as first, database.begin() as second:
        pids = [each.execute(text("SELECT pg_backend_pid()")).scalar_one() for each in (first, second)]
        assert resting in pids
    with database.begin() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        connection.execute(text(cut), {"pid": next(each for each in pids if each != pid)})
    with database.begin() as first, database.begin() as second:
        assert [each.execute(text("SELECT 1")).scalar_one() for each in (first, second)] == [1, 1]


def test_one_statement_may_be_a_transaction_of_its_own(database: Database) -> None:
    made = "CREATE TEMP TABLE IF NOT EXISTS made AS SELECT generate_series(1, %(most)s)"
    assert database.at_once(made, {"most": 3}) == 3
    with database.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM made")).scalar_one() == 3
    with pytest.raises(DatabaseUnavailable):
        database.at_once("SELECT pg_terminate_backend(pg_backend_pid())", {})
    assert one(database) == 1


def test_a_database_by_address_is_used_again_when_it_is_back(tmp_path: Path) -> None:
    first = Embedded(tmp_path / "postgres")
    database = Database(first.url)
    assert one(database) == 1
    first.close()
    with pytest.raises(DatabaseUnavailable, match="does not answer"):
        one(database)
    again = Embedded(tmp_path / "postgres")
    assert one(database) == 1
    database.close()
    again.close()


def test_what_fails_inside_a_transaction_is_undone(database: Database) -> None:
    def fail() -> None:
        with database.begin() as connection:
            connection.execute(text("CREATE TABLE gone (a int)"))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with database.begin() as connection:
        assert connection.execute(text("SELECT to_regclass('gone')")).scalar_one() is None


def test_commits_are_on_disk_before_they_are_acknowledged(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '1s'"))
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
