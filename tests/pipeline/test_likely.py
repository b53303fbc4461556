"""Runs join what a model says is one: learned from the records, the same piece by piece as all at once."""

import csv
import io
import json
import random
from pathlib import Path

import duckdb
import pytest

from bluelamp.errors import DeclarationError
from bluelamp.pipeline import build as builds
from bluelamp.pipeline.likely import LEAST, STOOD
from tests.factory import built, published, store, workspace
from tests.resolution.people import population

PEOPLE = """
    source: people
    title: People
    owner: Records
    lawful_basis: DPA 2018 s.35(2)(b)
    purposes: [investigation]
    marking: OFFICIAL
    retention: mopi-2
    read: {connector: csv, path: people-*.csv, mode: append}
    records:
      person:
        type: Person
        key: [Ref]
        set: {given_name: Forename, surname: Surname, date_of_birth: {column: Born, format: iso}, sex: Sex}
      home:
        type: Location
        key: [Ref]
        when: Address is not null
        set: {address: Address, postcode: Postcode}
      phone: {type: Phone, key: [Phone], set: {number: Phone}}
    links:
      - {type: lives_at, from: person, to: home}
      - {type: uses_phone, from: person, to: phone, role: personalTelephone}
    """

HEADER = ["Ref", "Forename", "Surname", "Born", "Postcode", "Address", "Phone", "Sex"]
BORN = HEADER.index("Born")
Row = list[str]


def rows(households: int = 130) -> list[Row]:
    """A row for each record of made-up people, in no order."""
    frame = population(households)[0]
    listed = [
        [
            f"R{record}",
            *(next((column.texts[code] for code in column.codes[at] if code >= 0), "") for column in columns),
        ]
        for columns in [list(frame.columns.values())]
        for at, record in enumerate(frame.records.tolist())
    ]
    for row in listed[::20]:
        row[BORN] = no_day(row[BORN])
    random.Random(4).shuffle(listed)  # noqa: S311 an order, not a secret
    return listed


def no_day(born: str) -> str:
    """A day of birth with its digits turned, which no calendar has: 1961-05-18 as 1961-05-81."""
    return f"{born[:-2]}{born[-1]}{born[-2]}" if born[-1:] > "3" else born


def written(some: list[Row]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *some])
    return text.getvalue()


def force(folder: Path, *files: list[Row], model: str | None = None) -> Path:
    """A workspace with these deliveries, not run yet, and with a model where one is given."""
    named: dict[str, str | bytes] = {f"people-{at}.csv": written(some) for at, some in enumerate(files)}
    if model:
        named["models/person.json"] = model
    return workspace(folder, {"people": PEOPLE}, named)


def learned(folder: Path) -> Path:
    """A workspace with all of them in one delivery, run once, with the model that this run learned."""
    return published(folder, {"people": PEOPLE}, {"people-0.csv": written(rows())})


def groups(folder: Path) -> set[frozenset[str]]:
    """The keys of the records of each person."""
    kept = store(folder)
    entities = kept.entities.relation() or "(select '' as type, 0 as record, 0 as object where false)"
    found = duckdb.sql(
        f"select list(distinct r.key) from {kept.records('Person').relation()} r left join "
        f"(select * from {entities} where type = 'Person') e on e.record = r.record "
        "group by coalesce(e.object, r.record)"
    ).fetchall()
    return {frozenset(keys) for (keys,) in found}


def pairs(folder: Path) -> list[tuple[str, int, int, float]]:
    return duckdb.sql(
        f"select type, record, other, weight from {store(folder).pairs.relation()} order by all"
    ).fetchall()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return learned(tmp_path_factory.mktemp("whole") / "force")


@pytest.fixture(scope="module")
def model(whole: Path) -> str:
    return (whole / "models" / "person.json").read_text()


def test_the_first_run_learns_a_model_keeps_it_in_the_workspace_and_names_it(whole: Path, model: str) -> None:
    build = builds.current(store(whole))
    assert build
    assert set(build.models) == {"Person"}
    assert json.loads(model)["records"] == len(rows())
    assert build.objects["Person"] == len(groups(whole)) < 0.6 * len(rows())


def test_a_run_with_nothing_new_publishes_nothing(whole: Path) -> None:
    assert not built(whole).published


@pytest.mark.parametrize("seed", range(3))
def test_piece_by_piece_equals_all_at_once(whole: Path, model: str, tmp_path: Path, seed: int) -> None:
    listed = rows()
    chance = random.Random(seed)  # noqa: S311 an order, not a secret
    chance.shuffle(listed)
    cuts = sorted(chance.sample(range(len(listed)), 3))
    folder = force(tmp_path / "force", listed[: cuts[0]], model=model)
    built(folder)
    for at, (begin, end) in enumerate(zip(cuts, [*cuts[1:], len(listed)], strict=True), start=1):
        (folder / f"people-{at}.csv").write_text(written(listed[begin:end]))
        built(folder)
    assert groups(folder) == groups(whole)
    assert pairs(folder) == pairs(whole)
    status = builds.current(store(folder))
    assert status
    assert status.objects == (builds.current(store(whole)) or status).objects


