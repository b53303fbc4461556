"""The records and links of a build: what mapping and resolution write to the lake, and which objects they touch."""

from typing import Protocol

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
from bluelamp.pipeline.build import Build, Progress
from bluelamp.pipeline.ingest import columns_needed
from bluelamp.pipeline.likely import Likelihoods
from bluelamp.pipeline.map import Mapping
from bluelamp.resolution.declared import telling
from bluelamp.resolution.reach import Before, reach
from bluelamp.resolution.resolve import COLUMNS, CONFLICTS, ENTITIES, JUDGED, PAIRS, resolve, rules
from bluelamp.workspace.model import Source, Workspace


class Note(Protocol):
    """Takes note of `rows`, SQL of those that came or went; with `came` they only came."""

    def __call__(self, rows: str, *, came: bool) -> None: ...


class Records:
    """Brings the lake's records and links from the `published` build to the present, and notes what changed."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        workspace: Workspace,
        store: Store,
        published: Build | None,
        secret: str,
    ) -> None:
        self.connection = connection
        self.workspace = workspace
        self.store = store
        self.published = published
        self.secret = secret
        #: the sources mapped, each with the delivery up to which its rows were left as they stood; 0: none
        self.since: dict[str, int] = {}
        #: the records that this run joined to another's object: their type, number and that of the object
        self.joined = pa.table({})
        #: for each dataset the sources of which rows only came, with the delivery after which they did
        self.added: dict[Dataset, list[tuple[str, int]]] = {}
        #: fingerprints of the models by which records were joined, by type, and of all the rules
        self.models: dict[str, str] = {}
        self.rules = ""
        self.likelihoods: Likelihoods
        for table in ("touched", "loosened", "retold"):
            connection.execute(f"create or replace temp table {table} (type varchar, record bigint)")

    def datasets(self) -> dict[str, Dataset]:
        """Every dataset that a build is made of, by the name that the build notes its version under."""
        named = {f"records/{noun.name()}": self.store.records(noun.name()) for noun in self.workspace.nouns.values()}
        named |= {f"links/{link.name}": self.store.links(link.name) for link in self.workspace.links.values()}
        named |= {"issues": self.store.issues, "astray": self.store.astray}
        named |= {"entities": self.store.entities, "conflicts": self.store.conflicts, "pairs": self.store.pairs}
        return named | {"decided": self.store.decided}

    def roll_back(self) -> None:
        """Take back what an unfinished run committed after the published build."""
        for name, dataset in self.datasets().items():
            if dataset.exists:
                dataset.restore(self.published.tables.get(name) if self.published else None)

    def map(self, source: Source, ledger: Ledger) -> None:
        """Write the records, links and issues of what is new in `source`, or of all of it where it must be redone."""
        since = self.since[source.name] = self._since(source, ledger)
        raw = current.rows(source, self.store, ledger, since)
        if raw is None:
            return
        days = {each.number: each.day for each in ledger.deliveries}
        mapping = Mapping(self.connection, self.workspace, source, self.secret, days)
        mapped = mapping.run(raw, columns_needed(source))
        marked = any(record.marking for record in source.records)
        for noun in self.workspace.nouns.values():
            query = " union all by name ".join(f"({each})" for each in mapped.records.get(noun.name(), {}).values())
            self._write(self.store.records(noun.name()), source, since, query, self._touch(noun, marked=marked))
        for link in self.workspace.links.values():
            query = " union all by name ".join(f"({each})" for each in mapped.links.get(link.name, []))
            self._write(self.store.links(link.name), source, since, query, self._loosen_ends(link.name))
        new = [each for each in current.deliveries(source, ledger) if each.number > since]
        issues = " union all by name ".join([mapped.issues, *needed.issues(source, new)])
        self._write(self.store.issues, source, since, issues, self._loosen_unread)
        mapping.drop()

    def remove(self, source: str) -> None:
        """Take every record, link and issue of a source that is declared no more out of the lake."""
        for name, dataset in self.datasets().items():
            relation = dataset.relation()
            if relation is None or name in ("entities", "conflicts", "pairs", "decided"):
                continue
            rows = f"(select * from {relation} where source = {literal(source)})"
            if name.startswith("records/"):
                self._touch(self.workspace.nouns[name.partition("/")[2]])(rows, came=False)
            elif name.startswith("links/"):
                self._loosen_ends(name.partition("/")[2])(rows, came=False)
            dataset.delete(f"source = {literal(source)}")

    def check_numbers(self) -> None:
        """Raise a BlueLampError where two different keys have one number, by a chance of the numbers' making.

        With a published build only what has changed since is compared, with everything that is there.
        """
        touched = {name for (name,) in self.connection.execute("select distinct type from touched").fetchall()}
        for name, noun in self.workspace.nouns.items():
            relation = self.store.records(noun.name()).relation()
            if relation is None or (self.published and name not in touched):
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

    def resolve(self, decisions: pa.Table, progress: Progress) -> None:
        """Join records, write which object each belongs to, and note the objects that changed.

        `decisions` are those that are obeyed. Only what the change can reach is resolved, unless the rules are not
        those of the published build, or so much has changed that Spark does better with everything.
        """
        nouns = list(self.workspace.nouns.values())
        before = [self._or_none(each, name) for each, name in (*self._resolved(), (self.store.decided, JUDGED))]
        self._decide(decisions, before[-1])
        likely = self.likelihoods = Likelihoods(self.connection, self.workspace, self.store, self.published, progress)
        self.models = likely.named()
        self.rules = rules(nouns, self.models)
        scope = None
        stands = self.published is not None and self.published.rules == self.rules and not likely.many("touched")
        if self.published and stands and likely.go_on(self.published):
            self.connection.execute(
                "create or replace temp table stirred as from touched union all "
                "select type, unnest([record, other]) from (from resolved_come union all from resolved_gone)"
            )
            likely.arrive("stirred")
            scope = reach(self.connection, nouns, self._relation, Before(*before), "stirred", likely.of)
        else:
            likely.anew()
        resolve(self.connection, nouns, self._relation, before[0], scope, likely.of, self._held)
        for (dataset, name), was in zip(self._resolved(), before[:-1], strict=True):
            self._compare(name, was, scope)
            if name == ENTITIES:
                self._note_changed(was)
                self.joined = self.connection.sql("select * from resolved_come order by all").to_arrow_table()
            self._write_resolved(dataset, name, was, scope)

    def _decide(self, decisions: pa.Table, before: str) -> None:
        """Lay down what is obeyed now; `resolved_come` and `resolved_gone` are what differs from `before`."""
        self.connection.register("given", decisions)
        self.connection.execute(f"create or replace temp table {JUDGED} as from given")
        self.connection.unregister("given")
        self._compare(JUDGED, before, None)
        self._write_resolved(self.store.decided, JUDGED, before, None)

    def _relation(self, noun: type[ObjectType]) -> str | None:
        return self.store.records(noun.name()).relation()

    def _held(self, noun: type[ObjectType]) -> str | None:
        """SQL of the records of a type that the published build holds."""
        version = self.published.tables.get(f"records/{noun.name()}") if self.published else None
        return self.store.records(noun.name()).relation(version) if version is not None else None

    def _resolved(self) -> tuple[tuple[Dataset, str], ...]:
        return (self.store.entities, ENTITIES), (self.store.conflicts, CONFLICTS), (self.store.pairs, PAIRS)

    def _or_none(self, dataset: Dataset, name: str) -> str:
        """SQL of what the last build resolved, with the columns of the table `name`."""
        columns = ", ".join(f"NULL::{kind} as {column}" for column, kind in COLUMNS[name].items())
        return dataset.relation() or f"(select {columns} where false)"

    def _compare(self, name: str, before: str, scope: str | None) -> None:
        """Make the tables of what this run found that was not there `before` (`resolved_come`), and the reverse."""
        columns = ", ".join(COLUMNS[name])
        was = f"select {columns} from {before}"
        was += f" where {_within(name, scope)}" if scope else ""
        for table, one, other in (
            ("come", f"select {columns} from {name}", was),
            ("gone", was, f"select {columns} from {name}"),
        ):
            self.connection.execute(f"create or replace temp table resolved_{table} as ({one}) except ({other})")

    def _note_changed(self, before: str) -> None:
        """Make the table `changed` of the objects of which a record is new, gone or otherwise; and the tables `loose`
        and `loose_records` of those objects of the last build, with all records that they had, whose rows and links
        are not just added to.
        """
        owned = "select t.type, e.object from touched t join {} e on e.type = t.type and e.record = t.record"
        self.connection.execute(
            "create or replace temp table changed as select distinct type, object from ("
            f"select type, record as object from touched union all {owned.format(ENTITIES)} "
            f"union all {owned.format('resolved_gone')} "
            "union all select type, unnest([record, object]) from resolved_come "
            "union all select type, unnest([record, object]) from resolved_gone)"
        )
        moved = "select type, record from resolved_come union select type, record from resolved_gone"
        self.connection.execute(
            "create or replace temp table loose as select distinct type, coalesce(b.object, m.record) as object "
            f"from (from loosened union {moved}) m left join {before} b using (type, record)"
        )
        self.connection.execute(
            f"create or replace temp table loose_records as select type, object as record from loose "
            f"anti join {before} b on b.type = loose.type and b.record = loose.object "
            f"union select type, record from {before} semi join loose using (type, object)"
        )

    def _write_resolved(self, dataset: Dataset, name: str, before: str, scope: str | None) -> None:
        """Write what was resolved as the table `name`, type by type, where it is not what stands there."""
        columns = ", ".join(COLUMNS[name])
        if not dataset.exists:
            dataset.append(
                self.connection.sql(f"select {columns} from {name} limit 0").to_arrow_reader(), partition="type"
            )
        differing = "select type from resolved_come union select type from resolved_gone order by 1"
        for (type_,) in self.connection.execute(differing).fetchall():
            only = f"where type = {literal(type_)}"
            kept = f"and not ({_within(name, scope)})" if scope else "and false"
            query = f"select {columns} from {name} {only} union all select {columns} from {before} {only} {kept}"
            query += " order by record"
            dataset.replace(self.connection.sql(query).to_arrow_reader(), "type", type_)

    def _since(self, source: Source, ledger: Ledger) -> int:
        """The delivery up to which the lake's records of `source` stand as they are; 0 where none do."""
        state = self.published.sources.get(source.name) if self.published else None
        if state is None or state.fingerprint != source.fingerprint:
            return 0
        return state.delivery if current.only_appended(source, ledger, state.delivery) else 0

    def _write(self, dataset: Dataset, source: Source, since: int, query: str, note: Note) -> None:
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
        if self.published and (since or old is None):
            note(rows, came=True)
            self.added.setdefault(dataset, []).append((source.name, since))
        elif self.published and old:
            note(self._difference(old, rows, query), came=False)
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

    def _touch(self, noun: type[ObjectType], *, marked: bool = False) -> Note:
        """`marked`: each row says its own marking."""
        records, astray = self.store.records(noun.name()).relation(), self.store.astray.relation()
        this = f"type = {literal(noun.name())}"

        def touch(rows: str, *, came: bool) -> None:
            said = f"select distinct {literal(noun.name())}, record from {rows}"
            self.connection.execute(f"insert into touched {said}")
            if not came:
                self.connection.execute(f"insert into loosened {said}")
            # who sees a link depends on the record that it leads to: whether it is there, and under which markings
            elif astray:
                waiting = f"select record from {astray} where noun = {literal(noun.name())}"
                self.connection.execute(
                    f"insert into loosened select type, record from touched where {this} and record in ({waiting})"
                )
            if came and marked and records:
                new = f"select record, marking from {rows} except select record, marking from {records}"
                self.connection.execute(
                    f"insert into loosened select {literal(noun.name())}, record from ({new}) "
                    f"where record in (select record from {records})"
                )

        return touch

    def _loosen_ends(self, link: str) -> Note:
        def loosen(rows: str, *, came: bool) -> None:
            if telling(link):
                self.connection.execute(f"insert into retold select distinct from_type, from_record from {rows}")
            if not came:
                self.connection.execute(
                    f"insert into loosened select distinct from_type, from_record from {rows} "
                    f"union select distinct to_type, to_record from {rows}"
                )

        return loosen

    def _loosen_unread(self, rows: str, *, came: bool) -> None:
        """A page shows what was not understood beside what was, and records are found and compared by it too; where it
        differs, an object is laid anew, and its record compared anew.
        """
        # issues that an earlier version wrote do not say of which record they are, and its index is not gone on from
        if "record" in self.connection.sql(f"select * from {rows} limit 0").columns:
            for table in ("touched",) if came else ("touched", "loosened"):
                self.connection.execute(
                    f"insert into {table} select distinct type, record from {rows} where record is not null"
                )


def _within(name: str, scope: str) -> str:
    """SQL of whether a row of what was resolved is of a record in the scope."""
    ends = ("record", "other") if name == PAIRS else ("record",)
    return " or ".join(f"(type, {end}) in (select (type, record) from {scope})" for end in ends)
