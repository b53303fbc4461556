import hashlib
from itertools import count
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, given, settings

from bluelamp.index import delta, schema
from bluelamp.index.build import build
from bluelamp.index.index import Index
from tests.index.made import NOUN, Joined, Said, access, link, make, number, oid, record, views
from tests.index.test_visibility import everything, said

SOURCES = ("custody", "crime", "anpr")


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of an index as a sorted set of rows."""
    with duckdb.connect(str(folder / "objects.duckdb"), read_only=True) as index:
        tables = [name for (name,) in index.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: sorted(map(repr, index.execute(f"FROM {name}").fetchall())) for name in sorted(tables)}


def print_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def touched(before: list[Said | Joined], after: list[Said | Joined]) -> set[tuple[str, int]]:
    """The objects whose records or links differ."""
    found = set()
    for each in set(before) ^ set(after):
        ends = [(each.type, each.name)] if isinstance(each, Said) else [each.one, each.other]
        found |= {(kind, number(kind, name)) for kind, name in ends}
    return found


_fresh = count()


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(said(SOURCES), said(SOURCES), said(SOURCES))
def test_building_the_changes_gives_the_same_as_building_all(tmp_path, kept, gone, new):
    def key(each: Said | Joined) -> object:
        return (each.type, each.name, each.source, each.marking, each.key) if isinstance(each, Said) else each

    taken = {key(each) for each in kept}
    gone = [each for each in gone if key(each) not in taken]
    new = [each for each in new if key(each) not in taken]
    before, after = kept + gone, kept + new
    first, part, whole = (tmp_path / str(next(_fresh)) for _ in range(3))
    make(first, before)
    was = print_of(first)
    make(part, after, first, changed=touched(before, after))
    make(whole, after)
    assert print_of(first) == was
    assert rows(part) == rows(whole)
    one, other = Index(part), Index(whole)
    for visible in (access(), access("custody")):
        assert everything(one, visible) == everything(other, visible)
    one.close()
    other.close()


def test_very_many_links_are_put_in_order_piece_by_piece_and_are_the_same(tmp_path, monkeypatch):
    people = [record("Person", f"p{n}", surname="Smith") for n in range(9)]
    ties = [link("associated_with", f"Person:p{n}", f"Person:p{(n * 4 + 1) % 9}") for n in range(9)]
    once, several = tmp_path / "once", tmp_path / "several"
    make(once, [*people, *ties])
    monkeypatch.setattr("bluelamp.index.build.SORTED", 2)
    with duckdb.connect(config={"threads": 1}) as connection:
        views(connection, [*people, *ties])
        build(connection, several, NOUN, links=len(ties))
    assert rows(several) == rows(once)
    with duckdb.connect(str(several / "objects.duckdb"), read_only=True) as index:
        objects = [object for (object,) in index.execute("SELECT object FROM link").fetchall()]
    assert objects == sorted(objects)
    for each in people:
        one = oid("Person", each.name)
        assert Index(several).links(one, access()) == Index(once).links(one, access())


def test_a_change_links_the_old_segments_and_copies_what_is_rewritten(tmp_path):
    before = [record("Person", f"p{n}", surname="Smith") for n in range(50)]
    make(tmp_path / "a", before)
    was = print_of(tmp_path / "a")
    make(tmp_path / "b", before[1:], tmp_path / "a", changed=[("Person", number("Person", "p0"))])
    linked = [path for path in (tmp_path / "b" / "text").iterdir() if path.stat().st_nlink > 1]
    assert linked
    assert not {"meta.json", ".managed.json"} & {path.name for path in linked}
    assert print_of(tmp_path / "a") == was
    assert Index(tmp_path / "a").search("smith", access()).total == 50
    assert Index(tmp_path / "b").search("smith", access()).total == 49


def test_a_change_of_a_change_is_right_too(tmp_path):
    people = [record("Person", f"p{n}", surname="Smith") for n in range(5)]
    make(tmp_path / "0", people)
    for n in range(4):
        people[n] = record("Person", f"p{n}", surname="Jones")
        make(tmp_path / str(n + 1), people, tmp_path / str(n), changed=[("Person", number("Person", f"p{n}"))])
    index = Index(tmp_path / "4")
    assert (index.search("jones", access()).total, index.search("smith", access()).total) == (4, 1)
    assert index.counts(access()) == {"Person": 5}


def test_an_index_of_other_nouns_does_not_fit(tmp_path):
    make(tmp_path / "a", [record("Person", "p", surname="Smith"), record("Vehicle", "v", vrm="AB12CDE")])
    fewer = {name: noun for name, noun in NOUN.items() if name != "Vehicle"}
    assert delta.fits(tmp_path / "a", NOUN)
    assert not delta.fits(tmp_path / "a", fewer)


def test_a_noun_without_a_view_is_simply_empty(tmp_path):
    with duckdb.connect() as connection:
        views(connection, [record("Person", "p", surname="Smith"), record("Vehicle", "v", vrm="AB12CDE")])
        connection.execute("DROP VIEW records_Vehicle")
        build(connection, tmp_path / "a", NOUN)
    assert Index(tmp_path / "a").counts(access()) == {"Person": 1}


def test_a_view_that_lacks_a_property_gives_it_no_value(tmp_path):
    with duckdb.connect() as connection:
        views(connection, [record("Person", "p", surname="Smith")])
        connection.execute("CREATE OR REPLACE VIEW records_Person AS SELECT * EXCLUDE (nino, email) FROM stored_Person")
        build(connection, tmp_path / "a", NOUN)
    assert Index(tmp_path / "a").records(oid("Person", "p"), access())[0].values == {"surname": "Smith"}


def test_a_build_tells_how_far_it_is(tmp_path):
    told: list[tuple[str, float]] = []
    with duckdb.connect() as connection:
        views(connection, [record("Person", "p", surname="Smith")])
        build(connection, tmp_path / "a", NOUN, progress=lambda *said: told.append(said))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[-1] == ("Finished", 1.0)


def test_DP_3_sensitive_values_are_not_in_the_text_index(tmp_path):
    make(tmp_path / "a", [record("Person", "p", surname="Smith", nhs_number="4857773456", ethnicity_self="W1")])
    searcher = schema.load(tmp_path / "a" / "text").searcher()
    assert searcher.doc_freq("name", "smith") == 1
    assert searcher.doc_freq("ident", "4857773456") == searcher.doc_freq("text", "w1") == 0


def test_links_of_objects_that_are_gone_go_with_them(tmp_path):
    people = [record("Person", "a", surname="Smith"), record("Person", "b", surname="Jones")]
    joined = link("associated_with", "Person:a", "Person:b")
    make(tmp_path / "0", [*people, joined])
    make(tmp_path / "1", people[:1], tmp_path / "0", changed=[("Person", number("Person", "b"))])
    assert rows(tmp_path / "1")["link"] == []
