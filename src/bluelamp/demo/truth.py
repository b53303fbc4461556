"""The truth beside the made-up data: which row is which person, vehicle, phone or place; families, groups, series."""

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bluelamp.demo.belongings import NEVER
from bluelamp.demo.columns import only
from bluelamp.demo.origins import ETHNICITY, OBSERVED
from bluelamp.demo.plan import DAY, Ints
from bluelamp.demo.world import World

TYPES = ("Person", "Vehicle", "Phone", "Location")
_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("record", pa.string()),
        ("entity", pa.int64()),
    ]
)
_ROLES = ("head", "partner", "child", "grandparent", "sharer")
_AT_ONCE = 400_000


class Truth:
    """Writes one Parquet file per object type as sources are delivered, so that it never holds more than a few."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._writers = {
            kind: pq.ParquetWriter(folder / f"{kind.lower()}.parquet", _SCHEMA, compression="zstd") for kind in TYPES
        }
        self._waiting: dict[str, list[pa.Table]] = {kind: [] for kind in TYPES}
        self._rejects: list[tuple[str, str, int, str]] = []

    def tell(self, kind: str, source: str, file: str, record: str, row: Ints, entity: Ints) -> None:
        """Note which thing each row's record is; a negative entity is none."""
        real = entity >= 0
        count = int(real.sum())
        columns = [pa.repeat(source, count), pa.repeat(file, count), row[real], pa.repeat(record, count), entity[real]]
        self._waiting[kind].append(pa.Table.from_arrays([pa.array(each) for each in columns], schema=_SCHEMA))
        if sum(each.num_rows for each in self._waiting[kind]) > _AT_ONCE:
            self._flush(kind)

    def reject(self, source: str, file: str, row: int, kind: str) -> None:
        """Note a row that nobody can read."""
        self._rejects.append((source, file, row, kind))

    def _flush(self, kind: str) -> None:
        if self._waiting[kind]:
            self._writers[kind].write_table(pa.concat_tables(self._waiting[kind]).combine_chunks())
        self._waiting[kind] = []

    def close(self) -> None:
        """Write what is left."""
        for kind, writer in self._writers.items():
            self._flush(kind)
            writer.close()
        names = ["source", "file", "row", "kind"]
        frame = pl.DataFrame(self._rejects, schema=names, orient="row", infer_schema_length=None)
        frame.write_parquet(self._folder / "rejects.parquet")


def world(folder: Path, made: World) -> None:
    """Write what is true of people, vehicles, phones, homes, families, groups and crimes."""
    tables = {"people": persons(made), "crimes": crimes(made), **belongings(made), "links": links(made)}
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")


def persons(made: World) -> pl.DataFrame:
    """Who everybody is."""
    people = made.people
    return pl.DataFrame(
        {
            "person": np.arange(people.count),
            "given": people.given,
            "middle": people.middle,
            "surname": people.surname,
            "former_surname": people.former,
            "born": days(people.born),
            "sex": pl.Series(np.where(people.female, "F", "M")),
            "name_origin": people.origin(),
            "ethnicity_self": pl.Series(ETHNICITY).gather(people.ethnicity),
            "ethnicity_observed": pl.Series(OBSERVED).gather(people.observed),
            "household": people.household,
            "role_at_home": pl.Series(_ROLES).gather(people.role),
            "group": made.group,
            "pnc_id": people.pnc,
            "cro": people.cro,
            "nino": people.nino,
        }
    )


def belongings(made: World) -> dict[str, pl.DataFrame]:
    """Homes, addresses, phones and vehicles, and whose they are when."""
    phones, vehicles = made.phones, made.vehicles
    tables = {
        "homes": {
            "household": np.arange(made.people.homes),
            "place": made.homes.first,
            "next_place": made.homes.second,
            "moved": when(made.homes.moved),
        },
        "places": {
            "place": np.arange(len(made.places.ward)),
            "address": made.places.line,
            "postcode": made.places.postcode,
            "lat": made.places.lat,
            "lon": made.places.lon,
            "ward": made.places.wards["code"].gather(made.places.ward),
        },
        "phones": {"phone": np.arange(len(phones.number)), "number": "+44" + phones.number},
        "phone_users": {
            "person": np.arange(made.people.count),
            "phone": phones.first,
            "next_phone": phones.second,
            "changed": when(phones.changed),
        },
        "vehicles": {
            "vehicle": np.arange(len(vehicles.vrm)),
            "vrm": vehicles.vrm,
            "keeper": vehicles.keeper,
            "next_keeper": vehicles.sold_to,
            "sold": when(vehicles.sold),
            "clone": np.where(vehicles.cloned >= 0, np.arange(len(vehicles.vrm)) + len(vehicles.vrm), -1),
        },
    }
    return {name: pl.DataFrame(columns) for name, columns in tables.items()}


def crimes(made: World) -> pl.DataFrame:
    """Who did what to whom, recorded or not."""
    crimes = made.crimes
    return pl.DataFrame(
        {
            "reference": crimes.reference,
            "reported": when(crimes.reported),
            "place": crimes.place,
            "victim": crimes.victim,
            "offender": crimes.offender,
            "second_offender": crimes.second,
            "named": crimes.named,
            "series": crimes.series,
        }
    )


def links(made: World) -> pl.DataFrame:
    """Who truly belongs together: `family` and `household` of one home, `group` of those who offend together."""
    people = made.people
    head = np.searchsorted(people.household, people.household)
    index = np.arange(people.count)
    home = index != head
    order = np.flatnonzero(made.group >= 0)
    order = order[np.argsort(made.group[order], kind="stable")]
    same = made.group[order][1:] == made.group[order][:-1]
    kind = np.where(people.role[home] == 4, "household", "family")
    return pl.DataFrame(
        {
            "kind": pl.concat([pl.Series(kind), pl.repeat("group", int(same.sum()), eager=True)]),
            "person": np.concatenate([head[home], order[:-1][same]]),
            "other": np.concatenate([index[home], order[1:][same]]),
        }
    )


def when(moment: Ints) -> pl.Series:
    """Moments as such; null for never."""
    real = moment < NEVER
    text = pl.Series(np.where(real, moment, 0) * 1000).cast(pl.Datetime("ms"))
    return only(text, real)


def days(born: Ints) -> pl.Series:
    """Days since 1970 as dates."""
    return pl.Series(born * DAY * 1000).cast(pl.Datetime("ms")).dt.date()
