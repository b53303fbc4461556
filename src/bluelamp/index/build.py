"""A build: the object index and the text index, made aside from the lake's views, whole or as a change."""

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow as pa
import tantivy

from bluelamp.index import delta, layout, schema
from bluelamp.index.documents import add_documents, documents_sql, learn_spellings, with_unread
from bluelamp.index.layout import OBJECTS, ROWS, TEXT
from bluelamp.index.places import point_rows
from bluelamp.index.rows import Layer, layers
from bluelamp.lake.sql import literal
from bluelamp.ontology import ObjectType

#: records that are put together at a time; it bounds the memory of a build
PIECE = 250_000

#: links that are put in order at once
SORTED = 5_000_000

_HEAP = 400_000_000
_WRITERS = 2
_SMALL_HEAP = 100_000_000

#: tables that a build keeps beside the caller's own while it runs
_ASIDE = (
    "index_counts", "index_spread", "index_named", "index_part", "index_spelt", "index_spelling", "index_piece",
    "index_rows", "index_several", "index_unread", "index_links",
)  # fmt: skip

#: small tables that are written anew each time, with their order
_WHOLE = (("access", "access"), ("redirect", "old"), ("conflict", "object"), ("likely", "type, weight"))

Progress = Callable[[str, float], None]
Nouns = dict[str, type[ObjectType]]


def build(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    nouns: Nouns,
    previous: Path | None = None,
    changed: bool = False,
    links: int = 0,
    progress: Progress | None = None,
) -> None:
    """Write a complete index into `folder` (new or empty), from the relations of `connection`.

    With `previous` and `changed`, the previous index is copied, and only the objects of the table `changed` are made
    anew. The relations of records and links then hold what is added, and all that the objects of the table `loose`
    had and that takes another place or none. The previous index must fit (`delta.fits`); what is gone stays in the copied files until a whole build, so an erasure needs one.
    `links` is how many links there are, about: very many are put in order piece by piece.
    `progress` hears what is being done and how far it is, from 0 to 1. A folder of a build that was
    stopped is unfinished: remove it and build again.
    """
    report = progress or _silent
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TEXT).mkdir()
    part = changed and previous is not None
    if part and previous is not None:
        report("Copying the previous index", 0.0)
        delta.copy(previous, folder)
    path = literal(str(folder / OBJECTS))
    connection.execute(f"ATTACH {path} AS {layout.BUILT} (ROW_GROUP_SIZE {layout.ROW_GROUP})")
    try:
        codes = dict(zip(nouns, range(1, len(nouns) + 1), strict=True))
        _Build(connection, folder, nouns, codes, part, links, report).run()
        connection.execute(f"CHECKPOINT {layout.BUILT}")
    finally:
        connection.execute(f"DETACH {layout.BUILT}")
    (folder / layout.DECLARED).write_text(delta.declared(nouns), "utf-8")
    _keep(folder)
    report("Finished", 1.0)


