"""Weighed pairs: found by either of their records, each once, and the same when they are read again."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.resolution.cluster import Pairs
from bluelamp.resolution.weighed import Weighed, opened

NUMBERS = st.integers(0, 12)


def listed(pairs: Pairs | Weighed) -> list[tuple[int, int, float]]:
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), pairs.weight.tolist(), strict=True))


def weighed(ends: list[tuple[int, int]]) -> Weighed:
    left, right = np.array([sorted(each) for each in ends], np.int64).reshape(-1, 2).T
    return Weighed.of(Pairs(left, right, left + right / 100))


@given(st.lists(st.tuples(NUMBERS, NUMBERS).filter(lambda pair: pair[0] != pair[1])), st.sets(NUMBERS))
def test_those_of_some_records_are_all_that_have_one_of_them(ends: list[tuple[int, int]], asked: set[int]) -> None:
    held = weighed(ends)
    assert listed(held) == sorted({(min(pair), max(pair), min(pair) + max(pair) / 100) for pair in ends})
    found = listed(held.about(np.array(sorted(asked), np.int64)))
    assert set(found) == {each for each in listed(held) if asked & set(each[:2])}
    assert len(found) == sum(len(asked & set(each[:2])) for each in set(found))


def test_what_is_read_again_is_the_same(tmp_path: Path) -> None:
    held = weighed([(3, 1), (2, 9), (1, 9)])
    held.write(tmp_path / "pairs.npy")
    again = opened(tmp_path / "pairs.npy", len(held))
    assert listed(again) == listed(held)
    assert listed(again.about(np.array([9]))) == listed(held.about(np.array([9]))) == [(1, 9, 1.09), (2, 9, 2.09)]
    with pytest.raises(ValueError, match="damaged"):
        opened(tmp_path / "pairs.npy", len(held) + 1)
