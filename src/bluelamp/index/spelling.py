"""How a word of a name is found although it is written otherwise: its tokens, sounds and nicknames."""

from dataclasses import dataclass
from functools import lru_cache

from bluelamp.types import names


@dataclass(frozen=True)
class Spelling:
    """One written word: `raw` only where folding changes more than its case; the other fields as the index
    holds them. `nicknames` are the tokens that the same person may be called by, which holds both ways.
    """

    raw: str
    tokens: tuple[str, ...]
    sounds: tuple[str, ...]
    nicknames: tuple[str, ...]


def spell(word: str) -> Spelling:
    """The spelling keys of one written word."""
    tokens = tuple(_key(token) for token in names.tokens(word))
    raw = "".join(character for character in word.lower() if character.isalnum())
    return Spelling(
        raw if raw and raw not in tokens and not raw.isascii() else "",
        tuple(token for token in tokens if token),
        tuple(sorted({_key(key) for token in tokens for key in names.sounds(token)} - {""})),
        tuple(sorted({_key(other) for token in tokens for other in names.nicknames(token)} - {"", *tokens})),
    )


remembered = lru_cache(maxsize=4096)(spell)


def _key(text: str) -> str:
    """The text without the white space at which the index cuts, at most 80 characters."""
    return "".join(text.split())[:80]
