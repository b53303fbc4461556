"""Names as they are compared: without case, accents, script and punctuation."""

import re

from anyascii import anyascii

# Inside a word these are part of a letter's sound (O'Neill, Ka‘ba), so the word stays one.
_DROPPED = dict.fromkeys(map(ord, "'’ʼ‘`´ʻʿʾ′"))
_OTHER = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """`text` in small ASCII letters and digits with single blanks: `O’Neill-Żak` is `oneill zak`.

    Other scripts are written in Latin letters one by one, so Arabic comes out without its short vowels.
    """
    if not text.isascii():
        text = anyascii(text.translate(_DROPPED))
    return _OTHER.sub(" ", text.translate(_DROPPED).lower()).strip()


def tokens(text: str) -> tuple[str, ...]:
    """The words of `text`, folded."""
    if text.isascii() and text.isalpha():
        return (text.lower(),)
    return tuple(fold(text).split())
