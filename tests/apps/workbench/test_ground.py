"""What maps are drawn on is given by ranges, to those who are signed in, and leaves no trace of which part was read."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

import bluelamp
from bluelamp.session.force import BlueLamp
from bluelamp.workspace.tiles import MOST
from tests.factory import CONFIG, workspace
from tests.office import entries, newest, seat
from tests.pmtiles import archive, png

FILE = archive({(0, 0, 0): png(1, 2, 3)}, 2, {"attribution": "Made here"})


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]) -> Iterator[BlueLamp]:
    config = f'{CONFIG}[map]\ntiles = "a.pmtiles"\n'
    folder = tmp_path_factory.mktemp("tiles") / "force"
    with_tiles = bluelamp.open(workspace(folder, {}, {"a.pmtiles": FILE}, config, fresh_database()))
    with_tiles.run("tester", lambda *_: None)
    yield with_tiles
    with_tiles.close()


@pytest.fixture(scope="module")
def ann(force: BlueLamp) -> TestClient:
    return seat(force)


def test_a_range_is_given_with_where_it_stands_and_a_tag(force: BlueLamp, ann: TestClient) -> None:
    (force.workspace.folder / "a.pmtiles").write_bytes(FILE)
    answer = ann.get("/tiles", headers={"range": "bytes=7-16383"})
    assert (answer.status_code, answer.content) == (206, FILE[7:])
    assert answer.headers["content-range"] == f"bytes 7-{len(FILE) - 1}/{len(FILE)}"
    assert answer.headers["content-type"] == "application/vnd.pmtiles"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["etag"].startswith('"')


def test_a_range_of_another_state_of_the_file_is_not_given(force: BlueLamp, ann: TestClient) -> None:
    (force.workspace.folder / "a.pmtiles").write_bytes(FILE)
    tag = ann.get("/tiles", headers={"range": "bytes=0-6"}).headers["etag"]
    same = ann.get("/tiles", headers={"range": "bytes=0-6", "if-range": tag})
    assert (same.status_code, same.content) == (206, b"PMTiles")
    (force.workspace.folder / "a.pmtiles").write_bytes(FILE + b"\0")
    other = ann.get("/tiles", headers={"range": "bytes=0-6", "if-range": tag})
    assert (other.status_code, other.content) == (200, FILE + b"\0")


@pytest.mark.parametrize(
    "asked",
    ["", f"bytes=0-{MOST}", "bytes=9-8", f"bytes={10**14}-{10**14}", "bytes=0-1,5-9", "bytes=-5", "bytes=5-", "x"],
)
def test_no_more_than_the_most_is_given_at_once_whatever_is_asked(force: BlueLamp, ann: TestClient, asked: str) -> None:
    (force.workspace.folder / "a.pmtiles").write_bytes(FILE + bytes(MOST))
    answer = ann.get("/tiles", headers={"range": asked} if asked else {})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(FILE) + MOST}"


def test_nobody_reads_tiles_without_a_sign_in_and_a_purpose(force: BlueLamp) -> None:
    for stranger in (seat(force, ""), seat(force, "ann", "")):
        assert stranger.get("/tiles", headers={"range": "bytes=0-6"}).status_code == 303


def test_which_tiles_somebody_looks_at_is_written_nowhere(
    force: BlueLamp, ann: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    (force.workspace.folder / "a.pmtiles").write_bytes(FILE)
    before = newest(force)
    with caplog.at_level("INFO"):
        assert ann.get("/tiles", headers={"range": "bytes=101-103"}).status_code == 206
    assert entries(force, before) == []
    assert [record for record in caplog.records if "101" in record.getMessage().rpartition(" ms ")[0]] == []


def test_a_workspace_without_tiles_says_so(desk: Callable[..., TestClient]) -> None:
    answer = desk("ann").get("/tiles", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert "[map] tiles" in answer.json()["detail"]
