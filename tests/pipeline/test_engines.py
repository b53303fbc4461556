"""DuckDB and Spark give equal pairs, clusters and objects; what is wrong with an engine is said in one sentence."""

import shutil
import socket
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

import bluelamp
from bluelamp.errors import BlueLampError
from bluelamp.lake import spark
from bluelamp.pipeline.run import run
from bluelamp.resolution import spread
from bluelamp.resolution.block import Rule
from bluelamp.resolution.likely import Likely
from bluelamp.resolution.model import Model
from bluelamp.resolution.standing import Standing
from bluelamp.resolution.train import train
from tests.factory import SECRET, loaded, store
from tests.northgate import northgate as small_town
from tests.pipeline.standing import refusal, shown
from tests.pipeline.test_likely import force, groups, pairs, rows, written
from tests.resolution.people import COMPARISONS, population
from tests.resolution.test_standing import facts

NAMES = tuple(each.name for each in COMPARISONS)
NONE = np.empty(0, np.int64)

#: sources of the made-up force that say little of people, or of which a small one has too many broken rows
LEFT_OUT = ("anpr", "calls", "incidents", "intelligence", "stops")


@pytest.fixture(scope="module", autouse=True)
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where the Spark of this machine answers as a Spark Connect server too, while it runs. Java is told to start fast."""
    folder = tmp_path_factory.mktemp("spark")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    (folder / "spark-defaults.conf").write_text(
        "spark.plugins org.apache.spark.sql.connect.SparkConnectPlugin\n"
        "spark.connect.grpc.binding.address 127.0.0.1\n"
        f"spark.connect.grpc.binding.port {port}\n"
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPARK_CONF_DIR", str(folder))
        environment.setenv("PYSPARK_PYTHON", sys.executable)
        environment.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield port


def engine(folder: Path, address: str = "") -> None:
    """Declare Spark."""
    with (folder / "bluelamp.toml").open("a") as file:
        file.write(f'\n[engine]\nname = "spark"\nspark = "{address}"\nthreads = 1\n')


def told(folder: Path, leave_out: tuple[str, ...] = ()) -> list[str]:
    """Run, and what was said meanwhile."""
    said: list[str] = []
    run(loaded(folder), "tester", lambda _step, what, _share: said.append(what), leave_out=leave_out)
    return said


def found(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that a run decided, and what readers see of it."""
    kept = store(folder)
    tables = {"pairs": kept.pairs, "entities": kept.entities, "conflicts": kept.conflicts}
    there = {name: relation for name, each in tables.items() if (relation := each.relation())}
    return shown(folder) | {
        name: duckdb.sql(f"select * from {each} order by all").fetchall() for name, each in there.items()
    }


WEIGHING = "weighing pairs on Spark"


@pytest.fixture(scope="module")
def northgate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small made-up force, published by DuckDB."""
    folder = small_town(tmp_path_factory.mktemp("demo") / "northgate", (10_000, 1, 2))
    (folder / ".bluelamp").mkdir()
    (folder / ".bluelamp" / "numbering.secret").write_text(SECRET)
    assert WEIGHING not in told(folder, LEFT_OUT)
    return folder


def test_a_run_by_spark_finds_for_a_made_up_force_what_one_by_duckdb_finds(northgate: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(northgate, tmp_path / "northgate", ignore=shutil.ignore_patterns(".bluelamp"))
    (folder / ".bluelamp").mkdir()
    shutil.copy(northgate / ".bluelamp" / "numbering.secret", folder / ".bluelamp")
    engine(folder)
    assert WEIGHING in told(folder, LEFT_OUT)
    assert found(folder) == found(northgate)
    assert len(found(folder)["pairs"]) > 500


def hot(model: Model, most: int) -> Model:
    """The model with blocks so small that many are too large."""
    few = tuple(Rule(rule.parts, min(most, rule.most)) for rule in model.rules)
    return Model(model.comparisons, few, model.common, model.chances, model.records, model.bands)


@pytest.fixture(scope="class")
def address(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a Spark Connect server, in one Java with all the others here."""
    with spark.connect("", tmp_path_factory.mktemp("scratch"), threads=1):
        yield f"sc://127.0.0.1:{port}"


