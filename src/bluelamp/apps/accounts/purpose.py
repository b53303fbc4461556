"""Declaring the purpose: right after signing in, and whenever it changes."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bluelamp.apps.page import PasswordNeeded, Visit, go, local_path, render, signed_in
from bluelamp.apps.words import day
from bluelamp.session.visibility import refusal
from bluelamp.workspace.model import Purpose

router = APIRouter()

#: characters; a reason is a sentence or two
LONGEST_REASON = 1000
LONGEST_CASE = 60


@dataclass(frozen=True)
class Option:
    """One purpose that this user may choose."""

    value: str
    text: str
    hint: str


@dataclass(frozen=True)
class PurposePage:
    """What purpose.html shows."""

    next: str
    options: tuple[Option, ...]
    roles: str
    some_need_reason: bool
    some_need_case: bool
    chosen: str = ""
    reason: str = ""
    case: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@router.get("/purpose")
def ask(request: Request, visit: Annotated[Visit, signed_in], next: str = "") -> Response:
    """The form, with what was declared last."""
    _own_password(visit)
    chosen = visit.purpose.name if visit.purpose else ""
    return render(request, "accounts/purpose.html", _page(visit, next, chosen, visit.reason, visit.case))


@router.post("/purpose")
def choose(
    request: Request,
    visit: Annotated[Visit, signed_in],
    purpose: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    case: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Freeze the purpose, reason and case into the sign-in, or say what is missing."""
    _own_password(visit)
    reason, case = " ".join(reason.split()), " ".join(case.split())
    problems = _problems(visit, purpose, reason, case)
    if problems:
        page = _page(visit, next, purpose, reason, case, problems)
        return render(request, "accounts/purpose.html", page, status=422)
    visit.force.accounts.declare(visit.sign_in, purpose=purpose, reason=reason, case=case or None)
    return go(local_path(next))


def _own_password(visit: Visit) -> None:
    if visit.force.accounts.must_change_password(visit.user.name):
        raise PasswordNeeded


def _problems(visit: Visit, purpose: str, reason: str, case: str) -> dict[str, str]:
    declared = {each.name: each for each in usable(visit)}.get(purpose)
    if declared is None:
        return {"purpose": "Choose one of the purposes."}
    problems = {}
    if declared.needs_reason and not reason:
        problems["reason"] = f"Enter a reason: “{declared.title}” cannot be used without one."
    if declared.needs_case and not case:
        problems["case"] = f"Enter a case reference: “{declared.title}” cannot be used without one."
    if len(reason) > LONGEST_REASON:
        problems["reason"] = f"Say it in at most {LONGEST_REASON:,} characters."
    if len(case) > LONGEST_CASE:
        problems["case"] = f"A case reference has at most {LONGEST_CASE} characters."
    return problems


def usable(visit: Visit) -> tuple[Purpose, ...]:
    """The purposes that are open to this user's roles today."""
    workspace, user = visit.force.workspace, visit.user
    purposes = workspace.purposes.values()
    return tuple(each for each in purposes if refusal(workspace, user, each.name, "a reason", "a case") is None)


def _page(
    visit: Visit, onward: str, chosen: str, reason: str, case: str, problems: dict[str, str] | None = None
) -> PurposePage:
    purposes = usable(visit)
    return PurposePage(
        next=local_path(onward, ""),
        options=tuple(Option(each.name, each.title, hint(each)) for each in purposes),
        roles=", ".join(visit.user.roles) or "none",
        some_need_reason=not all(each.needs_reason for each in purposes)
        and any(each.needs_reason for each in purposes),
        some_need_case=any(each.needs_case for each in purposes),
        chosen=chosen,
        reason=reason,
        case=case,
        problems=problems or {},
    )


def hint(purpose: Purpose) -> str:
    """What stands under a purpose: what it is for, its lawful basis, what it asks for, and when it ends."""
    asks = [what for what, needed in (("reason", purpose.needs_reason), ("case", purpose.needs_case)) if needed]
    parts = (
        purpose.description.strip().rstrip("."),
        f"Lawful basis: {purpose.lawful_basis}",
        f"{' and '.join(asks).capitalize()} needed" if asks else "",
        f"Ends {day(purpose.ends)}" if purpose.ends else "",
    )
    return ". ".join(part for part in parts if part) + "."
