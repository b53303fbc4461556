"""Seals are put every so many entries, after a while, and at the end; in the database and in a file."""

import json
import stat
import time as wall
from pathlib import Path

import pytest

from bluelamp.database.connection import Database
from bluelamp.errors import BlueLampError, DatabaseUnavailable
from bluelamp.session import seal
from bluelamp.session.audit import AuditLog, Entry, Operation
from bluelamp.session.permissions import Action
from bluelamp.session.seal import Key, Signatures
from bluelamp.session.verify import verify

ENTRY = Entry(action=Action.SEARCH, operation=Operation.CONSULTATION, actor_id="pc1")


def spans(folder: Path) -> list[tuple[int, int, int]]:
    """First, last and count of each seal in the file."""
    return [(each.first_seq, each.last_seq, each.count) for each in seal.filed(folder)]


def test_a_seal_is_put_every_so_many_entries_and_at_the_end(database: Database, tmp_path: Path) -> None:
    log = AuditLog(database, tmp_path, seal_every=3)
    for _ in range(8):
        log.append(ENTRY)
    log.close()
    assert spans(tmp_path) == [(1, 3, 3), (4, 6, 3), (7, 8, 2)]
    with database.begin() as connection:
        assert seal.stored(connection) == seal.filed(tmp_path)
    assert verify(log)


def test_a_seal_is_put_after_a_while(database: Database, tmp_path: Path) -> None:
    log = AuditLog(database, tmp_path, seal_within=0.05)
    log.append(ENTRY)
    until = wall.monotonic() + 5
    while not spans(tmp_path) and wall.monotonic() < until:
        wall.sleep(0.01)
    assert spans(tmp_path) == [(1, 1, 1)]
    log.close()


def test_nothing_new_needs_no_seal(log: AuditLog) -> None:
    log.append(ENTRY)
    assert log.seal() is not None
    assert log.seal() is None


def test_the_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    made = Key(tmp_path / "audit" / "key.pem")
    assert stat.S_IMODE((tmp_path / "audit" / "key.pem").stat().st_mode) == 0o600
    assert Key(tmp_path / "audit" / "key.pem").id == made.id
    assert list(seal.public_keys(tmp_path / "audit")) == [made.id]


def test_the_key_may_lie_elsewhere(database: Database, tmp_path: Path) -> None:
    log = AuditLog(database, tmp_path / "audit", key=tmp_path / "safe" / "signing.pem")
    log.append(ENTRY)
    log.close()
    assert (tmp_path / "safe" / "signing.pub").exists()
    assert not (tmp_path / "audit" / "key.pem").exists()
    assert verify(log)


def test_a_key_of_another_kind_is_refused_with_one_sentence(tmp_path: Path) -> None:
    from_elsewhere = tmp_path / "key.pem"
    from_elsewhere.write_text("")
    with pytest.raises(BlueLampError, match="is not an Ed25519 key"):
        Key(from_elsewhere)


def test_a_signature_counts_only_for_its_key_and_its_message(tmp_path: Path) -> None:
    key = Key(tmp_path / "key.pem")
    signed = Signatures(seal.public_keys(tmp_path))
    assert signed(key.id, key.sign(b"one"), b"one")
    assert not signed(key.id, key.sign(b"one"), b"two")
    assert not signed("0123456789abcdef", key.sign(b"one"), b"one")
    assert not signed(key.id, "not hexadecimal", b"one")


def test_a_line_that_a_crash_cut_off_is_written_again(log: AuditLog) -> None:
    log.append(ENTRY)
    log.seal()
    file = log.folder / seal.SEALS
    log.append(ENTRY)
    log.seal()
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    assert verify(log).ok
    log.append(ENTRY)
    log.seal()
    assert file.read_bytes().startswith(whole)
    assert [json.loads(line)["number"] for line in file.read_text().splitlines()] == [1, 2, 3]


def test_a_database_that_lost_sealed_entries_is_not_written_on(database: Database, tmp_path: Path) -> None:
    earlier = AuditLog(database, tmp_path)
    earlier.append(ENTRY)
    earlier.close()
    sealed = json.loads((tmp_path / seal.SEALS).read_text().splitlines()[-1])
    beyond = sealed | {"number": sealed["number"] + 1, "first_seq": 2, "last_seq": 9, "count": 8}
    with (tmp_path / seal.SEALS).open("a") as file:
        file.write(json.dumps(beyond) + "\n")
    log = AuditLog(database, tmp_path)
    with pytest.raises(DatabaseUnavailable, match=r"ends at entry 1, but .* has a seal over entry 9; put back"):
        log.append(ENTRY)
