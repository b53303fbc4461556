"""Events in bulk: how often each value is said, when the events of a thing happened, what was seen where it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bluelamp.index.nouns import among, whole
from bluelamp.index.objects import Objects
from bluelamp.lake.sql import ident

#: letters of a moment that tells the minute: `2026-10-30T17:26`
MINUTE = 16

#: objects with several records that are listed, so that those of all others can be counted by their rows
SEVERAL = 20_000
#: lists of these that are kept
KNOWN = 64


@dataclass(frozen=True)
class Companion:
    """Another thing that was seen where and when one was: how often, at how many places, first and last."""

    number: int
    times: int
    places: int
    first: datetime
    last: datetime


class Movement:
    """The timed events of an opened index."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        # a build never changes, so this is found once for each type and all who see the same
        self._several = lru_cache(KNOWN)(self._find_several)

    def moments(self, type: str, when: str, numbers: Iterable[int], visible: frozenset[int]) -> dict[int, datetime]:
        """When each of some events happened, of those of which at least the minute is known.

        Of several times that visible records say, the first counts.
        """
        table, column = self._table(type), ident(when)
        found = self._objects.rows(
            f"SELECT object, min(try_cast({column} AS TIMESTAMP)) FROM {table} WHERE object IN "
            f"(SELECT unnest(?::BIGINT[])) AND length({column}) >= {MINUTE} AND {among('access', visible)} GROUP BY object",
            [sorted(numbers)],
        )
        return {number: moment for number, moment in found if moment is not None}

    def histogram(
        self, type: str, name: str, visible: frozenset[int], first: str = "", last: str = "", limit: int = 50
    ) -> tuple[list[tuple[str, int]], int, set[int]]:
        """How many objects of a type say each value of a property, the most first; how many say any; by which accesses.

        With days, only events that may have happened then. An object that says two values counts for both.
        """
        said = f"FROM {self._table(type)} WHERE {among('access', visible)} AND {ident(name)} IS NOT NULL"
        values = list[object]()
        for bound, test in ((first, "day_to >= ?::DATE"), (last, "day_from <= ?::DATE")):
            if bound:
                said += f" AND {test}"
                values.append(bound)
        # rows are counted forty times faster than the objects that they are of
        several = self._several(type, visible)
        parts = [("count(DISTINCT object)", "", values)]
        if several is not None:
            listed, values = "IN (SELECT unnest(?::BIGINT[]))", [*values, several]
            parts = [
                ("count(*)", f"AND object NOT {listed}", values),
                ("count(DISTINCT object)", f"AND object {listed}", values),
            ]
        given = [value for _, _, mine in parts for value in mine]
        each = " UNION ALL ".join(
            f"SELECT {ident(name)}::VARCHAR AS value, {count} AS n {said} {only} GROUP BY 1" for count, only, _ in parts
        )
        counted = self._objects.rows(
            f"SELECT value, sum(n)::BIGINT AS n FROM ({each}) GROUP BY value ORDER BY n DESC, value LIMIT {int(limit)}",
            given,
        )
        every = " UNION ALL ".join(f"SELECT {count}, list(DISTINCT access) {said} {only}" for count, only, _ in parts)
        counts = self._objects.rows(every, given)
        return counted, sum(number for number, _ in counts), {access for _, mine in counts for access in mine or ()}

    def _find_several(self, type: str, visible: frozenset[int]) -> list[int] | None:
        """The objects of a type of which the reader sees several records; None where they are too many to list."""
        found = self._objects.rows(
            f"SELECT object FROM {self._table(type)} WHERE {among('access', visible)} GROUP BY object "
            f"HAVING count(*) > 1 LIMIT {SEVERAL + 1}"
        )
        return [number for (number,) in found] if len(found) <= SEVERAL else None

    def _table(self, type: str) -> str:
        return ident("record_" + self._objects.by_name[type].slug)

    def companions(
        self,
        type: str,
        when: str,
        link: str,
        seen: Sequence[tuple[int, datetime]],
        apart: timedelta,
        visible: frozenset[int],
    ) -> list[Companion]:
        """What events of `type` saw (by `link`) at the same places within `apart` of the times in `seen`.

        `seen` are the numbers of places, each with a time. The thing itself is among the answers.
        """
        table, column = self._table(type), ident(when)
        places, times = zip(*seen, strict=True) if seen else ((), ())
        found = self._objects.rows(
            "WITH mine AS (SELECT unnest(?::BIGINT[]) AS place, unnest(?::TIMESTAMP[]) AS moment), "
            "there AS (SELECT DISTINCT object AS place, other AS event FROM link WHERE object IN (SELECT place FROM mine) "
            f"AND type = 'happened_at' AND NOT forward AND other_type = ? AND {whole(visible)}), "
            f"timed AS (SELECT t.place, t.event, min(try_cast(r.{column} AS TIMESTAMP)) AS moment FROM there AS t "
            f"JOIN {table} AS r ON r.object = t.event WHERE length(r.{column}) >= {MINUTE} "
            f"AND {among('r.access', visible)} GROUP BY ALL), "
            "near AS (SELECT DISTINCT mine.place, mine.moment AS mine, timed.event, timed.moment FROM mine JOIN timed ON "
            "timed.place = mine.place AND timed.moment BETWEEN mine.moment - ? AND mine.moment + ?), "
            "who AS (SELECT l.other, near.* FROM near JOIN link AS l ON l.object = near.event WHERE l.type = ? "
            f"AND l.forward AND {whole(visible, 'l.')}) "
            "SELECT other, count(DISTINCT mine), count(DISTINCT place), min(moment), max(moment) FROM who GROUP BY other",
            [list(places), list(times), type, apart, apart, link],
        )
        return [Companion(*row) for row in found]
