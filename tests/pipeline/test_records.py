"""What a build writes to the lake: taken back where it was not published, removed with its source, checked for clashes."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from bluelamp.errors import BlueLampError
from bluelamp.pipeline.records import Records
from tests.factory import SECRET, built, loaded, store
from tests.pipeline.standing import HEADER, ROW, now, shown


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def add(folder: Path, number: int, source: str, key: str) -> None:
    """Commit a record to the lake that no run made."""
    person = {"source": [source], "delivery": [9], "file": ["x"], "row": [1], "record": [number], "key": [key]}
    store(folder).records("Person").append(pa.table(person | {"marking": ["OFFICIAL"]}).to_reader(), partition="source")


def test_what_an_unfinished_run_committed_is_taken_back(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    place = store(folder)
    build = now(folder)
    assert build is not None
    before = place.records("Person").files()
    add(folder, 7, "custody", "N7")
    new = next(name for name in loaded(folder).links if f"links/{name}" not in build.tables)
    place.links(new).append(pa.table({"source": ["custody"], "row": [1]}).to_reader(), partition="source")
    Records(connection, loaded(folder), place, build, SECRET).roll_back()
    assert place.records("Person").files() == before
    assert not place.links(new).exists


@pytest.mark.parametrize("published", [True, False])
def test_two_keys_of_one_number_are_refused(
    folder: Path, connection: duckdb.DuckDBPyConnection, *, published: bool
) -> None:
    records = Records(connection, loaded(folder), store(folder), now(folder) if published else None, SECRET)
    add(folder, 7, "custody", "N7")
    add(folder, 7, "intelligence", "S7")
    connection.execute("insert into touched values ('Person', 7)")
    with pytest.raises(BlueLampError, match="Person got one number: N7 of custody and S7 of intelligence"):
        records.check_numbers()


def test_the_same_key_said_twice_is_no_clash(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    add(folder, 7, "custody", "N7")
    add(folder, 7, "custody", "N7")
    Records(connection, loaded(folder), store(folder), None, SECRET).check_numbers()


def test_a_source_that_is_removed_leaves_no_row(folder: Path) -> None:
    (folder / "sources" / "intelligence.yaml").unlink()
    built(folder)
    place = store(folder)
    for dataset in (place.records("Person"), place.links("involved_in"), place.issues):
        found = duckdb.execute(f"select distinct source from {dataset.relation()}").fetchall()
        assert found == [("custody",)]


def test_a_new_delivery_adds_to_what_is_there_and_touches_no_file_of_it(folder: Path) -> None:
    before = set(store(folder).records("Custody").files())
    assert len(shown(folder)["record_custody"]) == 3
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{ROW}")
    built(folder)
    assert before < set(store(folder).records("Custody").files())
    assert len(shown(folder)["record_custody"]) == 4
