"""Any reference that a system or body gives out."""

import re

from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.identifier import LONGEST
from bluelamp.types.text import HIDDEN
from bluelamp.types.wording import FILLERS, filler, is_filler, line

_MARKS = re.compile("[^A-Z0-9]+")
#: where letters and digits meet
_TURNS = (("[A-Z]", "[0-9]"), ("[0-9]", "[A-Z]"))


class Reference(PropertyType):
    """A reference of no known shape: upper case, single blanks. `Reference(by_end=True)` is found by its end too."""

    label = "Reference"
    search = Search.IDENTIFIER
    hidden = HIDDEN
    example = "CAD 1234/21NOV26"

    def __init__(self, *, by_end: bool = False) -> None:
        self.by_end = by_end

    def clean(self, raw: str) -> Cleaned:
        if len(raw) > LONGEST and len(raw.strip()) > LONGEST:
            return Cleaned(None, Issue("too_long", f"A reference has at most {LONGEST} characters"))
        text = line(line(raw).upper())
        if not text:
            return Cleaned(None)
        return filler(self.label) if is_filler(text) else Cleaned(text)

    def join_key(self, value: str) -> str:
        """Without marks between a letter and a digit, so that `GB-1`, `GB 1` and `GB1` are one; others are made `-`.

        A mark between two digits or two letters stays, because `1/23` is not `12/3`.
        """
        if not value.isascii():
            return value
        text = _MARKS.sub("-", value).strip("-")
        for before, after in _TURNS:
            text = re.sub(f"({before})-({after})", r"\1\2", text)
        return text or value

    def join_key_sql(self, value: str) -> str:
        text = f"trim(regexp_replace({value}, '{_MARKS.pattern}', '-', 'g'), '-')"
        for before, after in _TURNS:
            text = f"regexp_replace({text}, '({before})-({after})', '\\1\\2', 'g')"
        return f"CASE WHEN {fast.plain(value)} THEN coalesce(nullif({text}, ''), {value}) ELSE {value} END"

    def sql(self, raw: str) -> str | None:
        text = f"upper(trim({raw}))"
        shaped = fast.matches(text, "[A-Z0-9 /.:_#-]*[A-Z0-9][A-Z0-9 /.:_#-]*")
        said = f"NOT {fast.within(fast.without(text, ' /.:_#-'), sorted(FILLERS))}"
        return fast.choose(raw, (f"length({raw}) <= {LONGEST} AND {shaped} AND {fast.single(text)} AND {said}", text))
