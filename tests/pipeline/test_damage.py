"""A disk that is full, and files of our own that are damaged: readers keep what they have, the next run mends it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factory import built, store
from tests.pipeline.standing import HEADER, ROW, process, refusal, shown, unchanged


def test_a_damaged_list_of_deliveries_is_named_and_made_anew_once_it_is_removed(folder: Path) -> None:
    path = store(folder).ledger("custody")
    whole = path.read_text()
    for damaged in (whole[: len(whole) // 2], "[]", '{"deliveries": [{}], "seen": {}}', "\0"):
        path.write_text(damaged)
        assert refusal(folder) == (
            f"The list of deliveries {path} is damaged; remove it and run again: it is made anew from the deliveries."
        )
    path.unlink()
    with unchanged(folder):
        assert not built(folder).published
    assert path.read_text() == whole


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no pointer": lambda place: (place / "current").unlink(),
    "a pointer to a build that is not there": lambda place: (place / "current").write_text("99"),
    "no account of the build": lambda place: (place / "000001/build.json").unlink(),
    "objects cut short": lambda place: _cut(place / "000001/objects.duckdb"),
    "rows cut short": lambda place: _cut(place / "000001/rows/0/object.arrow"),
    "no rows": lambda place: shutil.rmtree(place / "000001/rows"),
    "no text": lambda place: shutil.rmtree(place / "000001/text"),
    "another version's tables": lambda place: (place / "000001/declared.json").write_text("[[], [], []]"),
    "no build at all": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_build_is_published_anew_by_the_next_run(folder: Path, damage: str) -> None:
    before = shown(folder)
    DAMAGE[damage](store(folder).builds)
    assert built(folder).published
    after = shown(folder)
    # without its account a build's numbering of accesses is lost, and readers never see it
    assert {name: after[name] for name in ("link", "object")} == {name: before[name] for name in ("link", "object")}
    assert not built(folder).published


#: no file may grow past a few bytes from the named step on: what a full disk does, without needing one
FULL = """
import resource, sys
from pathlib import Path
from tests.factory import loaded
from bluelamp.errors import BlueLampError
from bluelamp.pipeline.run import run

folder = Path(sys.argv[1])
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
for step in sys.argv[2:] or ("ingest", "map", "publish"):
    def reached(name, *_):
        if name == step:
            resource.setrlimit(resource.RLIMIT_FSIZE, (600, most))
    try:
        run(loaded(folder), "tester", reached)
    except BlueLampError as error:
        print(step, (folder / ".bluelamp/builds/current").read_text(), error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
"""


def test_a_full_disk_is_one_sentence_at_every_step_and_the_next_run_goes_on(folder: Path) -> None:
    (folder / "custody-2.csv").write_text(f"{HEADER}\n{ROW}")
    place = folder / ".bluelamp"
    with unchanged(folder):
        printed = process(FULL, folder).splitlines()
    said = [
        f"ingest 1 The disk that holds {place / 'raw'} is full; free some space and run again.",
        f"map 1 The disk that holds {place / 'records'} is full; free some space and run again.",
        f"publish 1 The disk that holds {place} is full; free some space and run again.",
    ]
    assert printed == said
    # what could not be committed was removed: it would keep the disk full
    raw = store(folder).raw("custody")
    assert sorted(str(path) for path in raw.path.rglob("*.parquet")) == raw.files()
    assert built(folder).build.number == 2
    assert len(shown(folder)["record_custody"]) == 4
