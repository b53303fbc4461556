"""The object index read for one reader: every query carries the accesses that the reader may see."""

import threading
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bluelamp.errors import NotFound
from bluelamp.ids import ObjectId, parse
from bluelamp.index import ties
from bluelamp.index.found import Conflict, Links, Record, Unread
from bluelamp.index.nouns import Noun, Seen, among
from bluelamp.index.rows import Rows
from bluelamp.lake.sql import ident

#: what one server process may use for look-ups; the text index is in the system's page cache instead
MEMORY = "2GiB"

#: records of one object that one call hands out at most, unless told otherwise
RECORDS = 1_000

_PLACE = ("object", "record", "access", "delivery", "file", "row", "key", "caption")
_OWN = (*_PLACE, "day_from", "day_to")
#: what of it a table has: the numbers of records and accesses are never handed out
_SHOWN = tuple(name for name in _OWN if name not in ("record", "access"))

_LINK = (
    "type", "forward", "other", "other_type", "role", "category", "from_date", "to_date", "basis", "access", "delivery",
    "file", "row", "object_type",
)  # fmt: skip
_ISSUE = ("type", "property", "raw", "message", "searched", "access", "delivery", "file", "row")
_SAID = ("object", "access", "caption", "day_from", "delivery", "record")
_SEEN = ("object", "type", "access", "caption", "records", "day_from")
_DAY = ("object", "type", "day_from")

#: rows of the table of objects that one question reads at most
_MOST_SEEN = 1_000_000


