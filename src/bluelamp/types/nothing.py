"""Whether a text says only that nothing is known, in SQL, as the types that read it understand it: for keys."""

from collections.abc import Iterable

from bluelamp.types import fast
from bluelamp.types.grammar import PropertyType
from bluelamp.types.wording import DITTOS, FILLERS, LONGEST_FILLER


def nothing_sql(text: str, kinds: Iterable[PropertyType]) -> str:
    """SQL of whether `text`, which is not blank, says only that nothing is known.

    `kinds` are the types that clean the same text. A word that one of them understands says something.
    """
    kinds = list(kinds)
    known = sorted({word for kind in kinds for word in _understood(kind)})
    # a letter or a mark of another script says something
    other = rf"regexp_matches(regexp_replace({text}, '[ -~]+', '', 'g'), '[\pL\pM\pN]')"
    said = f" AND NOT {fast.within(f'upper({text})', known)}" if known else ""
    # one pattern of all words, with anything between their letters, takes five times as long to plan
    bare = f"regexp_replace(upper({text}), '[^A-Z0-9]+', '', 'g')"
    # by CASE, as AND and OR look at all of their parts for each row
    filler = f"CASE WHEN {fast.within(bare, ('', *sorted(FILLERS)))} THEN NOT {other}{said} ELSE false END"
    ditto = fast.within(f"lower({text})", sorted(DITTOS))
    short = f"CASE WHEN length({text}) <= {LONGEST_FILLER} THEN {filler} OR {ditto} ELSE false END"
    own = [fast.matches(text, f"(?i){kind.nothing}") for kind in kinds if kind.nothing]
    return " OR ".join(f"({each})" for each in [short, *own])


def _understood(kind: PropertyType) -> list[str]:
    """The words for nothing that are values of `kind`; none where it takes every word for a value."""
    if kind.clean("UNKNOWN").value is not None:
        return []
    return [word for word in FILLERS if kind.clean(word).value is not None]