class _Build:
    """One build under way; `where` selects the objects that are made anew."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, folder: Path, nouns: Nouns, codes: dict[str, int], part: bool,
        links: int, report: Progress,
    ) -> None:  # fmt: skip
        self.connection, self.folder, self.nouns, self.codes = connection, folder, nouns, codes
        self.part, self.links, self.report = part, links, report
        self.where = "object IN (SELECT object FROM changed)" if part else "object IS NOT NULL"
        #: the new layer of rows; a change that finds no layer below lays all of them anew in the end
        self.layer = Layer(connection, folder / ROWS, part=part) if not part or layers(folder / ROWS) else None

    def run(self) -> None:
        delta.start_counts(self.connection, self.part)
        if self.part:
            delta.forget(self.connection, self.nouns)
        else:
            self._create()
        self._records()
        self._links()
        if "issues" in self._views:
            self._put("issue", layout.issue_rows())
        self._pieces()
        (self.layer or self._anew()).close()
        delta.finish_counts(self.connection)
        for table in _ASIDE:
            self.connection.execute(f"DROP TABLE IF EXISTS temp.{table}")

    def _create(self) -> None:
        self.connection.execute("BEGIN")
        for table in layout.TABLES:
            self.connection.execute(f"CREATE TABLE {layout.BUILT}.{table}")
        for noun in self.nouns.values():
            self.connection.execute(layout.record_ddl(noun))
        self._insert("type", [[self.codes[name], name, noun.slug()] for name, noun in self.nouns.items()])
        said = [
            [name, key, each.label, each.type.search.value, each.sensitive, place]
            for name, noun in self.nouns.items()
            for place, (key, each) in enumerate(noun.properties.items())
        ]
        self._insert("property", said)
        self.connection.execute("COMMIT")

    def _insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        # as a table of Arrow: a thousand parameters take 20 ms to plan
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.connection.register("index_said", pa.table(columns, list(map(str, range(len(columns))))))
        self.connection.execute(f"INSERT INTO {layout.BUILT}.{table} FROM index_said")
        self.connection.unregister("index_said")

    def _records(self) -> None:
        views = self._views
        for place, (name, noun) in enumerate(self.nouns.items()):
            self.report(f"Sorting records: {noun.plural}", 0.02 + 0.28 * place / len(self.nouns))
            if columns := views.get(f"records_{name}"):
                made = self._put(layout.record_table(noun), layout.record_rows(noun, columns))
                if points := point_rows(noun, self.codes[name], made):
                    self.connection.execute(f"INSERT INTO {layout.BUILT}.point BY NAME {points}")

    def _put(self, table: str, sql: str) -> str:
        """The rows of `sql`, which come in order, into a table and the layer; returns where they stand."""
        made = f"{layout.BUILT}.{table}"
        if self.part:
            # the table holds others too, so that what is new must be told apart
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE index_rows AS {sql}")
            made, sql = "temp.index_rows", "FROM temp.index_rows"
        self.connection.execute(f"INSERT INTO {layout.BUILT}.{table} BY NAME {sql}")
        if self.layer:
            self.layer.add(table, made)
        return made

    def _anew(self) -> Layer:
        """A layer of all that the tables hold."""
        layer = Layer(self.connection, self.folder / ROWS, part=False)
        for table in (*map(layout.record_table, self.nouns.values()), "link", "issue", "object"):
            layer.add(table, f"{layout.BUILT}.{table} ORDER BY object")
        return layer

    @cached_property
    def _views(self) -> dict[str, set[str]]:
        """The columns of each view that the lake has, of those that a build reads."""
        named = self.connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        read = {f"records_{name}" for name in self.nouns} | {"issues"}
        return {name: set(self.connection.table(name).columns) for (name,) in named if name in read}

    @cached_property
    def _unread(self) -> set[str]:
        """The nouns of which there are values that were not understood, once these are in their table."""
        return with_unread(self.connection)

    def _links(self) -> None:
        self.report("Sorting links", 0.3)
        if self.links <= SORTED or self.part:
            self._put("link", f"{layout.link_rows()} ORDER BY object")
        else:
            self._many_links()
        for table, order in _WHOLE:
            self.connection.execute(f"DELETE FROM {layout.BUILT}.{table}")
            self.connection.execute(
                f"INSERT INTO {layout.BUILT}.{table} BY NAME SELECT * FROM {table} ORDER BY {order}"
            )

    def _many_links(self) -> None:
        """All links, where these are too many to be put in order at once: one range of objects after the other."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE index_links AS {layout.link_rows()}")
        pieces = layout.ranges(-(-self.links // SORTED))
        for place, (low, high) in enumerate(pieces):
            self.report("Sorting links", 0.3 + 0.1 * place / len(pieces))
            self.connection.execute(
                f"INSERT INTO {layout.BUILT}.link BY NAME FROM temp.index_links "
                f"WHERE object BETWEEN {low} AND {high} ORDER BY object"
            )
        self.connection.execute("DROP TABLE temp.index_links")
        if self.layer:
            self.layer.add("link", f"{layout.BUILT}.link")

    def _pieces(self) -> None:
        """Objects and documents, one range of object numbers after the other."""
        self.report("Reading names", 0.4)
        learn_spellings(self.connection, self.nouns, self.where)
        sizes = self._sizes()
        pieces = layout.ranges(-(-sum(sizes.values()) // PIECE))
        present = {name: noun for name, noun in self.nouns.items() if name in sizes}
        text = schema.load(self.folder / TEXT) if self.part else schema.create(self.folder / TEXT)
        # a change fits one small segment; two would be merged with others for nothing
        writer = text.writer(*((_SMALL_HEAP, 1) if self.part else (_HEAP, _WRITERS)))
        if self.part:
            delta.forget_documents(self.connection, text, writer)
        for place, (low, high) in enumerate(pieces):
            self.report("Writing the index", 0.45 + 0.5 * place / len(pieces))
            self._piece(present, writer, f"object BETWEEN {low} AND {high} AND r.{self.where}")
        self.report("Finishing the text index", 0.95)
        writer.commit()
        writer.wait_merging_threads()

    def _sizes(self) -> dict[str, int]:
        """How many records there are to put together of each noun that has some."""
        each = " UNION ALL ".join(
            f"SELECT {literal(name)}, count(*) FROM {layout.BUILT}.{layout.record_table(noun)} WHERE {self.where}"
            for name, noun in self.nouns.items()
        )
        return {name: count for name, count in self.connection.execute(each).fetchall() if count}

    def _piece(self, nouns: Nouns, writer: tantivy.IndexWriter, where: str) -> None:
        if not nouns:
            return
        rows = layout.object_rows(nouns, self.codes, where.replace("r.", ""))
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE index_piece AS {rows}")
        self.connection.execute(f"INSERT INTO {layout.BUILT}.object BY NAME SELECT * FROM index_piece")
        if self.layer:
            self.layer.add("object", "temp.index_piece")
        delta.count(self.connection, "temp.index_piece", 1)
        for name, noun in nouns.items():
            sql = documents_sql(self.connection, noun, self.codes[name], where, unread=name in self._unread)
            add_documents(self.connection, writer, sql)


def _silent(_doing: str, _share: float) -> None:
    return None


def _keep(folder: Path) -> None:
    """Make the build outlast a power cut: every file, then every folder that names it."""
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
