"""The rows of one delivery, with what each row's records truly are."""

from dataclasses import dataclass, field

import polars as pl

from bluelamp.demo.plan import Ints

#: columns of a row, and what its records truly are
Part = tuple[dict[str, pl.Series], dict[tuple[str, str], Ints]]


@dataclass
class Batch:
    """Rows, and (object type, record name) -> the true thing of each row, -1 for none."""

    frame: pl.DataFrame
    truth: dict[tuple[str, str], Ints] = field(default_factory=dict)

    def take(self, index: Ints) -> "Batch":
        """The rows at `index`, which may name a row twice."""
        return Batch(self.frame[index], {name: entity[index] for name, entity in self.truth.items()})
