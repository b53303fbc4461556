"""Brings a database's schema to the version that this software needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config() -> Config:
    """Alembic's configuration; there is no ini file."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return found


def upgrade(connection: Connection) -> None:
    """Apply every missing version, in the connection's transaction: all or nothing."""
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
