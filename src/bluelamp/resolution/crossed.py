"""Names that change places: the given name written as the family name, or a middle name that somebody goes by.

Comparing field by field cannot see it, and whom it befalls depends on where a name comes from: who names the family
first, or has several given names, is otherwise taken for two people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from bluelamp.resolution.compare import UNKNOWN, Comparison, Levels, Role, Shares, equal, unequal
from bluelamp.resolution.frame import Column, Frame, Rows
from bluelamp.types.likeness import ELSEWHERE, NAME, same_name

Held = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Names:
    """The comparisons that may hold each other's names; None where there is none."""

    given: Comparison | None
    family: Comparison | None
    middle: Comparison | None

    @classmethod
    def of(cls, comparisons: Sequence[Comparison]) -> "Names":
        """Those of one role each that are compared as names."""
        roles = {each.role: each for each in reversed(comparisons) if each.likeness == NAME}
        return cls(*(roles.get(role) for role in (Role.GIVEN, Role.FAMILY, Role.OTHER_NAME)))

    def cross(self, frame: Frame, levels: Mapping[str, Levels], left: Rows, right: Rows) -> None:
        """Settle in place the levels of pairs whose given names differ and may stand as another name of the other.

        Both of the two that change places are then ELSEWHERE. Other levels stay as they are, UNKNOWN or known;
        those of given names are known thereafter.
        """
        given = self.given
        if given is None or (self.family is None and self.middle is None):
            return
        settle(frame, given, levels[given.name], left, right)
        known = levels[given.name]
        for other in (self.family, self.middle):
            if other is None:
                continue
            asked = np.flatnonzero(known == 0)
            asked = asked[self._begin_alike(frame, other, left[asked], right[asked])]
            turned = asked[self._alike(frame, other, left[asked], right[asked])]
            known[turned] = ELSEWHERE
            theirs = levels[other.name]
            theirs[turned[theirs[turned] == UNKNOWN]] = ELSEWHERE

    def _begin_alike(self, frame: Frame, other: Comparison, left: Rows, right: Rows) -> Held:
        """Whether the names that would be the same begin with one letter: else they are not looked at."""
        columns = (frame.columns[each.name] for each in (self.given, other) if each)
        mine, theirs = (each.kept("first letters", None, partial(_first_letters, each)) for each in columns)
        there, back = (
            (mine[one] == theirs[another]) & (mine[one] != 0) for one, another in ((left, right), (right, left))
        )
        return self._changed(other, there, back)

    def _changed(self, other: Comparison, there: Held, back: Held) -> Held:
        """A family name changes places with the given name; a middle name may be all that somebody goes by."""
        return there & back if other is self.family else there | back

    def _alike(self, frame: Frame, other: Comparison, left: Rows, right: Rows) -> Held:
        """Whether the given name of one is the `other` name of the other: of both, or of either."""
        mine, theirs = (frame.columns[each.name] for each in (self.given, other) if each)
        found = [np.zeros(len(left), bool), np.zeros(len(left), bool)]
        for same, one, another in zip(found, (left, right), (right, left), strict=True):
            ones, others = mine.codes[one, 0], theirs.codes[another, 0]
            held = np.flatnonzero((ones | others) >= 0)
            if len(held):
                known = mine.prepared(NAME), theirs.prepared(NAME)
                same[held] = same_name(known[0], ones[held], known[1], others[held])
        there, back = found
        return self._changed(other, there, back)


def levels(
    frame: Frame, comparisons: Sequence[Comparison], common: Mapping[str, Shares], left: Rows, right: Rows
) -> dict[str, Levels]:
    """The level of each pair of rows in each comparison; -1 where one side has no value."""
    found = equal(frame, comparisons, common, left, right)
    Names.of(comparisons).cross(frame, found, left, right)
    for each in comparisons:
        settle(frame, each, found[each.name], left, right)
    return found


def settle(frame: Frame, comparison: Comparison, level: Levels, left: Rows, right: Rows) -> None:
    """Work out in place the levels that are UNKNOWN."""
    asked = np.flatnonzero(level == UNKNOWN)
    level[asked] = unequal(frame.columns[comparison.name], comparison, left[asked], right[asked])


def _first_letters(column: Column) -> npt.NDArray[np.uint32]:
    """With which letter the first value of each row begins, as a number; 0: no value."""
    letters = np.array([*(ord(text[0]) if text else 0 for text in column.texts), 0], np.uint32)
    return np.asarray(letters[column.codes[:, 0]])
