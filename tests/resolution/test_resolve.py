"""Records are resolved in SQL where nothing contradicts, with the same result as record by record."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.ontology import NOUNS as ALL
from bluelamp.ontology.grammar import Property
from bluelamp.ontology.person import Person
from bluelamp.ontology.things import Phone, Vehicle
from bluelamp.resolution.keys import join
from bluelamp.resolution.resolve import rules
from tests.resolution.stated import NOUNS, Rows, Said, Standing, said


def _some(**values: list[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(of) for name, of in values.items()})


#: few values of each, so that records meet: they share keys, contradict each other, and leave things out
people = _some(
    pnc_id=["P1", "P2", "P3"], cro=["C1", "C2"], given_name=["John", "Jon", "Amara"], surname=["Smith", "Okafor"],
    date_of_birth=["1990-01-01", "1951-11-17"],
)  # fmt: skip
vehicles = _some(vrm=["AA11AAA", "BB11BBB"], make=["FORD", "VOLVO"])
phones = _some(number=["+447700900001", "+447700900002"])
one_row = st.one_of(
    st.builds(lambda number, values: said(Person, number, **values), st.integers(1, 15), people),
    st.builds(lambda number, values: said(Vehicle, number, **values), st.integers(21, 30), vehicles),
    st.builds(lambda number, values: said(Phone, number, **values), st.integers(41, 50), phones),
)
deliveries = st.lists(st.lists(one_row, max_size=12), min_size=1, max_size=4)

SLOW = settings(max_examples=8, deadline=None)


def _record_by_record(rows: Sequence[Said]) -> tuple[set[frozenset[int]], Rows]:
    """What `join` makes of all records at once: the clusters of more than one, and the conflicts."""
    clusters: set[frozenset[int]] = set()
    conflicts: Rows = []
    for noun in NOUNS:
        facts: dict[int, dict[str, set[str]]] = {}
        for name, number, values in rows:
            if name == noun.name():
                facts.setdefault(number, {})
                for key, value in values:
                    facts[number].setdefault(key, set()).add(value)
        listed = [(number, {key: sorted(of) for key, of in facts[number].items()}) for number in sorted(facts)]
        found, contradicting = join(noun, listed)
        clusters |= {frozenset(each.records) for each in found if len(each.records) > 1}
        conflicts += [(noun.name(), c.property, c.value, c.record, c.other, c.message) for c in contradicting]
    return clusters, sorted(conflicts)


def _clusters(rows: Sequence[Said], entities: Rows) -> set[frozenset[int]]:
    objects = {record: object_ for _, record, object_ in entities}
    together: dict[object, set[int]] = {}
    for _, number, _ in rows:
        together.setdefault(objects.get(number, number), set()).add(number)
    return {frozenset(each) for each in together.values() if len(each) > 1}


@SLOW
@given(st.lists(one_row, max_size=30))
def test_all_at_once_gives_what_record_by_record_gives(rows: list[Said]) -> None:
    with Standing() as standing:
        entities, conflicts = standing.now(rows)
    assert (_clusters(rows, entities), conflicts) == _record_by_record(rows)


@SLOW
@given(deliveries, st.data())
def test_a_change_gives_what_everything_anew_gives(pieces: list[list[Said]], data: st.DataObject) -> None:
    rows: list[Said] = []
    with Standing() as standing:
        for piece in pieces:
            gone = data.draw(st.sets(st.sampled_from(rows), max_size=6)) if rows else set()
            rows = [each for each in rows if each not in gone] + piece
            now = standing.now(rows)
            assert standing.change(rows) == now
            assert (_clusters(rows, now[0]), now[1]) == _record_by_record(rows)
            standing.keep(rows, *now)


@SLOW
@given(st.lists(one_row, max_size=20))
def test_a_run_without_change_leaves_every_id(rows: list[Said]) -> None:
    with Standing() as standing:
        first = standing.now(rows)
        standing.keep(rows, *first)
        assert standing.now(rows) == first
        assert standing.change(rows) == first


def test_what_a_change_does_not_reach_is_not_looked_at() -> None:
    one, other = said(Vehicle, 21, vrm="AA11AAA"), said(Vehicle, 22, vrm="BB11BBB")
    with Standing() as standing:
        standing.keep([one, other], *standing.now([one, other]))
        standing.change([one, other, said(Vehicle, 23, vrm="AA11AAA")])
        assert standing.connection.execute("select record from resolved_scope order by 1").fetchall() == [(21,), (23,)]


def test_records_that_share_no_key_are_one_where_a_third_shares_one_with_each() -> None:
    rows = [said(Person, 3, pnc_id="P1"), said(Person, 2, pnc_id="P1", cro="C1"), said(Person, 1, cro="C1")]
    with Standing() as standing:
        assert standing.now(rows) == ([("Person", 2, 1), ("Person", 3, 1)], [])


def test_the_rules_are_others_where_a_property_becomes_steady() -> None:
    colour = Property(Vehicle.properties["make"].type, "Colour", steady=True)
    assert rules(ALL, {}) == rules(ALL, {})
    assert rules([Vehicle], {}) != rules([type("Vehicle", (Vehicle,), {"colour": colour})], {})


def test_the_rules_are_others_with_another_model() -> None:
    assert rules(ALL, {"Person": "one"}) != rules(ALL, {"Person": "other"}) != rules(ALL, {})
