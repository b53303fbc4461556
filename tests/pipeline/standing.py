"""A published workspace that stands while something goes wrong: what readers see of it, and what a run says."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from bluelamp.errors import BlueLampError
from bluelamp.lake.sql import literal
from bluelamp.pipeline import build as builds
from bluelamp.pipeline.build import Build
from tests.factory import CUSTODY, CUSTODY_FILE, built, store

ROOT = Path(__file__).parents[2]
TABLES = ("record_person", "record_custody", "link", "object", "access")

HEADER = CUSTODY_FILE.splitlines()[0]
ROW = "C9,N9,Zoë,Smith,,,,2026-01-01,Lambeth\n"

#: declarations of custody that differ in one point
UTF8 = CUSTODY.replace("mode: append}", "mode: append, options: {encoding: utf-8}}")
SHORT = CUSTODY.replace("mode: append}", "mode: append, options: {max_line: 1000}}")
PARQUET = CUSTODY.replace("connector: csv, path: custody-*.csv", "connector: parquet, path: custody-*.parquet")
REPLACE = CUSTODY.replace("mode: append", "mode: replace")
UPSERT = CUSTODY.replace("mode: append", "mode: upsert")
MARKED = CUSTODY.replace("        key: [Ref]\n", "        key: [Ref]\n        marking: Station\n")

#: what no sentence for a user holds
INSIDES = ("Traceback", "Exception", "Error:", "NoneType", "DeltaTable", "Detail:")


def declare(folder: Path, text: str, source: str = "custody") -> None:
    """Put another declaration in the place of a source's."""
    (folder / "sources" / f"{source}.yaml").write_text(textwrap.dedent(text), "utf-8")


def now(folder: Path) -> Build | None:
    """The published build."""
    return builds.current(store(folder))


def shown(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What readers see: every row of the published index."""
    place = store(folder)
    path = builds.folder(place, builds.pointed(place) or 0) / "objects.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(path))} as built (read_only)")
        return {name: connection.execute(f"select * from built.{name} order by all").fetchall() for name in TABLES}


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Nothing that readers see differs afterwards."""
    build, before = now(folder), shown(folder)
    yield
    assert now(folder) == build
    assert shown(folder) == before


def refusal(folder: Path, act: Callable[[Path], object] = built) -> str:
    """The one sentence that a run gives instead of a build."""
    with unchanged(folder), pytest.raises(BlueLampError) as raised:
        act(folder)
    said = str(raised.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert not [word for word in INSIDES if word in said]
    return said


def process(script: str, folder: Path) -> str:
    """What a script, given the folder, prints in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    command = [sys.executable, "-c", script, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout
