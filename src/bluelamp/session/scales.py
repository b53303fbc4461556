"""What the model that a build was made by says of two records: how likely they are one, property by property."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bluelamp.errors import DeclarationError
from bluelamp.ontology.grammar import ObjectType
from bluelamp.pipeline.likely import MODEL
from bluelamp.resolution import model as models
from bluelamp.resolution import standing
from bluelamp.resolution.declared import Told, told
from bluelamp.resolution.frame import Frame, Rows
from bluelamp.resolution.kinship import Numbers
from bluelamp.resolution.model import Model
from bluelamp.resolution.standing import Standing
from bluelamp.workspace.model import Workspace


@dataclass(frozen=True)
class Scale:
    """What one property of two records says for (above 0) or against their being one."""

    label: str
    #: how the values agree, in words
    level: str
    #: binary logarithm of the odds that it adds to what all others say
    bits: float
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Weighed:
    """What a model says of two records."""

    probability: float
    #: binary logarithm of the odds
    bits: float
    scales: tuple[Scale, ...]


@dataclass(frozen=True)
class Scales:
    """The model of one type and the facts that it weighs, as a build keeps them."""

    model: Model
    standing: Standing
    told: tuple[Told, ...]
    labels: dict[str, str]

    def frame(self, records: Iterable[int]) -> Frame:
        """The facts of some records."""
        return self.standing.frame(np.array(sorted(set(records)), np.int64))

    def weights(self, frame: Frame, left: Rows, right: Rows) -> Numbers:
        """The natural logarithm of the odds of pairs of records of the frame."""
        places = (np.searchsorted(frame.records, each) for each in (left, right))
        return self.model.weigh(frame, *places)

    def weigh(self, frame: Frame, one: int, other: int) -> Weighed | None:
        """What the model says of two records; None where the frame does not have both."""
        places = {record: at for at, record in enumerate(frame.records.tolist())}
        if one not in places or other not in places:
            return None
        probability, said = models.explain(self.model, frame, places[one], places[other])
        scales = (
            Scale(
                self.labels[each.comparison.name],
                level(each.level),
                round(each.bits, 2),
                _texts(frame, each.comparison.name, places[one]),
                _texts(frame, each.comparison.name, places[other]),
            )
            for each in said
        )
        odds = float(self.weights(frame, np.array([one]), np.array([other]))[0])
        return Weighed(probability, round(odds / float(np.log(2)), 2), tuple(scales))


#: the levels of two different values (bluelamp.types.likeness) in words
WORDS = {
    "missing": "not known of both", "other": "different", "initial": "the initial fits", "alike": "somewhat alike",
    "close": "close", "sound": "sounds the same", "nickname": "a short form",
    "elsewhere": "stands as another name", "one_part": "one part the same",
    "year": "the same year", "two_parts": "two parts the same", "slip": "one slip apart", "nearly": "nearly the same",
    "day_month_swapped": "day and month swapped", "outward": "the same outward code", "sector": "the same sector",
}  # fmt: skip

#: equal values, by how many have them: of eight steps of rarity the first that a step lies below
SAME = ((3, "the same, and rare"), (6, "the same"), (9, "the same, but common"))


def level(name: str) -> str:
    """A level of agreement in words."""
    if not name.startswith("same_"):
        return WORDS[name]
    return next(words for below, words in SAME if int(name.removeprefix("same_")) < below)


def _texts(frame: Frame, name: str, place: int) -> tuple[str, ...]:
    column = frame.columns[name]
    return tuple(str(column.texts[code]) for code in column.codes[place].tolist() if code >= 0)


def scales(folder: Path, workspace: Workspace, noun: type[ObjectType]) -> Scales | None:
    """What a build keeps in `folder` of one type; None where it has no model, or one of other declarations."""
    listed = told(noun, workspace.nouns, workspace.links.values())
    place = folder / noun.name()
    try:
        model = models.load(place / MODEL, noun.name(), [each.comparison for each in listed])
        stood = standing.read(place, model.rules, [each.name for each in model.comparisons])
    except (DeclarationError, OSError, ValueError, LookupError):
        return None
    known = {each.comparison.name: each for each in listed}
    compared = tuple(known[each.name] for each in model.comparisons)
    return Scales(model, stood, compared, {each.comparison.name: label(each, noun, workspace) for each in compared})


def label(told: Told, noun: type[ObjectType], workspace: Workspace) -> str:
    """What people call a comparison: the property, and the link that leads to it."""
    if told.through is None:
        return noun.properties[told.property].label
    link, other = told.through
    return f"{workspace.nouns[other].properties[told.property].label} ({workspace.links[link].label})"
