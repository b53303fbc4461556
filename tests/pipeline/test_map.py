"""Mapping: rows in, typed values, links and issues out, as pairs of files that anyone who knows custody can read.

`golden/NAME.in.csv` is a delivery, `NAME.yaml` its declaration, `NAME.out.csv` one line for each value that comes
of it: the row, what it is of, under which key, what it says, or why it says nothing.
"""

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from bluelamp.lake import duck
from bluelamp.lake.sql import ident, literal
from bluelamp.pipeline import map as map_
from bluelamp.pipeline.ingest import columns_needed
from bluelamp.pipeline.map import STAMP, Mapped, Mapping, category_sql, key_text, once, stated_once
from bluelamp.workspace.model import Key, LinkSpec, Source, Workspace
from tests.factory import CUSTODY, SECRET, loaded, workspace

GOLDEN = Path(__file__).parent / "golden"
Line = tuple[str, str, str, str, str]
HEADER = ("row", "of", "key", "what", "value")


def mapped(folder: Path, name: str) -> list[Line]:
    """Every value that the golden delivery `name` gives, in the order of its rows."""
    workspace(folder, {name: (GOLDEN / f"{name}.yaml").read_text()}, {})
    (folder / "reference").mkdir()
    shutil.copy(GOLDEN / "answers.csv", folder / "reference")
    declared = loaded(folder)
    source = declared.sources[name]
    with duck.connect(folder / "scratch") as connection:
        raw = (
            f"(select *, 1 as _delivery, '{name}.csv' as _file, row_number() over () as _row "
            f"from read_csv({literal(str(GOLDEN / f'{name}.in.csv'))}, all_varchar = true))"
        )
        made = Mapping(connection, declared, source, SECRET, {1: "2026-04-03"}).run(raw, columns_needed(source))
        lines = [*records(connection, made), *links(connection, declared, made), *issues(connection, made)]
    return sorted(lines, key=lambda line: int(line[0]))


def records(connection: duckdb.DuckDBPyConnection, made: Mapped) -> list[Line]:
    lines = []
    for queries in made.records.values():
        for name, query in queries.items():
            found = connection.execute(query).fetchall()
            columns = [column[0] for column in connection.description or []]
            for values in (dict(zip(columns, row, strict=True)) for row in found):
                said = [(what, value) for what, value in values.items() if what not in STAMP and value is not None]
                lines += [(str(values["row"]), name, values["key"], what, str(value)) for what, value in said]
    return lines


def links(connection: duckdb.DuckDBPyConnection, declared: Workspace, made: Mapped) -> list[Line]:
    known: dict[int, str] = {}
    for queries in made.records.values():
        for query in queries.values():
            known |= dict(connection.execute(f"select record, key from ({query})").fetchall())
    ends = [
        (name, *row)
        for name in declared.links
        for query in made.links.get(name, [])
        for row in connection.execute(f"select row, from_record, to_record, role, category from ({query})").fetchall()
    ]
    return [
        (str(row), f"{name}: {role or 'no role'}, {category or 'no category'}", known[start], "to", known[end])
        for name, row, start, end, role, category in ends
    ]


def issues(connection: duckdb.DuckDBPyConnection, made: Mapped) -> list[Line]:
    query = f"select row, record_name, property, raw, message from ({made.issues}) order by all"
    found = connection.execute(query).fetchall()
    return [
        (str(row), f"issue of {record or 'the row'}", "", what, f"{raw}: {why}")
        for row, record, what, raw, why in found
    ]


@pytest.mark.parametrize("rows", [map_.PLAIN, 0], ids=["as few rows", "as many rows"])
@pytest.mark.parametrize("name", sorted(path.name.removesuffix(".in.csv") for path in GOLDEN.glob("*.in.csv")))
def test_a_golden_delivery_gives_what_stands_beside_it(
    tmp_path: Path, name: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_, "PLAIN", rows)
    with (GOLDEN / f"{name}.out.csv").open(newline="", encoding="utf-8") as file:
        expected = [tuple(line) for line in csv.reader(file)]
    assert [HEADER, *mapped(tmp_path, name)] == expected


def test_a_key_of_several_columns_is_blank_only_where_all_of_them_are() -> None:
    query = f"select {key_text(Key(('a', 'b')))} from (values ('x', null), (null, 'y'), (null, null)) t(a, b)"
    assert duckdb.execute(query).fetchall() == [("x | ",), (" | y",), (None,)]


def test_a_row_without_its_key_is_known_by_its_place_where_that_is_declared() -> None:
    key = key_text(Key(("a",), otherwise_row=True))
    query = f"select {key} from (values ('x', 'f.csv', 1), (null, 'f.csv', 2)) t(a, _file, _row)"
    assert duckdb.execute(query).fetchall() == [("x",), ("f.csv#2",)]


def test_what_a_delivery_says_twice_is_kept_once_at_its_first_row() -> None:
    rows = "(values (1, 'f', 5, 7, 'k', 'O', 'Ann'), (1, 'f', 3, 7, 'k', 'O', 'Ann'), (1, 'f', 4, 7, 'k', 'O', 'Anne'))"
    query = once(f"select * from {rows} t(delivery, file, row, record, key, marking, name)", ["name"])
    found = duckdb.execute(f"select row, name from ({query}) order by row").fetchall()
    assert found == [(3, "Ann"), (4, "Anne")]
    query = stated_once("select * from (values (2, 'a', 'b'), (1, 'a', 'b')) t(row, one, other)")
    assert duckdb.execute(query).fetchall() == [(1, "a", "b")]


def test_DP_9_a_category_is_never_blank_where_one_is_due(tmp_path: Path) -> None:
    link = involvement(loaded(workspace(tmp_path, {"custody": CUSTODY}, {})).sources["custody"])
    query = f"select {category_sql(ident('role'), link)} from (values ('arrested'), ('nobody knows'), (null)) t(role)"
    found = [category for (category,) in duckdb.execute(query).fetchall()]
    assert None not in found
    assert found[0] != found[1] == found[2]


def involvement(source: Source) -> LinkSpec:
    return source.links[0]
