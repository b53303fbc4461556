"""Crimes with lists of people: each person is a row, and the crime is one crime however many people it has."""

import json
import textwrap
from pathlib import Path

import duckdb
import pytest

from bluelamp.pipeline import current
from bluelamp.pipeline.replay import replay, waiting, write
from bluelamp.pipeline.states import states
from bluelamp.session import row
from tests.factory import SECRET, built, loaded, rows, store, workspace

CRIMES = """
    source: crimes
    title: Crimes
    owner: Crime Recording
    lawful_basis: DPA 2018 s.35(2)(b)
    purposes: [investigation]
    marking: OFFICIAL
    retention: mopi-2
    read: {connector: jsonl, path: crimes-*.jsonl, mode: append, each: people}
    records:
      crime:
        type: Crime
        key: [urn]
        set: {reference: urn, crime_type: kind, happened_at: {column: on, format: iso}}
      place:
        type: Location
        key: [at]
        set: {address: at}
      person:
        type: Person
        key: [urn, people.#]
        when: '"people.#" is not null'
        set: {full_name: people.name, date_of_birth: {column: people.born, format: iso}}
    links:
      - {type: involved_in, from: person, to: crime, role: people.role}
      - {type: happened_at, from: crime, to: place}
    """
UPSERT = CRIMES.replace("append", "upsert")


def person(name: str, role: str = "knownSuspect", born: str = "1990-06-03") -> dict[str, object]:
    return {"name": name, "role": role, "born": born}


def crime(urn: str, *people: object, kind: str = "Theft") -> str:
    said = {"urn": urn, "kind": kind, "on": "2026-06-01", "at": "1 Mill Lane, Exbury", "people": list(people)}
    return json.dumps(said) + "\n"


THEFT = crime("44/1", person("Ann Lee", "victim"), person("Cy Moss"), person("Bo Wren"))


def folder_of(folder: Path, declared: str, *files: str) -> Path:
    workspace(folder, {"crimes": declared}, {})
    for number, text in enumerate(files, 1):
        (folder / f"crimes-{number}.jsonl").write_text(text)
        built(folder)
    return folder


def test_a_crime_with_a_victim_and_two_suspects_is_one_crime_three_people_and_three_links(tmp_path: Path) -> None:
    outcome = built(workspace(tmp_path, {"crimes": CRIMES}, {"crimes-1.jsonl": THEFT}))
    assert outcome.build.objects == {"Crime": 1, "Person": 3, "Location": 1}
    assert outcome.build.links == {"involved_in": 3, "happened_at": 1}
    assert rows(tmp_path, "record_crime", "key, crime_type, row") == [("44/1", "Theft", 1)]
    assert rows(tmp_path, "record_person", "row, key, full_name") == [
        (1, "44/1 | 1", "Ann Lee"), (2, "44/1 | 2", "Cy Moss"), (3, "44/1 | 3", "Bo Wren"),
    ]  # fmt: skip
    said = rows(tmp_path, "link where forward", "type, role, category, row")
    assert said == [
        ("happened_at", None, None, 1), ("involved_in", "knownSuspect", "suspected", 2),
        ("involved_in", "knownSuspect", "suspected", 3), ("involved_in", "victim", "victim", 1),
    ]  # fmt: skip


def test_a_crime_is_kept_once_for_each_delivery_that_tells_of_it(tmp_path: Path) -> None:
    folder_of(tmp_path, CRIMES, THEFT + crime("44/2"), crime("44/1", person("Di Fox"), person("Ed Ray")))
    assert rows(tmp_path, "record_crime", "delivery, row, key") == [(1, 1, "44/1"), (1, 4, "44/2"), (2, 1, "44/1")]


def test_rows_read_are_rows_kept_and_rejected_and_each_stands_at_its_place(tmp_path: Path) -> None:
    text = THEFT + '{"urn": "44/2", "people": "Ann"}\n{"urn": \n' + crime("44/3", person("Ed\ud800"), person("Flo"))
    state = built(workspace(tmp_path, {"crimes": CRIMES}, {"crimes-1.jsonl": text})).build.sources["crimes"]
    assert (state.read, state.kept, state.rejected) == (7, 4, 3)
    place = store(tmp_path)
    kept = duckdb.execute(f"select _row from {place.raw('crimes').relation()} order by 1").fetchall()
    rejected = duckdb.execute(f"select row, line from '{place.rejects('crimes', 1)}' order by 1").fetchall()
    assert (kept, rejected) == ([(1,), (2,), (3,), (7,)], [(4, 2), (5, 3), (6, 4)])


def test_a_person_leads_back_to_the_row_and_the_element(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, CRIMES, THEFT)
    found, place = loaded(folder), store(folder)
    (delivery,) = states(found, place)["crimes"].deliveries
    said = row.find(found, place, SECRET, found.sources["crimes"], delivery, 3)
    assert said is not None
    cells = {cell.column: cell.raw for cell in said.cells}
    assert (cells["urn"], cells["people.#"], cells["people.name"]) == ("44/1", "3", "Bo Wren")
    assert [made.name for made in said.made] == ["crime", "place", "person"]


