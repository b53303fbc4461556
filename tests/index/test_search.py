from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.index.made import access, build_index, oid, record

ALL = access()


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    people = [
        record("Person", "smith", given_name="John", surname="Smith", pnc_id="2099/0000123P"),
        record("Person", "smyth", given_name="Jon", surname="Smyth"),
        record("Person", "smithe", given_name="John", middle_name="Paul", surname="Smithe"),
        record("Person", "reversed", given_name="Smith", surname="John"),
        record("Person", "jose", given_name="José", surname="Muñoz"),
        record("Person", "bill", given_name="Bill", surname="O'Brien", source="crime"),
        record("Person", "mohammed", given_name="Mohammed", surname="Al-Rashid"),
        record("Person", "siobhan", given_name="Siobhán", surname="Ní Mhurchú"),
        record("Person", "kowalski", given_name="Agnieszka", surname="Kowalska", ethnicity_self="zzsecret"),
    ]
    things = [
        record("Vehicle", "ab", vrm="AB12CDE", make="Ford", colour="Blue", source="anpr"),
        record("Vehicle", "ab2", vrm="AB12XYZ", make="Ford", colour="Red", source="anpr"),
        record("Phone", "phone", number="+447700900123"),
        record("Location", "home", address="12 High Street, Romford", postcode="RM1 2AB"),
    ]
    events = [
        record("Crime", "c1", reference="CR/0001/24", crime_type="Burglary", happened_at="2016-06", source="crime"),
        record("Crime", "c2", reference="CR/0002/24", crime_type="Burglary", happened_at="2017", source="crime"),
        record(
            "Incident", "i1", reference="CAD 1234/24", happened_at="2016-06-03T10:22", log="Caller saw a kitchen knife"
        ),
        record("Incident", "i2", reference="CAD 1235/24", happened_at="2016-06-05", log="A knife was in the kitchen"),
    ]
    return build_index(tmp_path_factory.mktemp("index") / "build", people + things + events)


def names(found):
    return [hit.caption for hit in found.hits]


