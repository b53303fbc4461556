"""One way to deliver a file to a connector and to see all that comes of it."""

from pathlib import Path

import pytest

from bluelamp.connectors import offers
from bluelamp.workspace.model import Read
from tests.connectors.delivered import Deliver, Got, take


@pytest.fixture
def deliver(tmp_path: Path) -> Deliver:
    """Write content to a file, deliver it, and read it."""

    def delivered(
        content: bytes,
        connector: str = "csv",
        name: str = "rows.csv",
        needed: frozenset[str] = frozenset(),
        **options: str,
    ) -> Got:
        (tmp_path / name).write_bytes(content)
        declared = Read(connector, name, "append", options)
        return take(offers(declared, tmp_path)[0], declared, needed)

    return delivered
