"""The pairs of all records of a type, proposed and weighed by Spark: what `Likely` does here, on many machines.

Spark carries rows to where they are needed; what is made of them there is made by the functions of `block`, `frame` and
`model` themselves. So both engines give equal pairs because there is one program, not because two agree.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bluelamp.resolution.block import Blocks, Rule, Sorted
from bluelamp.resolution.cluster import Pairs
from bluelamp.resolution.frame import Frame, Rows, frame
from bluelamp.resolution.model import Model

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: about how many records' keys of one rule are cut into pairs at a time
AT_ONCE = 100_000

_NONE = np.empty(0, np.int64)
_KEYS, _PAIRS, _WEIGHED = "part long, key long, record long", "record long, other long", "weight double"


def weighed(session: "SparkSession", model: Model, facts: pa.Table) -> Pairs:
    """The pairs that the model's rules propose of `facts` (a column `record`, and what records are compared by), by the
    numbers of their records, the lesser first, in order: those that are joined or for a person to judge.
    """
    names = facts.column_names[1:]
    # names may hold dots, which mean something else to Spark
    ones, others = ([f"{side}{at}" for at in range(len(names))] for side in ("one", "other"))
    told = session.createDataFrame(facts.rename_columns(["record", *ones]))
    parts = 1 + len(facts) // AT_ONCE

    def keys(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return (_keys(_framed(pa.Table.from_batches([each]), names), model.rules, parts) for each in batches)

    def pairs(block: pa.Table) -> pa.Table:
        return _pairs(block, model.rules, parts)

    def weights(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return (_weighed(each, model, names) for each in batches)

    found = (
        told.mapInArrow(keys, _KEYS)
        .groupBy("part")
        .applyInArrow(pairs, _PAIRS)
        .distinct()
        .join(told, "record")
        .join(told.toDF("other", *others), "other")
        .mapInArrow(weights, f"{_PAIRS}, {_WEIGHED}")
        .toArrow()
        .sort_by([("record", "ascending"), ("other", "ascending")])
    )
    return Pairs(*(found.column(name).to_numpy() for name in ("record", "other", "weight")))


def _framed(table: pa.Table, names: Sequence[str]) -> Frame:
    return frame(table.rename_columns(["record", *names]), names)


def _keys(known: Frame, rules: Sequence[Rule], parts: int) -> pa.RecordBatch:
    """The blocks that each record stands in. All records of one block come to one part, which is of one rule."""
    blocks = Blocks(known)
    cut = [blocks.keys(rule) for rule in rules]
    # by their upper half: the last bits of a key are always the same
    part = [at * parts + (keys >> np.uint64(32)).astype(np.int64) % parts for at, (_, keys) in enumerate(cut)]
    columns = {
        "part": part,
        "key": [keys.view(np.int64) for _, keys in cut],
        "record": [known.records[rows] for rows, _ in cut],
    }
    return pa.record_batch({name: _joined(each) for name, each in columns.items()})


def _pairs(part: pa.Table, rules: Sequence[Rule], parts: int) -> pa.Table:
    """The pairs that the blocks of one part propose; none of what is too large a block for its rule."""
    rule = rules[part.column("part")[0].as_py() // parts]
    records, rows = np.unique(part.column("record").to_numpy(), return_inverse=True)
    found = Sorted.of(rows, part.column("key").to_numpy().view(np.uint64)).pairs(rule.most)
    return pa.table({"record": records[found >> 32], "other": records[found & 0xFFFFFFFF]})


def _weighed(batch: pa.RecordBatch, model: Model, names: Sequence[str]) -> pa.RecordBatch:
    """Those of some pairs, which stand beside the facts of both their records, that weigh enough."""
    left, right = (batch.column(name).to_numpy() for name in ("record", "other"))
    sides = [
        pa.table([batch.column(of), *(batch.column(f"{side}{at}") for at in range(len(names)))], ["record", *names])
        for of, side in (("record", "one"), ("other", "other"))
    ]
    both = pa.concat_tables(sides)
    records, first = np.unique(both.column("record").to_numpy(), return_index=True)
    known = _framed(both.take(pa.array(first)), names)
    places, weight = model.sift(
        known, np.searchsorted(records, left), np.searchsorted(records, right), model.bands.least
    )
    return pa.record_batch({"record": left[places], "other": right[places], "weight": weight})


def _joined(arrays: Iterable[Rows]) -> Rows:
    return np.concatenate([_NONE, *arrays])
