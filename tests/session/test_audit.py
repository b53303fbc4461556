"""Entries are written before answers leave, each once, in one chain."""

import json
import multiprocessing
import os
import threading
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bluelamp.database.connection import Database, connect
from bluelamp.errors import DatabaseUnavailable
from bluelamp.session.audit import AuditLog, Context, Entry, Operation
from bluelamp.session.chain import FIELDS
from bluelamp.session.permissions import Action
from bluelamp.session.reading import PermittedUse, read
from bluelamp.session.verify import verify

#: processes that need not load everything again; none of ours has a thread or a connection when it is copied
FORK = multiprocessing.get_context("fork")

REFERENCE = Path(__file__).parents[2] / "src/bluelamp/reference/dpa_part3_logging.json"


def entry(**said: object) -> Entry:
    """A search by an officer."""
    usual: dict[str, object] = {
        "action": Action.SEARCH,
        "operation": Operation.CONSULTATION,
        "actor_id": "pc1",
        "purpose_code": "investigation",
    }
    return Entry(**{**usual, **said})  # type: ignore[arg-type]


def stored(log: AuditLog) -> list[dict[str, object]]:
    """Every row of the table."""
    with log.database.begin() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM audit ORDER BY seq")).mappings()]


def test_DP_42_an_entry_has_the_fields_of_the_reference_and_an_action() -> None:
    fields = json.loads(REFERENCE.read_text())["platform_fields"]
    names = {field.split(" ")[0].removesuffix("[]") for field in fields}
    assert set(FIELDS) == names | {"action"}


@pytest.mark.parametrize("operation", Operation)
def test_DP_42_each_operation_leaves_exactly_one_entry_naming_actor_time_and_subjects(
    log: AuditLog, time: object, operation: Operation
) -> None:
    log.append(entry(operation=operation, data_subject_ids=["person-1"], object_ids=["person-1", "crime-2"]))
    (row,) = stored(log)
    assert (row["operation"], row["actor_id"], row["data_subject_ids"]) == (operation, "pc1", ["person-1"])
    assert str(row["ts_utc"]) == "2026-11-21 10:00:00+00:00"


def test_DP_42_the_six_operations_are_those_of_the_act() -> None:
    assert [str(each) for each in Operation] == json.loads(REFERENCE.read_text())["operations"]


def test_DP_42_zero_hit_search_is_logged(log: AuditLog) -> None:
    log.append(entry(fields_or_query={"text": "nobody of that name"}, result_count=0))
    (row,) = stored(log)
    assert (row["operation"], row["result_count"]) == ("consultation", 0)
    assert json.loads(str(row["fields_or_query"])) == {"text": "nobody of that name"}


def test_DP_42_view_logs_every_subject_on_screen(log: AuditLog) -> None:
    shown = [f"person-{number:016x}" for number in range(200)]
    log.append(entry(data_subject_ids=shown, object_ids=shown, result_count=200))
    assert stored(log)[0]["data_subject_ids"] == shown


def test_DP_42_refused_attempts_are_logged(log: AuditLog) -> None:
    log.append(entry(decision="refused"))
    assert stored(log)[0]["decision"] == "refused"


def test_a_context_gives_its_entries_who_and_what_for(log: AuditLog) -> None:
    who = Context(actor_id="dc9", actor_team="Major Crime", case_ref="Op Ash", session_id="s1")
    log.append(who.entry(Action.VIEW, Operation.CONSULTATION, object_ids=["person-1"]))
    row = stored(log)[0]
    assert [row[name] for name in ("actor_id", "actor_team", "case_ref", "action")] == [
        "dc9",
        "Major Crime",
        "Op Ash",
        "object:view",
    ]


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor_id = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_table_refuses_every_change(log: AuditLog, statement: str) -> None:
    log.append(entry())
    with pytest.raises(DBAPIError, match="the audit log cannot be changed"), log.database.begin() as connection:
        connection.execute(text(statement))
    assert len(stored(log)) == 1


WRITTEN = st.one_of(st.text(), st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none())))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=WRITTEN, ids=st.lists(st.text(), max_size=3), count=st.none() | st.integers(0, 2**63 - 1))
def test_whatever_is_written_can_be_verified(log: AuditLog, asked: object, ids: list[str], count: int | None) -> None:
    log.append(entry(fields_or_query=asked, object_ids=ids, result_count=count))
    assert verify(log)


def test_text_that_a_database_cannot_hold_is_kept_as_near_as_can_be(log: AuditLog) -> None:
    log.append(entry(fields_or_query="a\0b\ud800c"))
    assert stored(log)[0]["fields_or_query"] == "a\u2400b\ufffdc"


