"""API tokens: for one program, one purpose and some days; the secret is shown once."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bluelamp.apps.accounts.mine import tabs
from bluelamp.apps.accounts.purpose import LONGEST_CASE, LONGEST_REASON, Option, hint, usable
from bluelamp.apps.page import Link, PasswordNeeded, Visit, go, render, signed_in
from bluelamp.errors import Refused
from bluelamp.session.tokens import Token

router = APIRouter()

HERE = "/account/tokens"

#: characters of a token's name
LONGEST_LABEL = 60
DAYS = 90


@dataclass(frozen=True)
class Typed:
    """What was typed into the form."""

    label: str = ""
    purpose: str = ""
    reason: str = ""
    case: str = ""
    days: str = str(DAYS)


@dataclass(frozen=True)
class TokensPage:
    """What tokens.html shows; a secret only right after it was made."""

    tabs: tuple[Link, ...]
    rows: tuple[Token, ...]
    titles: dict[str, str]
    options: tuple[Option, ...]
    typed: Typed = field(default_factory=Typed)
    secret: str = ""
    secret_of: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@router.get(HERE)
def listed(request: Request, visit: Annotated[Visit, signed_in]) -> Response:
    """One's tokens, and the form for another."""
    return render(request, "accounts/tokens.html", _page(visit))


@router.post(HERE)
def make(
    request: Request,
    visit: Annotated[Visit, signed_in],
    label: Annotated[str, Form()] = "",
    purpose: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    case: Annotated[str, Form()] = "",
    days: Annotated[str, Form()] = "",
) -> Response:
    """Make a token and show its secret, or say what is wrong."""
    accounts, name = visit.force.accounts, visit.user.name
    if accounts.must_change_password(name):
        raise PasswordNeeded
    typed = Typed(" ".join(label.split()), purpose, " ".join(reason.split()), case.strip(), days.strip())
    problems = _problems(visit, typed)
    secret = ""
    if not problems:
        try:
            _, secret = accounts.make_token(name, typed.label, purpose, typed.reason, typed.case, int(typed.days))
        except Refused as refused:
            problems = {"reason": str(refused)}
    if problems:
        return render(request, "accounts/tokens.html", _page(visit, typed, problems=problems), status=422)
    return render(request, "accounts/tokens.html", _page(visit, secret=secret, secret_of=typed.label))


@router.post(f"{HERE}/end")
def end(visit: Annotated[Visit, signed_in], token: Annotated[str, Form()] = "") -> Response:
    """Make one of one's own tokens stop working."""
    if token in {each.id for each in visit.force.accounts.tokens(visit.user.name)}:
        visit.force.accounts.revoke_token(token)
    return go(HERE)


def _problems(visit: Visit, typed: Typed) -> dict[str, str]:
    problems = {}
    if not 0 < len(typed.label) <= LONGEST_LABEL:
        problems["label"] = f"Name the program that will use it, in at most {LONGEST_LABEL} characters."
    if typed.purpose not in {each.name for each in usable(visit)}:
        problems["purpose"] = "Choose one of the purposes."
    if len(typed.reason) > LONGEST_REASON:
        problems["reason"] = f"Say it in at most {LONGEST_REASON:,} characters."
    if len(typed.case) > LONGEST_CASE:
        problems["case"] = f"A case reference has at most {LONGEST_CASE} characters."
    if not (typed.days.isascii() and typed.days.isdigit() and len(typed.days) <= 3):  # noqa: PLR2004 (no more is accepted)
        problems["days"] = "Enter a number of days, such as 90."
    return problems


def _page(
    visit: Visit,
    typed: Typed | None = None,
    secret: str = "",
    secret_of: str = "",
    problems: dict[str, str] | None = None,
) -> TokensPage:
    return TokensPage(
        tabs=tabs(HERE),
        rows=visit.force.accounts.tokens(visit.user.name),
        titles={name: each.title for name, each in visit.force.workspace.purposes.items()},
        options=tuple(Option(each.name, each.title, hint(each)) for each in usable(visit)),
        typed=typed or Typed(),
        secret=secret,
        secret_of=secret_of,
        problems=problems or {},
    )
