"""REST under /api/v1: search, object, links, lineage; sources and counts; each answer comes through the session."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bluelamp.apps.visit import Needs, Visit, log_refusal, place
from bluelamp.errors import Refused
from bluelamp.session.permissions import Action, allowed
from bluelamp.session.plain import plain

router = APIRouter(prefix="/api/v1", tags=["v1"])

bearer = HTTPBearer(auto_error=False, description="A token made on your account page, bound to you and one purpose")


class TokenNeeded(Exception):
    """The request carries no token that is valid now."""


class Calls(Needs):
    """What a route of the API asks of its caller: a valid token of a user whose role may do the action."""

    def __call__(  # type: ignore[override]  # the same dependency, told by a token instead of a cookie
        self, request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
    ) -> Any:
        """The session of the token's user and purpose. Raises TokenNeeded or Refused."""
        force = request.app.state.force
        token = force.accounts.token_of(given.credentials) if given else None
        if token is None:
            raise TokenNeeded
        user = force.workspace.users.get(token.user)
        if user is None:
            raise TokenNeeded
        purpose, case = force.workspace.purposes.get(token.purpose), token.case or ""
        visit = Visit(force, None, user, purpose, token.reason, case, f"{place(request)}, token {token.label}")
        decision = allowed(user, self.action) if self.action else None
        if self.action and decision is not None and not decision:
            log_refusal(visit, self.action, request.url.path)
            raise Refused(decision.reason)
        return force.session(user.name, token.purpose, token.reason, token.case, place=visit.place)


def calls(action: Action) -> Any:
    """A dependency: the session of a token whose user may do `action`."""
    return Depends(Calls(action))


@router.get("/search", summary="Search everything that the purpose opens")
def search(
    session: Annotated[Any, calls(Action.SEARCH)],
    q: Annotated[
        str, Query(description="Words, names, plates, phones, references; AND, OR, NOT, quotes, AB12*", max_length=1000)
    ] = "",
    kind: Annotated[list[str] | None, Query(alias="type", description="Only these object types")] = None,
    source: Annotated[list[str] | None, Query(description="Only these sources")] = None,
    since: Annotated[date | None, Query(alias="from", description="Events from this day on")] = None,
    until: Annotated[date | None, Query(alias="to", description="Events up to this day")] = None,
    page: Annotated[int, Query(ge=1, le=500)] = 1,
    size: Annotated[int, Query(ge=1, le=200)] = 20,
) -> dict[str, Any]:
    """Objects that match, best first, each with why it matched; counts by type and source."""
    found = session.search(q, tuple(kind or ()), tuple(source or ()), since, until, page, size)
    return _answer(session, found, session.marking(found.hits))


@router.get("/objects/{id}", summary="What is known of one object")
def object_(session: Annotated[Any, calls(Action.VIEW)], id: str) -> dict[str, Any]:
    """Its values with their sources, its links and its timeline."""
    view = session.object(id)
    return _answer(session, view, view.marking)


@router.get("/objects/{id}/links", summary="The links of one object")
def links(session: Annotated[Any, calls(Action.LINKS)], id: str) -> dict[str, Any]:
    """Its links by type, with roles, dates, basis and sources."""
    groups = session.links(id)
    return _answer(session, {"groups": groups}, session.marking(groups))


@router.get("/lineage/{source}/{delivery}/{row}", summary="One source row and what it feeds")
def lineage(
    session: Annotated[Any, calls(Action.LINEAGE)], source: str, delivery: int, row: int, file: str | None = None
) -> dict[str, Any]:
    """The row as received and as understood, and the objects that it feeds."""
    view = session.lineage(source, delivery, row, file)
    return _answer(session, view, view.marking)


@router.get("/sources", summary="All sources and what came of them")
def sources(session: Annotated[Any, calls(Action.DATA)]) -> dict[str, Any]:
    """Owners, purposes, markings, deliveries and counts; no content."""
    return _answer(session, {"sources": session.sources()}, "")


def _answer(session: Any, body: Any, marking: str) -> dict[str, Any]:
    """The body with the purpose that it was given for, and its marking where it shows records."""
    return {"purpose": session.purpose.name, "marking": marking or None, **plain(body)}
