"""Killed at any moment, the next run starts at the last published build and ends where an unhurt one does."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bluelamp.lake.store import Store
from bluelamp.pipeline import build as builds
from tests.factory import CUSTODY, CUSTODY_FILE, built, loaded, rows, workspace

ROOT = Path(__file__).parents[2]

#: forks one child a moment: the parent imports everything once and touches no engine itself
KILLER = """
import os, signal, sys
from pathlib import Path
from tests.factory import loaded
from bluelamp.lake import dataset
from bluelamp.pipeline.run import run

folder, moment = Path(sys.argv[1]), int(sys.argv[2])
count = 0

def reached(*_):
    global count
    count += 1
    if count == moment:
        os.kill(os.getpid(), signal.SIGKILL)

def around(act):
    def acted(*args, **kwargs):
        reached()
        result = act(*args, **kwargs)
        reached()
        return result
    return acted

dataset.write_deltalake = around(dataset.write_deltalake)
for name in ("replace", "rename"):
    setattr(Path, name, around(getattr(Path, name)))
run(loaded(folder), "tester", reached)
print("moments", count)
"""


def killed(folder: Path, moment: int) -> subprocess.CompletedProcess[str]:
    """Run the workspace in a process that is killed at its `moment`-th step."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    return subprocess.run(
        [sys.executable, "-c", KILLER, str(folder), str(moment)],
        env=environment, capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip


def prepared(folder: Path) -> Path:
    """A published workspace with a second delivery waiting."""
    built(workspace(folder, {"custody": CUSTODY}, {"custody-1.csv": CUSTODY_FILE}))
    header = CUSTODY_FILE.splitlines()[0]
    lines = CUSTODY_FILE.replace("Smith", "Jones").splitlines()[1:]
    (folder / "custody-2.csv").write_text("\n".join([header, *lines]) + "\n")
    return folder


TABLES = ("record_person", "record_custody", "link", "object")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, list[tuple[object, ...]]]]:
    """How many moments a run has, and what it ends with when nobody kills it."""
    folder = prepared(tmp_path_factory.mktemp("unhurt"))
    done = killed(folder, 0)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1]), {table: rows(folder, table) for table in TABLES}


def test_a_run_that_is_killed_anywhere_loses_nothing_and_shows_nothing_half_done(
    tmp_path: Path, expected: tuple[int, dict[str, list[tuple[object, ...]]]]
) -> None:
    moments, ended = expected
    folder = prepared(tmp_path)
    before = {table: rows(folder, table) for table in TABLES}
    # each kill is followed by the next on the same folder, so that what one leaves is found by the next
    kills = 0
    for moment in range(1, moments, max(1, moments // 10)):
        ending = killed(folder, moment).returncode
        assert ending in (-signal.SIGKILL, 0)
        kills += ending == -signal.SIGKILL
        now = builds.current(Store(loaded(folder).store))
        assert now is not None
        seen = {table: rows(folder, table) for table in TABLES}
        assert seen == (before if now.number == 1 else ended), f"killed at moment {moment} of {moments}"
    assert kills > 5
    outcome = built(folder)
    assert outcome.build.sources["custody"].read == 6
    assert {table: rows(folder, table) for table in TABLES} == ended
