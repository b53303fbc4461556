"""What people write in forms: the phrases of `lists/phrases.txt` by section."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from bluelamp.demo.names import LISTS

Words = NDArray[np.object_]


@cache
def sections() -> dict[str, tuple[str, ...]]:
    """Section -> its phrases."""
    found: dict[str, tuple[str, ...]] = {}
    current = ""
    for line in (LISTS / "phrases.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            current = line.strip("[]")
            found[current] = ()
        elif line and not line.startswith("#"):
            found[current] += (line,)
    return found


def of(section: str) -> tuple[str, ...]:
    """The phrases of a section."""
    return sections()[section]


def method(crime_type: str) -> Words:
    """How crimes of a type are done: the section `method ...` that the type begins with."""
    section = next(each for each in sections() if each.startswith("method ") and crime_type.startswith(each[7:]))
    return np.array(of(section), dtype=object)
