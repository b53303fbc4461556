"""Signing in: who gets in, who does not, and that each is on the log."""

import json
import statistics
import threading
import time as wall
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from bluelamp.database.connection import Database
from bluelamp.errors import NotFound, Refused
from bluelamp.session import passwords
from bluelamp.session.accounts import Accounts, Checked
from bluelamp.session.audit import AuditLog
from bluelamp.session.verify import verify
from bluelamp.workspace.model import User, Workspace
from tests.factory import KEPT, PASSWORD

#: the rest of these tests is not about how long it takes
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def workspace(folder: Path) -> Workspace:
    """A force of three."""
    users = {
        "grace": User("grace", "Grace Okafor", ("investigator",), ("OFFICIAL",), team="Major Crime"),
        "sunil": User("sunil", "Sunil Desai", ("analyst",), ("OFFICIAL",)),
        "root": User("root", "Administrator", ("administrator",), ("OFFICIAL",)),
    }
    return Workspace(folder, "Exbury", {}, {}, {}, users, {}, {}, {})


@pytest.fixture
def earnest(database: Database, log: AuditLog, tmp_path: Path, time: object) -> Accounts:
    """Accounts in which Grace has a password."""
    made = Accounts(database, workspace(tmp_path), log)
    assert made.set_password("grace", PASSWORD) is None
    return made


@pytest.fixture
def accounts(
    database: Database, log: AuditLog, tmp_path: Path, time: object, monkeypatch: pytest.MonkeyPatch
) -> Accounts:
    """The same, with passwords that cost next to nothing to check."""
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    monkeypatch.setattr(passwords, "NOBODY", KEPT)
    made = Accounts(database, workspace(tmp_path), log)
    with database.begin() as connection:
        connection.execute(text("INSERT INTO accounts (\"user\", password) VALUES ('grace', :kept)"), {"kept": KEPT})
    return made


def enrolled(accounts: Accounts, name: str, time: object) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """Set up an authenticator app for a user, and let its first code pass."""
    app = pyotp.TOTP(accounts.offered_key(name))
    recovery = accounts.enrol(name, app.at(time.now))  # type: ignore[attr-defined]
    assert recovery is not None
    time.move(minutes=1)  # type: ignore[attr-defined]
    return app, recovery


def logged(accounts: Accounts) -> list[tuple[str, str, str]]:
    """Action, actor and decision of each entry."""
    with accounts.database.begin() as connection:
        rows = connection.execute(text("SELECT action, actor_id, decision FROM audit ORDER BY seq"))
        return [(row.action, row.actor_id, row.decision) for row in rows]


def test_the_right_password_lets_in_and_a_wrong_one_does_not(accounts: Accounts) -> None:
    assert accounts.check_password("grace", PASSWORD) == Checked("grace", needs_code=False)
    assert accounts.check_password("grace", PASSWORD + "!") is None
    assert accounts.check_password("sunil", PASSWORD) is None
    assert accounts.check_password("nobody", PASSWORD) is None


def test_signing_in_and_out_and_each_refusal_is_logged(accounts: Accounts) -> None:
    token = accounts.begin("grace", "a browser")
    accounts.end(token)
    accounts.check_password("grace", "wrong")
    accounts.check_password("hunter2-typed-into-the-name", "x")
    assert logged(accounts) == [
        ("session:start", "grace", "allowed"),
        ("session:end", "grace", "allowed"),
        ("session:start", "grace", "refused"),
        ("session:start", "unknown", "refused"),
    ]
    assert verify(accounts.audit)


def test_what_is_typed_into_the_name_by_mistake_is_kept_nowhere(accounts: Accounts) -> None:
    accounts.check_password("hunter2-typed-into-the-name", "x")
    with accounts.database.begin() as connection:
        row = connection.execute(text("SELECT CAST(audit AS text) FROM audit")).scalar_one()
    assert "hunter2" not in row


