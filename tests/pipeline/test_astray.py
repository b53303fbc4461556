"""Links that lead to no record: on the list as long as the record is not there, and among the links only once it is."""

from pathlib import Path

import duckdb
import pytest

from tests.factory import CUSTODY, CUSTODY_FILE, built, published, rows, store, workspace
from tests.pipeline.standing import HEADER

#: exhibits: whose they are stands there by custody's own reference
EXHIBITS = """
    source: exhibits
    title: Exhibits
    owner: Property
    lawful_basis: PACE 1984 s.22
    purposes: [investigation]
    marking: OFFICIAL
    retention: mopi-2
    read: {connector: csv, path: exhibits-*.csv, mode: append}
    records:
      car: {type: Vehicle, key: [Plate], set: {vrm: Plate}}
    links:
      - type: has_vehicle
        from: {source: custody, record: detainee, key: [Ref]}
        to: car
        role: ownershipOf
    """
FIRST = "Plate,Ref\nAB12CDE,N1\nAB12CDE,N1\nCD34EFG,N7\nEF56HJK,N8\n,N9\n"
PERSON = "C7,N7,Ann,Lee,,,,2026-01-01,Lambeth\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three links, one said twice, of which two lead to nobody; built."""
    sources, files = (
        {"custody": CUSTODY, "exhibits": EXHIBITS},
        {"custody-1.csv": CUSTODY_FILE, "exhibits-1.csv": FIRST},
    )
    return published(tmp_path, sources, files)


def listed(folder: Path) -> list[tuple[int, int, str]]:
    """The links on the list: delivery, row and where they should lead."""
    relation = store(folder).astray.relation()
    return duckdb.execute(f"select delivery, row, leads_to from {relation} order by all").fetchall() if relation else []


def test_a_key_that_nothing_has_is_an_issue_of_its_source_and_no_link(folder: Path) -> None:
    build = built(folder).build
    assert listed(folder) == [(1, 3, "custody"), (1, 4, "custody")]
    assert build.sources["exhibits"].astray == {"custody": 2}
    # one more of either is a value, or a row that makes nothing
    assert (build.sources["exhibits"].doubts, build.sources["custody"].doubts) == (3, 1)
    assert build.links["has_vehicle"] == 1


def test_a_record_that_comes_later_is_led_to(folder: Path) -> None:
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{PERSON}")
    build = built(folder).build
    assert listed(folder) == [(1, 4, "custody")]
    assert build.links["has_vehicle"] == 2
    assert build.sources["exhibits"].astray == {"custody": 1}


def test_a_record_that_is_gone_is_missed_again(folder: Path) -> None:
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{PERSON}")
    built(folder)
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{PERSON.replace('N7', 'N6')}")
    build = built(folder).build
    assert listed(folder) == [(1, 3, "custody"), (1, 4, "custody")]
    assert build.links["has_vehicle"] == 1


def test_new_links_are_looked_at_and_the_list_grows(folder: Path) -> None:
    (folder / "exhibits-2.csv").write_text("Plate,Ref\nGH78KLM,N2\nJK90NPR,N5\n")
    build = built(folder).build
    assert listed(folder) == [(1, 3, "custody"), (1, 4, "custody"), (2, 2, "custody")]
    assert build.links["has_vehicle"] == 2


def test_piece_by_piece_gives_the_same_list_as_all_at_once(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    empty = {"custody-1.csv": HEADER, "exhibits-1.csv": FIRST.partition("\n")[0]}
    pieces = workspace(tmp_path_factory.mktemp("pieces"), {"custody": CUSTODY, "exhibits": EXHIBITS}, empty)
    for name, text in (("exhibits-1.csv", FIRST), ("custody-1.csv", CUSTODY_FILE)):
        built(pieces)
        (pieces / name).write_text(text)
    build = built(pieces).build
    assert [link[1:] for link in listed(pieces)] == [link[1:] for link in listed(folder)]
    assert build.links == built(folder).build.links
    columns = "object, other, type, role"
    assert rows(pieces, "link", columns) == rows(folder, "link", columns)


def test_a_mapping_that_names_nothing_by_key_any_more_has_nothing_on_the_list(folder: Path) -> None:
    path = folder / "sources" / "exhibits.yaml"
    path.write_text(path.read_text().partition("links:")[0])
    assert built(folder).build.sources["exhibits"].astray == {}
    assert listed(folder) == []


def test_a_source_that_is_declared_no_more_has_nothing_on_the_list(folder: Path) -> None:
    (folder / "sources" / "exhibits.yaml").unlink()
    built(folder)
    assert listed(folder) == []


def test_links_that_two_rows_state_are_one(tmp_path: Path) -> None:
    declared = CUSTODY.replace("involved_in, from: detainee, to: detention, role: arrested",
                               "lives_at, from: detainee, to: home").replace(
        "    links:", "      home: {type: Location, key: [Station], set: {name: Station}}\n    links:")  # fmt: skip
    folder = workspace(tmp_path, {"custody": declared}, {"custody-1.csv": CUSTODY_FILE})
    built(folder)
    (folder / "custody-2.csv").write_text(CUSTODY_FILE.replace("C3", "C4"))
    assert built(folder).build.links == {"lives_at": 2}
    assert len(rows(folder, "link where forward")) == 4
