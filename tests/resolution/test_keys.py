"""Strong keys join records; contradictions stay apart and are shown."""

from hypothesis import given
from hypothesis import strategies as st

from bluelamp.ontology.person import Person
from bluelamp.ontology.things import Vehicle
from bluelamp.resolution.keys import TOGETHER, join


def clusters_of(noun: type, facts: list[tuple[int, dict[str, list[str]]]]) -> set[frozenset[int]]:
    """The clusters of `facts` as plain sets."""
    return {frozenset(cluster.records) for cluster in join(noun, facts)[0]}


def test_records_that_share_a_pnc_id_are_one_person() -> None:
    facts = [(1, {"pnc_id": ["2099/0000123P"]}), (2, {"pnc_id": ["2099/0000123P"]})]
    assert clusters_of(Person, facts) == {frozenset({1, 2})}


def test_one_pnc_id_used_for_two_people_is_a_conflict_and_not_a_join() -> None:
    facts = [
        (1, {"pnc_id": ["2099/0000123P"], "surname": ["Okafor"], "date_of_birth": ["1990-02-28"]}),
        (2, {"pnc_id": ["2099/0000123P"], "surname": ["Lewandowska"], "date_of_birth": ["1961-11-03"]}),
    ]
    clusters, conflicts = join(Person, facts)
    assert {frozenset(each.records) for each in clusters} == {frozenset({1}), frozenset({2})}
    assert conflicts[0].message == "They share the key but differ in surname, date of birth"


def test_a_conflict_is_told_of_every_two_records_in_the_words_of_those_two_alone() -> None:
    pnc = {"pnc_id": ["2099/0000123P"]}
    facts = [
        (1, pnc | {"surname": ["Okafor"], "date_of_birth": ["1990-02-28"]}),
        (2, pnc | {"surname": ["Lewandowska"], "date_of_birth": ["1961-11-03"], "cro": ["123456/85V"]}),
        (3, pnc | {"surname": ["Okafor"], "date_of_birth": ["1990-02-28"], "cro": ["999999/99Z"]}),
        (4, pnc),
    ]
    _, conflicts = join(Person, facts)
    assert {(each.record, each.other): each.message for each in conflicts if each.property == "pnc_id"} == {
        (2, 1): "They share the key but differ in surname, date of birth",
        (2, 3): "They hold different values of another key, cro: 999999/99Z and 123456/85V",
    }


def test_records_that_contradict_only_all_together_are_a_conflict_without_what_the_others_say() -> None:
    pnc = {"pnc_id": ["2099/0000123P"]}
    facts = [
        (1, pnc | {"surname": ["Okafor"]}),
        (2, pnc | {"date_of_birth": ["1990-02-28"]}),
        (3, pnc | {"surname": ["Lewandowska"], "date_of_birth": ["1961-11-03"]}),
    ]
    _, conflicts = join(Person, facts)
    assert {(each.record, each.other) for each in conflicts} == {(3, 1), (3, 2)}
    assert {each.message for each in conflicts} == {TOGETHER}


def test_a_new_surname_alone_does_not_keep_two_records_of_one_pnc_id_apart() -> None:
    facts = [
        (1, {"pnc_id": ["2099/0000123P"], "surname": ["Okafor"], "date_of_birth": ["1990-02-28"]}),
        (2, {"pnc_id": ["2099/0000123P"], "surname": ["Lewandowska"], "date_of_birth": ["1990-02-28"]}),
    ]
    assert clusters_of(Person, facts) == {frozenset({1, 2})}


def test_two_different_pnc_ids_are_never_joined_by_a_shared_cro_number() -> None:
    facts = [
        (1, {"pnc_id": ["2099/0000123P"], "cro": ["123456/85V"]}),
        (2, {"pnc_id": ["1985/0004567G"], "cro": ["123456/85V"]}),
    ]
    clusters, conflicts = join(Person, facts)
    assert len(clusters) == 2
    assert conflicts[0].property == "cro"


def test_one_record_with_two_pnc_ids_is_flagged() -> None:
    _, conflicts = join(Person, [(1, {"pnc_id": ["2099/0000123P", "1985/0004567G"]})])
    assert {conflict.value for conflict in conflicts} == {"2099/0000123P", "1985/0004567G"}


def test_a_cloned_plate_on_two_makes_is_a_conflict() -> None:
    facts = [(1, {"vrm": ["AB12CDE"], "make": ["FORD"]}), (2, {"vrm": ["AB12CDE"], "make": ["VOLVO"]})]
    assert clusters_of(Vehicle, facts) == {frozenset({1}), frozenset({2})}


facts_of_plates = st.dictionaries(st.integers(1, 40), st.sampled_from(["AA11AAA", "BB11BBB", "CC11CCC"]), max_size=25)


@given(facts_of_plates, st.randoms())
def test_clusters_do_not_depend_on_the_order_of_records(plates: dict[int, str], random: object) -> None:
    facts = [(record, {"vrm": [plate]}) for record, plate in plates.items()]
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert clusters_of(Vehicle, facts) == clusters_of(Vehicle, shuffled)
