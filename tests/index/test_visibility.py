"""Whatever a reader may not see never changes what the index answers."""

from datetime import date
from itertools import count, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.ids import ObjectId
from bluelamp.index import ties
from bluelamp.index.index import Index
from tests.index.made import ACCESSES, access, build_index, link, make, number, oid, record

NAMES = ("John", "Jon", "Smith", "Smyth", "Smithson", "Bill", "William", "José")
OBJECTS = (
    tuple(("Person", f"p{n}") for n in range(3)) + tuple(("Incident", f"i{n}") for n in range(2)) + (("Vehicle", "v0"),)
)
PNC = "2099/0000123P"
QUESTIONS = (
    "", "smith", "smith -john", "bill OR knife", '"kitchen knife"', "AB12 C*", f"smith {PNC}", f'"{PNC}"', f"{PNC} -john",
)  # fmt: skip
UNREAD = (("date_of_birth", "tomorrow"), ("sex", "Purple"))
SEEN = ("custody", "crime")
HIDDEN = ("intelligence", "anpr")


def said(sources):
    """Records and links that one of some sources may make."""
    source, marking = st.sampled_from(sources), st.sampled_from(("OFFICIAL", "OFFICIAL-SENSITIVE"))
    people = st.builds(
        record, st.just("Person"), st.sampled_from([name for kind, name in OBJECTS if kind == "Person"]), source, marking,
        st.sampled_from("ab"), given_name=st.sampled_from(NAMES), surname=st.sampled_from(NAMES),
        pnc_id=st.sampled_from((None, None, PNC)), unread=st.sampled_from(((), (("date_of_birth", "31/02/1988"),), UNREAD)),
    )  # fmt: skip
    incidents = st.builds(
        record, st.just("Incident"), st.sampled_from([name for kind, name in OBJECTS if kind == "Incident"]), source, marking,
        happened_at=st.sampled_from(("2016", "2016-06", "2016-06-03")),
        log=st.sampled_from(("a kitchen knife", "Smith had a knife", "nothing")),
    )  # fmt: skip
    cars = st.builds(
        record, st.just("Vehicle"), st.just("v0"), source, marking, vrm=st.sampled_from(("AB12CDE", "AB13XYZ"))
    )
    ends = st.sampled_from([f"{kind}:{name}" for kind, name in OBJECTS])
    stood = st.tuples(source, marking)
    links = st.builds(link, st.sampled_from(("involved_in", "has_vehicle")), ends, ends, source, marking,
                      st.sampled_from((None, "victim")), st.tuples(stood, stood))  # fmt: skip
    # what a source that is seen says of a record of these: it names it by its key
    anyone = st.tuples(st.sampled_from(SEEN + HIDDEN), marking)
    names = st.builds(link, st.just("involved_in"), ends, ends, st.sampled_from(SEEN) if sources == HIDDEN else source,
                      marking, st.none(), st.one_of(st.tuples(stood, anyone), st.tuples(anyone, stood)))  # fmt: skip
    one = st.one_of(people, incidents, cars, links, *((names,) if sources == HIDDEN else ()))
    return st.lists(one, max_size=9, unique_by=lambda each: (type(each), repr(each) if not hasattr(each, "key") else
                                                            (each.type, each.name, each.source, each.marking, each.key)))  # fmt: skip


def everything(index: Index, visible: frozenset[int]) -> list[object]:
    """Every answer that the index gives to one reader."""
    answers: list[object] = [index.counts(visible), index.paste(["AB12 CDE", "john smith"], visible)]
    for text in QUESTIONS:
        answers.append(index.search(text, visible))
    answers.append(index.search("smith", visible, types=["Person"], limit=2, offset=1))
    answers.append(index.search("knife", visible, sources=["custody"], first=date(2016, 6, 1), last=date(2016, 6, 2)))
    ids = [oid(*each) for each in OBJECTS]
    answers.append(index.captions(ids, visible))
    for each in ids:
        answers += [
            index.exists(each, visible),
            index.links(each, visible),
            index.links(each, visible, limit=1, offset=1),
        ]
        answers += [[(r.record, r.values) for r in index.records(each, visible)], index.conflicts(each, visible)]
        answers += [index.unread(each, visible), index.unread(each, visible, limit=1)]
    for noun in ("Person", "Incident", "Vehicle"):
        rows = index.table(noun, visible).read_all().drop_columns(["file"]).to_pylist()
        answers.append(rows)
    return answers


