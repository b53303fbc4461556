"""Runs join places by how their addresses are written, and bodies at them: the same piece by piece as all at once."""

import csv
import io
import random
from pathlib import Path

import duckdb
import pytest

from bluelamp.pipeline.run import run
from bluelamp.resolution.decided import Judged, obeyed
from tests.factory import built, loaded, store, workspace

PLACES = """
    source: places
    title: Places
    owner: Records
    lawful_basis: DPA 2018 s.35(2)(b)
    purposes: [investigation]
    marking: OFFICIAL
    retention: mopi-2
    read: {connector: csv, path: places-*.csv, mode: append}
    records:
      place:
        type: Location
        key: [Ref]
        set: {address: Address, postcode: Postcode, uprn: UPRN, point: {lat: Lat, lon: Lon}, precision: Precision}
      business:
        type: Organisation
        key: [Ref]
        when: Business is not null
        set: {title: Business, company_number: Company}
    links:
      - {type: based_at, from: business, to: place, role: {constant: businessAddress}}
    """

HEADER = ("Ref", "Address", "Postcode", "UPRN", "Lat", "Lon", "Precision", "Business", "Company")
HIGH, ELSEWHERE = ("51.500000", "0.100000"), ("51.510000", "0.100000")
NO_POINT = ("", "")
Row = tuple[str, ...]


def place(
    ref: str, address: str, postcode: str = "", uprn: str = "", point: tuple[str, str] = NO_POINT,
    precision: str = "exact", business: str = "", company: str = "",
) -> Row:  # fmt: skip
    """One row of the source."""
    return (ref, address, postcode, uprn, *point, precision if point[0] else "", business, company)


def written(some: list[Row]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *some])
    return text.getvalue()


def force(folder: Path, *files: list[Row]) -> Path:
    named: dict[str, str | bytes] = {f"places-{at}.csv": written(some) for at, some in enumerate(files)}
    return workspace(folder, {"places": PLACES}, named)


def groups(folder: Path, noun: str = "Location") -> set[str]:
    """The keys of the records of each object, of those with several."""
    kept = store(folder)
    entities = kept.entities.relation() or "(select '' as type, 0 as record, 0 as object where false)"
    found = duckdb.sql(
        f"select string_agg(distinct r.key, ' ' order by r.key) as keys from {kept.records(noun).relation()} r left join "
        f"(select * from {entities} where type = '{noun}') e on e.record = r.record "
        "group by coalesce(e.object, r.record) having count(distinct r.key) > 1"
    ).fetchall()
    return {keys for (keys,) in found}


def told(folder: Path, dataset: str) -> list[tuple[object, ...]]:
    """The conflicts, or the pairs for a person to judge, by the keys of their records."""
    relation = getattr(store(folder), dataset).relation()
    columns = "property, value, message" if dataset == "conflicts" else "weight"
    named = f"(select distinct record, key from {store(folder).records('Location').relation()})"
    return duckdb.sql(
        f"select least(a.key, b.key), greatest(a.key, b.key), {columns} from {relation} c join {named} a "
        f"on a.record = c.record join {named} b on b.record = c.other where type = 'Location' order by all"
    ).fetchall()


def joined(folder: Path, *rows: Row) -> set[str]:
    force(folder, list(rows))
    built(folder)
    return groups(folder)


def test_an_address_is_one_location_however_it_is_written(tmp_path: Path) -> None:
    rows = (
        place("A", "Flat 2, 10 High Street, Northgate", "NX1 3AB"),
        place("B", "FLAT 2 10 HIGH ST NORTHGATE", "nx13ab"),
        place("C", "Apartment 2, 10 Hihg Street", "NX1 3AB"),
        place("D", "Flat 3, 10 High Street, Northgate", "NX1 3AB"),
        place("E", "Flat 2, 12 High Street, Northgate", "NX1 3AB"),
        place("F", "10 High Street, Northgate", "NX1 3AB"),
        place("G", "Kestrel Sports, 10 High Street, Northgate", "NX1 3AB"),
        place("H", "Flat 2, 10 High Road, Northgate", "NX1 3AB"),
    )
    assert joined(tmp_path / "force", *rows) == {"A B C", "F G"}


