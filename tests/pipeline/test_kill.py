"""Killed at any moment, the next run starts at the last published build and ends where an unhurt one does."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bluelamp.pipeline import build as builds
from tests.factory import CUSTODY, CUSTODY_FILE, built, published, rows, store

ROOT = Path(__file__).parents[2]

#: forks one child a moment: the parent imports everything once and touches no engine itself
KILLER = """
import os, signal, sys
from pathlib import Path
from tests.factory import loaded
from bluelamp.lake import dataset
from bluelamp.pipeline.run import run

folder, moment, count = Path(sys.argv[1]), 0, 0

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
for line in sys.stdin:
    moment = int(line)
    child = os.fork()
    if not child:
        run(loaded(folder), "tester", reached)
        print(count, end=" ", flush=True)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def killer(folder: Path) -> Iterator[Callable[[int], list[int]]]:
    """What runs the workspace in a process that is killed at its `moment`-th step, and gives how that process ended.

    Before that comes the number of its moments, where it was not killed.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    with subprocess.Popen(
        [sys.executable, "-c", KILLER, str(folder)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder,
    ) as parent:  # fmt: skip
        assert parent.stdin
        assert parent.stdout

        def killed(moment: int) -> list[int]:
            print(moment, file=parent.stdin, flush=True)
            return [int(word) for word in parent.stdout.readline().split()]  # type: ignore[union-attr]

        yield killed
        parent.stdin.close()


def prepared(folder: Path) -> Path:
    """A published workspace with a second delivery waiting."""
    published(folder, {"custody": CUSTODY}, {"custody-1.csv": CUSTODY_FILE})
    header = CUSTODY_FILE.splitlines()[0]
    lines = CUSTODY_FILE.replace("Smith", "Jones").splitlines()[1:]
    (folder / "custody-2.csv").write_text("\n".join([header, *lines]) + "\n")
    return folder


TABLES = ("record_person", "record_custody", "link", "object")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, list[tuple[object, ...]]]]:
    """How many moments a run has, and what it ends with when nobody kills it."""
    folder = prepared(tmp_path_factory.mktemp("unhurt"))
    with killer(folder) as killed:
        moments, ending = killed(0)
    assert ending == 0
    return moments, {table: rows(folder, table) for table in TABLES}


def test_a_run_that_is_killed_anywhere_loses_nothing_and_shows_nothing_half_done(
    tmp_path: Path, expected: tuple[int, dict[str, list[tuple[object, ...]]]]
) -> None:
    moments, ended = expected
    folder = prepared(tmp_path)
    before = {table: rows(folder, table) for table in TABLES}
    # each kill is followed by the next on the same folder, so that what one leaves is found by the next
    kills = 0
    with killer(folder) as killed:
        for moment in range(1, moments, max(1, moments // 10)):
            ending = killed(moment)[-1]
            assert ending in (-signal.SIGKILL, 0)
            kills += ending == -signal.SIGKILL
            now = builds.current(store(folder))
            assert now is not None
            seen = {table: rows(folder, table) for table in TABLES}
            assert seen == (before if now.number == 1 else ended), f"killed at moment {moment} of {moments}"
    assert kills > 5
    outcome = built(folder)
    assert outcome.build.sources["custody"].read == 6
    assert {table: rows(folder, table) for table in TABLES} == ended
