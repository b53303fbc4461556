"""Records of one type in columns: each distinct value once, each record as places in the list of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bluelamp.types.likeness import Likeness

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]

Made = TypeVar("Made")

#: different values of one property that one record is compared by; further ones are left out
WIDTH = 3


@dataclass(frozen=True)
class Column:
    """The values of one property. `codes` has a row for each record and up to WIDTH places; -1: nothing there."""

    #: the distinct values
    texts: npt.NDArray[np.object_]
    codes: Codes
    _prepared: dict[str, tuple[object, Any]] = field(default_factory=dict, repr=False, compare=False)

    def prepared(self, likeness: Likeness) -> Any:
        """What comparing needs of the distinct values; worked out once."""
        return self.kept("likeness", likeness, lambda: likeness.prepare(self.texts))

    def kept(self, what: str, of: object, work_out: Callable[[], Made]) -> Made:
        """What `work_out` makes of the distinct values and `of`; worked out once for the same `of`."""
        held = self._prepared.get(what)
        if held is None or held[0] is not of:
            held = self._prepared[what] = (of, work_out())
        made: Made = held[1]
        return made

    def holders(self) -> Rows:
        """How many records hold each value."""
        held = self.codes[self.codes >= 0]
        return np.bincount(held, minlength=len(self.texts)).astype(np.int64)


@dataclass(frozen=True)
class Frame:
    """Records by number, ascending, with the columns that they are compared by."""

    records: Rows
    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.records)

    def only(self, names: Sequence[str]) -> "Frame":
        """The same records with some of the columns."""
        return Frame(self.records, {name: self.columns[name] for name in names})


def frame(table: pa.Table, names: Sequence[str]) -> Frame:
    """The frame of a table with a column `record` (one row each) and columns of text or of lists of text."""
    table = in_order(table)
    records = table.column("record").to_numpy().astype(np.int64)
    return Frame(records, {name: _column(table.column(name).combine_chunks()) for name in names})


def in_order(table: pa.Table) -> pa.Table:
    """The table by its column `record`, ascending."""
    records = table.column("record").to_numpy()
    return table if bool((records[1:] > records[:-1]).all()) else table.sort_by("record")


def spans(starts: Rows, ends: Rows) -> Rows:
    """All numbers from each start to before its end, one span after the other."""
    sizes = ends - starts
    return np.asarray(np.repeat(starts - (sizes.cumsum() - sizes), sizes) + np.arange(sizes.sum()))


def _column(array: pa.Array) -> Column:
    listed = pa.types.is_list(array.type)
    values, codes = _numbered(array.flatten() if listed else array)
    if not listed:
        return Column(values, codes.reshape(-1, 1))
    return Column(values, _spread(codes, pc.fill_null(pc.list_value_length(array), 0).to_numpy()))


#: fewer values than this are numbered one by one, which takes less than to ask Arrow
_FEW = 200


def _numbered(array: pa.Array) -> tuple[npt.NDArray[np.object_], Codes]:
    """The distinct values, and the place of each among them; -1: nothing there."""
    if len(array) < _FEW:
        places: dict[str | None, int] = {}
        found = [places.setdefault(each, len(places)) if each is not None else -1 for each in array.to_pylist()]
        return np.array(list(places), object), np.array(found, np.int32)
    encoded = pc.dictionary_encode(array)
    values = encoded.dictionary.cast(pa.string()).to_numpy(zero_copy_only=False)
    indices = pc.fill_null(encoded.indices, -1) if encoded.indices.null_count else encoded.indices
    return values, indices.to_numpy()


def _spread(codes: Codes, lengths: Rows) -> Codes:
    """Codes that follow each other, so many for each record, as one row for each record."""
    width = int(min(WIDTH, max(1, lengths.max(initial=1))))
    starts = np.cumsum(lengths) - lengths
    spread = np.full((len(lengths), width), -1, np.int32)
    for place in range(width):
        has = lengths > place
        spread[has, place] = codes[starts[has] + place]
    return spread
