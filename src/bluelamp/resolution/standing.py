"""The records of one type as they stand, found by number and by block: what arrivals are held against.

It is kept in a few segments that never change (a log-structured merge: O'Neil et al. 1996): a run writes what is new
as a segment of its own, beside links to those of the build before, and says which of their rows stand no more. So an
arrival costs what it touches, not what is there. Files are mapped into memory, not read. A segment keeps what the pairs
of its records weigh, so that only those of an arrival are weighed.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bluelamp.resolution.block import Blocks, Keys, Rule, Sorted, merged, rule_of, together
from bluelamp.resolution.cluster import Pairs
from bluelamp.resolution.frame import Frame, Rows, frame, in_order
from bluelamp.resolution.weighed import NO_PAIRS, Weighed, opened

#: small segments beside the first; more are put together into one
MOST_SMALL = 4
#: which share of the first segment the others, or its rows that stand no more, may be before all are put together
ANEW = 0.25

#: goes up when what is written here changes its meaning
VERSION = 3

_NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class Segment:
    """Records with their facts and the blocks that they stand in, rule by rule."""

    #: a column `record`, ascending, and the facts by which records are compared
    facts: pa.Table
    #: of places in `facts`, by the keys of all rules
    blocks: Sorted
    #: records that stand here no more: gone, or told anew by a later segment; ascending
    gone: Rows = field(default_factory=lambda: _NONE)
    #: the pairs of its records with each other and with those of earlier segments that weigh enough to be told; None:
    #: they have not been weighed
    pairs: Weighed | None = None
    #: where `facts` and `blocks` were opened from
    files: tuple[Path, Path] | None = None

    @cached_property
    def records(self) -> Rows:
        """Which records it has facts of, ascending."""
        column = self.facts.column("record")
        # to put chunks together copies them, where there is but one too
        return np.asarray((column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()).to_numpy())

    @cached_property
    def known(self) -> Frame:
        """Its facts as they are compared."""
        return frame(self.facts, self.facts.column_names[1:])

    def otherwise(self, **changes: Any) -> "Segment":
        """The same records and facts, so what was worked out of these is kept."""
        made = replace(self, **changes)
        made.__dict__.update({name: self.__dict__[name] for name in ("records", "known") if name in self.__dict__})
        return made

    def places(self, records: Rows) -> Rows:
        """The places of those of `records` that stand here."""
        wanted = records[~_among(records, self.gone)]
        at = np.minimum(np.searchsorted(self.records, wanted), max(0, len(self.records) - 1))
        return np.asarray(at[self.records[at] == wanted] if len(self.records) else _NONE)

    def find(self, keys: Keys) -> tuple[Rows, Rows]:
        """The records that stand in the blocks of these keys: the place of the key, and the record."""
        at, rows = self.blocks.find(keys)
        records = self.records[rows]
        alive = ~_among(records, self.gone)
        return at[alive], records[alive]


def segment(rules: Sequence[Rule], told: pa.Table, names: Sequence[str]) -> Segment:
    """A segment of facts: a column `record`, and `names`."""
    told = in_order(told)
    known = frame(told, names)
    return cut(told, known, Blocks(known).all(rules))


def cut(told: pa.Table, known: Frame, blocks: Sorted) -> Segment:
    """A segment of facts of which the frame, and the blocks of all rules, are worked out already."""
    made = Segment(in_order(told.select(["record", *known.columns])).combine_chunks(), blocks)
    made.__dict__["known"] = known
    return made


def merge(rules: Sequence[Rule], listed: Sequence[Segment]) -> Segment:
    """What stands in several segments, as one."""
    alive = np.concatenate([~_among(each.records, each.gone) for each in listed])
    records = np.concatenate([each.records for each in listed])
    order = np.argsort(records[alive], kind="stable")
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    place = np.full(len(alive), -1, np.int64)
    place[alive] = places
    begins = np.cumsum([0, *(len(each.records) for each in listed)])
    blocks = []
    for rule in range(len(rules)):
        mine = [each.blocks.of_rule(rule) for each in listed]
        keys = np.concatenate([keys for _, keys in mine])
        rows = place[np.concatenate([rows + begin for (rows, _), begin in zip(mine, begins, strict=False)])]
        blocks.append(Sorted.of(rows[rows >= 0], keys[rows >= 0]))
    facts = pa.concat_tables(each.facts for each in listed).filter(pa.array(alive)).take(pa.array(order))
    return Segment(facts.combine_chunks(), together(blocks))


@dataclass(frozen=True)
class Standing:
    """All records of a type that stand, each in one segment, with the facts `names`."""

    rules: tuple[Rule, ...]
    names: tuple[str, ...]
    segments: tuple[Segment, ...] = ()

    def changed(self, told: pa.Table, gone: Rows) -> "tuple[Standing, Rows]":
        """With `told` (facts) in place of what it had of these records, and without those that are `gone`.

        Also gives the records of blocks that have become too large to propose pairs, or are so no more: they are told
        anew as well, since what their pairs weigh is to be found anew.
        """
        new = segment(self.rules, told, self.names)
        lost = np.union1d(new.records, gone)
        now = self._with(new, lost)
        stirred = self._stirred(now, new, lost)
        again = now._facts(np.setdiff1d(stirred, lost)) if len(stirred) else told[:0]  # noqa: SLF001 (its own kind)
        if len(again):
            both = pa.concat_tables(
                [each.select(["record", *self.names]) for each in (told, again)], promote_options="permissive"
            )
            now = self._with(segment(self.rules, both, self.names), np.union1d(lost, stirred))
        return now, stirred

    def _with(self, new: Segment, lost: Rows) -> "Standing":
        left = (each.otherwise(gone=np.union1d(each.gone, each.records[each.places(lost)])) for each in self.segments)
        return replace(self, segments=(*left, new))

    def _stirred(self, now: "Standing", new: Segment, lost: Rows) -> Rows:
        if not self.segments:
            return _NONE
        keys = new.blocks.keys
        if len(stood := self._facts(lost)):
            keys = _united(segment(self.rules, stood, self.names).blocks.keys, keys)
        # most blocks are far from too large, before and after
        keys = keys[sum(each.blocks.held(keys) for each in now.segments) > self.most(keys)]
        blocks = self.find(keys), now.find(keys)
        was, is_ = (np.bincount(key, minlength=len(keys)) > self.most(keys) for key, _ in blocks)
        return np.unique(np.concatenate([records[(was != is_)[key]] for key, records in blocks]))

    def most(self, keys: Keys) -> Rows:
        """How many records the blocks of these keys may hold, so that they propose pairs."""
        return np.array([rule.most for rule in self.rules], np.int64)[rule_of(keys)]

    def frame(self, records: Rows) -> Frame:
        """Those of `records` (each once) that stand, with their facts."""
        return frame(self._facts(records), self.names)

    def _facts(self, records: Rows) -> pa.Table:
        told = [each.facts.take(places) for each in self.segments if len(places := each.places(records))]
        return pa.concat_tables(told) if told else _nothing(self.names)

    @property
    def fresh(self) -> Rows:
        """The records whose pairs have not been weighed, ascending."""
        listed = [each.records for each in self.segments if each.pairs is None]
        return listed[0] if len(listed) == 1 else np.unique(np.concatenate([_NONE, *listed]))

    @property
    def unknown(self) -> bool:
        """Whether some pairs have not been weighed."""
        return not self.segments or any(each.pairs is None for each in self.segments)

    def about(self, records: Rows | None) -> Pairs:
        """The pairs that stand and have been weighed; with `records` (ascending) those with one of these, and twice
        those with two.
        """
        found = [(_NONE, _NONE, np.empty(0))]
        for number, each in enumerate(self.segments):
            if each.pairs:
                some = each.pairs if records is None else each.pairs.about(records)
                stands = self._stand(some.left, number) & self._stand(some.right, number)
                found.append((some.left[stands], some.right[stands], some.weight[stands]))
        return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _stand(self, records: Rows, last: int) -> npt.NDArray[np.bool_]:
        """Which of some records stand in one of the segments up to that with the number `last`."""
        stand = np.zeros(len(records), bool)
        for each in self.segments[: last + 1]:
            stand |= _among(records, each.records) & ~_among(records, each.gone)
        return stand

    def weighed(self, pairs: Pairs) -> "Standing":
        """With all pairs of the records of which they had not been weighed."""
        open_ = [at for at, each in enumerate(self.segments) if each.pairs is None]
        segments = list(self.segments)
        for at in open_:
            segments[at] = segments[at].otherwise(pairs=Weighed.of(pairs) if at == open_[-1] else NO_PAIRS)
        return replace(self, segments=tuple(segments))

    def unweighed(self) -> "Standing":
        """Without what any pairs weigh."""
        return replace(self, segments=tuple(each.otherwise(pairs=None) for each in self.segments))

    def everything(self) -> Frame:
        """All records that stand."""
        return self.whole().known

    def find(self, keys: Keys) -> tuple[Rows, Rows]:
        """The records that stand in the blocks of these keys: the place of the key, and the record."""
        found = [(_NONE, _NONE), *(each.find(keys) for each in self.segments)]
        return np.concatenate([at for at, _ in found]), np.concatenate([records for _, records in found])

    def near(self, wanted: Segment) -> tuple[Rows, Rows]:
        """The pairs that the rules propose for some records: two numbers, the lesser first, each once."""
        keys = wanted.blocks.keys
        at, records = self.find(keys)
        few = np.bincount(at, minlength=len(keys))[at] <= self.most(keys)[at]
        asked, rows = wanted.blocks.find(keys[at[few]])
        return distinct(wanted.records[rows], records[few][asked])

    def some(self, records: Rows) -> Segment:
        """Those of `records` (each once) that stand, with their facts and blocks."""
        if self.segments and np.array_equal(self.segments[-1].records, records):
            return self.segments[-1]
        return segment(self.rules, self._facts(records), self.names)

    def proposed(self) -> tuple[Rows, Rows]:
        """All pairs that the rules propose, each once, as rows of `everything`, the lesser first."""
        blocks = self.whole().blocks
        return merged([blocks.pairs(self.most(blocks.keys))])

    def whole(self) -> Segment:
        """All that stands, as one segment."""
        first, *others = self.segments
        return self._merged(0) if others or len(first.gone) else first

    def _merged(self, start: int) -> Segment:
        """The segments from one on as one."""
        some = self.segments[start:]
        made = merge(self.rules, some)
        if any(each.pairs is None for each in some):
            return made
        before = [each.otherwise(pairs=None) for each in self.segments[:start]]
        return replace(made, pairs=Weighed.of(replace(self, segments=(*before, *some)).about(None)))

    def tidy(self) -> "Standing":
        """The same in fewer segments where there are too many, or too much in the first that stands no more."""
        if len(self.segments) <= 1:
            return self
        first, *others = self.segments
        if max(sum(len(each.records) for each in others), len(first.gone)) > ANEW * len(first.records):
            return replace(self, segments=(self.whole(),))
        return replace(self, segments=(first, self._merged(1))) if len(others) > MOST_SMALL else self

    def write(self, folder: Path) -> None:
        """Keep it in a new folder. Files that a segment was opened from are linked, not written again."""
        folder.mkdir(parents=True)
        for at, each in enumerate(self.segments):
            _write(each, *_files(folder, at))
            np.save(folder / f"{at}.gone.npy", each.gone)
            if each.pairs is not None:
                _keep(each.pairs, _pairs(folder, at))
        sizes = [
            [len(each.blocks.keys), len(each.blocks.rows), None if each.pairs is None else len(each.pairs)]
            for each in self.segments
        ]
        said = {"version": VERSION, "names": self.names, "rules": len(self.rules), "segments": sizes}
        (folder / "standing.json").write_text(json.dumps(said), "utf-8")


def read(folder: Path, rules: Sequence[Rule], names: Sequence[str]) -> Standing:
    """What was kept in a folder. Raises OSError or ValueError where it is damaged, or of other rules or facts."""
    said = json.loads((folder / "standing.json").read_text("utf-8"))
    if (said.get("version"), said["names"], said["rules"]) != (VERSION, list(names), len(rules)):
        raise ValueError(f"{folder} is of other rules or facts, or another version of Blue Lamp wrote it")
    segments = []
    for at, (keys, rows, count) in enumerate(said["segments"]):
        files = _files(folder, at)
        facts = pa.ipc.open_file(pa.memory_map(str(files[0]))).read_all()
        packed = np.asarray(np.load(files[1], mmap_mode="r"))
        if len(packed) != 3 * keys + rows:
            raise ValueError(f"{files[1]} is damaged")
        key, start, size, row = np.split(packed, [keys, 2 * keys, 3 * keys])
        blocks = Sorted(row, key.view(np.uint64), start, size)
        pairs = None if count is None else opened(_pairs(folder, at), count)
        segments.append(Segment(facts, blocks, np.load(folder / f"{at}.gone.npy"), pairs, files))
    return Standing(tuple(rules), tuple(names), tuple(segments))


def distinct(ones: Rows, others: Rows) -> tuple[Rows, Rows]:
    """Each pair of two numbers once, the lesser first, in order; none of a number with itself."""
    low, high = np.minimum(ones, others), np.maximum(ones, others)
    order = np.lexsort((high, low))
    low, high = low[order], high[order]
    new = np.ones(len(low), bool)
    new[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    new &= low != high
    return low[new], high[new]


def _among(records: Rows, some: Rows) -> npt.NDArray[np.bool_]:
    """Which of `records` are among `some`, which ascend."""
    if not len(some):
        return np.zeros(len(records), bool)
    return np.asarray(some[np.minimum(np.searchsorted(some, records), len(some) - 1)] == records)


def _united(ones: Keys, others: Keys) -> Keys:
    """What stands in either, once, in order; quicker than `np.union1d`, which sorts after it has hashed."""
    both = np.sort(np.concatenate([ones, others]))
    new = np.ones(len(both), bool)
    new[1:] = both[1:] != both[:-1]
    return both[new]


def _nothing(names: Sequence[str]) -> pa.Table:
    return pa.table({"record": pa.array([], pa.int64()), **{name: pa.array([], pa.string()) for name in names}})


def _files(folder: Path, at: int) -> tuple[Path, Path]:
    return folder / f"{at}.arrow", folder / f"{at}.npy"


def _pairs(folder: Path, at: int) -> Path:
    return folder / f"{at}.pairs.npy"


def _keep(pairs: Weighed, path: Path) -> None:
    if pairs.file:
        _link(pairs.file, path)
    else:
        pairs.write(path)


def _write(segment: Segment, facts: Path, blocks: Path) -> None:
    if segment.files:
        for old, new in zip(segment.files, (facts, blocks), strict=True):
            _link(old, new)
        return
    with pa.OSFile(str(facts), "wb") as sink, pa.ipc.new_file(sink, segment.facts.schema) as writer:
        writer.write_table(segment.facts)
    held = segment.blocks
    np.save(blocks, np.concatenate([held.keys.view(np.int64), held.starts, held.sizes, held.rows]))


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:  # a file system without hard links
        shutil.copyfile(old, new)
