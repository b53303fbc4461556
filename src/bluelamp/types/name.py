"""Names of people and organisations, kept as given (POLE-5)."""

import re
import unicodedata

from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.lists import groups
from bluelamp.types.text import HIDDEN
from bluelamp.types.wording import FILLERS, filler, is_filler, line

LONGEST = 200

#: words before a name that are no part of it
TITLES = frozenset(word for words in groups("titles.txt") for word in words)
#: titles that are hardly ever a name by themselves
BARE_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "mstr"])

#: words that mean that nothing is known, and yet are somebody's name
NAMES_TOO = frozenset(["NA", "NAN", "NIL", "NULL", "BLANK", "ANON"])

#: the letters of Europe's Latin alphabets as a RE2 class: of each that is a capital there is one small letter
LETTERS = "A-ZÀ-ÖØ-ÞĀ-įĲ-ķĹ-ňŊ-žȘ-ț"

_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z '-]*[A-Za-z])?", re.ASCII)
_ALLOWED_CATEGORIES = ("L", "M")
_ALLOWED = frozenset("-' ’ʼ‘`.·\u200c\u200d\u05f3\u05f4・")
_CASED = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")


class Name(PropertyType):
    """A name in any script, with the case and marks that the source gave it. `Name("organisation")` allows digits."""

    label = "Name"
    search = Search.NAME
    sensitivity = "personal"
    example = "Siân O’Neill-Adeyemi"
    hidden = HIDDEN

    def __init__(self, of: str = "person") -> None:
        self.of = of

    def clean(self, raw: str) -> Cleaned:
        if len(raw) > LONGEST and len(raw.strip()) > LONGEST:
            return Cleaned(None, Issue("too_long", f"A name has at most {LONGEST} characters; this is some other text"))
        text = line(raw)
        if not text:
            return Cleaned(None)
        if is_filler(text):
            if text.upper() not in NAMES_TOO:
                return filler(self.label)
            return Cleaned(text, Issue("filler", "This may be a name, or may mean that no name is known"))
        return Cleaned(text, self._doubt(text) if self.of == "person" else None)

    def _doubt(self, text: str) -> Issue | None:
        words = [word.strip(".") for word in text.casefold().split()]
        if words[0] in (TITLES if len(words) > 1 else BARE_TITLES):
            return Issue("title", "The name begins with a title, which is no part of it")
        if _PLAIN.fullmatch(text):
            return None
        if any(character.isnumeric() and not character.isalpha() for character in text):
            return Issue("digits", "A person's name has no digits; a reference belongs in a property of its own")
        if any(c not in _ALLOWED and unicodedata.category(c)[0] not in _ALLOWED_CATEGORIES for c in text):
            return Issue("characters", "A person's name has only letters, hyphens and apostrophes")
        return None

    def sql(self, raw: str) -> str | None:
        text = f"trim({raw})"
        letters = "[A-Za-z][A-Za-z '-]*" if self.of == "person" else "[A-Za-z][A-Za-z0-9 &'().,-]*"
        bare = fast.without(f"upper({text})", " &'().,-")
        known = f"NOT {fast.within(bare, sorted(FILLERS))} AND {fast.single(text)}"
        first = f"split_part(lower({text}), ' ', 1)"
        untitled = f"NOT {fast.within(first, sorted(TITLES))}"
        shaped = fast.matches(text, letters)
        return fast.choose(raw, (f"length({raw}) <= {LONGEST} AND {shaped} AND {known} AND {untitled}", text))

    def show(self, value: str) -> str:
        """The name as given; one in capitals alone is shown in name case."""
        if not value.isupper() or self.of != "person":
            return value
        return _CASED.sub(lambda word: _name_case(word[0]), value)

    def shown_sql(self, value: str) -> str:
        """Of names of Latin letters, and none that has an apostrophe beside an Mc or a single letter."""
        if self.of != "person":
            return value
        # of a plain name, what is no gap is a capital
        gap, letter = "[.'' -]", "[^.'' -]"
        small = f"CASE WHEN regexp_matches(part, '^MC{letter}{{3}}') THEN 'c' || part[3] ELSE lower(part[2:3]) END"
        part = f"part[1] || {small} || lower(part[4:])"
        parts = f"regexp_extract_all({value}, '{letter}+{gap}*')"
        odd = f"regexp_matches({value}, '(^|{gap})MC{letter}*''|''MC|''{letter}({gap}|$)')"
        plain = f"{value} = upper({value}) AND regexp_full_match({value}, '[{LETTERS}][{LETTERS}.'' -]+') AND NOT {odd}"
        return (
            f"CASE WHEN {plain} THEN array_to_string(list_transform({parts}, lambda part: {part}), '') ELSE {value} END"
        )


def _name_case(word: str) -> str:
    """`O'NEILL` as `O'Neill`, `MCDONALD` as `McDonald`."""
    parts = re.split(r"(['’ʼ])", word)
    cased = "".join(part.capitalize() if len(part) > 1 or at == 0 else part for at, part in enumerate(parts))
    return f"Mc{cased[2:].capitalize()}" if re.fullmatch(r"Mc[^\W\d_]{3,}", cased) else cased
