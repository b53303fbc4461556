"""Names and values that somebody made up to break things, or that a real system really has: each is only a text."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from bluelamp.connectors import Reject
from bluelamp.pipeline.replay import write
from tests.factory import CUSTODY, INTELLIGENCE, INTELLIGENCE_FILE, built, published, rows, store, workspace
from tests.pipeline.standing import HEADER, ROW


def test_keys_are_told_apart_whatever_separators_stand_in_them(tmp_path: Path) -> None:
    declared = CUSTODY.replace("key: [Custody No]", "key: [Custody No, Station]")
    pairs = [
        ("A | B", "C"),
        ("A", "B | C"),
        ("A |", "B"),
        ("A", "| B"),
        ("A||B", "C"),
        ("|D", ""),
        ("", "|D"),
        ("\x1fA", "B"),
    ]
    lines = [f"{one},N{n},Ann,Lee,,,,2026-01-01,{other}" for n, (one, other) in enumerate(pairs)]
    outcome = built(workspace(tmp_path, {"custody": declared}, {"custody-1.csv": "\n".join([HEADER, *lines]) + "\n"}))
    assert outcome.build.objects["Custody"] == len(pairs)


def test_rejects_of_a_hostile_row_come_back_as_plain_cells(folder: Path) -> None:
    lines = ['=HYPERLINK("http://x"),1', "+1+1,2", "@SUM(A1),3", "-2,4", "\t=1,5"]
    (folder / "custody-2.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    built(folder)
    place = store(folder)
    found = duckdb.execute(
        f"select row, line, reason, text from '{place.rejects('custody', 2)}' order by row"
    ).fetchall()
    assert len(found) == len(lines)
    write(place, "custody", [("custody-2.csv", Reject(*each)) for each in found], folder / "rejects.csv")
    cells = duckdb.execute(
        f"select columns(*)::varchar from read_csv('{folder / 'rejects.csv'}', all_varchar = true)"
    ).fetchall()
    assert not [cell for row in cells for cell in row if cell and cell[0] in "=+-@\t\r"]


HOSTILE_NAMES = {
    "of our look-ups": ["raw", "value", "code", "message"],
    "of our stage": ["key:crime", "number:crime", "look:surname", "key:detention"],
    "of our records": ["source", "record", "object", "row"],
    "of our stamps": ["delivery", "file", "key", "marking"],
    "of our links": ["from_type", "role", "to_record", "basis"],
    "of aliases": ["r", "look", "s", "r.raw"],
    "with quotes": ["a'b", 'q"q', "`t`", "''"],
    "of SQL": ["x; drop table object; --", "select", "null", "1=1) or (1=1"],
    "with line ends": ["new\nline", "tab\there", "cr\rx", "two\n\nlines"],
    "very long": ["é" * 50, "x" * 10_000, "y" * 9_999, "日本" * 20],
    "of formats": ["{a}", "%s", "$1", "?"],
    "of Delta": ["a=b", "(b)", "c,d;e", "__index_level_0__"],
}


def host(key: str, surname: str, given: str, ethnicity: str) -> str:
    """A declaration that reads the columns of these names; JSON text is YAML text too."""
    key, surname, given, ethnicity = (json.dumps(name) for name in (key, surname, given, ethnicity))
    return f"""
    source: host
    title: Host
    owner: O
    lawful_basis: L
    purposes: [investigation]
    marking: OFFICIAL
    retention: mopi-2
    read: {{connector: csv, path: host.csv, mode: append}}
    records:
      crime:
        type: Person
        key: [{key}]
        set: {{surname: {surname}, given_name: {given}, ethnicity_self: {ethnicity}}}
      detention:
        type: Custody
        key: [{key}, {surname}]
        set: {{reference: {key}, station: {ethnicity}}}
    links:
      - {{type: involved_in, from: crime, to: detention, role: {given}}}
    """


def table(names: list[str], *lines: list[str]) -> str:
    """A CSV file."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([names, *lines])
    return file.getvalue()


PEOPLE = [["K1", "Smith", "John", "W1"], ["K2", "Okafor", "Amara", "nonsense 9"], ["K3", "O'Brien", "Zoë", "B2"]]


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    hosts = {f"h{number}": names for number, names in enumerate(HOSTILE_NAMES.values())}
    declared = {name: host(*names).replace("host", name) for name, names in hosts.items()}
    files = {f"{name}.csv": table(names, *PEOPLE) for name, names in hosts.items()}
    outcome = built(workspace(tmp_path, declared, files))
    for name in hosts:
        state = outcome.build.sources[name]
        assert (state.kept, state.issues) == (3, 1), name
    people = rows(tmp_path, "record_person", "key, surname, given_name, ethnicity_self")
    expected = [("K1", "Smith", "John", "W1"), ("K2", "Okafor", "Amara", None), ("K3", "O'Brien", "Zoë", "B2")]
    assert people == [person for person in expected for _ in hosts]
    stations = rows(tmp_path, "record_custody", "station")
    assert stations == [(station,) for station in ("B2", "W1", "nonsense 9") for _ in hosts]
    assert outcome.build.links == {"involved_in": 3 * len(hosts)}


