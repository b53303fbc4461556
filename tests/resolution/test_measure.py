import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bluelamp.errors import DeclarationError
from bluelamp.resolution.measure import Group, Measure, Paired, Share, load, measured, paired, save


def test_precision_and_recall_are_those_of_bagga_and_baldwin() -> None:
    """Their example of 1998: one object of five records of one thing and one of another, and so on."""
    entity = np.array([0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2])
    found = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
    everyone = measured(entity, found, {})[0]
    assert everyone.precision.share == pytest.approx((5 * 1 + 2 * 2 / 7 + 5 * 5 / 7) / 12, abs=1e-5)
    assert everyone.recall.share == 1.0


def test_pairs_are_counted_within_objects_and_within_things() -> None:
    """The same example: 10 + 1 + 21 pairs are joined, 10 + 1 + 10 of them and of all that are true are of one thing."""
    entity = np.array([0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2])
    found = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
    assert paired(entity, found) == Paired(round(21 / 31, 5), 1.0, round(42 / 52, 5))
    assert paired(found, entity) == Paired(1.0, round(21 / 31, 5), round(42 / 52, 5))


def test_where_nothing_is_joined_no_pair_is_wrong_and_all_are_missed() -> None:
    alone = np.arange(6)
    assert paired(alone // 2, alone) == Paired(1.0, 0.0, 0.0)
    assert paired(alone, alone) == Paired(1.0, 1.0, 1.0)


def test_a_group_is_measured_by_its_own_records_and_a_small_one_not_at_all() -> None:
    entity = np.repeat(np.arange(100), 2)
    found = entity * 2 + (np.arange(200) % 2) * (entity >= 60)
    names = ["north" if each < 60 else "south" for each in entity.tolist()]
    names[0] = "lonely"
    _, north, south = measured(entity, found, {"area": names})
    assert (north.name, north.recall.share, south.recall.share) == ("north", 1.0, 0.5)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    chosen = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        whole = chosen.random(300) < 0.9
        entity = np.repeat(np.arange(300), 2)
        found = entity * 2 + (np.arange(600) % 2) * ~whole[entity]
        recall = measured(entity, found, {})[0].recall
        held += abs(recall.share - 0.95) <= recall.within
    assert 0.9 <= held / 300 <= 0.985


def test_the_gap_is_that_of_the_best_and_the_worst_group() -> None:
    groups = tuple(
        Group("sex", name, 90, Share(0.99, 0.01), Share(recall, 0.03))
        for name, recall in (("F", 0.9), ("M", 0.8), ("X", 0.85))
    )
    precision, recall = Measure("Person", "", 1, "", "", groups).gaps()["sex"]
    assert (precision.share, recall.share) == (0.0, 0.1)
    assert recall.within == pytest.approx(0.03 * 2**0.5, abs=1e-4)


def test_what_was_measured_before_pairs_were_told_is_read(tmp_path: Path) -> None:
    path = tmp_path / "person.measured.json"
    groups = measured(np.arange(60), np.arange(60), {})
    save(Measure("Person", "abc", 3, "2026-01-01", "truth.csv", groups, pairs=Paired(1.0, 1.0, 1.0)), path)
    said = json.loads(path.read_text())
    del said["pairs"]
    path.write_text(json.dumps(said))
    assert load(path) == Measure("Person", "abc", 3, "2026-01-01", "truth.csv", groups)


def test_what_was_measured_is_read_as_it_was_written_and_damage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "person.measured.json"
    assert load(path) is None
    measure = Measure("Person", "abc", 3, "2026-01-01", "truth.csv", measured(np.arange(60), np.arange(60), {}))
    for each in (measure, replace(measure, pairs=Paired(0.9, 0.8, 0.85))):
        save(each, path)
        assert load(path) == each
    path.write_text("{")
    with pytest.raises(DeclarationError, match="evaluate"):
        load(path)
