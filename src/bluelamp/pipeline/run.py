"""A whole run, on one screen: ingest, check, map, resolve, publish, switch. Killed anywhere, the next run goes on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa

from bluelamp import clock
from bluelamp.errors import DeclarationError, DeliveryError, HealthStop
from bluelamp.lake import duck
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline import astray, current, health, numbering
from bluelamp.pipeline import build as builds
from bluelamp.pipeline.alone import alone
from bluelamp.pipeline.build import Build, Progress
from bluelamp.pipeline.evaluate import demand_fairness
from bluelamp.pipeline.ingest import ingest, require_columns
from bluelamp.pipeline.likely import kept
from bluelamp.pipeline.needed import as_role
from bluelamp.pipeline.publish import publish
from bluelamp.pipeline.records import Records
from bluelamp.pipeline.states import corrected, differs
from bluelamp.resolution import decided
from bluelamp.resolution.decided import Obeyed
from bluelamp.workspace.fingerprint import checks
from bluelamp.workspace.model import Source, Workspace

#: told, by source, every delivery that no published build holds
Collected: TypeAlias = Callable[[Mapping[str, list[Delivery]]], None]

#: told which records a run joined to another's object, as a table of type, record and object
Combined: TypeAlias = Callable[[pa.Table], None]


@dataclass(frozen=True)
class Outcome:
    """What a run did: the build that readers now see, and the deliveries that this run took in."""

    build: Build
    published: bool
    taken: dict[str, list[Delivery]]


def run(
    workspace: Workspace,
    who: str,
    progress: Progress,
    base: Path | None = None,
    collected: Collected = lambda _: None,
    combined: Combined = lambda _: None,
    leave_out: Collection[str] = (),
    decisions: Sequence[Obeyed] = (),
) -> Outcome:
    """Bring the published build up to date with the deliveries and the declarations.

    `base` replaces the workspace folder as the base of relative paths in `read:`. `progress` is told the step,
    what it is doing, and how far it is (0 to 1). `collected` is told what came, and `combined` which records were
    joined, before any of it is published; what they raise ends the run. The sources of `leave_out` are not read, and
    stay as the published build has them. `decisions` are those that people made and the build obeys, as `obeyed`
    gives them; others than the published build's make a run even where nothing was delivered.

    Raises DeliveryError or HealthStop with everything that stands in the way; what is published stays as it was.
    """
    store = Store(workspace.store)
    with alone(store):
        builds.sweep(store)
        published, whole = builds.standing(store)
        secret = numbering.make(store) if published is None and whole else numbering.secret(store, published)
        reading = _without(workspace, leave_out)
        ingested, taken, errors = _ingest(reading, store, base or workspace.folder, who, progress)
        collected(_unpublished(ingested, published))
        if errors:
            said = "\n".join(f"{name}: {error}" for name, error in errors.items())
            raise DeliveryError(f"{said} {_way_out(reading, errors)}")
        changed = [each for each in reading.sources.values() if differs(each, ingested[each.name], published)]
        gone = set(published.sources) - set(workspace.sources) if published else set()
        checked = {each.name for each in changed} | _checked_anew(reading, published)
        obeys = decided.fingerprint(decisions)
        settled = published and published.decided == obeys and kept(workspace) == published.models
        if published and whole and settled and not checked and not gone:
            return Outcome(published, published=False, taken=taken)
        engine = workspace.settings.engine
        with duck.connect(store.scratch, engine.threads, engine.memory) as connection:
            warnings = _check(connection, reading, store, ingested, checked, published)
            records = Records(connection, workspace, store, published, secret)
            _map(records, changed, gone, ingested, progress)
            progress("resolve", "which records are one", 0)
            records.resolve(decided.table(decisions), progress)
            demand_fairness(workspace, records.models)
            combined(records.joined)
            progress("resolve", "done", 1)
            build = Build(
                builds.following(store, published),
                clock.now().isoformat(),
                who,
                warnings=warnings,
                rules=records.rules,
                models=records.models,
                decided=obeys,
                numbering=numbering.fingerprint(secret),
            )
            build = _leaving(build, leave_out, published)
            previous = published if whole else None
            build = publish(connection, reading, store, records, previous, build, ingested, progress)
        builds.sweep(store)
        return Outcome(build, published=True, taken=taken)


def _map(
    records: Records, changed: list[Source], gone: set[str], ingested: dict[str, Ledger], progress: Progress
) -> None:
    """Bring the lake's records and links from the published build to what the ledgers hold now."""
    records.roll_back()
    for number, source in enumerate(changed):
        progress("map", source.title, number / len(changed))
        records.map(source, ingested[source.name])
    for name in sorted(gone):
        records.remove(name)
    records.check_numbers()
    astray.note(records.connection, records.workspace, records.store, records.since)
    progress("map", "done", 1)


