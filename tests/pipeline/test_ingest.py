"""Reading what is new: what a delivery is, what is turned away, and what costs nothing."""

import json
from pathlib import Path

import duckdb
import pytest

from bluelamp.errors import DeliveryError
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline.ingest import columns_needed, ingest
from tests.factory import CUSTODY, CUSTODY_FILE, loaded, store, workspace
from tests.pipeline.standing import HEADER, MARKED, ROW


def take(folder: Path) -> tuple[Ledger, list[Delivery]]:
    found = loaded(folder)
    return ingest(found.sources["custody"], folder, Store(found.store), "tester", lambda *_: None)


def raw(folder: Path, columns: str) -> list[tuple[object, ...]]:
    relation = store(folder).raw("custody").relation()
    return duckdb.execute(f"select {columns} from {relation} order by all").fetchall()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": CUSTODY_FILE})


def test_the_columns_that_a_mapping_needs_are_those_it_names_anywhere(folder: Path) -> None:
    more = "\n    checks:\n      - {unique: [Custody No, Cell], then: warn}\n"
    declared = CUSTODY.replace("        type: Custody\n", "        type: Custody\n        when: Wing is not null\n")
    workspace(folder, {"custody": declared.rstrip() + more})
    needed = columns_needed(loaded(folder).sources["custody"])
    assert needed == {*HEADER.split(","), "Wing", "Cell"}


def test_every_row_says_which_delivery_file_and_place_it_came_from(folder: Path) -> None:
    (folder / "custody-2.csv").write_text(f"{HEADER}\nbroken\n{ROW}")
    _, added = take(folder)
    assert [(each.number, each.read, each.kept, each.rejected) for each in added] == [(1, 3, 3, 0), (2, 2, 1, 1)]
    places = [(1, "custody-1.csv", 1), (1, "custody-1.csv", 2), (1, "custody-1.csv", 3), (2, "custody-2.csv", 2)]
    assert raw(folder, "_delivery, _file, _row") == places


def test_what_was_read_before_is_not_read_again(folder: Path) -> None:
    take(folder)
    assert take(folder)[1] == []
    (folder / "custody-1.csv").touch()
    ledger, added = take(folder)
    assert (len(ledger.deliveries), added) == (1, [])


def test_a_corrected_file_names_the_delivery_that_it_replaces(folder: Path) -> None:
    take(folder)
    (folder / "custody-1.csv").write_text(f"{HEADER}\n{ROW}")
    (added,) = take(folder)[1]
    assert (added.number, added.replaces) == (2, 1)


def test_what_was_read_before_a_bad_file_stays(folder: Path) -> None:
    (folder / "custody-2.csv").write_bytes(b"")
    with pytest.raises(DeliveryError, match=r"custody-2\.csv is empty"):
        take(folder)
    (folder / "custody-2.csv").unlink()
    ledger, added = take(folder)
    assert ([each.name for each in ledger.deliveries], added) == (["custody-1.csv"], [])


@pytest.mark.parametrize("marking", ["SECRET", " top secret ", "UK Secret"])
def test_GSC_1_a_row_above_the_ceiling_is_turned_away_unread(tmp_path: Path, marking: str) -> None:
    text = f"{HEADER}\n{ROW}C8,N8,Top,Agent,,,,2026-01-01,{marking}\n"
    folder = workspace(tmp_path, {"custody": MARKED}, {"custody-1.csv": text})
    (added,) = take(folder)[1]
    assert (added.kept, added.rejected) == (1, 1)
    kept = store(folder).rejects("custody", 1)
    assert duckdb.execute("select row, text from read_parquet($1)", [str(kept)]).fetchall() == [(2, "")]


def test_the_commit_tells_the_delivery_so_that_a_lost_ledger_is_made_anew(folder: Path) -> None:
    ledger, (added,) = take(folder)
    place = store(folder)
    assert json.loads(place.raw("custody").notes(0)["delivery"])["checksum"] == added.checksum
    place.ledger("custody").unlink()
    again, nothing = take(folder)
    assert (again, nothing) == (ledger, [])
