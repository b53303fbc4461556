"""The object index's tables, as the SQL that makes their rows from the lake's views."""

import json
from pathlib import Path

from bluelamp.lake.sql import ident, literal
from bluelamp.ontology import Kind, ObjectType
from bluelamp.types.grammar import Search

#: the files of a build, inside its folder
OBJECTS, ROWS, TEXT = "objects.duckdb", "rows", "text"

#: the file of a build that says what it was made from
DECLARED = "declared.json"

#: the object index's name inside the connection that builds it
BUILT = "built"

#: rows that the tables keep together; one object's are found in `rows.py`, so that these need not be few
ROW_GROUP = 122_880

#: object numbers lie evenly between 0 and this
_NUMBERS = 1 << 63

FIXED = (
    ("object", "BIGINT"), ("record", "BIGINT"), ("access", "SMALLINT"), ("delivery", "INTEGER"), ("file", "VARCHAR"),
    ("row", "BIGINT"), ("key", "VARCHAR"), ("caption", "VARCHAR"), ("day_from", "DATE"), ("day_to", "DATE"),
)  # fmt: skip

TABLES = (
    "type(code UTINYINT, name VARCHAR, slug VARCHAR)",
    "property(type VARCHAR, name VARCHAR, label VARCHAR, search VARCHAR, sensitive BOOLEAN, place INTEGER)",
    "object(object BIGINT, type UTINYINT, access SMALLINT, caption VARCHAR, records INTEGER, "
    "day_from DATE, day_to DATE)",
    "link(object BIGINT, object_type VARCHAR, other BIGINT, other_type VARCHAR, forward BOOLEAN, type VARCHAR, "
    "role VARCHAR, category VARCHAR, from_date VARCHAR, to_date VARCHAR, basis VARCHAR, access SMALLINT, "
    # the accesses of the records that it hangs on: only who sees all three sees the link
    'end_access SMALLINT, other_access SMALLINT, delivery INTEGER, file VARCHAR, "row" BIGINT)',
    # values that were not understood; whether their text may be searched for
    "issue(object BIGINT, type VARCHAR, access SMALLINT, property VARCHAR, raw VARCHAR, message VARCHAR, "
    'searched BOOLEAN, delivery INTEGER, file VARCHAR, "row" BIGINT)',
    "access(access SMALLINT, source VARCHAR, marking VARCHAR)",
    # in order of the cell (`places.py`); degrees
    "point(cell INTEGER, latitude DOUBLE, longitude DOUBLE, object BIGINT, type UTINYINT, access SMALLINT)",
    "redirect(old BIGINT, type VARCHAR, object BIGINT)",
    "conflict(type VARCHAR, property VARCHAR, value VARCHAR, object BIGINT, access SMALLINT, message VARCHAR, "
    "other BIGINT, other_access SMALLINT)",
    # of two objects the lesser first; weight: the natural logarithm of the odds that they are one
    "likely(type VARCHAR, record BIGINT, other BIGINT, object BIGINT, other_object BIGINT, weight DOUBLE, "
    "access SMALLINT, other_access SMALLINT)",
    "counts(type VARCHAR, access SMALLINT, objects BIGINT, records BIGINT)",
    "spread(type VARCHAR, accesses SMALLINT[], objects BIGINT)",
)


def current(folder: Path) -> bool:
    """Whether the index in `folder` has the tables that this software reads and writes."""
    try:
        return bool(json.loads((folder / DECLARED).read_text("utf-8"))[2] == list(TABLES))
    except (OSError, ValueError, LookupError, TypeError):
        return False