def test_five_wrong_passwords_lock_and_the_right_one_then_sounds_wrong(accounts: Accounts, time: object) -> None:
    for _ in range(5):
        assert accounts.check_password("grace", "wrong") is None
    assert accounts.check_password("grace", PASSWORD) is None
    assert accounts.state("grace").locked_until is not None
    assert ("account:lock", "grace", "allowed") in logged(accounts)
    time.move(minutes=15)  # type: ignore[attr-defined]
    assert accounts.check_password("grace", PASSWORD) is not None


def test_guesses_made_all_at_once_are_counted(accounts: Accounts) -> None:
    guesses = [threading.Thread(target=accounts.check_password, args=("grace", f"guess {at}")) for at in range(8)]
    for each in guesses:
        each.start()
    for each in guesses:
        each.join()
    assert accounts.check_password("grace", PASSWORD) is None


def test_an_administrator_unlocks(accounts: Accounts) -> None:
    for _ in range(5):
        accounts.check_password("grace", "wrong")
    accounts.unlock("grace", by="root")
    assert accounts.check_password("grace", PASSWORD) is not None
    assert ("account:unlock", "root", "allowed") in logged(accounts)


def test_a_refusal_takes_as_long_whatever_its_cause(earnest: Accounts) -> None:
    def seconds(name: str) -> float:
        began = wall.process_time()
        earnest.check_password(name, "wrong")
        return wall.process_time() - began

    for _ in range(5):
        earnest.check_password("grace", "wrong")
    taken = {name: statistics.median(seconds(name) for _ in range(3)) for name in ("grace", "sunil", "nobody")}
    assert max(taken.values()) < 1.8 * min(taken.values()), taken


def test_a_code_is_asked_for_once_an_app_is_set_up(accounts: Accounts, time: object) -> None:
    app, _ = enrolled(accounts, "grace", time)
    assert accounts.is_enrolled("grace")
    assert accounts.check_password("grace", PASSWORD) == Checked("grace", needs_code=True)
    code = app.at(time.now)  # type: ignore[attr-defined]
    assert not accounts.check_code("grace", f"{(int(code) + 1) % 1_000_000:06}")
    assert accounts.check_code("grace", code)
    assert not accounts.check_code("grace", code), "a code works once"


def test_the_offered_key_stays_until_it_is_confirmed(accounts: Accounts) -> None:
    assert accounts.offered_key("grace") == accounts.offered_key("grace")
    assert accounts.enrol("grace", "000000") is None
    assert not accounts.is_enrolled("grace")


def test_each_recovery_code_lets_in_once(accounts: Accounts, time: object) -> None:
    _, recovery = enrolled(accounts, "grace", time)
    assert accounts.check_code("grace", recovery[3].upper())
    assert not accounts.check_code("grace", recovery[3])
    assert accounts.check_code("grace", recovery[4])


def test_a_right_password_does_not_give_new_guesses_at_the_code(accounts: Accounts, time: object) -> None:
    app, _ = enrolled(accounts, "grace", time)
    for _ in range(5):
        accounts.check_password("grace", PASSWORD)
        accounts.check_code("grace", "000000")
    assert accounts.check_password("grace", PASSWORD) is None
    assert not accounts.check_code("grace", app.at(time.now))  # type: ignore[attr-defined]


def test_an_administrator_takes_a_lost_authenticator_off(accounts: Accounts, time: object) -> None:
    enrolled(accounts, "grace", time)
    accounts.remove_authenticator("grace", by="root")
    assert accounts.check_password("grace", PASSWORD) == Checked("grace", needs_code=False)


def test_a_one_time_password_must_be_changed_and_ends(accounts: Accounts, time: object) -> None:
    token = accounts.begin("sunil")
    password = accounts.reset_password("sunil", by="root")
    assert accounts.sign_in_of(token) is None
    assert accounts.must_change_password("sunil")
    assert accounts.check_password("sunil", password) is not None
    assert accounts.change_password("sunil", password, "kettle-orbit-parsnip") is None
    assert not accounts.must_change_password("sunil")
    late = accounts.reset_password("sunil", by="root")
    time.move(days=3)  # type: ignore[attr-defined]
    assert accounts.check_password("sunil", late) is None


