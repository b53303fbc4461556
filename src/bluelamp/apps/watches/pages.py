"""Watches: what somebody wants to hear of, what is new of it, and a form for one more."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from bluelamp import clock
from bluelamp.apps.page import Visit, go, needs, render
from bluelamp.errors import BlueLampError
from bluelamp.session.permissions import Action
from bluelamp.session.watching import AREA, SEARCH, WatchView

router = APIRouter()

#: days that a form offers
USUAL = 30

Watcher = Annotated[Visit, needs(Action.WATCH)]
Words = Annotated[list[str] | None, Form()]


@dataclass(frozen=True)
class WatchesPage:
    """What watches.html shows."""

    watches: tuple[WatchView, ...]
    titles: dict[str, str]
    problems: dict[str, str]


@router.get("/watches")
def watches(request: Request, visit: Watcher) -> Response:
    """All watches of the reader for this purpose, with what is new."""
    return _page(request, visit)


@router.post("/watches")
def watch(
    request: Request,
    visit: Watcher,
    title: Annotated[str, Form()] = "",
    ends: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = SEARCH,
    text: Annotated[str, Form()] = "",
    types: Words = None,
    sources: Words = None,
    corners: Annotated[str, Form()] = "",
    metres: Annotated[float, Form()] = 0,
    first: Annotated[str, Form()] = "",
    last: Annotated[str, Form()] = "",
) -> Response:
    """One more watch."""
    said: dict[str, Any] = {"first": first, "last": last}
    if kind == AREA:
        pairs = [line.split(",") for line in corners.splitlines() if line.strip()]
        said |= {
            "corners": [[part.strip() for part in pair] for pair in pairs],
            "metres": metres,
            "others": types or [],
        }
    else:
        said |= {"text": text, "types": types or [], "sources": sources or []}
    try:
        day = date.fromisoformat(ends) if ends else clock.today() + timedelta(days=USUAL)
        visit.session.watch(title or text, kind, {name: each for name, each in said.items() if each}, day)
    except (BlueLampError, ValueError) as error:
        sentence = str(error) if isinstance(error, BlueLampError) else "The last day is no day; choose one."
        return _page(request, visit, {"watches": sentence})
    return go("/watches")


@router.post("/watches/{id}/seen")
def seen(visit: Watcher, id: str) -> Response:
    """The reader has seen what is new."""
    visit.session.watch_seen(id)
    return go("/watches")


@router.post("/watches/{id}/end")
def end(visit: Watcher, id: str) -> Response:
    """Watch no more."""
    visit.session.end_watch(id)
    return go("/watches")


def _page(request: Request, visit: Visit, problems: dict[str, str] | None = None) -> Response:
    found: tuple[WatchView, ...] = visit.session.watches()
    marking = visit.session.marking_of([news.id for each in found for news in each.news])
    titles = {name: each.title for name, each in visit.force.workspace.sources.items()}
    context = WatchesPage(found, titles, problems or {})
    return render(request, "watches/watches.html", context, marking=marking, status=400 if problems else 200)
