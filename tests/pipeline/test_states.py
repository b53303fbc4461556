"""What a build says of its sources: rows read are rows kept and rows rejected, whatever was corrected since."""

from dataclasses import replace
from pathlib import Path

import pytest

from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline.states import source_state, states
from tests.factory import CUSTODY, loaded, workspace
from tests.pipeline.standing import REPLACE

ONE = Delivery(1, "a.csv", "x", 1, "2026-01-01T00:00:00+00:00", "ann", 10, 8, 2)
TWO = replace(ONE, number=2, name="b.csv", read=5, kept=5, rejected=0)
REPLAYED = replace(ONE, number=3, name="fixed.csv", read=1, kept=1, rejected=0, kind="replay")
CASES = [
    (CUSTODY, [ONE, TWO], 0, (15, 13, 2)),
    (CUSTODY, [ONE, replace(TWO, replaces=1)], 0, (5, 5, 0)),
    (CUSTODY, [ONE, TWO, REPLAYED], 1, (15, 14, 1)),
    (REPLACE, [ONE, TWO], 0, (5, 5, 0)),
    (CUSTODY, [], 0, (0, 0, 0)),
]


@pytest.mark.parametrize(("declared", "deliveries", "corrected", "counts"), CASES)
def test_the_counts_of_a_source_add_up(
    tmp_path: Path, declared: str, deliveries: list[Delivery], corrected: int, counts: tuple[int, int, int]
) -> None:
    source = loaded(workspace(tmp_path, {"custody": declared}, {})).sources["custody"]
    state = source_state(source, Ledger(deliveries), 4, corrected)
    assert (state.read, state.kept, state.rejected) == counts
    assert state.read == state.kept + state.rejected
    assert (state.delivery, state.issues, state.fingerprint) == (len(deliveries), 4, source.fingerprint)


def test_sources_without_deliveries_have_empty_ledgers(tmp_path: Path) -> None:
    found = loaded(workspace(tmp_path, files={}))
    assert states(found, Store(found.store)) == {"custody": Ledger(), "intelligence": Ledger()}
