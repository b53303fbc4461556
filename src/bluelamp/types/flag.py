"""Yes or no."""

from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.wording import filler, is_filler

WORDS = {
    **dict.fromkeys(("true", "yes", "y", "t", "1", "1.0"), "true"),
    **dict.fromkeys(("false", "no", "n", "f", "0", "0.0"), "false"),
}


class Flag(PropertyType):
    """Yes or no; where it was not said, nothing."""

    label = "Yes or no"
    storage = "BOOLEAN"
    search = Search.NOT
    example = "yes"
    hidden = "•••"

    def clean(self, raw: str) -> Cleaned:
        text = raw.strip()
        value = WORDS.get(text.lower())
        if value or not text:
            return Cleaned(value)
        if is_filler(text):
            return filler(self.label)
        return Cleaned(None, Issue("format", "This is neither yes nor no; write yes or no, true or false, 1 or 0"))

    def sql(self, raw: str) -> str | None:
        return fast.translate(raw, f"lower(trim({raw}))", WORDS)

    def show(self, value: str) -> str:
        return "Yes" if value == "true" else "No"
