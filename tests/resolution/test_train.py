import numpy as np
import pytest

from bluelamp.resolution.bands import Costs, joined
from bluelamp.resolution.cluster import Pairs
from bluelamp.resolution.frame import Frame, Rows
from bluelamp.resolution.model import Model
from bluelamp.resolution.train import train
from tests.resolution.people import COMPARISONS, population, singles

Learned = tuple[Frame, np.ndarray, Model, Pairs]


@pytest.fixture(scope="module")
def learned() -> Learned:
    frame, whose = population(1200)
    found = train(frame, COMPARISONS)
    return frame, whose, found.model, found.pairs


def test_people_are_found_without_labels_and_families_are_not_one_person(learned: Learned) -> None:
    frame, whose, model, pairs = learned
    found = joined(len(frame), pairs, lambda a, b: model.weigh(frame, a, b), model.bands.shift)
    one, other = np.triu_indices(len(frame), 1)
    same, together = whose[one] == whose[other], found[one] == found[other]
    assert (same & together).sum() / together.sum() > 0.99
    assert (same & together).sum() / same.sum() > 0.88


def test_stated_probabilities_are_what_is_observed(learned: Learned) -> None:
    _, whose, _, pairs = learned
    stated = 1 / (1 + np.exp(-pairs.weight))
    observed = whose[pairs.left] == whose[pairs.right]
    bins = np.array_split(np.argsort(stated, kind="stable"), 20)
    error = sum(len(each) * abs(stated[each].mean() - observed[each].mean()) for each in bins) / len(stated)
    assert error < 0.02


def test_the_same_records_give_the_same_model(learned: Learned) -> None:
    frame, _, model, *_ = learned
    again: Model = train(frame, COMPARISONS).model
    assert again.rules == model.rules
    assert again.common == model.common
    assert all(np.array_equal(again.chances.levels[name], model.chances.levels[name]) for name in again.chances.levels)


def test_where_nobody_is_related_a_wrong_given_name_makes_no_twin() -> None:
    frame, whose = singles(1500)
    found = train(frame, COMPARISONS)
    weigh, shift = found.model.weigh, found.model.bands.shift
    together = joined(len(frame), found.pairs, lambda a, b: weigh(frame, a, b), shift)
    one, other = np.triu_indices(len(frame), 1)
    same, joint = whose[one] == whose[other], together[one] == together[other]
    assert (same & joint).sum() / joint.sum() > 0.995
    assert (same & joint).sum() / same.sum() > 0.93


@pytest.mark.parametrize("households", [0, 1])
def test_hardly_any_records_are_no_reason_to_fail(households: int) -> None:
    frame, _ = population(households)
    found = train(frame, COMPARISONS)
    assert np.array_equal(found.model.weigh(frame, found.pairs.left, found.pairs.right), found.pairs.weight)


def test_stricter_choices_are_expected_to_join_less_and_make_less_wrong(learned: Learned) -> None:
    frame, _, model, pairs = learned
    costs = [Costs(len(frame), pairs, lambda a, b: model.weigh(frame, a, b)).of(join) for join in (0.5, 0.9, 0.999)]
    assert [each.wrong for each in costs] == sorted((each.wrong for each in costs), reverse=True)
    assert [each.missed for each in costs] == sorted(each.missed for each in costs)
    assert model.bands.join in {each.join for each in model.costs}


def test_a_record_that_may_be_either_of_two_people_is_joined_to_neither() -> None:
    pairs = Pairs(np.array([0, 1, 0, 1]), np.array([2, 2, 3, 4]), np.array([3.0, 2.9, 5.0, 5.0]))
    apart = {(0, 1), (0, 4), (1, 3), (3, 4)}

    def weigh(left: Rows, right: Rows) -> np.ndarray:
        known = dict(zip(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True), pairs.weight, strict=True))
        listed = [(min(a, b), max(a, b)) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
        return np.array([known.get(pair, -9.0 if pair in apart else 2.0) for pair in listed])

    assert joined(5, pairs, weigh, 0.0).tolist() == [0, 1, 2, 0, 1]