def objects(found):
    return [hit.object for hit in found.hits]


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Records with values that were not understood."""
    unread = (("date_of_birth", "31/02/1988"), ("ethnicity_self", "zzodd"))
    records = [
        record("Person", "quill", "intelligence", surname="Quill", unread=unread),
        record("Person", "quill", "intelligence", "OFFICIAL", "other", surname="Quill", alias="Feather"),
        record("Person", "okafor", surname="Okafor", date_of_birth="1988-02-28"),
        record("Phone", "short", unread=(("number", "0770 090 045"),)),
    ]
    return build_index(tmp_path_factory.mktemp("odd") / "build", records)


def test_what_was_not_understood_is_found_as_it_is_written(odd):
    (hit,) = odd.search("31/02/1988", ALL).hits
    assert hit.object == oid("Person", "quill")
    assert (hit.why[0].how, hit.why[0].value) == ("Date of birth, not understood, is", "31/02/1988")
    for text in ("0770090045", "0770*", "*0045"):
        assert objects(odd.search(text, ALL)) == [oid("Phone", "short")], text


def test_what_was_not_understood_is_hidden_as_its_record_is(odd):
    assert not odd.search("31/02/1988", access("custody")).hits


def test_DP_3_what_was_not_understood_of_something_sensitive_is_not_found(odd):
    assert not odd.search("zzodd", ALL).hits


def test_an_exact_name_comes_before_its_variants(index):
    found = index.search("smith", ALL)
    assert set(objects(found)[:2]) == {oid("Person", "smith"), oid("Person", "reversed")}
    assert {oid("Person", "smyth"), oid("Person", "smithe")} <= set(objects(found)[2:])


def test_names_are_found_in_any_order(index):
    assert set(objects(index.search("smith john", ALL))) == set(objects(index.search("john smith", ALL)))


def test_a_name_is_found_without_its_accents_and_first_with_them(index):
    plain, marked = index.search("jose", ALL), index.search("josé", ALL)
    assert names(plain) == names(marked) == ["José Muñoz"]
    assert marked.hits[0].score > plain.hits[0].score


def test_a_nickname_finds_the_long_form(index):
    hit = index.search("william", ALL).hits[0]
    assert hit.object == oid("Person", "bill")
    assert hit.why[0].how == "nickname or long form of Given name"


def test_names_of_several_origins_are_found_as_they_sound(index):
    for text, name in (
        ("mohamed", "mohammed"),
        ("kowalski", "kowalski"),
        ("obrien", "bill"),
        ("al rashid", "mohammed"),
    ):
        assert oid("Person", name) in objects(index.search(text, ALL)), text


def test_a_chinese_or_korean_name_is_found_whole_and_in_its_parts(tmp_path):
    people = [("小明", "王"), ("王小明", None), ("철수", "김"), ("娜娜", "司马"), ("さくら", "田中")]
    said = [record("Person", f"p{at}", given_name=given, surname=family) for at, (given, family) in enumerate(people)]
    index = build_index(tmp_path / "build", said)
    for text, found in (
        ("王小明", {0, 1}), ("王 小明", {0, 1}), ("小明 王", {0, 1}), ("小明", {0, 1}), ("王", {0, 1}), ("wang xiaoming", {0, 1}),
        ("김철수", {2}), ("司马娜娜", {3}), ("田中さくら", {4}), ("田中 さくら", {4}), ("陈大文", set()), ("王 -王小明", set()),
    ):  # fmt: skip
        assert {hit.object for hit in index.search(text, ALL).hits} == {oid("Person", f"p{at}") for at in found}, text
    (hit,) = index.search("김철수", ALL).hits
    assert {(why.property, why.value) for why in hit.why} == {("given_name", "철수"), ("surname", "김")}
    index.close()


def test_a_plate_is_found_by_its_start_its_end_and_with_a_gap(index):
    for text in ("AB12*", "*CDE", "AB12 CDE", "ab12cde", "AB?2CDE", "*B12C*", "AB12 C*"):
        assert oid("Vehicle", "ab") in objects(index.search(text, ALL)), text
    assert index.search("AB12*", ALL).hits[0].why[0].how == "Registration mark starts with"


def test_a_phone_is_found_in_the_national_form_and_by_a_part(index):
    for text in (
        "07700 900123",
        "07700900123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "*900123",
        "07700 90*",
    ):
        assert objects(index.search(text, ALL)) == [oid("Phone", "phone")], text


def test_a_mailbox_and_a_long_number_are_found_by_their_end(tmp_path):
    said = [
        record("Email", "mail", address="john.smith@example.org"),
        record("Phone", "sim", iccid="8944110068256270054"),
    ]
    found = build_index(tmp_path / "build", said)
    assert objects(found.search("*@example.org", ALL)) == [oid("Email", "mail")]
    assert objects(found.search("*256270054", ALL)) == [oid("Phone", "sim")]


def test_a_free_reference_is_found_by_its_start_but_the_plate_that_a_camera_read_by_its_end_too(tmp_path):
    said = [
        record("Incident", "call", reference="CAD 1234/24", log="a camera read it"),
        record("VehicleSighting", "read", reference="READ 1234/24", plate="AB12CDE"),
    ]
    found = build_index(tmp_path / "build", said)
    assert objects(found.search("CAD123*", ALL)) == [oid("Incident", "call")]
    assert objects(found.search("*12CDE", ALL)) == [oid("VehicleSighting", "read")]
    assert objects(found.search("*1234/24", ALL)) == []


def test_a_postcode_and_a_reference_are_found_as_typed(index):
    assert objects(index.search("rm1 2ab", ALL)) == [oid("Location", "home")]
    assert objects(index.search("RM12AB", ALL)) == [oid("Location", "home")]
    assert objects(index.search("cad 1234/24", ALL)) == [oid("Incident", "i1")]
    assert objects(index.search("2099/0000123p", ALL)) == [oid("Person", "smith")]


def test_a_phrase_needs_its_words_together(index):
    assert objects(index.search('"kitchen knife"', ALL)) == [oid("Incident", "i1")]
    assert set(objects(index.search("kitchen knife", ALL))) == {oid("Incident", "i1"), oid("Incident", "i2")}
    assert index.search('"kitchen knife"', ALL).hits[0].why[0].how == "exact phrase in Log"


def test_an_identifier_in_quotes_is_found_as_it_is_typed(index):
    for text in ('"AB12CDE"', '"AB12 CDE"', '"ab12 cde"'):
        hits = index.search(text, ALL).hits
        assert [(hit.object, hit.why[0].how) for hit in hits] == [(oid("Vehicle", "ab"), "Registration mark is")], text
    assert objects(index.search('"07700 900123"', ALL)) == [oid("Phone", "phone")]
    assert objects(index.search('ford -"AB12 CDE"', ALL)) == [oid("Vehicle", "ab2")]


def test_a_full_name_is_a_phrase_with_or_without_the_middle_name(index):
    assert objects(index.search('"john smith"', ALL)) == [oid("Person", "smith")]
    for text in ('"john paul smithe"', '"john smithe"'):
        assert objects(index.search(text, ALL)) == [oid("Person", "smithe")], text


def test_boolean_words_combine_as_they_say(index):
    assert set(objects(index.search("kowalska OR obrien", ALL))) == {oid("Person", "kowalski"), oid("Person", "bill")}
    assert objects(index.search("ford -red", ALL)) == [oid("Vehicle", "ab")]
    assert objects(index.search("ford NOT (red OR green)", ALL)) == [oid("Vehicle", "ab")]


def test_leaving_a_name_out_does_not_leave_out_what_sounds_like_it(index):
    assert oid("Person", "smyth") in objects(index.search("smyth -smith", ALL))


def test_equals_stand_newest_first(index):
    assert objects(index.search("burglary", ALL)) == [oid("Crime", "c2"), oid("Crime", "c1")]


def test_a_date_range_finds_partial_dates_that_may_lie_in_it(index):
    def within(first, last):
        return set(objects(index.search("burglary", ALL, first=first, last=last)))

    both, june = {oid("Crime", "c1"), oid("Crime", "c2")}, {oid("Crime", "c1")}
    assert within(date(2016, 6, 30), date(2017, 1, 1)) == both
    assert within(date(2016, 6, 10), date(2016, 6, 11)) == june
    assert within(None, date(2016, 6, 1)) == june
    assert within(date(2016, 7, 1), date(2016, 12, 31)) == set()
    assert within(date(2017, 12, 31), None) == {oid("Crime", "c2")}


def test_what_has_no_date_is_in_no_date_range(index):
    assert index.search("smith", ALL, first=date(1900, 1, 1)).total == 0
    assert index.search("", ALL, first=date(1900, 1, 1)).total == 4


def test_each_facet_is_counted_without_its_own_filter(index):
    found = index.search("knife OR burglary", ALL, types=["Crime"])
    assert found.total == 2
    assert found.facets.types == {"Crime": 2, "Incident": 2}
    assert found.facets.sources == {"crime": 2}
    found = index.search("knife OR burglary", ALL, sources=["custody"])
    assert found.facets.types == {"Incident": 2}
    assert found.facets.sources == {"crime": 2, "custody": 2}


def test_an_unknown_type_or_source_finds_nothing(index):
    assert index.search("smith", ALL, types=["Ghost"]).total == 0
    assert index.search("smith", ALL, sources=["ghost"]).total == 0
    assert index.search("", ALL, types=["Ghost"]).total == index.search("", ALL, sources=["ghost"]).total == 0


def test_without_words_everything_is_listed_newest_first(index):
    found = index.search("", ALL, limit=3)
    assert found.total == 17
    assert found.exact
    assert objects(found) == [oid("Crime", "c2"), oid("Incident", "i2"), oid("Incident", "i1")]
    assert found.facets.sources == {"custody": 12, "crime": 3, "anpr": 2}


def test_DP_3_sensitive_values_are_never_found_nor_given_as_a_reason(index):
    assert index.search("zzsecret", ALL).total == 0


def test_a_typo_of_a_long_name_is_found_but_not_of_a_short_one(index):
    assert oid("Person", "kowalski") in objects(index.search("kowlaska", ALL))
    assert oid("Person", "mohammed") in objects(index.search("Mohammde", ALL))
    assert objects(index.search("jxn", ALL)) == []


def test_nothing_is_seen_with_nothing_visible(index):
    found = index.search("smith", frozenset())
    assert (found.total, found.hits, found.facets.types, found.facets.sources) == (0, (), {}, {})
    assert index.search("", frozenset()).total == 0


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab1*?-"() ANDORT.^$[]{}|\\+é\x00/'), max_size=40) | st.text(max_size=40))
def test_no_text_makes_a_search_fail(index, text):
    found = index.search(text, ALL)
    assert found.total >= len(found.hits)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """People of whom each source knows something else."""
    records = [
        record("Person", "apart", given_name="John", surname="Smith"),
        record("Person", "apart", "crime", pnc_id="2099/0000123P", birth_place="Leeds"),
        record("Person", "whole", "anpr", given_name="Jane", surname="Smith", pnc_id="2099/0000124P"),
        record("Person", "whole", surname="Smith"),
        record("Person", "sound", surname="Smyth"),
        record("Person", "sound", "crime", pnc_id="2099/0000125P"),
        record("Person", "other", surname="Jones"),
        record("Person", "other", "crime", pnc_id="2099/0000126P"),
    ]
    return build_index(tmp_path_factory.mktemp("told") / "build", records)


def test_what_two_sources_say_together_is_found(told):
    for text in ("smith 2099/0000123P", "2099/0000123P AND smith", '"john smith" "2099/0000123P"', "(smith OR jones) leeds 2099*3P"):  # fmt: skip
        found = told.search(text, ALL)
        assert objects(found) == [oid("Person", "apart")], text
        assert found.facets.sources == {"crime": 1, "custody": 1}, text
    hit = told.search("smith 2099/0000123P", ALL).hits[0]
    assert [why.value for why in hit.why] == ["Smith", "2099/0000123P"]


def test_what_two_sources_say_together_may_sound_alike(told):
    assert objects(told.search("smith 2099/0000125P", ALL)) == [oid("Person", "sound")]
    both = told.search("smith (2099/0000123P OR 2099/0000125P)", ALL)
    assert objects(both) == [oid("Person", "apart"), oid("Person", "sound")]


def test_what_one_source_says_whole_counts_only_where_it_is_said(told):
    found = told.search("smith 2099/0000124P", ALL)
    assert objects(found) == [oid("Person", "whole")]
    assert found.facets.sources == {"anpr": 1}


def test_what_is_said_together_obeys_the_filters_and_what_is_left_out(told):
    found = told.search("smith 2099/0000123P", ALL, sources=["crime"])
    assert (objects(found), found.facets.sources) == ([oid("Person", "apart")], {"crime": 1, "custody": 1})
    assert told.search("smith 2099/0000123P -leeds", ALL).total == 0
    assert told.search("smith 2099/0000126P", ALL).total == 0


def test_what_is_said_together_needs_both_sources_to_be_seen(told):
    assert told.search("smith 2099/0000123P", access("custody")).total == 0
    assert told.search("smith 2099/0000123P", access("crime")).total == 0
    assert told.search("smith 2099/0000123P", access("custody", "crime")).total == 1


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Two hundred burglaries, each told by two sources, and the same index asked to estimate early."""
    records = [
        record(
            "Crime",
            f"c{n}",
            crime_type="Burglary",
            happened_at=f"2016-01-{1 + n % 28:02}",
            source=source,
            reference=f"R{n}",
        )
        for n in range(200)
        for source in ("crime", "custody")
    ]
    folder = tmp_path_factory.mktemp("many") / "build"
    return build_index(folder, records), folder


