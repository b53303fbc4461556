"""All records of a type that a reader may see, as pairs are drawn from them and as these are held against them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bluelamp.index.nouns import among
from bluelamp.index.objects import Objects
from bluelamp.lake.sql import ident


@dataclass(frozen=True)
class Instead:
    """What counts instead of what the index says of some objects."""

    #: the objects of which it does
    objects: frozenset[int]
    #: the object of each of their records
    records: Mapping[int, int]
    #: pairs of objects that may be one, of which at least one is an object of `records`; each both ways
    doubts: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Share:
    """The records of one group: how many, and how many would be wrong, or missed, at most (`Population`)."""

    name: str
    records: int
    wrong: float
    missed: float


class Crowd:
    """The records of one type in an opened index, for a reader who may see some accesses."""

    def __init__(self, objects: Objects, type: str, visible: frozenset[int]) -> None:
        self._objects = objects
        self._noun = objects.by_name[type]
        self._table = ident("record_" + self._noun.slug)
        self._seen = among("access", visible)
        self._both = f"type = ? AND {self._seen} AND {among('other_access', visible)}"

    def nearest(self, point: int, limit: int) -> tuple[dict[int, int], bool]:
        """The records nearest to a point (exclusive or) in order, with the object of each; of at most `limit` rows.

        Also whether these are all there are.
        """
        return self._nearest("true", [], point, limit)

    def nearest_doubts(self, point: int, limit: int, also: Iterable[int]) -> tuple[dict[int, int], bool]:
        """The same of records of objects that may be one with another, and of the objects `also`."""
        doubts = f"SELECT unnest([object, other_object]) FROM likely WHERE {self._both}"
        return self._nearest(f"object IN ({doubts}) OR {among('object', also)}", [self._noun.name], point, limit)

    def of(self, objects: Iterable[int]) -> dict[int, int]:
        """The records of some objects, with the object of each."""
        where = f"{among('object', objects)} AND {self._seen}"
        return dict(self._objects.rows(f"SELECT DISTINCT record, object FROM {self._table} WHERE {where}"))

    def doubts(self, objects: Iterable[int]) -> dict[tuple[int, int], tuple[int, int]]:
        """The objects that some objects may be one with, each two with the records that say so most."""
        listed = list(objects)
        found = self._objects.rows(
            f"SELECT object, other_object, record, other FROM likely WHERE {self._both} AND "
            f"({among('object', listed)} OR {among('other_object', listed)}) QUALIFY "
            "row_number() OVER (PARTITION BY object, other_object ORDER BY weight DESC, record, other) = 1",
            [self._noun.name],
        )
        return {(one, other): (record, second) for one, other, record, second in found}

    def said(self, name: str, records: Iterable[int]) -> list[tuple[int, str]]:
        """What some records say in a property, each value once."""
        where = f"{among('record', records)} AND {self._seen} AND {ident(name)} IS NOT NULL"
        columns = f"record, {ident(name)}::VARCHAR"
        return self._objects.rows(f"SELECT DISTINCT {columns} FROM {self._table} WHERE {where} ORDER BY ALL")

    def glance(self, records: Iterable[int], names: Sequence[str]) -> dict[int, tuple[str, list[dict[str, object]]]]:
        """What each of some records is called by its newest row, and what all its rows say in some properties."""
        columns = ", ".join(ident(each) for each in ("record", "caption", *names))
        found: dict[int, tuple[str, list[dict[str, object]]]] = {}
        for record, caption, *values in self._objects.rows(
            f"SELECT {columns} FROM {self._table} WHERE {among('record', records)} AND {self._seen} "
            'ORDER BY record, delivery DESC, "row"'
        ):
            said = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            found.setdefault(record, (caption, []))[1].append(said)
        return found

    def shares(self, by: str, instead: Instead) -> list[Share]:
        """The groups that a property makes of all records, or all of them where none is given."""
        group = f"coalesce(min({ident(by)}::VARCHAR), '')" if by else "''"
        touched = among("object", instead.objects), among("other_object", instead.objects)
        doubts = f"FROM likely WHERE {self._both} AND NOT ({touched[0]} OR {touched[1]})"
        found = self._objects.rows(
            f"WITH instead(record, object) AS ({_values(instead.records.items())}), "
            f"ours AS (SELECT record, any_value(object) AS object, {group} AS name FROM {self._table} "
            f"WHERE {self._seen} GROUP BY record), "
            "stands AS MATERIALIZED (SELECT record, coalesce(i.object, o.object) AS object, o.name "
            "FROM ours o LEFT JOIN instead i USING (record)), "
            "size AS MATERIALIZED (SELECT object, count(*)::DOUBLE AS n FROM stands GROUP BY object), "
            f"doubt(object, other) AS (SELECT object, other_object {doubts} UNION "
            f"SELECT other_object, object {doubts} UNION {_values(instead.doubts)}), "
            "missed AS (SELECT s.name, sum(far.n / (near.n + far.n)) AS missed FROM stands s JOIN doubt d USING (object) "
            "JOIN size near USING (object) JOIN size far ON far.object = d.other GROUP BY s.name) "
            "SELECT name, count(*), sum(1 - 1 / n), coalesce(any_value(missed), 0) FROM stands JOIN size USING (object) "
            "LEFT JOIN missed USING (name) GROUP BY name ORDER BY name",
            [self._noun.name] * 2,
        )
        return [Share(*row) for row in found if row[0] or not by]

    def _nearest(self, where: str, values: list[object], point: int, limit: int) -> tuple[dict[int, int], bool]:
        found = self._objects.rows(
            f"SELECT record, object FROM {self._table} WHERE {self._seen} AND ({where}) "
            f"ORDER BY xor(record, {int(point)}) LIMIT {int(limit)}",
            values,
        )
        return dict(found), len(found) < limit


def _values(pairs: Iterable[tuple[int, int]]) -> str:
    """SQL of rows of two numbers."""
    listed = ", ".join(f"({int(one)}, {int(other)})" for one, other in pairs)
    return f"VALUES {listed}" if listed else "SELECT 0::BIGINT, 0::BIGINT WHERE false"
