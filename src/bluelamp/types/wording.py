"""How raw text is made even before it is understood: invisible characters, blanks, fillers."""

import re
import unicodedata

from bluelamp.types.grammar import Cleaned, Issue
from bluelamp.types.lists import groups

#: words that people type where they know nothing (POLE: blank beats filler), without blanks and punctuation
FILLERS = frozenset(word for words in groups("fillers.txt") for word in words)

#: marks of "as in the row above", which does not stand here: with their stop, as `Do` is a name
DITTOS = frozenset(["do.", "d.o.", "d°", "dº", "-do-", "do. do."])

LONGEST_FILLER = 40

#: longer words are not composed: the work grows with the square of a run of combining marks
LONGEST_WORD = 1000

# Joiners (U+200C, U+200D) stay: names in Persian, Urdu and Indian scripts need them. Those that turn the direction
# of writing or hide go, because they make different values look alike.
_HIDDEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


def composed(text: str) -> str:
    """`text` with accents composed (NFC), so that what looks the same is the same."""
    if len(text) <= LONGEST_WORD:
        return unicodedata.normalize("NFC", text)
    return " ".join(unicodedata.normalize("NFC", w) if len(w) <= LONGEST_WORD else w for w in text.split(" "))


def visible(text: str) -> str:
    """`text` composed, without characters that hide or turn the direction; control characters become blanks."""
    if text.isascii():
        return _CONTROL.sub(" ", text)
    return composed(_CONTROL.sub(" ", _HIDDEN.sub("", text)))


def line(text: str) -> str:
    """`text` as one visible line with single blanks and none around it."""
    return " ".join(visible(text).split())


def dashes(text: str) -> str:
    """`text` with every kind of dash written as a hyphen."""
    return text if text.isascii() else _DASHES.sub("-", text)


def is_filler(text: str) -> bool:
    """Whether `text` says only that nothing is known: `N/K`, `unknown`, `-`, `???`, a ditto mark."""
    if len(text) > LONGEST_FILLER:
        return False
    if text.casefold() in DITTOS:
        return True
    bare = "".join(character for character in text if character.isalnum())
    return bare.upper() in FILLERS or (not bare and not any(unicodedata.category(c)[0] in "LM" for c in text))


def filler(label: str) -> Cleaned:
    """What a filler is cleaned to."""
    return Cleaned(None, Issue("filler", f"This says that nothing is known; leave {label} blank instead"))
