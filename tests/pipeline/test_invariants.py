"""What holds of every delivery and every order of deliveries, tried on small tables made up at random."""

import csv
import io
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bluelamp.lake.sql import literal
from bluelamp.lake.store import Store
from bluelamp.pipeline import build as builds
from bluelamp.pipeline import publish
from bluelamp.pipeline.ingest import ingest
from tests import factory
from tests.factory import CUSTODY, INTELLIGENCE, INTELLIGENCE_FILE, built, loaded, store, workspace
from tests.pipeline.standing import HEADER, REPLACE, UPSERT

Row = tuple[str, ...]

#: few values of each, so that rows meet: people share keys, contradict each other, and leave things out
ROWS = st.tuples(
    st.sampled_from(["C1", "C2", "C3", "C4"]),
    st.sampled_from(["N1", "N2", "N3", ""]),
    st.sampled_from(["John", "Jon", "Amara"]),
    st.sampled_from(["Smith", "Okafor", ""]),
    st.sampled_from(["03/06/1990", "31/02/1988", "17/11/1951"]),
    st.sampled_from(["2099/0000123P", "2099/0000456C", ""]),
    st.sampled_from(["W1", "B2", "nonsense"]),
    st.sampled_from(["2026-01-05T10:22", ""]),
    st.sampled_from(["Lambeth", "Brixton"]),
)


def table(lines: list[Row]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(lines)
    return f"{HEADER}\n{file.getvalue()}"


#: two people, and a record that shares a key with each: it joins one and contradicts the other
ONE = ("C1", "N1", "John", "Smith", "03/06/1990", "2099/0000123P", "W1", "", "Lambeth")
ANOTHER = ("C2", "N2", "Jon", "Smith", "03/06/1990", "2099/0000456C", "W1", "", "Lambeth")
JOINING = ("C3", "N3", "Amara", "Okafor", "17/11/1951", "2099/0000123P", "B2", "", "Brixton")

#: two of one file with the same date that is none, whom the third then joins
UNREAD = ("C4", "N4", "Ada", "Bell", "31/02/1988", "2099/0000123P", "W1", "", "Lambeth")
UNREAD_TOO = ("C5", "N5", "Ada", "Bell", "31/02/1988", "", "W1", "", "Lambeth")
JOINED = ("C5", "N5", "Ada", "Bell", "31/02/1988", "2099/0000123P", "W1", "", "Lambeth")

FIRST = {"custody-0.csv": table([ONE]), "intelligence-1.jsonl": INTELLIGENCE_FILE}

SLOW = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
QUICK = settings(max_examples=25, deadline=None)


def _index(folder: Path) -> Path:
    """The folder of what readers see."""
    return builds.folder(store(folder), builds.pointed(store(folder)) or 0)


def published(folder: Path) -> dict[str, object]:
    """What readers see but for the choice of anchors: what is said of which record, which records are one thing."""
    path = _index(folder) / "objects.duckdb"
    said = {
        "person": "select distinct * exclude (object, delivery, file, row) from built.record_person order by all",
        "custody": "select distinct * exclude (object, delivery, file, row) from built.record_custody order by all",
        "clusters": "select list(distinct record order by record) from built.record_person group by object order by 1",
        "links": (
            "select distinct f.record, t.record, l.role, l.category from built.link l "
            "join built.record_person f on f.object = l.object join built.record_custody t on t.object = l.other order by all"
        ),
        "issues": "select distinct * exclude (object, delivery, file, row) from built.issue order by all",
        "captions": "select caption, count(*) from built.object group by 1 order by all",
    }
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(path))} as built (read_only)")
        return {name: connection.execute(query).fetchall() for name, query in said.items()}


