"""The pointer and what it points to: one step, never half, and what is swept away."""

from pathlib import Path

import pytest

from bluelamp.lake.store import Store
from bluelamp.pipeline import build as builds
from bluelamp.pipeline.build import Build, Damaged, SourceState


def published(store: Store, number: int) -> Build:
    """A build of nothing, made current."""
    build = Build(
        number, "2026-11-21T10:00:00+00:00", "ann", {"custody": SourceState(1, "f", 3, 2, 1, 0)}, {"issues": 2}
    )
    builds.switch(store, build, builds.begin(store, number))
    return build


def numbers(store: Store) -> list[str]:
    return sorted(path.name for path in store.builds.iterdir() if path.is_dir())


def test_before_the_first_build_there_is_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert builds.current(store) is None
    assert builds.standing(store) == (None, True)
    assert builds.following(store, None) == 1


def test_what_is_published_is_read_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    build = published(store, 1)
    assert builds.current(store) == build
    assert builds.following(store, build) == 2


def test_a_build_that_is_begun_changes_nothing_until_the_switch(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = published(store, 1)
    (builds.begin(store, 2) / "half").write_text("x")
    assert builds.current(store) == first
    builds.sweep(store)
    assert numbers(store) == ["000001"]


def test_the_last_build_is_kept_for_those_who_still_read_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in (1, 2, 3):
        published(store, number)
    # finished by a run that was killed before the switch
    builds.begin(store, 4).rename(builds.folder(store, 4))
    builds.sweep(store)
    assert numbers(store) == ["000002", "000003"]


def test_nothing_is_swept_away_while_the_pointer_is_damaged(tmp_path: Path) -> None:
    store = Store(tmp_path)
    builds_of = [published(store, number) for number in (1, 2)]
    for content in (b"", b"99", b"\xff"):
        (store.builds / "current").write_bytes(content)
        builds.sweep(store)
        assert numbers(store) == ["000001", "000002"]
        assert builds.standing(store) == (builds_of[1], False)
        assert builds.following(store, builds_of[1]) == 3


def test_damage_is_one_sentence_that_names_the_file(tmp_path: Path) -> None:
    store = Store(tmp_path)
    published(store, 1)
    (builds.folder(store, 1) / "build.json").write_text("[1")
    with pytest.raises(Damaged, match=r"000001/build\.json is damaged or missing; run `bluelamp run`"):
        builds.current(store)
    (store.builds / "current").unlink()
    with pytest.raises(Damaged, match=r"builds/current is damaged or missing"):
        builds.current(store)