class Objects:
    """One built object index, opened for reading; safe to use from many threads."""

    def __init__(self, path: Path, rows: Path) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": "2",
            "memory_limit": MEMORY,
            "autoload_known_extensions": "false",
        }
        self._connection = duckdb.connect(str(path), read_only=True, config=config)
        self._mine = threading.local()
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

        moved = self._connection.execute("SELECT old, object FROM redirect WHERE old <> object ORDER BY old, object")
        #: every number that means another one now, sorted, and what it means
        self._moved, self._means = (np.asarray(column, np.int64) for column in moved.fetchnumpy().values())
        #: every object of which something was not understood, sorted
        self._unread = np.asarray(
            self._connection.execute("SELECT DISTINCT object FROM issue ORDER BY object").fetchnumpy()["object"],
            np.int64,
        )
        self._doubted = {number for (number,) in self.rows("SELECT DISTINCT object FROM conflict")}
        self.laid = Rows(rows)

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, read through a cursor of this thread's own."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._mine, "cursor", None)
        if cursor is None:
            cursor = self._mine.cursor = self._connection.cursor()
        return cursor.execute(sql, list(values)).fetchall()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one query that may have to be stopped; close it."""
        return self._connection.cursor()

    def exists(self, object: ObjectId, visible: frozenset[int]) -> bool:
        """Whether the reader may see any record of the object."""
        return object in self.captions([object], visible)

    def find(self, text: str) -> ObjectId | None:
        """The object that a public id means now, which is another one after a merge or split; None where the
        text is no id of a known type. Whether the reader may know of it says `exists`.
        """
        asked = parse(text)
        if asked is None or asked.type not in self.by_name:
            return None
        noun = self.by_name[asked.type]
        return ObjectId(noun.slug, self._now(asked.number))

    def _now(self, number: int) -> int:
        """What a number means now."""
        for _ in range(len(self.nouns) + 8):
            place = int(self._moved.searchsorted(number))
            if place == len(self._moved) or self._moved[place] != number:
                break
            number = int(self._means[place])
        return number

    def moved(self, numbers: npt.NDArray[np.int64]) -> dict[int, int]:
        """Of some numbers those that mean another object now, with what they mean: whether a reader may know says `holds`."""
        return {number: self._now(number) for number in numbers[np.isin(numbers, self._moved)].tolist()}

    def holds(self, object: ObjectId, record: int, visible: frozenset[int]) -> bool:
        """Whether a record is one of the object's that the reader may see."""
        table = ident("record_" + self.by_name[object.type].slug)
        found = self.rows(
            f"SELECT 1 FROM {table} WHERE object = ? AND record = ? AND {among('access', visible)} LIMIT 1",
            [object.number, record],
        )
        return bool(found)

    def held(self, objects: Iterable[ObjectId], visible: frozenset[int]) -> dict[ObjectId, list[ObjectId]]:
        """Of each access by which the reader sees some objects, a record: each of these leads to its object by `find`.

        Left out is an object that the reader sees by the record alone whose number it goes by.
        """
        by_type: dict[str, list[int]] = {}
        for each in objects:
            by_type.setdefault(each.type, []).append(each.number)
        found: dict[ObjectId, list[ObjectId]] = {}
        for type, numbers in by_type.items():
            for number, records in self._records_of(type, numbers, visible).items():
                if records != {number}:
                    found[ObjectId(type, number)] = [ObjectId(type, record) for record in sorted(records)]
        return found

    def _records_of(self, type: str, numbers: list[int], visible: frozenset[int]) -> dict[int, set[int]]:
        """A record of each access, by object; where the object goes by one, that."""
        columns, table = ("object", "record", "access"), f"record_{type}"
        rows = self.laid.of(table, numbers, columns, visible, RECORDS * len(numbers))
        if rows is None:
            rows = self.rows(
                f"SELECT DISTINCT {', '.join(columns)} FROM {ident(table)} "
                f"WHERE {among('object', numbers)} AND {among('access', visible)}"
            )
        first: dict[tuple[int, int], int] = {}
        for object, record, access in sorted(rows, key=lambda row: (row[1] != row[0], row[1])):
            first.setdefault((object, access), record)
        found: dict[int, set[int]] = {}
        for (object, _), record in first.items():
            found.setdefault(object, set()).add(record)
        return found

    def captions(self, objects: Iterable[ObjectId], visible: frozenset[int]) -> dict[ObjectId, str]:
        """What to call each object: what most visible records call it. Objects that the reader may not see
        are left out.
        """
        wanted = {(each.number, self.by_name[each.type].code): each for each in objects if each.type in self.by_name}
        seen = self.seen({number for number, _ in wanted}, visible)
        return {wanted[pair]: seen[pair].caption for pair in sorted(wanted) if pair in seen}

    def seen(self, numbers: Iterable[int], visible: frozenset[int]) -> dict[tuple[int, int], Seen]:
        """What the reader sees of each object number, by number and type code; others are left out."""
        numbers = set(numbers)
        if not numbers:
            return {}
        rows = self.laid.of("object", numbers, _SEEN, visible, _MOST_SEEN)
        if rows is None:
            rows = self.rows(
                f"SELECT {', '.join(_SEEN)} FROM object WHERE {among('object', numbers)} AND {among('access', visible)}"
            )
        by_object: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
        for number, code, *rest in rows:
            by_object.setdefault((number, code), []).append(tuple(rest))
        return {(number, code): self._seen(self.nouns[code], said) for (number, code), said in by_object.items()}

    def days(self, numbers: Iterable[int], visible: frozenset[int]) -> dict[tuple[int, int], date | None]:
        """The first day on which each of some objects may have happened, by number and type code, None where it has
        none; those that the reader may not see are left out.
        """
        numbers = set(numbers)
        rows = self.laid.of("object", numbers, _DAY, visible, _MOST_SEEN)
        if rows is None:
            where = f"{among('object', numbers)} AND {among('access', visible)}"
            rows = self.rows(f"SELECT {', '.join(_DAY)} FROM object WHERE {where}")
        first: dict[tuple[int, int], date | None] = {}
        for number, code, day in rows:
            known = first.get((number, code))
            first[number, code] = min(known, day) if known and day else known or day
        return first

    def _seen(self, noun: Noun, said: list[tuple[Any, ...]]) -> Seen:
        """From the access, caption, number of records and first day of all that is said of an object."""
        if len(said) == 1:
            ((access, caption, _, day),) = said
            return Seen(caption or noun.name, (access,), day)
        return Seen(
            _caption(said) or noun.name,
            tuple(sorted({access for access, _, _, _ in said})),
            min((day for *_, day in said if day is not None), default=None),
        )

    def page(
        self, object: ObjectId, visible: frozenset[int], limit: int = 50
    ) -> tuple[list[Record], str | None, Links]:
        """What `records` and `view` say of an object."""
        records = self.records(object, visible)
        return (records, *self.view(object, visible, None, 0, limit)) if records else ([], None, Links(0, (), ()))

    def _link_rows(self, noun: Noun, number: int, visible: frozenset[int]) -> list[tuple[Any, ...]] | None:
        """The link rows of an object; None where these are more than a usual object has."""
        rows = self.laid.of("link", [number], _LINK, visible, ties.USUAL)
        return None if rows is None else [row[:-1] for row in rows if row[-1] == noun.name]

    def records(self, object: ObjectId, visible: frozenset[int], limit: int = RECORDS) -> list[Record]:
        """What each visible record says of an object, newest delivery first. Sensitive values are in it:
        the session masks them.
        """
        noun = self.by_name.get(object.type)
        if noun is None:
            return []
        columns = (*_PLACE, *noun.properties)
        rows = self.laid.of(f"record_{noun.slug}", [object.number], columns, visible, limit)
        if rows is None:
            rows = self.rows(
                f"SELECT {', '.join(map(ident, columns))} FROM {ident('record_' + noun.slug)} "
                f"WHERE object = ? AND {among('access', visible)} "
                f"ORDER BY delivery DESC, record, row LIMIT {int(limit)}",
                [object.number],
            )
        return self._in_order(noun, rows)

    def unread(self, object: ObjectId, visible: frozenset[int], limit: int = RECORDS) -> list[Unread]:
        """What visible records say of an object that could not be understood, newest delivery first. Sensitive
        values are in it: the session masks them.
        """
        said = [
            Unread(property, raw, message, *self.accesses[access], delivery, file, row)
            for property, raw, message, _, access, delivery, file, row in self._issues(object, visible, limit)
        ]
        return sorted(said, key=lambda each: (-each.delivery, each.file, each.row, each.property, each.raw))

    def searched(self, object: ObjectId, visible: frozenset[int]) -> list[tuple[str, str]]:
        """The texts of visible records that were not understood and may be searched for, each with its property."""
        found = self._issues(object, visible, RECORDS)
        return sorted({(property, raw) for property, raw, _, searched, *_ in found if searched})

    def _issues(self, object: ObjectId, visible: frozenset[int], limit: int) -> list[tuple[Any, ...]]:
        noun, place = self.by_name.get(object.type), int(self._unread.searchsorted(object.number))
        if noun is None or place == len(self._unread) or self._unread[place] != object.number:
            return []
        rows = self.laid.of("issue", [object.number], _ISSUE, visible, limit)
        if rows is None:
            rows = self.rows(
                f"SELECT {', '.join(map(ident, _ISSUE))} FROM issue WHERE object = ? AND {among('access', visible)} "
                f"ORDER BY delivery DESC, file, row, property, raw LIMIT {int(limit)}",
                [object.number],
            )
        return [said[1:] for said in rows if said[0] == noun.name]

    def _in_order(self, noun: Noun, rows: list[tuple[Any, ...]]) -> list[Record]:
        # ordering a usual object's few rows here costs less than a sort in the query's plan
        delivery, record, place = (_PLACE.index(name) for name in ("delivery", "record", "row"))
        rows.sort(key=lambda row: (-row[delivery], row[record], row[place]))
        return [self._record(noun, row) for row in rows]

    def values(
        self, noun: Noun, names: Sequence[str], numbers: list[int], visible: frozenset[int], limit: int
    ) -> dict[int, list[dict[str, object]]]:
        """What the visible records of some objects say in some properties, at most `limit` records of each."""
        return {number: said for number, (_, said) in self.told(noun, names, numbers, visible, limit).items()}

    def told(
        self, noun: Noun, names: Sequence[str], numbers: list[int], visible: frozenset[int], limit: int
    ) -> dict[int, tuple[Seen | None, list[dict[str, object]]]]:
        """What the reader sees of some objects at a glance, and what `values` gives, from one reading."""
        rows = self.laid.of(f"record_{noun.slug}", numbers, (*_SAID, *names), visible, limit * len(numbers))
        whole = rows is not None
        if rows is None:
            rows = self._newest(noun, names, numbers, visible, limit)
        rows.sort(key=lambda row: (row[0], -row[4], row[5]))
        by_object: dict[int, list[tuple[Any, ...]]] = {number: [] for number in numbers}
        for row in rows:
            by_object[row[0]].append(row)
        seen = {} if whole else self.seen(numbers, visible)
        return {
            number: (
                self._seen(noun, [(access, caption, 1, day) for _, access, caption, day, *_ in said])
                if whole and said
                else seen.get((number, noun.code)),
                [
                    {name: value for name, value in zip(names, row[6:], strict=True) if value is not None}
                    for row in said[:limit]
                ],
            )
            for number, said in by_object.items()
        }

    def _newest(
        self, noun: Noun, names: Sequence[str], numbers: list[int], visible: frozenset[int], limit: int
    ) -> list[tuple[Any, ...]]:
        """The newest `limit` visible records of each of some objects."""
        return self.rows(
            f"SELECT {', '.join(map(ident, (*_SAID, *names)))} FROM {ident('record_' + noun.slug)} "
            f"WHERE {among('object', numbers)} AND {among('access', visible)} QUALIFY row_number() OVER "
            f"(PARTITION BY object ORDER BY delivery DESC, record) <= {int(limit)}"
        )

    def _record(self, noun: Noun, row: tuple[Any, ...]) -> Record:
        own = dict(zip(_PLACE, row, strict=False))
        source, marking = self.accesses[own["access"]]
        said = zip(noun.properties, row[len(_PLACE) :], strict=True)
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
        return self.view(object, visible, type, offset, limit)[1]

    def view(
        self, object: ObjectId, visible: frozenset[int], type: str | None = None, offset: int = 0, limit: int = 50
    ) -> tuple[str | None, Links]:
        """What to call an object, and a page of its links; None and no links where the reader sees none of it."""
        noun = self.by_name.get(object.type)
        if noun is None:
            return None, Links(0, (), ())
        rows = self._link_rows(noun, object.number, visible)
        seen = self.seen({object.number, *(row[2] for row in rows or ())}, visible)
        own = seen.get((object.number, noun.code))
        if own is None:
            return None, Links(0, (), ())
        if rows is not None:
            return own.caption, ties.usual(rows, seen, self.by_name, self.accesses, type, offset, limit)
        with self._connection.cursor() as cursor:
            return own.caption, ties.hub(
                cursor,
                object.number,
                noun,
                self.nouns.values(),
                self.by_name,
                visible,
                self.accesses,
                type,
                offset,
                limit,
            )

    def conflicts(self, object: ObjectId, visible: frozenset[int]) -> list[Conflict]:
        """Strong keys that an object shares with one that it may not be. Both records that say so must be visible."""
        noun = self.by_name.get(object.type)
        if noun is None or object.number not in self._doubted:
            return []
        rows = self.rows(
            "SELECT DISTINCT property, value, other, message FROM conflict WHERE object = ? AND "
            f"type IN (?, ?) AND {among('access', visible)} AND {among('other_access', visible)} ORDER BY ALL",
            [object.number, noun.name, noun.slug],
        )
        seen = self.seen({other for _, _, other, _ in rows}, visible)
        found = [
            Conflict(property, value, ObjectId(noun.slug, other), seen[other, noun.code].caption, message)
            for property, value, other, message in rows
            if (other, noun.code) in seen
        ]
        return sorted(found, key=lambda each: (each.property, each.value, each.caption, each.message))

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
        """All visible records of a type, streamed in the order of where they stand, with `source` and `marking`.

        Of what a reader may not see nothing but an object's id depends: not the order, and no number of a record or
        access is in it. Raises NotFound for a type or column that the index does not have.
        """
        noun = self.by_name.get(type)
        if noun is None:
            raise NotFound(
                f"There is no object type {type}; the types are {', '.join(n.name for n in self.nouns.values())}."
            )
        known = {"source": "a.source", "marking": "a.marking"}
        known |= {name: f"r.{ident(name)}" for name in (*_SHOWN, *noun.properties)}
        for name in columns or ():
            if name not in known:
                raise NotFound(f"{noun.name} has no column {name}; its columns are {', '.join(known)}.")
        chosen = ", ".join(f"{known[name]} AS {ident(name)}" for name in columns or known)
        rows = self._connection.cursor().sql(
            f"SELECT {chosen} FROM {ident('record_' + noun.slug)} AS r JOIN access AS a USING (access) "
            f"WHERE {among('r.access', visible)} ORDER BY a.source, r.delivery, r.file, r.row, r.record"
        )
        return rows.to_arrow_reader()


def _caption(said: list[tuple[Any, ...]]) -> str:
    """What most records say, as `_CAPTION` chooses it: something rather than nothing, words rather than numbers, and
    of captions that differ only in case one with small letters.
    """
    if len({caption for _, caption, _, _ in said}) == 1:
        return str(said[0][1])
    records: dict[str, int] = {}
    alike: dict[str, int] = {}
    small = {caption: caption.lower() for _, caption, _, _ in said}
    for _, caption, number, _ in said:
        records[caption] = records.get(caption, 0) + number
        alike[small[caption]] = alike.get(small[caption], 0) + number

    def order(caption: str) -> tuple[Any, ...]:
        number = alike[small[caption]]
        return caption != "", _worded(caption), number, _mixed(caption), records[caption], len(caption), caption

    return max(records, key=order)


def _worded(caption: str) -> bool:
    return caption[:1].isalpha() or any(each.isalpha() for each in caption)


def _mixed(caption: str) -> bool:
    return not caption.isupper() and any(each.islower() for each in caption)
