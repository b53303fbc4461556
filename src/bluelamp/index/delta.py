"""A build as a change of the one before: copy, forget the changed objects, and keep the numbers right."""

import json
import os
import shutil
from pathlib import Path

import duckdb
import tantivy

from bluelamp.index import layout, rows
from bluelamp.ontology import ObjectType

_BATCH = 50_000

#: rows of links that are looked through at a time; about 75 MiB of memory for each million
_LINKS = 12_000_000

_CHANGED, _LOOSE = "SELECT object FROM changed", "SELECT object FROM loose"

#: rewritten by the text index, so copied; every other file of it never changes, so linked
_REWRITTEN = ("meta.json", ".managed.json")


def declared(nouns: dict[str, type[ObjectType]]) -> str:
    """All that the tables of an index depend on: nouns with their properties, in order, and their captions; and what
    tables there are.
    """
    captions = {name: layout.caption(noun) for name, noun in nouns.items()}
    said = [
        [name, captions[name], noun.when, each.name, each.label, each.type.name, each.type.search.value,
         each.type.storage, each.type.by_end, each.sensitive]
        for name, noun in nouns.items()
        for each in noun.properties.values()
    ]  # fmt: skip
    return json.dumps([list(nouns), said, layout.TABLES], indent=1)


def fits(previous: Path, nouns: dict[str, type[ObjectType]]) -> bool:
    """Whether the previous index has the same nouns and properties; otherwise everything must be built anew."""
    path = previous / layout.DECLARED
    return path.exists() and path.read_text("utf-8") == declared(nouns)


def copy(previous: Path, folder: Path) -> None:
    """Copy the object index and link the layers of rows and the text index's segments, which nobody ever changes."""
    shutil.copyfile(previous / "objects.duckdb", folder / "objects.duckdb")
    for name in json.loads((previous / "text" / ".managed.json").read_text("utf-8")):
        path = previous / "text" / name
        if path.exists() and name not in _REWRITTEN:
            os.link(path, folder / "text" / name)
    for name in _REWRITTEN:
        shutil.copyfile(previous / "text" / name, folder / "text" / name)
    rows.copy(previous / "rows", folder / "rows")


def forget(connection: duckdb.DuckDBPyConnection, nouns: dict[str, type[ObjectType]]) -> None:
    """Take the changed objects, and the records, issues and links of the loose ones, out of the copied object index."""
    count(connection, f"(SELECT * FROM {layout.BUILT}.object WHERE object IN ({_CHANGED}))", -1)
    connection.execute(f"DELETE FROM {layout.BUILT}.object WHERE object IN ({_CHANGED})")
    for table in ("point", "issue", *map(layout.record_table, nouns.values())):
        connection.execute(f"DELETE FROM {layout.BUILT}.{table} WHERE object IN ({_LOOSE})")
    row = connection.execute(f"SELECT (SELECT count(*) FROM {layout.BUILT}.link) WHERE EXISTS ({_LOOSE})").fetchone()
    ranges = layout.ranges(-(-row[0] // _LINKS)) if row else []
    for low, high in ranges:
        if len(ranges) > 1:
            # until a checkpoint DuckDB holds in memory whatever a deletion touched, which is nearly everything
            connection.execute(f"CHECKPOINT {layout.BUILT}")
        connection.execute(
            f"DELETE FROM {layout.BUILT}.link WHERE object BETWEEN {low} AND {high} "
            f"AND (object IN ({_LOOSE}) OR other IN ({_LOOSE}))"
        )


def forget_documents(connection: duckdb.DuckDBPyConnection, text: tantivy.Index, writer: tantivy.IndexWriter) -> None:
    """Take the changed objects out of the copied text index."""
    numbers = [number for (number,) in connection.execute("SELECT DISTINCT object FROM changed").fetchall()]
    for at in range(0, len(numbers), _BATCH):
        # by a query: tantivy's deletion by term finds nothing in a field of unsigned numbers
        query = tantivy.Query.term_set_query(text.schema, "object", numbers[at : at + _BATCH])
        writer.delete_documents_by_query(query)


def start_counts(connection: duckdb.DuckDBPyConnection, part: bool) -> None:
    """Open the running numbers: those of the copied index, or none."""
    old = f"SELECT * FROM {layout.BUILT}."
    for table, columns in (
        ("counts", "type VARCHAR, access SMALLINT, objects BIGINT, records BIGINT"),
        ("spread", "type VARCHAR, accesses SMALLINT[], objects BIGINT"),
    ):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE index_{table}({columns})")
        if part:
            connection.execute(f"INSERT INTO index_{table} {old}{table}")


def count(connection: duckdb.DuckDBPyConnection, objects: str, sign: int) -> None:
    """Add (or with -1 take away) the numbers of the rows `objects` of the object table."""
    named = f"{objects} AS o JOIN {layout.BUILT}.type AS t ON t.code = o.type"
    connection.execute(
        f"INSERT INTO index_counts SELECT t.name, access, {sign} * count(DISTINCT object), {sign} * sum(records) "
        f"FROM {named} GROUP BY ALL"
    )
    connection.execute(
        f"INSERT INTO index_spread SELECT name, accesses, {sign} * count(*) FROM (SELECT t.name, object, "
        f"list_sort(list(DISTINCT access)) AS accesses FROM {named} GROUP BY t.name, object) GROUP BY ALL"
    )


def finish_counts(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the numbers into the index."""
    for table, keys, sums in (
        ("counts", "type, access", "sum(objects)::BIGINT AS objects, sum(records)::BIGINT AS records"),
        ("spread", "type, accesses", "sum(objects)::BIGINT AS objects"),
    ):
        connection.execute(f"DELETE FROM {layout.BUILT}.{table}")
        connection.execute(
            f"INSERT INTO {layout.BUILT}.{table} SELECT {keys}, {sums} FROM index_{table} GROUP BY {keys} "
            "HAVING sum(objects) > 0 ORDER BY ALL"
        )
