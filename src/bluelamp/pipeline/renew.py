"""A new build, on one screen: check, map, resolve, publish, switch."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from bluelamp import clock
from bluelamp.errors import HealthStop
from bluelamp.lake import duck
from bluelamp.lake.ledger import Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline import astray, current, health, numbering
from bluelamp.pipeline import build as builds
from bluelamp.pipeline.build import Build, Progress
from bluelamp.pipeline.evaluate import demand_fairness
from bluelamp.pipeline.leave import leaving, way_out
from bluelamp.pipeline.publish import publish
from bluelamp.pipeline.records import Records
from bluelamp.pipeline.states import corrected
from bluelamp.resolution import decided
from bluelamp.resolution.decided import Obeyed
from bluelamp.workspace.model import Source, Workspace


@dataclass(frozen=True)
class Due:
    """What a run found to do."""

    #: the workspace with the sources that are read
    reading: Workspace
    store: Store
    #: the build that it goes on from, and whether readers have it whole
    published: Build | None
    whole: bool
    #: what records are numbered by
    secret: str
    ingested: dict[str, Ledger]
    #: sources with other deliveries or another declaration, and names of those that are declared no more
    changed: list[Source]
    gone: set[str]
    #: names of the sources whose rows, or checks, are to be checked
    checked: set[str]


def renew(
    workspace: Workspace,
    due: Due,
    who: str,
    decisions: Sequence[Obeyed],
    leave_out: Collection[str],
    combined: Callable[[pa.Table], None],
    progress: Progress,
) -> Build:
    """Make the build that is due, and publish it; the arguments are those of `run`. Raises HealthStop."""
    store, published, engine = due.store, due.published, workspace.settings.engine
    with duck.connect(store.scratch, engine.threads, engine.memory) as connection:
        warnings = _check(connection, due)
        records = Records(connection, workspace, store, published, due.secret)
        _map(records, due, progress)
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
            unlearned=records.likelihoods.unlearned,
            decided=decided.fingerprint(decisions),
            numbering=numbering.fingerprint(due.secret),
        )
        build = leaving(build, leave_out, published)
        previous = published if due.whole else None
        return publish(connection, due.reading, store, records, previous, build, due.ingested, progress)


def _map(records: Records, due: Due, progress: Progress) -> None:
    """Bring the lake's records and links from the published build to what the ledgers hold now."""
    records.roll_back()
    for number, source in enumerate(due.changed):
        progress("map", source.title, number / len(due.changed))
        records.map(source, due.ingested[source.name])
    for name in sorted(due.gone):
        records.remove(name)
    records.check_numbers()
    astray.note(records.connection, records.workspace, records.store, records.since)
    progress("map", "done", 1)


def _check(connection: duckdb.DuckDBPyConnection, due: Due) -> list[str]:
    """Check every source whose rows, or checks, changed; of the others, keep what the last build said."""
    said = due.published.warnings if due.published else []
    warnings = [each for each in said if each.partition(":")[0] not in due.checked]
    stops: dict[str, list[str]] = {}
    for name in sorted(due.checked):
        source, ledger = due.reading.sources[name], due.ingested[name]
        rows = current.rows(source, due.store, ledger)
        counted = corrected(connection, source, due.store, ledger)
        for check, message in health.failures(connection, source, ledger, rows, counted):
            (stops.setdefault(name, []) if check.then == "stop" else warnings).append(message)
    if stops:
        listed = "; ".join(message for messages in stops.values() for message in messages)
        raise HealthStop(f"{listed}. {way_out(due.reading, stops)}")
    return warnings
