"""Which records of one type are one by what a model says of them: joined, for a person to judge, or apart."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bluelamp.resolution.bands import joined
from bluelamp.resolution.block import together
from bluelamp.resolution.cluster import ALWAYS, Pairs, groups
from bluelamp.resolution.compare import Comparison
from bluelamp.resolution.decided import Obeyed, Verdict
from bluelamp.resolution.frame import Frame, Rows
from bluelamp.resolution.judged import Labels
from bluelamp.resolution.kinship import Numbers
from bluelamp.resolution.model import Model
from bluelamp.resolution.sense import demand_sense
from bluelamp.resolution.standing import Standing, cut
from bluelamp.resolution.train import train
from bluelamp.resolution.weighed import Weighed

_NONE = np.empty(0, np.int64)

#: proposes and weighs the pairs of all records of a type, as `spread.weighed` does, given their facts
Afar: TypeAlias = Callable[[Model, pa.Table], Pairs]


@dataclass
class Likely:
    """The records of one type while it is told which are one. Pairs are of numbers of records, the lesser first.

    `scope` holds the records that are looked at, ascending; None: all of them.
    """

    model: Model
    standing: Standing
    #: names of the comparisons of which two different values contradict each other
    strong: frozenset[str] = frozenset()
    #: where the pairs of everything are found; None: here
    afar: Afar | None = None
    #: pairs that have been weighed here, and pairs that had been before
    _new: list[Pairs] = field(default_factory=list)
    _old: list[Pairs] = field(default_factory=list)

    @classmethod
    def learned(
        cls,
        facts: pa.Table,
        known: Frame,
        comparisons: Sequence[Comparison],
        strong: frozenset[str] = frozenset(),
        judged: Iterable[Obeyed] = (),
    ) -> "Likely":
        """The records of `facts` with a model learned from them, corrected by what people `judged` of their type.

        `known` is the frame of `facts`. Raises Senseless where what was learned cannot be right.
        """
        found = train(known, comparisons, _labels(known, judged))
        demand_sense(found, known)
        names = tuple(each.name for each in comparisons)
        stood = Standing(found.model.rules, names, (cut(facts, known.only(names), together(found.blocks)),))
        left, right = (known.records[each] for each in (found.pairs.left, found.pairs.right))
        worth = _worth(found.model, Pairs(left, right, found.pairs.weight))
        return cls(found.model, stood.weighed(worth), strong)

    def arrive(self, told: pa.Table, gone: Rows) -> Rows:
        """Take in the facts `told` of records that are new or otherwise, and that others are `gone`.

        Returns the other records of which the rules may now propose more pairs, or fewer.
        """
        self.standing, stirred = self.standing.changed(told, gone)
        return stirred

    def ties(self, records: Rows) -> Rows:
        """The records that have a say in what some of `records` are joined to, and they in theirs."""
        fresh = self.standing.fresh
        new = self._arrived(np.intersect1d(records, fresh))
        old = self.standing.about(np.setdiff1d(records, fresh))
        self._old.append(old)
        strong = [
            each[pairs.weight > self.model.bands.tie] for pairs in (new, old) for each in (pairs.left, pairs.right)
        ]
        return np.unique(np.concatenate(strong))

    def _arrived(self, records: Rows) -> Pairs:
        """The pairs of records whose pairs had not been weighed."""
        if not len(records):
            return Pairs(_NONE, _NONE, np.empty(0))
        wanted = self.standing.some(records)
        pairs = _worth(self.model, self._weighed(wanted.known, *self.standing.near(wanted)))
        self._new.append(pairs)
        return pairs

    def pairs(self, scope: Rows | None) -> Pairs:
        """The pairs that are joined or for a person to judge, with at least one record in the scope."""
        if scope is None:
            return self._everything()
        found = _once([*self._new, *self._old])
        if len(fresh := self.standing.fresh):
            self._arrived(np.setdiff1d(fresh, scope))
            self.standing = self.standing.weighed(_once(self._new))
        return found

    def _everything(self) -> Pairs:
        if not self.standing.unknown:
            return self.standing.about(None)
        if self.afar and len(facts := self.standing.whole().facts):
            found = self.afar(self.model, facts)
        else:
            known, (left, right) = self.standing.everything(), self.standing.proposed()
            places, weight = self.model.sift(known, left, right, self.model.bands.least)
            found = Pairs(known.records[left[places]], known.records[right[places]], weight)
        found = _worth(self.model, found)
        self.standing = self.standing.unweighed().weighed(found)
        return found

    def clusters(self, scope: Rows | None, pairs: Pairs, same: Pairs) -> tuple[Rows, Rows]:
        """The records of the scope, and for each the least record of its cluster.

        `same` are pairs that are surely one, or surely not: their weight is at least ALWAYS or at most its negative.
        What they join stays together, whatever is said of it.
        """
        frame = self.standing.everything() if scope is None else self.standing.frame(scope)
        inside = [_rows(frame, each) for each in (pairs, same)]
        sure = inside[1].weight > 0
        one = groups(len(frame), inside[1].left[sure], inside[1].right[sure])
        inside[0].weight[self._apart(frame, inside[0].left, inside[0].right, one)] = -ALWAYS
        tied = Pairs(*(np.concatenate([getattr(each, of) for each in inside]) for of in ("left", "right", "weight")))
        found = joined(
            len(frame), tied, lambda left, right: self._barred(frame, left, right, one), self.model.bands.shift
        )
        return frame.records, frame.records[found]

    def odds(self, left: Rows, right: Rows) -> Numbers:
        """The weight of pairs of records that stand."""
        return self._weighed(self.standing.frame(np.union1d(left, right)), left, right).weight

    def _weighed(self, known: Frame, left: Rows, right: Rows) -> Pairs:
        """The weight of pairs; of those not in the frame `known`, the facts are looked up."""
        beyond = np.setdiff1d(np.concatenate([left, right]), known.records)
        frame = self.standing.frame(np.union1d(known.records, beyond)) if len(beyond) else known
        weight = self.model.weigh(frame, np.searchsorted(frame.records, left), np.searchsorted(frame.records, right))
        return Pairs(left, right, weight)

    def _barred(self, frame: Frame, left: Rows, right: Rows, one: Rows) -> Numbers:
        """The weight of pairs of rows, where a contradiction weighs more than all else, except within one group."""
        weight = self.model.weigh(frame, left, right)
        weight[self._apart(frame, left, right, one)] = -ALWAYS
        return weight

    def _apart(self, frame: Frame, left: Rows, right: Rows, one: Rows) -> npt.NDArray[np.bool_]:
        """Whether the two have different values of a key, and none in common; not where they are of `one` group."""
        apart = np.zeros(len(left), bool)
        for name in self.strong & frame.columns.keys():
            codes = frame.columns[name].codes
            both = np.flatnonzero((codes[left, 0] >= 0) & (codes[right, 0] >= 0))
            mine, theirs = codes[left[both]], codes[right[both]]
            shared = ((mine[:, :, None] == theirs[:, None, :]) & (mine[:, :, None] >= 0)).any(axis=(1, 2))
            apart[both[~shared]] = True
        apart[one[left] == one[right]] = False
        return apart


def _labels(frame: Frame, judged: Iterable[Obeyed]) -> Labels:
    """What was judged of records that are in the frame, by its rows."""
    said = [(each.record, each.other, each.verdict == Verdict.SAME) for each in judged]
    left, right, same = np.array(said, np.int64).reshape(-1, 3).T
    there = np.isin(left, frame.records) & np.isin(right, frame.records)
    one, other = (np.searchsorted(frame.records, each[there]) for each in (left, right))
    return Labels(one, other, same[there].astype(bool))


def _rows(frame: Frame, pairs: Pairs) -> Pairs:
    """Those pairs of which the frame has both records, as its rows."""
    left, right = (
        np.minimum(np.searchsorted(frame.records, each), max(0, len(frame) - 1)) for each in (pairs.left, pairs.right)
    )
    if not len(frame):
        return Pairs(_NONE, _NONE, np.empty(0))
    both = (frame.records[left] == pairs.left) & (frame.records[right] == pairs.right)
    return Pairs(left[both], right[both], pairs.weight[both])


def _worth(model: Model, found: Pairs) -> Pairs:
    """The pairs that are joined or for a person to judge."""
    worth = found.weight >= model.bands.least
    return found if worth.all() else Pairs(found.left[worth], found.right[worth], found.weight[worth])


def _once(found: Iterable[Pairs]) -> Pairs:
    listed = [Pairs(_NONE, _NONE, np.empty(0)), *found]
    held = Weighed.of(
        Pairs(*(np.concatenate([getattr(each, of) for each in listed]) for of in ("left", "right", "weight")))
    )
    return Pairs(held.left, held.right, held.weight)
