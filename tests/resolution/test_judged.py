import numpy as np
import pytest

from bluelamp.resolution.crossed import levels
from bluelamp.resolution.frame import Frame
from bluelamp.resolution.judged import LEAST, Labels, corrected
from bluelamp.resolution.model import Model
from bluelamp.resolution.train import Trained, train
from tests.resolution.people import COMPARISONS, population


@pytest.fixture(scope="module")
def known() -> tuple[Frame, np.ndarray, Trained]:
    frame, whose = population(800)
    return frame, whose, train(frame, COMPARISONS)


def agreeing(known: tuple[Frame, np.ndarray, Trained]) -> tuple[Labels, dict[str, np.ndarray]]:
    """All pairs in doubt with the truth about them, and how they agree."""
    frame, whose, trained = known
    pairs, model = trained.pairs, trained.model
    doubt = np.abs(pairs.weight) < 6
    left, right = pairs.left[doubt], pairs.right[doubt]
    return Labels(left, right, whose[left] == whose[right]), levels(frame, COMPARISONS, model.common, left, right)


def odds(model: Model, frame: Frame, labels: Labels) -> float:
    """How likely the model takes the truth to be."""
    weight = model.weigh(frame, labels.left, labels.right)
    return float(-np.logaddexp(0, np.where(labels.same, -weight, weight)).sum())


def test_judgements_make_the_truth_likelier_of_pairs_that_nobody_judged(
    known: tuple[Frame, np.ndarray, Trained],
) -> None:
    frame, _, trained = known
    labels, _ = agreeing(known)
    some = np.random.default_rng(1).random(len(labels)) < 0.5
    taught = train(frame, COMPARISONS, Labels(*(each[some] for each in (labels.left, labels.right, labels.same))))
    rest = Labels(*(each[~some] for each in (labels.left, labels.right, labels.same)))
    assert taught.model.chances.corrections.labels == some.sum()
    assert odds(taught.model, frame, rest) > odds(trained.model, frame, rest)


def test_what_is_let_go_early_is_the_same_with_corrections(known: tuple[Frame, np.ndarray, Trained]) -> None:
    frame, *_ = known
    model = train(frame, COMPARISONS, agreeing(known)[0]).model
    left, right = (each.astype(np.int64) for each in np.triu_indices(300, 1))
    weight = model.weigh(frame, left, right)
    for floor in (-2.0, 3.0):
        places, sifted = model.sift(frame, left, right, floor)
        assert np.array_equal(places, np.flatnonzero(weight >= floor))
        assert np.array_equal(sifted, weight[places])


def test_few_judgements_and_judgements_without_sense_correct_nothing(
    known: tuple[Frame, np.ndarray, Trained],
) -> None:
    chances = known[2].model.chances
    labels, found = agreeing(known)
    few = {name: level[: LEAST - 1] for name, level in found.items()}
    assert corrected(chances, few, labels.same[: LEAST - 1]) is chances
    coin = (1 / (1 + np.exp(-chances.weigh(found)))) > np.random.default_rng(3).random(len(labels))
    told = corrected(chances, found, coin)
    assert all(abs(factor) < 0.2 for factor in told.corrections.factors.values())
