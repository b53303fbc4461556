"""Names by culture, drawn with the skew of real ones; their variants and nicknames."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl

from bluelamp.demo.plan import Ints

LISTS = files("bluelamp.demo") / "lists"

#: culture -> the origin that the truth tells of, and its share of the people
CULTURES: dict[str, tuple[str, float]] = {
    "british": ("British", 0.425),
    "irish": ("Irish", 0.03),
    "muslim": ("South Asian Muslim", 0.11),
    "hindu": ("South Asian Hindu or Sikh", 0.06),
    "sikh": ("South Asian Hindu or Sikh", 0.025),
    "nigerian": ("West African", 0.04),
    "ghanaian": ("West African", 0.03),
    "somali": ("East African", 0.035),
    "caribbean": ("Caribbean", 0.06),
    "polish": ("East European", 0.04),
    "romanian": ("East European", 0.03),
    "turkish": ("Turkish or Kurdish", 0.025),
    "arab": ("Arab", 0.03),
    "chinese": ("Chinese or Vietnamese", 0.016),
    "vietnamese": ("Chinese or Vietnamese", 0.007),
    "latin": ("Latin American or Portuguese", 0.013),
    "portuguese": ("Latin American or Portuguese", 0.012),
    "greek": ("Greek or Cypriot", 0.012),
}
NAMES = tuple(CULTURES)
NUMBER = {name: number for number, name in enumerate(NAMES)}
SHARE = np.array([share for _, share in CULTURES.values()]) / sum(share for _, share in CULTURES.values())


@dataclass(frozen=True)
class Lexicon:
    """All names in one series, with where each list begins and how its names are spread."""

    text: pl.Series
    start: dict[tuple[str, str], int]
    spread: dict[tuple[str, str], np.ndarray]

    def draw(self, chance: np.random.Generator, kind: str, culture: Ints) -> Ints:
        """A name of `kind` (male, female, surname) for each culture number."""
        found = np.zeros(len(culture), np.int64)
        for name, number in NUMBER.items():
            where = np.flatnonzero(culture == number)
            point = chance.random(len(where))
            found[where] = self.start[name, kind] + np.searchsorted(self.spread[name, kind], point)
        return found

    def words(self, chosen: Ints) -> pl.Series:
        """The text of chosen names."""
        return self.text.gather(chosen)


@cache
def lexicon() -> Lexicon:
    """The lists of `lists/names.txt` with their tails."""
    text: list[str] = []
    start, spread = {}, {}
    for (culture, kind), names in read_lists().items():
        if kind not in ("male", "female", "surname"):
            continue
        start[culture, kind] = len(text)
        tail = rarer(culture, read_lists()) if kind == "surname" else []
        text += names + tail
        spread[culture, kind] = weights(len(names), len(tail))
    return Lexicon(pl.Series(text), start, spread)


@cache
def read_lists() -> dict[tuple[str, str], list[str]]:
    """(culture, kind) -> its names, the commonest first."""
    lists: dict[tuple[str, str], list[str]] = {}
    current: list[str] = []
    for line in (LISTS / "names.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            culture, kind = line.strip("[]").split()
            current = lists.setdefault((culture, kind), [])
        elif not line.startswith("#"):
            current += [word.replace("_", " ") for word in line.split()]
    return {each: list(dict.fromkeys(names)) for each, names in lists.items()}


def rarer(culture: str, lists: dict[tuple[str, str], list[str]]) -> list[str]:
    """The long tail of surnames: built of parts, or fathers' given names where that is the custom."""
    if (culture, "begin") in lists:
        tail = [one + other for one in lists[culture, "begin"] for other in lists[culture, "end"]]
    elif culture in ("arab", "muslim", "somali"):
        tail = lists[culture, "male"]
    else:
        tail = []
    known = set(lists[culture, "surname"])
    return [name for name in dict.fromkeys(tail) if name not in known]


def weights(names: int, tail: int) -> np.ndarray:
    """Running shares: common names fall off with their rank, the tail is flat and bears a third at most."""
    head = 1 / (np.arange(names) + 7.0) ** 0.85
    share = min(0.34, tail / 800 + 0.05) if tail else 0.0
    both = np.concatenate([head / head.sum() * (1 - share), np.full(tail, share / max(tail, 1))])
    running = np.cumsum(both)
    running[-1] = 1.0
    return running


@cache
def variants() -> dict[str, list[str]]:
    """A name -> other spellings of it."""
    found: dict[str, list[str]] = {}
    for words in read_groups("variants.txt"):
        for word in words:
            found.setdefault(word, []).extend(other for other in words if other != word)
    return found


@cache
def nicknames() -> dict[str, list[str]]:
    """A given name -> what friends say."""
    return {words[0]: words[1:] for words in read_groups("nicknames.txt")}


def read_groups(name: str) -> list[list[str]]:
    """The lines of a list, split."""
    lines = (LISTS / name).read_text("utf-8").splitlines()
    return [[word.replace("_", " ") for word in line.split()] for line in lines if line and not line.startswith("#")]
