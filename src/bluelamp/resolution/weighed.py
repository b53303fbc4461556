"""Pairs of records with what they weigh, kept so that those of any record are found without a look at the others."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bluelamp.resolution.cluster import Numbers, Pairs
from bluelamp.resolution.frame import Rows, spans

_NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class Weighed:
    """Pairs of numbers of records, the lesser first, each once, in order."""

    left: Rows
    right: Rows
    weight: Numbers
    #: where they were opened from
    file: Path | None = None

    @classmethod
    def of(cls, pairs: Pairs) -> "Weighed":
        """These pairs, of which some may stand twice."""
        left, right, weight = pairs.left, pairs.right, pairs.weight
        rises = (left[1:] > left[:-1]) | ((left[1:] == left[:-1]) & (right[1:] > right[:-1]))
        if not rises.all():
            order = np.lexsort((right, left))
            left, right, weight = left[order], right[order], weight[order]
            new = np.r_[True, (left[1:] != left[:-1]) | (right[1:] != right[:-1])]
            left, right, weight = left[new], right[new], weight[new]
        return cls(left, right, weight)

    def __len__(self) -> int:
        return len(self.left)

    @cached_property
    def turned(self) -> Rows:
        """The places of the pairs in order of the greater record."""
        return np.argsort(self.right, kind="stable")

    def about(self, records: Rows) -> Pairs:
        """Those with one of `records`, which ascend; those with two of them stand twice."""
        first = spans(*(np.searchsorted(self.left, records, side) for side in ("left", "right")))
        second = spans(*(np.searchsorted(self.right, records, side, self.turned) for side in ("left", "right")))
        places = np.concatenate([first, self.turned[second]])
        return Pairs(self.left[places], self.right[places], self.weight[places])

    def write(self, path: Path) -> None:
        """Write them where `opened` finds them."""
        np.save(path, np.concatenate([self.left, self.right, self.weight.view(np.int64), self.turned]))


NO_PAIRS = Weighed(_NONE, _NONE, np.empty(0))


def opened(path: Path, count: int) -> Weighed:
    """The pairs in a file, which is mapped into memory. Raises OSError or ValueError where it is damaged."""
    packed = np.asarray(np.load(path, mmap_mode="r"))
    if len(packed) != 4 * count:
        raise ValueError(f"{path} is damaged")
    left, right, weight, turned = np.split(packed, 4)
    found = Weighed(left, right, weight.view(np.float64), path)
    found.__dict__["turned"] = turned
    return found
