import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.connectors import Reject
from bluelamp.connectors.correct import as_given, harmless, read_corrected, write_rejects
from bluelamp.errors import DeliveryError
from bluelamp.workspace.model import Read

HEADER = ["a", "b"]
CSV = Read("csv", "x", "append")


def corrected(path: Path, declared: Read = CSV) -> tuple[list[dict[str, object]], list[tuple[str, Reject]]]:
    rejects: list[tuple[str, Reject]] = []
    rows = read_corrected(path, HEADER, declared, lambda file, reject: rejects.append((file, reject)))
    return rows.read_all().to_pylist(), rejects


def test_a_corrected_row_keeps_its_file_and_number(tmp_path: Path) -> None:
    count = write_rejects(
        tmp_path / "r.csv",
        HEADER,
        [("one.csv", Reject(7, 9, "why", "1,2,3")), ("two.csv", Reject(8, None, "why", 'x,"y'))],
    )
    assert count == 2
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        title, first, second = csv.reader(file)
    assert title == ["_file", "_row", "_line", "_reason", "text (a,b)"]
    assert first == ["one.csv", "7", "9", "why", "1,2,3"]
    first[4], second[4] = "1,2", 'x,"y\nz"'
    with (tmp_path / "r.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([title, first, second])
    rows, rejects = corrected(tmp_path / "r.csv")
    assert rows == [
        {"a": "1", "b": "2", "_row": 7, "_file": "one.csv"},
        {"a": "x", "b": "y\nz", "_row": 8, "_file": "two.csv"},
    ]
    assert rejects == []


def test_a_row_that_is_still_wrong_is_rejected_again(tmp_path: Path) -> None:
    texts = ["1,2,3", "", '1,"2', "1,2\n3,4"]
    write_rejects(tmp_path / "r.csv", HEADER, [("f", Reject(n, n, "why", text)) for n, text in enumerate(texts)])
    rows, rejects = corrected(tmp_path / "r.csv")
    assert rows == []
    assert [each.reason for _, each in rejects] == [
        "The row has 3 values instead of 2",
        "The text was left blank",
        "A quote is never closed",
        "The text holds more than one row",
    ]


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        (CSV, "1;2"),
        (Read("tsv", "x", "append"), "1\t2"),
        (Read("csv", "x", "append", {"delimiter": "|"}), "1|2"),
        (Read("jsonl", "x", "append"), '{"a": 1, "b": 2}'),
    ],
)
def test_the_text_is_read_in_the_dialect_of_its_source(tmp_path: Path, declared: Read, text: str) -> None:
    write_rejects(tmp_path / "r.csv", HEADER, [("f", Reject(1, 1, "why", text))])
    assert corrected(tmp_path / "r.csv", declared=declared)[0] == [{"a": "1", "b": "2", "_row": 1, "_file": "f"}]


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x", "\tx", "\rx", "'=x", "''-x"])
def test_no_cell_is_run_as_a_formula_and_each_comes_back_as_it_was(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert as_given(harmless(text)) == text


@given(st.text(st.sampled_from("'=+-@\t\ra\"\n,")))
def test_making_a_cell_harmless_loses_nothing(text: str) -> None:
    assert as_given(harmless(text)) == text


def test_a_formula_in_a_rejected_row_is_harmless_in_the_file_and_back_in_the_row(tmp_path: Path) -> None:
    write_rejects(tmp_path / "r.csv", HEADER, [("=f", Reject(1, 1, "why", "=1,2"))])
    assert "'=1,2" in (tmp_path / "r.csv").read_text()
    assert corrected(tmp_path / "r.csv")[0] == [{"a": "=1", "b": "2", "_row": 1, "_file": "=f"}]


@pytest.mark.parametrize(
    "content",
    ["a,b\n1,2\n", "", "_file,_row,_line,_reason,text\nf,seven,1,why,x\n", "_file,_row,_line,_reason,text\nf,1\n"],
)
def test_another_file_or_a_changed_place_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.csv").write_text(content)
    with pytest.raises(DeliveryError, match=r"not a file of rejects|changed in more than its text"):
        corrected(tmp_path / "r.csv")


def test_a_file_in_another_encoding_is_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes("_file,_row,_line,_reason,text\nZoë,1,1,x,y\n".encode("cp1252"))
    with pytest.raises(DeliveryError, match="cannot be read as a CSV file in UTF-8; save it so"):
        corrected(tmp_path / "r.csv")
