from pathlib import Path

import pytest

from bluelamp.workspace.codes import package_lists, parse
from bluelamp.workspace.problems import Report
from tests.workspace.made import LIST, loaded, problems

NAME = Path("reference/a.csv")


def test_values_are_looked_up_trimmed_and_in_capitals(tmp_path: Path) -> None:
    codes = loaded(tmp_path, {LIST: " Value , MEANING\n m , Male \nf,Female\n"}).codes["sexes"]
    assert codes == {"M": "Male", "F": "Female"}


def test_a_value_may_stand_twice_with_one_meaning() -> None:
    report = Report()
    assert parse("value,meaning\nm,Male\nM,Male\n", NAME, report) == {"M": "Male"}
    assert report.sorted() == []


@pytest.mark.parametrize(
    ("text", "problems_", "line"),
    [
        ("", ["B045"], 1),
        ("value\nM\n", ["B045"], 1),
        ("value,meaning\nM\n", ["B045"], 2),
        ("value,meaning\n,Male\n", ["B045"], 2),
        ('value,meaning\nM,"Male\n', ["B045"], 1),
        ("value,meaning\nA,1\nB,2\na,3\n", ["B046"], 4),
    ],
)
def test_a_list_that_is_not_clear_is_explained(text: str, problems_: list[str], line: int) -> None:
    report = Report()
    parse(text, NAME, report)
    assert [(each.code, each.place.line) for each in report.sorted()] == [(code, line) for code in problems_]


def test_the_lists_of_the_package_can_be_named_and_replaced(tmp_path: Path) -> None:
    name, own = next(iter(package_lists().items()))
    assert loaded(tmp_path).codes[name] == own
    assert loaded(tmp_path, {f"reference/{name}.csv": "value,meaning\nA,Own\n"}).codes[name] == {"A": "Own"}


def test_a_list_that_is_not_text_is_a_problem(tmp_path: Path) -> None:
    found = problems(tmp_path, {"reference/other.csv": b"value,meaning\nM,M\xe4nnlich\n"})
    assert [(each.code, each.place.line) for each in found] == [("B001", 2)]
