"""Where sources stand: their ledgers, and the counts that a build and `bluelamp status` show."""

from bluelamp.lake import ledger as ledgers
from bluelamp.lake.ledger import Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline.build import SourceState
from bluelamp.workspace.model import Source, Workspace


def states(workspace: Workspace, store: Store) -> dict[str, Ledger]:
    """The ledgers of all sources as they stand, without reading anything new."""
    return {
        name: ledgers.load(store.ledger(name), store.raw(name), lambda number, name=name: store.rejects(name, number))
        for name in workspace.sources
    }


def source_state(source: Source, ledger: Ledger, issues: int) -> SourceState:
    """The state of `source` for a build that holds all of its ledger."""
    gone = ledger.replaced()
    if source.read.mode == "replace":
        last = max((each.number for each in ledger.deliveries if each.kind == "file"), default=0)
        gone |= {each.number for each in ledger.deliveries if each.number < last}
    counted = [each for each in ledger.deliveries if each.number not in gone]
    files = [each for each in counted if each.kind == "file"]
    # a corrected row was read, and rejected, in its file: it changes sides and is not read again
    corrected = sum(each.kept for each in counted if each.kind == "replay")
    return SourceState(
        len(ledger.deliveries),
        source.fingerprint,
        sum(each.read for each in files),
        sum(each.kept for each in files) + corrected,
        sum(each.rejected for each in files) - corrected,
        issues,
    )
