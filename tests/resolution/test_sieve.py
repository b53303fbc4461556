import numpy as np
import pytest

from bluelamp.resolution import sieve
from bluelamp.resolution.frame import Frame, Rows
from bluelamp.resolution.kinship import Numbers
from bluelamp.resolution.model import Model
from bluelamp.resolution.train import train
from tests.resolution.people import COMPARISONS, population


@pytest.fixture(scope="module")
def trained() -> tuple[Frame, Model]:
    known, _ = population(200)
    return known, train(known, COMPARISONS).model


@pytest.fixture(scope="module")
def weighed(trained: tuple[Frame, Model]) -> tuple[Rows, Rows, Numbers]:
    """Every pair of records, and what each weighs."""
    known, model = trained
    left, right = (each.astype(np.int64) for each in np.triu_indices(len(known), 1))
    return left, right, model.weigh(known, left, right)


@pytest.mark.parametrize("floor", [-np.inf, -6.9, 0.0, 3.0, 20.0, np.inf])
def test_what_is_let_go_early_is_just_what_stays_under_the_floor(
    trained: tuple[Frame, Model],
    weighed: tuple[Rows, Rows, Numbers],
    floor: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known, model = trained
    left, right, weight = weighed
    # so that there are several goes, of which the last is smaller
    monkeypatch.setattr(sieve, "AT_ONCE", 2 * len(left) // 5)
    places, sifted = model.sift(known, left, right, floor)
    assert np.array_equal(places, np.flatnonzero(weight >= floor))
    assert np.array_equal(sifted, weight[places])


def test_no_pairs_weigh_nothing(trained: tuple[Frame, Model]) -> None:
    known, model = trained
    nothing = np.empty(0, np.int64)
    places, sifted = model.sift(known, nothing, nothing, 0.0)
    assert not len(places)
    assert not len(sifted)
