import numpy as np
import pyarrow as pa
import pytest

from bluelamp.resolution.compare import Comparison, Role
from bluelamp.resolution.crossed import levels
from bluelamp.resolution.frame import frame
from bluelamp.types.likeness import NAME

NAMES = [
    Comparison("given", NAME, Role.GIVEN),
    Comparison("family", NAME, Role.FAMILY),
    Comparison("middle", NAME, Role.OTHER_NAME),
]


def agree(one: str, other: str) -> list[str]:
    """How two people agree whose given, family and middle names are written `given family middle`, `-` for none."""
    rows = [[None if name == "-" else name for name in each.split()] for each in (one, other)]
    columns = dict(zip(("given", "family", "middle"), map(list, zip(*rows, strict=True)), strict=True))
    known = frame(pa.table({"record": [1, 2]} | {n: pa.array(c, pa.string()) for n, c in columns.items()}), [*columns])
    found = levels(known, NAMES, {each.name: {} for each in NAMES}, np.array([0]), np.array([1]))
    return [each.said(int(found[each.name][0])) for each in NAMES]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("wei zhang -", "zhang wei -", ["elsewhere", "elsewhere", "missing"]),
        ("mehdi kovacs -", "kovaks mehdy -", ["elsewhere", "elsewhere", "missing"]),
        ("susan li megan", "megan li susan", ["elsewhere", "same_0", "elsewhere"]),
        ("susan li megan", "meghan li -", ["elsewhere", "same_0", "missing"]),
        ("megan li -", "susan li megan", ["elsewhere", "same_0", "missing"]),
        ("susan li megan", "megan li s", ["elsewhere", "same_0", "elsewhere"]),
        ("susan li -", "megan li -", ["other", "same_0", "missing"]),
        ("wei zhang -", "zhang chen -", ["other", "other", "missing"]),
        ("ali khan -", "alia khan -", ["sound", "same_0", "missing"]),
        ("k li -", "megan li kate", ["other", "same_0", "missing"]),
        ("李 王 -", "王 李 -", ["elsewhere", "elsewhere", "missing"]),
        ("- zhang -", "zhang - -", ["missing", "missing", "missing"]),
    ],
)
def test_a_name_that_stands_as_another_of_the_others_names_is_seen(one: str, other: str, said: list[str]) -> None:
    assert agree(one, other) == said
    assert agree(other, one) == said
