"""Ethnicity as people define it themselves or as an officer observed it; the one never says the other (ETH-1)."""

import re
from collections.abc import Mapping
from typing import Literal

from bluelamp.errors import DeclarationError
from bluelamp.types.choice import Choice, key_of, phrase
from bluelamp.types.grammar import Cleaned, Issue
from bluelamp.types.lists import table

_OBSERVED_SCHEMES = ("OBSERVED_6+1", "DATA_POLICE_UK_OFFICER")
_LISTS = table("ethnicity.csv")
_SELF = {row["code"]: row["label"] for row in _LISTS if row["scheme"] == "SDE"}
_OBSERVED = {row["code"]: row["label"] for row in _LISTS if row["scheme"] in _OBSERVED_SCHEMES}
LABELS: Mapping[str, Mapping[str, str]] = {"self": _SELF, "observed": _OBSERVED}

#: other ways of writing, among them those of data.police.uk and the censuses
_PHRASES: dict[str, dict[str, str]] = {kind: {} for kind in LABELS}
for _row in table("ethnicity_phrases.csv"):
    _PHRASES[_row["kind"]] |= dict.fromkeys((phrase(_row["phrase"]), key_of(_row["phrase"])), _row["code"])

WAYS: Mapping[str, Mapping[str, str]] = {
    kind: {
        **{phrase(label): code for code, label in labels.items()},
        **{code.lower(): code for code in labels},
        **_PHRASES[kind],
    }
    for kind, labels in LABELS.items()
}

#: codes that contradict no other
SILENT = frozenset({"NS", "N1", "N2", "N3", "N4", "IC9"})
#: the same group in different schemes
SAME = (
    *({"A4", "O1"},),
    *({"White", each} for each in ("IC1", "IC2")),
    *({"Asian", each} for each in ("IC4", "IC5")),
    *({"Other", each} for each in ("IC5", "IC6")),
    {"Black", "IC3"},
)
_CODE_AT_END = re.compile(r"\(([a-z]+ ?[0-9]?)\)$")
_DIGIT = re.compile("[0-9]")


class Ethnicity(Choice):
    """A code of the 18+1 list (`self`), or an IC code or an officer's word (`observed`)."""

    label = "Ethnicity"
    sensitivity = "personal"
    example = "W1"

    def __init__(self, kind: Literal["self", "observed"] = "self") -> None:
        if kind not in LABELS:
            raise DeclarationError(f"Ethnicity is `self` or `observed`, not `{kind}`")
        self.kind = kind
        if kind == "observed":
            self.example = "IC3"  # type: ignore[misc]  # one class, two lists

    def ways_of(self) -> Mapping[str, str]:
        return WAYS[self.kind]

    def refused(self, text: str) -> Cleaned:
        """`text` by its words alone, or by a code in brackets at its end."""
        ways = self.ways_of()
        if found := ways.get(phrase(text)):
            return Cleaned(found)
        if (code := _CODE_AT_END.search(text)) and (found := ways.get(phrase(code[1]))):
            return Cleaned(found)
        if self.kind == "observed" and _DIGIT.fullmatch(text):
            message = (
                "A bare digit means different groups in the 4+1 and 6+1 lists; declare a code list, or write IC1 to IC9"
            )
            return Cleaned(None, Issue("ambiguous", message))
        return super().refused(text)

    def show(self, value: str) -> str:
        label = LABELS[self.kind].get(value, value)
        return label if label == value else f"{label} ({value})"

    def agree(self, one: str, other: str) -> bool:
        """Whether they are the same group, or one of them says nothing."""
        return one == other or one in SILENT or other in SILENT or {one, other} in SAME
