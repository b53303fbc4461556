"""How well and at what cost resolution finds who is who: open data with known truth, which it never sees.

`python -m benchmarks.resolution [FOLDER]`: FOLDER holds the labelled files of `er/open`. Pairs are scored after closure;
B-cubed is as Bagga and Baldwin (1998) have it. The calibration error is over 20 bins of equal count of all scored pairs.
"""

import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from bluelamp.resolution.bands import joined
from bluelamp.resolution.block import merged
from bluelamp.resolution.cluster import Pairs
from bluelamp.resolution.compare import Comparison, Role
from bluelamp.resolution.frame import Frame, frame
from bluelamp.resolution.measure import paired
from bluelamp.resolution.train import train
from bluelamp.types.likeness import ADDRESS, CHOICE, CODE, DATE, NAME, POSTCODE, WORDS

GIVEN, FAMILY = Comparison("given", NAME, Role.GIVEN), Comparison("family", NAME, Role.FAMILY)
BORN, SEX = Comparison("born", DATE, Role.BIRTH), Comparison("sex", CHOICE, Role.SEX)
POST, HOME = Comparison("postcode", POSTCODE, Role.PLACE), Comparison("address", ADDRESS, Role.PLACE)
PHONE, PLATE = Comparison("phone", CODE, Role.CONTACT), Comparison("plate", CODE, Role.CONTACT)
MIDDLE = Comparison("middle", NAME, Role.OTHER_NAME)
BIRTHPLACE, WORK = Comparison("birthplace", WORDS, Role.TRAIT), Comparison("work", WORDS, Role.TRAIT)


@dataclass(frozen=True)
class Labelled:
    """A set of records with known truth: its files, the SQL that reads them, and what it is compared by."""

    files: tuple[str, ...]
    sql: str
    comparisons: tuple[Comparison, ...]


SETS = {
    "historical_50k_A": Labelled(
        ("historical_50k_A.parquet",),
        "select cluster as entity, first_name as given, surname as family, dob as born, replace(postcode_fake, ' ', '') "
        "as postcode, birth_place as birthplace, occupation as work, gender as sex from {file}",
        (GIVEN, FAMILY, BORN, POST, BIRTHPLACE, WORK, SEX),
    ),
    "ONS half A": Labelled(
        ("ons_census_A.csv.gz", "ons_cis_A.csv.gz"),
        "select person_id as entity, lower(nullif(trim(forename), '')) as given, lower(nullif(trim(surname), '')) as family, "
        "nullif(trim(sex), '') as sex, lower(nullif(trim(postcode), '')) as postcode, lower(nullif(trim(address), '')) "
        "as address, case when dob_day <> '' and dob_mon <> '' and dob_year <> '' and dob_day <> 'nan' then "
        "lpad(dob_year, 4, '0') || '-' || lpad(dob_mon, 2, '0') || '-' || lpad(dob_day, 2, '0') end as born from {file}",
        (GIVEN, FAMILY, BORN, POST, HOME, SEX),
    ),
    "synthetic 60k": Labelled(
        ("synthetic_police_60k_seed7.parquet",),
        "select entity_id as entity, nullif(first_name, 'unknown') as given, middle_name as middle, surname as family, "
        "nullif(dob, '1900-01-01') as born, sex, house_no || ' ' || street as address, replace(postcode, ' ', '') as postcode, "
        "phone, vrm as plate from {file}",
        (GIVEN, FAMILY, MIDDLE, BORN, POST, HOME, PHONE, PLATE, SEX),
    ),
    "febrl3": Labelled(
        ("febrl3.csv.gz",),
        "select entity_id as entity, nullif(trim(given_name), '') as given, nullif(trim(surname), '') as family, "
        "case when length(trim(date_of_birth)) = 8 then left(date_of_birth, 4) || '-' || substr(date_of_birth, 5, 2) || '-' "
        "|| right(date_of_birth, 2) end as born, street_number || ' ' || address_1 as address, nullif(trim(suburb), '') "
        "as birthplace, nullif(trim(soc_sec_id), '') as plate from {file}",
        (GIVEN, FAMILY, BORN, HOME, BIRTHPLACE, PLATE),
    ),
}  # fmt: skip


def loaded(labelled: Labelled, folder: Path) -> tuple[Frame, np.ndarray]:
    """The records of a set, and which thing each is."""
    connection = duckdb.connect(config={"threads": "2"})
    reads = [
        f"read_csv('{folder / f}', all_varchar=true)" if ".csv" in f else f"'{folder / f}'" for f in labelled.files
    ]
    rows = " union all by name ".join(labelled.sql.format(file=each) for each in reads)
    table = connection.sql(f"select row_number() over () as record, * from ({rows})").to_arrow_table()
    entity = np.unique(np.array(table.column("entity").to_pylist(), dtype=str), return_inverse=True)[1]
    return frame(table, [each.name for each in labelled.comparisons]), entity


def measure(labelled: Labelled, folder: Path) -> dict[str, float]:
    """Precision and recall of pairs and B-cubed, the calibration error, and processor seconds with training."""
    began = processor()
    records, entity = loaded(labelled, folder)
    trained = train(records, labelled.comparisons)
    model = trained.model
    found = joined(len(records), trained.pairs, lambda a, b: model.weigh(records, a, b), model.bands.shift)
    taken = processor() - began
    left, right = merged(each.pairs(rule.most) for each, rule in zip(trained.blocks, model.rules, strict=True))
    pairs = Pairs(left, right, model.weigh(records, left, right))
    same = entity[pairs.left] == entity[pairs.right]
    return scored(entity, found) | {"ece": calibration(pairs.weight, same), "cpu_s": taken, "join": model.bands.join}


def scored(entity: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """Pair F1 and B-cubed precision, recall and F1 of clusters against entities, and the largest cluster."""
    both, together = np.unique(np.stack([entity, found]), axis=1, return_counts=True)
    entities, clusters = np.bincount(entity)[both[0]], np.bincount(found)[both[1]]
    precision = float((together**2 / clusters).sum() / len(entity))
    recall = float((together**2 / entities).sum() / len(entity))
    return {
        "b3_precision": precision,
        "b3_recall": recall,
        "b3_f1": 2 * precision * recall / (precision + recall),
        "pair_f1": paired(entity, found).f1,
        "largest": float(np.bincount(found).max()),
    }


def calibration(weight: np.ndarray, same: np.ndarray) -> float:
    """How far stated probabilities are from the observed share, on average over 20 bins."""
    stated = 1 / (1 + np.exp(-np.clip(weight, -500, 500)))
    bins = np.array_split(np.argsort(stated, kind="stable"), 20)
    return float(sum(len(each) * abs(stated[each].mean() - same[each].mean()) for each in bins) / len(stated))


def memory() -> int:
    """The most memory that the process has used, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def processor() -> float:
    """Processor seconds that the process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the table."""
    here = Path(os.environ.get("BLUELAMP_DATA", "../shared/data")) / "er" / "open"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    print(
        "| set | B-cubed P / R / F1 | pair F1 | largest | calibration error | joins from | CPU s |\n| --- | --- | --- | --- | --- | --- | --- |"
    )
    for name, labelled in SETS.items():
        got = measure(labelled, folder)
        print(
            f"| {name} | {got['b3_precision']:.4f} / {got['b3_recall']:.4f} / {got['b3_f1']:.4f} | {got['pair_f1']:.4f} "
            f"| {got['largest']:.0f} | {got['ece']:.4f} | {got['join']} | {got['cpu_s']:.1f} |"
        )


if __name__ == "__main__":
    main()
