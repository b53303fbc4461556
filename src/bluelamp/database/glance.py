"""The database as a run asks it before it begins: by the driver alone, as SQLAlchemy takes long to load."""

import os
from pathlib import Path
from typing import Any

import psycopg

from bluelamp.database.embedded import Embedded
from bluelamp.database.migrations import HEAD

VARIABLE = "BLUELAMP_DATABASE_URL"

#: seconds; a database that is lost on the way must not hold a page for minutes
CONNECT_TIMEOUT = 5
#: an entry of the audit log is on disk before its answer leaves; nobody waits for ever for a process that hangs
RULES = "-c synchronous_commit=on -c lock_timeout=15s -c idle_in_transaction_session_timeout=60s"
NETWORK: dict[str, Any] = {
    "connect_timeout": CONNECT_TIMEOUT, "keepalives_idle": 10, "tcp_user_timeout": 10_000, "options": RULES,
}  # fmt: skip

#: type, records, verdict and name of each decision that nobody has undone and that waits for no second judge; the
#: oldest first
IN_FORCE = """
SELECT type, record, other, verdict, id FROM decisions AS said
WHERE undone_at IS NULL AND (NOT second OR EXISTS (
    SELECT FROM decisions AS another
    WHERE another.type = said.type AND another.record = said.record AND another.other = said.other
    AND another.verdict = said.verdict AND another."user" <> said."user" AND another.undone_at IS NULL))
ORDER BY place
"""


def located(folder: Path, url: str | None, store: Path | None) -> tuple[str, Embedded | None]:
    """The address of the database of a workspace, and, started, the server of its own that answers there."""
    if address := os.environ.get(VARIABLE) or url:
        return address, None
    embedded = Embedded((store or folder / ".bluelamp") / "postgres")
    return embedded.url, embedded


class Glance:
    """The database at a glance, as `connection.connect` would find it; a server of its own runs until `close`."""

    def __init__(self, folder: Path, url: str | None = None, *, store: Path | None = None) -> None:
        """Raises DatabaseUnavailable where a server of its own will not start."""
        self._address, self._embedded = located(folder, url, store)

    def rows(self, statement: str) -> list[tuple[Any, ...]] | None:
        """What it answers; None where it does not, or has other tables than ours: `connect` says why, or mends it."""
        _, _, rest = self._address.partition("://")
        try:
            with psycopg.connect(f"postgresql://{rest}", **NETWORK) as connection:
                version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
                return connection.execute(statement.encode()).fetchall() if version == (HEAD,) else None
        except psycopg.Error:
            return None

    def close(self) -> None:
        """Let go of the server."""
        if self._embedded:
            self._embedded.close()
