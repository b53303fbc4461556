import itertools
from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.resolution.cluster import ALWAYS, Pairs, cluster, contract, groups, parted


def pairs(*said: tuple[int, int, float]) -> Pairs:
    left, right, weight = (np.array(column) for column in zip(*said, strict=True))
    return Pairs(left, right, weight.astype(float))


def weigher(known: dict[tuple[int, int], float], otherwise: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    return lambda a, b: np.array(
        [known.get((min(p), max(p)), otherwise) for p in zip(a.tolist(), b.tolist(), strict=True)]
    )


def found(count: int, said: list[tuple[int, int, float]], otherwise: float = -4.0) -> list[int]:
    known = {(min(a, b), max(a, b)): weight for a, b, weight in said}
    return cluster(count, pairs(*said), weigher(known, otherwise)).tolist()


def said_of(size: int) -> st.SearchStrategy[list[list[int]]]:
    """The weights of every pair of some groups of a size."""
    pairs = size * (size - 1) // 2
    return st.lists(st.lists(st.integers(-3, 3), min_size=pairs, max_size=pairs), min_size=1, max_size=6)


def test_what_all_speaks_for_is_one() -> None:
    assert found(4, [(0, 1, 5), (1, 2, 5), (0, 2, 5)]) == [0, 0, 0, 3]


def test_a_lucky_bridge_does_not_hold_two_groups_together() -> None:
    triangles = [(0, 1, 6), (1, 2, 6), (0, 2, 6), (3, 4, 6), (4, 5, 6), (3, 5, 6)]
    assert found(6, [*triangles, (2, 3, 4)]) == [0, 0, 0, 3, 3, 3]


def test_what_somebody_decided_holds_against_all_that_speaks_against_it() -> None:
    assert found(3, [(0, 1, ALWAYS), (1, 2, ALWAYS)]) == [0, 0, 0]
    assert found(3, [(0, 1, 8), (1, 2, 8), (0, 2, -ALWAYS)]) in ([0, 0, 2], [0, 1, 1])


def test_two_that_speak_for_each_other_need_nobody_else() -> None:
    assert found(2, [(0, 1, 0.1)]) == [0, 0]
    assert found(2, [(0, 1, -0.1)]) == [0, 1]


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1]), st.floats(-5, 5), min_size=1
    )
)
def test_no_two_parts_that_speak_for_each_other_are_left_apart(said: dict[tuple[int, int], float]) -> None:
    ties: list[dict[int, float]] = [{} for _ in range(8)]
    for (a, b), weight in said.items():
        ties[a][b] = ties[b][a] = weight
    part = contract(ties)
    for one, other in itertools.combinations(set(part), 2):
        between = sum(w for (a, b), w in said.items() if {part[a], part[b]} == {one, other})
        assert between <= 1e-9


@given(st.integers(3, 6).flatmap(lambda size: st.tuples(st.just(size), said_of(size))))
def test_many_groups_of_one_size_are_parted_as_each_alone(told: tuple[int, list[list[int]]]) -> None:
    size, said = told
    together = parted(size, np.array(said, float))
    for at, weights in enumerate(said):
        ties: list[dict[int, float]] = [{} for _ in range(size)]
        for (a, b), weight in zip(itertools.combinations(range(size), 2), weights, strict=True):
            ties[a][b] = ties[b][a] = weight
        part = contract(ties)
        assert together[at].tolist() == [part.index(mine) for mine in part]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_groups_are_all_that_hangs_together(said: list[tuple[int, int]]) -> None:
    least = groups(10, np.array([a for a, _ in said], int), np.array([b for _, b in said], int)).tolist()
    near = {each: {each} for each in range(10)}
    for a, b in said:
        joined = near[a] | near[b]
        for each in joined:
            near[each] = joined
    assert least == [min(near[each]) for each in range(10)]
