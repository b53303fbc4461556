"""How often resolution is right, for all and group by group, against what is known to be true.

B-cubed precision and recall (Bagga and Baldwin 1998): of the records of a record's object, the share that is of the
same thing; of the records of the same thing, the share that is in its object. Intervals are of 95%, things being drawn,
not records (a thing's records go right or wrong together). Of all records also by pairs, as much of the literature has
it; there a thing of many records counts for more, as the square of their number.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bluelamp.errors import DeclarationError
from bluelamp.resolution.frame import Rows

Numbers = npt.NDArray[np.float64]

#: a group of fewer records says too little
LEAST = 50
#: standard deviations to either side of an interval
WIDTH = 1.96


@dataclass(frozen=True)
class Share:
    """A share (0 to 1), and half the width of its interval."""

    share: float
    within: float


@dataclass(frozen=True)
class Group:
    """How it went with the records of one group."""

    #: the property or column, and its value; nothing: all records
    by: str
    name: str
    records: int
    precision: Share
    recall: Share
    #: of how many pairs people judged it was estimated; 0: from the truth
    judged: int = 0


@dataclass(frozen=True)
class Tally:
    """How pairs that were drawn were judged."""

    pairs: int
    same: int
    unsure: int


@dataclass(frozen=True)
class Sample:
    """The judged pairs that something was estimated from."""

    #: records that are joined, and records that may be one and are not
    joined: Tally
    doubted: Tally
    #: how many people judged them
    people: int
    #: pairs that are judged and do not count yet: one that was drawn before them is not
    beyond: int = 0


@dataclass(frozen=True)
class Paired:
    """How it went with the pairs of records, of one object and of one thing (after closure), as shares from 0 to 1."""

    #: of the pairs of one object, those of one thing; of the pairs of one thing, those of one object; 1 where there are
    #: no such pairs, of which none can be wrong or missed
    precision: float
    recall: float
    #: their harmonic mean
    f1: float


@dataclass(frozen=True)
class Measure:
    """How it went, with whom, by which model."""

    type: str
    #: fingerprint of the model; nothing: only keys join
    model: str
    build: int
    at: str
    #: where the truth came from: a file, or people who judged a sample
    truth: str
    groups: tuple[Group, ...]
    #: what it was estimated from; nothing: the truth was known
    sample: Sample | None = None
    #: how many rows of the file that says the truth are of no record, or of one that cannot be told from another
    unknown: int = 0
    #: of all records; nothing: the truth was not known, or they were measured before this was told
    pairs: Paired | None = None

    def gaps(self) -> dict[str, tuple[Share, Share]]:
        """For each grouping how far its best and worst group lie apart, in precision and in recall."""
        made = {}
        for by in dict.fromkeys(each.by for each in self.groups if each.by):
            mine = [each for each in self.groups if each.by == by]
            made[by] = _gap([each.precision for each in mine]), _gap([each.recall for each in mine])
        return made


def _gap(shares: Sequence[Share]) -> Share:
    low, high = min(shares, key=lambda each: each.share), max(shares, key=lambda each: each.share)
    return Share(round(high.share - low.share, 5), round(float(np.hypot(low.within, high.within)), 5))


def measured(entity: Rows, found: Rows, groupings: Mapping[str, Sequence[str | None]]) -> tuple[Group, ...]:
    """Of records, whose thing and object are numbered from 0, how it went with all, and by each grouping."""
    _, place, together = np.unique(np.stack([entity, found]), axis=1, return_inverse=True, return_counts=True)
    together = together[place.ravel()]
    precision, recall = together / np.bincount(found)[found], together / np.bincount(entity)[entity]
    everyone = np.ones(len(entity), bool)
    groups = [_group("", "", everyone, entity, precision, recall)]
    for by, values in groupings.items():
        names = np.array([value or "" for value in values], object)
        for name in sorted(set(names.tolist()) - {""}):
            mine = names == name
            if mine.sum() >= LEAST:
                groups.append(_group(by, str(name), mine, entity, precision, recall))
    return tuple(groups)


def paired(entity: Rows, found: Rows) -> Paired:
    """How it went with all pairs of records, whose thing and object are numbered from 0."""
    together = np.unique(np.stack([entity, found]), axis=1, return_counts=True)[1]
    right, joined, true = (_pairs(each) for each in (together, np.bincount(found), np.bincount(entity)))
    shares = (right, joined), (right, true), (2 * right, joined + true)
    return Paired(*(round(part / whole, 5) if whole else 1.0 for part, whole in shares))


def _pairs(sizes: Rows) -> int:
    """How many pairs there are within groups of these sizes."""
    return int((sizes * (sizes - 1) // 2).sum())


def _group(by: str, name: str, mine: npt.NDArray[np.bool_], entity: Rows, precision: Numbers, recall: Numbers) -> Group:
    right, found = (_share(entity[mine], each[mine]) for each in (precision, recall))
    return Group(by, name, int(mine.sum()), right, found)


def _share(entity: Rows, right: Numbers) -> Share:
    """The mean of `right` over records, and its interval with whole things drawn (Cochran 1977, ratio estimator)."""
    if not len(right):
        return Share(0.0, 0.0)
    _, thing = np.unique(entity, return_inverse=True)
    totals, sizes = np.bincount(thing, weights=right), np.bincount(thing)
    mean = float(right.mean())
    count = len(sizes)
    spread = float(((totals - mean * sizes) ** 2).sum()) / max(1, count - 1)
    return Share(round(mean, 5), round(WIDTH * float(np.sqrt(spread / count)) / float(sizes.mean()), 5))


def save(measure: Measure, path: Path) -> None:
    """Write it where people can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(measure), indent=1, ensure_ascii=False) + "\n", "utf-8")


def load(path: Path) -> Measure | None:
    """What was measured last; None where nothing was. Raises DeclarationError for a damaged file."""
    try:
        said = json.loads(path.read_text("utf-8"))
        groups = (
            each | {"precision": Share(**each["precision"]), "recall": Share(**each["recall"])}
            for each in said.pop("groups")
        )
        drawn = said.pop("sample", None)
        tallies = {each: Tally(**drawn[each]) for each in ("joined", "doubted")} if drawn else {}
        sample = Sample(**(drawn | tallies)) if drawn else None
        pairs = said.pop("pairs", None)
        told = Paired(**pairs) if pairs else None
        return Measure(**said, groups=tuple(Group(**each) for each in groups), sample=sample, pairs=told)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DeclarationError(f"{path} cannot be read ({error}); run `bluelamp resolution evaluate` anew.") from error
