"""An id once published stays, or leads to where its records went."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.ontology.things import Vehicle
from tests.resolution.stated import Said, Standing, said


def placed(before: dict[int, int], plates: dict[int, str]) -> dict[int, int]:
    """The object of each number that is not its own, where the last build had those of `before`."""
    rows: list[Said] = [said(Vehicle, number, vrm=plate) for number, plate in plates.items()]
    with Standing() as standing:
        standing.keep([], [("Vehicle", record, object_) for record, object_ in before.items()], [])
        return {int(str(record)): int(str(object_)) for _, record, object_ in standing.now(rows)[0]}


plates = st.dictionaries(st.integers(1, 40), st.sampled_from(["AA11AAA", "BB11BBB", "CC11CCC"]), max_size=25)


@settings(max_examples=15, deadline=None)
@given(plates, plates)
def test_an_id_once_published_always_leads_to_one_object(first: dict[int, str], second: dict[int, str]) -> None:
    before = placed({}, first)
    merged = first | second
    after = placed(before, merged)
    published = {before.get(record, record) for record in first}
    for number in published:
        target = after.get(number, number)
        assert target in merged
        assert target not in after


def test_a_cluster_keeps_its_id_when_a_record_with_a_lower_number_joins() -> None:
    before = placed({}, {5: "AB12CDE", 7: "AB12CDE"})
    assert placed(before, dict.fromkeys((2, 5, 7), "AB12CDE")) == {2: 5, 7: 5}


def test_an_id_whose_record_is_gone_stays_the_id_of_those_that_remain() -> None:
    assert placed({7: 5, 9: 5}, {7: "AB12CDE", 9: "AB12CDE"}) == {7: 5, 9: 5}


def test_an_id_whose_record_is_gone_stays_the_id_of_the_one_that_remains() -> None:
    assert placed({7: 5}, {7: "AB12CDE"}) == {7: 5}


def test_a_merge_leaves_a_redirect_from_an_id_whose_record_is_gone() -> None:
    after = placed({7: 5, 4: 3}, {3: "AB12CDE", 7: "AB12CDE", 4: "CC11CCC"})
    assert after == {7: 3, 5: 3}


def test_an_id_of_which_nothing_is_left_stays_as_it_was() -> None:
    assert placed({7: 5}, {}) == {7: 5}
    assert placed(placed({7: 5}, {}), {5: "AB12CDE"}) == {7: 5}


def test_of_two_that_part_the_one_with_the_least_number_keeps_an_id_whose_record_is_gone() -> None:
    assert placed({7: 5, 9: 5}, {7: "AB12CDE", 9: "CC11CCC"}) == {7: 5}
