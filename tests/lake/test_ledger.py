"""The ledger: what counts, what was seen, and how it is finished or told to be damaged after a crash."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pyarrow as pa
import pytest

from bluelamp.errors import BlueLampError
from bluelamp.lake import ledger as ledgers
from bluelamp.lake.dataset import Dataset
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.workspace.model import Mode

FIRST = Delivery(1, "a.csv", "aa", 10, "2026-11-21T10:00:00+00:00", "ann", 3, 2, 1)
SECOND = replace(FIRST, number=2, name="b.csv", checksum="bb")


def test_a_corrected_delivery_counts_no_more() -> None:
    ledger = Ledger([FIRST, replace(FIRST, number=2, checksum="cc", replaces=1)])
    assert ledger.replaced() == {1}
    assert ledger.same("aa") is None
    assert ledger.named("a.csv") == ledger.deliveries[1]
    assert ledger.next_number() == 3


def test_where_all_is_added_up_any_known_content_is_known() -> None:
    ledger = Ledger([FIRST, SECOND])
    assert ledger.holds("aa", "append")
    assert ledger.holds("bb", "append")


@pytest.mark.parametrize("mode", ["replace", "upsert"])
def test_where_the_last_one_counts_only_its_content_is_known(mode: Mode) -> None:
    ledger = Ledger([FIRST, SECOND, replace(FIRST, number=3, name="corrected.csv", checksum="dd", kind="replay")])
    assert not ledger.holds("aa", mode)
    assert ledger.holds("bb", mode)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    ledger = Ledger([FIRST, SECOND], {"a.csv": [10, 1.5, "aa"], "é\n.csv": [1, 2.0, "x"]})
    path = tmp_path / "deep" / "ledger.json"
    ledgers.save(path, ledger)
    assert ledgers.load(path, Dataset(tmp_path / "none"), lambda _: tmp_path / "none") == ledger
    assert [each.name for each in path.parent.iterdir()] == ["ledger.json"]


def test_deliveries_that_were_committed_before_a_crash_are_added_with_their_counts(tmp_path: Path) -> None:
    raw = Dataset(tmp_path / "raw")
    for delivery in (FIRST, SECOND):
        unread = replace(delivery, read=0, kept=0, rejected=0)
        raw.append(pa.table({"x": ["1", "2"]}).to_reader(), delivery=json.dumps(asdict(unread)))
    loaded = ledgers.load(tmp_path / "ledger.json", raw, lambda _: tmp_path / "none")
    assert loaded.deliveries == [replace(each, read=2, kept=2, rejected=0) for each in (FIRST, SECOND)]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"deliveries": []}', '{"deliveries": [{"x": 1}], "seen": {}}']
)
def test_a_damaged_ledger_is_one_sentence_that_names_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ledger.json"
    path.write_text(content)
    with pytest.raises(BlueLampError, match=r"ledger.json is damaged; remove it and run again"):
        ledgers.load(path, Dataset(tmp_path / "none"), lambda _: tmp_path / "none")
