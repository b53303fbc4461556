"""Which pairs of records are worth comparing: those that share a block, in each of several ways to cut blocks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bluelamp.resolution.frame import Codes, Frame, Rows, spans
from bluelamp.types import names
from bluelamp.types.likeness import Values, sounds

Keys = npt.NDArray[np.uint64]

#: what of a value makes a block, if not the whole; values are as the frame holds them: small letters, no accents
PARTS: dict[str, Callable[[pa.Array], pa.Array]] = {
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
    tokens = names.tokens(value)
    return sounds(tokens[0])[0] if len(tokens) == 1 else " ".join(sorted(sounds(token)[0] for token in tokens))


_PRIME = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Rule:
    """One way to cut blocks: the parts of values that two records must share, as (property, part)."""

    parts: tuple[tuple[str, str], ...]
    #: a block with more records than this proposes nothing: its value says too little
    most: int

    def __str__(self) -> str:
        return " + ".join(name if part == "whole" else f"{name} ({part})" for name, part in self.parts)


def stable(texts: Values) -> Keys:
    """The same number for the same text on every machine and in every run; 0 for no text."""
    from pandas.util import hash_array  # noqa: PLC0415 (a run with nothing new need not wait for it)

    found = hash_array(texts, categorize=False).astype(np.uint64)
    found[texts == ""] = 0
    return found


@dataclass
class Blocks:
    """The block keys of one frame; what several rules ask for is worked out once."""

    frame: Frame

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, str], Keys] = {}

    def keys(self, rule: Rule) -> tuple[Rows, Keys]:
        """The rows and keys of the records that have every part of the rule; a row may stand several times."""
        self._learn((rule,))
        known = [self._known[part] for part in rule.parts]
        places = (self.frame.columns[name].codes.T for name, _ in rule.parts)
        found = [_crossed(known, codes) for codes in product(*places)]
        if len(found) == 1:
            return found[0]
        return np.concatenate([rows for rows, _ in found]), np.concatenate([keys for _, keys in found])

    def all(self, rules: Sequence[Rule]) -> "Sorted":
        """The blocks of all rules in one, by keys that are `numbered`."""
        self._learn(rules)
        if len(self.frame) > _FEW:
            return together(Sorted.of(*self.keys(rule)) for rule in rules)
        found = [self.keys(rule) for rule in rules]
        keys = [_NO_KEYS, *(numbered(keys, at) for at, (_, keys) in enumerate(found))]
        return Sorted.of(np.concatenate([_NO_ROWS, *(rows for rows, _ in found)]), np.concatenate(keys))

    def _learn(self, rules: Iterable[Rule]) -> None:
        """Work out the keys of parts of each distinct value; 0 where there is none, and at the end for no value."""
        asked = list(dict.fromkeys(part for rule in rules for part in rule.parts if part not in self._known))
        if not asked:
            return
        parts = [self._parts(name, part) for name, part in asked]
        keys = stable(np.concatenate([texts for texts, _ in parts]))
        ends = np.cumsum([len(texts) for texts, _ in parts])
        for part, mine, (_, places) in zip(asked, np.split(keys, ends[:-1]), parts, strict=True):
            self._known[part] = np.concatenate([mine if places is None else mine[places], np.zeros(1, np.uint64)])

    def _parts(self, name: str, part: str) -> tuple[Values, Rows | None]:
        """That part of the distinct values, each once if they are many; and the place of each, if not its own."""
        texts = self.frame.columns[name].texts
        if part == "whole":
            return texts, None
        parts = PARTS[part](pa.array(texts, pa.string()))
        if len(texts) < _FEW:
            return parts.to_numpy(zero_copy_only=False), None
        found = pc.dictionary_encode(parts)
        return found.dictionary.to_numpy(zero_copy_only=False), found.indices.to_numpy()


#: of fewer records the keys of all rules are sorted at once, and of fewer values each part is looked at
_FEW = 10_000

_NO_ROWS, _NO_KEYS = np.empty(0, np.int64), np.empty(0, np.uint64)

#: bits of a key that say of which rule it is, where keys of several stand together: on top; else 0, at the end
_NUMBER = np.uint64(8)
_ABOVE = np.uint64(64) - _NUMBER
#: so many rules there may be
MOST_RULES = 1 << int(_NUMBER)


def numbered(keys: Keys, rule: int) -> Keys:
    """The keys of one rule as they stand among those of several."""
    return keys >> _NUMBER | np.uint64(rule) << _ABOVE


def rule_of(keys: Keys) -> Rows:
    """Of which rule each key is, where keys of several stand together."""
    return (keys >> _ABOVE).astype(np.int64)


def _crossed(known: Sequence[Keys], codes: Sequence[Codes]) -> tuple[Rows, Keys]:
    """The rows that have a value with a key of each part, and their keys."""
    keys, filled = np.zeros(len(codes[0]), np.uint64), np.ones(len(codes[0]), bool)
    for each, mine in zip(known, codes, strict=True):
        parts = each[mine]
        filled &= parts != 0
        keys ^= parts
        keys *= _PRIME
        keys += parts
    keys >>= _NUMBER
    keys <<= _NUMBER
    return np.flatnonzero(filled), keys[filled]


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


def together(cut: Iterable["Sorted"]) -> "Sorted":
    """The blocks of several rules in one, by keys that are `numbered`."""
    listed = list(cut)
    begins = np.cumsum([0, *(len(each.rows) for each in listed)]).tolist()
    return Sorted(
        np.concatenate([_NO_ROWS, *(each.rows for each in listed)]),
        np.concatenate([_NO_KEYS, *(numbered(each.keys, at) for at, each in enumerate(listed))]),
        np.concatenate([_NO_ROWS, *(each.starts + begin for each, begin in zip(listed, begins, strict=False))]),
        np.concatenate([_NO_ROWS, *(each.sizes for each in listed)]),
    )


def _in_order(keys: Keys) -> tuple[Rows, Keys]:
    """The places of keys in the order of these, equal ones as they come; and the keys in order.

    What is sorted is numbers that hold most of a key and its place, which takes a fraction of the time.
    """
    low = np.uint64((1 << len(keys).bit_length()) - 1)
    packed = keys & ~low | np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    order = (packed & low).astype(np.int64)
    keys = keys[order]
    # the few different keys that begin alike are put in order among themselves
    for wrong in np.flatnonzero(keys[1:] < keys[:-1]).tolist():
        begun = packed[wrong] & ~low
        alike = slice(*np.searchsorted(packed, np.array([begun, begun | low])))
        among = np.argsort(keys[alike], kind="stable")
        order[alike], keys[alike] = order[alike][among], keys[alike][among]
    return order, keys


@dataclass(frozen=True)
class Sorted:
    """Rows in the order of their keys, of one rule or of several; for each key where its block begins, and its size."""

    rows: Rows
    keys: Keys
    starts: Rows
    sizes: Rows

    @classmethod
    def of(cls, rows: Rows, keys: Keys) -> "Sorted":
        """The blocks of these rows with these keys."""
        order, keys = _in_order(keys)
        new = np.ones(len(keys), bool)
        np.not_equal(keys[1:], keys[:-1], out=new[1:])
        starts = np.flatnonzero(new)
        return cls(rows[order], keys[starts], starts, np.diff(starts, append=len(keys)))

    def cost(self, most: int) -> int:
        """How many pairs blocks of up to `most` rows propose."""
        taken = self.sizes[self.sizes <= most]
        return int((taken * (taken - 1) // 2).sum())

    def share(self, most: int) -> float:
        """Which share of the rows stands in blocks of up to `most` rows."""
        return float(self.sizes[self.sizes <= most].sum() / max(1, len(self.rows)))

    def pairs(self, most: int | Rows) -> Rows:
        """The pairs within each block of up to `most` rows, as lesser row << 32 | greater row; some may stand twice."""
        found = [_NO_ROWS]
        taken = (self.sizes > 1) & (self.sizes <= most)
        starts, sizes = self.starts[taken], self.sizes[taken]
        for size in np.flatnonzero(np.bincount(sizes)).tolist():
            one, other = np.triu_indices(size, 1)
            begun = starts[sizes == size][:, None]
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
        return np.repeat(asked, sizes), np.asarray(self.rows[spans(starts, starts + sizes)])

    def of_rule(self, rule: int) -> tuple[Rows, Keys]:
        """The rows and keys of one of several rules, as they are where it stands alone."""
        start, end = np.searchsorted(rule_of(self.keys), [rule, rule + 1])
        keys = self.keys[start:end] << _NUMBER
        starts, sizes = self.starts[start:end], self.sizes[start:end]
        held = int(sizes.sum())
        begin = int(starts[0]) if held else 0
        return self.rows[begin : begin + held], np.repeat(keys, sizes)

    def cut(self, rule: Rule) -> Cut:
        """What is too large to propose pairs."""
        hot = self.sizes > rule.most
        return Cut(rule, int(hot.sum()), int(self.sizes[hot].sum()))
