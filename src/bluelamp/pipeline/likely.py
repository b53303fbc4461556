"""What a run needs to tell which records are one: the models in the workspace, and how records stood last time."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from bluelamp.errors import DeclarationError
from bluelamp.lake import duck, spark
from bluelamp.lake.sql import literal
from bluelamp.lake.store import Store
from bluelamp.ontology.grammar import ObjectType
from bluelamp.pipeline import build as builds
from bluelamp.pipeline.build import Build, Progress, Unlearned
from bluelamp.pipeline.kept import fingerprint, place
from bluelamp.resolution import model as models
from bluelamp.resolution import spread, standing
from bluelamp.resolution.block import Rule
from bluelamp.resolution.cluster import Pairs
from bluelamp.resolution.decided import Obeyed
from bluelamp.resolution.declared import Relation, Told, Wording, facts_sql, told, wording
from bluelamp.resolution.frame import WIDTH, frame
from bluelamp.resolution.likely import Likely
from bluelamp.resolution.model import Model
from bluelamp.resolution.sense import Senseless
from bluelamp.resolution.standing import Standing
from bluelamp.resolution.written import FACTS, RULES, Written
from bluelamp.workspace.model import Workspace

#: fewer records of a type than this teach nothing: then only strong keys join
LEAST = 500

#: by how much the records of a type must have grown until a run tries again to learn what it could not
AGAIN = 1.2

#: from which share of a type's records on it is worth it to have Spark look at all of them again
MANY = 0.2

#: where a build keeps how records stood for it
STOOD = "stood"
#: the file of a build that holds a model, beside how records stood for it
MODEL = "model.json"


@dataclass(frozen=True)
class Facts:
    """Where the facts of one type stand in the lake."""

    connection: duckdb.DuckDBPyConnection
    workspace: Workspace
    store: Store
    noun: type[ObjectType]

    @property
    def wanted(self) -> list[Told]:
        """By what its records are compared; nothing where no model can tell."""
        return told(self.noun, self.workspace.nouns, self.workspace.links.values())

    def count(self) -> int:
        """How many records there are."""
        relation = self.store.records(self.noun.name()).relation()
        return duck.count(self.connection, f"select count(distinct record) from {relation}") if relation else 0

    def read(self, wanted: Iterable[Told], only: str | None = None) -> pa.Table:
        """A row for each record, or for those of `only` (SQL of numbers)."""
        listed = list(wanted)
        records = self._relation(self.store.records(self.noun.name()).relation())
        if records is None:
            empty = [pa.array([], pa.int64()), *([pa.array([], pa.list_(pa.string()))] * len(listed))]
            return pa.table(empty, names=["record", *(each.comparison.name for each in listed)])
        through = {each.through for each in listed if each.through}
        links = {name: self._relation(self.store.links(name).relation()) for name, _ in through}
        others = {name: self._relation(self.store.records(name).relation()) for _, name in through}
        query = facts_sql(listed, records, _there(links), _there(others), WIDTH, only, self._unread())
        return self.connection.sql(query).to_arrow_table()

    def _unread(self) -> str | None:
        relation = self.store.issues.relation()
        # an earlier version did not write of which record an issue is
        if relation is None or "record" not in self.connection.sql(f"select * from {relation} limit 0").columns:
            return None
        return (
            f"(select record, property, raw from {relation} where type = {literal(self.noun.name())} "
            "and record is not null and not understood)"
        )

    @property
    def strong(self) -> frozenset[str]:
        """The keys that only one thing has."""
        return frozenset(each.name for each in self.noun.strong_keys())

    @property
    def written(self) -> Wording | None:
        """How its records write the place that they are, or that they are at; None where no rule can tell."""
        return wording(self.noun, self.workspace.nouns, self.workspace.links.values())

    def affected(self, wanted: Iterable[Told]) -> str:
        """SQL of the numbers of which something has changed that is `wanted`. Reads the tables of a run."""
        name = literal(self.noun.name())
        ways = [f"select record from touched where type = {name}", f"select record from retold where type = {name}"]
        for link, other in sorted({each.through for each in wanted if each.through}):
            relation = self.store.links(link).relation()
            if relation:
                ways.append(
                    f"select from_record from {relation} where from_type = {name} and to_type = {literal(other)} "
                    f"and to_record in (select record from touched where type = {literal(other)})"
                )
        return " union ".join(ways)

    def _relation(self, sql: str | None) -> Relation | None:
        if sql is None:
            return None
        return Relation(sql, frozenset(self.connection.sql(f"select * from {sql} limit 0").columns))


def _there(relations: Mapping[str, Relation | None]) -> dict[str, Relation]:
    return {name: each for name, each in relations.items() if each}


def reviewed(facts: Facts) -> Model | None:
    """The model of a type that the workspace keeps; None where it keeps none. Raises DeclarationError."""
    path = place(facts.workspace, facts.noun)
    if not facts.wanted or not path.exists():
        return None
    return models.load(path, facts.noun.name(), [each.comparison for each in facts.wanted])


class Unlearnable(DeclarationError):
    """What was learned of a type cannot be right; the text says why, and what to do."""


def tried(workspace: Workspace, published: Build | None) -> dict[str, Unlearned]:
    """The types of which nothing could be learned for the published build, from sources declared as they are now."""
    if published is None:
        return {}
    states = published.sources
    anew = {
        record.type.name()
        for source in workspace.sources.values()
        for record in source.records
        if source.name not in states or states[source.name].fingerprint != source.fingerprint
    }
    return {name: each for name, each in published.unlearned.items() if name not in anew}


def learned(facts: Facts, before: Unlearned | None, progress: Progress) -> Likely | Unlearned | None:
    """The records of a type with a model learned from them, which the workspace keeps from now on.

    None where the type has nothing that it could be told by, or too few records to learn from; Unlearned where what was
    learned cannot be right, and `before` where that was so already and there are hardly more records since.
    """
    count = facts.count() if facts.wanted else 0
    if count < LEAST:
        return None
    if before and count < AGAIN * before.records:
        return before
    progress("resolve", f"learning which {facts.noun.plural.lower()} are one", 0)
    try:
        likely = taught(facts)
    except Unlearnable as error:
        return Unlearned(count, f"{error} Until then only keys and people join them.")
    models.save(likely.model, facts.noun.name(), place(facts.workspace, facts.noun))
    return likely


def taught(facts: Facts, judged: Iterable[Obeyed] = ()) -> Likely:
    """All records of a type with a model learned from them; what no record says is left out.

    What people judged, of records of any type, corrects it. Raises Unlearnable where what was learned cannot be right.
    """
    wanted = facts.wanted
    table = facts.read(wanted)
    known = frame(table, [each.comparison.name for each in wanted])
    said = [each.comparison for each in wanted if len(known.columns[each.comparison.name].texts)]
    mine = [each for each in judged if each.type == facts.noun.name()]
    try:
        return Likely.learned(table, known, said, facts.strong, mine)
    except Senseless as error:
        name, property = facts.noun.name(), facts.noun.properties[error.property]
        noun, plural = facts.noun.label.lower(), facts.noun.plural.lower()
        raise Unlearnable(
            f"No model of {name} is kept: by what {len(known):,} records taught, in {property.label} "
            f"(`{property.name}`) {error.wrong}, as happens where hardly any two are of one {noun}; see what it is "
            f"mapped from, or run `bluelamp resolution train WORKSPACE --type {name}` once more records of the same "
            f"{plural} are there."
        ) from error


class Likelihoods:
    """The types of which a model, or rules of writing, tell which records are one, while a run resolves them."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        workspace: Workspace,
        store: Store,
        published: Build | None,
        progress: Progress,
    ) -> None:
        self.connection = connection
        self.workspace, self.store = workspace, store
        self.progress = progress
        self.engine = workspace.settings.engine
        self.facts = {name: Facts(connection, workspace, store, noun) for name, noun in workspace.nouns.items()}
        kept_ = {name: reviewed(each) for name, each in self.facts.items()}
        before = tried(workspace, published)
        new = {
            name: learned(self.facts[name], before.get(name), progress)
            for name, model in kept_.items()
            if model is None
        }
        #: of which the model has been learned just now, and of which it could not be
        self.new = {name: each for name, each in new.items() if isinstance(each, Likely)}
        self.unlearned = {name: each for name, each in new.items() if isinstance(each, Unlearned)}
        found = kept_ | {name: each.model for name, each in self.new.items()}
        self.models = {name: each for name, each in found.items() if each}
        said = {name: each.written for name, each in self.facts.items() if name not in self.models}
        self.written = {name: each for name, each in said.items() if each}
        self.of: dict[str, Likely | Written] = {}

    def named(self) -> dict[str, str]:
        """The fingerprint of each model."""
        return {name: fingerprint(self.workspace, self.workspace.nouns[name]) for name in sorted(self.models)}

    def go_on(self, published: Build) -> bool:
        """Take up how records stood in the published build; False where that cannot be told."""
        if self.new:
            return False
        stood = {}
        for name in (*self.models, *self.written):
            with suppress(OSError, ValueError, LookupError):
                stood[name] = standing.read(
                    builds.folder(self.store, published.number) / STOOD / name, *self._shape(name)
                )
        if len(stood) < len(self.models) + len(self.written):
            return False
        self.of = {name: self._likely(name, each) for name, each in stood.items()}
        return True

    def many(self, touched: str) -> bool:
        """Whether so many records of a type are in the table `touched` that Spark, if declared, takes them all."""
        return self.engine.name == "spark" and any(
            duck.count(self.connection, f"select count(distinct record) from {touched} where type = {literal(name)}")
            > MANY * self.facts[name].count()
            for name in self.models
        )

    def anew(self) -> None:
        """Begin with all records."""
        self.of = dict(self.new)
        for name in (each for each in (*self.models, *self.written) if each not in self.new):
            self.of[name] = self._likely(name, Standing(*self._shape(name)))
            self.of[name].arrive(self.facts[name].read(self._wanted(name)), np.empty(0, np.int64))

    def arrive(self, into: str) -> None:
        """Take in what has changed, and add to the table `into` the records of which other pairs may come out."""
        for name, likely in self.of.items():
            self.connection.execute(
                f"create or replace temp table affected as {self.facts[name].affected(self._wanted(name))}"
            )
            told_ = self.facts[name].read(self._wanted(name), "select * from affected")
            changed = self.connection.sql("select * from affected").to_arrow_table().column(0).to_numpy()
            gone = np.setdiff1d(changed, told_.column("record").to_numpy())
            stirred = pa.table({"record": np.union1d(changed, likely.arrive(told_, gone))})
            self.connection.register("other_pairs", stirred)
            self.connection.execute(f"insert into {into} select {literal(name)}, record from other_pairs")
            self.connection.unregister("other_pairs")

    def keep(self, folder: Path) -> None:
        """Write how records stand now into the folder of a build, and the model that they were joined by."""
        for name, likely in self.of.items():
            likely.standing.tidy().write(folder / STOOD / name)
            if name in self.models:
                models.save(self.models[name], name, folder / STOOD / name / MODEL)

    def _wanted(self, name: str) -> list[Told]:
        if name in self.written:
            return self.written[name].told
        known = set(self.models[name].comparisons)
        return [each for each in self.facts[name].wanted if each.comparison in known]

    def _shape(self, name: str) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
        if name in self.written:
            return RULES, FACTS
        model = self.models[name]
        return model.rules, tuple(each.name for each in model.comparisons)

    def _likely(self, name: str, stood: Standing) -> Likely | Written:
        if name in self.written:
            return Written(self.written[name], stood)
        afar = self._afar if self.engine.name == "spark" else None
        return Likely(self.models[name], stood, self.facts[name].strong, afar=afar)

    def _afar(self, model: Model, facts: pa.Table) -> Pairs:
        self.progress("resolve", "weighing pairs on Spark", 0)
        with spark.connect(self.engine.spark, self.store.scratch, self.engine.threads, self.engine.memory) as session:
            return spread.weighed(session, model, facts)