def test_a_birth_that_no_calendar_has_is_compared_as_it_is_written(model: str, tmp_path: Path) -> None:
    said = ["Amara", "Quillfeather", "1961-05-18", "SE5 9QR", "", "", "F"]
    births = {"R1": "1961-05-18", "R2": "1961-05-81", "R3": "", "R4": "1944-11-72"}
    listed = [[ref, *said[:2], born, *said[3:]] for ref, born in births.items()]
    folder = force(tmp_path / "force", listed, model=model)
    built(folder)
    weights = against(folder, "R1")
    assert weights["R2"] > weights["R3"] > weights.get("R4", weights["R3"] - 1)
    # what is delivered later is held against it too
    (folder / "people-1.csv").write_text(written([["R5", *said[:2], "1961-05-81", *said[3:]]]))
    built(folder)
    assert against(folder, "R5")["R2"] > against(folder, "R5")["R1"] == pytest.approx(weights["R2"])


def against(folder: Path, key: str) -> dict[str, float]:
    """The weight of the record with a key and each other that it may be one with, by key."""
    known = store(folder).records("Person").relation()
    sql = (
        f"with pairs as (select record, other, weight from {store(folder).pairs.relation()} union all "
        f"select other, record, weight from {store(folder).pairs.relation()}) select b.key, any_value(weight) from pairs "
        f"join {known} a using (record) join {known} b on b.record = other where a.key = $key group by b.key"
    )
    return dict(duckdb.execute(sql, {"key": key}).fetchall())


def test_a_corrected_delivery_leaves_no_trace_of_what_it_said_before(model: str, tmp_path: Path) -> None:
    listed = rows()
    wrong = [[row[0], *other[1:]] for row, other in zip(listed[:40], listed[40:80], strict=True)]
    moved = [[*row[:4], "NX9 9ZZ", "99 Nowhere Close", *row[6:]] for row in listed[80:90]]
    folder = force(tmp_path / "force", listed[90:], [*wrong, *listed[40:80], *moved], model=model)
    built(folder)
    (folder / "people-1.csv").write_text(written(listed[:90]))
    built(folder)
    once = force(tmp_path / "once", listed[90:], listed[:90], model=model)
    built(once)
    assert groups(folder) == groups(once)
    assert pairs(folder) == pairs(once)


def test_without_how_records_stood_everything_is_looked_at_anew(whole: Path, model: str, tmp_path: Path) -> None:
    listed = rows()
    folder = force(tmp_path / "force", listed[:-9], model=model)
    first = built(folder).build
    for path in (builds.folder(store(folder), first.number) / STOOD / "Person").glob("*.npy"):
        path.write_bytes(b"damaged")
    (folder / "people-1.csv").write_text(written(listed[-9:]))
    built(folder)
    assert groups(folder) == groups(whole)


def test_too_few_records_teach_nothing_and_only_keys_join(tmp_path: Path) -> None:
    folder = force(tmp_path / "force", rows()[: LEAST - 1])
    assert built(folder).build.models == {}
    assert not (folder / "models").exists()
    assert all(len(each) == 1 for each in groups(folder))


@pytest.mark.parametrize(
    ("old", "new"), [('"type": "Person"', '"type": "Vehicle"'), ('"given_name"', '"first_name"'), ("{", "")]
)
def test_a_model_made_for_another_ontology_stops_the_run(model: str, tmp_path: Path, old: str, new: str) -> None:
    folder = force(tmp_path / "force", rows()[:50], model=model.replace(old, new))
    with pytest.raises(DeclarationError, match=r"person\.json.*train it anew"):
        built(folder)
    assert builds.current(store(folder)) is None


def test_hostile_people_are_no_reason_to_fail_and_chance_joins_nobody(model: str, tmp_path: Path) -> None:
    """All-null records, one shared phone, one name for all, one date of birth for all."""
    empty = [[f"E{at}", "", "", "", "", "", "", ""] for at in range(300)]
    phone = [[f"P{at}", "", "", "", "", "", "0000000000", ""] for at in range(300)]
    named = [[f"N{at}", "John", "Smith", "", "", "", "", ""] for at in range(300)]
    letters = random.Random(5)  # noqa: S311 names, not secrets
    name = lambda: "".join(letters.choices("abcdefghijklmnopqrstuvwxyz", k=7)).title()  # noqa: E731
    born = [[f"B{at}", name(), name(), "1900-01-01", "", "", "", ""] for at in range(300)]
    folder = force(tmp_path / "force", rows(), [*empty, *phone, *named, *born], model=model)
    built(folder)
    kept = {next(iter(each)) for each in groups(folder) if len(each) == 1}
    assert {row[0] for row in [*empty, *phone, *born]} <= kept
    assert max(map(len, groups(folder))) <= 40


def test_a_published_id_does_not_turn_into_that_of_a_record_that_comes_and_joins(model: str, tmp_path: Path) -> None:
    """Who knows the id and may not see the newcomer would learn that there is one."""
    listed = rows()
    folder = force(tmp_path / "force", listed[: len(listed) // 2], model=model)
    built(folder)
    kept = store(folder)
    known = {record for (record,) in duckdb.sql(f"select record from {kept.records('Person').relation()}").fetchall()}
    (folder / "people-1.csv").write_text(written(listed[len(listed) // 2 :]))
    built(folder)
    came = duckdb.sql(f"select record, object from {kept.entities.relation()} where type = 'Person'").fetchall()
    joined = [(record, object_) for record, object_ in came if record in known]
    assert len(joined) > 50
    assert any(record not in known and object_ in known and record < object_ for record, object_ in came)
    assert all(object_ in known for _, object_ in joined)
