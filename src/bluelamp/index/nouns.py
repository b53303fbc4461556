"""What an opened index knows of object types, and what one reader sees of an object at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bluelamp.types.grammar import Search

#: numbers beyond which looking each up in a set beats comparing with one after the other
_FEW = 64


@dataclass(frozen=True)
class Noun:
    """An object type as the index was built with it."""

    code: int
    name: str
    slug: str
    #: property name -> its label, how it is searched, and whether it is sensitive
    properties: dict[str, tuple[str, str, bool]]

    def searched(self) -> list[str]:
        """The properties that the text index holds."""
        return [
            name
            for name, (_, search, sensitive) in self.properties.items()
            if search != Search.NOT.value and not sensitive
        ]


@dataclass(frozen=True)
class Seen:
    """What one reader sees of one object at a glance."""

    caption: str
    accesses: tuple[int, ...]
    #: the first day on which it may have happened
    day: date | None


def whole(visible: frozenset[int], of: str = "") -> str:
    """SQL of whether a reader sees a link (`of` a table's alias): the row that says it, and both its ends' records."""
    return " AND ".join(among(f"{of}{access}", visible) for access in ("access", "end_access", "other_access"))


def among(column: str, numbers: Iterable[int]) -> str:
    """Whether `column` is one of `numbers`. These stand in the text, so that the index can skip what cannot match."""
    listed = [str(int(number)) for number in sorted(numbers)]
    if len(listed) > _FEW:
        return f"{column} IN (SELECT unnest([{', '.join(listed)}]::BIGINT[]))"
    return f"{column} IN ({', '.join(listed)})" if listed else "false"