@pytest.fixture(scope="class")
def session(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """One for all tests that need none of their own."""
    with spark.connect(address, tmp_path_factory.mktemp("scratch")) as opened:
        yield opened


@pytest.fixture(scope="module")
def model() -> Model:
    """A model of made-up people."""
    return train(population(200)[0], COMPARISONS).model


def equal(session: SparkSession, model: Model, listed: pa.Table) -> int:
    """Both engines find the same pairs of these facts; how many."""
    likely = Likely(model, Standing(model.rules, NAMES))
    likely.arrive(listed, NONE)
    here = likely.pairs(None)
    there = Likely(model, likely.standing, afar=partial(spread.weighed, session)).pairs(None)
    for side in ("left", "right", "weight"):
        assert np.array_equal(getattr(here, side), getattr(there, side))
    return len(here.left)


class TestAtAnAddress:
    """While the server runs no other Spark can run here."""

    def test_deliveries_before_a_run_by_spark_in_it_and_after_it_give_what_all_at_once_give(
        self, address: str, tmp_path: Path
    ) -> None:
        listed = rows()
        whole = force(tmp_path / "whole", listed)
        assert WEIGHING not in told(whole)
        many, few = len(listed) // 2, len(listed) - 20
        folder = force(tmp_path / "force", listed[:many], model=(whole / "models" / "person.json").read_text())
        told(folder)
        engine(folder, address)
        (folder / "people-1.csv").write_text(written(listed[many:few]))
        assert WEIGHING in told(folder), "more than a fifth: all are looked at again"
        (folder / "people-2.csv").write_text(written(listed[few:]))
        assert WEIGHING not in told(folder), "a few: they are held against what they touch"
        assert (groups(folder), pairs(folder)) == (groups(whole), pairs(whole))

    @pytest.mark.parametrize("most", [2, 5, 500])
    def test_hostile_facts_give_equal_pairs(self, session: SparkSession, model: Model, most: int) -> None:
        odd = [None, [], ["", "  "], ["Zoë \u202e\u0000𝔘"], ["a", "a", "b", "c"], ["'; drop table"], ["x" * 9_999]]
        wild = {name: (odd * 9)[at : at + 21] for at, name in enumerate(NAMES)}
        some = pa.table({"record": [*range(-9, 12)], **wild}, schema=facts(1).schema)
        listed = pa.concat_tables([facts(60), some, facts(30, 4)])
        once = np.unique(listed.column("record").to_numpy(), return_index=True)[1]
        assert equal(session, hot(model, most), listed.take(pa.array(once)))

    @pytest.mark.parametrize("records", [0, 1])
    def test_no_record_or_one_gives_no_pair(self, session: SparkSession, model: Model, records: int) -> None:
        assert equal(session, model, facts(1).slice(0, records)) == 0

    def test_the_server_runs_the_modules_that_run_here(self, session: SparkSession) -> None:
        def place(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            yield from (pa.record_batch({"file": [bluelamp.__file__]}) for _ in batches)

        (file,) = session.range(1).mapInArrow(place, "file string").toArrow().column("file").to_pylist()
        assert file.endswith("bluelamp.zip/bluelamp/__init__.py")

    def test_what_fails_there_is_one_sentence(self, address: str, tmp_path: Path) -> None:
        def broken(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for _ in batches:
                raise OSError("the disk is full")
            yield from ()

        with pytest.raises(BlueLampError) as raised, spark.connect(f"{address}/;user_id=me", tmp_path) as opened:
            opened.range(1).mapInArrow(broken, "id long").collect()
        assert str(raised.value) == (
            f"Spark at {address} failed: the disk is full. Mend that and run again, "
            'or write name = "duckdb" under [engine] in bluelamp.toml.'
        )


def test_where_nothing_answers_the_run_says_so_and_changes_nothing(
    northgate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "PATIENCE", 0.2)
    folder = shutil.copytree(northgate, tmp_path / "northgate")
    engine(folder, "sc://127.0.0.1:9")
    model = folder / "models" / "person.json"
    model.write_text(model.read_text() + "\n")
    said = refusal(folder, lambda folder: told(folder, LEFT_OUT))
    assert said.startswith("No Spark Connect server answers at sc://127.0.0.1:9; start it, mend `spark`")


def test_without_spark_the_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(BlueLampError, match=r"not installed here; run `pip install 'bluelamp\[spark\]'`, or write"):
        spark.connect("", tmp_path).__enter__()


JAVAS = {
    "there is none here; install it": None,
    "is Java 11; install it": "echo 'openjdk version \"11.0.2\"' >&2",
    r"did not start on this machine \(no memory left\)": (
        'case "$*" in -version) echo \'openjdk version "21"\' >&2;; *) echo "no memory left." >&2; exit 1;; esac'
    ),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a pipe that Spark forgets to close
@pytest.mark.parametrize("said", JAVAS)
def test_without_a_java_that_can_do_it_the_sentence_says_which(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if JAVAS[said]:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "java").write_text(f"#!/bin/sh\n{JAVAS[said]}\n")
        (tmp_path / "bin" / "java").chmod(0o755)
    # other memory than that of the Java that runs already
    with pytest.raises(BlueLampError, match=said):
        spark.connect("", tmp_path / "scratch", memory="3 GB").__enter__()
