from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest

from bluelamp.errors import NotFound
from bluelamp.index import layout, ties
from bluelamp.index.index import Index
from tests.index.made import ACCESSES, access, build_index, link, make, number, oid, record

ALL = access()


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    said = [
        record("Person", "john", given_name="John", surname="Smith", ethnicity_self="W1"),
        record("Person", "john", "crime", given_name="John", surname="Smith"),
        record("Person", "john", "intelligence", given_name="Johnny", surname="Smith the Elder"),
        record("Person", "mary", given_name="Mary", surname="Jones"),
        record("Vehicle", "car", "anpr", vrm="AB12CDE", make="Ford"),
        record("Location", "spot", point="51.583427,0.140619"),
        record("Location", "house", point="51.583427,0.140619", address="12 High Street", postcode="RM1 2AB"),
        record("Location", "corner", point="51.500000,0.100000", address="Mill Lane"),
        record("Location", "corner", "intelligence", point="51.500000,0.100000"),
        record("Location", "corner", "anpr", point="51.500000,0.100000"),
        record("Incident", "i1", happened_at="2016-02"),
        link("associated_with", "Person:john", "Person:mary", role="friend"),
        link("associated_with", "Person:john", "Person:mary", "crime", role="friend"),
        link("has_vehicle", "Person:john", "Vehicle:car", role="driverOf"),
    ]
    redirects = [(number("Person", "old"), "Person", number("Person", "john"))]
    john, mary = number("Person", "john"), number("Person", "mary")
    conflicts = [
        (
            "Person",
            "pnc_id",
            "2099/0000123P",
            one,
            ACCESSES.index((source, "OFFICIAL")),
            "They differ",
            other,
            ACCESSES.index((against, "OFFICIAL")),
        )
        for one, other, source, against in ((john, mary, "custody", "crime"), (mary, john, "crime", "custody"))
    ]
    folder = tmp_path_factory.mktemp("index") / "build"
    return build_index(folder, said, redirects=redirects, conflicts=conflicts)


JOHN = oid("Person", "john")


def test_the_caption_is_what_most_visible_records_say(index):
    assert index.captions([JOHN], ALL) == {JOHN: "John Smith"}
    assert index.captions([JOHN], access("intelligence")) == {JOHN: "Johnny Smith the Elder"}


def test_a_map_point_is_the_caption_only_where_nothing_else_is_known(index):
    spot, house = oid("Location", "spot"), oid("Location", "house")
    assert index.captions([spot, house], ALL) == {spot: "51.583427,0.140619", house: "12 High Street, RM1 2AB"}


def test_words_are_a_caption_before_a_point_that_more_records_give(index):
    corner = oid("Location", "corner")
    assert index.captions([corner], ALL) == {corner: "Mill Lane"}
    assert index.captions([corner], access("anpr")) == {corner: "51.500000,0.100000"}


def test_a_whole_name_is_the_caption_where_its_parts_are_missing_and_is_found_as_a_name(tmp_path):
    said = [
        record("Person", "ann", full_name="ANN LEE"),
        record("Person", "bo", full_name="Wren, Bo", given_name="Bo", surname="Wren"),
    ]
    index = build_index(tmp_path / "build", said)
    ann, bo = oid("Person", "ann"), oid("Person", "bo")
    assert index.captions([ann, bo], ALL) == {ann: "Ann Lee", bo: "Bo Wren"}
    assert [hit.object for hit in index.search("lea anne", ALL, (), (), None, None, 0, 10).hits] == [ann]


def test_a_caption_in_capitals_gives_way_to_the_same_words_in_small_letters_and_to_no_others(tmp_path, monkeypatch):
    said = [
        *(record("Person", "ann", source, given_name="O'MCANN", surname="O'MCFOX") for source in ("custody", "crime")),
        record("Person", "ann", "intelligence", given_name="O'McAnn", surname="O'McFox"),
        *(record("Person", "jon", source, given_name="O'MCJON", surname="O'MCFOX") for source in ("custody", "crime")),
        record("Person", "jon", "intelligence", given_name="John", surname="O'McFox"),
        link("associated_with", "Person:ann", "Person:jon", role="friend"),
    ]
    index = build_index(tmp_path / "build", said)
    ann, jon = oid("Person", "ann"), oid("Person", "jon")
    assert index.captions([ann, jon], ALL) == {ann: "O'McAnn O'McFox", jon: "O'MCJON O'MCFOX"}
    assert index.captions([ann], access("custody")) == {ann: "O'MCANN O'MCFOX"}
    monkeypatch.setattr(ties, "USUAL", 0)
    assert [index.links(one, ALL).links[0].caption for one in (jon, ann)] == ["O'McAnn O'McFox", "O'MCJON O'MCFOX"]


def test_links_that_look_the_same_stand_by_who_says_so_and_not_by_numbers(tmp_path, monkeypatch):
    names = [f"p{n}" for n in range(9)]
    said = [record("Person", name, given_name="Ann", surname="Fox") for name in names]
    said += [record("Location", "house", address="12 High Street")]
    index = build_index(
        tmp_path / "build", [*said, *(link("lives_at", f"Person:{n}", "Location:house") for n in names)]
    )
    for usual in (ties.USUAL, 0):
        monkeypatch.setattr(ties, "USUAL", usual)
        links = index.links(oid("Location", "house"), ALL).links
        assert [each.said for each in links] == sorted(each.said for each in links)
        assert len(links) == len(names)


