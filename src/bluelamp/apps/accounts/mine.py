"""One's own account: who one is here, where one is signed in, the password, and how pages look."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bluelamp.apps.accounts.cookies import keep_look
from bluelamp.apps.page import DENSITIES, THEMES, Link, Visit, go, render, signed_in
from bluelamp.session.passwords import LEAST

router = APIRouter()

TABS = (
    ("You", "/account"),
    ("Where you are signed in", "/account/sessions"),
    ("Authenticator app", "/account/authenticator"),
    ("Password", "/account/password"),
    ("API tokens", "/account/tokens"),
    ("Display", "/account/display"),
)


@dataclass(frozen=True)
class Row:
    """A fact about the account, as components/summary.html shows it."""

    label: str
    value: str
    action: str = ""
    action_href: str = ""


@dataclass(frozen=True)
class AccountPage:
    """What account.html shows."""

    tabs: tuple[Link, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SignInRow:
    """One place where the user is signed in."""

    id: str
    since: datetime
    used: datetime
    purpose: str
    client: str
    #: whether it is the one that asks
    this: bool


@dataclass(frozen=True)
class SessionsPage:
    """What sessions.html shows."""

    tabs: tuple[Link, ...]
    rows: tuple[SignInRow, ...]


@dataclass(frozen=True)
class PasswordPage:
    """What password.html shows."""

    tabs: tuple[Link, ...]
    #: a one-time password must be changed first
    must: bool
    least: int = LEAST
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """One way that pages can look."""

    value: str
    text: str
    hint: str


@dataclass(frozen=True)
class DisplayPage:
    """What display.html shows."""

    tabs: tuple[Link, ...]
    themes: tuple[Choice, ...] = (
        Choice("system", "As this machine is set", ""),
        Choice("light", "Light", ""),
        Choice("dark", "Dark", "Easier at night"),
    )
    densities: tuple[Choice, ...] = (
        Choice("comfortable", "Comfortable", "Larger text with more room"),
        Choice("compact", "Compact", "More rows on the screen"),
    )


def tabs(here: str) -> tuple[Link, ...]:
    """The pages of one's own account, `here` marked."""
    return tuple(Link(text, href, href == here) for text, href in TABS)


@router.get("/account")
def account(request: Request, visit: Annotated[Visit, signed_in]) -> Response:
    """Who one is here."""
    user, enrolled = visit.user, visit.force.accounts.is_enrolled(visit.user.name)
    rows = (
        Row("Name", user.title),
        Row("User name", user.name),
        Row("Roles", ", ".join(user.roles)),
        Row("Clearance", ", ".join(user.clearance)),
        Row("Team", user.team or "–"),
        Row("Purpose", visit.purpose.title if visit.purpose else "none yet", "Change", "/purpose"),
        Row(
            "Authenticator app", "set up" if enrolled else "not set up", "Change" if enrolled else "Set up", TABS[2][1]
        ),
    )
    return render(request, "accounts/account.html", AccountPage(tabs("/account"), rows))


@router.get("/account/sessions")
def sessions(request: Request, visit: Annotated[Visit, signed_in]) -> Response:
    """Where one is signed in."""
    purposes = visit.force.workspace.purposes
    rows = tuple(
        SignInRow(
            id=each.id,
            since=each.began,
            used=each.used,
            purpose=purposes[each.purpose].title if each.purpose in purposes else "",
            client=each.client,
            this=each.id == visit.sign_in.id,
        )
        for each in visit.force.accounts.sign_ins(visit.user.name)
    )
    return render(request, "accounts/sessions.html", SessionsPage(tabs("/account/sessions"), rows))


@router.post("/account/sessions")
def end(visit: Annotated[Visit, signed_in], session: Annotated[str, Form()] = "") -> Response:
    """End one of one's own sign-ins, or all but this."""
    accounts = visit.force.accounts
    if session == "others":
        accounts.revoke_others(visit.sign_in)
    elif session in {each.id for each in accounts.sign_ins(visit.user.name)}:
        accounts.revoke(session)
    return go("/account/sessions")


@router.get("/account/password")
def password_form(request: Request, visit: Annotated[Visit, signed_in]) -> Response:
    """The form for a new password."""
    must = visit.force.accounts.must_change_password(visit.user.name)
    return render(request, "accounts/password.html", PasswordPage(tabs("/account/password"), must))


@router.post("/account/password")
def change_password(
    request: Request,
    visit: Annotated[Visit, signed_in],
    current: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Change it and end all other sign-ins, or say what is wrong."""
    accounts, name = visit.force.accounts, visit.user.name
    must = accounts.must_change_password(name)
    problem = accounts.change_password(name, current, password, keep=visit.sign_in)
    if problem:
        page = PasswordPage(tabs("/account/password"), must, problems={problem.field: problem.sentence})
        return render(request, "accounts/password.html", page, status=422)
    return go("/purpose" if must else "/account")


@router.get("/account/display")
def display(request: Request, visit: Annotated[Visit, signed_in]) -> Response:
    """The form for colours and density."""
    return render(request, "accounts/display.html", DisplayPage(tabs("/account/display")))


@router.post("/account/display")
def set_display(
    request: Request,
    visit: Annotated[Visit, signed_in],
    theme: Annotated[str, Form()] = THEMES[0],
    density: Annotated[str, Form()] = DENSITIES[0],
) -> Response:
    """Keep the choice in two cookies; what is not a known choice becomes the first."""
    response = go("/account/display")
    keep_look(
        request,
        response,
        theme if theme in THEMES else THEMES[0],
        density if density in DENSITIES else DENSITIES[0],
    )
    return response
