"""How well two whole names are told to be one person's, against a set of labelled pairs.

`python -m benchmarks.name_pairs [FOLDER]`: FOLDER holds `name_pairs_nomenklatura.csv.gz` (MIT licence). The threshold is that
of the package, chosen before; the best one is what others report.
"""

import csv
import gzip
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rapidfuzz.distance import JaroWinkler

from bluelamp.types.whole import MAY_BE_ONE, alike

Pairs = Sequence[tuple[float, bool]]


def f1(scored: Pairs, least: float) -> float:
    """F1 of saying that pairs from a score on are one."""
    said = [same for score, same in scored if score >= least]
    return 2 * sum(said) / max(1, len(said) + sum(same for _, same in scored))


def best(scored: Pairs) -> float:
    """The best F1 of any threshold."""
    return max(f1(scored, score) for score, _ in scored)


def main() -> None:
    """Print the table."""
    here = Path(os.environ.get("BLUELAMP_DATA", "../shared/data")) / "er" / "open"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    with gzip.open(folder / "name_pairs_nomenklatura.csv.gz", "rt", encoding="utf-8") as file:
        rows = [each for each in csv.DictReader(file) if each["schema"] == "Person"]
    print("| name pairs, people | F1 at the package's threshold | at the best one |\n| --- | --- | --- |")
    for name, score in (("word by word", alike), ("Jaro-Winkler", _whole)):
        scored = [(score(each["name1"], each["name2"]), each["is_match"] == "true") for each in rows]
        print(f"| {name} | {f1(scored, MAY_BE_ONE):.3f} | {best(scored):.3f} |")


def _whole(one: str, other: str) -> float:
    return JaroWinkler.similarity(one.lower(), other.lower())


if __name__ == "__main__":
    main()
