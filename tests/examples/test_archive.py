"""What the example's README says of the archives of data.police.uk, done to the samples."""

import re
import shutil
import zipfile
from pathlib import Path

import bluelamp
from tests.examples.conftest import LONDON, SAMPLES, copied

#: what stands in the archive for each sample; its names and folders are those of data.police.uk
MEMBERS = {
    "2023-06/2023-06-metropolitan-street.csv": "london_burglary_2010-12_2023-12.csv",
    "2023-06/2023-06-city-of-london-street.csv": "city_of_london_street_2022-07_2023-06.csv",
    "2023-06/2023-06-metropolitan-outcomes.csv": "london_burglary_outcomes_2012-01_2023-12.csv",
    "2023-06/2023-06-metropolitan-stop-and-search.csv": "london_stop_search_2021-06_2023-12.csv",
}
_READ = re.compile(r"^# (?P<source>[a-z-]+)\.yaml.*\n(?P<read>read: .*)$", re.MULTILINE)


def from_archives(folder: Path, database: str) -> Path:
    """The example with the changes that its README tells for archives."""
    copied(folder, database)
    (folder / "sources" / "burglary.yaml").unlink()
    for source, read in _READ.findall((LONDON / "README.md").read_text(encoding="utf-8")):
        path = folder / "sources" / f"{source}.yaml"
        text = re.sub("^read: .*$", read, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        text = text.replace("      crime_type: {constant: Burglary}\n", "")
        text = text.replace("force: {constant: Metropolitan Police Service}", "force: Force")
        path.write_text(text, encoding="utf-8")
    return folder


def test_an_archive_of_data_police_uk_is_read_as_the_readme_says(tmp_path: Path, postgres_url: str) -> None:
    deliveries = tmp_path / "deliveries"
    deliveries.mkdir()
    with zipfile.ZipFile(deliveries / "download.zip", "w") as archive:
        for member, sample in MEMBERS.items():
            archive.write(SAMPLES / sample, member)
    for area in ("london_*.geojson", "london_area_*", "london_lsoa21_*"):
        for path in SAMPLES.glob(area):
            shutil.copy(path, deliveries)
    force = bluelamp.open(from_archives(tmp_path / "london", postgres_url))
    try:
        outcome = force.run(who="tester", progress=lambda *_: None, base=deliveries)
    finally:
        force.close()
    kept = {name: state.kept for name, state in outcome.build.sources.items()}
    lines = {member: len((SAMPLES / sample).read_text().splitlines()) - 1 for member, sample in MEMBERS.items()}
    street, city, outcomes, stops = lines.values()
    assert (kept["city-crime"], kept["burglary-outcomes"], kept["stop-search"]) == (street + city, outcomes, stops)
    assert outcome.build.objects["Crime"] < street + city
