"""How people write things down wrong: slips of the finger, spellings by ear, swapped digits, broken encodings."""

from collections.abc import Callable

import numpy as np
import polars as pl

from bluelamp.demo import names
from bluelamp.demo.plan import Bools

#: a value and two chances between 0 and 1 -> the value as written
Change = Callable[[str, float, float], str]

_KEYS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnm",
        [
            "wa",
            "qes",
            "wrd",
            "etf",
            "ryg",
            "tuh",
            "yij",
            "uok",
            "ipl",
            "ol",
            "qsz",
            "awdx",
            "sefc",
            "drgv",
            "fthb",
            "gyjn",
            "hukm",
            "jil",
            "kop",
            "asx",
            "zsdc",
            "xdfv",
            "cfgb",
            "vghn",
            "bhjm",
            "njk",
        ],
        strict=True,
    )
)
_SOUNDS = tuple(
    pair.split(">")
    for pair in [
        "ph>f",
        "ee>i",
        "ou>u",
        "ck>k",
        "ie>y",
        "ey>y",
        "ei>ie",
        "ai>ay",
        "th>t",
        "ss>s",
        "ll>l",
        "nn>n",
        "tt>t",
        "c>k",
        "y>i",
        "w>v",
        "z>s",
        "o>a",
        "a>e",
    ]
)
_LOOKS = {"O": "0", "0": "O", "I": "1", "1": "I", "8": "B", "B": "8", "5": "S", "S": "5", "Z": "2", "2": "Z"}


def alter(chance: np.random.Generator, text: pl.Series, where: Bools, change: Change) -> pl.Series:
    """`text` with `change` applied where asked and not null; the series given stays as it was."""
    index = np.flatnonzero(where)
    if not len(index):
        return text
    old = text.gather(index).to_list()
    luck = chance.random((2, len(index))).tolist()
    new = [change(value, one, other) if value else value for value, one, other in zip(old, *luck, strict=True)]
    return text.clone().scatter(index, pl.Series(new, dtype=pl.String))


def typo(value: str, luck: float, spot: float) -> str:
    """One slip: a letter lost, doubled, swapped, hit beside, or written as it sounds."""
    at = min(int(spot * len(value)), len(value) - 1)
    kind = int(luck * 5)
    if kind == 0 and len(value) > 3:
        return value[:at] + value[at + 1 :]
    if kind == 1:
        return value[:at] + value[at] + value[at:]
    if kind == 2 and at + 1 < len(value):
        return value[:at] + value[at + 1] + value[at] + value[at + 2 :]
    if kind == 3:
        near = _KEYS.get(value[at].lower(), "e")
        return value[:at] + near[int(luck * 1000) % len(near)] + value[at + 1 :]
    return by_ear(value, luck, spot)


def by_ear(value: str, _luck: float, spot: float) -> str:
    """A sound written in another usual way."""
    fits = [(one, other) for one, other in _SOUNDS if one in value[1:]]
    if not fits:
        return value + value[-1]
    one, other = fits[int(spot * len(fits))]
    return value[0] + value[1:].replace(one, other, 1)


def variant(value: str, luck: float, _spot: float) -> str:
    """Another spelling of the same name, where one is known."""
    known = names.variants().get(value)
    return known[int(luck * len(known))] if known else value


def nickname(value: str, luck: float, _spot: float) -> str:
    """What friends call somebody of this name."""
    known = names.nicknames().get(value)
    return known[int(luck * len(known))] if known else value


def initial(value: str, _luck: float, _spot: float) -> str:
    """Only the first letter."""
    return value[0]


def shortened(value: str, luck: float, _spot: float) -> str:
    """One half of a double surname."""
    parts = value.replace("-", " ").split(" ")
    return parts[0] if luck < 0.75 else parts[-1]


def digits(value: str, luck: float, spot: float) -> str:
    """Two neighbouring digits swapped, or one misread."""
    at = [place for place, character in enumerate(value) if character.isdigit()]
    if len(at) < 2:
        return value
    first = at[int(spot * (len(at) - 1))]
    if luck < 0.5 and first + 1 < len(value) and value[first + 1].isdigit():
        return value[:first] + value[first + 1] + value[first] + value[first + 2 :]
    return value[:first] + str((int(value[first]) + 1 + int(luck * 8)) % 10) + value[first + 1 :]


def misread(value: str, _luck: float, spot: float) -> str:
    """One character taken for another that looks like it: O and 0, I and 1."""
    at = [place for place, character in enumerate(value) if character in _LOOKS]
    if not at:
        return value
    place = at[int(spot * len(at))]
    return value[:place] + _LOOKS[value[place]] + value[place + 1 :]


def two_lines(value: str, _luck: float, _spot: float) -> str:
    """A line end and quotes inside a value."""
    return f'{value}\nVictim says: "never seen before".'


def half_mark(value: str, _luck: float, _spot: float) -> str:
    """The first half of a registration mark, as a witness remembers it."""
    return value[:4]


def short_pnc(value: str, _luck: float, _spot: float) -> str:
    """The short form of a PNC ID: `08/56560Z` for `2008/0056560Z`."""
    return value[2:5] + value[5:-1].lstrip("0") + value[-1]


def wrong_letter(value: str, _luck: float, _spot: float) -> str:
    """A check letter that does not fit."""
    return value[:-1] + ("W" if value[-1] != "W" else "X")


def mojibake(value: str, _luck: float, _spot: float) -> str:
    """UTF-8 read as Windows-1252: `José` becomes `JosÃ©`."""
    return value.encode("utf-8").decode("cp1252", errors="replace").replace("\ufffd", "?")


def plain(text: pl.Series) -> pl.Series:
    """Letters without their accents, as most old systems keep them."""
    swaps = {"Ł": "L", "ł": "l", "ı": "i", "İ": "I", "ø": "o", "đ": "d"}
    decomposed = text.str.replace_many(list(swaps), list(swaps.values())).str.normalize("NFD")
    return decomposed.str.replace_all(r"\p{Mn}", "")