def test_an_entry_that_is_in_a_transaction_undone_is_undone_with_it(log: AuditLog) -> None:
    class ChangedMind(Exception):
        pass

    def change() -> None:
        with log.database.begin() as connection:
            log.append_in(connection, entry(), entry())
            raise ChangedMind

    with pytest.raises(ChangedMind):
        change()
    assert [row.seq for row in (log.append(entry()),)] == [1]
    assert verify(log)


def test_the_order_is_that_of_numbers_even_where_the_clock_goes_back(log: AuditLog, time: object) -> None:
    log.append(entry(actor_id="first"))
    time.move(hours=-3)  # type: ignore[attr-defined]
    log.append(entry(actor_id="second"))
    assert [row["actor_id"] for row in stored(log)] == ["first", "second"]
    shown = read(log, Context(actor_id="dpo"), PermittedUse.SECURITY).entries
    assert [each.actor_id for each in shown] == ["second", "first"]
    assert shown[0].ts_utc < shown[1].ts_utc
    assert verify(log)


def test_an_entry_follows_those_that_others_wrote_meanwhile(log: AuditLog) -> None:
    other = AuditLog(log.database, log.folder)
    for _ in range(2):
        log.append(entry())
        other.append(entry())
        with log.database.begin() as connection:
            log.append_in(connection, entry(), entry())
        log.append(entry())
    assert [row["seq"] for row in stored(log)] == list(range(1, 11))
    assert verify(log)


def test_after_a_failure_the_log_goes_on_from_where_it_ends(log: AuditLog) -> None:
    log.append(entry())
    with log.database.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO away"))
    with pytest.raises(psycopg.Error):
        log.append(entry())
    with log.database.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO audit"))
    assert log.append(entry()).seq == 2
    assert verify(log)


def test_no_database_no_entry(tmp_path: Path) -> None:
    lost = AuditLog(Database("postgresql://nobody@127.0.0.1:1/none"), tmp_path / "audit")
    with pytest.raises(DatabaseUnavailable, match="does not answer"):
        lost.append(entry())


def test_a_closed_log_takes_no_entry(log: AuditLog) -> None:
    log.close()
    with pytest.raises(DatabaseUnavailable, match="closed"):
        log.append(entry())


def test_many_threads_write_into_one_chain(log: AuditLog) -> None:
    threads = [threading.Thread(target=lambda: [log.append(entry()) for _ in range(20)]) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert verify(log).ok
    assert verify(log).entries == 400


def write_from_a_process(url: str, folder: Path) -> None:
    """What one of several processes does: four threads that write fifteen entries each."""
    with connect(folder, url) as database:
        log = AuditLog(database, folder / "audit", seal_every=20)
        threads = [threading.Thread(target=lambda: [log.append(entry()) for _ in range(15)]) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        log.close()


def test_four_processes_with_four_threads_keep_one_unbroken_chain(postgres_url: str, tmp_path: Path) -> None:
    processes = [FORK.Process(target=write_from_a_process, args=(postgres_url, tmp_path)) for _ in range(4)]
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    assert [each.exitcode for each in processes] == [0] * 4
    with connect(tmp_path, postgres_url) as database:
        verdict = verify(AuditLog(database, tmp_path / "audit"))
    assert verdict, str(verdict)
    assert verdict.entries == 240
    assert verdict.seals >= 4


def write_until_killed(url: str, folder: Path, out: int) -> None:
    """Four threads that write, and tell each entry that they were promised."""
    log = AuditLog(connect(folder, url), folder / "audit", seal_every=7)

    def write() -> None:
        while True:
            os.write(out, b"%d\n" % log.append(entry()).seq)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def test_killing_a_writer_loses_no_acknowledged_entry_and_leaves_a_whole_chain(
    postgres_url: str, tmp_path: Path
) -> None:
    into, out = os.pipe()
    writer = FORK.Process(target=write_until_killed, args=(postgres_url, tmp_path, out))
    writer.start()
    os.close(out)
    with os.fdopen(into) as told:
        promised = [int(told.readline()) for _ in range(40)]
        writer.kill()
        promised += [int(line) for line in told.read().splitlines(keepends=True) if line.endswith("\n")]
    writer.join()
    with connect(tmp_path, postgres_url) as database:
        log = AuditLog(database, tmp_path / "audit")
        assert max(promised) <= verify(log).entries
        log.append(entry())
        log.close()
        verdict = verify(log)
    assert verdict, str(verdict)