def test_a_file_s_own_columns_named_like_our_stamp_are_read_under_another_name(tmp_path: Path) -> None:
    given = ["_row", "_file", "_delivery", "_row_2"]
    declared = host("_row_3", "_file_2", "_delivery_2", "_row_2")
    built(workspace(tmp_path, {"host": declared}, {"host.csv": table(given, *PEOPLE)}))
    people = rows(tmp_path, "record_person", "key, surname, given_name, row")
    assert people == [("K1", "Smith", "John", 1), ("K2", "Okafor", "Amara", 2), ("K3", "O'Brien", "Zoë", 3)]


def test_a_record_and_its_property_may_read_like_another_record_and_its_property(tmp_path: Path) -> None:
    more = """
      place: {type: Location, key: [Ref], set: {area_name: Forename}}
      place_area: {type: Location, key: [Custody No], set: {name: Surname}}
"""
    declared = CUSTODY.replace("    links:\n", f"{more}    links:\n")
    text = f"{HEADER}\nC1,N1,Stoke   Newington,Old   Street,,,,2026-01-01,Lambeth\n"
    built(workspace(tmp_path, {"custody": declared}, {"custody-1.csv": text}))
    assert rows(tmp_path, "record_location", "name, area_name") == [("Old Street", None), (None, "Stoke Newington")]


@pytest.mark.parametrize("name", ["my force ünï'\"ç", "#x;y&z+b@c~d{x}$HOME`"])
def test_a_workspace_may_live_in_a_folder_of_almost_any_name(tmp_path: Path, name: str) -> None:
    folder = published(tmp_path / name)
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{ROW}")
    assert built(folder).build.objects["Custody"] == 4


def test_a_hostile_workspace_name_is_only_a_name(tmp_path: Path) -> None:
    config = 'name = "O\'Hara\\" ; drop table object; -- <script>\\u0000\\n日本"\n'
    assert built(workspace(tmp_path, config=config)).build.objects["Person"] == 3


def test_values_with_control_characters_and_of_great_length_are_kept(tmp_path: Path) -> None:
    line = INTELLIGENCE_FILE.splitlines()[0]
    lines = [
        line,
        line.replace("John SMITH was seen", "a\\u0000b").replace("IR1", "IR\\u00002"),
        line.replace("John SMITH was seen", "long " * 200_000).replace("IR1", "IR3"),
        line.replace("IR1", "K" * 1_000_000),
    ]
    files = {"intelligence-1.jsonl": "\n".join(lines) + "\n"}
    outcome = built(workspace(tmp_path, {"intelligence": INTELLIGENCE}, files))
    assert outcome.build.objects["IntelligenceReport"] == 4
    lengths = rows(tmp_path, "record_intelligence_report", "length(key), length(text)")
    assert {key for key, _ in lengths} == {3, 4, 1_000_000}
    assert max(int(str(text)) for _, text in lengths) > 900_000


def test_half_a_character_in_json_costs_its_row_alone(tmp_path: Path) -> None:
    line = INTELLIGENCE_FILE.splitlines()[0]
    bad = [line.replace("John SMITH", "\\ud800"), line.replace('"urn"', '"\\udfff": "x", "urn"')]
    outcome = built(
        workspace(tmp_path, {"intelligence": INTELLIGENCE}, {"intelligence-1.jsonl": "\n".join([*bad, line]) + "\n"})
    )
    state = outcome.build.sources["intelligence"]
    assert (state.read, state.kept, state.rejected) == (3, 1, 2)


@pytest.mark.parametrize("text", ["", "{}\n", "{}\nnonsense\n"])
def test_json_lines_without_any_value_are_rows_without_a_record(tmp_path: Path, text: str) -> None:
    outcome = built(workspace(tmp_path, {"intelligence": INTELLIGENCE}, {"intelligence-1.jsonl": text}))
    state = outcome.build.sources["intelligence"]
    assert (state.kept, state.issues) == (text.count("{}"), text.count("{}"))
    assert outcome.build.objects == {}