def test_without_a_postcode_it_is_the_only_place_it_can_be_or_a_person_judges(tmp_path: Path) -> None:
    rows = (
        place("A", "10 High Street, Northgate", "NX1 3AB"),
        place("B", "10 High Street, Northgate"),
        place("C", "10 High Street"),
        place("D", "10 High Street, Southgate"),
        place("E", "4 Elm Road, Northgate", "NX1 3AD"),
        place("F", "4 Elm Road, Northgate", "NX2 9ZZ"),
        place("G", "4 Elm Road, Northgate"),
    )
    assert joined(tmp_path / "force", *rows) == {"A B"}
    assert told(tmp_path / "force", "pairs") == [("E", "G", 0.0), ("F", "G", 0.0)]


def test_a_slip_in_a_postcode_that_no_other_door_has_gives_way(tmp_path: Path) -> None:
    rows = (
        place("A", "10 High Street, Northgate", "NX1 3AB"),
        place("B", "12 High Street, Northgate", "NX1 3AB"),
        place("C", "10 High Street, Northgate", "NX7 3AB"),
        place("D", "12 High Street, Northgate", "NX1 3AD"),
        place("E", "14 High Street, Northgate", "NX1 3AD"),
    )
    assert joined(tmp_path / "force", *rows) == {"A C"}
    assert told(tmp_path / "force", "pairs") == [("B", "D", 0.0)]


def test_exact_points_far_apart_are_a_conflict_and_moved_ones_say_little(tmp_path: Path) -> None:
    address = ("10 High Street, Northgate", "NX1 3AB")
    rows = (
        place("A", *address, point=ELSEWHERE),
        place("B", *address, point=HIGH),
        place("C", *address, point=("51.500400", "0.100000")),
        place("D", *address, point=ELSEWHERE, precision="snap"),
        place("E", *address),
    )
    assert joined(tmp_path / "force", *rows) == {"B C D E"}
    reason = "They share the key but differ in exact point"
    assert told(tmp_path / "force", "conflicts") == [
        ("A", "B", "address", "10 High Street, Northgate", reason),
        ("A", "C", "address", "10 High Street, Northgate", reason),
    ]


def test_uprn_and_text_agree_or_are_a_conflict(tmp_path: Path) -> None:
    rows = (
        place("A", "10 High Street, Northgate", "NX1 3AB", uprn="1"),
        place("B", "10 High Street, Northgate", "NX1 3AB", uprn="2"),
        place("C", "4 Elm Road, Northgate", "NX1 3AD", uprn="3"),
        place("D", "6 Elm Road, Northgate", "NX1 3AD", uprn="3"),
        place("E", "8 Elm Road", "NX1 3AD", uprn="4"),
        place("F", "8 Elm Rd, Northgate", uprn="4"),
        place("G", "9 Elm Road", "NX1 3AD", uprn="5"),
        place("H", "9 Station Approach", "NX1 3AD", uprn="5"),
    )
    assert joined(tmp_path / "force", *rows) == {"E F"}
    assert [each[:3] + each[4:] for each in told(tmp_path / "force", "conflicts")] == [
        ("A", "B", "address", "They hold different values of another key, uprn: 000000000001 and 000000000002"),
        ("C", "D", "uprn", "They share the key but differ in flat or number"),
        ("G", "H", "uprn", "They share the key but differ in street"),
    ]


def test_bodies_of_one_name_at_one_address_are_one_and_branches_are_not(tmp_path: Path) -> None:
    rows = (
        place("A", "10 High Street, Northgate", "NX1 3AB", business="Kestrel Sports Ltd"),
        place("B", "10 High St", "NX1 3AB", business="KESTREL SPORTS LIMITED"),
        place("C", "10 High Street", "NX1 3AB", business="The Kestral Sports"),
        place("D", "10 High Street, Northgate", "NX1 3AB", business="Abacus News"),
        place("E", "88 Elm Road, Northgate", "NX1 9ZZ", business="Kestrel Sports Ltd"),
        place("F", "10 Station Road, Northgate", business="Kestrel Sports Ltd"),
        place("G", "10 Church Road, Northgate", business="Kestrel Sports Ltd"),
        place("H", "5 Elm Road", "NX1 9ZZ", business="Lantern Grill", company="01234567"),
        place("I", "5 Elm Road", "NX1 9ZZ", business="Lantern Grill", company="07654321"),
    )
    joined(tmp_path / "force", *rows)
    assert groups(tmp_path / "force", "Organisation") == {"A B C"}


