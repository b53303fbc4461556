import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from bluelamp.connectors import offers, sql
from bluelamp.errors import DeclarationError, DeliveryError
from bluelamp.workspace.model import Read
from tests.connectors.delivered import Got, take

MADE = """
create schema custody;
create table custody."Detainee" (id int, name text, born date, at timestamptz, bail numeric(8,2), held bool, tags text[], extra jsonb, photo bytea);
insert into custody."Detainee" values
  (1, 'Zoë', '1990-05-01', '2016-06-03 10:22+00', 1.50, true, '{a,b}', '{"x": [1]}', '\\xff'),
  (2, '50% :off', null, null, null, false, null, null, null);
create table big as select n, 'row ' || n as said from generate_series(1, 40000) n;
"""


@pytest.fixture(scope="module")
def server(fresh_database: Callable[[], str]) -> str:
    uri = fresh_database().replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(uri) as connection:
        connection.execute("set time zone 'UTC'")
        connection.execute(MADE)
    return uri


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("create table t (a integer, b text)")
        connection.executemany("insert into t values (?, ?)", [(1, "x"), (2, None), (3, "n/a")])
    connection.close()
    return tmp_path


def read(path: str, base: Path, needed: frozenset[str] = frozenset(), **options: str) -> Got:
    declared = Read("sql", path, "replace", options)
    return take(offers(declared, base)[0], declared, needed)


def test_a_postgresql_table_is_read_as_text(server: str, tmp_path: Path) -> None:
    got = read(server, tmp_path, table="custody.Detainee")
    first, second = got.rows
    assert first.pop("at").startswith("2016-06-03T")
    assert first == {
        "id": "1",
        "name": "Zoë",
        "born": "1990-05-01",
        "bail": "1.50",
        "held": "true",
        "tags": '["a", "b"]',
        "extra": '{"x": [1]}',
        "photo": "ff",
        "_row": 1,
    }
    assert (second["name"], second["born"], second["held"]) == ("50% :off", None, "false")


def test_a_query_may_hold_percent_signs_and_colons(server: str, tmp_path: Path) -> None:
    got = read(
        server, tmp_path, query="""select id::text as a, name from custody."Detainee" where name like '%:off';"""
    )
    assert got.values() == [("2", "50% :off")]


def test_dates_and_times_that_python_cannot_hold_are_their_text(server: str, tmp_path: Path) -> None:
    query = (
        "select 'infinity'::date d, '-infinity'::timestamptz z, '0044-03-15 BC'::date b, '24:00'::time t, "
        "'infinity'::interval i, '2026-01-02'::date good, 'Ann' as name"
    )
    (row,) = read(server, tmp_path, query=query).rows
    assert row == {
        "d": "infinity", "z": "-infinity", "b": "0044-03-15 BC", "t": "24:00:00", "i": "infinity",
        "good": "2026-01-02", "name": "Ann", "_row": 1,
    }  # fmt: skip


def test_a_large_table_is_streamed_whole_and_in_order(server: str, tmp_path: Path) -> None:
    got = read(server, tmp_path, query="select * from big order by n")
    assert got.numbers == list(range(1, 40_001))
    assert got.rows[-1] == {"n": "40000", "said": "row 40000", "_row": 40_000}


@pytest.mark.parametrize(
    "query",
    ["with gone as (delete from big returning n) select * from gone", "select setval('s', 1) from (select 1) x"],
)
def test_a_query_cannot_change_the_database(server: str, tmp_path: Path, query: str) -> None:
    with psycopg.connect(server) as connection:
        connection.execute("create sequence if not exists s")
    with pytest.raises(DeliveryError, match=r"read-only transaction|must not contain data-modifying"):
        read(server, tmp_path, query=query)


def test_the_checksum_depends_on_the_rows_and_not_on_their_order(server: str, tmp_path: Path) -> None:
    def checksum(query: str) -> str:
        return offers(Read("sql", server, "replace", {"query": query}), tmp_path)[0].checksum()

    assert checksum("select * from big") == checksum("select * from big order by n desc")
    assert checksum("select * from big") != checksum("select * from big where n > 1")
    assert checksum("select null::text a") != checksum("select '' a")


