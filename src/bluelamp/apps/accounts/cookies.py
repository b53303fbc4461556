"""The cookies: who is signed in (a secret, out of scripts' reach), a sign-in under way, and how pages look."""

import os
import secrets
from pathlib import Path

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bluelamp.apps.visit import COOKIE, SECURE_COOKIE

#: seconds between the steps of one sign-in
STEP = 300
#: seconds that the choice of colours is kept: a year
YEAR = 31_536_000


def is_secure(request: Request) -> bool:
    """Whether the browser came by https (a proxy's word for it is taken where uvicorn trusts the proxy)."""
    return request.url.scheme == "https"


def keep_sign_in(request: Request, response: Response, token: str) -> None:
    """Hand the sign-in's secret to the browser, until it closes or the sign-in ends."""
    name = SECURE_COOKIE if is_secure(request) else COOKIE
    response.set_cookie(name, token, httponly=True, secure=is_secure(request), samesite="lax", path="/")


def forget_sign_in(request: Request, response: Response) -> None:
    """Take the secret back, and everything else that this site left in the browser but the colours."""
    for name in (SECURE_COOKIE, COOKIE):
        response.delete_cookie(name, httponly=True, secure=is_secure(request), samesite="lax", path="/")
    response.headers["clear-site-data"] = '"cache", "storage"'


def keep_step(request: Request, response: Response, name: str, value: dict[str, str]) -> None:
    """Keep `value` in the browser, signed, until the next step of a sign-in."""
    sealed = _seal(request, name).dumps(value)
    response.set_cookie(
        name, sealed, max_age=STEP, httponly=True, secure=is_secure(request), samesite="lax", path="/sign-in"
    )


def step(request: Request, name: str) -> dict[str, str] | None:
    """What `keep_step` kept, where it is ours and not older than STEP."""
    try:
        found: dict[str, str] = _seal(request, name).loads(request.cookies.get(name, ""), max_age=STEP)
    except BadSignature:
        return None
    return found


def end_step(response: Response, name: str) -> None:
    """Forget a step of a sign-in."""
    response.delete_cookie(name, path="/sign-in")


def keep_look(request: Request, response: Response, theme: str, density: str) -> None:
    """Keep how pages look on this machine; nothing about a person."""
    for name, value in (("theme", theme), ("density", density)):
        response.set_cookie(
            name, value, max_age=YEAR, httponly=True, secure=is_secure(request), samesite="lax", path="/"
        )


def secret(folder: Path) -> str:
    """The key that seals the steps of a sign-in; made once for a workspace, readable by its owner only."""
    file = folder / "web.key"
    try:
        number = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    key = secrets.token_urlsafe(32)
    with os.fdopen(number, "w", encoding="ascii") as made:
        made.write(key)
    return key


def _seal(request: Request, name: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(request.app.state.secret, salt=f"bluelamp-{name}")
