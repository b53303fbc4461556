"""Short and pet forms of given names, from `reference/nicknames.txt`."""

from functools import cache

from bluelamp.types.fold import fold
from bluelamp.types.lists import groups

_NONE: frozenset[str] = frozenset()


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in groups("nicknames.txt"):
        words = {fold(word).replace(" ", "") for word in group}
        for word in words:
            found.setdefault(word, set()).update(words)
    return {word: frozenset(words - {word}) for word, words in found.items()}


def nicknames(token: str) -> frozenset[str]:
    """What else a folded given name may be written as: `bob` gives `robert`, `rob`, `bobby` and others."""
    return _table().get(token, _NONE)
