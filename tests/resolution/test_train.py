import numpy as np
import pytest

from bluelamp.resolution.cluster import Pairs, cluster
from bluelamp.resolution.frame import Frame, Rows
from bluelamp.resolution.model import Model
from bluelamp.resolution.train import train
from tests.resolution.people import COMPARISONS, population

Learned = tuple[Frame, np.ndarray, Model, Rows, Rows]


@pytest.fixture(scope="module")
def learned() -> Learned:
    frame, whose = population(1200)
    return frame, whose, *train(frame, COMPARISONS)


def test_people_are_found_without_labels_and_families_are_not_one_person(learned: Learned) -> None:
    frame, whose, model, left, right = learned
    found = cluster(
        len(frame), Pairs(left, right, model.weigh(frame, left, right)), lambda a, b: model.weigh(frame, a, b)
    )
    one, other = np.triu_indices(len(frame), 1)
    same, joined = whose[one] == whose[other], found[one] == found[other]
    assert (same & joined).sum() / joined.sum() > 0.99
    assert (same & joined).sum() / same.sum() > 0.95


def test_stated_probabilities_are_what_is_observed(learned: Learned) -> None:
    frame, whose, model, left, right = learned
    stated = 1 / (1 + np.exp(-model.weigh(frame, left, right)))
    observed = whose[left] == whose[right]
    bins = np.array_split(np.argsort(stated, kind="stable"), 20)
    error = sum(len(each) * abs(stated[each].mean() - observed[each].mean()) for each in bins) / len(stated)
    assert error < 0.02


def test_the_same_records_give_the_same_model(learned: Learned) -> None:
    frame, _, model, *_ = learned
    again: Model = train(frame, COMPARISONS)[0]
    assert again.rules == model.rules
    assert again.common == model.common
    assert all(np.array_equal(again.chances.levels[name], model.chances.levels[name]) for name in again.chances.levels)


@pytest.mark.parametrize("households", [0, 1])
def test_hardly_any_records_are_no_reason_to_fail(households: int) -> None:
    frame, _ = population(households)
    model, left, right = train(frame, COMPARISONS)
    assert len(model.weigh(frame, left, right)) == len(left)
