"""A published workspace for each test."""

from pathlib import Path

import pytest

from tests.factory import published


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small workspace, published, of this test's own."""
    return published(tmp_path / "force")
