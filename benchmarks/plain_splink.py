"""The plain Splink script over the same people, beside which `benchmarks.arrivals` is to be read.

`python -m benchmarks.plain_splink FILE` trains without labels, scores, joins at one threshold; the same again with the
model it learned; then more records come. It does what Splink's guide says and nothing around it: no clusters or ids
are kept up when records come, since Splink offers no such thing. FILE is as `benchmarks.arrivals` has it.
"""

import logging
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import splink.comparison_library as by
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.arrivals import ALONE, TOGETHER, each, told

_READ = """
CREATE TABLE {table} AS SELECT record_id, nullif(first_name, 'unknown') AS given, surname AS family,
    nullif(first_name, 'unknown') || ' ' || surname AS whole, nullif(dob, '1900-01-01') AS born, postcode, house_no AS house,
    phone, vrm AS plate FROM '{file}' WHERE record_id BETWEEN {first} AND {last}
"""

SETTINGS = SettingsCreator(
    link_type="dedupe_only",
    unique_id_column_name="record_id",
    blocking_rules_to_generate_predictions=[
        block_on("born", "given"),
        block_on("born", "family"),
        block_on("born", "postcode"),
        block_on("given", "family", "postcode"),
        block_on("given", "family", "substr(born, 6)"),
        block_on("substr(given, 1, 3)", "substr(family, 1, 4)", "substr(born, 1, 4)"),
        block_on("postcode", "house", "substr(given, 1, 1)"),
        block_on("phone"),
        block_on("plate"),
    ],
    comparisons=[
        by.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="whole"),
        by.DateOfBirthComparison("born", input_is_string=True),
        by.PostcodeComparison("postcode"),
        by.ExactMatch("house"),
        by.LevenshteinAtThresholds("phone", 1),
        by.LevenshteinAtThresholds("plate", 1),
    ],
    retain_intermediate_calculation_columns=False,
    retain_matching_columns=False,
)
#: pairs that strangers are learned from, and pairs that each round of learning looks at
STRANGERS, LOOKED_AT = 1e7, 5e6
THRESHOLD = 5.0
#: a record that comes alone costs half a second: a few tell it
SINGLES = ALONE // 10

_names = (f"people_{number}" for number in count())


class Script:
    """One connection of Splink with the people it links."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._connection = duckdb.connect(config={"threads": "2"})
        self._api = DuckDBAPI(connection=self._connection)

    def people(self, first: int, last: int) -> Any:
        """The records with numbers from `first` to `last`, registered."""
        table, name = next(_names), next(_names)
        self._connection.execute(_READ.format(table=table, file=self._file, first=first, last=last))
        return self._api.register(self._connection.table(table), dataset_display_name=name)


def learned(people: Any) -> Linker:
    """A model of these people, learned without labels."""
    linker = Linker(people, SETTINGS, log_level=logging.ERROR)
    sure = [block_on("given", "family", "born"), block_on("phone", "born"), block_on("family", "born", "postcode")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.65)
    linker.training.estimate_u_using_random_sampling(max_pairs=STRANGERS)
    for rule in (block_on("given", "family"), block_on("born")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=LOOKED_AT
        )
    return linker


def clustered(linker: Linker) -> None:
    """Score what the blocks propose, and join."""
    scores = linker.inference.predict(threshold_match_weight=-5)
    linker.clustering.cluster_pairwise_predictions_at_threshold(scores, threshold_match_weight=THRESHOLD)


def main() -> None:
    """Print the table."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    file = sys.argv[1]
    ((first, last),) = duckdb.sql(f"SELECT min(record_id), max(record_id) FROM '{file}'").fetchall()
    kept = last - TOGETHER - SINGLES
    print("| step | processor | memory |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "model.json")
        with told("plain Splink: with training, from records to clusters"):
            linker = learned(Script(file).people(first, kept))
            clustered(linker)
        linker.misc.save_model_to_json(model)
        del linker
        with told("plain Splink: the same with a saved model"):
            script = Script(file)
            held = script.people(first, kept)
            linker = Linker(held, model, log_level=logging.ERROR)
            clustered(linker)
        more = script.people(kept + 1, kept + TOGETHER)
        with told(f"plain Splink: {TOGETHER:,} more, pairs only"):
            linker.inference.predict_within(more, threshold_match_weight=-5)
            linker.inference.predict_between(more, held, threshold_match_weight=-5)
        singles = [script.people(number, number) for number in range(kept + TOGETHER + 1, last + 1)]
        began = time.perf_counter()
        took = each(
            len(singles),
            lambda at: linker.inference.predict_between(singles[at], held, threshold_match_weight=-5),
        )
        wall = 1000 * (time.perf_counter() - began) / len(singles)
    p50, p95 = np.percentile(took, 50), np.percentile(took, 95)
    print(f"| plain Splink: one more, pairs only, p50 / p95 | {p50:.0f} / {p95:.0f} CPU ms ({wall:.0f} ms each) | |")


if __name__ == "__main__":
    main()
