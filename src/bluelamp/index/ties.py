"""An object's links for one reader: those of a usual object put together here, those of a hub by SQL."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from bluelamp.ids import ObjectId
from bluelamp.index.found import Link, LinkCount, Links
from bluelamp.index.nouns import Noun, Seen, among, whole
from bluelamp.lake.sql import literal

#: link rows up to which an object is a usual one
USUAL = 2_000

#: other ends up to which their numbers are written into the query, which lets it skip most of the index
_FEW = 500

_COLUMNS = "type, forward, other, other_type, role, category, from_date, to_date, basis"
_CAPTION = (
    r"arg_max(caption, (caption <> '', regexp_matches(caption, '\p{L}'), alike, regexp_matches(caption, '\p{Ll}'), "
    "n, length(caption), caption))"
)

Accesses = Mapping[int, tuple[str, str]]


def usual(
    rows: Sequence[tuple[Any, ...]], seen: Mapping[tuple[int, int], Seen], by_name: Mapping[str, Noun], accesses: Accesses,
    type: str | None, offset: int, limit: int,
) -> Links:  # fmt: skip
    """One page of the links in `rows` (the columns above, then access, delivery, file, row), with all counts.

    `seen` tells what the reader sees of other ends; a link to one that is not in it is left out.
    """
    said: dict[tuple[Any, ...], set[tuple[Any, ...]]] = {}
    for row in rows:
        if (row[2], by_name[row[3]].code) in seen:
            said.setdefault(tuple(row[:9]), set()).add(tuple(row[9:]))
    others: dict[tuple[str, bool, str | None], set[int]] = {}
    for kind, forward, other, _, role, *_ in said:
        others.setdefault((kind, forward, role), set()).add(other)
    counts = [LinkCount(*key, len(others[key])) for key in sorted(others, key=_blank_last)]
    keys = [key for key in said if type is None or key[0] == type]
    captions = {key: seen[key[2], by_name[key[3]].code] for key in keys}
    # an object's number may be that of a record that is not seen, so it orders only what nothing else tells apart
    rest = {key: (*_blank_last((key[4], key[5], key[7], key[8])), sorted(said[key]), key[2]) for key in keys}
    keys.sort(key=lambda key: (captions[key].caption, *rest[key]))
    keys.sort(key=lambda key: key[6] or "", reverse=True)
    keys.sort(key=lambda key: (key[0], not key[1]))
    links = [
        _link(key, captions[key].caption, captions[key].day, sorted(said[key]), by_name, accesses)
        for key in keys[offset : offset + limit]
    ]
    return Links(len(keys), tuple(counts), tuple(links))


def hub(
    cursor: duckdb.DuckDBPyConnection, number: int, noun: Noun, nouns: Iterable[Noun], by_name: Mapping[str, Noun],
    visible: frozenset[int], accesses: Accesses, type: str | None, offset: int, limit: int,
) -> Links:  # fmt: skip
    """The same for an object with any number of links, in columns."""
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE mine AS SELECT {_COLUMNS}, "
        "list_sort(list(DISTINCT (access, delivery, file, row))) AS said FROM link "
        f"WHERE object = ? AND object_type = ? AND {whole(visible)} GROUP BY ALL",
        [number, noun.name],
    )
    codes = ", ".join(f"({each.code}, {literal(each.name)})" for each in nouns)
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE seen AS SELECT object, name AS type, {_CAPTION} AS caption, min(day) AS day "
        "FROM (SELECT o.object, t.name, o.caption, sum(o.records) AS n, min(o.day_from) AS day, "
        "sum(sum(o.records)) OVER (PARTITION BY o.object, t.name, lower(o.caption)) AS alike FROM object AS o "
        f"JOIN (VALUES {codes}) AS t(code, name) ON t.code = o.type WHERE {_others(cursor)} "
        f"AND {among('o.access', visible)} GROUP BY o.object, t.name, o.caption) GROUP BY object, name"
    )
    known = "FROM mine JOIN seen ON seen.object = mine.other AND seen.type = mine.other_type"
    counts = cursor.execute(
        f"SELECT mine.type, forward, role, count(DISTINCT other) {known} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    chosen = "WHERE $1 IS NULL OR mine.type = $1"
    total = cursor.execute(f"SELECT count(*) {known} {chosen}", [type]).fetchall()[0][0]
    rows = cursor.execute(
        "SELECT mine.type, forward, other, other_type, role, category, from_date, to_date, basis, seen.caption, "
        f"seen.day, said {known} {chosen} ORDER BY mine.type, forward DESC, from_date DESC NULLS LAST, seen.caption, "
        "role, category, to_date, basis, said, other LIMIT $2 OFFSET $3",
        [type, limit, offset],
    ).fetchall()
    links = [_link(row[:9], row[9], row[10], map(_fields, row[11]), by_name, accesses) for row in rows]
    return Links(int(total), tuple(LinkCount(*row) for row in counts), tuple(links))


def _others(cursor: duckdb.DuckDBPyConnection) -> str:
    few = cursor.execute(f"SELECT DISTINCT other FROM mine LIMIT {_FEW + 1}").fetchall()
    if len(few) <= _FEW:
        return among("o.object", [number for (number,) in few])
    return "o.object IN (SELECT other FROM mine)"


def _link(
    key: Sequence[Any], caption: str, day: Any, said: Iterable[tuple[Any, ...]], by_name: Mapping[str, Noun],
    accesses: Accesses,
) -> Link:  # fmt: skip
    kind, forward, other, other_type, role, category, first, last, basis = key
    noun = by_name[str(other_type)]
    sources = tuple((*accesses[access], delivery, file, place) for access, delivery, file, place in said)
    named = str(caption) or noun.name
    return Link(
        kind, forward, ObjectId(noun.slug, other), noun.name, named, role, category, first, last, basis, sources, day
    )


def _blank_last(values: Iterable[Any]) -> tuple[tuple[bool, Any], ...]:
    """A key that orders as DuckDB does: what is not there comes last."""
    return tuple((value is None, "" if value is None else value) for value in values)


def _fields(said: dict[str, Any] | tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(said.values()) if isinstance(said, dict) else tuple(said)
