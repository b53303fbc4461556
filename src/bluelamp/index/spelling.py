"""How a word of a name is found although it is written otherwise: its tokens, sounds and nicknames."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bluelamp.types import names

#: a Chinese, Japanese or Korean name as it is written: its parts stand without a blank between them
_UNSPACED = re.compile("[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]{2,6}")


@dataclass(frozen=True)
class Spelling:
    """One written word: `raw` only where folding changes more than its case; the other fields as the index holds them.

    `parts` are the tokens of what it may be cut into. `nicknames` are the tokens that the same person may be called by,
    which holds both ways.
    """

    raw: str
    tokens: tuple[str, ...]
    parts: tuple[str, ...]
    sounds: tuple[str, ...]
    nicknames: tuple[str, ...]


def spell(word: str) -> Spelling:
    """The spelling keys of one written word."""
    tokens, parts = (
        tuple(_key(token) for each in written for token in names.tokens(each))
        for written in ((word,), sorted({part for cut in cuts(word) for part in cut}))
    )
    raw = "".join(character for character in word.lower() if character.isalnum())
    return Spelling(
        raw if raw and raw not in tokens and not raw.isascii() else "",
        tuple(token for token in tokens if token),
        tuple(token for token in parts if token),
        tuple(sorted({_key(key) for token in (*tokens, *parts) for key in names.sounds(token)} - {""})),
        tuple(sorted({_key(other) for token in tokens for other in names.nicknames(token)} - {"", *tokens})),
    )


def cuts(word: str) -> tuple[tuple[str, str], ...]:
    """How a word may be two parts of a name that are written without a blank: the family name has one sign or two."""
    return tuple((word[:at], word[at:]) for at in (1, 2) if at < len(word)) if _UNSPACED.fullmatch(word) else ()


remembered = lru_cache(maxsize=4096)(spell)


def _key(text: str) -> str:
    """The text without the white space at which the index cuts, at most 80 characters."""
    return "".join(text.split())[:80]