def access_of(source):
    return ACCESSES.index((source, "OFFICIAL"))


def conflicts(sources):
    """That two sources contradict each other, said of every person."""
    return [
        ("Person", "pnc_id", f"{n}", one, access_of(source), "differs", other, access_of(against))
        for n, (source, against) in enumerate(product(sources, sources))
        for one, other in (
            (number("Person", "p0"), number("Person", "p1")),
            (number("Person", "p1"), number("Person", "p0")),
        )
    ]


_fresh = count()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(said(SEEN), said(HIDDEN), said(HIDDEN), st.sampled_from((20_000, 2)))
def test_what_a_reader_may_not_see_changes_no_answer(tmp_path, seen, hidden, other, counted):
    visible = access(*SEEN)
    answers = []
    for records, told in ((seen + hidden, SEEN[:1] + HIDDEN), (other + seen, SEEN[:1] + HIDDEN[:1])):
        folder = tmp_path / str(next(_fresh))
        make(folder, records, conflicts=conflicts(told))
        index = Index(folder, counted)
        answers.append(everything(index, visible))
        index.close()
    assert answers[0] == answers[1]


def test_an_object_that_is_hidden_answers_like_one_that_does_not_exist(tmp_path):
    index = build_index(
        tmp_path / "build",
        [
            record("Person", "seen", surname="Smith"),
            record("Person", "hidden", "intelligence", surname="Smith", unread=UNREAD),
            link("associated_with", "Person:seen", "Person:hidden"),
        ],
    )
    visible, hidden, nobody = access("custody"), oid("Person", "hidden"), oid("Person", "nobody")
    for ask in (index.exists, index.records, index.links, index.conflicts, index.unread):
        assert ask(hidden, visible) == ask(nobody, visible)
    assert index.captions([hidden, nobody], visible) == {}
    assert index.links(oid("Person", "seen"), visible).total == 0
    assert index.links(oid("Person", "seen"), access("custody", "intelligence")).total == 1
    assert [hit.object for hit in index.search("smith", visible).hits] == [oid("Person", "seen")]


def test_a_link_that_is_hidden_is_not_there_though_both_ends_are_seen(tmp_path):
    index = build_index(
        tmp_path / "build",
        [
            record("Person", "a", surname="Smith"),
            record("Person", "b", surname="Jones"),
            link("associated_with", "Person:a", "Person:b", "intelligence"),
        ],
    )
    assert index.links(oid("Person", "a"), access("custody")).links == ()


@pytest.mark.parametrize("ends", [(None, ("intelligence", "OFFICIAL")), (("intelligence", "OFFICIAL"), None)])
@pytest.mark.parametrize("usual", [ties.USUAL, 0])
def test_a_link_to_a_record_that_is_hidden_is_not_there_though_other_records_of_that_object_are_seen(
    tmp_path, monkeypatch, ends, usual
):
    monkeypatch.setattr(ties, "USUAL", usual)
    people = [record("Person", name, surname="Smith") for name in "ab"]
    hidden = [record("Person", name, "intelligence", surname="Smith") for name in "ab"]
    index = build_index(
        tmp_path / "build", [*people, *hidden, link("associated_with", "Person:a", "Person:b", ends=ends)]
    )
    for one in "ab":
        assert index.links(oid("Person", one), access("custody")).total == 0
        assert index.links(oid("Person", one), access("custody", "intelligence")).total == 1


def test_an_object_of_another_type_with_the_same_number_does_not_exist(tmp_path):
    index = build_index(tmp_path / "build", [record("Person", "a", surname="Smith")])
    assert not index.exists(ObjectId("vehicle", oid("Person", "a").number), access())
    assert not index.exists(ObjectId("ghost", 1), access())
    assert index.links(ObjectId("ghost", 1), access()).total == 0
