"""A dataset: versions, parts that are replaced, going back, and what a failed write leaves."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from bluelamp.errors import BlueLampError
from bluelamp.lake.dataset import Dataset

SCHEMA = pa.schema([("source", pa.string()), ("x", pa.string())])


def reader(*rows: tuple[str, ...], schema: pa.Schema = SCHEMA) -> pa.RecordBatchReader:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    table = pa.table([pa.array(values, pa.string()) for values in columns], schema=schema)
    return table.to_reader()


def held(dataset: Dataset, columns: str = "source, x") -> list[tuple[str, ...]]:
    relation = dataset.relation()
    return duckdb.execute(f"select {columns} from {relation} order by all").fetchall() if relation else []


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset(tmp_path / "a dataset" / "ünï")


def test_before_the_first_commit_there_is_nothing(dataset: Dataset) -> None:
    assert (dataset.exists, dataset.version, dataset.files(), dataset.columns()) == (False, None, [], [])
    assert dataset.relation() is None
    dataset.delete("true")
    assert not dataset.exists


def test_each_append_is_a_version_that_notes_what_it_is_told(dataset: Dataset) -> None:
    assert dataset.append(reader(("a", "1"), ("a", "2")), delivery="one") == 0
    assert dataset.append(reader(("b", "3")), delivery="two") == 1
    assert held(dataset) == [("a", "1"), ("a", "2"), ("b", "3")]
    assert [dataset.notes(version)["delivery"] for version in (0, 1)] == ["one", "two"]
    assert [dataset.added(version) for version in (0, 1)] == [2, 1]


def test_a_part_is_replaced_and_the_others_stay(dataset: Dataset) -> None:
    dataset.replace(reader(("it's", "1"), ("it's", "2")), "source", "it's")
    dataset.append(reader(("b", "3")), partition="source")
    dataset.replace(reader(("it's", "9")), "source", "it's")
    assert held(dataset) == [("b", "3"), ("it's", "9")]
    dataset.replace(reader(), "source", "it's")
    assert held(dataset) == [("b", "3")]


def test_a_part_is_replaced_where_the_dataset_was_not_begun_in_parts(dataset: Dataset) -> None:
    dataset.append(reader(("a", "1"), ("b", "2")))
    dataset.replace(reader(("a", "9")), "source", "a")
    assert held(dataset) == [("a", "9"), ("b", "2")]


def test_a_new_column_is_blank_in_what_came_before(dataset: Dataset) -> None:
    dataset.append(reader(("a", "1")))
    dataset.append(reader(("b", "2", "3"), schema=pa.schema([*SCHEMA, ("y", pa.string())])))
    assert held(dataset, "source, x, y") == [("a", "1", None), ("b", "2", "3")]


def test_going_back_gives_what_was_and_the_versions_count_on(dataset: Dataset) -> None:
    dataset.append(reader(("a", "1")))
    dataset.append(reader(("b", "2")))
    dataset.restore(0)
    assert held(dataset) == [("a", "1")]
    assert dataset.append(reader(("c", "3"))) == 3
    dataset.restore(None)
    assert not dataset.exists


def test_going_back_works_after_more_commits_than_a_checkpoint_holds(dataset: Dataset) -> None:
    for number in range(23):
        dataset.append(reader(("a", f"{number:02}")))
    dataset.restore(4)
    assert len(held(dataset)) == 5


def test_a_commit_by_another_is_seen(dataset: Dataset) -> None:
    other = Dataset(dataset.path)
    for number in range(5):
        other.append(reader(("a", str(number))))
        assert (dataset.version, len(held(dataset))) == (number, number + 1)
    other.restore(None)
    assert not dataset.exists


def test_a_write_that_fails_on_the_way_changes_nothing_and_leaves_nothing(dataset: Dataset) -> None:
    dataset.append(reader(("a", "1")))
    files = sorted(dataset.path.rglob("*.parquet"))

    def breaking() -> Iterator[pa.RecordBatch]:
        yield reader(("b", "2")).read_next_batch()
        raise OSError(28, "No space left on device")

    with pytest.raises(BlueLampError, match=r"^The disk that holds .* is full; free some space and run again\.$"):
        dataset.append(pa.RecordBatchReader.from_batches(SCHEMA, breaking()))
    assert held(dataset) == [("a", "1")]
    assert sorted(dataset.path.rglob("*.parquet")) == files


def test_a_version_can_be_gone_back_to_however_old_it_is(dataset: Dataset) -> None:
    for number in range(12):
        dataset.append(reader(("a", str(number))))
    for file in (dataset.path / "_delta_log").iterdir():
        os.utime(file, (0, 0))
    for number in range(12):
        dataset.append(reader(("b", str(number))))
    dataset.restore(0)
    assert held(dataset) == [("a", "0")]
