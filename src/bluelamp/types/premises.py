"""An address taken apart into what tells doors apart and what does not: numbers decide, words may vary.

Every token with a digit counts: what is not the number in the street is part of the unit, so two texts that name
different doors never come out alike, whatever their order of words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bluelamp.types.fold import fold
from bluelamp.types.lists import document
from bluelamp.types.wording import dashes


@dataclass(frozen=True, slots=True)
class Premises:
    """The parts of an address: small letters, abbreviations written out; empty where the text has no such part."""

    #: what tells one door of a house from another: flat, floor, `rear`
    unit: str
    #: the number in the street: `12a`, `118-122`
    number: str
    #: the street; where there is no number, all words up to its end: `rose cottage church lane`
    street: str
    #: the words after the street
    locality: str
    #: without its blank: `nx13ab`
    postcode: str


_WORDS = document("address_words.json")


def _by_word(name: str) -> dict[str, str]:
    return {word: meant for meant, words in _WORDS[name].items() for word in words.split()}


_ABBREVIATIONS = _by_word("abbreviations")
#: words that end the name of a street, and those that may end one or that of a building
_STRONG, _WEAK = (frozenset(_WORDS[each].split()) for each in ("streets", "perhaps_streets"))
_ALONE = frozenset(_WORDS["streets_of_one_word"].split())
#: of a number before these it is the flat in a building
_BUILDINGS = frozenset(_WORDS["buildings"].split())
#: a word before a number or letter that tells doors of a house apart; one kind is not named, that of flats
_UNITS = {word: f"{kind} ".lstrip() for word, kind in _by_word("units").items()}
_FLOORS = _by_word("floors")
#: words for a place beside the one that is named
_BESIDE = _by_word("beside")

_POSTCODE = re.compile(r"[\s,]+([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\W*$", re.ASCII)
_COUNTRY = re.compile(r"[\s,]+(?:uk|gb|united kingdom|great britain|england)\W*$")
_RANGE = re.compile(r"(\d[a-z]?)\s*(?:-|&| to )\s*(?=\d)", re.ASCII)
_DROPPED = re.compile(r"['’.]")
_OTHER = re.compile(r"[^a-z0-9,/-]+|(?<!\d)(?<!\d[a-z])[-/]+|[-/]+(?!\d)", re.ASCII)
_SPLIT_LETTER = re.compile(r"\b(\d+) ([a-h])(?= |,|$)", re.ASCII)
_NUMBERED = re.compile(r"\b(?:no|nos|number|num) (?=\d)")
_NUMBER = re.compile(r"\d+[a-z]?(?:[-/]\d+[a-z]?)*", re.ASCII)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.ASCII)
_OUTWARD = re.compile(r"[a-z]{1,2}\d[a-z\d]?", re.ASCII)
_ZEROES = re.compile(r"(?<!\d)0+(?=\d)")
#: words that a street has at most
_MOST_WORDS = 5
#: words after a saint within which a street ends
_SAINT = 4


def premises(address: str) -> Premises:
    """The parts of an address as a `Address` cleans it."""
    text, postcode = _plain(address)
    return _Reading([_tokens(each) for each in text.split(",")]).parts(postcode)


def _plain(address: str) -> tuple[str, str]:
    text = dashes(address).lower()
    if not text.isascii():
        text = ",".join(fold(each) for each in text.split(","))
    text = _COUNTRY.sub("", text)
    found = _POSTCODE.search(text)
    postcode = "".join(found.groups()) if found else ""
    text = _DROPPED.sub("", text[: found.start()] if found else text).replace("o/s", "outside")
    text = _OTHER.sub(" ", _RANGE.sub(r"\1-", text))
    text = _ZEROES.sub("", _NUMBERED.sub("", " ".join(text.split()).replace(" ,", ",").replace(", ", ",")))
    return _SPLIT_LETTER.sub(r"\1\2", text), postcode


def _tokens(segment: str) -> list[str]:
    words = [_ABBREVIATIONS.get(word, word) for word in segment.split()]
    return ["street" if word == "st" and _ends(words, at) else word for at, word in enumerate(words)]


def _ends(words: Sequence[str], at: int) -> bool:
    """Whether `st` in this place ends a street; else it is a saint."""
    if not at or _digit(words[at - 1]) or words[at - 1] == "of":
        return False
    return not _STRONG.intersection(words[at + 1 : at + _SAINT])


def _digit(token: str) -> bool:
    return any(map(str.isdigit, token)) and not _ORDINAL.fullmatch(token)


class _Reading:
    """The segments between commas while they are read."""

    def __init__(self, segments: list[list[str]]) -> None:
        self.unit: list[str] = []
        #: whether it is not the place that is named, but one beside it
        self.beside = False
        self.segments: list[list[str]] = []
        for segment in segments:
            alone = self.segments and len(self.segments[-1]) == 1 and _NUMBER.fullmatch(self.segments[-1][0])
            before = self.segments.pop() if alone else []
            rest = self._without_units([*before, *segment])
            if rest:
                self.segments.append(rest)

    def _without_units(self, words: list[str]) -> list[str]:
        """Take out what tells one door of a house from another."""
        rest: list[str] = []
        at = 0
        while at < len(words):
            word, then = words[at], words[at + 1] if at + 1 < len(words) else ""
            if word in _UNITS and then and (_digit(then) or len(then) == 1):
                flat, _, number = then.partition("/")
                self.unit.append(_UNITS[word] + flat)
                rest += [number] if number else []
                at += 2
            elif word in _FLOORS and then in ("floor", "flat", "maisonette"):
                self.unit.append(_FLOORS[word])
                at += 2
            elif word in _BESIDE and then not in _STRONG and not rest:
                self.unit.append(_BESIDE[word])
                self.beside = True
                at += 2 if then in ("of", "to", "from") else 1
            elif word in _UNITS and not _UNITS[word] and self.unit and not rest:
                at += 1
            else:
                rest.append(word)
                at += 1
        if len(rest) == 1 and len(rest[0]) == 1:
            self.unit.append(rest[0])
            return []
        return rest

    def parts(self, postcode: str) -> Premises:
        """The parts of the address, of which `postcode` stood at the end."""
        for reach in (_strong, _weak, len):
            for place, words in enumerate(self.segments):
                for at, word in enumerate(words):
                    end = reach(_run(words, at)) if _NUMBER.fullmatch(word) else 0
                    if end and (reach is _strong or not self._street_after(place, at + 1 + end)):
                        return self._numbered(place, at, at + 1 + end, postcode)
        return self._named(postcode)

    def _street_after(self, place: int, end: int) -> bool:
        """Whether a street comes after these words: then they name a building, and their number is a flat's."""
        rest = [self.segments[place][end:], *self.segments[place + 1 :]]
        return any(_street(words, len(words)) for words in rest)

    def _numbered(self, place: int, at: int, end: int, postcode: str) -> Premises:
        words = self.segments[place]
        for each in [*self.segments[:place], words[:at]]:
            self._leave(each)
        after = [*words[end:], *(word for each in self.segments[place + 1 :] for word in each)]
        return Premises(self._unit(after), words[at], " ".join(words[at + 1 : end]), _locality(after), postcode)

    def _named(self, postcode: str) -> Premises:
        """An address without a number in a street."""
        if self.beside:
            self.segments = [[word for words in self.segments for word in words]]
        ends = ((place, _street(words, len(words))) for place, words in enumerate(self.segments))
        place, end = next(((place, end) for place, end in ends if end and not self.beside), (0, 0))
        words = self.segments[place] if self.segments else []
        named = [word for each in self.segments[:place] for word in each] + words[: end or len(words)]
        after = words[end or len(words) :] + [word for each in self.segments[place + 1 :] for word in each]
        self.unit += [word for word in named if _digit(word)]
        street = " ".join(word for word in named if not _digit(word))
        return Premises(self._unit(after), "", street, _locality(after), postcode)

    def _leave(self, words: Sequence[str]) -> None:
        """Take as part of the unit what stands before the number in the street, if it has a number of its own."""
        for at, word in enumerate(words):
            if _digit(word):
                run = _run(words, at)
                several = run and run[-1] not in _BUILDINGS
                self.unit.append(" ".join([word, *run]) if several else word)

    def _unit(self, after: Sequence[str]) -> str:
        return ", ".join([*self.unit, *(word for word in after if _digit(word) and not _OUTWARD.fullmatch(word))])


