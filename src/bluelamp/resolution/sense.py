"""Whether a model that was learned can be right: equal names, and equal births, must speak for one person.

Where hardly any two records are of one person, what is fitted as "the same" may be something else that agrees as well:
the people of one house, or all of one name. The model then looks as good as any by its own reckoning, and is not.
"""

import numpy as np

from bluelamp.errors import BlueLampError
from bluelamp.resolution.compare import Comparison, Role
from bluelamp.resolution.frame import Frame
from bluelamp.resolution.train import Trained

#: what one person says alike nearly always; a family name is left for another by marriage
STEADY = (Role.GIVEN, Role.WHOLE, Role.BIRTH)
#: what equal values of must not speak against two records being one
NAMED = (*STEADY, Role.FAMILY)

#: pairs that are looked at, and the seed that draws them
LOOKED, SEED = 50_000, 1


class Senseless(BlueLampError):
    """What was learned cannot be right: what is wrong with the values of which property."""

    def __init__(self, property: str, wrong: str) -> None:
        super().__init__(f"{property}: {wrong}")
        self.property = property
        self.wrong = wrong


def demand_sense(found: Trained, known: Frame) -> None:
    """Raise Senseless where what was learned of `known` cannot be right."""
    model = found.model
    for each in model.comparisons:
        if each.role in NAMED and model.chances.equal(each.name, each.unequal) < 0:
            raise Senseless(each.name, "equal values count against two records being one")
    for each in model.comparisons:
        if each.role in STEADY and _apart(found, known, each):
            raise Senseless(each.name, "most records that it would join have wholly different values")


def _apart(found: Trained, known: Frame, comparison: Comparison) -> bool:
    """Whether most pairs that the model would join have nothing of a property alike, of those that both have it."""
    sure = np.flatnonzero(found.pairs.weight >= found.model.bands.shift)
    some = np.sort(np.random.default_rng(SEED).permutation(sure)[:LOOKED])
    level = found.model.levels(known, found.pairs.left[some], found.pairs.right[some])[comparison.name]
    return int((level == 0).sum()) * 2 > int((level >= 0).sum())