def test_a_caption_has_its_values_as_pages_show_them(tmp_path):
    said = [
        record("Phone", "phone", number="+447700900123"),
        record("Call", "call", call_type="Voice call", happened_at="2026-10-03T17:26:39"),
    ]
    index = build_index(tmp_path / "build", said)
    phone, call = oid("Phone", "phone"), oid("Call", "call")
    assert index.captions([phone, call], ALL) == {phone: "07700 900123", call: "Voice call, 3 Oct 2026, 17:26:39"}


def test_what_has_no_caption_is_called_by_its_type(index):
    assert index.captions([oid("Incident", "i1")], ALL) == {oid("Incident", "i1"): "Incident"}


def test_each_record_says_where_it_comes_from(index):
    records = index.records(JOHN, access("custody"))
    assert [(r.source, r.marking, r.file, r.key) for r in records] == [("custody", "OFFICIAL", "custody.csv", "john")]
    assert records[0].values == {"given_name": "John", "surname": "Smith", "ethnicity_self": "W1"}
    assert len(index.records(JOHN, ALL)) == 3
    assert len(index.records(JOHN, ALL, limit=2)) == 2


def test_links_are_read_from_either_end(index):
    one, other = index.links(JOHN, ALL), index.links(oid("Vehicle", "car"), ALL)
    assert [(each.type, each.forward, each.caption) for each in one.links] == [
        ("associated_with", True, "Mary Jones"), ("has_vehicle", True, "AB12 CDE Ford"),
    ]  # fmt: skip
    assert [(each.type, each.forward, each.other) for each in other.links] == [("has_vehicle", False, JOHN)]


def test_sources_that_say_the_same_link_are_put_together(index):
    friend = index.links(JOHN, ALL, type="associated_with").links[0]
    assert [source for source, *_ in friend.said] == ["custody", "crime"]
    assert friend.role == "friend"


def test_links_are_counted_by_type_and_role_whatever_the_page_shows(index):
    page = index.links(JOHN, ALL, type="has_vehicle", limit=1)
    assert page.total == 1
    assert [(each.type, each.role, each.objects) for each in page.counts] == [
        ("associated_with", "friend", 1), ("has_vehicle", "driverOf", 1),
    ]  # fmt: skip
    assert index.links(JOHN, ALL, offset=1, limit=1).links[0].type == "has_vehicle"


def test_a_hub_is_answered_like_any_other_object(index, monkeypatch):
    usual = [index.links(JOHN, visible, limit=2, offset=at) for visible in (ALL, access("custody")) for at in (0, 1)]
    monkeypatch.setattr(ties, "USUAL", 0)
    hub = [index.links(JOHN, visible, limit=2, offset=at) for visible in (ALL, access("custody")) for at in (0, 1)]
    assert hub == usual


def test_counts_count_an_object_once_for_each_reader(index):
    assert index.counts(ALL) == {"Person": 2, "Vehicle": 1, "Location": 3, "Incident": 1}
    assert index.counts(access("crime")) == {"Person": 1}
    assert index.counts(frozenset()) == {}


def test_a_merged_object_is_found_by_its_old_id(index):
    assert index.find(str(oid("Person", "old"))) == JOHN
    assert index.find(f" {str(JOHN).upper()} ") == JOHN
    assert index.find("person-1") is None
    assert index.find("ghost-0000000000000001") is None


def test_a_conflict_is_shown_only_to_who_sees_both_sides(index):
    assert [each.property for each in index.conflicts(JOHN, ALL)] == ["pnc_id"]
    assert index.conflicts(JOHN, access("intelligence")) == []


def test_a_table_streams_the_visible_records(index):
    table = index.table("Person", access("custody", "crime"), ["object", "surname", "source"]).read_all()
    assert table.num_rows == 3
    assert set(table["source"].to_pylist()) == {"custody", "crime"}
    assert "ethnicity_self" in index.table("Person", ALL).schema.names


def test_an_unknown_type_or_column_is_refused_with_one_sentence(index):
    with pytest.raises(NotFound, match="There is no object type Ghost"):
        index.table("Ghost", ALL)
    with pytest.raises(NotFound, match="Person has no column ghost"):
        index.table("Person", ALL, ["ghost"])


def test_a_folder_without_a_finished_index_is_refused(tmp_path):
    with pytest.raises(NotFound, match="no finished index"):
        Index(tmp_path)


def test_an_index_of_another_version_is_refused_with_the_command_that_makes_it_anew(tmp_path):
    make(tmp_path, [record("Person", "p", surname="Smith")])
    (tmp_path / layout.DECLARED).write_text('[["Person"], [], ["object(object BIGINT)"]]')
    with pytest.raises(NotFound, match="another version of Blue Lamp; run `bluelamp run`"):
        Index(tmp_path)


def test_many_threads_ask_one_index_at_once(index):
    answers: list[object] = []

    def ask() -> None:
        answers.extend((index.search("smith", ALL).total, index.links(JOHN, ALL).total) for _ in range(5))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {(1, 2)}
    assert len(answers) == 30


@pytest.mark.parametrize("visible", [ALL, access("custody"), frozenset()])
def test_a_page_says_what_records_and_links_say_whoever_asks_at_the_same_time(index, visible):
    objects = [hit.object for hit in index.search("", ALL, limit=200).hits] * 3
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda each: index.page(each, visible), objects))
    for each, (records, caption, links) in zip(objects, pages, strict=True):
        assert records == index.records(each, visible)
        assert caption == index.captions([each], visible).get(each)
        assert links == index.links(each, visible)