def _run(words: Sequence[str], at: int) -> Sequence[str]:
    """The words after a number, up to the next one."""
    end = next((place for place in range(at + 1, len(words)) if _digit(words[place])), len(words))
    return words[at + 1 : end]


def _strong(run: Sequence[str]) -> int:
    """Where a street ends that begins with these words; 0 where none does, or where they begin with a building."""
    end = _street(run, _MOST_WORDS)
    last = next((at for at in range(1, end) if run[at] in _STRONG), end)
    return 0 if any(each in _WEAK for each in run[1 : last - 1]) else end


def _street(run: Sequence[str], most: int) -> int:
    for at, word in enumerate(run[:most]):
        if word in _STRONG and (at or word in _ALONE):
            end = at + 1
            while end < len(run) and run[end] in _STRONG:
                end += 1
            return end
    return 0


def _weak(run: Sequence[str]) -> int:
    return next((at + 1 for at, word in enumerate(run[:_MOST_WORDS]) if word in _WEAK and (at or word in _ALONE)), 0)


def _locality(words: Sequence[str]) -> str:
    return " ".join(word for word in words if not _digit(word) or _OUTWARD.fullmatch(word))


#: streets with fewer letters than this, without road or street, must be the same to the letter; with so many, two slips
_SHORT, _LONG = 4, 9


def one_street(one: str, other: str) -> bool:
    """Whether two streets, of one number in one postcode, are the same but for slips and words left out."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    (stem, kind), (stem_, kind_) = _stem(one), _stem(other)
    if kind and kind_ and kind != kind_:
        return False
    a, b = ("".join(each) for each in ((stem, stem_) if kind and kind_ else (one, other)))
    a, b = a.replace(" ", ""), b.replace(" ", "")
    shorter = min(len(a), len(b))
    slips = 0 if shorter < _SHORT else 1 if shorter < _LONG else 2
    return OSA.distance(a, b, score_cutoff=slips) <= slips


def _stem(street: str) -> tuple[str, str]:
    stem, _, kind = street.rpartition(" ")
    return (stem, kind) if kind in _STRONG or kind in _WEAK else (street, "")
