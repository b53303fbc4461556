"""Values from a short list, each written in several ways."""

import re
from collections.abc import Mapping
from typing import ClassVar

from bluelamp.types import fast
from bluelamp.types.grammar import Cleaned, Issue, PropertyType, Search
from bluelamp.types.wording import dashes, filler, is_filler, line

LONGEST = 200
#: how many values a message names
MOST_NAMED = 10


def key_of(text: str) -> str:
    """`text` as it is looked up: lower case, single blanks, plain hyphens."""
    return dashes(line(text)).lower()


class Choice(PropertyType):
    """One of a list of values. `ways` says what each way of writing (as `key_of` gives it) means."""

    search = Search.NOT
    hidden = "•••"
    #: by canonical value, what a page shows
    labels: ClassVar[Mapping[str, str]] = {}
    ways: ClassVar[Mapping[str, str]] = {}

    def clean(self, raw: str) -> Cleaned:
        text = key_of(raw) if len(raw) <= LONGEST else raw.strip()
        if not text:
            return Cleaned(None)
        value = self.ways_of().get(text) if len(text) <= LONGEST else None
        return Cleaned(value) if value else self.refused(text)

    def ways_of(self) -> Mapping[str, str]:
        """What each way of writing means, for this very type."""
        return self.ways

    def refused(self, text: str) -> Cleaned:
        """What a text (as `key_of` gives it) that is none of the values is cleaned to."""
        if is_filler(text):
            return filler(self.label)
        return Cleaned(None, Issue("unknown_value", f"{self.label} has no such value; it may be {self.choices()}"))

    def choices(self) -> str:
        """The values in words, for a message."""
        values = list(dict.fromkeys(self.ways_of().values()))
        return ", ".join(values[:MOST_NAMED]) + (" and others" if values[MOST_NAMED:] else "")

    def sql(self, raw: str) -> str | None:
        return fast.translate(raw, f"lower(trim({raw}))", dict(self.ways_of()))

    def show(self, value: str) -> str:
        return self.labels.get(value, value)


def phrase(text: str) -> str:
    """`text` as a key that only letters and digits make."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
