"""A published workspace for each test, built once and copied."""

import shutil
from pathlib import Path

import pytest

from tests.factory import built, workspace


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small workspace, published; only to be copied."""
    folder = workspace(tmp_path_factory.mktemp("once"))
    built(folder)
    return folder


@pytest.fixture
def folder(once: Path, tmp_path: Path) -> Path:
    """A published workspace of this test's own."""
    return shutil.copytree(once, tmp_path / "force", symlinks=True)
