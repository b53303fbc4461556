"""Measures of a network, against graphs of which they are known and against plain Python."""

from itertools import combinations

import pytest
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


def ways(near: dict[int, set[int]], start: int) -> tuple[dict[int, int], dict[int, int]]:
    """How far each thing is from `start`, and by how many shortest ways, by plain search in breadth."""
    far, number, edge = {start: 0}, {start: 1}, [start]
    while edge:
        found: dict[int, int] = {}
        for one in edge:
            for other in near[one]:
                if other not in far:
                    found[other] = found.get(other, 0) + number[one]
        far |= dict.fromkeys(found, far[edge[0]] + 1)
        number |= found
        edge = list(found)
    return far, number


def plainly(size: int, near: dict[int, set[int]]) -> dict[int, tuple[float, float]]:
    """Betweenness and closeness of each of `size` things by their definitions (Freeman 1978; Wasserman and Faust 1994)."""
    found = {each: ways(near, each) for each in range(size)}
    said = {}
    for thing, (far, _) in found.items():
        through = 0.0
        for one, (there, number) in found.items():
            for other in there:
                if thing in (one, other) or thing not in there or other not in found[thing][0]:
                    continue
                if there[thing] + found[thing][0][other] == there[other]:
                    through += number[thing] * found[thing][1][other] / number[other]
        reached, total = len(far) - 1, sum(far.values())
        said[thing] = (
            through / ((size - 1) * (size - 2)), reached / total * reached / (size - 1) if total else 0.0
        )  # fmt: skip
    return said


@pytest.mark.parametrize("way", ["either way", "along"])
@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_betweenness_and_closeness_are_what_their_definitions_say(way: str, pairs: list[tuple[int, int]]) -> None:
    along = way == "along"
    read = pairs if along else [*pairs, *((b, a) for a, b in pairs)]
    near = {n: {b for a, b in read if a == n and b != n} for n in range(10)}
    found = measures(list(range(10)), pairs, along=along)
    for n, (between, close) in plainly(10, near).items():
        assert abs(found[n].betweenness - between) < 1e-9
        assert abs(found[n].closeness - close) < 1e-9


def test_along_the_links_who_is_called_by_all_reaches_nobody() -> None:
    called = measures("abc", [("a", "b"), ("b", "c")], along=True)
    assert (called["b"].betweenness, called["c"].closeness) == (0.5, 0.0)
    assert called["a"].closeness > called["b"].closeness > 0
    assert measures("abc", [("a", "b"), ("b", "c")])["b"].betweenness == 1.0


@settings(max_examples=60, deadline=None)
@given(PAIRS.filter(lambda pairs: any(one != other for one, other in pairs)))
def test_communities_divide_all_things_and_no_single_move_makes_them_better(pairs: list[tuple[int, int]]) -> None:
    plain = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    groups = communities_of(10, plain)
    assert sorted(each for group in groups for each in group) == list(range(10))
    reached = modularity(10, plain, groups)
    assert reached >= modularity(10, plain, [[each] for each in range(10)]) - 1e-9
    assert reached >= modularity(10, plain, [list(range(10))]) - 1e-9
