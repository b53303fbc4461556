"""Which pairs people are asked to judge, to tell how often records are joined rightly: drawn by a hash with a secret.

Nothing of it is kept: the same records give the same pairs, and a record that was drawn stays drawn when others come.

A *joined* pair is a record and one of its own object: each record names one of all these, itself among them, and those
that name another make a pair. A *doubt* is a record and another object that it may belong to: the record names one of
both objects' records, and those that name one of the other make a pair. So a record is drawn as often as what it has
wrong, or misses, would weigh in B-cubed precision and recall, and every pair drawn counts the same. Of all pairs those
of the first records are judged, in an order that the secret gives.

Whoever sees fewer records draws from these alone, and still the same joined pairs as others, where they see both
records; of doubts, mostly the same.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Draw:
    """One way to draw, as the secret of a workspace gives it."""

    #: what records are ordered by their distance from (exclusive or): 63 bits, as numbers of records have
    point: int
    _key: bytes

    @classmethod
    def of(cls, secret: str) -> "Draw":
        """The way of a workspace that numbers its records by this secret."""
        key = hashlib.blake2b(f"sample {secret}".encode(), digest_size=32).digest()
        return cls(int.from_bytes(key[:8], "little") >> 1, key)

    def place(self, record: int) -> int:
        """What the drawn come in the order of. Numbers of records are as good as random already (`ids`)."""
        return record ^ self.point

    def named(self, record: int, among: Iterable[int]) -> int:
        """The one of several records that a record names: each as likely as any other, always the same one."""
        return min(among, key=lambda other: self._lot(record, other))

    def _lot(self, record: int, other: int) -> bytes:
        said = record.to_bytes(8, "little") + other.to_bytes(8, "little")
        return hashlib.blake2b(said, digest_size=16, key=self._key).digest()


@dataclass(frozen=True)
class Drawn:
    """A pair that was drawn."""

    #: the record that it was drawn for
    record: int
    #: the objects that the two belong to by keys and model, the record's first; the same of a joined pair
    objects: tuple[int, int]
    #: the two records that a person judges, the lesser first
    pair: tuple[int, int]


@dataclass(frozen=True)
class Standings:
    """How records stand: who is with whom, and which objects may be one."""

    #: the object of each record
    objects: Mapping[int, int]
    #: the records of each object
    members: Mapping[int, tuple[int, ...]]
    #: of each object the others that it may be one with, each with the two records that say so most
    doubts: Mapping[int, Mapping[int, tuple[int, int]]]


def joined(draw: Draw, stand: Standings, records: Iterable[int]) -> list[Drawn]:
    """The joined pairs of `records`, in their order."""
    found = []
    for record in sorted(records, key=draw.place):
        mine = stand.objects[record]
        other = draw.named(record, stand.members[mine])
        if other != record:
            found.append(Drawn(record, (mine, mine), _sorted(record, other)))
    return found


def doubted(draw: Draw, stand: Standings, records: Iterable[int]) -> list[Drawn]:
    """The doubts of `records`, in their order."""
    found = []
    for record in sorted(records, key=draw.place):
        mine = stand.objects[record]
        own = draw.named(record, stand.members[mine])
        for other, pair in sorted(stand.doubts.get(mine, {}).items()):
            named = draw.named(record, (own, *stand.members[other]))
            if named != own:
                found.append(Drawn(record, (mine, other), _sorted(*pair)))
    return found


def _sorted(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
