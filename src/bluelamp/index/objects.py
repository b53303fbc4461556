"""The object index read for one reader: every query carries the accesses that the reader may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bluelamp.errors import NotFound
from bluelamp.ids import ObjectId, parse
from bluelamp.index.found import Conflict, Link, LinkCount, Links, Record
from bluelamp.lake.sql import ident, literal
from bluelamp.types.grammar import Search

#: what one server process may use for look-ups; the text index is in the system's page cache instead
MEMORY = "2GiB"

#: records of one object that one call hands out at most, unless told otherwise
RECORDS = 1_000

_OWN = ("object", "record", "access", "delivery", "file", "row", "key", "caption", "day_from", "day_to")

_CAPTION = "arg_max(caption, (caption <> '', n, length(caption), caption))"


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


def among(column: str, numbers: Iterable[int]) -> str:
    """`column IN (numbers)` with the numbers in the text, so that the index can skip what cannot match."""
    listed = ", ".join(str(int(number)) for number in sorted(numbers))
    return f"{column} IN ({listed})" if listed else "false"


class Objects:
    """One built object index, opened for reading; safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": "2",
            "memory_limit": MEMORY,
            "autoload_known_extensions": "false",
        }
        self._connection = duckdb.connect(str(path), read_only=True, config=config)
        self.accesses = {number: (source, marking) for number, source, marking in self.rows("FROM access")}
        self.sources = {number: source for number, (source, _) in self.accesses.items()}
        said = self.rows("SELECT type, name, label, search, sensitive FROM property ORDER BY type, place")
        self.nouns = {
            code: Noun(code, name, slug, {row[1]: (row[2], row[3], row[4]) for row in said if row[0] == name})
            for code, name, slug in self.rows("SELECT code, name, slug FROM type ORDER BY code")
        }
        self.by_name = {key: noun for noun in self.nouns.values() for key in (noun.name, noun.slug)}
        self.spread = [
            (name, frozenset(accesses), number) for name, accesses, number in self.rows("FROM spread ORDER BY ALL")
        ]

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, read through a cursor of its own."""
        with self._connection.cursor() as cursor:
            return cursor.execute(sql, list(values)).fetchall()

    def exists(self, object: ObjectId, visible: frozenset[int]) -> bool:
        """Whether the reader may see any record of the object."""
        return object in self.captions([object], visible)

    def find(self, text: str) -> ObjectId | None:
        """The object that a public id means now, which is another one after a merge or split; None where the
        text is no id of a known type. Whether the reader may know of it says `exists`.
        """
        asked = parse(text)
        for _ in range(len(self.nouns) + 8):
            if asked is None or asked.type not in self.by_name:
                return None
            noun = self.by_name[asked.type]
            moved = self.rows(
                "SELECT object FROM redirect WHERE old = ? AND type IN (?, ?) ORDER BY object LIMIT 1",
                [asked.number, noun.name, noun.slug],
            )  # fmt: skip
            if not moved or moved[0][0] == asked.number:
                return asked
            asked = ObjectId(noun.slug, moved[0][0])
        return asked

    def captions(self, objects: Iterable[ObjectId], visible: frozenset[int]) -> dict[ObjectId, str]:
        """What to call each object: what most visible records call it. Objects that the reader may not see
        are left out.
        """
        wanted = {(each.number, self.by_name[each.type].code): each for each in objects if each.type in self.by_name}
        seen = self.seen({number for number, _ in wanted}, visible)
        return {wanted[pair]: seen[pair].caption for pair in sorted(wanted) if pair in seen}

    def seen(self, numbers: Iterable[int], visible: frozenset[int]) -> dict[tuple[int, int], Seen]:
        """What the reader sees of each object number, by number and type code; others are left out."""
        rows = self.rows(
            "SELECT object, type, access, caption, records, day_from FROM object "
            f"WHERE {among('object', numbers)} AND {among('access', visible)}"
        )
        by_object: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
        for number, code, *rest in rows:
            by_object.setdefault((number, code), []).append(tuple(rest))
        return {
            (number, code): Seen(
                _caption(said) or self.nouns[code].name,
                tuple(sorted({access for access, _, _, _ in said})),
                min((day for *_, day in said if day is not None), default=None),
            )
            for (number, code), said in by_object.items()
        }

    def records(self, object: ObjectId, visible: frozenset[int], limit: int = RECORDS) -> list[Record]:
        """What each visible record says of an object, newest delivery first. Sensitive values are in it:
        the session masks them.
        """
        noun = self.by_name.get(object.type)
        if noun is None:
            return []
        rows = self._said(noun, (*_OWN, *noun.properties), [object.number], visible, limit)
        return [self._record(noun, row) for row in rows]

    def values(
        self, noun: Noun, names: Sequence[str], numbers: list[int], visible: frozenset[int], limit: int
    ) -> dict[int, list[dict[str, object]]]:
        """What the visible records of some objects say in some properties, at most `limit` records of each."""
        found: dict[int, list[dict[str, object]]] = {number: [] for number in numbers}
        for row in self._said(noun, ("object", *names), numbers, visible, limit):
            found[row[0]].append({name: value for name, value in zip(names, row[1:], strict=True) if value is not None})
        return found

    def _said(
        self, noun: Noun, columns: Sequence[str], numbers: list[int], visible: frozenset[int], limit: int
    ) -> list[tuple[Any, ...]]:
        # the rows are found by two columns first: reading all columns of every group they lie in takes twice as long
        table = ident("record_" + noun.slug)
        return self.rows(
            f"SELECT {', '.join(map(ident, columns))} FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE "
            f"{among('object', numbers)} AND {among('access', visible)}) QUALIFY row_number() OVER "
            f"(PARTITION BY object ORDER BY delivery DESC, record) <= {int(limit)} ORDER BY object, delivery DESC, record"
        )

    def _record(self, noun: Noun, row: tuple[Any, ...]) -> Record:
        own = dict(zip(_OWN, row, strict=False))
        source, marking = self.accesses[own["access"]]
        said = zip(noun.properties, row[len(_OWN) :], strict=True)
        return Record(
            noun.name, own["record"], source, marking, own["delivery"], own["file"], own["row"], own["key"],
            str(own["caption"]), {name: value for name, value in said if value is not None},
        )  # fmt: skip

    def links(
        self, object: ObjectId, visible: frozenset[int], type: str | None = None, offset: int = 0, limit: int = 50
    ) -> Links:
        """An object's links whose row and other end are visible. `type` chooses one link type for the page;
        the counts are always of all.
        """
        noun = self.by_name.get(object.type)
        if noun is None or not self.exists(object, visible):
            return Links(0, (), ())
        with self._connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE TEMP TABLE mine AS SELECT type, forward, other, other_type, role, category, "
                "from_date, to_date, basis, list_sort(list(DISTINCT (access, delivery, file, row))) AS said FROM link "
                f"WHERE object = ? AND object_type = ? AND {among('access', visible)} GROUP BY ALL",
                [object.number, noun.name],
            )
            return self._page(cursor, visible, type, offset, limit)

    def _page(
        self, cursor: duckdb.DuckDBPyConnection, visible: frozenset[int], type: str | None, offset: int, limit: int
    ) -> Links:
        codes = ", ".join(f"({noun.code}, {literal(noun.name)})" for noun in self.nouns.values())
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE seen AS SELECT object, name AS type, {_CAPTION} AS caption FROM (SELECT "
            "o.object, t.name, o.caption, sum(o.records) AS n FROM object AS o "
            f"JOIN (VALUES {codes}) AS t(code, name) ON t.code = o.type WHERE {self._others(cursor)} "
            f"AND {among('o.access', visible)} GROUP BY ALL) GROUP BY object, name"
        )
        known = "FROM mine JOIN seen ON seen.object = mine.other AND seen.type = mine.other_type"
        counts = cursor.execute(
            f"SELECT mine.type, forward, role, count(DISTINCT other) {known} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        chosen = "WHERE $1 IS NULL OR mine.type = $1"
        total = cursor.execute(f"SELECT count(*) {known} {chosen}", [type]).fetchall()[0][0]
        rows = cursor.execute(
            f"SELECT mine.type, forward, other, other_type, seen.caption, role, category, from_date, to_date, basis, said "
            f"{known} {chosen} ORDER BY mine.type, forward DESC, from_date DESC NULLS LAST, seen.caption, other, role, "
            "category, to_date, basis LIMIT $2 OFFSET $3",
            [type, limit, offset],
        ).fetchall()
        return Links(int(total), tuple(LinkCount(*row) for row in counts), tuple(map(self._link, rows)))

    def _others(self, cursor: duckdb.DuckDBPyConnection) -> str:
        few = cursor.execute(f"SELECT DISTINCT other FROM mine LIMIT {_FEW + 1}").fetchall()
        if len(few) <= _FEW:
            return among("o.object", [number for (number,) in few])
        return "o.object IN (SELECT other FROM mine)"

    def _link(self, row: tuple[Any, ...]) -> Link:
        kind, forward, other, other_type, caption, role, category, first, last, basis, said = row
        noun = self.by_name[str(other_type)]
        sources = tuple(
            (*self.accesses[access], delivery, file, place) for access, delivery, file, place in map(_fields, said)
        )
        return Link(
            kind, forward, ObjectId(noun.slug, other), noun.name, str(caption) or noun.name, role, category, first,
            last, basis, sources,
        )  # fmt: skip

    def conflicts(self, object: ObjectId, visible: frozenset[int]) -> list[Conflict]:
        """Where visible records contradict each other. A conflict with only one visible side is none."""
        noun = self.by_name.get(object.type)
        rows = self.rows(
            "SELECT property, list_sort(list(DISTINCT (value, message))) FROM conflict WHERE object = ? AND "
            f"type IN (?, ?) AND {among('access', visible)} GROUP BY property HAVING count(DISTINCT value) > 1 "
            "ORDER BY property",
            [object.number, noun.name, noun.slug] if noun else [object.number, "", ""],
        )
        return [Conflict(str(name), tuple(map(_fields, said))) for name, said in rows]

    def counts(self, visible: frozenset[int]) -> dict[str, int]:
        """How many objects of each type the reader may see; types without any are left out."""
        return self.browse(visible, frozenset(), None)[0]

    def browse(
        self, visible: frozenset[int], types: frozenset[int], accesses: frozenset[int] | None
    ) -> tuple[dict[str, int], dict[str, int], int]:
        """Exact numbers of objects by type, by source and altogether, from which accesses go together."""
        names = {self.nouns[code].name if code in self.nouns else "" for code in types}
        by_type: dict[str, int] = {}
        by_source: dict[str, int] = {}
        total = 0
        for name, present, number in self.spread:
            seen = present & visible
            chosen = seen if accesses is None else seen & accesses
            if chosen:
                by_type[name] = by_type.get(name, 0) + number
                total += number if not names or name in names else 0
            if not names or name in names:
                for source in {self.sources[access] for access in seen}:
                    by_source[source] = by_source.get(source, 0) + number
        return by_type, by_source, total

    def table(self, type: str, visible: frozenset[int], columns: Sequence[str] | None = None) -> pa.RecordBatchReader:
        """All visible records of a type, streamed in the order of their objects, with `source` and `marking`.

        Raises NotFound for a type or column that the index does not have.
        """
        noun = self.by_name.get(type)
        if noun is None:
            raise NotFound(
                f"There is no object type {type}; the types are {', '.join(n.name for n in self.nouns.values())}."
            )
        known = {name: f"r.{ident(name)}" for name in (*_OWN, *noun.properties)}
        known |= {"source": "a.source", "marking": "a.marking"}
        for name in columns or ():
            if name not in known:
                raise NotFound(f"{noun.name} has no column {name}; its columns are {', '.join(known)}.")
        chosen = ", ".join(f"{known[name]} AS {ident(name)}" for name in columns or known)
        rows = self._connection.cursor().sql(
            f"SELECT {chosen} FROM {ident('record_' + noun.slug)} AS r JOIN access AS a USING (access) "
            f"WHERE {among('r.access', visible)} ORDER BY r.object, r.record"
        )
        return rows.to_arrow_reader()


def _caption(said: list[tuple[Any, ...]]) -> str:
    """What most records say, as `_CAPTION` chooses it: something rather than nothing, then the longest."""
    records: dict[str, int] = {}
    for _, caption, number, _ in said:
        records[caption] = records.get(caption, 0) + number
    return max(records, key=lambda caption: (caption != "", records[caption], len(caption), caption))


#: other ends up to which their numbers are written into the query, which lets it skip most of the index
_FEW = 500


def _fields(said: dict[str, Any] | tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(said.values()) if isinstance(said, dict) else said
