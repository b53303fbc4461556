"""Every delivery is on the audit log once, before anything of it is published; the database may be lost on the way."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

import bluelamp
from bluelamp.database.connection import Database
from bluelamp.errors import DatabaseUnavailable, DeliveryError
from bluelamp.pipeline.build import Progress
from bluelamp.session.force import BlueLamp
from tests.conftest import SetClock
from tests.factory import CUSTODY, CUSTODY_FILE, built, rows, workspace

HEADER = CUSTODY_FILE.splitlines()[0]
NEXT = f"{HEADER}\nC9,N9,Zoë,Smith,,,,2026-01-01,Lambeth\n"


class Reach:
    """A database of the test's own that can be lost and found again."""

    def __init__(self, server: Database, url: str) -> None:
        self.server = server.url.replace("postgresql+psycopg://", "postgresql://").replace("/bluelamp?", "/postgres?")
        self.name = url.rpartition("?")[0].rpartition("/")[2]

    def lose(self) -> None:
        """Take no connection from here on, and end those that are open."""
        self._say(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false")
        self._say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'")

    def find(self) -> None:
        """Take connections again."""
        self._say(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture
def force(tmp_path: Path, run_once: Callable[[Path], BlueLamp]) -> Iterator[BlueLamp]:
    """The small workspace, published, on a database of its own."""
    opened = run_once(tmp_path / "force")
    yield opened
    opened.close()


@pytest.fixture
def reach(postgres: Database, force: BlueLamp) -> Reach:
    return Reach(postgres, force.database.url)


def entries(force: BlueLamp) -> list[tuple[str, str, str]]:
    """Action, source and file of each entry about a delivery, in the log's order."""
    query = (
        "select action, fields_or_query from audit where action in ('delivery:collect', 'record:correct') order by seq"
    )
    with force.database.begin() as connection:
        found = [(action, json.loads(said)) for action, said in connection.execute(text(query)).fetchall()]
    return [(action, said["source"], said["file"]) for action, said in found]


FIRST = [("delivery:collect", "custody", "custody-1.csv"), ("delivery:collect", "intelligence", "intelligence-1.jsonl")]
SECOND = ("delivery:collect", "custody", "custody-2.csv")


def test_each_delivery_is_one_entry_however_often_it_is_run(force: BlueLamp) -> None:
    assert force.session("ann", "investigation", "Operation Ash").search("smith").total
    assert not force.run("tester", lambda *_: None).published
    assert entries(force) == FIRST
    (force.folder / "custody-2.csv").write_text(NEXT)
    force.run("tester", lambda *_: None)
    assert entries(force) == [*FIRST, SECOND]


def test_while_the_database_is_lost_nothing_is_published_and_the_next_run_writes_the_entries(
    force: BlueLamp, reach: Reach
) -> None:
    (force.folder / "custody-2.csv").write_text(NEXT)
    reach.lose()
    with pytest.raises(DatabaseUnavailable, match=r"^The database .* does not answer; .*\.$"):
        force.run("tester", lambda *_: None)
    assert force.build_number == 1
    assert ("Zoë",) not in rows(force.folder, "record_person", "given_name")
    reach.find()
    assert force.run("tester", lambda *_: None).build.number == 2
    assert entries(force) == [*FIRST, SECOND]


def test_while_the_database_is_lost_nobody_gets_an_answer_and_after_it_everybody_does(
    force: BlueLamp, reach: Reach
) -> None:
    session = force.session("ann", "investigation", "Operation Ash")
    total = session.search("smith").total
    reach.lose()
    with pytest.raises(DatabaseUnavailable):
        session.search("smith")
    reach.find()
    assert session.search("smith").total == total


def test_a_delivery_beside_one_that_cannot_be_read_is_on_the_log_though_nothing_is_published(force: BlueLamp) -> None:
    (force.folder / "custody-2.csv").write_text(NEXT)
    (force.folder / "intelligence-2.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DeliveryError, match="intelligence: "):
        force.run("tester", lambda *_: None)
    assert (force.build_number, entries(force)) == (1, [*FIRST, SECOND])


def test_deliveries_that_a_killed_run_left_without_entry_get_theirs(force: BlueLamp) -> None:
    (force.folder / "custody-2.csv").write_text(NEXT)
    with pytest.raises(KeyboardInterrupt):
        force.run("tester", stopping_at("ingest", "done"))
    assert entries(force) == FIRST
    force.run("tester", lambda *_: None)
    assert entries(force) == [*FIRST, SECOND]


def stopping_at(step: str, what: str) -> Progress:
    """Progress that ends the run at one point of it, as a person would."""

    def told(now: str, doing: str, _share: float) -> None:
        if (now, doing) == (step, what):
            raise KeyboardInterrupt

    return told


def test_corrected_rejects_are_an_alteration(force: BlueLamp) -> None:
    (force.folder / "custody-2.csv").write_text(f"{HEADER}\n=C9,N9\n")
    force.run("tester", lambda *_: None)
    session = force.session("eve", "correction", "Correcting rejects")
    exported = session.rejects_file("custody").decode("utf-8-sig")
    assert "'=C9,N9" in exported
    file = force.folder / "corrected.csv"
    file.write_text(exported.replace("'=C9,N9", "C9,N9,Zoë,Smith,,,,2026-01-01,Lambeth"), "utf-8-sig")
    state = force.replay("custody", file, "tester", lambda *_: None).build.sources["custody"]
    assert (state.read, state.kept, state.rejected) == (4, 4, 0)
    assert entries(force) == [*FIRST, SECOND, ("record:correct", "custody", "corrected.csv")]


def test_a_clock_that_goes_back_between_two_runs_changes_no_order(
    time: SetClock, tmp_path: Path, postgres_url: str
) -> None:
    upsert = CUSTODY.replace("mode: append", "mode: upsert")
    files = {"custody-1.csv": CUSTODY_FILE}
    folder = workspace(tmp_path / "force", {"custody": upsert}, files, database=postgres_url)
    with_force = bluelamp.open(folder)
    try:
        with_force.run("tester", lambda *_: None)
        time.move(days=-400)
        (folder / "custody-2.csv").write_text(CUSTODY_FILE.replace("Okafor", "Okoro"))
        outcome = with_force.run("tester", lambda *_: None)
        deliveries = with_force.deliveries("custody")
        assert [deliveries[number].name for number in (1, 2)] == ["custody-1.csv", "custody-2.csv"]
        assert deliveries[1].at > deliveries[2].at
        assert outcome.build.number == 2
        assert ("Okoro",) in rows(folder, "record_person", "surname")
        assert not built(folder).published
        assert with_force.verify_audit().ok
    finally:
        with_force.close()
