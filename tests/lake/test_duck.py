"""The batch engine: bounded, without a network, and read to the end."""

from pathlib import Path

import duckdb
import pytest

from bluelamp.lake import duck


def test_it_spills_into_the_folder_that_it_is_given_within_its_memory(tmp_path: Path) -> None:
    with duck.connect(tmp_path / "scratch", threads=1, memory="150MiB") as connection:
        most = "select max(length(x)) from (select repeat(md5(i::varchar), 20) as x from range(400000) t(i) order by x)"
        assert duck.count(connection, most) == 640
        assert duck.first(connection, "select current_setting('temp_directory')") == (str(tmp_path / "scratch"),)


def test_it_loads_nothing_from_the_network(tmp_path: Path) -> None:
    with duck.connect(tmp_path) as connection, pytest.raises(duckdb.Error):
        connection.execute("select * from read_csv('https://localhost/x.csv')")


def test_the_first_row_leaves_no_result_open(tmp_path: Path) -> None:
    with duck.connect(tmp_path) as connection:
        assert duck.first(connection, "select * from range(100000)") == (0,)
        assert duck.first(connection, "select 1 where false") is None
        assert duck.count(connection, "select $1 + 1", [1]) == 2
        assert duck.count(connection, "select null") == 0


def test_short_questions_share_a_small_engine_and_nothing_of_their_own(tmp_path: Path) -> None:
    with duck.question(tmp_path) as one, duck.question(tmp_path) as other:
        one.execute("set variable said = 'one'")
        one.execute("create temp table mine as select 1 as a")
        assert duck.first(one, "select getvariable('said'), a from mine") == ("one", 1)
        assert duck.first(other, "select getvariable('said')") == (None,)
        with pytest.raises(duckdb.CatalogException):
            other.execute("from mine")
    with duck.question(tmp_path) as later, pytest.raises(duckdb.CatalogException):
        later.execute("from mine")


def test_a_folder_for_short_questions_that_was_removed_is_made_again(tmp_path: Path) -> None:
    for _ in range(2):
        with duck.question(tmp_path / "scratch") as connection:
            assert duck.count(connection, "select 1") == 1
        (tmp_path / "scratch").rmdir()
