"""The example of London's open data, built once: on the small samples, or on the files in `BLUELAMP_DATA`."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

import bluelamp
from bluelamp.pipeline import build as builds
from tests.examples.published import Built, Published

ROOT = Path(__file__).parents[2]
LONDON = ROOT / "examples" / "london"
SAMPLES = ROOT / "tests" / "data" / "london"


def copied(into: Path, database: str) -> Path:
    """A copy of the example's declarations, without what somebody may have built in it; its database is elsewhere."""
    shutil.copytree(LONDON, into, ignore=shutil.ignore_patterns(".bluelamp"))
    with (into / "bluelamp.toml").open("a", encoding="utf-8") as config:
        config.write(f'[database]\nurl = "{database}"\n')
    return into


@pytest.fixture(scope="session")
def deliveries() -> Path:
    """The folder with the published files."""
    data = os.environ.get("BLUELAMP_DATA")
    return Path(data).resolve() / "crime" / "open" if data else SAMPLES


@pytest.fixture(scope="session")
def published(deliveries: Path) -> Published:
    """What the files hold, counted without Blue Lamp."""
    return Published(deliveries)


@pytest.fixture(scope="session")
def london(
    deliveries: Path, tmp_path_factory: pytest.TempPathFactory, fresh_database: Callable[[], str]
) -> Iterator[Built]:
    """The example built from the files."""
    folder = copied(tmp_path_factory.mktemp("example") / "london", fresh_database())
    force = bluelamp.open(folder)
    outcome = force.run(who="tester", progress=lambda *_: None, base=deliveries)
    # the engine gives a file to one way of opening it at a time, and the force has it open
    index = shutil.copy(builds.folder(force.store, outcome.build.number) / "objects.duckdb", folder.parent)
    with duckdb.connect(index, read_only=True) as connection:
        yield Built(force, outcome, connection)
    force.close()
