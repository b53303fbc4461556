"""Which raw rows count: by mode, by correction, by correction of what was rejected."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from bluelamp.connectors import Reject
from bluelamp.errors import DeliveryError
from bluelamp.lake.ledger import Delivery, Ledger
from bluelamp.lake.store import Store
from bluelamp.pipeline import current
from bluelamp.pipeline.replay import replay, write
from bluelamp.pipeline.states import states
from tests.factory import CUSTODY, CUSTODY_FILE, built, loaded, workspace
from tests.pipeline.standing import HEADER, REPLACE, ROW, UPSERT

AT = Delivery(1, "a.csv", "x", 1, "2026-01-01T00:00:00+00:00", "ann", 1, 1, 0)


def counting(folder: Path, columns: str = "_delivery, _row") -> list[tuple[object, ...]]:
    found = loaded(folder)
    store = Store(found.store)
    rows = current.rows(found.sources["custody"], store, states(found, store)["custody"])
    return duckdb.execute(f"select {columns} from {rows} order by all").fetchall() if rows else []


def deliver(folder: Path, declared: str, *files: str) -> None:
    workspace(folder, {"custody": declared}, {})
    for number, text in enumerate(files, 1):
        (folder / f"custody-{number}.csv").write_text(text)
        built(folder)


SECOND = f"{HEADER}\n{ROW}{CUSTODY_FILE.splitlines()[1]}\n"


def test_nothing_counts_before_the_first_delivery(tmp_path: Path) -> None:
    found = loaded(workspace(tmp_path, {"custody": CUSTODY}, {}))
    assert current.rows(found.sources["custody"], Store(found.store), Ledger()) is None


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (CUSTODY, [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]),
        (REPLACE, [(2, 1), (2, 2)]),
        # the first record's key is Ref: N1 stands in three rows, of which the last that came counts
        (UPSERT, [(1, 2), (2, 1), (2, 2)]),
    ],
    ids=["append", "replace", "upsert"],
)
def test_what_counts_is_what_the_mode_says(tmp_path: Path, declared: str, expected: list[tuple[object, ...]]) -> None:
    deliver(tmp_path, declared, CUSTODY_FILE, SECOND)
    assert counting(tmp_path) == expected


def test_corrected_rejects_count_until_their_file_is_corrected_itself(tmp_path: Path) -> None:
    deliver(tmp_path, CUSTODY, f"{HEADER}\n{ROW}C8,N8\n")
    found = loaded(tmp_path)
    store = Store(found.store)
    text = "C8,N8,Ann,Lee,,,,2026-01-01,Lambeth"
    write(store, "custody", [("custody-1.csv", Reject(2, 3, "too few", text))], tmp_path / "fixed.csv")
    assert replay(found.sources["custody"], store, tmp_path / "fixed.csv", "ann").kept == 1
    assert counting(tmp_path) == [(1, 1), (2, 2)]
    state = built(tmp_path).build.sources["custody"]
    assert (state.read, state.kept, state.rejected) == (2, 2, 0)
    with pytest.raises(DeliveryError, match=r"fixed\.csv was replayed before"):
        replay(found.sources["custody"], store, tmp_path / "fixed.csv", "ann")
    (tmp_path / "custody-1.csv").write_text(f"{HEADER}\n{ROW}{text}\n")
    state = built(tmp_path).build.sources["custody"]
    assert counting(tmp_path) == [(3, 1), (3, 2)]
    assert (state.read, state.kept, state.rejected) == (2, 2, 0)


def test_in_an_upsert_a_corrected_reject_takes_nothing_from_rows_that_came_after_it(tmp_path: Path) -> None:
    later = f"{HEADER}\nC8,N8,Anne,Lee,,,,2026-02-01,Lambeth\n"
    deliver(tmp_path, UPSERT, f"{HEADER}\n{ROW}C8,N8\nC7,N7\n{ROW.replace('9', '7')}", later)
    found = loaded(tmp_path)
    place = Store(found.store)
    texts = ["C8,N8,Ann,Lee,,,,2026-01-01,Lambeth", "C7,N7,Ann,Lee,,,,2026-01-01,Lambeth"]
    rejects = [
        ("custody-1.csv", Reject(row, row + 1, "too few", text)) for row, text in zip((2, 3), texts, strict=True)
    ]
    write(place, "custody", rejects, tmp_path / "fixed.csv")
    assert replay(found.sources["custody"], place, tmp_path / "fixed.csv", "ann").kept == 2
    # neither from a row of a later file nor from a later row of its own file
    assert counting(tmp_path) == [(1, 1), (1, 4), (2, 1)]
    # where it was the newest before, it is so again
    (tmp_path / "custody-3.csv").write_text(f"{HEADER}\nC8,N8\n")
    built(tmp_path)
    text = "C8,N8,Annie,Lee,,,,2026-03-01,Lambeth"
    write(place, "custody", [("custody-3.csv", Reject(1, 2, "too few", text))], tmp_path / "again.csv")
    assert replay(found.sources["custody"], place, tmp_path / "again.csv", "ann").kept == 1
    assert counting(tmp_path) == [(1, 1), (1, 4), (5, 1)]


def test_only_appending_leaves_earlier_records_as_they_are(tmp_path: Path) -> None:
    source = loaded(workspace(tmp_path, {"custody": CUSTODY}, {})).sources["custody"]
    ledger = Ledger([AT, replace(AT, number=2, name="b.csv")])
    assert current.only_appended(source, ledger, 1)
    ledger.deliveries.append(replace(AT, number=3, replaces=1))
    assert not current.only_appended(source, ledger, 1)
    assert current.only_appended(source, ledger, 3)
