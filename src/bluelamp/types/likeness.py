"""How alike two different values of one kind are, in a few named levels, for millions of pairs at a time.

What comparing needs of a value (its parts, its sounds) is worked out once for each distinct value. Equal values need no
asking: what their agreement is worth follows from how common the value is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from bluelamp.types import names
from bluelamp.types.whole import MAY_BE_ONE, alike

Values = npt.NDArray[np.object_]
Codes = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]
Bits = npt.NDArray[np.uint64]
Held = npt.NDArray[np.bool_]
Words = tuple[str, ...]


@dataclass(frozen=True)
class Likeness:
    """One way to compare: the levels that two unequal values can have, the least alike first."""

    name: str
    levels: tuple[str, ...]
    #: what comparing needs of each distinct value; a plain function, as `between`, so that Spark finds it by its name
    prepare: Callable[[Values], Any]
    #: the level of each pair of values, as a place in `levels`: given what `prepare` made, and the values' places
    between: Callable[[Any, Codes, Codes], Levels]


def _plain(values: Values) -> Values:
    return values


def _reached(found: npt.NDArray[np.float32], *limits: float) -> Levels:
    """How many of the rising limits each number reaches."""
    return np.searchsorted(np.array(limits, np.float32), found, side="right").astype(np.int8)


#: pairs that are looked at at a time: so few that what is made of them stays near the processor
_AT_ONCE = 1 << 16


def _where(one: Codes, other: Codes, holds: Callable[[Codes, Codes], Held]) -> npt.NDArray[np.intp]:
    """The places of the pairs of which something holds."""
    cuts = [slice(start, start + _AT_ONCE) for start in range(0, max(1, len(one)), _AT_ONCE)]
    return np.concatenate([cut.start + np.flatnonzero(holds(one[cut], other[cut])) for cut in cuts])


#: kinds of letters that are told apart: what they are modulo this
_KINDS = 32


@dataclass(frozen=True)
class _Letters:
    """Lengths of values, and in 64 bits which kinds of letters each has once, and which twice."""

    lengths: Codes
    bits: Bits

    @classmethod
    def of(cls, values: Values) -> "_Letters":
        lengths = np.fromiter(map(len, values), np.int32, len(values))
        parts = [_kinds(values[start : start + _AT_ONCE]) for start in range(0, max(1, len(values)), _AT_ONCE)]
        return cls(lengths, np.concatenate(parts))

    def __getitem__(self, places: Codes) -> "_Letters":
        return _Letters(self.lengths[places], self.bits[places])

    def shared(self, other: "_Letters") -> Codes:
        """No fewer than the letters that two values have in common, wherever these stand."""
        mine, theirs = (np.bitwise_count(a.bits & ~b.bits) for a, b in ((self, other), (other, self)))
        return np.asarray(np.minimum(self.lengths - mine, other.lengths - theirs))


def _kinds(values: Values) -> Bits:
    letters = values.astype(str)[:, None].view(np.uint32)
    bits = np.where(letters > 0, np.uint32(1) << letters % _KINDS, np.uint32(0))
    so_far = np.bitwise_or.accumulate(bits, axis=1)
    twice = np.bitwise_or.reduce(bits[:, 1:] & so_far[:, :-1], axis=1)
    return np.asarray(so_far[:, -1].astype(np.uint64) << np.uint64(_KINDS) | twice)


@dataclass(frozen=True)
class _Spelt:
    """Distinct values and their letters."""

    values: Values
    letters: _Letters

    def slip(self, one: Codes, other: Codes) -> Held:
        """Whether one letter wrong, missing, added or swapped with its neighbour makes one of the other."""
        found = np.zeros(len(one), bool)
        near = _where(one, other, self._near)
        a, b = self.values[one[near]], self.values[other[near]]
        found[near] = cpdist(a, b, scorer=OSA.distance, score_cutoff=1, dtype=np.int32) <= 1
        return found

    def _near(self, one: Codes, other: Codes) -> Held:
        ones, others = self.letters[one], self.letters[other]
        return np.asarray(np.maximum(ones.lengths, others.lengths) - ones.shared(others) <= 1)


def _spelt(values: Values) -> _Spelt:
    return _Spelt(values, _Letters.of(values))


#: names less alike than this (Jaro-Winkler) are not asked for sounds and nicknames: they would not be the same name
_HARDLY = 0.45
#: the usual limits of Jaro-Winkler for names
_ALIKE, _CLOSE = 0.8, 0.9
#: letters at its start that make a name more like another which begins so, and by how much each (Winkler 1990)
_BEGUN, _EACH = 4, 0.1
#: sounds of a name that are looked at
_MOST = 4


@dataclass(frozen=True)
class _Marks:
    """What of names is seen from numbers."""

    letters: _Letters
    #: the first letters, as one number
    begun: Bits
    #: words, sounds and nicknames: names that have one in common have a bit in common
    words: Bits
    sounds: Bits
    nicknames: Bits

    def __getitem__(self, places: Codes) -> "_Marks":
        return _Marks(*(getattr(self, each.name)[places] for each in fields(self)))

    def heard(self, other: "_Marks") -> Held:
        """Whether two names may have a sound in common."""
        return np.asarray(self.sounds & other.sounds != 0)

    def called(self, other: "_Marks") -> Held:
        """Whether one of two names may be a nickname of the other."""
        return np.asarray((self.nicknames & other.words != 0) | (other.nicknames & self.words != 0))

    def alike(self, other: "_Marks") -> Held:
        """Whether two names may be written alike: not where too many letters are not shared."""
        shared = self.letters.shared(other.letters)
        # a name of signs alone has no letters
        mine, theirs = (np.maximum(each.letters.lengths, 1) for each in (self, other))
        likeness = (shared / mine + shared / theirs + 1) / 3
        differ = self.begun ^ other.begun
        same = np.zeros(len(differ), np.int8)
        for letters in range(1, _BEGUN + 1):
            same += (differ << np.uint64(64 - 16 * letters)) == 0
        # what is rounded must not be taken for less
        return np.asarray(likeness + _EACH * same * (1 - likeness) > _ALIKE - 1e-6)

    def short(self, other: "_Marks") -> Held:
        """Whether one of two names is a single letter."""
        return np.asarray(np.minimum(self.letters.lengths, other.letters.lengths) == 1)

    def initial(self, other: "_Marks") -> Held:
        """Whether one of two names is the letter that the other begins with."""
        return np.asarray(self.short(other) & ((self.begun ^ other.begun) << np.uint64(48) == 0))


@dataclass(frozen=True)
class _Names:
    """Distinct names: as written, their words, sounds and nicknames, and what is seen of them from numbers."""

    values: Values
    words: list[Words]
    sounds: list[Words]
    nicknames: list[Words]
    marks: _Marks


#: the same words come again in other properties and in blocks
sounds = lru_cache(maxsize=1 << 19)(names.sounds)


def _prepared(values: Values) -> _Names:
    words = list(map(names.tokens, values))
    heard = [_each(sounds, mine)[:_MOST] for mine in words]
    called = [_each(names.nicknames, mine) for mine in words]
    begun = np.array([value[:_BEGUN] for value in values], f"U{_BEGUN}").view(np.uint32).reshape(-1, _BEGUN)
    marks = _Marks(
        _Letters.of(values), begun.astype(np.uint16).view(np.uint64).ravel(), _bits(words), _bits(heard), _bits(called)
    )
    return _Names(values, words, heard, called, marks)


def _each(said: Callable[[str], Iterable[str]], words: Words) -> Words:
    """What is said of each word, one after the other. Most names have one."""
    return tuple(said(words[0])) if len(words) == 1 else tuple(chain.from_iterable(map(said, words)))


def _bits(listed: list[Words]) -> Bits:
    owner = np.repeat(np.arange(len(listed)), np.fromiter(map(len, listed), np.int64, len(listed)))
    hashes = np.fromiter(map(hash, chain.from_iterable(listed)), np.int64, len(owner))
    found = np.zeros(len(listed), np.uint64)
    np.bitwise_or.at(found, owner, np.uint64(1) << (hashes % 64).astype(np.uint64))
    return found


def _names(known: _Names, one: Codes, other: Codes) -> Levels:
    return _across(known, np.minimum(one, other), known, np.maximum(one, other))


def same_name(mine: Any, one: Codes, theirs: Any, other: Codes) -> Held:
    """Whether a name of one property is, or nearly is, that of another: given what NAME has prepared of both."""
    found = _across(mine, one, theirs, other) >= _NAMES.index("close")
    return np.asarray(found | (mine.values[one] == theirs.values[other]))


def _across(mine: _Names, one: Codes, theirs: _Names, other: Codes) -> Levels:

    def worth_asking(one: Codes, other: Codes) -> Held:
        ones, others = mine.marks[one], theirs.marks[other]
        return np.asarray(ones.alike(others) | ones.heard(others) | ones.called(others) | ones.initial(others))

    level = np.zeros(len(one), np.int8)
    asked = _where(one, other, worth_asking)
    pairs, place = np.unique(one[asked].astype(np.int64) << 32 | other[asked], return_inverse=True)
    level[asked] = _asked(mine, pairs >> 32, theirs, pairs & 0xFFFFFFFF)[place]
    return level


def _asked(mine: _Names, one: Codes, theirs: _Names, other: Codes) -> Levels:
    likeness = cpdist(mine.values[one], theirs.values[other], scorer=JaroWinkler.similarity, dtype=np.float32)
    level = np.where(likeness >= _CLOSE, 3, np.where(likeness >= _ALIKE, 2, 0)).astype(np.int8)
    enough, ones, others = likeness > _HARDLY, mine.marks[one], theirs.marks[other]
    heard, called = np.flatnonzero(enough & ones.heard(others)), np.flatnonzero(enough & ones.called(others))
    level[heard[_share(mine.sounds, one[heard], theirs.sounds, other[heard])]] = 4
    level[called[_share(mine.nicknames, one[called], theirs.words, other[called])]] = 5
    level[called[_share(mine.words, one[called], theirs.nicknames, other[called])]] = 5
    return np.where(ones.short(others), ones.initial(others), level).astype(np.int8)


def _share(mine: list[Words], one: Codes, theirs: list[Words], other: Codes) -> Held:
    """Whether two lists of words have one in common."""
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    return np.array([not set(mine[a]).isdisjoint(theirs[b]) for a, b in pairs], bool)


@dataclass(frozen=True)
class _Dates:
    """Distinct dates as written, and year, month and day of each in one number; 0 where a part is not known."""

    letters: _Spelt
    parts: Codes
    #: with day and month in each other's place
    swapped: Codes
    #: of which a part is not known, or that are the first of January, as unknown ones often are
    vague: Held


#: bits of a day (which may be any two digits) and of a month
_DAY, _MONTH = 127, 127 << 7


def _parted(values: Values) -> _Dates:
    parts = [[int(part) if part.isdigit() else 0 for part in (v[:4], v[5:7], v[8:10])] for v in values]
    year, month, day = np.array(parts, np.int32).reshape(len(values), 3).T
    vague = (day == 0) | ((month == 1) & (day == 1))
    return _Dates(_spelt(values), year << 14 | month << 7 | day, year << 14 | day << 7 | month, vague)


def _dates(known: _Dates, one: Codes, other: Codes) -> Levels:
    differ = known.parts[one] ^ known.parts[other]
    year, month, day = differ <= (_MONTH | _DAY), differ & _MONTH == 0, differ & _DAY == 0
    count = year.astype(np.int8) + month + day
    level: Levels = (count == 1).astype(np.int8)
    level[year] = 2
    level[count >= 2] = 3  # noqa: PLR2004 (of three parts)
    within = np.flatnonzero(year)
    a, b = one[within], other[within]
    level[within[known.vague[a] | known.vague[b]]] = 3
    # one slip leaves two parts as they are, or a part that is not known
    near = np.flatnonzero(count >= 2)  # noqa: PLR2004
    level[near[known.letters.slip(one[near], other[near])]] = 4
    level[within[known.parts[a] == known.swapped[b]]] = 5
    return level


@dataclass(frozen=True)
class _Postcodes:
    """Distinct postcodes without blanks, and numbers for their sectors and outward codes."""

    letters: _Spelt
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
    level[known.letters.slip(one, other)] = 3
    return level


#: from which likeness on (0 to 100) two addresses are alike, close, and nearly the same
_ADDRESSES = (70.0, 82.0, 92.0)


def _in_order(values: Values) -> _Spelt:
    """Addresses with their words in alphabetical order."""
    return _spelt(np.array([" ".join(sorted(value.split())) for value in values], object))


def _addresses(known: _Spelt, one: Codes, other: Codes) -> Levels:
    def near(one: Codes, other: Codes) -> Held:
        ones, others = known.letters[one], known.letters[other]
        # what two texts have in common in order is no more than what they have in common at all
        return 200 * ones.shared(others) > (_ADDRESSES[0] - 1e-3) * (ones.lengths + others.lengths)

    found = np.zeros(len(one), np.float32)
    asked = _where(one, other, near)
    a, b = known.values[one[asked]], known.values[other[asked]]
    found[asked] = cpdist(a, b, scorer=fuzz.ratio, score_cutoff=_ADDRESSES[0], dtype=np.float32)
    return _reached(found, *_ADDRESSES)


def _words(values: Values, one: Codes, other: Codes) -> Levels:
    found = cpdist(values[one], values[other], scorer=JaroWinkler.similarity, dtype=np.float32)
    return _reached(found, 0.8, 0.92)


def _codes(known: _Spelt, one: Codes, other: Codes) -> Levels:
    return known.slip(one, other).astype(np.int8)


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
ADDRESS = Likeness("address", ("other", "alike", "close", "nearly"), _in_order, _addresses)
WORDS = Likeness("words", ("other", "alike", "close"), _plain, _words)
CODE = Likeness("code", ("other", "slip"), _spelt, _codes)
CHOICE = Likeness("choice", ("other",), _plain, _choices)

#: every way to compare, in groups; first those that cost little and tell much
BY_COST = ((CHOICE, NAME, DATE, CODE, POSTCODE), (WORDS, ADDRESS), (WHOLE_NAME,))

#: every way to compare, by its name
LIKENESSES = {each.name: each for group in BY_COST for each in group}
