"""The least that the same libraries can do with the London burglary file: the yardstick for `bluelamp run`.

DuckDB reads the CSV and writes it as Parquet, builds tables of crimes, of places and of areas, and tantivy indexes the
same texts. No types, no checks, no rejects, no provenance, no versions, nothing to resume.
"""

import sys
import tempfile
import time
from pathlib import Path

import duckdb
import tantivy

CRIMES = """
    SELECT row_number() OVER () AS object, "Crime ID" AS reference, "Crime type" AS crime_type, "Month" AS happened_at,
           "Last outcome category" AS outcome, "Falls within" AS force, "LSOA code" AS area_code, "LSOA name" AS area_name,
           "Location" AS place
    FROM read_parquet('{file}')"""
PLACES = """
    SELECT 10000000 + row_number() OVER () AS object, * FROM
    (SELECT DISTINCT "Location" AS name, "Latitude" || ',' || "Longitude" AS point, "LSOA code" AS area_code,
            "LSOA name" AS area_name FROM read_parquet('{file}'))"""
AREAS = """
    SELECT 20000000 + row_number() OVER () AS object, * FROM
    (SELECT DISTINCT "LSOA code" AS area_code, "LSOA name" AS area_name FROM read_parquet('{file}'))"""
TEXTS = """
    SELECT to_json({object: object, day: replace(happened_at, '-', '')::INT,
                    text: concat_ws(' ', reference, crime_type, outcome, force, area_code, area_name)})::VARCHAR FROM crime
    UNION ALL
    SELECT to_json({object: object, day: 0, text: concat_ws(' ', name, area_code, area_name)})::VARCHAR FROM place
    UNION ALL
    SELECT to_json({object: object, day: 0, text: concat_ws(' ', area_code, area_name)})::VARCHAR FROM area"""


def build(source: Path, folder: Path) -> int:
    """Make everything in `folder`; returns the number of texts."""
    connection = duckdb.connect(str(folder / "objects.duckdb"), config={"threads": "2"})
    read = f"read_csv('{source}', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')"
    file = folder / "raw.parquet"
    connection.execute(f"COPY (SELECT * FROM {read}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    connection.execute("CREATE TABLE crime AS " + CRIMES.format(file=file) + " ORDER BY object")
    connection.execute("CREATE TABLE place AS " + PLACES.format(file=file) + " ORDER BY object")
    connection.execute("CREATE TABLE area AS " + AREAS.format(file=file) + " ORDER BY object")
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("object", indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name="default", index_option="position")
    (folder / "text").mkdir()
    writer = tantivy.Index(builder.build(), path=str(folder / "text")).writer(400_000_000, 2)
    count = 0
    result = connection.execute(TEXTS)
    while rows := result.fetchmany(100_000):
        for (text,) in rows:
            writer.add_json(text)
        count += len(rows)
    writer.commit()
    writer.wait_merging_threads()
    connection.close()
    return count


if __name__ == "__main__":
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as made:
        texts = build(Path(sys.argv[1]), Path(made))
    print(f"{texts:,} texts in {time.perf_counter() - started:.2f} s")