def _without(workspace: Workspace, leave_out: Collection[str]) -> Workspace:
    """The workspace with the sources that are to be read. Raises DeclarationError where one is not declared."""
    unknown = sorted(set(leave_out) - set(workspace.sources))
    if unknown:
        message = f"There is no source {unknown[0]} to leave out; the sources are {', '.join(workspace.sources)}."
        raise DeclarationError(message)
    return replace(workspace, sources={name: each for name, each in workspace.sources.items() if name not in leave_out})


def _leaving(build: Build, leave_out: Collection[str], published: Build | None) -> Build:
    """`build` with what it says of the sources that were left out."""
    said = [f"{name}: {builds.LEFT_OUT}" for name in sorted(leave_out)]
    states = {name: each for name, each in (published.sources if published else {}).items() if name in leave_out}
    warnings = [*dict.fromkeys([*build.warnings, *said])]
    return replace(build, warnings=warnings, left_out=sorted(leave_out), sources=states)


def _way_out(reading: Workspace, failed: Collection[str]) -> str:
    """That nothing happened, and how to publish the sources that have not failed."""
    stays = "Nothing was published; the last build stays as it was."
    if set(failed) == set(reading.sources):
        return stays
    listed = " ".join(f"--leave-out {name}" for name in failed)
    return f"{stays} To publish the others: `bluelamp run {reading.folder} {listed}`."


def _ingest(
    workspace: Workspace, store: Store, base: Path, who: str, progress: Progress
) -> tuple[dict[str, Ledger], dict[str, list[Delivery]], dict[str, str]]:
    """The ledgers, what was added to them, and what is wrong with the sources that have none."""
    ingested: dict[str, Ledger] = {}
    taken: dict[str, list[Delivery]] = {}
    errors: dict[str, str] = {}
    for number, source in enumerate(workspace.sources.values()):
        share = number / len(workspace.sources)
        try:
            ingested[source.name], added = ingest(source, base, store, who, _told(progress, share))
            if added:
                taken[source.name] = added
            require_columns(source, store, ingested[source.name])
        except (DeliveryError, DeclarationError) as error:
            errors[source.name] = f"{error}{as_role(source, error)}"
    if not errors:
        progress("ingest", "done", 1)
    return ingested, taken, errors


def _told(progress: Progress, share: float) -> Callable[[str, float], None]:
    return lambda what, _: progress("ingest", what, share)


def _unpublished(ingested: dict[str, Ledger], published: Build | None) -> dict[str, list[Delivery]]:
    states = published.sources if published else {}
    held = {name: states[name].delivery if name in states else 0 for name in ingested}
    return {name: [each for each in ledger.deliveries if each.number > held[name]] for name, ledger in ingested.items()}


def _checked_anew(workspace: Workspace, published: Build | None) -> set[str]:
    """The sources with other health checks than those of the `published` build."""
    states = published.sources if published else {}
    return {name for name, each in workspace.sources.items() if name in states and checks(each) != states[name].checks}


def _check(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    store: Store,
    ingested: dict[str, Ledger],
    checked: set[str],
    published: Build | None,
) -> list[str]:
    """Check every source whose rows, or checks, changed; of the others, keep what the last build said."""
    warnings = [each for each in (published.warnings if published else []) if each.partition(":")[0] not in checked]
    stops: dict[str, list[str]] = {}
    for name in sorted(checked):
        source, ledger = workspace.sources[name], ingested[name]
        rows, counted = current.rows(source, store, ledger), corrected(connection, source, store, ledger)
        for check, message in health.failures(connection, source, ledger, rows, counted):
            (stops.setdefault(name, []) if check.then == "stop" else warnings).append(message)
    if stops:
        said = "; ".join(message for messages in stops.values() for message in messages)
        raise HealthStop(f"{said}. {_way_out(workspace, stops)}")
    return warnings
