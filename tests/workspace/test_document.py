from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.workspace.document import Items, Table, Text, read
from bluelamp.workspace.problems import Report

NAME = Path("sources/a.yaml")


def parse(folder: Path, content: str | bytes) -> tuple[Table | None, list[str]]:
    path = folder / "a.yaml"
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    report = Report()
    return read(path, NAME, report), [f"{each.code}:{each.place.line}" for each in report.sorted()]


def test_every_key_and_value_knows_its_line(tmp_path: Path) -> None:
    table, problems = parse(tmp_path, "a: 1\nb:\n  - x\n  - {c: y}\n")
    assert problems == []
    assert table is not None
    assert {key: place.line for key, place in table.keys.items()} == {"a": 1, "b": 2}
    items = table.entries["b"]
    assert isinstance(items, Items)
    assert [each.place.line for each in items.items] == [3, 4]


def test_values_stay_as_written_and_only_plain_nulls_are_blank(tmp_path: Path) -> None:
    table, _ = parse(tmp_path, "country: NO\nnumber: 007\nnone: ~\nquoted: 'null'\nempty:\n")
    assert table is not None
    texts = {key: node for key, node in table.entries.items() if isinstance(node, Text)}
    assert (texts["country"].text, texts["number"].text) == ("NO", "007")
    assert [key for key, node in texts.items() if node.blank] == ["none", "empty"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfea: 1", "B001:1"),
        (b"a: 1\nb: \xe9\n", "B001:2"),
        ("a: 1\n" * 300_000, "B001:1"),
        ("a: [1, 2\nb: 3\n", "B002:2"),
        ("a: 'x\n", "B002:2"),
        ("a:\n\t- x\n", "B003:2"),
        ("a: &x 1\nb: *x\n", "B004:1"),
        ("a: *x\n", "B004:1"),
        ("a: !!python/object/apply:os.system [ls]\n", "B004:1"),
        ("a: 1\n---\nb: 2\n", "B004:2"),
        ("<<: *x\n", "B004:1"),
        ("", "B005:1"),
        ("---\n", "B005:1"),
        ("a: 1\nb: 2\na: 3\n", "B006:3"),
        ("- a\n- b\n", "B007:1"),
        ("just words\n", "B007:1"),
        ("? [a, b]\n: c\n", "B007:1"),
        ("a: " + "{b: " * 40 + "1" + "}" * 40, "B011:1"),
        ("a: " + "[" * 5000, "B011:1"),
        ("a: \x07\n", "B002:1"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_numbered_problem(tmp_path: Path, content: str | bytes, problem: str) -> None:
    assert parse(tmp_path, content)[1] == [problem]


def test_a_billion_laughs_are_refused_at_the_first_anchor(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert parse(tmp_path, "\n".join(lines)) == (None, ["B004:1"])


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    table, problems = parse(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert problems == []
    assert table is not None
    assert table.keys["b"].line == 2


def test_a_folder_in_place_of_a_file_is_a_problem(tmp_path: Path) -> None:
    report = Report()
    assert read(tmp_path, NAME, report) is None
    assert [each.code for each in report.sorted()] == ["B001"]


PIECES = st.sampled_from(
    [*"a1:-[]{},'\"#&*!|>%@`?\n\t \\~\x85", "- ", ": ", "\n  ", "---", "...", "!!x", "&a ", "*a", "<<"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60) | st.binary(max_size=40))
def test_no_file_is_a_traceback(tmp_path: Path, content: str | bytes) -> None:
    table, problems = parse(tmp_path, content)
    assert table is not None or problems