def ranges(pieces: int) -> list[tuple[int, int]]:
    """All object numbers in so many ranges of the same length, at least one; both ends included."""
    pieces = max(1, pieces)
    return [(_NUMBERS * at // pieces, _NUMBERS * (at + 1) // pieces - 1) for at in range(pieces)]


def record_table(noun: type[ObjectType]) -> str:
    """The table that holds one noun's records."""
    return f"record_{noun.slug()}"


def record_ddl(noun: type[ObjectType]) -> str:
    """`CREATE TABLE` of one noun's records."""
    columns = [*FIXED, *((name, each.type.storage) for name, each in noun.properties.items())]
    return f"CREATE TABLE {BUILT}.{record_table(noun)} ({', '.join(f'{ident(n)} {t}' for n, t in columns)})"


def caption(noun: type[ObjectType]) -> str:
    """The caption of one record."""
    separator = literal(" " if noun.kind in (Kind.PERSON, Kind.OBJECT) else ", ")
    said = [
        f"nullif(concat_ws({separator}, {', '.join(noun.properties[n].type.shown_sql(ident(n)) for n in names)}), '')"
        for names in (noun.caption, *((name,) for name in noun.instead))
        if names
    ]
    return f"coalesce({', '.join(said)}, '')" if said else "''"


def days(noun: type[ObjectType]) -> tuple[str, str]:
    """The first and the last day on which a record's event may have happened: `2016-06` is a month long."""
    if noun.when is None:
        return "NULL::DATE", "NULL::DATE"
    said = f"{ident(noun.when)}::VARCHAR"
    year, month, day = f"({said} || '-01-01')", f"({said} || '-01')", f"left({said}, 10)"
    first = f"try_cast(CASE length({said}) WHEN 4 THEN {year} WHEN 7 THEN {month} ELSE {day} END AS DATE)"
    last = (
        f"CASE length({said}) WHEN 4 THEN try_cast({said} || '-12-31' AS DATE) "
        f"WHEN 7 THEN last_day(try_cast({month} AS DATE)) ELSE try_cast({day} AS DATE) END"
    )
    return first, last


def record_rows(noun: type[ObjectType], view: set[str]) -> str:
    """One noun's rows from its view with the columns `view`."""
    first, last = days(noun)
    made = {"caption": caption(noun), "day_from": first, "day_to": last}
    columns = [f"{made.get(name, ident(name))} AS {ident(name)}" for name, _ in FIXED]
    columns += [ident(name) for name in noun.properties]
    missing = [n for n in noun.properties if n not in view]
    filled = f", {', '.join(f'NULL::{noun.properties[n].type.storage} AS {ident(n)}' for n in missing)}"
    source = f"(SELECT *{filled if missing else ''} FROM {ident('records_' + noun.name())})"
    return f"SELECT {', '.join(columns)} FROM {source} ORDER BY object, record"


def object_rows(nouns: dict[str, type[ObjectType]], codes: dict[str, int], where: str) -> str:
    """What each access says of each object, from the record tables."""
    each = " UNION ALL ".join(
        f"SELECT object, {codes[name]}::UTINYINT AS type, access, caption, day_from, day_to "
        f"FROM {BUILT}.{record_table(noun)} WHERE {where}"
        for name, noun in nouns.items()
    )
    return (
        "SELECT object, type, access, caption, count(*)::INTEGER AS records, min(day_from) AS day_from, "
        f"max(day_to) AS day_to FROM ({each}) GROUP BY object, type, access, caption ORDER BY object, access, caption"
    )


def link_rows() -> str:
    """Two rows for each link, so that either end finds it, in no order. The links are read once."""
    ends = (
        "CASE WHEN forward THEN from_{0} ELSE to_{0} END AS {1}, CASE WHEN forward THEN to_{0} ELSE from_{0} END AS {2}"
    )
    objects, types = ends.format("object", "object", "other"), ends.format("type", "object_type", "other_type")
    accesses = ends.format("access", "end_access", "other_access")
    return (
        f"SELECT {objects}, {types}, forward, type, role, category, from_date, to_date, basis, access, {accesses}, "
        f'delivery, file, "row" FROM links, (VALUES (true), (false)) AS way(forward)'
    )


def issue_rows() -> str:
    """The values that were not understood, from their view."""
    columns = 'object, type, access, property, raw, message, searched, delivery, file, "row"'
    return f"SELECT {columns} FROM issues ORDER BY ALL"


def searched(noun: type[ObjectType], kind: Search) -> list[str]:
    """The properties that the text index treats as `kind`. Sensitive ones are never in it (DP-3)."""
    return [name for name, each in noun.properties.items() if each.type.search is kind and not each.sensitive]
