"""Where sources stand: their ledgers, and the counts that a build and `bluelamp status` show."""

from functools import partial

import duckdb

from bluelamp.lake import ledger as ledgers
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline import current
from bluelamp.pipeline.build import Build, SourceState
from bluelamp.workspace.model import Source, Workspace


def states(workspace: Workspace, store: Store) -> dict[str, Ledger]:
    """The ledgers of all sources as they stand, without reading anything new."""
    return {
        name: ledgers.load(store.ledger(name), store.raw(name), partial(store.rejects, name))
        for name in workspace.sources
    }


def differs(source: Source, ledger: Ledger, published: Build | None) -> bool:
    """Whether `source` has deliveries, or a declaration, that the `published` build does not know."""
    state = published.sources.get(source.name) if published else None
    last = len(ledger.deliveries)
    if published and source.name in published.left_out:
        return True
    return state is None or state.delivery != last or state.fingerprint != source.fingerprint


def corrected(connection: duckdb.DuckDBPyConnection, source: Source, store: Store, ledger: Ledger) -> dict[str, int]:
    """How many rows of each file were rejected first and now count, by a delivery of corrected rejects."""
    replays = ", ".join(str(each.number) for each in ledger.deliveries if each.kind == "replay")
    whole = source.read.mode == "upsert"
    rows = store.raw(source.name).relation() if whole else current.rows(source, store, ledger)
    if not replays or rows is None:
        return {}
    query = f"select _file, count(*) from {rows} where _delivery in ({replays}) group by _file"
    return dict(connection.execute(query).fetchall())


def standing(source: Source, ledger: Ledger) -> list[Delivery]:
    """The deliveries of `source` that no later one took the place of as a whole."""
    gone = ledger.replaced()
    if source.read.mode == "replace":
        last = max((each.number for each in ledger.deliveries if each.kind == "file"), default=0)
        gone |= {each.number for each in ledger.deliveries if each.number < last}
    return [each for each in ledger.deliveries if each.number not in gone]


def source_state(source: Source, ledger: Ledger, issues: int, corrected: int = 0) -> SourceState:
    """The state of `source` for a build that holds all of its ledger.

    `corrected` rows were read, and rejected, in their files: they change sides and are not read again.
    """
    files = [each for each in standing(source, ledger) if each.kind == "file"]
    return SourceState(
        len(ledger.deliveries),
        source.fingerprint,
        sum(each.read for each in files),
        sum(each.kept for each in files) + corrected,
        sum(each.rejected for each in files) - corrected,
        issues,
    )
