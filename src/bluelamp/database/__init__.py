"""PostgreSQL: the connection, the tables, the migrations."""

from bluelamp.database.connection import Database, connect

__all__ = ["Database", "connect"]
