"""Columns of text made by the million: blank in part, one or another, picked from a list."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from bluelamp.demo.plan import Bools


def only(text: pl.Series, where: Bools) -> pl.Series:
    """The text where it applies, null elsewhere."""
    return pl.select(pl.when(pl.Series(where)).then(text)).to_series()


def either(where: Bools, one: pl.Series | str, other: pl.Series) -> pl.Series:
    """The one where it applies, the other elsewhere."""
    first = pl.lit(one) if isinstance(one, str) else one
    return pl.select(pl.when(pl.Series(where)).then(first).otherwise(other)).to_series()


def pick(
    chance: np.random.Generator, choices: Sequence[str | None], count: int, shares: Sequence[float] | None = None
) -> pl.Series:
    """One of the choices for each row."""
    probability = None if shares is None else np.array(shares) / sum(shares)
    return pl.Series(choices, dtype=pl.String).gather(chance.choice(len(choices), count, p=probability))
