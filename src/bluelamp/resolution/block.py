"""Which pairs of records are worth comparing: those that share a block, in each of several ways to cut blocks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bluelamp.resolution.frame import Codes, Column, Frame, Rows
from bluelamp.types import names
from bluelamp.types.likeness import sounds

Keys = npt.NDArray[np.uint64]

#: what of a value makes a block; values are as the frame holds them: small letters, no accents
PARTS: dict[str, Callable[[pa.Array], pa.Array]] = {
    "whole": lambda values: values,
    "letter": lambda values: pc.utf8_slice_codeunits(values, 0, 1),
    "three": lambda values: _begun(values, 3),
    "four": lambda values: _begun(values, 4),
    "year": lambda values: pc.utf8_slice_codeunits(values, 0, 4),
    "month": lambda values: _begun(values, 7),
    "birthday": lambda values: _birthday(values),  # noqa: PLW0108 (it stands below)
    "sector": lambda values: pc.utf8_slice_codeunits(pc.replace_substring(values, " ", ""), 0, -2),
    "sound": lambda values: pa.array([_sound(value) for value in values.to_pylist()], pa.string()),
}


def _begun(values: pa.Array, length: int) -> pa.Array:
    """So many first letters; nothing of a value that has fewer."""
    return pc.if_else(pc.less(pc.utf8_length(values), length), "", pc.utf8_slice_codeunits(values, 0, length))


def _birthday(values: pa.Array) -> pa.Array:
    """Month and day; not the first of January, which stands for many that are not known."""
    days = pc.utf8_slice_codeunits(values, 5, 10)
    whole = pc.and_(pc.equal(pc.utf8_length(values), 10), pc.not_equal(days, "01-01"))
    return pc.if_else(whole, days, "")


def _sound(value: str) -> str:
    return " ".join(sorted(sounds(token)[0] for token in names.tokens(value) if token))


_PRIME = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Rule:
    """One way to cut blocks: the parts of values that two records must share, as (property, part)."""

    parts: tuple[tuple[str, str], ...]
    #: a block with more records than this proposes nothing: its value says too little
    most: int

    def __str__(self) -> str:
        return " + ".join(name if part == "whole" else f"{name} ({part})" for name, part in self.parts)


def stable(texts: list[str]) -> Keys:
    """The same number for the same text on every machine and in every run; 0 for no text."""
    from pandas.util import hash_array  # noqa: PLC0415 (a run with nothing new need not wait for it)

    found = hash_array(np.array(texts, object), categorize=False).astype(np.uint64)
    found[np.array([not text for text in texts], bool)] = 0
    return found


@dataclass
class Blocks:
    """The block keys of one frame; what several rules ask for is worked out once."""

    frame: Frame

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, str], Keys] = {}

    def keys(self, rule: Rule) -> tuple[Rows, Keys]:
        """The rows and keys of the records that have every part of the rule; a row may stand several times."""
        rows, keys = np.arange(len(self.frame), dtype=np.int64), np.zeros(len(self.frame), np.uint64)
        for name, part in rule.parts:
            column = self.frame.columns[name]
            known = self._part(name, part, column)
            rows, keys = _crossed(rows, keys, column.codes, known)
        return rows, keys

    def _part(self, name: str, part: str, column: Column) -> Keys:
        if (name, part) not in self._known:
            parts = pc.dictionary_encode(PARTS[part](pa.array(column.texts, pa.string())))
            self._known[name, part] = stable(parts.dictionary.to_pylist())[parts.indices.to_numpy()]
        return self._known[name, part]


def _crossed(rows: Rows, keys: Keys, codes: Codes, known: Keys) -> tuple[Rows, Keys]:
    """The keys so far with one more part: once for each value that a record has of it."""
    found_rows, found_keys = [], []
    for place in range(codes.shape[1]):
        mine = codes[rows, place]
        held = mine >= 0
        parts = known[mine[held]]
        filled = parts != 0
        found_rows.append(rows[held][filled])
        found_keys.append((keys[held][filled] ^ parts[filled]) * _PRIME + parts[filled])
    return np.concatenate(found_rows), np.concatenate(found_keys)


@dataclass(frozen=True)
class Cut:
    """A rule's blocks that were too large to propose pairs: how many, and how many records stood in them."""

    rule: Rule
    blocks: int
    records: int


def pairs(frame: Frame, rules: Sequence[Rule]) -> tuple[Rows, Rows, list[Cut]]:
    """Every pair of rows that a rule proposes, once, the lesser row first; and what was cut."""
    blocks = Blocks(frame)
    sorted_ = [Sorted.of(*blocks.keys(rule)) for rule in rules]
    left, right = merged(each.pairs(rule.most) for each, rule in zip(sorted_, rules, strict=True))
    return left, right, [each.cut(rule) for each, rule in zip(sorted_, rules, strict=True)]


def merged(proposed: Iterable[Rows]) -> tuple[Rows, Rows]:
    """The pairs of several rules, each once, in order."""
    packed = np.sort(np.concatenate([np.empty(0, np.int64), *proposed]))
    packed = packed[np.r_[True, packed[1:] != packed[:-1]]] if len(packed) else packed
    return packed >> 32, packed & 0xFFFFFFFF


@dataclass(frozen=True)
class Sorted:
    """The rows of one rule in the order of their keys; for each key where its block begins and how large it is."""

    rows: Rows
    keys: Keys
    starts: Rows
    sizes: Rows

    @classmethod
    def of(cls, rows: Rows, keys: Keys) -> "Sorted":
        """The blocks of these rows with these keys."""
        order = np.argsort(keys)
        keys = keys[order]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, np.int64)
        return cls(rows[order], keys[starts], starts, np.diff(np.r_[starts, len(keys)]))

    def cost(self, most: int) -> int:
        """How many pairs blocks of up to `most` rows propose."""
        taken = self.sizes[self.sizes <= most]
        return int((taken * (taken - 1) // 2).sum())

    def share(self, most: int) -> float:
        """Which share of the rows stands in blocks of up to `most` rows."""
        return float(self.sizes[self.sizes <= most].sum() / max(1, len(self.rows)))

    def pairs(self, most: int) -> Rows:
        """The pairs within each block of up to `most` rows, as lesser row << 32 | greater row; some may stand twice."""
        found = [np.empty(0, np.int64)]
        for size in np.unique(self.sizes[(self.sizes > 1) & (self.sizes <= most)]).tolist():
            one, other = np.triu_indices(size, 1)
            begun = self.starts[self.sizes == size][:, None]
            a, b = self.rows[begun + one].ravel(), self.rows[begun + other].ravel()
            packed = np.minimum(a, b) << 32 | np.maximum(a, b)
            found.append(packed[a != b])
        return np.concatenate(found)

    def held(self, keys: Keys) -> Rows:
        """How many rows stand in the block of each of these keys."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.sizes[at], 0)

    def find(self, keys: Keys) -> tuple[Rows, Rows]:
        """All rows in the blocks of these keys: the place of the key among those asked for, and the row."""
        if not len(self.keys):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        asked = np.flatnonzero(self.keys[at] == keys)
        if not len(asked):
            return asked, asked
        starts, sizes = self.starts[at[asked]], self.sizes[at[asked]]
        ends = np.cumsum(sizes)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes, sizes)
        return np.repeat(asked, sizes), np.asarray(self.rows[np.repeat(starts, sizes) + within])

    def cut(self, rule: Rule) -> Cut:
        """What is too large to propose pairs."""
        hot = self.sizes > rule.most
        return Cut(rule, int(hot.sum()), int(self.sizes[hot].sum()))
