"""The migrations make the tables that the code knows, and run only when they must."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text

from bluelamp.database.connection import Database, connect
from bluelamp.database.migrate import config
from bluelamp.database.migrations import HEAD
from bluelamp.database.tables import audit, metadata
from bluelamp.errors import DatabaseUnavailable
from bluelamp.session.chain import FIELDS


def test_migrations_and_tables_agree(database: Database) -> None:
    with database.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_checks_agree_too(database: Database) -> None:
    declared = {
        each.name
        for table in metadata.tables.values()
        for each in table.constraints
        if isinstance(each, CheckConstraint)
    }
    found = inspect(database.engine)
    assert declared == {each["name"] for table in metadata.tables for each in found.get_check_constraints(table)}


def test_the_newest_version_is_the_one_that_the_code_names() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_the_columns_of_the_log_stand_in_the_order_of_its_entries(database: Database) -> None:
    assert tuple(audit.c.keys()) == FIELDS
    assert tuple(each["name"] for each in inspect(database.engine).get_columns("audit")) == FIELDS


def test_a_database_that_is_up_to_date_is_not_migrated(postgres_url: str, tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from bluelamp.database.connection import connect
connect(Path({str(tmp_path)!r}), {postgres_url!r}).close()
print("alembic" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "False"


def test_an_empty_database_gets_every_table(postgres_url: str, tmp_path: Path) -> None:
    with connect(tmp_path, postgres_url) as database, database.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    with connect(tmp_path, postgres_url) as database:
        assert set(metadata.tables) < set(inspect(database.engine).get_table_names())


def test_a_database_of_a_newer_version_is_refused_with_one_sentence(postgres_url: str, tmp_path: Path) -> None:
    with connect(tmp_path, postgres_url) as database, database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailable, match=re.escape(f"schema 9999, newer than {HEAD}")):
        connect(tmp_path, postgres_url)
