import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.resolution.block import Sorted

#: keys of which many begin alike, as they hardly do by chance
KEYS = st.lists(st.builds(lambda high, low: high << 60 | low, st.integers(0, 3), st.integers(0, 5)), max_size=40)


@given(KEYS)
def test_blocks_hold_the_rows_of_one_key_each_in_the_order_of_the_keys(keys: list[int]) -> None:
    found = Sorted.of(np.arange(len(keys)), np.array(keys, np.uint64))
    assert found.keys.tolist() == sorted(set(keys))
    for key, start, size in zip(found.keys.tolist(), found.starts.tolist(), found.sizes.tolist(), strict=True):
        assert found.rows[start : start + size].tolist() == [row for row, mine in enumerate(keys) if mine == key]
