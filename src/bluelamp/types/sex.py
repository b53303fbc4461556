"""Sex or gender as recorded, from the list of the POLE standards."""

from typing import ClassVar

from bluelamp.types.choice import Choice
from bluelamp.types.lists import document

_LISTS = document("pole_entities.json")["value_lists"]
VALUES: tuple[str, ...] = tuple(_LISTS["gender"])
_BY_LOWER = {value.lower(): value for value in VALUES}

#: values that contradict no other
SILENT = frozenset({"Not Known", "Not Specified"})


class Sex(Choice):
    """Sex or gender, in words; CJS digits and single letters are understood."""

    label = "Sex"
    sensitivity = "personal"
    example = "Female"
    ways: ClassVar = {
        **_BY_LOWER,
        **{digit: _BY_LOWER[word] for digit, word in _LISTS["gender_cjs"].items()},
        "m": "Male",
        "f": "Female",
        "man": "Male",
        "woman": "Female",
        "u": "Not Known",
        "unknown": "Not Known",
        "n/k": "Not Known",
        "x": "Not Specified",
        "unspecified": "Not Specified",
        "non binary": "Non-Binary",
        "nonbinary": "Non-Binary",
        "transgender male": "Trans Male",
        "transgender female": "Trans Female",
        "trans man": "Trans Male",
        "trans woman": "Trans Female",
    }

    def agree(self, one: str, other: str) -> bool:
        """Whether they are the same, or one of them says nothing."""
        return one == other or one in SILENT or other in SILENT
