"""Pairs of records that may be of one thing and are not joined, for a reader who may see all of both."""

from collections.abc import Iterable
from dataclasses import dataclass

from bluelamp.ids import ObjectId
from bluelamp.index.nouns import among, whole
from bluelamp.index.objects import Objects
from bluelamp.lake.sql import ident

#: pairs that are looked at for one list
MOST = 1_000


@dataclass(frozen=True)
class Likely:
    """Two records of two objects that are likely one."""

    record: int
    other: int
    object: ObjectId
    other_object: ObjectId
    #: the natural logarithm of the odds
    weight: float


class Pairs:
    """The pairs of an opened index."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def places(self, type: str, records: Iterable[int], visible: frozenset[int]) -> dict[int, ObjectId]:
        """The object of each record of a type of which the reader may see a row; the others are left out."""
        noun = self._objects.by_name[type]
        objects = {record: self._objects.find(str(ObjectId(noun.slug, record))) for record in records}
        numbers = {each.number for each in objects.values() if each}
        found = self._objects.rows(
            f"SELECT DISTINCT record FROM {ident('record_' + noun.slug)} WHERE {among('object', numbers)} "
            f"AND {among('record', objects)} AND {among('access', visible)}"
        )
        return {record: id for (record,) in found if (id := objects[record])}

    def likely(self, type: str, visible: frozenset[int], offset: int = 0, limit: int = MOST) -> list[Likely]:
        """The strongest pair of records of each two objects, those first of which it is least certain which they are."""
        noun = self._objects.by_name[type]
        seen = f"{among('access', visible)} AND {among('other_access', visible)}"
        sure = "1 / (1 + exp(-weight))"
        found = self._objects.rows(
            f"SELECT record, other, object, other_object, weight FROM likely WHERE type = ? AND {seen} QUALIFY "
            "row_number() OVER (PARTITION BY object, other_object ORDER BY weight DESC, record, other) = 1 "
            f"ORDER BY round({sure} * (1 - {sure}), 2) DESC, weight DESC, object, other_object LIMIT ? OFFSET ?",
            [noun.name, limit, offset],
        )
        return [
            Likely(record, other, ObjectId(noun.slug, one), ObjectId(noun.slug, two), weight)
            for record, other, one, two, weight in found
        ]

    def linked(self, numbers: Iterable[int], visible: frozenset[int]) -> dict[int, int]:
        """How many link rows that the reader may see hang on each object number."""
        return dict(
            self._objects.rows(
                f"SELECT object, count(*) FROM link WHERE {among('object', numbers)} AND {whole(visible)} GROUP BY object"
            )
        )

    def markings(self, numbers: Iterable[int], visible: frozenset[int]) -> set[str]:
        """The markings of what the reader may see of some object numbers."""
        seen = self._objects.seen(numbers, visible)
        return {self._objects.accesses[access][1] for each in seen.values() for access in each.accesses}
