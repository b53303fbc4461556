"""What a connector made of one delivery, in the form that tests compare."""

from collections.abc import Callable
from dataclasses import dataclass

from bluelamp.connectors import Offer, Reject, read
from bluelamp.workspace.model import Read


@dataclass
class Got:
    """What a connector made of one delivery."""

    names: list[str]
    rows: list[dict[str, str | int | None]]
    rejects: list[Reject]

    def values(self) -> list[tuple[str | None, ...]]:
        """The rows without their numbers."""
        return [tuple(row[name] for name in self.names) for row in self.rows]  # type: ignore[misc]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the rows that were kept."""
        return [row["_row"] for row in self.rows]  # type: ignore[misc]

    @property
    def seen(self) -> list[int | None]:
        """The numbers of all rows, kept or rejected, in order."""
        return sorted([*self.numbers, *(each.row for each in self.rejects)])  # type: ignore[type-var]


def take(offer: Offer, declared: Read, columns: frozenset[str] = frozenset()) -> Got:
    """Read one offer to its end."""
    rejects: list[Reject] = []
    rows = read(offer, declared, rejects.append, columns)
    names = [name for name in rows.schema.names if name != "_row"]
    return Got(names, rows.read_all().to_pylist(), rejects)


#: the fixture `deliver`: content, and how it is read, to what came of it
Deliver = Callable[..., Got]
