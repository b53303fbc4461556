"""What judgements of people add: pairs that the program chooses, judged by the truth, on things that are not scored.

`python -m benchmarks.labels [FOLDER]`: FOLDER holds the labelled files of `er/open`. Half of the things are judged and
the model is corrected by them; the other half is scored, with the threshold that the model chooses and with the best.
"""

import os
import sys
from pathlib import Path

import numpy as np

from benchmarks.resolution import SETS, loaded, scored
from bluelamp.resolution.bands import CHOICES, joined, logit
from bluelamp.resolution.crossed import levels
from bluelamp.resolution.frame import Frame
from bluelamp.resolution.judged import Labels, corrected
from bluelamp.resolution.kinship import distinct
from bluelamp.resolution.train import Trained, train

#: labels, the rounds that they are chosen in, and the sets that are scored
LABELS, ROUNDS = 500, 5
SCORED = ("historical_50k_A",)


def choose(weight: np.ndarray, patterns: np.ndarray, known: np.ndarray, number: int, seed: int) -> np.ndarray:
    """The places of pairs worth judging: drawn by how uncertain they are, few of each pattern of agreement.

    `known` tells which are judged already.
    """
    likely = 1 / (1 + np.exp(-np.clip(weight, -500, 500)))
    worth = np.where(known, 0.0, likely * (1 - likely))
    often = np.bincount(patterns)[patterns]
    worth = worth / np.sqrt(often)
    some = np.flatnonzero(worth > 0)
    if len(some) <= number:
        return some
    drawn = np.random.default_rng(seed).choice(some, number, replace=False, p=worth[some] / worth[some].sum())
    return np.sort(drawn)


def judged(trained: Trained, frame: Frame, entity: np.ndarray, half: np.ndarray) -> Labels:
    """Pairs chosen in rounds, each time by the model as corrected so far."""
    pairs, model = trained.pairs, trained.model
    mine = half[pairs.left] & half[pairs.right]
    left, right = pairs.left[mine], pairs.right[mine]
    found = levels(frame, model.comparisons, model.common, left, right)
    patterns = distinct({each.name: each.size for each in model.comparisons}, found)[2]
    same, known, chances = entity[left] == entity[right], np.zeros(len(left), bool), model.chances
    for turn in range(ROUNDS):
        known[choose(chances.weigh(found), patterns, known, LABELS // ROUNDS, turn)] = True
        chances = corrected(model.chances, {name: level[known] for name, level in found.items()}, same[known])
    return Labels(left[known], right[known], same[known])


def outcome(trained: Trained, frame: Frame, entity: np.ndarray, half: np.ndarray) -> tuple[float, float]:
    """Pair F1 on one half of the things, with the model's threshold and with the best."""

    def at(join: float) -> float:
        found = joined(len(frame), trained.pairs, lambda a, b: trained.model.weigh(frame, a, b), logit(join))
        return scored(entity[half], np.unique(found[half], return_inverse=True)[1])["pair_f1"]

    return at(trained.model.bands.join), max(at(join) for join in (0.2, 0.3, 0.4, *CHOICES))


def main() -> None:
    """Print the table."""
    here = Path(os.environ.get("BLUELAMP_DATA", "../shared/data")) / "er" / "open"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    print("| set | labels | pair F1 at the model's threshold | at the best |\n| --- | --- | --- | --- |")
    for name in SCORED:
        labelled = SETS[name]
        frame, entity = loaded(labelled, folder)
        half = (np.random.default_rng(1).random(entity.max() + 1) < 0.5)[entity]
        plain = train(frame, labelled.comparisons)
        labels = judged(plain, frame, entity, half)
        taught = train(frame, labelled.comparisons, labels)
        for count, trained in ((0, plain), (len(labels), taught)):
            own, best = outcome(trained, frame, entity, ~half)
            print(f"| {name} | {count} | {own:.4f} | {best:.4f} |", flush=True)


if __name__ == "__main__":
    main()
