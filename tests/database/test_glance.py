"""What a run asks of the database before it begins, by the driver alone."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from bluelamp.database.connection import Database, connect
from bluelamp.database.glance import IN_FORCE, Glance
from tests.factory import workspace

SAID = """
INSERT INTO decisions (id, at, "user", purpose, reason, case_ref, type, record, other, verdict, second, undone_at)
VALUES (:id, now(), :user, 'p', 'r', '', 'Person', :record, 9, 'same', :second, CASE WHEN :undone THEN now() END)
"""


def say(database: Database, **said: object) -> None:
    with database.begin() as connection:
        connection.execute(text(SAID), {"user": "amara", "record": 1, "second": False, "undone": False} | said)


def test_decisions_in_force_are_those_that_nobody_has_undone_and_that_wait_for_no_second_judge(
    postgres_url: str, tmp_path: Path
) -> None:
    with connect(tmp_path, postgres_url) as database:
        say(database, id="d1")
        say(database, id="d2", record=2, undone=True)
        say(database, id="d3", record=3, second=True)
        say(database, id="d4", record=4, second=True)
        say(database, id="d5", record=4, second=True, user="bo")
        say(database, id="d6", record=3, second=True, user="bo", undone=True)
    rows = Glance(tmp_path, postgres_url).rows(IN_FORCE)
    assert rows == [("Person", record, 9, "same", id) for id, record in (("d1", 1), ("d4", 4), ("d5", 4))]


def test_a_database_that_does_not_answer_or_has_other_tables_gives_nothing(postgres_url: str, tmp_path: Path) -> None:
    assert Glance(tmp_path, "postgresql://somebody:secret@127.0.0.1:1/none").rows(IN_FORCE) is None
    with connect(tmp_path, postgres_url) as database, database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert Glance(tmp_path, postgres_url).rows(IN_FORCE) is None


def test_a_server_of_the_workspaces_own_is_started_for_it_and_stopped(tmp_path: Path) -> None:
    with connect(tmp_path):
        pass
    glance = Glance(tmp_path)
    assert glance.rows("SELECT 1") == [(1,)]
    glance.close()
    assert not (tmp_path / ".bluelamp" / "postgres" / "data" / "postmaster.pid").exists()


def test_a_run_with_nothing_new_waits_for_no_sqlalchemy(postgres_url: str, tmp_path: Path) -> None:
    folder = workspace(tmp_path / "force", database=postgres_url)
    script = f"""
import sys
import subprocess
import sys
from pathlib import Path
from bluelamp.session.upkeep import Upkeep
force = Upkeep(Path({str(folder)!r}))
print(force.run("tester", lambda *_: None).published, "sqlalchemy" in sys.modules)
force.close()
"""
    path = {"PYTHONPATH": ":".join(sys.path)}
    done = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=path).stdout
        for _ in range(2)
    ]
    assert done == ["True True\n", "False False\n"]