def test_pages_join_without_gap_or_repeat_however_many_match(many):
    index, folder = many
    whole = [hit.object for hit in index.search("burglary", ALL, limit=200).hits]
    assert len(set(whole)) == 200
    for counted in (20_000, 10):
        asked = type(index)(folder, counted)
        pages = [asked.search("burglary", ALL, offset=at, limit=30).hits for at in range(0, 210, 30)]
        assert [hit.object for page in pages for hit in page] == whole


def test_objects_are_counted_once_however_many_sources_tell_of_them(many):
    index, _ = many
    found = index.search("burglary", ALL)
    assert (found.total, found.exact) == (200, True)
    assert found.facets.types == {"Crime": 200}
    assert found.facets.sources == {"crime": 200, "custody": 200}


def test_too_many_to_count_are_estimated_and_said_to_be(many):
    index, folder = many
    found = type(index)(folder, 10).search("burglary", ALL)
    assert not found.exact
    assert not found.facets.exact
    assert found.total == pytest.approx(200, rel=0.05)
    assert found.facets.sources["crime"] == pytest.approx(200, rel=0.05)


def test_a_narrow_filter_on_too_many_still_gives_an_exact_total(many):
    index, folder = many
    found = type(index)(folder, 250).search("burglary", ALL, sources=["crime"])
    assert (found.total, found.exact, found.facets.exact) == (200, True, False)


def test_a_pasted_list_is_answered_line_by_line(index):
    answer = index.paste(["AB12 CDE", "07700 900123", "nobody here", "", "john smith", "AB12 CDE"], ALL)
    assert [[hit.object for hit in hits] for _, hits in answer[:4]] == [
        [oid("Vehicle", "ab")],
        [oid("Phone", "phone")],
        [],
        [],
    ]
    assert oid("Person", "smith") in [hit.object for hit in answer[4][1]]
    assert answer[5] == answer[0]
    assert index.paste(["AB12 CDE"], access("custody"))[0][1] == ()