@QUICK
@given(st.lists(st.lists(st.text("abZ9é,\"\n\r\t;'\0", max_size=6), max_size=11), max_size=12))
@example([["C1"] * 9, ['"'], []])
def test_rows_read_are_rows_kept_and_rows_rejected_whatever_they_hold(lines: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        text = HEADER + "\n" + "\n".join(",".join(line) for line in lines)
        folder = workspace(Path(place), {"custody": CUSTODY}, {"custody-1.csv": text})
        found = loaded(folder)
        store = Store(found.store)
        _, (delivery,) = ingest(found.sources["custody"], folder, store, "tester", lambda *_: None)
        assert delivery.read == delivery.kept + delivery.rejected
        relation, rejects = store.raw("custody").relation(), store.rejects("custody", 1)
        places = duckdb.execute(f"select _row from {relation}").fetchall() if relation else []
        if rejects.exists():
            places += duckdb.execute("select row from read_parquet($1)", [str(rejects)]).fetchall()
        assert sorted(places) == [(row,) for row in range(1, delivery.read + 1)]


@SLOW
@given(st.lists(ROWS, min_size=1, max_size=8), st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_piece_by_piece_in_any_split_gives_the_same_index_as_all_at_once(lines: list[Row], parts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as place:
        whole, pieces = Path(place, "whole"), Path(place, "pieces")
        built(workspace(whole, {"custody": CUSTODY}, {"custody-1.csv": table(lines)}))
        workspace(pieces, {"custody": CUSTODY}, {})
        for part in sorted(set(parts[: len(lines)])):
            chosen = [line for line, mine in zip(lines, parts, strict=False) if mine == part]
            (pieces / f"custody-{part}.csv").write_text(table(chosen))
            built(pieces)
        assert published(pieces) == published(whole)


@SLOW
@given(st.lists(ROWS, min_size=1, max_size=8))
def test_building_twice_gives_the_same_index(lines: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as place:
        files = {"custody-1.csv": table(lines[::2]), "custody-2.csv": table(lines[1::2])}
        one, other = (workspace(Path(place, name), {"custody": CUSTODY}, files) for name in ("one", "other"))
        builds_of = [built(folder).build for folder in (one, other)]
        assert builds_of[0].objects == builds_of[1].objects
        assert _everything(one) == _everything(other)


@SLOW
@given(st.sampled_from([CUSTODY, REPLACE, UPSERT]), st.lists(st.lists(ROWS, max_size=5), min_size=2, max_size=4))
@example(CUSTODY, [[ONE, ANOTHER], [JOINING], [ONE]])
@example(REPLACE, [[ONE, ANOTHER, JOINING], [ONE, ANOTHER], [JOINING]])
@example(CUSTODY, [[UNREAD, UNREAD_TOO], [JOINED]])
def test_a_change_gives_the_index_that_a_whole_build_gives(declared: str, pieces: list[list[Row]]) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "ANEW", 1_000_000)
        folder = factory.published(Path(place), {"custody": declared, "intelligence": INTELLIGENCE}, FIRST)
        for number, piece in enumerate(pieces, start=1):
            (folder / f"custody-{number}.csv").write_text(table(piece))
            built(folder)
        changed = _everything(folder)
        (_index(folder) / "text" / "meta.json").unlink()
        built(folder)
        assert changed == _everything(folder)


def _everything(folder: Path) -> list[list[str]]:
    """All rows of every table, with the source and marking that an access stands for: its number means nothing."""
    path = _index(folder) / "objects.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(path))} as built (read_only)")
        means = {number: pair for number, *pair in connection.execute("from built.access").fetchall()}
        tables = (
            "record_person",
            "record_custody",
            "link",
            "issue",
            "object",
            "redirect",
            "conflict",
            "counts",
            "spread",
        )
        return [_told(connection.execute(f"from built.{name}"), means) for name in tables]


def _told(answer: duckdb.DuckDBPyConnection, means: dict[int, list[str]]) -> list[str]:
    names = [column[0] for column in answer.description]
    return sorted(
        repr(
            [
                means[value]
                if "access" in name and isinstance(value, int)
                else sorted(map(means.get, value))
                if name == "accesses"
                else value
                for name, value in zip(names, row, strict=True)
            ]
        )
        for row in answer.fetchall()
    )
