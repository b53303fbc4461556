"""Corrected rejects: each row comes back at its own place, once, and never above the ceiling."""

from pathlib import Path

import duckdb
import pytest

from bluelamp.connectors import Reject
from bluelamp.errors import BlueLampError, DeliveryError
from bluelamp.pipeline import states
from bluelamp.pipeline.alone import alone
from bluelamp.pipeline.ingest import ingest
from bluelamp.pipeline.replay import header, replay, waiting, write
from tests.factory import built, loaded, store, workspace
from tests.pipeline.standing import HEADER, MARKED, REPLACE, ROW, UPSERT, declare

REJECTS = [("custody-1.csv", Reject(2, 3, "too few", "C8,N8")), ("custody-1.csv", Reject(3, 4, "too few", "C7,N7"))]
GOOD = "C8,N8,Ann,Lee,,,,2026-01-01,OFFICIAL"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = workspace(tmp_path, {"custody": MARKED}, {"custody-1.csv": f"{HEADER}\n{ROW}C8,N8\nC7,N7\n"})
    found = loaded(folder)
    ingest(found.sources["custody"], folder, store(folder), "ann", lambda *_: None)
    return folder


def corrected(folder: Path, *texts: str) -> Path:
    """The rejects, as a person gives them back."""
    rejects = [
        (file, Reject(each.row, each.line, each.reason, text))
        for (file, each), text in zip(REJECTS, texts, strict=False)
    ]
    path = folder / f"fixed-{len(list(folder.glob('fixed-*')))}.csv"
    assert write(store(folder), "custody", rejects, path) == len(texts)
    return path


def test_a_corrected_row_takes_the_place_that_it_had(folder: Path) -> None:
    done = replay(loaded(folder).sources["custody"], store(folder), corrected(folder, GOOD, "still,wrong"), "eve")
    assert (done.number, done.kind, done.who, done.read, done.kept, done.rejected) == (2, "replay", "eve", 2, 1, 1)
    relation = store(folder).raw("custody").relation()
    found = duckdb.execute(f"select _file, _row, Forename from {relation} where _delivery = 2").fetchall()
    assert found == [("custody-1.csv", 2, "Ann")]


def test_a_row_is_taken_once_however_often_it_is_given(folder: Path) -> None:
    source = loaded(folder).sources["custody"]
    replay(source, store(folder), corrected(folder, GOOD), "eve")
    again = replay(
        source, store(folder), corrected(folder, GOOD.replace("Ann", "Anne"), GOOD.replace("C8", "C7")), "eve"
    )
    assert (again.read, again.kept) == (1, 1)


def test_GSC_1_a_corrected_row_above_the_ceiling_is_turned_away_unread(folder: Path) -> None:
    done = replay(
        loaded(folder).sources["custody"], store(folder), corrected(folder, GOOD.replace("OFFICIAL", "Secret")), "eve"
    )
    assert (done.kept, done.rejected) == (0, 1)
    held = [path for path in store(folder).folder.rglob("*") if path.is_file() and b"Ann" in path.read_bytes()]
    assert held == []


def test_what_is_no_file_of_rejects_is_refused_and_leaves_nothing(folder: Path) -> None:
    (folder / "other.csv").write_text("a,b\n1,2\n")
    for file in (folder / "other.csv", folder / "not-there.csv"):
        with pytest.raises(DeliveryError, match=file.name):
            replay(loaded(folder).sources["custody"], store(folder), file, "eve")
    assert store(folder).raw("custody").version == 0


def test_before_anything_was_read_there_is_nothing_to_correct(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "new", {"custody": MARKED}, {})
    with pytest.raises(DeliveryError, match="Nothing of custody was read yet"):
        header(store(folder), "custody")


def test_rejects_are_not_replayed_while_a_run_is_busy(folder: Path) -> None:
    file = corrected(folder, GOOD)
    with alone(store(folder)), pytest.raises(BlueLampError, match="Another run is busy"):
        replay(loaded(folder).sources["custody"], store(folder), file, "eve")


def listed(folder: Path) -> list[tuple[int, str, int | None, str]]:
    """What is rejected still: delivery, file, row and text."""
    source, place = loaded(folder).sources["custody"], store(folder)
    found = waiting(place, source, states.states(loaded(folder), place)["custody"])
    return [(delivery.number, file, each.row, each.text) for delivery, file, each in found]


def test_what_was_corrected_is_rejected_no_more_and_what_was_not_stands_once(folder: Path) -> None:
    source = loaded(folder).sources["custody"]
    assert listed(folder) == [(1, "custody-1.csv", 2, "C8,N8"), (1, "custody-1.csv", 3, "C7,N7")]
    replay(source, store(folder), corrected(folder, GOOD, "still,wrong"), "eve")
    assert listed(folder) == [(2, "custody-1.csv", 3, "still,wrong")]
    replay(source, store(folder), corrected(folder, "now,wrong", "wrong,again"), "eve")
    assert listed(folder) == [(3, "custody-1.csv", 3, "wrong,again")]
    replay(source, store(folder), corrected(folder, GOOD, GOOD.replace("C8", "C7")), "eve")
    assert listed(folder) == []


def test_GSC_1_a_corrected_row_above_the_ceiling_stands_once_without_its_content(folder: Path) -> None:
    replay(
        loaded(folder).sources["custody"], store(folder), corrected(folder, GOOD.replace("OFFICIAL", "Secret")), "eve"
    )
    assert listed(folder) == [(2, "custody-1.csv", 2, ""), (1, "custody-1.csv", 3, "C7,N7")]


@pytest.mark.parametrize("declared", [MARKED, UPSERT, REPLACE])
def test_as_many_are_listed_as_a_build_counts_whatever_comes(folder: Path, declared: str) -> None:
    declare(folder, declared)
    assert built(folder).build.sources["custody"].rejected == len(listed(folder)) == 2
    replay(loaded(folder).sources["custody"], store(folder), corrected(folder, GOOD, "still,wrong"), "eve")
    assert built(folder).build.sources["custody"].rejected == len(listed(folder)) == 1
    (folder / "custody-1.csv").write_text(f"{HEADER}\n{ROW}C8,N8\nC6,N6\nC5,N5\n")
    state = built(folder).build.sources["custody"]
    assert state.rejected == len(listed(folder)) == (4 if declared == UPSERT else 3)
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{ROW.replace('C9', 'C4')}C3,N3\n")
    state = built(folder).build.sources["custody"]
    assert state.rejected == len(listed(folder)) == {MARKED: 4, UPSERT: 5, REPLACE: 1}[declared]
    assert state.read == state.kept + state.rejected