def test_a_password_is_changed_only_by_who_knows_it(accounts: Accounts) -> None:
    wrong = accounts.change_password("grace", "not it", "kettle-orbit-parsnip")
    assert wrong is not None
    assert wrong.field == "current"
    for current, new in ((PASSWORD, "short"), (PASSWORD, PASSWORD), (PASSWORD, "graceokafor2026")):
        problem = accounts.change_password("grace", current, new)
        assert problem is not None
        assert problem.field == "password"
    assert accounts.change_password("grace", PASSWORD, "kettle-orbit-parsnip") is None
    assert accounts.check_password("grace", "kettle-orbit-parsnip") is not None


def test_changing_the_password_can_end_all_other_sign_ins(accounts: Accounts) -> None:
    here, there = accounts.begin("grace"), accounts.begin("grace")
    kept = accounts.sign_in_of(here)
    assert accounts.change_password("grace", PASSWORD, "kettle-orbit-parsnip", keep=kept) is None
    assert accounts.sign_in_of(here) is not None
    assert accounts.sign_in_of(there) is None


def test_a_sign_in_just_looked_up_ends_and_changes_at_once(accounts: Accounts) -> None:
    secret = accounts.begin("grace")
    found = accounts.sign_in_of(secret)
    assert found is not None
    accounts.declare(found, "investigation", "Burglaries in Exbury")
    changed = accounts.sign_in_of(secret)
    assert changed is not None
    assert changed.purpose == "investigation"
    accounts.reset_password("grace", by="root")
    assert accounts.sign_in_of(secret) is None


def test_only_declared_users_exist(accounts: Accounts) -> None:
    with pytest.raises(Refused, match="not a user of this workspace"):
        accounts.begin("nobody")
    with pytest.raises(NotFound, match="declares no user nobody"):
        accounts.reset_password("nobody", by="root")
    token = accounts.begin("grace")
    del accounts.workspace.users["grace"]
    assert accounts.sign_in_of(token) is None


def test_the_state_of_every_account_tells_nothing_secret(accounts: Accounts) -> None:
    accounts.begin("grace")
    accounts.begin("grace")
    states = {each.user: each for each in accounts.states()}
    assert list(states) == ["grace", "sunil", "root"]
    assert (states["grace"].has_password, states["grace"].sign_ins) == (True, 2)
    assert (states["sunil"].has_password, states["sunil"].last_sign_in) == (False, None)
    assert KEPT not in str(states)


def test_secrets_are_kept_only_as_fingerprints(accounts: Accounts, time: object) -> None:
    token = accounts.begin("grace")
    _, recovery = enrolled(accounts, "grace", time)
    with accounts.database.begin() as connection:
        told = str(connection.execute(text("SELECT * FROM accounts, sign_ins")).all())
    assert token not in told
    assert recovery[0] not in told
    assert PASSWORD not in told


def test_a_change_that_cannot_be_logged_is_not_made(accounts: Accounts) -> None:
    with accounts.database.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    with pytest.raises(Exception, match="audit"):
        accounts.set_password("grace", "kettle-orbit-parsnip")
    with accounts.database.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO audit"))
    assert accounts.check_password("grace", PASSWORD) is not None


def test_the_purpose_is_logged_when_it_is_declared(accounts: Accounts) -> None:
    sign_in = accounts.sign_in_of(accounts.begin("grace", "a browser"))
    assert sign_in is not None
    accounts.declare(sign_in, purpose="investigation", reason="Op Ash", case="01/26")
    with accounts.database.begin() as connection:
        row = connection.execute(text("SELECT * FROM audit ORDER BY seq DESC LIMIT 1")).one()
    assert (row.action, row.purpose_code, row.justification_text, row.case_ref) == (
        "session:purpose",
        "investigation",
        "Op Ash",
        "01/26",
    )
    assert (row.session_id, row.actor_team) == (sign_in.id, "Major Crime")
    assert json.loads(row.fields_or_query) == {}
    assert sign_in.ends - sign_in.began == timedelta(hours=accounts.workspace.settings.sign_in.absolute_hours)
