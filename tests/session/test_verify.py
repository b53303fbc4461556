"""Whoever changes the log behind its back is found, and where."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bluelamp.session.audit import AuditLog, Entry, Operation
from bluelamp.session.chain import canonical, entry_hash
from bluelamp.session.permissions import Action
from bluelamp.session.seal import Key
from bluelamp.session.verify import entries, verify

FREE = "ALTER TABLE audit DISABLE TRIGGER ALL; ALTER TABLE audit_seals DISABLE TRIGGER ALL;"


@pytest.fixture
def nine(log: AuditLog) -> AuditLog:
    """A log of nine entries, of which six are sealed."""
    for number in range(1, 10):
        log.append(Entry(action=Action.VIEW, operation=Operation.CONSULTATION, actor_id=f"pc{number}"))
        if number in (3, 6):
            log.seal()
    assert verify(log)
    return log


def tamper(log: AuditLog, sql: str, **values: object) -> None:
    """What somebody with all rights to the database may do."""
    with log.database.begin() as connection:
        connection.execute(text(FREE))
        for statement in sql.split(";"):
            connection.execute(text(statement), values)


def forge(log: AuditLog, number: int, **changed: object) -> dict[str, object]:
    """Entry `number` as a forger would write it, with a right hash."""
    with log.database.begin() as connection:
        found = list(entries(connection))[number - 1]
    forged = {**found, **changed}
    return {**forged, "hash": entry_hash(forged)}


@pytest.mark.parametrize(
    "change",
    [
        "actor_id = 'pc99'",
        "ts_utc = ts_utc - interval '1 microsecond'",
        "justification_text = 'Op Ash'",
        "object_ids = '{person-1}'",
        "result_count = 1",
        "sensitive_processing = true",
        "decision = 'refused'",
        "hash = repeat('a', 64)",
    ],
)
def test_DP_42_log_tamper_names_bad_entry_where_a_field_was_altered(nine: AuditLog, change: str) -> None:
    tamper(nine, f"UPDATE audit SET {change} WHERE seq = 5")
    assert verify(nine).first_bad == 5


def test_DP_42_log_tamper_names_an_entry_that_was_altered_and_hashed_anew(nine: AuditLog) -> None:
    forged = forge(nine, 5, actor_id="pc99")
    tamper(nine, "UPDATE audit SET actor_id = 'pc99', hash = :hash WHERE seq = 5", hash=forged["hash"])
    verdict = verify(nine)
    assert verdict.first_bad == 5
    assert "is not the one that was written" in str(verdict)


def test_DP_42_an_entry_taken_out_of_the_middle_is_missed(nine: AuditLog) -> None:
    tamper(nine, "DELETE FROM audit WHERE seq = 5")
    assert str(verify(nine).problems[0]) == "Entry 5: it is missing."


@pytest.mark.parametrize("last", [9, 7, 5])
def test_DP_42_entries_taken_off_the_end_are_missed(nine: AuditLog, last: int) -> None:
    tamper(nine, "DELETE FROM audit WHERE seq >= :last", last=last)
    assert verify(nine).first_bad == last


def test_DP_42_entries_off_the_end_are_missed_even_where_the_head_is_set_back(nine: AuditLog) -> None:
    before = forge(nine, 4)
    tamper(
        nine,
        "DELETE FROM audit WHERE seq > 4; DELETE FROM audit_seals WHERE number = 2;"
        "UPDATE audit_head SET seq = 4, hash = :hash",
        hash=before["hash"],
    )
    found = [str(each) for each in verify(nine).problems]
    assert any("signed end of the log is not genuine" in each for each in found)
    assert any("seal 2 of seals.jsonl is not in the database" in each for each in found)


def test_DP_42_two_entries_that_changed_places_are_named(nine: AuditLog) -> None:
    tamper(
        nine,
        "UPDATE audit SET seq = -1 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;"
        "UPDATE audit SET seq = 5 WHERE seq = -1",
    )
    assert verify(nine).first_bad == 4


def test_DP_42_an_entry_put_in_between_with_a_right_hash_is_named(nine: AuditLog) -> None:
    forged = forge(nine, 5, event_id="forged", actor_id="pc99")
    tamper(
        nine,
        "UPDATE audit SET seq = -seq WHERE seq >= 5; UPDATE audit SET seq = 1 - seq WHERE seq < 0;"
        "INSERT INTO audit SELECT * FROM json_populate_recordset(NULL\\:\\:audit, CAST(:entry AS json))",
        entry=canonical(forged).decode().join("[]"),
    )
    verdict = verify(nine)
    assert verdict.first_bad == 5
    assert "put in afterwards" in str(verdict.problems[0])


def test_DP_42_an_entry_put_after_the_end_with_a_right_hash_is_named(nine: AuditLog) -> None:
    forged = forge(nine, 9, seq=10, prev_hash=forge(nine, 9)["hash"])
    tamper(
        nine,
        "INSERT INTO audit SELECT * FROM json_populate_recordset(NULL\\:\\:audit, CAST(:entry AS json));"
        "UPDATE audit_head SET seq = 10, hash = :hash",
        entry=canonical(forged).decode().join("[]"),
        hash=forged["hash"],
    )
    verdict = verify(nine)
    assert verdict.first_bad == 10
    assert "signed end of the log is not genuine" in str(verdict)


def test_DP_42_a_chain_written_anew_from_an_entry_on_breaks_the_seal(nine: AuditLog) -> None:
    with nine.database.begin() as connection:
        chain = list(entries(connection))
    before = chain[3]["hash"]
    for each in chain[4:]:
        each.update(prev_hash=before, actor_id="pc99")
        before = each["hash"] = entry_hash(each)
        tamper(
            nine,
            "UPDATE audit SET actor_id = 'pc99', hash = :hash, prev_hash = :prev_hash WHERE seq = :seq",
            **{name: each[name] for name in ("hash", "prev_hash", "seq")},
        )
    verdict = verify(nine)
    assert verdict.first_bad == 4
    assert "seal 2 was put on other entries from here up to 6" in str(verdict)


def test_DP_42_a_seal_that_was_altered_is_found(nine: AuditLog) -> None:
    tamper(nine, "UPDATE audit_seals SET count = 2 WHERE number = 2")
    assert "seal 2 is not signed" in str(verify(nine))


def test_DP_42_a_seal_that_was_taken_out_is_found(nine: AuditLog) -> None:
    (nine.folder / "seals.jsonl").unlink()
    tamper(nine, "DELETE FROM audit_seals WHERE number = 1")
    assert "a seal is missing" in str(verify(nine))


def test_seals_of_a_key_that_is_not_this_log_s_do_not_count(nine: AuditLog, tmp_path: Path) -> None:
    for path in nine.folder.glob("key.*"):
        path.unlink()
    Key(nine.folder / "key.pem")
    assert "is not signed by a key of this log" in str(verify(nine))


def test_an_empty_log_is_as_it_was_written(log: AuditLog) -> None:
    verdict = verify(log)
    assert (verdict.ok, verdict.entries, verdict.first_bad) == (True, 0, None)


def test_a_log_emptied_altogether_is_found(nine: AuditLog) -> None:
    tamper(nine, "DELETE FROM audit; DELETE FROM audit_seals; UPDATE audit_head SET seq = 0, hash = repeat('0', 64)")
    assert verify(nine).first_bad == 1
