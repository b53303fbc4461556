from pathlib import Path

import pytest

from bluelamp.workspace.model import Value
from tests.workspace.made import LIST, SOURCE, loaded, problems, swap


def made(folder: Path, declared: str) -> Value:
    name, was = (
        ("date_of_birth", '{column: DOB, format: "%d/%m/%Y"}') if "year" in declared else ("given_name", "Forename")
    )
    changes = {SOURCE: swap(f"{name}: {was}", f"{name}: {declared}")}
    return loaded(folder, changes).sources["library"].records[0].set[name]


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        ("Fore name", Value("column", ("Fore name",))),
        ("1", Value("column", ("1",))),
        ("{column: A}", Value("column", ("A",))),
        ("{column: [A, B]}", Value("column", (("A", "B"),))),
        ("{column: [A]}", Value("column", ("A",))),
        ("{join: [[A, B], C]}", Value("join", (("A", "B"), "C"))),
        ("{split: [A, B], by: ','}", Value("split", (("A", "B"),), separator=",")),
        ('{split: A, by: ",", part: 2}', Value("split", ("A",), separator=",", part=2)),
        ("{split: A, by: ' ', part: -1}", Value("split", ("A",), separator=" ", part=-1)),
        ("{join: [A, B], with: ', '}", Value("join", ("A", "B"), separator=", ")),
        ("{join: [A, B]}", Value("join", ("A", "B"))),
        ("{year: Y}", Value("date", ("Y",))),
        ("{year: Y, month: M, day: D}", Value("date", ("Y", "M", "D"))),
        ("{constant: Ann}", Value("constant", constant="Ann")),
    ],
)
def test_each_way_to_make_a_value(tmp_path: Path, declared: str, value: Value) -> None:
    assert made(tmp_path, declared) == value


def test_a_point_may_be_one_of_the_national_grid(tmp_path: Path) -> None:
    grid = swap("{lat: Lat, lon: Lon}", "{point: {easting: E, northing: [N, No]}}")
    home = loaded(tmp_path, {SOURCE: grid}).sources["library"].records[1]
    assert home.set["point"] == Value("point", ("E", ("N", "No")), formats=("grid",))


@pytest.mark.parametrize(
    "declared",
    [
        "", "[A]", "{}", "{colum: A}", "{column: A, constant: b}", "{split: A}", "{split: A, by: ',', part: 0}",
        "{split: A, by: ',', part: first}", "{join: []}", "{column: []}", "{constant: ''}", "{lat: A}",
        "{point: {easting: A}}", "{month: M, day: D}", "{year: Y, day: D}", "{year: Y, month: M, day: D, hour: H}",
        "{year: Y, column: A}",
    ],
)  # fmt: skip
def test_what_is_not_clear_is_a_problem_with_an_example(tmp_path: Path, declared: str) -> None:
    found = problems(tmp_path, {SOURCE: swap("given_name: Forename", f"given_name: {declared}")})
    assert [each.code for each in found if each.code != "B008"] == ["B034"]
    assert found[0].place.line == 15


def test_only_a_date_has_a_year_and_only_a_moment_an_hour(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {SOURCE: swap("given_name: Forename", "given_name: {year: Y}")})
    assert (found.code, found.fix) == ("B034", "write a column's name, or join the columns: {join: [A, B]}")
    timed = swap('{column: DOB, format: "%d/%m/%Y"}', "{year: Y, month: M, day: D, hour: H, minute: N}")
    (found,) = problems(tmp_path, {SOURCE: timed})
    assert (found.code, found.fix) == ("B034", "write {year: A, month: B, day: C}")


def test_a_moment_may_be_made_of_parts(tmp_path: Path) -> None:
    parts = "{year: Y, month: M, day: D, hour: H, minute: N}"
    source = loaded(tmp_path, {SOURCE: swap("role: homeAddress}", f"role: homeAddress, from_date: {parts}}}")})
    assert source.sources["library"].links[0].from_date == Value("date", ("Y", "M", "D", "H", "N"))


def test_formats_may_be_several(tmp_path: Path) -> None:
    several = swap('format: "%d/%m/%Y"', 'format: ["%d/%m/%Y", iso]')
    record = loaded(tmp_path, {SOURCE: several}).sources["library"].records[0]
    assert record.set["date_of_birth"].formats == ("%d/%m/%Y", "iso")


def test_a_code_list_whose_meaning_the_type_does_not_understand_is_a_warning(tmp_path: Path) -> None:
    changes = {
        LIST: "value,meaning\nX,never\n",
        SOURCE: swap('{column: DOB, format: "%d/%m/%Y"}', "{column: D, codes: sexes}"),
    }
    found = [each for each in problems(tmp_path, changes) if "date_of_birth" in each.message]
    assert [(each.code, each.severity) for each in found] == [("B047", "warning")]
    assert '"never"' in found[0].message
