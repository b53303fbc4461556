"""Boundaries that maps are drawn on: read from the workspace's own file, and never from outside it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bluelamp.errors import BlueLampError
from bluelamp.settings import Map
from bluelamp.workspace import boundaries
from bluelamp.workspace.model import Workspace
from tests.factory import loaded, workspace

SQUARE = [[[0.0, 51.0], [0.1, 51.0], [0.1, 51.1], [0.0, 51.1], [0.0, 51.0]]]


@pytest.fixture
def force(tmp_path: Path) -> Workspace:
    return loaded(workspace(tmp_path / "force", {}, {}))


def drawn_on(force: Workspace, name: str) -> Workspace:
    return replace(force, settings=replace(force.settings, map=Map(name)))


def test_each_area_is_called_by_its_name_and_bounded_by_its_outer_line(force: Workspace) -> None:
    areas = [
        {"properties": {"name": "West"}, "geometry": {"type": "Polygon", "coordinates": SQUARE}},
        {"properties": {"code": "E1"}, "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE[0][:4]], SQUARE]}},
        {"properties": {}, "geometry": {"type": "Polygon", "coordinates": SQUARE}},
        {"properties": {"name": "A mast"}, "geometry": {"type": "Point", "coordinates": [0, 51]}},
    ]
    (force.folder / "wards.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": areas}))
    found = boundaries.named(drawn_on(force, "wards.geojson"))
    assert list(found) == ["E1", "West"]
    assert found["E1"] == found["West"] == ((51.0, 0.0), (51.0, 0.1), (51.1, 0.1), (51.1, 0.0), (51.0, 0.0))
    assert boundaries.named(force) == {}


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("nowhere.geojson", None, "No such file"),
        ("../outside.geojson", "{}", "outside the workspace"),
        ("link.geojson", None, "outside the workspace"),
        ("wards.geojson", "{", "no GeoJSON file"),
        ("wards.geojson", "[]", "no GeoJSON file"),
        ("wards.geojson", '{"features": [{"properties": {"name": "x"}, "geometry": 3}]}', "no GeoJSON file"),
        ("wards.geojson", "[" * 100_000, "no GeoJSON file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_in_one_sentence(
    force: Workspace, name: str, text: str | None, sentence: str
) -> None:
    (force.folder / "link.geojson").symlink_to("/etc/hostname")
    if text is not None:
        (force.folder / name).write_text(text)
    with pytest.raises(BlueLampError, match=sentence):
        boundaries.named(drawn_on(force, name))


def test_what_has_no_place_or_no_name_is_no_area(force: Workspace) -> None:
    text = '{"features": [{"properties": {"name": "x"}, "geometry": null}, {"properties": null, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}'
    (force.folder / "wards.geojson").write_text(text)
    assert boundaries.fault(force.folder, "wards.geojson") is None
    assert boundaries.named(drawn_on(force, "wards.geojson")) == {}


def test_a_check_names_a_file_that_is_not_there_is_outside_is_too_large_or_is_no_geojson(
    force: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (force.folder / "wards.geojson").write_text('{"features": []}')
    (force.folder / "table.geojson").write_text("name,point")
    (force.folder.parent / "outside.geojson").write_text("{}")
    assert boundaries.fault(force.folder, "wards.geojson") is None
    (force.folder / "late.geojson").write_text('{"note": "%s", "features": []}' % ("x" * 100_000))
    assert boundaries.fault(force.folder, "late.geojson") is None
    bad = boundaries.fault(force.folder, "table.geojson")
    assert bad is not None
    assert "which is no GeoJSON file of areas" in bad.message
    monkeypatch.setattr(boundaries, "LARGEST", 1)
    for name, words in (
        ("wards.geojson", "larger"),
        ("nowhere.geojson", "No such file"),
        ("../outside.geojson", "outside"),
    ):
        found = boundaries.fault(force.folder, name)
        assert found is not None
        assert (found.code, words in found.message) == ("B076", True)
