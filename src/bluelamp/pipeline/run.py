"""A whole run, on one screen: ingest, check, map, resolve, publish, switch. Killed anywhere, the next run goes on."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bluelamp import clock
from bluelamp.errors import BlueLampError, DeliveryError, HealthStop
from bluelamp.lake import duck
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline import build as builds
from bluelamp.pipeline import current, health
from bluelamp.pipeline.build import Build, Progress
from bluelamp.pipeline.ingest import ingest
from bluelamp.pipeline.publish import publish
from bluelamp.pipeline.records import Records
from bluelamp.workspace.model import Source, Workspace



@dataclass(frozen=True)
class Outcome:
    """What a run did: the build that readers now see, and the deliveries that this run took in."""

    build: Build
    published: bool
    taken: dict[str, list[Delivery]]


def run(workspace: Workspace, who: str, progress: Progress, base: Path | None = None) -> Outcome:
    """Bring the published build up to date with the deliveries and the declarations.

    `base` replaces the workspace folder as the base of relative paths in `read:`. `progress` is told the step,
    what it is doing, and how far it is (0 to 1).

    Raises DeliveryError or HealthStop with everything that stands in the way; what is published stays as it was.
    """
    store = Store(workspace.store)
    with _alone(store):
        builds.sweep(store)
        published = builds.current(store)
        taken, ingested = _ingest(workspace, store, base or workspace.folder, who, progress)
        changed = [source for source in workspace.sources.values() if _differs(source, ingested[source.name], published)]
        gone = set(published.sources) - set(workspace.sources) if published else set()
        if published and not changed and not gone:
            return Outcome(published, published=False, taken=taken)
        engine = workspace.settings.engine
        with duck.connect(store.scratch, engine.threads, engine.memory) as connection:
            warnings = _check(connection, workspace, store, ingested, {source.name for source in changed}, published)
            records = Records(connection, workspace, store, published)
            records.roll_back()
            for number, source in enumerate(changed):
                progress("map", source.title, number / len(changed))
                records.map(source, ingested[source.name])
            for name in sorted(gone):
                records.remove(name)
            progress("map", "done", 1)
            progress("resolve", "strong keys", 0)
            records.resolve()
            progress("resolve", "done", 1)
            build = Build((published.number if published else 0) + 1, clock.now().isoformat(), who, warnings=warnings)
            build = publish(connection, workspace, store, records, published, build, ingested, progress)
        builds.sweep(store)
        return Outcome(build, published=True, taken=taken)


def _ingest(
    workspace: Workspace, store: Store, base: Path, who: str, progress: Progress
) -> tuple[dict[str, list[Delivery]], dict[str, Ledger]]:
    taken: dict[str, list[Delivery]] = {}
    ingested: dict[str, Ledger] = {}
    errors = []
    for number, source in enumerate(workspace.sources.values()):
        share = number / len(workspace.sources)
        try:
            current.needs_key(source)
            ledger, added = ingest(source, base, store, who, lambda what, _, share=share: progress("ingest", what, share))
        except DeliveryError as error:
            errors.append(f"{source.name}: {error}")
            continue
        ingested[source.name] = ledger
        if added:
            taken[source.name] = added
    if errors:
        raise DeliveryError("\n".join(errors))
    progress("ingest", "done", 1)
    return taken, ingested


def _differs(source: Source, ledger: Ledger, published: Build | None) -> bool:
    state = published.sources.get(source.name) if published else None
    last = len(ledger.deliveries)
    return state is None or state.delivery != last or state.fingerprint != source.fingerprint


def _check(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    store: Store,
    ingested: dict[str, Ledger],
    changed: set[str],
    published: Build | None,
) -> list[str]:
    """Check every source whose rows changed; of the others, keep what the last build said."""
    warnings = [each for each in (published.warnings if published else []) if each.partition(":")[0] not in changed]
    stops = []
    for name in sorted(changed):
        source, ledger = workspace.sources[name], ingested[name]
        for check, message in health.failures(connection, source, ledger, current.rows(source, store, ledger)):
            (stops if check.then == "stop" else warnings).append(message)
    if stops:
        raise HealthStop("Nothing was published. " + "; ".join(stops))
    return warnings


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """Hold the workspace's run lock; the system frees it when the process ends, however it ends."""
    store.folder.mkdir(parents=True, exist_ok=True)
    with (store.folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"Another run is busy on {store.folder.parent}; wait for it to finish, then run again."
            raise BlueLampError(message) from None
        yield
