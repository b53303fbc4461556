import hashlib
from pathlib import Path

import polars as pl
import pytest

from bluelamp.connectors.registry import CONNECTORS
from bluelamp.demo import generate
from bluelamp.demo.generate import FEEDS, TWICE
from bluelamp.demo.plan import SHARES
from bluelamp.errors import BlueLampError
from tests.demo.reading import Town


def sums(folder: Path) -> dict[str, str]:
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def test_the_same_seed_gives_the_same_bytes_and_progress_rises_from_nothing_to_all(town: Town, tmp_path: Path) -> None:
    again = tmp_path / "northgate"
    heard: list[float] = []
    generate("town", again, seed=7, progress=lambda _step, share: heard.append(share))
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)
    assert sums(again) == sums(town.folder)
    assert sums(again.with_name("northgate-truth")) == sums(town.beside)


def test_another_seed_gives_other_people_and_the_same_declarations(town: Town, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    generate("town", other, seed=8)
    one, two = sums(town.folder), sums(other)
    assert one["sources/crimes.yaml"] == two["sources/crimes.yaml"]
    assert one["deliveries/crimes/2026-10-crimes.csv"] != two["deliveries/crimes/2026-10-crimes.csv"]


def test_a_town_has_about_fifty_thousand_rows_in_ten_sources_of_seven_kinds(town: Town) -> None:
    counts = {feed.source: town.rows(feed.source).height for feed in FEEDS}
    assert set(counts) == set(SHARES) == set(town.workspace.sources)
    assert 42_500 <= sum(counts.values()) <= 57_500
    assert {each.read.connector for each in town.workspace.sources.values()} >= {
        "csv",
        "excel",
        "json",
        "jsonl",
        "parquet",
    }
    assert {each.read.connector for each in town.workspace.sources.values()} <= set(CONNECTORS)


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BlueLampError, match="is not empty"):
        generate("town", tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_what_was_stopped_is_no_workspace_and_is_made_anew(tmp_path: Path, town: Town) -> None:
    def stopped(_step: str, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate("town", tmp_path / "force", seed=7, progress=stopped)
    assert not (tmp_path / "force" / "bluelamp.toml").exists()
    generate("town", tmp_path / "force", seed=7)
    said = {each.relative_to(tmp_path / "force") for each in (tmp_path / "force").rglob("*")}
    assert said == {each.relative_to(town.folder) for each in town.folder.rglob("*") if ".bluelamp" not in each.parts}
    assert {each.name for each in tmp_path.iterdir()} == {"force", "force-truth"}


def test_one_delivery_came_twice_under_two_names_and_one_came_late(town: Town) -> None:
    home = town.folder / "deliveries"
    last = home / TWICE / "2026-10-crimes.csv"
    assert last.read_bytes() == (home / TWICE / "2026-10-crimes_copy.csv").read_bytes()
    late = pl.read_csv(
        home / "stops" / "2026-11-01-late-2026-09-stops.csv", infer_schema=False, truncate_ragged_lines=True
    )
    assert late["Date"].str.starts_with("2026-09").sum() > 0.9 * late.height
    assert not (home / "stops" / "2026-09-stops.csv").exists()
