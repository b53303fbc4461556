"""One page per kind of problem: what happened, and what to do next; never a stack trace."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from bluelamp.apps.api.routes import TokenNeeded
from bluelamp.apps.page import PasswordNeeded, PurposeNeeded, SignInNeeded, render
from bluelamp.errors import BlueLampError, Contradiction, DatabaseUnavailable, NotFound, Refused, TooMuch


@dataclass(frozen=True)
class Kind:
    """What is said of one status when nothing more is known."""

    title: str
    sentence: str
    #: where to go from here: text and address
    way: tuple[str, str] = ("Start page", "/")


@dataclass(frozen=True)
class Problem:
    """What problem.html shows."""

    status: int
    title: str
    sentence: str
    way: tuple[str, str]
    request_id: str


KINDS = {
    400: Kind("We could not understand that request", "Check the address, or go back and try again."),
    401: Kind("You are not signed in", "Sign in, then do it again. Nothing was changed.", ("Sign in", "/sign-in")),
    403: Kind("You may not do this", "The refusal is recorded. Ask an administrator if your work needs it."),
    404: Kind(
        "Page not found",
        "Check the address. There may be nothing here, or nothing that you may see for your purpose.",
    ),
    405: Kind("That cannot be done here", "Go back to the page that you came from and use its buttons."),
    409: Kind("That contradicts what is in force", "Nothing was changed. Undo what is in force first, or leave it."),
    413: Kind("That is too much at once", "Ask for less, or send less, at a time."),
    422: Kind("We could not understand that address or form", "Go back, check what you entered and try again."),
    500: Kind(
        "Something went wrong",
        "It is our mistake, not yours. Try again; if it happens again, give your administrator the number below.",
    ),
    503: Kind(
        "The service is not available",
        "The database does not answer, so nothing can be recorded and nothing is shown. Try again in a minute; "
        "if it goes on, tell your administrator.",
    ),
}


def install(app: FastAPI) -> None:
    """Make `app` answer with these pages."""
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(PurposeNeeded, _purpose)
    app.add_exception_handler(PasswordNeeded, _password)
    app.add_exception_handler(TokenNeeded, _token)
    app.add_exception_handler(BlueLampError, _told)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _misunderstood)


def page(request: Request, status: int, sentence: str = "") -> Response:
    """The page for `status`; as JSON for programs that ask for it."""
    kind = KINDS.get(status, KINDS[500] if status >= 500 else KINDS[400])  # noqa: PLR2004 (HTTP's own border)
    request_id = getattr(request.state, "request_id", "")
    if "application/json" in request.headers.get("accept", "") or request.url.path.startswith("/api/"):
        told = {"status": status, "title": kind.title, "detail": sentence or kind.sentence, "request": request_id}
        return JSONResponse(told, status_code=status, media_type="application/problem+json")
    problem = Problem(status, kind.title, sentence or kind.sentence, kind.way, request_id)
    return render(request, "problem.html", problem, status=status)


async def answer(scope: Scope, receive: Receive, send: Send, status: int, sentence: str = "") -> None:
    """Send the page for `status` from a middleware."""
    await page(Request(scope, receive), status, sentence)(scope, receive, send)


def _sign_in(request: Request, _: Exception) -> Response:
    if request.method != "GET" or "application/json" in request.headers.get("accept", ""):
        return page(request, 401)
    return _elsewhere(request, "/sign-in")


def _purpose(request: Request, _: Exception) -> Response:
    if request.method != "GET":
        return page(request, 403, "Choose a purpose first, then do it again. Nothing was changed.")
    return _elsewhere(request, "/purpose")


def _password(_: Request, __: Exception) -> Response:
    return Response(status_code=303, headers={"location": "/account/password"})


def _elsewhere(request: Request, path: str) -> Response:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    there = path if asked == "/" else f"{path}?next={quote(asked, safe='')}"
    return Response(status_code=303, headers={"location": there})


def _token(request: Request, _: Exception) -> Response:
    sentence = "Send a token that is valid: Authorization: Bearer TOKEN. Make one with `bluelamp token make`."
    answer = page(request, 401, sentence)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _told(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    return page(request, status, str(error) if status != 503 else "")  # noqa: PLR2004 (one sentence for all of them)


#: which status an error of ours is told as; the first that fits
STATUSES: tuple[tuple[type[BlueLampError], int], ...] = (
    (Refused, 403),
    (NotFound, 404),
    (Contradiction, 409),
    (TooMuch, 413),
    (DatabaseUnavailable, 503),
    (BlueLampError, 400),
)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return page(request, status)


def _misunderstood(request: Request, _: Exception) -> Response:
    return page(request, 422)
