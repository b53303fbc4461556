"""Home Office outcome types of recorded crimes."""

import re
from typing import ClassVar

from bluelamp.types.choice import Choice, phrase
from bluelamp.types.grammar import Cleaned, Issue
from bluelamp.types.lists import table

_LABELS = {row["code"]: row["label"] for row in table("ho_outcome_types.csv")}

#: outcome categories of data.police.uk that are exactly one type
PUBLISHED = {
    "Under investigation": "0",
    "Suspect charged": "1",
    "Offender given penalty notice": "6",
    "Offender given a drugs possession warning": "7",
    "Local resolution": "8",
    "Investigation complete; no suspect identified": "18",
    "Action to be taken by another organisation": "20",
    "Further investigation is not in the public interest": "21",
}
#: those that may be several types
SEVERAL = {
    "Offender given a caution": "2 or 3",
    "Formal action is not in the public interest": "9 or 10",
    "Unable to prosecute suspect": "11 to 17",
}
_BY_PHRASE = {
    phrase(words): code for words, code in [*((label, code) for code, label in _LABELS.items()), *PUBLISHED.items()]
}
_SEVERAL = {phrase(words): codes for words, codes in SEVERAL.items()}
_CODE = re.compile(r"(?:outcome|type|outcome type)?[ :]*0*(\d{1,2}a?)(?:\.0)?(?:[ :-].*)?")


class Outcome(Choice):
    """Outcome type 1 to 22, or 0 where none is assigned yet."""

    label = "Outcome type"
    sensitivity = "case"
    example = "18"
    labels = _LABELS
    ways: ClassVar = {code.lower(): code for code in _LABELS}

    def refused(self, text: str) -> Cleaned:
        words = phrase(text)
        if found := _BY_PHRASE.get(words):
            return Cleaned(found)
        if several := _SEVERAL.get(words):
            return Cleaned(None, Issue("several", f"This may be outcome type {several}; give the number"))
        found_code = _CODE.fullmatch(text)
        code = self.ways.get(found_code[1].lower()) if found_code else None
        return Cleaned(code) if code else super().refused(text)

    def show(self, value: str) -> str:
        return f"{value}: {_LABELS[value]}" if value in _LABELS else value
