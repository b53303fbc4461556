"""The rows of one delivery, with what each row's records truly are."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bluelamp.demo.plan import Ints


@dataclass
class Batch:
    """Rows, and (object type, record name) -> the true thing of each row, -1 for none."""

    frame: pl.DataFrame
    truth: dict[tuple[str, str], Ints] = field(default_factory=dict)

    def take(self, index: Ints) -> "Batch":
        """The rows at `index`, which may name a row twice."""
        return Batch(self.frame[index], {name: entity[index] for name, entity in self.truth.items()})


def pick(chance: np.random.Generator, choices: Sequence[str | None], count: int, shares: Sequence[float] | None = None) -> pl.Series:
    """One of the choices for each row."""
    probability = None if shares is None else np.array(shares) / sum(shares)
    return pl.Series(choices, dtype=pl.String).gather(chance.choice(len(choices), count, p=probability))
