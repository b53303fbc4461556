"""What it costs to tell who is who among many records, and to take a few more in.

`python -m benchmarks.arrivals FILE`: FILE is made by any generator with the columns of SETS["synthetic 60k"].
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.resolution import SETS, memory, processor, scored
from bluelamp.resolution.cluster import Pairs
from bluelamp.resolution.frame import frame
from bluelamp.resolution.likely import Likely
from bluelamp.resolution.standing import Standing, read

LABELLED = SETS["synthetic 60k"]
NAMES = [each.name for each in LABELLED.comparisons]
_NONE = np.empty(0, np.int64)
NOTHING = Pairs(_NONE, _NONE, np.empty(0))

#: records that come at once, and records that come one by one
TOGETHER, ALONE = 1_000, 200


@contextmanager
def told(step: str) -> Iterator[None]:
    """Print what a step took."""
    began = processor()
    yield
    print(f"| {step} | {processor() - began:.2f} CPU s | {memory() / 2**30:.2f} GiB at most |", flush=True)


def taken_in(likely: Likely, some: pa.Table) -> None:
    """One arrival: candidates, weights, clusters of all that it touches."""
    scope, fresh = _NONE, np.union1d(some.column("record").to_numpy(), likely.arrive(some, _NONE))
    while len(fresh):
        scope = np.union1d(scope, fresh)
        fresh = np.setdiff1d(likely.ties(fresh), scope)
    likely.clusters(scope, likely.pairs(scope), NOTHING)


def each(times: int, act: Callable[[int], None]) -> list[float]:
    """The processor milliseconds of each of so many acts."""
    took = []
    for at in range(times):
        began = processor()
        act(at)
        took.append(1000 * (processor() - began))
    return took


def main() -> None:
    """Print the table."""
    connection = duckdb.connect(config={"threads": "2"})
    rows = LABELLED.sql.format(file=f"'{sys.argv[1]}'")
    table = connection.sql(f"select row_number() over () as record, * from ({rows})").to_arrow_table()
    entity = np.unique(table.column("entity").to_numpy(zero_copy_only=False).astype(str), return_inverse=True)[1]
    facts = table.select(["record", *NAMES])
    kept = facts.slice(0, len(facts) - TOGETHER - ALONE)
    print("| step | processor | memory |\n| --- | --- | --- |")
    with told("with training, from facts to clusters"):
        likely = Likely.learned(kept, frame(kept, NAMES), LABELLED.comparisons)
        likely.clusters(None, likely.pairs(None), NOTHING)
    model = likely.model
    del likely
    with told("the same with a saved model, from facts to clusters"):
        likely = Likely(model, Standing(model.rules, tuple(NAMES)))
        likely.arrive(kept, _NONE)
        pairs = likely.pairs(None)
        found = likely.clusters(None, pairs, NOTHING)[1]
    print(
        {
            name: round(value, 4)
            for name, value in scored(entity[: len(kept)], np.unique(found, return_inverse=True)[1]).items()
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        with told("written"):
            likely.standing.write(Path(folder) / "1")
        del likely, pairs, found
        standing = read(Path(folder) / "1", model.rules, NAMES)
        taken_in(Likely(model, standing), facts.slice(len(kept), 1))
        with told(f"{TOGETHER:,} more, to clusters"):
            arrived = Likely(model, standing)
            taken_in(arrived, facts.slice(len(kept), TOGETHER))
        with told("and written"):
            arrived.standing.tidy().write(Path(folder) / "2")
        took = each(ALONE, lambda at: taken_in(Likely(model, standing), facts.slice(len(kept) + TOGETHER + at, 1)))
    print(f"| one more, p50 / p95 | {np.percentile(took, 50):.1f} / {np.percentile(took, 95):.1f} CPU ms | |")


if __name__ == "__main__":
    main()
