"""Open data with known truth, declared as a stranger would, in YAML alone: who is who comes out as well as is promised.

The truth is only looked at when all is done; the figures are those of the table in docs/benchmarks.md.
"""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from benchmarks.resolution import scored
from bluelamp.pipeline.run import run
from tests.factory import loaded, store, workspace

SOURCE = """
    source: {name}
    title: Register {name}
    owner: Registrar
    lawful_basis: DPA 2018 s.35(2)(b)
    purposes: [investigation]
    marking: OFFICIAL
    retention: mopi-2
    read: {{connector: {connector}, path: "{path}"}}
    records: {{one: {{type: Resident, key: [{key}], set: {set}}}}}
    """


@dataclass(frozen=True)
class Register:
    """Files of one shape, how they are declared, and the least that must come out."""

    files: tuple[str, ...]
    key: str
    entity: str
    #: property -> its type, and what it is made of
    properties: dict[str, tuple[str, object]]
    b3_f1: float
    pair_f1: float


REGISTERS = {
    "historical": Register(
        ("historical_50k_A.parquet",), "unique_id", "cluster",
        {
            "first_name": ("Name", "first_name"), "last_name": ("Name", "surname"), "full_name": ("Name", "full_name"),
            "born": ("Date", {"column": "dob", "format": "iso"}), "postcode": ("Postcode", "postcode_fake"),
            "birth_place": ("Text", "birth_place"), "occupation": ("Text", "occupation"), "sex": ("Sex", "gender"),
        },
        0.905, 0.86,
    ),
    "census": Register(
        ("ons_census_A.csv.gz", "ons_cis_A.csv.gz"), "rec_id", "person_id",
        {
            "forename": ("Name", "forename"), "surname": ("Name", "surname"), "sex": ("Sex", "sex"),
            "born": ("Date", {"year": "dob_year", "month": "dob_mon", "day": "dob_day"}),
            "address": ("Address", "address"), "postcode": ("Postcode", "postcode"),
        },
        0.99, 0.986,
    ),
    "synthetic": Register(
        ("synthetic_police_60k_seed7.parquet",), "record_id", "entity_id",
        {
            "given_name": ("Name", "first_name"), "middle_name": ("Name", "middle_name"), "surname": ("Name", "surname"),
            "born": ("Date", {"column": "dob", "format": "iso"}), "sex": ("Sex", "sex"),
            "address": ("Address", {"join": ["house_no", "street"], "with": " "}), "postcode": ("Postcode", "postcode"),
            "phone": ("Phone", "phone"), "plate": ("Vrm", "vrm"),
        },
        0.970, 0.96,
    ),
    "social security": Register(
        ("febrl4a.csv.gz", "febrl4b.csv.gz"), "rec_id", "entity_id",
        {
            "given_name": ("Name", "given_name"), "surname": ("Name", "surname"),
            "born": ("Date", {"column": "date_of_birth", "format": "%Y%m%d"}), "state": ("Text", "state"),
            "address": ("Address", {"join": ["street_number", "address_1", "address_2"], "with": " "}),
            "suburb": ("Text", "suburb"), "postal": ("Text", "postcode"), "number": ("Reference", "soc_sec_id"),
        },
        0.99, 0.99,
    ),
}  # fmt: skip
# up to six records of one person, where nobody has kin
_FEBRL = REGISTERS["social security"]
REGISTERS["nobody's kin"] = replace(_FEBRL, files=("febrl3.csv.gz",))
REGISTERS["nobody's kin, and no number"] = replace(
    _FEBRL,
    files=("febrl3.csv.gz",),
    properties={name: made for name, made in _FEBRL.properties.items() if name != "number"},
)


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_declared_in_yaml_alone_is_resolved_as_well_as_promised(name: str, tmp_path: Path) -> None:
    register, folder = REGISTERS[name], tmp_path / "force"
    files = Path(os.environ["BLUELAMP_DATA"]).resolve() / "er" / "open"
    declare(folder, register)
    run(loaded(folder), "tester", lambda *_: None, base=files)
    entity, found = told(folder, register, files)
    got = scored(entity, found)
    assert got["b3_f1"] >= register.b3_f1, got
    assert got["pair_f1"] >= register.pair_f1, got
    # promised for any set
    assert got["largest"] <= 40, got


def declare(folder: Path, register: Register) -> None:
    """Write the workspace: one type, and a source for each file."""
    names = [name for name, (kind, _) in register.properties.items() if kind == "Name"]
    kinds = {name: kind for name, (kind, _) in register.properties.items()}
    noun = {"type": "Resident", "kind": "person", "label": "Resident", "plural": "Residents", "caption": names}
    made = json.dumps({name: value for name, (_, value) in register.properties.items()})
    sources = {
        f"r{at}": SOURCE.format(
            name=f"r{at}",
            connector="parquet" if file.endswith("parquet") else "csv",
            path=file,
            key=register.key,
            set=made,
        )
        for at, file in enumerate(register.files)
    }
    workspace(folder, sources, {"types/resident.yaml": json.dumps(noun | {"properties": kinds})})


def told(folder: Path, register: Register, where: Path) -> tuple[np.ndarray, np.ndarray]:
    """Of each record the thing that it truly is of, and the object that it came to."""
    kept = store(folder)
    reads = " union all by name ".join(
        f"select {register.key}::varchar as key, {register.entity}::varchar as entity from "
        + (f"read_csv('{where / file}', all_varchar = true)" if ".csv" in file else f"'{where / file}'")
        for file in register.files
    )
    rows = duckdb.sql(
        f"select entity, coalesce(e.object, r.record) as object from ({reads}) t "
        f"join (select distinct key, record from {kept.records('Resident').relation()}) r using (key) "
        f"left join {kept.entities.relation()} e on e.type = 'Resident' and e.record = r.record"
    ).to_arrow_table()
    both = (rows.column(name).to_numpy(zero_copy_only=False) for name in ("entity", "object"))
    entity, found = (np.unique(each.astype(str), return_inverse=True)[1] for each in both)
    return entity, found
