import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bluelamp.demo import deliver

FRAME = pl.DataFrame({"Name": ["O'Brien & <Sons>", "Şahin", None], "DOB": ["12/03/1990", "32944", None]})


@given(st.integers(1, 200), st.integers(0, 20), st.integers(0, 9))
def test_row_numbers_leave_room_for_the_broken_rows(rows: int, broken: int, seed: int) -> None:
    numbers, cuts = deliver.numbered(rows, broken, np.random.default_rng(seed))
    taken = {int(cut) + order + 1 for order, cut in enumerate(cuts)}
    assert sorted([*numbers.tolist(), *taken]) == list(range(1, rows + len(cuts) + 1))


def test_a_workbook_opens_with_text_numbers_and_blanks(tmp_path: Path) -> None:
    deliver.excel("Custody")(FRAME, tmp_path / "book.xlsx", 0, np.random.default_rng(1))
    sheet = CalamineWorkbook.from_path(tmp_path / "book.xlsx").get_sheet_by_name("Custody").to_python()
    assert sheet[:3] == [["Name", "DOB"], ["O'Brien & <Sons>", "12/03/1990"], ["Şahin", 32944.0]]


def test_an_old_system_writes_what_its_letters_allow(tmp_path: Path) -> None:
    deliver.csv(";", "cp1252")(FRAME, tmp_path / "old.csv", 0, np.random.default_rng(1))
    assert (tmp_path / "old.csv").read_bytes().startswith(b"Name;DOB\n")
    assert "?ahin" in (tmp_path / "old.csv").read_text("cp1252")


@pytest.mark.parametrize(("order", "kind"), [(0, "too many fields"), (1, "too few fields")])
def test_a_spoilt_row_has_another_number_of_fields(order: int, kind: str) -> None:
    said, line = deliver.spoil('1,"a,b",c,d\n', ",", order)
    assert said == kind
    assert line.count(",") != 3


def test_nested_json_is_one_array_of_objects(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"reference": ["M1"], "person.name": ["Ann"], "person.born": [None], "home.address": ["1 High St"]}
    )
    deliver.json(frame, tmp_path / "a.json", 0, np.random.default_rng(1))
    read = pl.read_json(io.BytesIO((tmp_path / "a.json").read_bytes()))
    assert read["person"].to_list() == [{"name": "Ann", "born": None}]


def test_letters_count_as_spreadsheets_do() -> None:
    assert [deliver.letters(at) for at in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
