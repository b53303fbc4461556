"""What the two engines cost: start-up, time and memory of a whole run of the demo town, and of many records at once.

`python -m benchmarks.engines [FILE]`: FILE is made by any generator with the columns of SETS["synthetic 60k"]; then its
records are held against each other, from facts to clusters, by a model learned from a part of them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import psutil

from benchmarks.arrivals import LABELLED, NAMES, NOTHING
from bluelamp.connectors import OPTIONS
from bluelamp.demo import generate
from bluelamp.lake import spark
from bluelamp.pipeline.run import run
from bluelamp.resolution import model as models
from bluelamp.resolution import spread
from bluelamp.resolution.frame import frame
from bluelamp.resolution.likely import Likely
from bluelamp.resolution.standing import Standing
from bluelamp.resolution.train import train
from bluelamp.workspace import load

ENGINES = ("duckdb", "spark")
#: records of a file that a model is learned from
TAUGHT = 100_000


@dataclass
class Watched:
    """What a process and all that it started have used so far: seconds, processor seconds, and bytes at most."""

    began: float = field(default_factory=time.monotonic)
    seconds: float = 0
    processor: dict[int, float] = field(default_factory=dict)
    python: int = 0
    java: int = 0

    def look(self, process: psutil.Process) -> None:
        """Take note of what stands now."""
        held = {True: 0, False: 0}
        for each in [process, *process.children(recursive=True)]:
            try:
                used = each.cpu_times()
                self.processor[each.pid] = used.user + used.system
                held[each.name() == "java"] += each.memory_info().rss
            except psutil.Error:
                continue
        self.java, self.python = max(self.java, held[True]), max(self.python, held[False])
        self.seconds = time.monotonic() - self.began

    def __str__(self) -> str:
        memory = f"{self.python / 2**30:.2f} GiB" + (f" and Java {self.java / 2**30:.2f} GiB" if self.java else "")
        return f"{self.seconds:.0f} s | {sum(self.processor.values()):.0f} CPU s | {memory}"


def watched(engine: str, *given: str) -> Watched:
    """What one of the steps below uses, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.engines", *given]
    seen = Watched()
    with subprocess.Popen(command, env=os.environ | {"BLUELAMP_ENGINE_NAME": engine}) as started:
        while started.poll() is None:
            seen.look(psutil.Process(started.pid))
            time.sleep(0.2)
    if started.returncode:
        raise SystemExit(started.returncode)
    return seen


def start(folder: str) -> None:
    """Nothing but the start of Spark, and the first row through Python."""
    with spark.connect("", Path(folder)) as session:
        session.range(1).mapInArrow(lambda batches: batches, "id long").toArrow()


def town(folder: str) -> None:
    """A whole run."""
    run(load(Path(folder), OPTIONS), "benchmark", lambda *_: None)


def records(file: str, model: str) -> None:
    """From facts to clusters."""
    table = duckdb.sql(
        f"select row_number() over () as record, * from ({LABELLED.sql.format(file=repr(file))})"
    ).to_arrow_table()
    known = models.load(Path(model), "Person", LABELLED.comparisons)
    likely = Likely(known, Standing(known.rules, tuple(NAMES)))
    likely.arrive(table.select(["record", *NAMES]), np.empty(0, np.int64))
    if os.environ["BLUELAMP_ENGINE_NAME"] == "spark":
        with tempfile.TemporaryDirectory() as scratch, spark.connect("", Path(scratch)) as session:
            likely.afar = partial(spread.weighed, session)
            pairs = likely.pairs(None)
    else:
        pairs = likely.pairs(None)
    likely.clusters(None, pairs, NOTHING)


def main(file: str | None) -> None:
    """Print the table."""
    print("| engine, what | time | processor | memory at most |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as made:
        print(f"| Spark, start | {watched('spark', 'start', made)} |", flush=True)
        first = Path(made) / "town"
        generate("town", first)
        town(str(first))
        shutil.rmtree(first / ".bluelamp")
        for engine in ENGINES:
            folder = shutil.copytree(first, Path(made) / engine)
            print(f"| {engine}, whole run of the demo town | {watched(engine, 'town', str(folder))} |", flush=True)
        if file:
            rows = (
                f"select row_number() over () as record, * from ({LABELLED.sql.format(file=repr(file))}) limit {TAUGHT}"
            )
            known = frame(duckdb.sql(rows).to_arrow_table(), NAMES)
            models.save(train(known, LABELLED.comparisons).model, "Person", Path(made) / "model.json")
            for engine in ENGINES:
                used = watched(engine, "records", file, str(Path(made) / "model.json"))
                print(f"| {engine}, {Path(file).name}, from facts to clusters | {used} |", flush=True)


STEPS = {"start": start, "town": town, "records": records}

if __name__ == "__main__":
    step = STEPS.get(sys.argv[1]) if len(sys.argv) > 1 else None
    step(*sys.argv[2:]) if step else main(sys.argv[1] if len(sys.argv) > 1 else None)
