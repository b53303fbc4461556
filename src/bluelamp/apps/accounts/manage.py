"""The administrator's list of accounts: let people back in, end their sign-ins; nothing of what they looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Request, Response

from bluelamp.apps.page import Visit, go, needs, render
from bluelamp.errors import NotFound
from bluelamp.session.permissions import Action

router = APIRouter()

UNLOCK, RESET, REVOKE = "unlock", "reset", "revoke"


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
    if user is None or deed not in (UNLOCK, RESET, REVOKE):
        raise NotFound("There is no such account; go back to the list.")
    accounts = visit.force.accounts
    if deed == RESET:
        password = accounts.reset_password(name, by=visit.user.name)
        return render(request, "accounts/accounts.html", AccountsPage(_rows(visit), password, user.title or name))
    if deed == UNLOCK:
        accounts.unlock(name, by=visit.user.name)
    else:
        accounts.revoke_all(name, by=visit.user.name)
    return go("/accounts")


def _rows(visit: Visit) -> tuple[Row, ...]:
    return ()
