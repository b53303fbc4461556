"""Sign-ins and API tokens end: when left alone, after a day's work, when revoked, and when the clock is set back."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bluelamp.database.connection import Database
from bluelamp.errors import Refused
from bluelamp.session.accounts import Accounts
from bluelamp.session.audit import AuditLog
from bluelamp.session.tokens import PREFIX
from bluelamp.workspace.model import Purpose, User, Workspace


@pytest.fixture
def accounts(database: Database, log: AuditLog, tmp_path: Path, time: object) -> Accounts:
    """A force of two, and a purpose for one of them."""
    users = {name: User(name, name.title(), (role,), ()) for name, role in (("grace", "analyst"), ("root", "auditor"))}
    purposes = {"research": Purpose("research", "Research", "DPA s.41", ("analyst",))}
    return Accounts(database, Workspace(tmp_path, "Exbury", {}, purposes, {}, users, {}, {}, {}), log)


def test_a_sign_in_is_known_by_its_secret_alone(accounts: Accounts) -> None:
    token = accounts.begin("grace", "a browser")
    found = accounts.sign_in_of(token)
    assert found is not None
    assert (found.user, found.client, found.purpose) == ("grace", "a browser", None)
    assert len(token) == 43
    for wrong in ("", token[:-1], token.upper(), found.id, "\ud800"):
        assert accounts.sign_in_of(wrong) is None


def test_a_sign_in_that_is_left_alone_ends(accounts: Accounts, time: object) -> None:
    token = accounts.begin("grace")
    time.move(minutes=29)  # type: ignore[attr-defined]
    assert accounts.sign_in_of(token) is not None
    time.move(minutes=29)  # type: ignore[attr-defined]
    assert accounts.sign_in_of(token) is not None
    time.move(minutes=30)  # type: ignore[attr-defined]
    assert accounts.sign_in_of(token) is None


def test_a_sign_in_ends_however_busy_it_is(accounts: Accounts, time: object) -> None:
    token, used = accounts.begin("grace"), 0
    while accounts.sign_in_of(token):
        time.move(minutes=20)  # type: ignore[attr-defined]
        used += 20
    assert used == 60 * accounts.workspace.settings.sign_in.absolute_hours


def test_a_clock_that_goes_back_ends_a_sign_in_rather_than_lengthening_it(accounts: Accounts, time: object) -> None:
    token = accounts.begin("grace")
    time.move(seconds=-30)  # type: ignore[attr-defined]
    assert accounts.sign_in_of(token) is not None, "clocks are put right by seconds all the time"
    time.move(hours=-2)  # type: ignore[attr-defined]
    assert accounts.sign_in_of(token) is None
    assert accounts.sign_ins("grace") == ()


def test_the_purpose_stays_with_the_sign_in(accounts: Accounts) -> None:
    token = accounts.begin("grace")
    first = accounts.sign_in_of(token)
    assert first is not None
    declared = accounts.declare(first, purpose="research", reason="Burglary trends", case=None)
    assert accounts.sign_in_of(token) == declared
    assert (declared.purpose, declared.reason, declared.case) == ("research", "Burglary trends", None)


def test_one_s_sign_ins_are_listed_and_ended_one_by_one_or_all_others(accounts: Accounts, time: object) -> None:
    tokens = [accounts.begin("grace", f"browser {number}") for number in range(3)]
    accounts.begin("root")
    listed = accounts.sign_ins("grace")
    assert sorted(each.client for each in listed) == ["browser 0", "browser 1", "browser 2"]
    accounts.revoke(next(each.id for each in listed if each.client == "browser 0"))
    assert accounts.sign_in_of(tokens[0]) is None
    kept = accounts.sign_in_of(tokens[2])
    assert kept is not None
    accounts.revoke_others(kept)
    assert [each.client for each in accounts.sign_ins("grace")] == ["browser 2"]
    assert len(accounts.sign_ins("root")) == 1


def test_an_administrator_ends_everything_of_a_user(accounts: Accounts) -> None:
    token = accounts.begin("grace")
    _, secret = accounts.make_token("grace", "notebook", "research", "Burglary trends")
    accounts.revoke_all("grace", by="root")
    assert accounts.sign_in_of(token) is None
    assert accounts.token_of(secret) is None


def test_a_token_carries_user_purpose_reason_and_case(accounts: Accounts) -> None:
    made, secret = accounts.make_token("grace", "notebook", "research", "Burglary trends", case="01/26")
    found = accounts.token_of(secret)
    assert found is not None
    assert (found.user, found.purpose, found.reason, found.case) == ("grace", "research", "Burglary trends", "01/26")
    assert secret.startswith(PREFIX)
    assert [each.id for each in accounts.tokens("grace")] == [made.id]
    with accounts.database.begin() as connection:
        told = str(connection.execute(text("SELECT * FROM api_tokens, audit")).all())
    assert secret not in told


def test_a_token_ends_and_can_be_revoked(accounts: Accounts, time: object) -> None:
    _, short = accounts.make_token("grace", "short", "research", "Burglary trends", days=1)
    made, long = accounts.make_token("grace", "long", "research", "Burglary trends")
    time.move(days=1)  # type: ignore[attr-defined]
    assert accounts.token_of(short) is None
    assert accounts.token_of(long) is not None
    accounts.revoke_token(made.id)
    assert accounts.token_of(long) is None
    assert {each.revoked is None for each in accounts.tokens("grace")} == {True, False}


@pytest.mark.parametrize(
    ("name", "purpose", "reason", "days", "why"),
    [
        ("root", "research", "Burglary trends", 90, "Your roles may not use the purpose"),
        ("grace", "gossip", "Burglary trends", 90, "No purpose, no data"),
        ("grace", "research", " ", 90, "needs a written reason"),
        ("grace", "research", "Burglary trends", 0, "lasts from 1 to 365 days"),
        ("grace", "research", "Burglary trends", 366, "lasts from 1 to 365 days"),
        ("nobody", "research", "Burglary trends", 90, "no such user"),
    ],
)
def test_a_token_is_refused_where_a_session_would_be(
    accounts: Accounts, name: str, purpose: str, reason: str, days: int, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        accounts.make_token(name, "notebook", purpose, reason, days=days)
    with accounts.database.begin() as connection:
        row = connection.execute(text("SELECT action, decision FROM audit")).one()
    assert tuple(row) == ("token:make", "refused")
