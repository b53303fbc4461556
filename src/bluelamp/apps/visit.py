"""Who is asking, for which declared purpose, and whether their role may do what a route does."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from bluelamp.errors import Refused
from bluelamp.session.audit import Entry, Operation
from bluelamp.session.permissions import Action, allowed
from bluelamp.workspace.model import Purpose, User

#: the cookie's name; over https the browser also holds it to this host and to https
COOKIE = "bluelamp"
SECURE_COOKIE = "__Host-bluelamp"


class SignInNeeded(Exception):
    """Nobody is signed in, or the sign-in has ended."""


class PurposeNeeded(Exception):
    """Signed in, but for no purpose yet, and without one there is no data."""


class PasswordNeeded(Exception):
    """Signed in with a password for one use, which must be changed before anything else."""


@dataclass
class Visit:
    """One request by a signed-in person."""

    force: Any
    sign_in: Any
    user: User
    purpose: Purpose | None = None
    reason: str = ""
    case: str = ""
    #: where the request came from, for the audit
    place: str = ""
    _session: Any = field(default=None, repr=False)

    def may(self, action: Action) -> bool:
        """Whether one of the user's roles may do `action`."""
        return bool(allowed(self.user, action))

    @property
    def session(self) -> Any:
        """The door to the data, for this user, purpose, reason and case."""
        if self.purpose is None:
            raise PurposeNeeded
        if self._session is None:
            self._session = self.force.session(
                user=self.user.name,
                purpose=self.purpose.name,
                reason=self.reason,
                case=self.case,
                place=self.place,
            )
        return self._session


@dataclass(frozen=True)
class Needs:
    """What a route asks of its visitor; a FastAPI dependency that gives the Visit."""

    #: None: nothing but being signed in
    action: Action | None = None
    #: whether a purpose must have been declared
    purpose: bool = True

    async def __call__(self, request: Request) -> Visit:
        """The visit. Raises SignInNeeded, PasswordNeeded or PurposeNeeded, and Refused where no role allows it."""
        at_once = self._at_once(request)
        visit = await run_in_threadpool(self._admit, request) if at_once is None else at_once
        request.state.visit = visit
        return visit

    def _at_once(self, request: Request) -> Visit | None:
        """The visit where nothing has to be asked of the database or written to it: most, and a thread is spared."""
        force = request.app.state.force
        visit = _visit(request, force.accounts.remembered(token_of(request)))
        if visit is None or visit.purpose is None or not (self.action is None or visit.may(self.action)):
            return None
        return visit

    def _admit(self, request: Request) -> Visit:
        token = token_of(request)
        visit = _visit(request, request.app.state.force.accounts.sign_in_of(token) if token else None)
        if visit is None:
            raise SignInNeeded
        request.state.visit = visit
        decision = allowed(visit.user, self.action) if self.action else None
        if self.action and decision is not None and not decision.ok:
            log_refusal(visit, self.action, request.url.path)
            raise Refused(decision.reason)
        # Without a purpose nobody gets far, so this need not be asked again once there is one.
        if visit.purpose is None and self.action and visit.force.accounts.must_change_password(visit.user.name):
            raise PasswordNeeded
        if self.purpose and visit.purpose is None:
            raise PurposeNeeded
        return visit


def needs(action: Action, *, purpose: bool = True) -> Any:
    """A dependency of routes: the visitor must be allowed `action`, and have a purpose.

    Written `visit: Annotated[Visit, needs(Action.X)]`. With `purpose=False` (administration, which shows nothing of
    records) no purpose is asked for.
    """
    return Depends(Needs(action, purpose))


#: `visit: Annotated[Visit, signed_in]`: anybody who is signed in; for pages about themselves.
signed_in = Depends(Needs(None, purpose=False))


def token_of(request: Request) -> str:
    """The sign-in's secret that the browser sent, or ""."""
    return request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE) or ""


def _visit(request: Request, found: Any) -> Visit | None:
    """The visit by a sign-in; None where there is none, or its user is no longer declared."""
    force = request.app.state.force
    user = force.workspace.users.get(found.user) if found else None
    if user is None:
        return None
    purpose = force.workspace.purposes.get(found.purpose) if found.purpose else None
    return Visit(force, found, user, purpose, found.reason or "", found.case or "", place(request))


def log_refusal(visit: Visit, action: Action, path: str) -> None:
    """Put on the audit log that somebody asked for a page that is not for their role."""
    entry = Entry(
        action=action,
        operation=Operation.CONSULTATION,
        actor_id=visit.user.name,
        actor_role=" ".join(visit.user.roles),
        actor_team=visit.user.team,
        device_or_ip=visit.place,
        purpose_code=visit.purpose.name if visit.purpose else "",
        justification_text=visit.reason,
        case_ref=visit.case,
        fields_or_query={"page": path},
        decision="refused",
    )
    visit.force.audit.append(entry)


def place(request: Request) -> str:
    """The address that the request came from, as the audit says it."""
    return request.client.host if request.client else ""
