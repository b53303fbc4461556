"""What people said of pairs corrects a model that was learned without labels: how far each property may be believed.

The weight of a pair is what the model says, and a share more or less of what each property adds to it, and a shift:
logistic regression with the model as its offset, held near to it (a normal prior; Cox 1958, MacKay 1992). So a few
hundred judgements are enough, and a model file shows them as one factor for each property. As the regression is
given how the pairs agree, it does not matter by which of that they were chosen to be judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bluelamp.resolution.kinship import Chances, Corrections, Numbers, distinct

#: fewer judgements than this correct nothing
LEAST = 50
#: how far a factor, and the shift (natural logarithm of the odds), are expected to be from what the model says
_SPREAD, _SHIFT = 0.3, 1.0
#: parts that judgements are cut into, to see whether what is learned from some holds for the others
_FOLDS, _SEED, _STEPS = 5, 1, 50


@dataclass(frozen=True)
class Labels:
    """Pairs of rows that people judged."""

    left: np.ndarray
    right: np.ndarray
    same: np.ndarray

    def __len__(self) -> int:
        return len(self.left)


NO_LABELS = Labels(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, bool))


def corrected(chances: Chances, levels: Mapping[str, np.ndarray], same: np.ndarray) -> Chances:
    """The model with corrections from judged pairs, given their levels; as it is where they are too few or no help."""
    sizes = {name: table.shape[1] for name, table in chances.levels.items()}
    patterns, _, place = distinct(sizes, levels)
    base = chances.base(patterns)[place]
    considered = base >= Corrections.CONSIDERED
    if int(considered.sum()) < LEAST:
        return chances
    names = list(chances.levels)
    parts = np.stack([np.ones(len(base)), *(chances.part(patterns, name)[place] for name in names)], axis=1)
    parts, base, truth = parts[considered], base[considered], same[considered].astype(float)
    if _held_out(parts, base, truth) <= 0:
        return chances
    shift, *factors = _fit(parts, base, truth)
    told = Corrections(_short(shift), {n: _short(f) for n, f in zip(names, factors, strict=True)}, len(base))
    return Chances(chances.shares, chances.levels, told)


def _short(number: float) -> float:
    return float(f"{number:.6g}")


def _held_out(parts: Numbers, base: Numbers, truth: Numbers) -> float:
    """By how much corrections raise the likelihood (natural logarithm) of judgements that they were not made from."""
    fold = np.random.default_rng(_SEED).integers(0, _FOLDS, len(base))
    gain = 0.0
    for each in range(_FOLDS):
        out = fold == each
        found = base[out] + parts[out] @ _fit(parts[~out], base[~out], truth[~out])
        gain += _likelihood(found, truth[out]) - _likelihood(base[out], truth[out])
    return gain


def _likelihood(weight: Numbers, truth: Numbers) -> float:
    return float(-np.logaddexp(0, np.where(truth > 0, -weight, weight)).sum())


def _fit(parts: Numbers, base: Numbers, truth: Numbers) -> Numbers:
    """The shift and the factors that are likeliest (Newton's method)."""
    held = 1 / np.r_[_SHIFT, np.full(parts.shape[1] - 1, _SPREAD)] ** 2
    found = np.zeros(parts.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(base + parts @ found, -500, 500)))
        slope = parts.T @ (truth - likely) - held * found
        curve = (parts * (likely * (1 - likely))[:, None]).T @ parts + np.diag(held)
        step = np.linalg.solve(curve, slope)
        found = found + step
        if float(np.abs(step).max()) < 1e-8:  # noqa: PLR2004 (it has come to rest)
            break
    return np.asarray(found)
