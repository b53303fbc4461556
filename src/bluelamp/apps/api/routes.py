"""REST under /api/v1: search, object, links, lineage; sources and counts; each answer comes through the session."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bluelamp.apps.page import attached
from bluelamp.apps.visit import Needs, Visit, log_refusal, place
from bluelamp.errors import Refused
from bluelamp.index.graph import Choice
from bluelamp.session.formats import FORMATS
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


@router.get("/objects/{id}/around", summary="What stands around one object, counted by kind of link")
def around(
    session: Annotated[Any, calls(Action.LINKS)],
    id: str,
    type: Annotated[list[str] | None, Query(description="Only these link types")] = None,
    role: Annotated[list[str] | None, Query(description="Only in these roles")] = None,
    to: Annotated[list[str] | None, Query(description="Only to these object types")] = None,
    source: Annotated[list[str] | None, Query(description="Only said by these sources")] = None,
    first: date | None = None,
    last: date | None = None,
    most: Annotated[int, Query(ge=0, le=1_000, description="How many of the things to name")] = 0,
) -> dict[str, Any]:
    """How many things each kind of link leads to, and the first of these, the best connected first."""
    choice = Choice.of(type, role, to, source, first, last)
    view = session.around([id], choice)
    followed = session.follow([id], choice, most) if most else None
    return _answer(
        session, {"kinds": view.kinds, "total": view.total, "things": followed and followed.things}, view.marking
    )


@router.get("/paths", summary="All shortest paths between two objects")
def paths(
    session: Annotated[Any, calls(Action.LINKS)],
    one: str,
    other: str,
    longest: Annotated[int, Query(ge=1, le=6, description="Links at most")] = 4,
    type: Annotated[list[str] | None, Query(description="Only by these link types")] = None,
    through: Annotated[list[str] | None, Query(description="Only through these object types")] = None,
    first: date | None = None,
    last: date | None = None,
) -> dict[str, Any]:
    """The paths, and the things and links on them; only what the purpose opens is on any path."""
    view = session.paths(one, other, Choice.of(type, others=through, first=first, last=last), longest)
    return _answer(session, view, view.drawing.marking)


@router.get("/questions", summary="The questions that may be asked")
def questions(session: Annotated[Any, calls(Action.QUESTION)]) -> dict[str, Any]:
    """Those for the token's purpose, each with what it asks for."""
    return _answer(session, {"questions": session.questions()}, "")


@router.get("/questions/{name}", summary="What answers a question")
def question(session: Annotated[Any, calls(Action.QUESTION)], request: Request, name: str) -> dict[str, Any]:
    """The answers with the rows that each rests on; the query holds the question's own inputs, as in `?least=3`."""
    view = session.ask(name, **request.query_params)
    return _answer(session, view, view.marking)


@router.get("/values", summary="How often each value of a property is said of the objects of a type")
def values(
    session: Annotated[Any, calls(Action.SEARCH)],
    type: Annotated[str, Query(description="An object type, such as Crime")],
    property: Annotated[str, Query(description="One of its properties, such as crime_type")],
    first: date | None = None,
    last: date | None = None,
) -> dict[str, Any]:
    """The values said most, each with how many objects say it."""
    found = session.histogram(type, property, first, last)
    return _answer(session, found, found.marking)


@router.get("/charts", summary="The charts that you may open")
def charts(session: Annotated[Any, calls(Action.CHART)]) -> dict[str, Any]:
    """Your own and those shared with you, for the token's purpose."""
    return _answer(session, {"charts": session.charts()}, "")


@router.get("/charts/{id}", summary="One chart")
def chart(session: Annotated[Any, calls(Action.CHART)], id: str) -> dict[str, Any]:
    """Its things and the links among them, notes, proposals and history."""
    view = session.chart(id)
    return _answer(session, view, view.drawing.marking)


@router.get("/charts/{id}/story", summary="The story of a chart")
def story(session: Annotated[Any, calls(Action.CHART)], id: str) -> dict[str, Any]:
    """Its passages in reading order, with the things and links that stand in them."""
    view = session.story(id)
    return _answer(session, view, view.drawing.marking)


@router.get("/charts/{id}/measures", summary="How the things of a chart stand in its network")
def measures(session: Annotated[Any, calls(Action.CHART)], id: str, *, along: bool = False) -> dict[str, Any]:
    """Degree, betweenness, closeness, cores, sets and communities; `along=1`: ways lead from first ends to second."""
    found = session.chart_measures(id, along=along)
    return _answer(session, found, found.marking)


@router.get("/charts/{id}/export", summary="One chart as a file", response_class=Response)
def export(
    session: Annotated[Any, calls(Action.EXPORT)],
    id: str,
    format: Annotated[str, Query(description=f"One of {', '.join(each.name for each in FORMATS)}")],
    recipient: Annotated[list[str] | None, Query(description="Who receives it; one at least")] = None,
    thing: Annotated[list[str] | None, Query(description="Only these things; else all that are not hidden")] = None,
) -> Response:
    """The chart with its marking and handling conditions: a disclosure, logged with who receives it."""
    return attached(session.export_chart(id, format, recipient or (), thing or None))


@router.get("/watches", summary="Your watches, and what is new on them")
def watches(session: Annotated[Any, calls(Action.WATCH)]) -> dict[str, Any]:
    """Those for the token's purpose, as the server looked at them last."""
    found = session.watches(look=False)
    named = [each.id for watch in found for fresh in watch.fresh for each in fresh.things]
    return _answer(session, {"watches": found}, session.marking_of(named))


@router.post("/watches", summary="Have a search, an area or a question watched", status_code=201)
def watch(
    session: Annotated[Any, calls(Action.WATCH)],
    title: Annotated[str, Body(max_length=200)],
    kind: Annotated[str, Body(description="search, area or question")],
    said: Annotated[
        dict[str, Any],
        Body(description="text, types, sources, first, last; or corners, metres, others; or question and given"),
    ],
    ends: Annotated[date, Body(description="The last day")],
) -> dict[str, Any]:
    """Its name. It is looked at again with each build, with your rights of that day; what there is now is no news."""
    return _answer(session, {"watch": session.watch(title, kind, said, ends)}, "")


@router.post("/watches/{id}/seen", summary="You have seen what is new on a watch")
def seen(
    session: Annotated[Any, calls(Action.WATCH)],
    id: str,
    build: Annotated[int, Body(embed=True, description="Up to what came with this build")],
) -> dict[str, Any]:
    """Only what comes later is new from now on."""
    session.watch_seen(id, build)
    return _answer(session, {"watch": id}, "")


@router.post("/watches/{id}/extend", summary="Watch until another day, also what has ended")
def extend(
    session: Annotated[Any, calls(Action.WATCH)], id: str, ends: Annotated[date, Body(embed=True)]
) -> dict[str, Any]:
    """What came since it was looked at last is new then."""
    session.extend_watch(id, ends)
    return _answer(session, {"watch": id}, "")


@router.post("/watches/{id}/end", summary="Watch no more")
def end(session: Annotated[Any, calls(Action.WATCH)], id: str) -> dict[str, Any]:
    """Nothing is looked at from now on."""
    session.end_watch(id)
    return _answer(session, {"watch": id}, "")


@router.post("/watches/{id}/remove", summary="Take a watch off your list")
def remove(session: Annotated[Any, calls(Action.WATCH)], id: str) -> dict[str, Any]:
    """All that was found is forgotten."""
    session.remove_watch(id)
    return _answer(session, {"watch": id}, "")


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
