"""What is connected to what: compared with plain Python over the same links, for readers who may see different things."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.errors import TooMuch
from bluelamp.index import graph
from bluelamp.index.graph import Choice
from bluelamp.index.index import Index
from tests.index.made import Joined, access, build_index, link, make, number, oid, record

NAMES = [f"p{n}" for n in range(9)]
KINDS = ("associated_with", "works_with")
SOURCES = ("custody", "intelligence")

LINKS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(SOURCES)),
    max_size=22,
).map(lambda found: [each for each in found if each[1] != each[2]])

_fresh = count()

FEW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def drawn(tmp_path, links: Iterable[tuple[str, str, str, str]], extra: Iterable[Joined] = ()) -> Index:
    """An index of people with these links between them."""
    people = [record("Person", name, surname=f"Smith {name}") for name in NAMES]
    joined = [link(kind, f"Person:{one}", f"Person:{other}", source) for kind, one, other, source in links]
    return build_index(tmp_path / str(next(_fresh)), [*people, *joined, *extra])


def shortest(links: Iterable[tuple[str, str]], one: str, other: str, longest: int) -> set[tuple[str, ...]]:
    """All shortest paths, by trying every walk."""
    near: dict[str, set[str]] = {}
    for a, b in links:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    walks = [(one,)]
    for _ in range(longest):
        walks = [(*walk, step) for walk in walks for step in near.get(walk[-1], ()) if step not in walk]
        found = {walk for walk in walks if walk[-1] == other}
        if found:
            return found
    return set()


def named(index: Index, visible: frozenset[int], path: Iterable[int]) -> tuple[str, ...]:
    names = {oid("Person", name).number: name for name in NAMES}
    return tuple(names[number] for number in path)


@FEW
@given(LINKS, st.sampled_from([1, 3, 5]), st.sampled_from([("custody",), SOURCES]), st.sampled_from([(), KINDS[:1]]))
def test_all_shortest_paths_are_those_that_trying_every_walk_finds(tmp_path, links, longest, sources, kinds):
    index, visible = drawn(tmp_path, links), access(*sources)
    usable = {(a, b) for kind, a, b, source in links if source in sources and (not kinds or kind in kinds)}
    for one, other in (("p0", "p1"), ("p2", "p7")):
        choice = Choice(types=frozenset(kinds))
        found = index.graph.paths(oid("Person", one), oid("Person", other), choice, visible, longest, 1_000)
        expected = shortest(usable, one, other, longest)
        assert {named(index, visible, path) for path in found.paths} == expected
        assert len(found.paths) == len(expected)
        assert found.length == (len(next(iter(expected))) - 1 if expected else 0)


@FEW
@given(LINKS)
def test_what_stands_around_is_what_the_visible_links_say(tmp_path, links):
    index = drawn(tmp_path, links)
    for sources in (("custody",), SOURCES):
        mine = [oid("Person", "p0"), oid("Person", "p1")]
        found = index.graph.around(mine, Choice(), access(*sources))
        expected: dict[tuple[str, bool], set[str]] = {}
        for kind, one, other, source in links:
            for at, far, forward in ((one, other, True), (other, one, False)):
                if source in sources and at in ("p0", "p1") and far not in ("p0", "p1"):
                    expected.setdefault((kind, forward), set()).add(far)
        said = {(kind.type, kind.forward): {each.number for each in others} for kind, others in found.items()}
        assert said == {key: {oid("Person", n).number for n in names} for key, names in expected.items()}


def test_a_path_leads_through_nothing_that_is_hidden_and_through_no_record_that_nobody_has(tmp_path):
    astray = [link("associated_with", f"Person:{name}", "Person:nobody") for name in ("p0", "p1")]
    index = drawn(
        tmp_path,
        [("associated_with", "p0", "p2", "intelligence"), ("associated_with", "p2", "p1", "custody"),
         ("associated_with", "p0", "p3", "custody"), ("associated_with", "p3", "p4", "custody"),
         ("associated_with", "p4", "p1", "custody")],
        astray,
    )  # fmt: skip
    ends = oid("Person", "p0"), oid("Person", "p1")
    for sources, path in ((("custody",), ("p0", "p3", "p4", "p1")), (SOURCES, ("p0", "p2", "p1"))):
        found = index.graph.paths(*ends, Choice(), access(*sources), 6, 100)
        assert [named(index, access(*sources), each) for each in found.paths] == [path]


def test_what_two_things_have_in_common_names_both(tmp_path):
    index = drawn(tmp_path, [("associated_with", "p0", "p2", "custody"), ("associated_with", "p2", "p1", "custody"),
                             ("associated_with", "p0", "p3", "custody")])  # fmt: skip
    mine = [oid("Person", "p0"), oid("Person", "p1")]
    assert index.graph.common(mine, Choice(), access()) == {oid("Person", "p2"): set(mine)}


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (Choice(), {"i2015", "i2016", "ix", "car"}),
        (Choice(types=frozenset({"has_vehicle"})), {"car"}),
        (Choice(others=frozenset({"Incident"})), {"i2015", "i2016", "ix"}),
        (Choice(roles=frozenset({"victim"})), {"i2015"}),
        (Choice(sources=frozenset({"crime"})), {"ix"}),
        (Choice(first="2016-01-01"), {"i2016", "ix", "car"}),
        (Choice(last="2015-12-31"), {"i2015", "ix", "car"}),
    ],
)  # fmt: skip
def test_a_search_around_follows_the_links_that_were_chosen(tmp_path, choice, found):
    index = build_index(
        tmp_path / "build",
        [
            record("Person", "p", surname="Smith"),
            record("Incident", "i2015", happened_at="2015-03"),
            record("Incident", "i2016", happened_at="2016-06-03"),
            record("Incident", "ix", log="no day"),
            record("Vehicle", "car", vrm="AB12CDE"),
            link("involved_in", "Person:p", "Incident:i2015", role="victim"),
            link("involved_in", "Person:p", "Incident:i2016", role="witness"),
            link(
                "involved_in",
                "Person:p",
                "Incident:ix",
                "crime",
                ends=(("custody", "OFFICIAL"), ("custody", "OFFICIAL")),
            ),
            link("has_vehicle", "Person:p", "Vehicle:car"),
        ],
    )
    around = index.graph.around([oid("Person", "p")], choice, access())
    names = {oid(kind, name): name for kind, name in
             (("Incident", "i2015"), ("Incident", "i2016"), ("Incident", "ix"), ("Vehicle", "car"))}  # fmt: skip
    assert {names[each] for others in around.values() for each in others} == found


def test_a_search_that_would_read_too_many_links_says_how_to_ask_for_less(tmp_path, monkeypatch):
    monkeypatch.setattr(graph, "MOST_STEPS", 2)
    index = drawn(tmp_path, [("associated_with", "p0", f"p{n}", "custody") for n in range(2, 8)])
    with pytest.raises(TooMuch, match="choose link types"):
        index.graph.paths(oid("Person", "p0"), oid("Person", "p1"), Choice(), access(), 4, 10)


@FEW
@given(LINKS.filter(bool), st.integers(0, 6))
def test_more_links_than_one_question_reads_are_never_cut_without_a_word(tmp_path, links, most):
    index = drawn(tmp_path, links)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph, "MOST_STEPS", most)
        for sources in (("custody",), SOURCES):
            rows = [each for each in links if each[3] in sources and "p0" in each[1:3]]
            if len(rows) > most:
                with pytest.raises(TooMuch, match="choose link types"):
                    index.graph.around([oid("Person", "p0")], Choice(), access(*sources))
            else:
                found = index.graph.steps([oid("Person", "p0").number], Choice(), access(*sources))
                assert len(found) == len(set(rows))


def test_the_links_among_few_things_are_read_whole_though_one_of_them_has_very_many(tmp_path, monkeypatch):
    index = drawn(tmp_path, [("associated_with", "p0", f"p{n}", "custody") for n in range(1, 9)])
    monkeypatch.setattr(graph, "MOST_STEPS", 4)
    among = index.graph.among([oid("Person", f"p{n}") for n in range(3)], Choice(), access())
    assert {each.other for each in among} == {oid("Person", f"p{n}").number for n in (1, 2)}


DATES = st.none() | st.sampled_from(["", "2015", "2016-02", "2016-02-10", "2016-03-01T10:00", "2017"])
BOUNDS = st.sampled_from(["", "2015-06-01", "2016-02", "2016-02-10", "2016-12-31"])


def takes(choice: Choice, type: str, role: str | None, first: str | None, last: str | None) -> bool:
    """Whether a link to a person is one to follow, in plain words."""
    return (
        (not choice.types or type in choice.types)
        and (not choice.roles or (role or "") in choice.roles)
        and (not choice.others or "Person" in choice.others)
        and not (choice.first and last and last[: len(choice.first)] < choice.first[: len(last)])
        and not (choice.last and first and first[: len(choice.last)] > choice.last)
    )


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from([None, "", "boss"]), DATES, DATES), max_size=12),
    st.builds(
        Choice,
        types=st.sampled_from([frozenset(), frozenset(KINDS[:1])]),
        roles=st.sampled_from([frozenset(), frozenset({"boss"}), frozenset({"", "boss"})]),
        others=st.sampled_from([frozenset(), frozenset({"Vehicle"}), frozenset({"Person", "Vehicle"})]),
        first=BOUNDS,
        last=BOUNDS,
    ),
    st.booleans(),
)
def test_a_choice_takes_the_links_that_its_words_mean(said, choice, numbered):
    columns = dict(zip(("type", "role", "from_date", "to_date"), zip(*said, strict=True), strict=False))
    columns["other_type"] = ["Person"] * len(said)
    taken = np.ones(len(said), bool)
    for name, tests in choice.tests().items():
        column = pa.array(columns.get(name, ()), pa.string())
        for test in tests:
            taken &= test(column.dictionary_encode() if numbered else column)
    assert taken.tolist() == [takes(choice, *each) for each in said]


EVENTS = [f"e{n}" for n in range(6)]
#: what may stand for a time, and the first day that it may mean
FIRST = {
    None: "",
    "2015-12": "2015-12-01",
    "2016-01-05": "2016-01-05",
    "2016-01-31T10:00": "2016-01-31",
    "2016": "2016-01-01",
}
SAID = st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from(SOURCES), st.sampled_from(list(FIRST))), max_size=14)
AT = st.lists(
    st.tuples(st.sampled_from(EVENTS), st.sampled_from(["l0", "l1", "l2"]), *[st.sampled_from(SOURCES)] * 3),
    max_size=14,
)
MONTH = st.sampled_from([Choice(), Choice(first="2016-01-01", last="2016-01-31"), Choice(last="2015-12-31")])


@FEW
@given(SAID, AT, MONTH, st.sampled_from([(), ("intelligence",), ("custody",)]), st.booleans())
def test_what_happened_at_places_is_what_the_visible_rows_say(tmp_path, said, at, month, chosen, piecewise):
    places = [record("Location", each, point="51.500000,-0.100000") for each in ("l0", "l1", "l2")]
    events = [
        record("Incident", name, source, key=f"{n}", log="x", **({"happened_at": when} if when else {}))
        for n, (name, source, when) in enumerate(said)
    ]
    joined = [
        link("happened_at", f"Incident:{event}", f"Location:{place}", source,
             ends=((one, "OFFICIAL"), (other, "OFFICIAL")))
        for event, place, source, one, other in at
    ]  # fmt: skip
    folder, rows = tmp_path / str(next(_fresh)), [*places, *events, *joined]
    make(folder / "one", [*places, *events[1:], *joined] if piecewise else rows)
    changed = [("Incident", number("Incident", name)) for name, *_ in said[:1]]
    index = (
        build_index(folder / "two", rows, previous=folder / "one", changed=changed)
        if piecewise
        else Index(folder / "one")
    )
    types = frozenset({"happened_at"})
    far = {"l2": 0.0, "l0": 100.0}
    metres = {oid("Location", name).number: each for name, each in far.items()}
    for sources in (("custody",), SOURCES):
        choice = replace(month, types=types, sources=frozenset(chosen))
        expected: dict[object, float] = {}
        for event, place, *accesses in at:
            days = [FIRST[when] for name, source, when in said if name == event and source in sources]
            seen = days and set(accesses) <= set(sources) and (not chosen or accesses[0] in chosen)
            if seen and place in far and choice.during(min(filter(None, days), default="")):
                id = oid("Incident", event)
                expected[id] = min(far[place], expected.get(id, far[place]))
        assert index.graph.happened(metres, choice, access(*sources)) == expected