def test_what_is_read_is_what_the_checksum_was_made_of(server: str, tmp_path: Path) -> None:
    with psycopg.connect(server) as connection:
        connection.execute("create table moving (a int)")
    declared = Read("sql", server, "replace", {"table": "moving"})
    offer = offers(declared, tmp_path)[0]
    offer.checksum()
    with psycopg.connect(server) as connection:
        connection.execute("insert into moving values (1)")
    assert take(offer, declared).rows == []


def test_an_sqlite_file_is_read_and_never_changed(sqlite: Path) -> None:
    before = (sqlite / "x.db").read_bytes()
    assert read("sqlite:///x.db", sqlite, table="t", null="n/a").values() == [("1", "x"), ("2", None), ("3", None)]
    with pytest.raises(DeliveryError, match="did not give the rows"):
        read("sqlite:///x.db", sqlite, query="with x as (select 1) delete from t")
    assert (sqlite / "x.db").read_bytes() == before


def test_a_missing_sqlite_file_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"There is no database no.db"):
        read("sqlite:///no.db", tmp_path, table="t")
    assert not list(tmp_path.iterdir())


def test_a_refused_connection_is_one_sentence_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAD_PASSWORD", "s3cr3t/@:word")
    with pytest.raises(DeliveryError) as caught:
        read("postgresql://officer:${CAD_PASSWORD}@127.0.0.1:1/cad?connect_timeout=2", tmp_path, table="t")
    assert str(caught.value).startswith("postgresql at 127.0.0.1 did not give the rows (connection")
    chain, error = "", caught.value
    while error:
        chain, error = f"{chain}{error!r}", error.__cause__
    assert "s3cr3t" not in chain
    assert "word" not in chain


def test_a_password_from_the_environment_arrives_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAD_PASSWORD", "a/@:%b")
    assert sql.address("postgresql://officer:${CAD_PASSWORD}@host/cad", tmp_path).password == "a/@:%b"


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    assert "NO_SUCH_PASSWORD" not in os.environ
    with pytest.raises(DeliveryError, match="environment variable NO_SUCH_PASSWORD"):
        read("postgresql://officer:${NO_SUCH_PASSWORD}@host/cad", tmp_path, table="t")


@pytest.mark.parametrize(
    "path",
    [
        "postgresql://officer:hunter2@host/cad",
        "postgresql://officer:${USER}hunter2@host/cad",
        "postgresql://host/cad?user=officer&password=hunter2",
        "postgresql://host/cad?pass%77ord=hunter2",
        "postgresql://host/cad?sslpassword=hunter2",
        "mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BPWD%3Dhunter2",
    ],
)
def test_a_password_in_the_declaration_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(DeclarationError, match="A password stands in the source's `path`") as caught:
        read(path, tmp_path, table="t")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("path", ["not a url", "postgresql://${X", "nosuchdialect://host/db"])
def test_a_url_that_cannot_be_is_explained(tmp_path: Path, path: str) -> None:
    with pytest.raises((DeclarationError, DeliveryError)):
        read(path, tmp_path, table="t")


@pytest.mark.parametrize("options", [{}, {"table": "t", "query": "select 1"}, {"query": "drop table t"}])
def test_what_to_read_must_be_one_table_or_one_select(tmp_path: Path, options: dict[str, str]) -> None:
    with pytest.raises(DeclarationError):
        read("sqlite:///x.db", tmp_path, **options)


def test_a_missing_table_is_said_in_one_sentence(sqlite: Path) -> None:
    with pytest.raises(DeliveryError, match=r"sqlite at this machine did not give the rows \(no such table: u\)"):
        read("sqlite:///x.db", sqlite, table="u")


def test_a_missing_column_is_named_with_the_closest_one(sqlite: Path) -> None:
    with pytest.raises(DeliveryError, match=r"t has no column B \(did you mean b\?\)"):
        read("sqlite:///x.db", sqlite, frozenset({"B"}), table="t")


def test_an_offer_has_a_stable_name_and_looks_new_each_time(sqlite: Path) -> None:
    named = [
        offers(Read("sql", "sqlite:///x.db", "replace", options), sqlite)[0].name
        for options in ({"table": "t"}, {"query": "select 1"}, {"table": "t", "name": "stock"})
    ]
    assert named == ["t", "query", "stock"]
    declared = Read("sql", "sqlite:///x.db", "replace", {"table": "t"})
    assert offers(declared, sqlite)[0].modified != offers(declared, sqlite)[0].modified
