"""An index from a few Python values: `build_index(folder, [record("Person", "p1", surname="Smith")])`."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bluelamp.ids import ObjectId, record_number, slug
from bluelamp.index.build import build
from bluelamp.index.index import Index
from bluelamp.lake.sql import ident
from bluelamp.ontology import NOUNS
from tests.factory import SECRET

NOUN = {noun.name(): noun for noun in NOUNS}


@dataclass(frozen=True)
class Said:
    """One record: what `source` said of the object called `name`."""

    type: str
    name: str
    source: str
    marking: str
    values: tuple[tuple[str, object], ...]
    key: str
    #: property -> what stands there and was not understood
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def access(self) -> tuple[str, str]:
        return self.source, self.marking


@dataclass(frozen=True)
class Joined:
    """One link between two objects, as `source` said it."""

    type: str
    one: tuple[str, str]
    other: tuple[str, str]
    source: str
    marking: str
    role: str | None
    #: the accesses of the records at its ends; the link's own where None
    ends: tuple[tuple[str, str] | None, tuple[str, str] | None]

    @property
    def access(self) -> tuple[str, str]:
        return self.source, self.marking


def record(
    type: str, name: str, source: str = "custody", marking: str = "OFFICIAL", key: str = "",
    unread: tuple[tuple[str, str], ...] = (), **values: object,
) -> Said:  # fmt: skip
    return Said(type, name, source, marking, tuple(sorted(values.items())), key or name, unread)


def link(
    type: str, one: str, other: str, source: str = "custody", marking: str = "OFFICIAL", role: str | None = None,
    ends: tuple[tuple[str, str] | None, tuple[str, str] | None] = (None, None),
) -> Joined:  # fmt: skip
    """`one` and `other` are written `Person:p1`."""
    (a, b), (c, d) = one.split(":"), other.split(":")
    return Joined(type, (a, b), (c, d), source, marking, role, ends)


def number(type: str, name: str) -> int:
    return record_number(SECRET, "object", type, name)


def oid(type: str, name: str) -> ObjectId:
    return ObjectId(slug(type), number(type, name))


#: every access that tests use has a fixed number, so that a build without some still numbers the others alike
ACCESSES = tuple(
    (source, marking)
    for source in ("custody", "crime", "intelligence", "anpr")
    for marking in ("OFFICIAL", "OFFICIAL-SENSITIVE")
)


def access(*wanted: str) -> frozenset[int]:
    """The access ids of some sources, or of all."""
    return frozenset(n for n, (source, _) in enumerate(ACCESSES) if not wanted or source in wanted)


def views(
    connection: duckdb.DuckDBPyConnection,
    records: Iterable[Said | Joined],
    redirects: Iterable[tuple[int, str, int]] = (),
    conflicts: Iterable[tuple[object, ...]] = (),
    changed: Iterable[tuple[str, int]] | None = None,
) -> None:
    """Make the relations that the pipeline makes from the lake: a noun of which there is nothing has none."""
    records = list(records)
    # in the order of the nouns, so that two builds of the same records are made alike
    said_of = [name for name in NOUN if any(isinstance(each, Said) and each.type == name for each in records)]
    for name in said_of:
        noun = NOUN[name]
        columns = ", ".join(f"{ident(n)} {p.type.storage}" for n, p in noun.properties.items())
        connection.execute(
            f"CREATE TABLE stored_{name}(source VARCHAR, delivery INTEGER, file VARCHAR, row BIGINT, record BIGINT, "
            f"key VARCHAR, marking VARCHAR, {columns}, object BIGINT, access SMALLINT)"
        )
        connection.execute(f"CREATE VIEW records_{name} AS SELECT * FROM stored_{name}")
    connection.execute(
        "CREATE TABLE links(type VARCHAR, source VARCHAR, delivery INTEGER, file VARCHAR, row BIGINT, marking VARCHAR, "
        "from_type VARCHAR, from_record BIGINT, to_type VARCHAR, to_record BIGINT, role VARCHAR, category VARCHAR, "
        "from_date VARCHAR, to_date VARCHAR, basis VARCHAR, from_object BIGINT, to_object BIGINT, access SMALLINT, "
        "from_access SMALLINT, to_access SMALLINT)"
    )
    for said in records:
        _add_record(connection, said) if isinstance(said, Said) else _add_link(connection, said)
    connection.execute("CREATE TABLE access(access SMALLINT, source VARCHAR, marking VARCHAR)")
    for n, (source, marking) in enumerate(ACCESSES):
        connection.execute("INSERT INTO access VALUES (?, ?, ?)", [n, source, marking])
    _table(connection, "redirect(old BIGINT, type VARCHAR, object BIGINT)", redirects)
    _table(
        connection,
        "conflict(type VARCHAR, property VARCHAR, value VARCHAR, object BIGINT, access SMALLINT, message VARCHAR, "
        "other BIGINT, other_access SMALLINT)",
        conflicts,
    )
    _table(
        connection,
        "likely(type VARCHAR, record BIGINT, other BIGINT, object BIGINT, other_object BIGINT, weight DOUBLE, "
        "access SMALLINT, other_access SMALLINT)",
        (),
    )
    _table(
        connection,
        "stored_issues(object BIGINT, type VARCHAR, access SMALLINT, property VARCHAR, raw VARCHAR, message VARCHAR, "
        'searched BOOLEAN, delivery INTEGER, file VARCHAR, "row" BIGINT)',
        (issue for said in records if isinstance(said, Said) for issue in _issues(said)),
    )
    connection.execute("CREATE VIEW issues AS SELECT * FROM stored_issues")
    if changed is not None:
        _table(connection, "changed(type VARCHAR, object BIGINT)", changed)
        connection.execute("CREATE VIEW loose AS SELECT * FROM changed")
        connection.execute(
            "DELETE FROM links WHERE from_object NOT IN (SELECT object FROM loose) "
            "AND to_object NOT IN (SELECT object FROM loose)"
        )
        for name in (*said_of, "issues"):
            connection.execute(f"DELETE FROM stored_{name} WHERE object NOT IN (SELECT object FROM loose)")


def _row(said: Said) -> int:
    return record_number(SECRET, "row", said.source + said.marking, said.type + said.name + said.key) % 1000


def _issues(said: Said) -> Iterable[tuple[object, ...]]:
    object, place = number(said.type, said.name), (1, f"{said.source}.csv", _row(said))
    for property, raw in said.unread:
        yield (
            object,
            said.type,
            ACCESSES.index(said.access),
            property,
            raw,
            "This is none",
            not NOUN[said.type].properties[property].sensitive,
            *place,
        )


def _add_record(connection: duckdb.DuckDBPyConnection, said: Said) -> None:
    values: dict[str, object] = {
        "source": said.source, "delivery": 1, "file": f"{said.source}.csv", "row": _row(said),
        "record": record_number(SECRET, said.source + said.marking, said.type + said.name, said.key), "key": said.key,
        "marking": said.marking, "object": number(said.type, said.name), "access": ACCESSES.index(said.access),
    }  # fmt: skip
    values |= dict(said.values)
    marks = ", ".join("?" * len(values))
    columns = ", ".join(map(ident, values))
    connection.execute(f"INSERT INTO stored_{said.type}({columns}) VALUES ({marks})", list(values.values()))


def _add_link(connection: duckdb.DuckDBPyConnection, said: Joined) -> None:
    row = record_number(SECRET, "link", repr(said), "") % 1000
    one, other = number(*said.one), number(*said.other)
    connection.execute(
        "INSERT INTO links VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, 'fact', ?, ?, ?, ?, ?)",
        [said.type, said.source, f"{said.source}.csv", row, said.marking, said.one[0], one, said.other[0], other,
         said.role, one, other, *(ACCESSES.index(each or said.access) for each in (None, *said.ends))],
    )  # fmt: skip


def _table(connection: duckdb.DuckDBPyConnection, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    connection.execute(f"CREATE TABLE {columns}")
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {columns.split('(', maxsplit=1)[0]} VALUES ({marks})", list(row))


def build_index(folder: Path, records: Iterable[Said | Joined], **rest: object) -> Index:
    """A whole build in `folder`, opened."""
    make(folder, records, **rest)
    return Index(folder)


def make(folder: Path, records: Iterable[Said | Joined], previous: Path | None = None, **rest: object) -> None:
    with duckdb.connect(config={"threads": 1}) as connection:
        views(connection, records, **rest)  # type: ignore[arg-type]
        build(connection, folder, NOUN, previous, changed="changed" in rest)
