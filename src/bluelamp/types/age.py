"""Ages and ranges of ages in years."""

import re

from bluelamp.types import fast
from bluelamp.types.choice import LONGEST, key_of
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.lists import document
from bluelamp.types.wording import filler, is_filler

OLDEST = 130

_AGE = r"(\d{1,3})"
_YEARS = r"(?: ?(?:years?|yrs?\.?)(?: old)?| old)?"
_SPAN = re.compile(rf"{_AGE} ?(?:-|to) ?{_AGE}{_YEARS}", re.ASCII)
_EXACT = re.compile(rf"(?:aged? )?{_AGE}{_YEARS}", re.ASCII)
#: of a child that is not a year old yet
_YOUNG = re.compile(
    r"(?:aged? )?(?:(?:\d|1[01]) ?(?:months?|mths?\.?|mos?\.?)|"
    r"\d{1,2} ?(?:days?|weeks?|wks?\.?|hours?|hrs?\.?))(?: old)?",
    re.ASCII,
)
_ABOUT = re.compile(r"(?:(?:circa|approximately|approx|about|abt|ca|c)\.? ?|~ ?)(?P<said>\d.*)|(?P<doubted>\d.*?) ?\?")
_UNDER = re.compile(rf"(?:under|below|<|less than) ?{_AGE}", re.ASCII)
_OVER = re.compile(rf"(?:over|above|>|more than) ?{_AGE}", re.ASCII)
_FROM = re.compile(rf"{_AGE} ?(?:\+|and over|and above|or over|plus)", re.ASCII)


class AgeRange(PropertyType):
    """An age or a range of ages: `23`, `18-24`, `under 10`, `over 34`."""

    label = "Age range"
    search = Search.NOT
    sensitivity = "personal"
    example = "18-24"
    hidden = "•••"

    def clean(self, raw: str) -> Cleaned:
        text = key_of(raw) if len(raw) <= LONGEST else raw.strip()
        if not text:
            return Cleaned(None)
        if is_filler(text):
            return filler(self.label)
        value, doubt = _read(text) if len(text) <= LONGEST else (None, None)
        if value is None:
            return Cleaned(None, Issue("format", "This is not an age or a range of ages, such as 18-24 or over 34"))
        low, high = ages(value)
        if low > high or high > OLDEST:
            return Cleaned(None, Issue("range", f"Ages run from 0 to {OLDEST}, the lower one first"))
        return Cleaned(value, doubt)

    def sql(self, raw: str) -> str | None:
        text = f"lower(trim({raw}))"
        known = document("data_police_uk.json")["age_ranges"]
        return fast.choose(raw, (f"{fast.within(text, known)} OR {fast.matches(text, '[1-9][0-9]?')}", text))

    def show(self, value: str) -> str:
        return value.replace("-", " to ")

    def agree(self, one: str, other: str) -> bool:
        """Whether some age is in both."""
        (low, high), (other_low, other_high) = ages(one), ages(other)
        return low <= other_high and other_low <= high


def _read(text: str) -> tuple[str | None, Issue | None]:
    """The age that `text` says, and the doubt where it says that it is only about right."""
    value = "0" if _YOUNG.fullmatch(text) else _value(text)
    if value is None and (found := _ABOUT.fullmatch(text)):
        return _value(found["said"] or found["doubted"]), Issue(
            "estimate", "The source says that this is only about right"
        )
    return value, None


def _value(text: str) -> str | None:
    if found := _SPAN.fullmatch(text):
        return f"{int(found[1])}-{int(found[2])}"
    if found := _EXACT.fullmatch(text):
        return str(int(found[1]))
    if found := _UNDER.fullmatch(text):
        return f"under {int(found[1])}"
    if found := _OVER.fullmatch(text):
        return f"over {int(found[1])}"
    if (found := _FROM.fullmatch(text)) and int(found[1]) > 0:
        return f"over {int(found[1]) - 1}"
    return None


def ages(value: str) -> tuple[int, int]:
    """The lowest and the highest age of a cleaned AgeRange."""
    if value.startswith("under "):
        return 0, int(value[6:]) - 1
    if value.startswith("over "):
        return int(value[5:]) + 1, OLDEST
    low, _, high = value.partition("-")
    return int(low), int(high or low)
