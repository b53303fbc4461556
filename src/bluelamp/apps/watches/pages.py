"""Watches: what somebody wants to hear of, what is new of it, and a form for one more."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter, Form, Request, Response

from bluelamp import clock
from bluelamp.apps.page import Visit, go, needs, render
from bluelamp.errors import UNMENDABLE, BlueLampError
from bluelamp.session.permissions import Action
from bluelamp.session.watched import AREA, QUESTION, SEARCH
from bluelamp.session.watching import WatchView

router = APIRouter()

#: days that a form offers
USUAL = 30

Watcher = Annotated[Visit, needs(Action.WATCH)]
Words = Annotated[list[str] | None, Form()]


@dataclass(frozen=True)
class WatchesPage:
    """What watches.html shows."""

    watches: tuple[WatchView, ...]
    #: titles of questions, by name
    questions: dict[str, str]
    #: where each is looked for by hand
    again: dict[str, str]
    #: the day that a form offers
    until: date
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
    question: Annotated[str, Form()] = "",
    given: Annotated[str, Form()] = "",
) -> Response:
    """One more watch; `given` is what a question was asked with, as its address says it."""
    said: dict[str, Any] = {"first": first, "last": last}
    if kind == QUESTION:
        said = {"question": question, "given": dict(parse_qsl(given, keep_blank_values=True))}
    elif kind == AREA:
        pairs = [line.split(",") for line in corners.splitlines() if line.strip()]
        said |= {
            "corners": [[part.strip() for part in pair] for pair in pairs],
            "metres": metres,
            "others": types or [],
        }
    else:
        said |= {"text": text, "types": types or [], "sources": sources or []}
    try:
        visit.session.watch(title or text, kind, said, _day(ends))
    except UNMENDABLE:
        raise
    except BlueLampError as error:
        return _page(request, visit, {"watches": str(error)})
    return go("/watches")


@router.post("/watches/{id}/seen")
def seen(visit: Watcher, id: str, build: Annotated[int | None, Form()] = None) -> Response:
    """The reader has seen what is new, up to the build that stood on the page."""
    visit.session.watch_seen(id, build)
    return go("/watches")


@router.post("/watches/{id}/extend")
def extend(request: Request, visit: Watcher, id: str, ends: Annotated[str, Form()] = "") -> Response:
    """Go on watching, until another day."""
    try:
        visit.session.extend_watch(id, _day(ends))
    except UNMENDABLE:
        raise
    except BlueLampError as error:
        return _page(request, visit, {id: str(error)})
    return go("/watches")


@router.post("/watches/{id}/end")
def end(visit: Watcher, id: str) -> Response:
    """Watch no more."""
    visit.session.end_watch(id)
    return go("/watches")


@router.post("/watches/{id}/remove")
def remove(visit: Watcher, id: str) -> Response:
    """Take a watch off the list."""
    visit.session.remove_watch(id)
    return go("/watches")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else clock.today() + timedelta(days=USUAL)
    except ValueError:
        raise BlueLampError("The last day is no day; choose one.") from None


def _page(request: Request, visit: Visit, problems: dict[str, str] | None = None) -> Response:
    # what is due is looked at beside the server, so that no page waits for it
    found: tuple[WatchView, ...] = visit.session.watches(look=False)
    marking = visit.session.marking_of([news.id for each in found for fresh in each.fresh for news in fresh.things])
    workspace = visit.force.workspace
    questions = {name: each.title for name, each in workspace.questions.items()}
    again = {each.id: _again(each) for each in found}
    context = WatchesPage(found, questions, again, clock.today() + timedelta(days=USUAL), problems or {})
    return render(request, "watches/watches.html", context, marking=marking, status=400 if problems else 200)


def _again(watch: WatchView) -> str:
    """Where what is watched is looked for by hand; "" for an area, which belongs to a chart."""
    said = watch.said
    if watch.kind == QUESTION:
        return f"/questions/{quote(said['question'])}?" + urlencode({"_asked": 1, **said["given"]})
    if watch.kind != SEARCH:
        return ""
    kept = [("q", said.get("text", ""))]
    kept += [(name, each) for name in ("type", "source") for each in said.get(f"{name}s", ())]
    kept += [(name, said[key]) for name, key in (("from", "first"), ("to", "last")) if said.get(key)]
    return f"/search?{urlencode(kept)}"
