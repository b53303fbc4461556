"""The records and links of a build: what mapping and resolution write to the lake, and which objects they touch."""

from collections.abc import Callable

import duckdb
import pyarrow as pa

from bluelamp.errors import BlueLampError
from bluelamp.lake import duck
from bluelamp.lake.dataset import Dataset
from bluelamp.lake.ledger import Ledger
from bluelamp.lake.sql import ident, literal
from bluelamp.lake.store import Store
from bluelamp.ontology.grammar import ObjectType
from bluelamp.pipeline import current, needed
from bluelamp.pipeline.build import Build
from bluelamp.pipeline.ingest import columns_needed
from bluelamp.pipeline.map import Mapping
from bluelamp.resolution.keys import CONFLICTS, ENTITIES, resolve
from bluelamp.workspace.model import Source, Workspace


class Records:
    """Brings the lake's records and links from the `published` build to the present, and notes what changed."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, workspace: Workspace, store: Store, published: Build | None
    ) -> None:
        self.connection = connection
        self.workspace = workspace
        self.store = store
        self.published = published
        self.conflicts = CONFLICTS.empty_table()
        #: the records that this run joined to another's object
        self.joined = ENTITIES.empty_table()
        connection.execute("create or replace temp table touched (type varchar, record bigint)")

    def datasets(self) -> dict[str, Dataset]:
        """Every dataset that a build is made of, by the name that the build notes its version under."""
        named = {f"records/{noun.name()}": self.store.records(noun.name()) for noun in self.workspace.nouns.values()}
        named |= {f"links/{link.name}": self.store.links(link.name) for link in self.workspace.links.values()}
        return named | {"issues": self.store.issues, "entities": self.store.entities}

    def roll_back(self) -> None:
        """Take back what an unfinished run committed after the published build."""
        for name, dataset in self.datasets().items():
            if dataset.exists:
                dataset.restore(self.published.tables.get(name) if self.published else None)

    def map(self, source: Source, ledger: Ledger) -> None:
        """Write the records, links and issues of what is new in `source`, or of all of it where it must be redone."""
        since = self._since(source, ledger)
        raw = current.rows(source, self.store, ledger, since)
        if raw is None:
            return
        mapping = Mapping(self.connection, self.workspace, source)
        mapped = mapping.run(raw, columns_needed(source))
        for noun in self.workspace.nouns.values():
            query = " union all by name ".join(f"({each})" for each in mapped.records.get(noun.name(), {}).values())
            self._write(self.store.records(noun.name()), source, since, query, self._touch_records(noun))
        for link in self.workspace.links.values():
            query = " union all by name ".join(f"({each})" for each in mapped.links.get(link.name, []))
            self._write(self.store.links(link.name), source, since, query, self._touch_links)
        new = [each for each in current.deliveries(source, ledger) if each.number > since]
        issues = " union all by name ".join([mapped.issues, *needed.issues(source, new)])
        self._write(self.store.issues, source, since, issues, lambda _: None)
        mapping.drop()

    def remove(self, source: str) -> None:
        """Take every record, link and issue of a source that is declared no more out of the lake."""
        for name, dataset in self.datasets().items():
            relation = dataset.relation()
            if relation is None or name == "entities":
                continue
            rows = f"(select * from {relation} where source = {literal(source)})"
            if name.startswith("records/"):
                self._touch_records(self.workspace.nouns[name.partition("/")[2]])(rows)
            elif name.startswith("links/"):
                self._touch_links(rows)
            dataset.delete(f"source = {literal(source)}")

    def check_numbers(self) -> None:
        """Raise a BlueLampError where two different keys have one number, by a chance of the numbers' making.

        With a published build only what has changed since is compared, with everything that is there.
        """
        for name, noun in self.workspace.nouns.items():
            relation = self.store.records(noun.name()).relation()
            if relation is None:
                continue
            changed = f"where record in (select record from touched where type = {literal(name)})"
            clash = duck.first(
                self.connection,
                "select min((source, key)), max((source, key)) from "
                f"(select record, source, key, hash(source, key) as said from {relation} "
                f"{changed if self.published else ''}) group by record having min(said) <> max(said) limit 1",
            )
            if clash:
                (one, its), (other, theirs) = clash
                raise BlueLampError(
                    f"Two things of type {name} got one number: {its} of {one} and {theirs} of {other}; "
                    "add a column to the `key:` of one of them. Nothing was published."
                )

    def resolve(self) -> None:
        """Join records by strong keys, write which object each belongs to, and note the objects that changed."""
        before = self.store.entities.relation()
        entities, self.conflicts = resolve(
            self.connection,
            self.workspace.nouns.values(),
            lambda noun: self.store.records(noun.name()).relation(),
            before,
        )
        self.connection.register("entities_now", entities)
        empty = "(select ''::varchar as type, 0::bigint as record, 0::bigint as object where false)"
        was, now = before or empty, "entities_now"
        columns = "type, record, object"
        moved = f"((select {columns} from {now}) except (select {columns} from {was}))"
        left = f"((select {columns} from {was}) except (select {columns} from {now}))"
        self.connection.execute("create or replace temp table changed (type varchar, object bigint)")
        self.connection.execute(
            f"insert into changed select distinct type, object from ("
            f" select type, record as object from touched"
            f" union all select t.type, e.object from touched t join {now} e on e.type = t.type and e.record = t.record"
            f" union all select t.type, e.object from touched t join {was} e on e.type = t.type and e.record = t.record"
            f" union all select type, unnest([record, object]) from {moved}"
            f" union all select type, unnest([record, object]) from {left})"
        )
        self.joined = self.connection.sql(f"select {columns} from {moved} order by all").to_arrow_table()
        self._write_entities(entities)
        self.connection.unregister("entities_now")

    def _write_entities(self, entities: pa.Table) -> None:
        if self.store.entities.exists:
            self.store.entities.delete("true")
        self.store.entities.append(entities.cast(ENTITIES).to_reader())

    def _since(self, source: Source, ledger: Ledger) -> int:
        """The delivery up to which the lake's records of `source` stand as they are; 0 where none do."""
        state = self.published.sources.get(source.name) if self.published else None
        if state is None or state.fingerprint != source.fingerprint:
            return 0
        return state.delivery if current.only_appended(source, ledger, state.delivery) else 0

    def _write(self, dataset: Dataset, source: Source, since: int, query: str, touch: Callable[[str], None]) -> None:
        """Write the rows of `query` (may be empty: none) as those of `source`, after those up to `since`."""
        relation = dataset.relation()
        old = f"(select * from {relation} where source = {literal(source.name)})" if relation else None
        if not query and (
            since or not self.published or not old or not duck.count(self.connection, f"select 1 from {old} limit 1")
        ):
            return
        rows = (
            f"(select {literal(source.name)} as source, * from ({query}))"
            if query
            else f"(select * from {old} where false)"
        )
        if self.published and since:
            touch(rows)
        elif self.published and old:
            touch(self._difference(old, rows, query))
        elif self.published:
            touch(rows)
        reader = self.connection.sql(f"select * from {rows}").to_arrow_reader()
        if since or old is None:
            dataset.append(reader, partition="source")
        else:
            dataset.replace(reader, "source", source.name)

    def _difference(self, old: str, new: str, query: str) -> str:
        """SQL of the rows that only one of two relations has, whichever columns either has."""
        before = self.connection.sql(f"select * from {old} limit 0").columns
        after = self.connection.sql(f"select * from {new} limit 0").columns if query else before
        shared = ", ".join(ident(column) for column in before if column in after)
        if set(before) != set(after):
            return f"(select {shared} from {old} union all select {shared} from {new})"
        gone = f"(select {shared} from {old} except all select {shared} from {new})"
        come = f"(select {shared} from {new} except all select {shared} from {old})"
        return f"({gone} union all {come})"

    def _touch_records(self, noun: type[ObjectType]) -> Callable[[str], None]:
        def touch(rows: str) -> None:
            self.connection.execute(f"insert into touched select distinct {literal(noun.name())}, record from {rows}")

        return touch

    def _touch_links(self, rows: str) -> None:
        self.connection.execute(
            f"insert into touched select distinct from_type, from_record from {rows} "
            f"union select distinct to_type, to_record from {rows}"
        )
