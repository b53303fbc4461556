"""What published files hold, counted row by row in plain Python, so that it can be set against what was built."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import duckdb

from bluelamp.pipeline.run import Outcome
from bluelamp.session.force import BlueLamp

Row = dict[str, str]


@dataclass(frozen=True)
class Built:
    """The example as built: the opened workspace, what the run did, and a copy of the index to count in."""

    force: BlueLamp
    outcome: Outcome
    index: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer of the index itself, past every session."""
        return self.index.execute(query).fetchall()


class Street:
    """One file of crimes in the columns of data.police.uk."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self.rows = self.incidents = 0
        #: each crime, or row without a Crime ID, with where it happened
        self.placed: set[tuple[str | int, str]] = set()
        self.without_id: list[int] = []
        self.ids: Counter[str] = Counter()
        self.points: set[str] = set()
        self.areas: set[str] = set()
        self.points_in_areas: set[tuple[str, str]] = set()
        self.outcomes: Counter[str] = Counter()
        #: rows whose values had to be quoted, by their number
        self.quoted: dict[int, Row] = {}
        self.rows_of_area: dict[str, int] = defaultdict(int)
        for number, row in enumerate(rows, 1):
            self._add(number, row)

    def _add(self, number: int, row: Row) -> None:
        self.rows += 1
        if row["Crime type"] == "Anti-social behaviour":
            self.incidents += 1
        elif row["Crime ID"]:
            self.ids[row["Crime ID"]] += 1
        else:
            self.without_id.append(number)
        if "," in row["Location"]:
            self.quoted[number] = row
        if row["Last outcome category"]:
            self.outcomes[row["Last outcome category"]] += 1
        if place := point(row):
            self.placed.add((row["Crime ID"] or number, place))
            self.points.add(place)
            self.points_in_areas.add((place, row["LSOA code"]))
            self.areas.add(row["LSOA code"])
            self.rows_of_area[row["LSOA code"]] += 1

    @property
    def located(self) -> int:
        """At how many points crimes happened; one that is told of twice at a point is one there."""
        return len(self.placed)

    @property
    def crimes(self) -> int:
        """Crimes, each Crime ID being one, and each row without one too."""
        return len(self.ids) + len(self.without_id)


class Stops:
    """One file of stops and searches."""

    COUNTED = ("Gender", "Age range", "Self-defined ethnicity", "Officer-defined ethnicity", "Outcome")

    def __init__(self, rows: Iterator[Row]) -> None:
        self.rows = self.located = 0
        self.points: set[str] = set()
        self.values: dict[str, Counter[str]] = {column: Counter() for column in self.COUNTED}
        self.first = ""
        for row in rows:
            self.rows += 1
            self.first = min(self.first or row["Date"], row["Date"])
            for column, counter in self.values.items():
                counter[row[column]] += 1
            if place := point(row):
                self.located += 1
                self.points.add(place)


class Published:
    """All files of the example in one folder, packed or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, pattern: str) -> Path:
        """The one file that fits."""
        (found,) = self.folder.glob(pattern)
        return found

    def rows(self, pattern: str) -> Iterator[Row]:
        """The rows of a CSV file."""
        with opened(self.path(pattern)) as text:
            yield from csv.DictReader(text)

    def features(self, pattern: str) -> list[dict[str, Any]]:
        """The features of a GeoJSON file."""
        with opened(self.path(pattern)) as text:
            found: list[dict[str, Any]] = json.load(text)["features"]
        return found

    @cached_property
    def burglary(self) -> Street:
        """Burglary in the Metropolitan Police's area."""
        return Street(self.rows("london_burglary_2*"))

    @cached_property
    def city(self) -> Street:
        """Street crime in the City of London."""
        return Street(self.rows("city_of_london_street_*"))

    @cached_property
    def outcomes(self) -> dict[str, list[str]]:
        """The outcomes of burglaries by Crime ID."""
        found = defaultdict(list)
        for row in self.rows("london_burglary_outcomes_*"):
            found[row["Crime ID"]].append(row["Outcome type"])
        return found

    @cached_property
    def stops(self) -> list[Stops]:
        """The two files of stops, the older first."""
        return [Stops(self.rows(f"london_stop_search_{start}*")) for start in ("2016", "2021")]

    @cached_property
    def lookup(self) -> list[Row]:
        """Which area is in which."""
        return list(self.rows("london_area_lookup_*"))

    @cached_property
    def boundaries(self) -> dict[str, list[str]]:
        """The codes of boroughs, wards and statistical areas with a boundary."""
        named = {"boroughs": ("borough", "LAD24CD"), "wards": ("ward", "WD24CD"), "lsoas": ("lsoa", "LSOA21CD")}
        return {
            source: [each["properties"][code] for each in self.features(f"london_{file}.geojson*")]
            for source, (file, code) in named.items()
        }

    @cached_property
    def area_codes(self) -> set[str]:
        """Every area that any file names."""
        codes = self.burglary.areas | self.city.areas | {row["LSOA 2021 Code"] for row in self.rows("*population_imd*")}
        for known in self.boundaries.values():
            codes |= set(known)
        for column in ("LSOA21CD", "LSOA11CD", "MSOA21CD", "WD24CD", "LAD22CD"):
            codes |= {row[column] for row in self.lookup}
        return codes

    @property
    def read(self) -> dict[str, int]:
        """The rows of each source."""
        return {
            "burglary": self.burglary.rows,
            "burglary-outcomes": sum(map(len, self.outcomes.values())),
            "city-crime": self.city.rows,
            "stop-search": sum(each.rows for each in self.stops),
            "area-lookup": len(self.lookup),
            "population": sum(1 for _ in self.rows("*population_imd*")),
            **{source: len(codes) for source, codes in self.boundaries.items()},
        }


def opened(path: Path) -> IO[str]:
    """The file as text, unpacked."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def point(row: Row) -> str:
    """The map point of a row to six decimals; "" where it has none."""
    return f"{float(row['Latitude']):.6f},{float(row['Longitude']):.6f}" if row["Latitude"] else ""
