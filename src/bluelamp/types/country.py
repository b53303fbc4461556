"""Countries by their three letters (ISO 3166-1 alpha-3)."""

from bluelamp.types import fast
from bluelamp.types.choice import phrase
from bluelamp.types.grammar import Cleaned, Issue, Search
from bluelamp.types.identifier import LONGEST, Identifier
from bluelamp.types.lists import table
from bluelamp.types.wording import filler, is_filler, line

_ROWS = table("countries.csv")
#: English name by code
NAMES: dict[str, str] = {row["code"]: row["name"] for row in _ROWS}
#: country by name, by what its people are called, and by other usual names
BY_WORD: dict[str, str] = {
    phrase(word): row["code"]
    for row in _ROWS
    for word in (row["name"], *row["nationality"].split(";"), *row["also"].split(";"))
    if word
}


class Country(Identifier):
    """A country or nationality; names in English are understood, two letters are not."""

    key = "country"
    search = Search.WORDS
    hidden = "•••"

    def clean(self, raw: str) -> Cleaned:
        text = line(raw) if len(raw) <= LONGEST else raw.strip()
        if not text:
            return Cleaned(None)
        if len(text) > LONGEST:
            return self.refused()
        code = self.normal(text)
        if found := code if code in NAMES else BY_WORD.get(phrase(text)):
            return Cleaned(found)
        if is_filler(text):
            return filler(self.label)
        if self.pattern.fullmatch(code):
            return Cleaned(None, Issue("unknown_code", "No country has these three letters (ISO 3166-1 alpha-3)"))
        return self.refused(code)

    def sql(self, raw: str) -> str | None:
        code = f"upper(trim({raw}))"
        return fast.choose(raw, (fast.within(code, sorted(NAMES)), code))

    def show(self, value: str) -> str:
        return NAMES.get(value, value)
