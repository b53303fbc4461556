"""The grade of an intelligence report, 3x5x2 (INT-1)."""

import re

from bluelamp.types import fast
from bluelamp.types.choice import LONGEST
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.lists import document
from bluelamp.types.wording import filler, is_filler

_LISTS = document("intel_3x5x2.json")
#: what each of the three places means, by code
PLACES: tuple[dict[str, str], ...] = tuple(
    {each["code"]: each["label"] for each in _LISTS[part]}
    for part in ("source_evaluation", "information_assessment", "handling")
)
_GRADE = re.compile("[123][ABCDE][PC]")
_LEGACY = re.compile("[ABCDE][1-5][1-5]")
_BETWEEN = re.compile(r"[\s/x.-]+")


class Grade(PropertyType):
    """Source 1 to 3, information A to E, handling P or C: `1AP`."""

    label = "Grade"
    search = Search.NOT
    sensitivity = "case"
    example = "1AP"

    def clean(self, raw: str) -> Cleaned:
        text = raw.strip()
        if not text:
            return Cleaned(None)
        value = _BETWEEN.sub("", text).upper() if len(text) <= LONGEST and text.isascii() else ""
        if _GRADE.fullmatch(value):
            return Cleaned(value)
        if _LEGACY.fullmatch(value):
            message = "This is a 5x5x5 grade; have it graded 3x5x2, and keep the old grade in the report"
            return Cleaned(None, Issue("legacy_grade", message))
        if is_filler(text):
            return filler(self.label)
        message = "A grade is a source 1 to 3, information A to E and handling P or C, such as 1AP"
        return Cleaned(None, Issue("format", message))

    def sql(self, raw: str) -> str | None:
        value = f"upper(trim({raw}))"
        return fast.choose(raw, (fast.matches(value, _GRADE.pattern), value))

    def show(self, value: str) -> str:
        """`1AP: reliable, known directly to the source, lawful sharing permitted`."""
        return f"{value}: {', '.join(part.lower() for part in parts(value))}"


def parts(value: str) -> tuple[str, str, str]:
    """What source evaluation, information assessment and handling code of a cleaned grade mean."""
    source, information, handling = (place[code] for place, code in zip(PLACES, value, strict=True))
    return source, information, handling
