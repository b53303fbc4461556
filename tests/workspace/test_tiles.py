"""Tiles that maps are drawn on: checked by their header, and read by ranges from the workspace's own file."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.errors import BlueLampError
from bluelamp.workspace import tiles
from tests.pmtiles import archive, png
from tests.workspace.made import SETTINGS, force, loaded, problems

GOOD = archive({(0, 0, 0): png(200, 210, 220)}, 2, {"attribution": "Made here"})
DRAWN = 'name = "Exshire"\n[map]\ntiles = "streets.pmtiles"\n'


def cut(place: int, content: bytes) -> bytes:
    return GOOD[:place] + content + GOOD[place + len(content) :]


@pytest.mark.parametrize("kind", tiles.KINDS, ids=tiles.KINDS.values())
def test_a_right_file_of_each_kind_is_no_problem(tmp_path: Path, kind: int) -> None:
    assert problems(tmp_path, {SETTINGS: DRAWN, "streets.pmtiles": cut(99, bytes([kind]))}) == []


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (None, "B074", "No such file"),
        (b"", "B075", "not a PMTiles file of version 3"),
        (b"SQLite format 3\0" * 20, "B075", "not a PMTiles file of version 3"),
        (cut(7, b"\x02"), "B075", "not a PMTiles file of version 3"),
        (GOOD[:100], "B075", "not a PMTiles file of version 3"),
        (cut(99, b"\x00"), "B075", "of the kind 0"),
        (cut(99, b"\x05"), "B075", "of the kind 5"),
        (cut(97, b"\x03"), "B075", "compressed in a way that browsers cannot undo"),
        (cut(98, b"\x04"), "B075", "compressed in a way that browsers cannot undo"),
        (GOOD[:-1], "B075", "ends before all of its tiles"),
    ],
    ids=["missing", "empty", "other", "version", "short", "unknown", "avif", "brotli", "zstandard", "cut"],
)
def test_a_file_that_maps_cannot_be_drawn_on_is_a_problem_with_line_and_remedy(
    tmp_path: Path, content: bytes | None, code: str, words: str
) -> None:
    (found,) = problems(tmp_path, {SETTINGS: DRAWN, "streets.pmtiles": content})
    assert (found.code, found.place.file.as_posix(), found.place.line) == (code, "bluelamp.toml", 3)
    assert words in found.message
    assert found.fix


def test_a_file_outside_the_workspace_is_refused_also_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside.pmtiles").write_bytes(GOOD)
    folder = force(tmp_path / "force")
    (folder / "linked.pmtiles").symlink_to(tmp_path / "outside.pmtiles")
    for name in ("../outside.pmtiles", "linked.pmtiles", str(tmp_path / "outside.pmtiles")):
        found = tiles.fault(folder, name)
        assert found is not None
        assert (found.code, "outside the workspace" in found.message) == ("B074", True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, len(GOOD) * 2), st.integers(0, len(GOOD) * 2))
def test_a_range_is_those_bytes_of_the_file_that_there_are(tmp_path: Path, first: int, last: int) -> None:
    workspace = loaded(tmp_path, {SETTINGS: DRAWN, "streets.pmtiles": GOOD})
    piece = tiles.read(workspace, first, last)
    assert piece.content == GOOD[first : last + 1]
    assert (piece.first, piece.size) == (first, len(GOOD))


def test_nothing_is_given_of_what_is_too_long_for_one_answer(tmp_path: Path) -> None:
    workspace = loaded(tmp_path, {SETTINGS: DRAWN, "streets.pmtiles": GOOD + bytes(tiles.MOST)})
    assert tiles.read(workspace).content == b""
    assert tiles.read(workspace, 0, tiles.MOST).content == b""
    assert len(tiles.read(workspace, 1, tiles.MOST).content) == tiles.MOST


def test_a_file_that_changed_has_another_tag_and_one_that_went_is_told(tmp_path: Path) -> None:
    workspace = loaded(tmp_path, {SETTINGS: DRAWN, "streets.pmtiles": GOOD})
    tag = tiles.read(workspace).tag
    (tmp_path / "streets.pmtiles").write_bytes(GOOD + b"\0")
    assert tiles.read(workspace).tag != tag
    (tmp_path / "streets.pmtiles").unlink()
    with pytest.raises(BlueLampError, match="cannot be read"):
        tiles.read(workspace)
