"""Values that were not understood, as the index has them: with their object, under their record's own access."""

from pathlib import Path

import pytest

from bluelamp.lake import duck
from bluelamp.pipeline import publish
from bluelamp.pipeline.publish import MOST_RAW
from tests.factory import CUSTODY, built, rows, store, workspace
from tests.pipeline.standing import HEADER, MARKED, REPLACE, declare

ISSUE = "property, raw, message, delivery, file, row"


def custody(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def line(born: str, number: str = "C1", ref: str = "N1", pnc: str = "", station: str = "Lambeth") -> str:
    return f"{number},{ref},John,Smith,{born},{pnc},,2026-01-05T10:22,{station}"


def unread(folder: Path, columns: str = "property, raw, delivery, row") -> list[tuple[object, ...]]:
    return rows(folder, "issue", columns)


@pytest.fixture(autouse=True)
def _changed_never_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "ANEW", 1_000_000)


def test_an_issue_says_of_which_record_it_is_and_one_of_a_row_of_none(tmp_path: Path) -> None:
    text = custody(line("31/02/1988"), ",,,,,,,,")
    built(workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": text}))
    with duck.connect(tmp_path / "scratch") as connection:
        said = connection.execute(
            "select code, type, record, marking, understood from "
            f"{store(tmp_path).issues.relation()} order by code desc"
        ).fetchall()
    ((record,),) = rows(tmp_path, "record_person", "record")
    assert [each[0] for each in said] == ["no_record", "impossible"]
    assert [each[1:] for each in said] == [(None, None, None, True), ("Person", record, "OFFICIAL", False)]


def test_what_was_not_understood_is_in_the_index_with_its_object_and_place(tmp_path: Path) -> None:
    built(workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": custody(line("31/02/1988"))}))
    ((object,),) = rows(tmp_path, "record_person", "object")
    (said,) = unread(tmp_path, f"object, type, {ISSUE}")
    assert said[:4] == (object, "Person", "date_of_birth", "31/02/1988")
    assert said[5:] == (1, "custody-1.csv", 1)


def test_a_doubt_and_what_says_that_nothing_is_known_are_understood(tmp_path: Path) -> None:
    lines = [line("01/01/1900"), line("N/A", "C2", "N2"), line("", "C3", "N3")]
    assert (
        built(workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": custody(*lines)}))
        .build.sources["custody"]
        .issues
    )
    assert unread(tmp_path) == []


def test_a_delivery_that_says_it_in_many_rows_says_it_once(tmp_path: Path) -> None:
    lines = [line("31/02/1988", f"C{number}") for number in range(1, 6)]
    built(workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": custody(*lines)}))
    assert unread(tmp_path) == [("date_of_birth", "31/02/1988", 1, 1)]


def test_of_a_long_text_only_the_start_is_shown(tmp_path: Path) -> None:
    built(workspace(tmp_path, {"custody": CUSTODY}, {"custody-1.csv": custody(line("é" * 5_000))}))
    assert unread(tmp_path, "raw") == [("é" * MOST_RAW + "…",)]


def test_rows_of_one_record_that_differ_in_their_marking_are_told_apart(tmp_path: Path) -> None:
    lines = [line("31/02/1988", station="OFFICIAL"), line("32/02/1988", "C2", station="OFFICIAL-SENSITIVE")]
    built(workspace(tmp_path, {"custody": MARKED}, {"custody-1.csv": custody(*lines)}))
    assert rows(tmp_path, "issue join access using (access)", "raw, marking") == [
        ("31/02/1988", "OFFICIAL"),
        ("32/02/1988", "OFFICIAL-SENSITIVE"),
    ]


@pytest.mark.parametrize(
    ("declared", "pieces"),
    [
        (CUSTODY, [[line("31/02/1988")], [line("31/02/1988", "C2")], [line("03/06/1990", "C3")]]),
        # the record is the same, and what was not understood of it is not
        (REPLACE, [[line("31/02/1988")], [line("32/02/1988")], [line("03/06/1990")]]),
        # the third joins the other two to one object
        (
            CUSTODY,
            [
                [line("31/02/1988", pnc="2099/0000123P")],
                [line("never", "C2", "N2")],
                [line("03/06/1990", "C3", "N2", "2099/0000123P")],
            ],
        ),
    ],
    ids=["append", "replace", "join"],
)
def test_piece_by_piece_it_is_as_all_at_once(tmp_path: Path, declared: str, pieces: list[list[str]]) -> None:
    pieced, whole = tmp_path / "pieced", tmp_path / "whole"
    workspace(pieced, {"custody": declared}, {})
    for number, lines in enumerate(pieces, 1):
        (pieced / f"custody-{number}.csv").write_text(custody(*lines))
        built(pieced)
        files = {f"custody-{n}.csv": custody(*said) for n, said in enumerate(pieces[:number], 1)}
        built(workspace(whole / str(number), {"custody": declared}, files))
        assert unread(pieced, f"object, {ISSUE}") == unread(whole / str(number), f"object, {ISSUE}")


def test_a_mapping_that_understands_it_now_takes_it_away(tmp_path: Path) -> None:
    built(
        workspace(
            tmp_path,
            {"custody": CUSTODY},
            {"custody-1.csv": custody(line("31.12.1988"), line("05/02/1988", "C2", "N2"))},
        )
    )
    declare(tmp_path, CUSTODY.replace("%d/%m/%Y", "%Y"))
    built(tmp_path)
    assert {raw for (raw,) in unread(tmp_path, "raw")} == {"31.12.1988", "05/02/1988"}
    declare(tmp_path, CUSTODY)
    built(tmp_path)
    assert "05/02/1988" not in {raw for (raw,) in unread(tmp_path, "raw")}
