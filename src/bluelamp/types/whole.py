"""How alike two whole names are, whose parts are not told apart and may stand in any order.

Each word is held against the most alike word of the other name: the same, a pet form, of one sound, an initial, or one
or two slips. What stands over on both sides contradicts; what stands over on one is only missing. (Words one to one, as
Monge and Elkan 1996 have it, but with what is left over counted.)
"""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from bluelamp.types import names
from bluelamp.types.lists import groups

#: words of a name that tell nobody apart
PARTICLES = frozenset({
    "the", "al", "el", "bin", "ibn", "bint", "de", "da", "das", "do", "dos", "du", "di", "del", "della", "van", "von",
    "der", "den", "zu", "la", "le", "ben", "abu", "and", "of", "jr", "sr",
})  # fmt: skip

#: from this likeness on two names may well be of one person
MAY_BE_ONE = 0.8

# how alike two words are that are not the same
_INITIAL, _PET, _SOUND, _SLIP, _SLIPS, _OTHER = 0.75, 0.92, 0.9, 0.88, 0.8, 0.6
#: a word must have so many letters for one slip, and for two, to be a slip
_SLIP_FROM, _SLIPS_FROM = 4, 7
#: words less alike than this do not stand for each other
_LEAST = 0.5

# what words that are left over cost: on both sides, on one; and what it costs that a single word speaks for both names
_BOTH, _ONE, _SINGLE = 2.4, 0.4, 0.1
#: the mean likeness of words, against that of the least alike
_MEAN = 0.55


def alike(one: str, other: str) -> float:
    """How alike two whole names are: 1 the same, below 0 nothing in common."""
    ours, theirs = _words(one), _words(other)
    if not ours or not theirs:
        return 0.0
    if "".join(ours) == "".join(theirs):
        return 1.0
    found, left, right = _matched(ours, theirs)
    if not found:
        return 0.0
    letters = sum(weight for _, weight in found)
    mean = sum(likeness * weight for likeness, weight in found) / letters
    worst = min(likeness for likeness, _ in found)
    whole = sum(map(len, ours)) + sum(map(len, theirs))
    single = _SINGLE if len(found) == 1 and max(len(ours), len(theirs)) > 1 else 0.0
    over = _BOTH * min(left, right) + _ONE * (left + right)
    return _MEAN * mean + (1 - _MEAN) * worst - over / whole - single


def _matched(ours: Sequence[str], theirs: Sequence[str]) -> tuple[list[tuple[float, int]], int, int]:
    """Words that stand for each other, with their likeness and letters; and the letters left over on either side."""
    pairs = sorted(
        ((word(mine, yours), a, b) for a, mine in enumerate(ours) for b, yours in enumerate(theirs)), reverse=True
    )
    mine_left, yours_left = set(range(len(ours))), set(range(len(theirs)))
    found = []
    for likeness, a, b in pairs:
        if likeness >= _LEAST and a in mine_left and b in yours_left:
            mine_left.remove(a)
            yours_left.remove(b)
            found.append((likeness, len(ours[a]) + len(theirs[b])))
    return found, sum(len(ours[a]) for a in mine_left), sum(len(theirs[b]) for b in yours_left)


def word(one: str, other: str) -> float:
    """How alike two folded words of names are, from 0 to 1."""
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return _INITIAL if one[0] == other[0] else 0.0
    if other in names.nicknames(one) or one in names.nicknames(other):
        return _PET
    return _spelt(one, other)


def _spelt(one: str, other: str) -> float:
    """How alike two words are by their sounds and their slips."""
    slips, longer = OSA.distance(one, other), max(len(one), len(other))
    likeness: float = 1 - slips / longer
    if set(names.sounds(one)) & set(names.sounds(other)):
        return max(likeness, _SOUND)
    if slips == 1 and longer >= _SLIP_FROM:
        return max(likeness, _SLIP)
    if slips == 2 and longer >= _SLIPS_FROM:  # noqa: PLR2004 (two slips)
        return max(likeness, _SLIPS)
    return min(likeness, _OTHER) if slips > 2 else likeness  # noqa: PLR2004 (more than two)


def _words(name: str) -> list[str]:
    told = [each for each in names.tokens(name) if each not in _TITLES]
    return [each for each in told if each not in PARTICLES] or told


_TITLES = frozenset(title for line in groups("titles.txt") for title in line)
