"""How well the records in the lake are joined, against a file of what is true; and training a model anew."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from bluelamp import clock
from bluelamp.errors import DeclarationError, HealthStop
from bluelamp.lake import duck
from bluelamp.lake.sql import ident, literal
from bluelamp.lake.store import Store
from bluelamp.ontology.grammar import ObjectType
from bluelamp.pipeline import build as builds
from bluelamp.pipeline import kept, likely
from bluelamp.pipeline.alone import alone
from bluelamp.pipeline.build import Progress
from bluelamp.pipeline.likely import Facts, Likelihoods
from bluelamp.resolution import measure
from bluelamp.resolution import model as models
from bluelamp.resolution.decided import Obeyed
from bluelamp.resolution.declared import untold
from bluelamp.resolution.measure import Measure, measured, paired
from bluelamp.resolution.model import Model
from bluelamp.resolution.resolve import COLUMNS, ENTITIES, JUDGED, resolve
from bluelamp.workspace.model import Workspace

#: what tells a record in a file of what is true, the first of these that it has
NAMES = (("source", "key"), ("source", "file", "row"))

#: properties by which it is measured where the file does not say others
GROUPINGS = ("sex", "ethnicity_self", "ethnicity_observed")


def train(
    workspace: Workspace, type_name: str, progress: Progress, judged: Iterable[Obeyed] = ()
) -> tuple[Model, Path]:
    """Learn the model of a type anew from all its records, and keep it in the workspace: the next run joins by it.

    What people `judged` of pairs of records corrects it.

    Raises DeclarationError where there are too few, or what was learned cannot be right; then nothing is written.
    """
    noun = known_type(workspace, type_name)
    store = Store(workspace.store)
    with alone(store), duck.connect(store.scratch, workspace.settings.engine.threads) as connection:
        facts = Facts(connection, workspace, store, noun)
        if why := untold(noun):
            raise DeclarationError(f"Records of {noun.name()} are joined without a model, as {why}.")
        if facts.count() < likely.LEAST:
            message = f"{facts.count():,} records of {noun.name()} are too few to learn from; it takes {likely.LEAST}."
            raise DeclarationError(message)
        progress("train", f"learning which {noun.plural.lower()} are one", 0)
        model, path = likely.taught(facts, judged).model, kept.place(workspace, noun)
        models.save(model, noun.name(), path)
        progress("train", "done", 1)
    return model, path


def evaluate(
    workspace: Workspace, type_name: str, truth: Path, by: Sequence[str], progress: Progress
) -> tuple[Measure, Path]:
    """Join the records that are in the lake, without publishing, and measure it against the file `truth` (Parquet or
    CSV: `entity`, and `source` with `key`, or with `file` and `row`). `by` are columns of the file or properties of the
    type. What is measured is kept beside the model. Raises DeclarationError.
    """
    noun = known_type(workspace, type_name)
    store = Store(workspace.store)
    with alone(store), duck.connect(store.scratch, workspace.settings.engine.threads) as connection:
        published = builds.current(store)
        likelihoods = Likelihoods(connection, workspace, store, published, progress)
        likelihoods.anew()
        progress("evaluate", f"joining {noun.plural.lower()}", 0)
        declared = ", ".join(f"{name} {kind}" for name, kind in COLUMNS[JUDGED].items())
        # what people decided is not what is measured
        connection.execute(f"create temp table {JUDGED} ({declared})")
        resolve(connection, [noun], lambda each: store.records(each.name()).relation(), None, None, likelihoods.of)
        known, unknown = _known(connection, store, noun, truth, by)
        model = likelihoods.named().get(noun.name(), "")
    groupings = {
        name: known.column(name).to_pylist() for name in known.column_names if name not in ("entity", "object")
    }
    entity, joined = (np.unique(known.column(name).to_numpy(), return_inverse=True)[1] for name in ("entity", "object"))
    groups, pairs = measured(entity, joined, groupings), paired(entity, joined)
    stamp = clock.now().isoformat()
    found = Measure(
        noun.name(),
        model,
        published.number if published else 0,
        stamp,
        truth.name,
        groups,
        unknown=unknown,
        pairs=pairs,
    )
    path = place(workspace, noun)
    measure.save(found, path)
    progress("evaluate", "done", 1)
    return found, path


def place(workspace: Workspace, noun: type[ObjectType]) -> Path:
    """Where the workspace keeps what was measured of a type."""
    return workspace.folder / kept.MODELS / f"{noun.slug()}.measured.json"


def demand_fairness(workspace: Workspace, named: dict[str, str]) -> None:
    """Raise HealthStop where the workspace waits for fairness and what was measured does not show it.

    `named` are the fingerprints of the models that join, by type.
    """
    most = workspace.settings.resolution.most_gap
    for type_name, fingerprint in named.items() if most else ():
        found = measure.load(place(workspace, workspace.nouns[type_name]))
        again = f"run `bluelamp resolution evaluate {workspace.folder} --type {type_name} --truth FILE`"
        again += ", or with --judged. Nothing was published."
        if found is None or found.model != fingerprint:
            raise HealthStop(f"How fairly the model of {type_name} joins was not measured yet; {again}")
        for by, (_, recall) in found.gaps().items():
            if recall.share * 100 > most:
                raise HealthStop(
                    f"Joining {type_name} is not even: by {by} its recall differs by {recall.share:.1%}, and "
                    f"[resolution] most_gap allows {most}%. Mend the model or the mapping, and {again}"
                )


def known_type(workspace: Workspace, type_name: str) -> type[ObjectType]:
    """The type of that name. Raises DeclarationError."""
    noun = workspace.nouns.get(type_name)
    if noun is None:
        raise DeclarationError(f"There is no object type {type_name}; there are {', '.join(workspace.nouns)}.")
    return noun


def _known(
    connection: duckdb.DuckDBPyConnection, store: Store, noun: type[ObjectType], truth: Path, by: Sequence[str]
) -> tuple[pa.Table, int]:
    """Of each record of which the file knows the thing: entity, object, and what it is grouped by; and how many rows of
    the file are of no such record.

    Two records of one row and key cannot be told apart, and are left out.
    """
    if not truth.is_file():
        raise DeclarationError(f"There is no file {truth}.")
    reader = "read_parquet" if truth.suffix == ".parquet" else "read_csv"
    said = f"{reader}({literal(str(truth))})"
    try:
        columns = connection.sql(f"select * from {said} limit 0").columns
    except duckdb.Error as error:
        raise DeclarationError(f"{truth} cannot be read: {error}") from error
    name = next((name for name in NAMES if {*name, "entity"} <= set(columns)), None)
    if name is None:
        raise DeclarationError(f"{truth} needs the column entity, and source with key, or source, file and row.")
    relation = store.records(noun.name()).relation()
    if relation is None:
        raise DeclarationError(f"There are no records of {noun.name()} yet; run `bluelamp run` first.")
    grouped = _grouped(connection, noun, relation, columns, by)
    shared = ", ".join(name)
    theirs, mine = (
        "".join(f", any_value({ident(each)}) as {ident(each)}" for each, where in grouped.items() if where == one)
        for one in "tr"
    )
    chosen = "".join(f", {where}.{ident(each)}::varchar as {ident(each)}" for each, where in grouped.items())
    known = connection.sql(
        f"select t.entity, coalesce(e.object, r.record) as object{chosen} from "
        f"(select {shared}, any_value(entity) as entity{theirs} from {said} group by {shared} "
        "having count(distinct entity) = 1) t "
        f"join (select {shared}, any_value(record) as record{mine} from {relation} group by {shared} "
        f"having count(distinct record) = 1) r using ({shared}) "
        f"left join {ENTITIES} e on e.type = {literal(noun.name())} and e.record = r.record"
    ).to_arrow_table()
    if not known.num_rows:
        raise DeclarationError(
            f"No row of {truth} is of a record of {noun.name()}; write source, file, row and key as `bluelamp records` "
            "does, and name another type by --type."
        )
    return known, duck.count(connection, f"select count(*) from {said}") - known.num_rows


def _grouped(
    connection: duckdb.DuckDBPyConnection,
    noun: type[ObjectType],
    relation: str,
    columns: Sequence[str],
    by: Sequence[str],
) -> dict[str, str]:
    """For each grouping whether the file (`t`) or the records (`r`) say it."""
    held = connection.sql(f"select * from {relation} limit 0").columns
    wanted = list(by) or [name for name in GROUPINGS if name in noun.properties]
    unknown = [name for name in wanted if name not in columns and name not in noun.properties]
    if unknown:
        message = f"Neither the file nor {noun.name()} has {unknown[0]}; the file has {', '.join(columns)}."
        raise DeclarationError(message)
    return {name: "t" if name in columns else "r" for name in wanted if name in columns or name in held}
