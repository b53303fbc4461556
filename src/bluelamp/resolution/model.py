"""A trained model: how records of one type are compared, proposed and weighed; a file that people read and review."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bluelamp.errors import DeclarationError
from bluelamp.resolution import block, compare
from bluelamp.resolution.bands import Bands, Cost
from bluelamp.resolution.compare import Comparison, Role
from bluelamp.resolution.crossed import levels
from bluelamp.resolution.frame import Frame, Rows
from bluelamp.resolution.kinship import KINDS, Chances, Corrections, Numbers
from bluelamp.resolution.sieve import Sieve
from bluelamp.types.likeness import LIKENESSES

#: goes up when what is written here changes its meaning
VERSION = 3


@dataclass(frozen=True)
class Model:
    """What resolution knows of one type."""

    comparisons: tuple[Comparison, ...]
    rules: tuple[block.Rule, ...]
    #: comparison -> value -> share of the records that have any value
    common: dict[str, dict[str, float]]
    chances: Chances
    #: how many records it was learned from
    records: int = 0
    bands: Bands = field(default_factory=Bands)
    #: what bands cost that were tried
    costs: tuple[Cost, ...] = ()

    def levels(self, frame: Frame, left: Rows, right: Rows) -> dict[str, compare.Levels]:
        """How the rows of each pair agree."""
        return levels(frame, self.comparisons, self.common, left, right)

    def weigh(self, frame: Frame, left: Rows, right: Rows) -> Numbers:
        """The natural logarithm of the odds that each pair of rows is one thing."""
        return self.chances.weigh(self.levels(frame, left, right))

    def sift(self, frame: Frame, left: Rows, right: Rows, floor: float) -> tuple[Rows, Numbers]:
        """The places of those pairs that weigh at least `floor`, ascending, and their weights; quicker than `weigh`."""
        return Sieve(self.comparisons, self.common, self.chances, floor).weigh(frame, left, right)


@dataclass(frozen=True)
class Weight:
    """What one property says for (above 0) or against two records being one, in bits."""

    comparison: Comparison
    level: str
    bits: float


def explain(model: Model, frame: Frame, left: int, right: int) -> tuple[float, list[Weight]]:
    """The probability that two rows are one thing, and what each property adds to the odds of all the others."""
    found = model.levels(frame, np.array([left]), np.array([right]))
    whole = float(model.chances.weigh(found)[0])
    weights = []
    for each in model.comparisons:
        level = int(found[each.name][0])
        without = found | {each.name: np.array([-1], np.int8)}
        bits = (whole - float(model.chances.weigh(without)[0])) / np.log(2)
        weights.append(Weight(each, each.said(level), float(bits)))
    return float(1 / (1 + np.exp(-whole))), weights


def save(model: Model, type_name: str, path: Path) -> None:
    """Write the model where people can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_written(model, type_name), indent=1, ensure_ascii=False) + "\n", "utf-8")


def as_written(model: Model) -> Model:
    """The model as a file would hold it, with as many digits: so that it weighs the same when it is read again."""
    return _read(_written(model, ""))


def load(path: Path, type_name: str, comparisons: Iterable[Comparison]) -> Model:
    """The model in a file. Raises DeclarationError where it is damaged or was made for another ontology.

    It compares by some of `comparisons`: those that had values when it was trained.
    """
    listed = set(comparisons)
    try:
        said = json.loads(path.read_text("utf-8"))
        if said["version"] != VERSION:
            raise ValueError("another version of Blue Lamp wrote it")
        model = _read(said)
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DeclarationError(
            f"The model {path} cannot be read ({error}); train it anew: "
            f"bluelamp resolution train WORKSPACE --type {type_name}"
        ) from error
    if said["type"] != type_name or not listed.issuperset(model.comparisons):
        raise DeclarationError(
            f"The model {path} was made for other declarations than those of {type_name} here; "
            f"train it anew: bluelamp resolution train WORKSPACE --type {type_name}"
        )
    return model


def _written(model: Model, type_name: str) -> dict[str, Any]:
    chances = {
        each.name: {
            kin.name: {each.said(at): _short(chance) for at, chance in enumerate(model.chances.levels[each.name][row])}
            for row, kin in enumerate(KINDS)
        }
        for each in model.comparisons
    }
    return {
        "version": VERSION,
        "type": type_name,
        "records": model.records,
        "bands": asdict(model.bands),
        "costs": [asdict(each) for each in model.costs],
        "comparisons": [[each.name, each.likeness.name, each.role.value] for each in model.comparisons],
        "rules": [{"most": rule.most, "share": [list(part) for part in rule.parts]} for rule in model.rules],
        "pairs": {kin.name: _short(share) for kin, share in zip(KINDS, model.chances.shares, strict=True)},
        "agreement": chances,
        "judged": asdict(model.chances.corrections),
        "common": model.common,
    }


def _short(number: float) -> float:
    return float(f"{number:.6g}")


def _read(said: dict[str, Any]) -> Model:
    comparisons = tuple(Comparison(name, LIKENESSES[like], Role(role)) for name, like, role in said["comparisons"])
    rules = tuple(
        block.Rule(tuple((name, part) for name, part in each["share"]), each["most"]) for each in said["rules"]
    )
    levels = {
        each.name: np.array(
            [[said["agreement"][each.name][kin.name][each.said(at)] for at in range(each.size)] for kin in KINDS]
        )
        for each in comparisons
    }
    shares = np.array([said["pairs"][kin.name] for kin in KINDS])
    bands = Bands(**{name: float(said["bands"][name]) for name in ("join", "judge")})
    if not 0 < bands.judge <= bands.join < 1:
        raise ValueError("its bands must be 0 < judge <= join < 1")
    judged = Corrections(**said["judged"])
    costs = tuple(Cost(**each) for each in said["costs"])
    return Model(
        comparisons, rules, said["common"], Chances(shares, levels, judged), int(said["records"]), bands, costs
    )