def many(count: int = 260) -> list[Row]:
    """Rows that meet: few doors and streets, slips in all that can have one, some points and numbers of properties."""
    chance = random.Random(11)  # noqa: S311 an order, not a secret
    made = []
    for at in range(count):
        street, number = (
            chance.choice(["High Street", "High St", "Hihg Street", "Elm Road", "Elm Rd"]),
            chance.randint(1, 5),
        )
        flat = chance.choice(["", "", "Flat 1, ", "Flat 2, "])
        code = chance.choice(
            ["NX1 3AB", "NX1 3AB", "NX1 3AD", "NX2 3AB", "NX7 3AB", f"NX{chance.randint(1, 9)} 3AB", "", ""]
        )
        town = chance.choice([", Northgate", ", Northgate", ", Southgate", ""])
        point = chance.choice([NO_POINT, NO_POINT, NO_POINT, HIGH, HIGH, ELSEWHERE])
        uprn = str(number) if chance.random() < 0.1 else ""
        business = chance.choice(["", "", "Kestrel Sports", "Kestrel Sports Ltd", "Abacus News"])
        made.append(place(f"R{at}", f"{flat}{number} {street}{town}", code, uprn, point, business=business))
    return made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = force(tmp_path_factory.mktemp("whole") / "force", many())
    built(folder)
    return folder


def _same(folder: Path, other: Path) -> None:
    for noun in ("Location", "Organisation"):
        assert groups(folder, noun) == groups(other, noun)
    for dataset in ("conflicts", "pairs"):
        assert told(folder, dataset) == told(other, dataset)


def test_there_is_something_to_join_to_judge_and_to_leave_apart(whole: Path) -> None:
    assert len(groups(whole)) > 10
    assert len(groups(whole, "Organisation")) > 5
    assert told(whole, "conflicts")
    assert told(whole, "pairs")


def test_a_run_with_nothing_new_publishes_nothing(whole: Path) -> None:
    assert not built(whole).published


@pytest.mark.parametrize("seed", range(3))
def test_piece_by_piece_equals_all_at_once(whole: Path, tmp_path: Path, seed: int) -> None:
    listed = many()
    chance = random.Random(seed)  # noqa: S311 an order, not a secret
    chance.shuffle(listed)
    cuts = sorted(chance.sample(range(len(listed)), 4))
    folder = force(tmp_path / "force", listed[: cuts[0]])
    built(folder)
    for at, (begin, end) in enumerate(zip(cuts, [*cuts[1:], len(listed)], strict=True), start=1):
        (folder / f"places-{at}.csv").write_text(written(listed[begin:end]))
        built(folder)
    _same(folder, whole)


def test_a_corrected_delivery_leaves_no_trace_of_what_it_said_before(whole: Path, tmp_path: Path) -> None:
    listed = many()
    wrong = [(row[0], *other[1:]) for row, other in zip(listed[:60], listed[60:120], strict=True)]
    folder = force(
        tmp_path / "force", listed[60:], [*wrong, *(place(f"X{at}", *row[1:3]) for at, row in enumerate(listed))]
    )
    built(folder)
    (folder / "places-1.csv").write_text(written(listed[:60]))
    built(folder)
    _same(folder, whole)


def test_odd_places_are_no_reason_to_fail(tmp_path: Path) -> None:
    odd = [
        "",
        ",",
        "|",
        "||",
        "Flat",
        "Flat ,",
        "1",
        "1,1,1",
        "| 1 | High Street",
        "the",
        "st",
        "a" * 900,
        "１２ High Street",
    ]
    rows = [place(f"A{at}{code[:3]}", text, code) for at, text in enumerate(odd) for code in ("", "NX1 3AB")]
    same = [place(f"B{at}", "1 High Street, Northgate", "NX1 3AB", point=HIGH) for at in range(400)]
    assert any(len(each.split()) >= len(same) for each in joined(tmp_path / "force", *rows, *same))


def test_what_people_decide_comes_before_how_places_are_written(tmp_path: Path) -> None:
    rows = [
        place("A", "10 High Street, Northgate", "NX1 3AB"),
        place("B", "10 High St, Northgate", "NX1 3AB"),
        place("C", "10 High Street, Northgate"),
        place("D", "Rose Cottage, High Street, Northgate", "NX1 3AB"),
        place("E", "10 High St", "NX1 3AB"),
    ]
    folder = force(tmp_path / "force", rows[:4])
    built(folder)
    number = dict(duckdb.sql(f"select key, record from {store(folder).records('Location').relation()}").fetchall())
    said = [
        Judged("Location", number["A"], number["B"], "not_same"),
        Judged("Location", number["A"], number["D"], "same"),
    ]
    (folder / "places-1.csv").write_text(written(rows[4:]))
    run(loaded(folder), "tester", lambda *_: None, decisions=lambda: obeyed(said))
    assert groups(folder) == {"A C D E"}
    built(folder)
    assert groups(folder) == {"A B C E"}
