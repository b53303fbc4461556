"""The administrator's list of accounts: let people back in, end their sign-ins; nothing of what they looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Request, Response

from bluelamp.apps.page import Visit, go, needs, render
from bluelamp.apps.words import moment
from bluelamp.errors import NotFound
from bluelamp.session.accounts import AccountState
from bluelamp.session.permissions import Action
from bluelamp.workspace.model import User

router = APIRouter()

UNLOCK, RESET, REVOKE, PHONE = "unlock", "reset", "revoke", "authenticator"


class Deed(NamedTuple):
    """What the administrator can do to one account."""

    value: str
    text: str


@dataclass(frozen=True)
class Row:
    """One account."""

    name: str
    title: str
    roles: str
    team: str
    state: str
    tint: str
    authenticator: str
    last: datetime | None
    sessions: int
    actions: tuple[Deed, ...]


@dataclass(frozen=True)
class AccountsPage:
    """What accounts.html shows; a one-time password only right after it was made."""

    rows: tuple[Row, ...]
    password: str = ""
    password_of: str = ""


Administrator = Annotated[Visit, needs(Action.ACCOUNTS, purpose=False)]


@router.get("/accounts")
def accounts(request: Request, visit: Administrator) -> Response:
    """The list."""
    return render(request, "accounts/accounts.html", AccountsPage(_rows(visit)))


@router.post("/accounts/{name}/{deed}")
def act(request: Request, visit: Administrator, name: str, deed: str) -> Response:
    """Do it; a new one-time password is shown once, on the page that answers."""
    user = visit.force.workspace.users.get(name)
    if user is None or deed not in (UNLOCK, RESET, REVOKE, PHONE):
        raise NotFound("There is no such account; go back to the list.")
    accounts = visit.force.accounts
    if deed == RESET:
        password = accounts.reset_password(name, by=visit.user.name)
        return render(request, "accounts/accounts.html", AccountsPage(_rows(visit), password, user.title or name))
    done = {UNLOCK: accounts.unlock, REVOKE: accounts.revoke_all, PHONE: accounts.remove_authenticator}
    done[deed](name, by=visit.user.name)
    return go("/accounts")


def _rows(visit: Visit) -> tuple[Row, ...]:
    users = visit.force.workspace.users
    return tuple(_row(users[state.user], state) for state in visit.force.accounts.states())


def _row(user: User, state: AccountState) -> Row:
    said, tint = _state(state)
    return Row(
        name=user.name,
        title=user.title or user.name,
        roles=", ".join(user.roles),
        team=user.team,
        state=said,
        tint=tint,
        authenticator="set up" if state.enrolled else "not set up",
        last=state.last_sign_in,
        sessions=state.sign_ins,
        actions=tuple(_deeds(state)),
    )


def _state(state: AccountState) -> tuple[str, str]:
    if state.locked_until:
        return f"Locked until {moment(state.locked_until)}", "bad"
    if state.must_change:
        return "One-time password", "warning"
    return ("Open", "good") if state.has_password else ("No password", "")


def _deeds(state: AccountState) -> Iterator[Deed]:
    if state.locked_until:
        yield Deed(UNLOCK, "Unlock")
    yield Deed(RESET, "Reset password" if state.has_password else "Make a password")
    if state.enrolled:
        yield Deed(PHONE, "Remove authenticator")
    if state.sign_ins:
        yield Deed(REVOKE, "End sign-ins")
