"""Setting up an authenticator app: the picture to scan, the first code, and the recovery codes."""

import io
from dataclasses import dataclass, field
from typing import Annotated

import pyotp
import segno
from fastapi import APIRouter, Form, Request, Response

from bluelamp.apps.accounts.mine import tabs
from bluelamp.apps.accounts.signin import client
from bluelamp.apps.page import Link, Visit, render, signed_in

router = APIRouter()

HERE = "/account/authenticator"


@dataclass(frozen=True)
class AuthenticatorPage:
    """What authenticator.html shows."""

    tabs: tuple[Link, ...]
    #: whether an app is set up already
    enrolled: bool
    #: the key, in groups of four letters
    key: str = ""
    #: the recovery codes, only right after setting up
    recovery: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)


@router.get(HERE)
def offer(request: Request, visit: Annotated[Visit, signed_in]) -> Response:
    """The key, as picture and text."""
    return render(request, "accounts/authenticator.html", _page(visit))


@router.get(f"{HERE}/picture.svg")
def picture(request: Request, visit: Annotated[Visit, signed_in]) -> Response:
    """The key as a picture for the app to scan."""
    address = pyotp.TOTP(visit.force.accounts.offered_key(visit.user.name)).provisioning_uri(
        name=visit.user.name, issuer_name=f"Blue Lamp {visit.force.workspace.name}"
    )
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=4, border=2, nl=False)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


@router.post(HERE)
def enrol(
    request: Request,
    visit: Annotated[Visit, signed_in],
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
) -> Response:
    """Take the first code, and show the recovery codes this once.

    The password is asked for, so that nobody sets up their own phone at a machine that was left open.
    """
    accounts, name = visit.force.accounts, visit.user.name
    recovery, problems = None, {"code": "That code is not right. Enter the six digits that the app shows now."}
    if accounts.check_password(name, password, client(request)) is None:
        problems = {"password": "That is not your password, or the account is locked for a while."}
    else:
        recovery = accounts.enrol(name, code.replace(" ", ""))
    if recovery is None:
        return render(request, "accounts/authenticator.html", _page(visit, problems), status=422)
    shown = AuthenticatorPage(tabs(HERE), enrolled=True, recovery=tuple(recovery))
    return render(request, "accounts/authenticator.html", shown)


def _page(visit: Visit, problems: dict[str, str] | None = None) -> AuthenticatorPage:
    accounts = visit.force.accounts
    key = accounts.offered_key(visit.user.name)
    groups = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
    return AuthenticatorPage(tabs(HERE), accounts.is_enrolled(visit.user.name), groups, problems=problems or {})
