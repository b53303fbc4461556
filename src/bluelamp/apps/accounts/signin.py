"""Signing in with a password and a code, and signing out."""

from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response

from bluelamp.apps.accounts.cookies import end_step, forget_sign_in, keep_sign_in, keep_step, step
from bluelamp.apps.page import go, local_path, render
from bluelamp.apps.visit import token_of

router = APIRouter()

#: the step between password and code
HALF = "bluelamp-half"

WRONG = (
    "The user name or the password is wrong, or the account is locked. After several wrong tries it locks for a while."
)
WRONG_CODE = "That code is not right. Codes change every 30 seconds: enter the one that shows now."


@dataclass(frozen=True)
class SignInPage:
    """What sign-in.html shows."""

    next: str
    name: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    #: where the force's own sign-in starts, where there is one
    organisation: str = ""


@dataclass(frozen=True)
class CodePage:
    """What code.html shows."""

    next: str
    problems: dict[str, str] = field(default_factory=dict)


@router.get("/sign-in")
def ask(request: Request, next: str = "") -> Response:
    """The form."""
    return render(request, "accounts/sign-in.html", _page(request, next))


def _page(request: Request, onward: str, name: str = "", problems: dict[str, str] | None = None) -> SignInPage:
    organisation = "/sign-in/organisation" if request.app.state.force.workspace.settings.oidc.issuer else ""
    return SignInPage(local_path(onward, ""), name, problems or {}, organisation)


@router.post("/sign-in")
def check(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Sign in, ask for the code, or say that it was wrong (never which of the two)."""
    problems = _missing(name, password)
    accounts = request.app.state.force.accounts
    found = None if problems else accounts.check_password(name.strip(), password, client(request))
    if found is None:
        problems = problems or {"name": WRONG}
        return render(request, "accounts/sign-in.html", _page(request, next, name.strip(), problems), status=422)
    if found.needs_code:
        response = go("/sign-in/code")
        keep_step(request, response, HALF, {"user": found.user, "next": local_path(next, "")})
        return response
    return welcome(request, accounts.begin(found.user, client(request)), next)


@router.get("/sign-in/code")
def ask_code(request: Request) -> Response:
    """The form for the code, where the password was right."""
    half = step(request, HALF)
    return render(request, "accounts/code.html", CodePage(half["next"])) if half else go("/sign-in")


@router.post("/sign-in/code")
def check_code(request: Request, code: Annotated[str, Form()] = "") -> Response:
    """Sign in with the code, or say that it was wrong."""
    half = step(request, HALF)
    if half is None:
        return go("/sign-in")
    accounts = request.app.state.force.accounts
    if not accounts.check_code(half["user"], code.replace(" ", ""), client(request)):
        return render(request, "accounts/code.html", CodePage(half["next"], {"code": WRONG_CODE}), status=422)
    response = welcome(request, accounts.begin(half["user"], client(request)), half["next"])
    end_step(response, HALF)
    return response


@router.post("/sign-out")
def leave(request: Request) -> Response:
    """End the sign-in, and clear what this site left in the browser."""
    token = token_of(request)
    if token:
        request.app.state.force.accounts.end(token)
    response = go("/sign-in")
    forget_sign_in(request, response)
    return response


def welcome(request: Request, token: str, onward: str) -> Response:
    """Hand out a new sign-in and go on to the purpose."""
    onward = local_path(onward, "")
    response = go(f"/purpose?next={quote(onward, safe='')}" if onward else "/purpose")
    keep_sign_in(request, response, token)
    return response


def client(request: Request) -> str:
    """What the list of sign-ins calls the reader's machine: address and program."""
    program = request.headers.get("user-agent", "")[:200]
    return f"{request.client.host if request.client else 'unknown address'}, {browser(program)}"


def browser(program: str) -> str:
    """The user agent's text in two or three words."""
    known = (
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("python", "a program"),
    )
    systems = ("Windows", "Android", "iPhone", "iPad", "Mac", "Linux")
    named = next((name for sign, name in known if sign in program), "another browser")
    system = next((name for name in systems if name in program), "")
    return f"{named} on {system}" if system else named


def _missing(name: str, password: str) -> dict[str, str]:
    fields = (("name", name.strip(), "Enter your user name."), ("password", password, "Enter your password."))
    return {field: sentence for field, value, sentence in fields if not value}