def test_a_corrected_person_comes_back_as_the_same_one_of_the_same_crime(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, CRIMES, crime("44/1", person("Ann Lee", "victim"), person("Cy\ud800Moss")))
    assert rows(folder, "record_person", "key") == [("44/1 | 1",)]
    found, place = loaded(folder), store(folder)
    source = found.sources["crimes"]
    ((_, file, reject),) = waiting(place, source, states(found, place)["crimes"])
    write(place, "crimes", [(file, reject)], folder / "fixed.csv")
    text = (folder / "fixed.csv").read_text("utf-8-sig")
    (folder / "fixed.csv").write_text(text.replace(r"\ud800", " "), "utf-8-sig")
    replay(source, place, folder / "fixed.csv", "eve")
    state = built(folder).build.sources["crimes"]
    assert (state.read, state.kept, state.rejected) == (2, 2, 0)
    assert rows(folder, "record_person", "row, key, full_name") == [
        (1, "44/1 | 1", "Ann Lee"),
        (2, "44/1 | 2", "Cy Moss"),
    ]
    assert rows(folder, "object where caption like '%Theft%'", "count(*)") == [(1,)]


def counting(folder: Path) -> list[tuple[object, ...]]:
    found, place = loaded(folder), store(folder)
    now = current.rows(found.sources["crimes"], place, states(found, place)["crimes"])
    return duckdb.execute(f'select urn, kind, "people.name" from {now} order by _delivery, _row').fetchall()


def test_in_an_upsert_the_newest_object_of_a_key_counts_with_all_its_people(tmp_path: Path) -> None:
    other, closed = crime("44/2", person("Di Fox")), crime("44/1", person("Cy Moss"), person("Ed Ray"), kind="Robbery")
    again = crime("44/1", person("Ann Lee"), kind="Fraud") + crime(
        "44/1", person("Bo Wren"), person("Cy Moss"), kind="No crime"
    )
    folder = folder_of(tmp_path, UPSERT, THEFT + other, closed)
    assert counting(folder) == [
        ("44/2", "Theft", "Di Fox"),
        ("44/1", "Robbery", "Cy Moss"),
        ("44/1", "Robbery", "Ed Ray"),
    ]
    (folder / "crimes-3.jsonl").write_text(again)
    built(folder)
    assert counting(folder)[1:] == [("44/1", "No crime", "Bo Wren"), ("44/1", "No crime", "Cy Moss")]
    (folder / "crimes-4.jsonl").write_text(crime("44/1"))
    built(folder)
    assert counting(folder) == [("44/2", "Theft", "Di Fox"), ("44/1", "Theft", None)]


def test_in_an_upsert_a_corrected_person_stands_beside_the_others_of_the_crime(tmp_path: Path) -> None:
    bad = crime("44/1", person("Ann Lee"), person("Cy\ud800Moss"), person("Bo Wren"))
    folder = folder_of(tmp_path, UPSERT, bad)
    source, place = loaded(folder).sources["crimes"], store(folder)
    ((_, file, reject),) = waiting(place, source, states(loaded(folder), place)["crimes"])
    write(place, "crimes", [(file, reject)], folder / "fixed.csv")
    text = (folder / "fixed.csv").read_text("utf-8-sig")
    (folder / "fixed.csv").write_text(text.replace(r"\ud800", " "), "utf-8-sig")
    replay(source, place, folder / "fixed.csv", "eve")
    built(folder)
    assert {name for *_, name in counting(folder)} == {"Ann Lee", "Cy Moss", "Bo Wren"}
    (folder / "crimes-2.jsonl").write_text(crime("44/1", person("Di Fox")))
    built(folder)
    assert {name for *_, name in counting(folder)} == {"Di Fox"}


@pytest.mark.parametrize("declared", [CRIMES, UPSERT])
def test_piece_by_piece_is_as_all_at_once(tmp_path: Path, declared: str) -> None:
    pieces = [THEFT, crime("44/2", person("Di Fox")), crime("44/1", person("Ann Lee", "victim"))]
    folder_of(tmp_path / "pieces", declared, *pieces)
    files = {f"crimes-{number}.jsonl": text for number, text in enumerate(pieces, 1)}
    built(workspace(tmp_path / "whole", {"crimes": declared}, files))
    for table in ("record_crime", "record_person", "link", "object"):
        assert rows(tmp_path / "pieces", table) == rows(tmp_path / "whole", table)


def test_plain_texts_make_records_of_their_own(tmp_path: Path) -> None:
    cars = textwrap.dedent(CRIMES).partition("records:")[0].replace("each: people", "each: case.cars") + (
        "records:\n  car: {type: Vehicle, key: [case.cars], set: {vrm: case.cars}}\n"
    )
    text = '{"case": {"urn": 1, "cars": ["AB12CDE", "BD51SMR"]}}\n{"case": {"urn": 2, "cars": ["AB12CDE"]}}\n'
    assert built(workspace(tmp_path, {"crimes": cars}, {"crimes-1.jsonl": text})).build.objects == {"Vehicle": 2}
