"""One small force for all tests of the folder."""

import pytest

from bluelamp.demo import generate
from tests.demo.reading import Town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("force") / "northgate"
    generate("town", folder, seed=7)
    return Town(folder)
