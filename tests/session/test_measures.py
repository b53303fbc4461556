"""Measures of a network, against graphs of which they are known and against plain Python."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.session.measures import communities_of, measures

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


def modularity(size: int, pairs: list[tuple[int, int]], groups: list[list[int]]) -> float:
    """The share of pairs inside groups, less what chance would give (Newman 2004)."""
    total, found = len(pairs), 0.0
    for group in groups:
        mine = set(group)
        inside = sum(one in mine and other in mine for one, other in pairs)
        ends = sum((one in mine) + (other in mine) for one, other in pairs)
        found += inside / total - (ends / (2 * total)) ** 2
    return found


def test_a_star_has_all_ways_through_its_middle() -> None:
    found = measures("abcde", [("a", each) for each in "bcde"])
    assert (found["a"].degree, found["a"].betweenness, found["a"].closeness) == (4, 1.0, 1.0)
    assert (found["a"].out, found["a"].in_, found["b"].in_) == (4, 0, 1)
    assert {found[each].betweenness for each in "bcde"} == {0.0}
    assert {each.core for each in found.values()} == {1}


def test_two_families_that_share_one_acquaintance_are_two_communities_in_one_set() -> None:
    families = [*combinations("abcd", 2), *combinations("wxyz", 2), ("d", "w")]
    found = measures("abcdwxyz", families)
    assert {found[each].community for each in "abcd"} == {1}
    assert {found[each].community for each in "wxyz"} == {2}
    assert {each.set for each in found.values()} == {1}
    assert {each.core for each in found.values()} == {3}


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_degrees_and_sets_are_what_the_links_say(pairs: list[tuple[int, int]]) -> None:
    found = measures(list(range(10)), pairs)
    near = {n: {b for a, b in [*pairs, *((b, a) for a, b in pairs)] if a == n and b != n} for n in range(10)}
    assert {n: each.degree for n, each in found.items()} == {n: len(others) for n, others in near.items()}
    for n, others in near.items():
        assert {found[each].set for each in others} <= {found[n].set}
        assert all(0 <= value <= 1 for value in (found[n].betweenness, found[n].closeness))
    assert found == measures(list(range(10)), list(reversed(pairs)))


@settings(max_examples=60, deadline=None)
@given(PAIRS.filter(lambda pairs: any(one != other for one, other in pairs)))
def test_communities_divide_all_things_and_no_single_move_makes_them_better(pairs: list[tuple[int, int]]) -> None:
    plain = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    groups = communities_of(10, plain)
    assert sorted(each for group in groups for each in group) == list(range(10))
    reached = modularity(10, plain, groups)
    assert reached >= modularity(10, plain, [[each] for each in range(10)]) - 1e-9
    assert reached >= modularity(10, plain, [list(range(10))]) - 1e-9
