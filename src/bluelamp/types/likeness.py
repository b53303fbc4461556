"""How alike two different values of one kind are, in a few named levels, for millions of pairs at a time.

What comparing needs of a value (its parts, its sounds) is worked out once for each distinct value. Equal values need no
asking: what their agreement is worth follows from how common the value is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from bluelamp.types import names
from bluelamp.types.whole import MAY_BE_ONE, alike

Values = npt.NDArray[np.object_]
Codes = npt.NDArray[np.int32]
Levels = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Likeness:
    """One way to compare: the levels that two unequal values can have, the least alike first."""

    name: str
    levels: tuple[str, ...]
    #: what comparing needs of each distinct value
    prepare: Callable[[Values], Any]
    #: the level of each pair of values, as a place in `levels`: given what `prepare` made, and the values' places
    between: Callable[[Any, Codes, Codes], Levels]


def _plain(values: Values) -> Values:
    return values


def _reached(found: npt.NDArray[np.float32], *limits: float) -> Levels:
    """How many of the rising limits each number reaches."""
    return np.searchsorted(np.array(limits, np.float32), found, side="right").astype(np.int8)


def _similar(values: Values, one: Codes, other: Codes) -> npt.NDArray[np.float32]:
    """The Jaro-Winkler similarity (0 to 1) of each pair."""
    return np.asarray(cpdist(values[one], values[other], scorer=JaroWinkler.similarity, dtype=np.float32))


@dataclass(frozen=True)
class _Letters:
    """Distinct values, their letters as numbers in columns, and their lengths."""

    values: Values
    letters: npt.NDArray[np.uint8] | npt.NDArray[np.uint32]
    lengths: npt.NDArray[np.int32]


#: letters of a value that are held against each other; longer ones are asked about one by one
_LONGEST = 24
#: the greatest number that fits into a byte
_BYTE = 255


def _spelt(values: Values) -> _Letters:
    lengths = np.array([len(value) for value in values], np.int32)
    width = max(1, min(_LONGEST, int(lengths.max(initial=0))))
    letters = np.array([value[:width] for value in values], f"U{width}").view(np.uint32).reshape(len(values), width)
    if letters.max(initial=0) > _BYTE:
        return _Letters(values, letters, lengths)
    return _Letters(values, letters.astype(np.uint8), lengths)


def _slip(known: _Letters, one: Codes, other: Codes) -> npt.NDArray[np.bool_]:
    """Whether one letter wrong, missing, added or swapped with its neighbour makes one of the other."""
    found = np.zeros(len(one), bool)
    gap = np.abs(known.lengths[one] - known.lengths[other])
    long = np.maximum(known.lengths[one], known.lengths[other]) > _LONGEST
    same = np.flatnonzero((gap == 0) & ~long)
    for at in range(0, len(same), _AT_ONCE):
        some = same[at : at + _AT_ONCE]
        ones, others = known.letters[one[some]], known.letters[other[some]]
        differ = ones != others
        count = differ.sum(axis=1)
        first = differ.argmax(axis=1)
        next_ = np.minimum(first + 1, known.letters.shape[1] - 1)
        rows = np.arange(len(some))
        swapped = (ones[rows, first] == others[rows, next_]) & (ones[rows, next_] == others[rows, first])
        found[some] = (count <= 1) | ((count == 2) & differ[rows, next_] & swapped)  # noqa: PLR2004 (two letters)
    asked = np.flatnonzero((gap == 1) | (long & (gap == 0)))
    if len(asked):
        a, b = known.values[one[asked]], known.values[other[asked]]
        found[asked] = cpdist(a, b, scorer=OSA.distance, score_cutoff=1, dtype=np.int32) <= 1
    return found


#: pairs whose letters are looked at at a time
_AT_ONCE = 200_000


#: names less alike than this (Jaro-Winkler) are not asked for sounds and nicknames: they would not be the same name
_HARDLY = 0.45
#: the usual limits of Jaro-Winkler for names
_ALIKE, _CLOSE = 0.8, 0.9
#: sounds, tokens and other names of a name that are looked at
_MOST = 4


@dataclass(frozen=True)
class _Names:
    """Distinct names: as written, and their tokens, sounds and nicknames as numbers; -1 where there are no more."""

    values: Values
    single: npt.NDArray[np.bool_]
    tokens: Codes
    sounds: Codes
    nicknames: Codes


#: the same words come again in other properties and in blocks
sounds = lru_cache(maxsize=1 << 19)(names.sounds)


def _prepared(values: Values) -> _Names:
    tokens = [names.tokens(value) for value in values]
    numbers: dict[str, int] = {}
    return _Names(
        values,
        np.array([len(value) == 1 for value in values], bool),
        _numbered(tokens, numbers),
        _numbered(([sound for token in each for sound in sounds(token)] for each in tokens), {}),
        _numbered(
            ([other for token in each for other in names.nicknames(token)] for each in tokens), numbers, 3 * _MOST
        ),
    )


def _numbered(words: Iterable[Iterable[str]], numbers: dict[str, int], most: int = _MOST) -> Codes:
    rows = [[numbers.setdefault(word, len(numbers)) for word in each][:most] for each in words]
    width = max((len(each) for each in rows), default=1) or 1
    return np.array([each + [-1] * (width - len(each)) for each in rows], np.int32).reshape(len(rows), width)


def _share(ones: Codes, others: Codes) -> npt.NDArray[np.bool_]:
    """Whether two rows of numbers have one in common."""
    found = np.zeros(len(ones), bool)
    for mine in ones.T:
        held = mine >= 0
        for theirs in others.T:
            found |= held & (mine == theirs)
    return found


#: above so many distinct names, pairs of them hardly come twice
_MANY = 300_000


def _names(known: _Names, one: Codes, other: Codes) -> Levels:
    """The levels, asked once for each distinct pair of names: the common ones come again and again."""
    if len(known.values) > _MANY or len(one) < _FEW:
        return _distinct_names(known, one, other)
    packed = np.minimum(one, other).astype(np.int64) << 32 | np.maximum(one, other)
    order = np.argsort(packed)
    packed = packed[order]
    new = np.ones(len(packed), bool)
    new[1:] = packed[1:] != packed[:-1]
    pairs = packed[new]
    found = _distinct_names(known, (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32))
    level = np.empty(len(one), np.int8)
    level[order] = found[np.cumsum(new) - 1]
    return level


#: of fewer pairs, looking for those that come twice costs more than it saves
_FEW = 1_000


def _distinct_names(known: _Names, one: Codes, other: Codes) -> Levels:
    likeness = _similar(known.values, one, other)
    level = np.where(likeness >= _CLOSE, 3, np.where(likeness >= _ALIKE, 2, 0)).astype(np.int8)
    asked = np.flatnonzero(likeness > _HARDLY)
    a, b = one[asked], other[asked]
    level[asked[_share(known.sounds[a], known.sounds[b])]] = 4
    called = _share(known.nicknames[a], known.tokens[b]) | _share(known.nicknames[b], known.tokens[a])
    level[asked[called]] = 5
    short = np.flatnonzero(known.single[one] | known.single[other])
    first = [known.values[one[at]][:1] == known.values[other[at]][:1] for at in short.tolist()]
    level[short] = np.array(first, np.int8) if first else 0
    return level


@dataclass(frozen=True)
class _Dates:
    """Distinct dates as written, and their parts as numbers; 0 where a part is not known."""

    letters: _Letters
    year: Codes
    month: Codes
    day: Codes

    @property
    def vague(self) -> npt.NDArray[np.bool_]:
        """Dates of which a part is not known, or that are the first of January, as unknown ones often are."""
        return np.asarray((self.day == 0) | ((self.month == 1) & (self.day == 1)))


def _parted(values: Values) -> _Dates:
    parts = [[int(part) if part.isdigit() else 0 for part in (v[:4], v[5:7], v[8:10])] for v in values]
    numbers = np.array(parts, np.int32).reshape(len(values), 3)
    return _Dates(_spelt(values), numbers[:, 0], numbers[:, 1], numbers[:, 2])


def _dates(known: _Dates, one: Codes, other: Codes) -> Levels:
    year = known.year[one] == known.year[other]
    month = known.month[one] == known.month[other]
    day = known.day[one] == known.day[other]
    count = year.astype(np.int8) + month + day
    level = np.where(count == 1, 1, 0).astype(np.int8)
    level[year] = 2
    level[count >= 2] = 3  # noqa: PLR2004 (of three parts)
    vague = known.vague
    level[year & (vague[one] | vague[other])] = 3
    # one slip leaves two parts as they are, or a part that is not known
    near = np.flatnonzero(count >= 2)  # noqa: PLR2004
    level[near[_slip(known.letters, one[near], other[near])]] = 4
    level[year & (known.month[one] == known.day[other]) & (known.day[one] == known.month[other])] = 5
    return level


@dataclass(frozen=True)
class _Postcodes:
    """Distinct postcodes without blanks, and numbers for their sectors and outward codes."""

    letters: _Letters
    sector: Codes
    outward: Codes


def _cut(values: Values) -> _Postcodes:
    bare = np.array([value.replace(" ", "") for value in values], object)
    sector, outward = (
        np.unique(np.array([value[:-cut] for value in bare], "U8"), return_inverse=True) for cut in (2, 3)
    )
    return _Postcodes(_spelt(bare), sector[1].astype(np.int32), outward[1].astype(np.int32))


def _postcodes(known: _Postcodes, one: Codes, other: Codes) -> Levels:
    level = np.where(known.outward[one] == known.outward[other], 1, 0).astype(np.int8)
    level[known.sector[one] == known.sector[other]] = 2
    level[_slip(known.letters, one, other)] = 3
    return level


def _addresses(values: Values, one: Codes, other: Codes) -> Levels:
    found = cpdist(values[one], values[other], scorer=fuzz.token_sort_ratio, score_cutoff=70, dtype=np.float32)
    return _reached(found, 70, 82, 92)


def _words(values: Values, one: Codes, other: Codes) -> Levels:
    return _reached(_similar(values, one, other), 0.8, 0.92)


def _codes(known: _Letters, one: Codes, other: Codes) -> Levels:
    return _slip(known, one, other).astype(np.int8)


def _choices(_values: Values, one: Codes, _other: Codes) -> Levels:
    return np.zeros(len(one), np.int8)


#: from which likeness on two whole names are alike, close, and nearly the same
_WHOLE = (0.6, MAY_BE_ONE, 0.92)
#: whole names less alike than this (of their words in order) are not looked at word by word
_NOT_AT_ALL = 40


def _whole_names(values: Values, one: Codes, other: Codes) -> Levels:
    """Word by word, asked once for each distinct pair of names."""
    packed = np.minimum(one, other).astype(np.int64) << 32 | np.maximum(one, other)
    pairs, place = np.unique(packed, return_inverse=True)
    a, b = values[pairs >> 32], values[pairs & 0xFFFFFFFF]
    near = cpdist(a, b, scorer=fuzz.token_sort_ratio, dtype=np.float32) > _NOT_AT_ALL
    found = np.zeros(len(pairs), np.float32)
    found[near] = [alike(mine, yours) for mine, yours in zip(a[near], b[near], strict=True)]
    return _reached(found, *_WHOLE)[place]


_NAMES = ("other", "initial", "alike", "close", "sound", "nickname")
#: the level of a name that stands as another of the other's names; who compares all the names of two tells it
ELSEWHERE = len(_NAMES)

NAME = Likeness("name", (*_NAMES, "elsewhere"), _prepared, _names)
DATE = Likeness("date", ("other", "one_part", "year", "two_parts", "slip", "day_month_swapped"), _parted, _dates)
WHOLE_NAME = Likeness("whole_name", ("other", "alike", "close", "nearly"), _plain, _whole_names)
POSTCODE = Likeness("postcode", ("other", "outward", "sector", "slip"), _cut, _postcodes)
ADDRESS = Likeness("address", ("other", "alike", "close", "nearly"), _plain, _addresses)
WORDS = Likeness("words", ("other", "alike", "close"), _plain, _words)
CODE = Likeness("code", ("other", "slip"), _spelt, _codes)
CHOICE = Likeness("choice", ("other",), _plain, _choices)

#: every way to compare, by its name; first those that cost little and tell much
LIKENESSES = {each.name: each for each in (CHOICE, DATE, CODE, POSTCODE, NAME, WORDS, ADDRESS, WHOLE_NAME)}
