"""The object page, the page of one kind of its links, and the page of one source row."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from bluelamp.apps.page import Pages, Visit, needs, render
from bluelamp.session.permissions import Action
from bluelamp.session.views import ObjectView, RowView, TieGroup

router = APIRouter()

SIZE = 100


@dataclass(frozen=True)
class ObjectPage:
    """What object.html shows."""

    object: ObjectView
    titles: dict[str, str]
    categories: dict[str, str]
    #: whether the reader's role may ask why its records are one
    joins: bool
    #: whether it may put it on a chart
    charts: bool


@dataclass(frozen=True)
class LinksPage:
    """What links.html shows: the links of one type and direction, a page at a time."""

    object: ObjectView
    group: TieGroup
    categories: dict[str, str]
    pages: Pages


@dataclass(frozen=True)
class RowPage:
    """What row.html shows."""

    row: RowView


#: how pages name what a person is to an event (DPA 2018 s.38(3))
CATEGORIES = {
    "suspected": "suspected",
    "about_to_commit": "about to commit",
    "convicted": "convicted",
    "victim": "victim, or may be",
    "witness_or_informed": "witness or informant",
    "other": "other",
    "unknown": "not known",
}


@router.get("/object/{id}")
def object_(request: Request, visit: Annotated[Visit, needs(Action.VIEW)], id: str) -> Response:
    """One object."""
    view: ObjectView = visit.session.object(id)
    titles = {name: each.title for name, each in visit.force.workspace.sources.items()}
    page = ObjectPage(view, titles, CATEGORIES, visit.may(Action.REVIEW), visit.may(Action.CHART_CHANGE))
    return render(request, "objects/object.html", page, marking=view.marking)


@router.get("/object/{id}/links/{kind}")
def links(request: Request, visit: Annotated[Visit, needs(Action.VIEW)], id: str, kind: str, page: int = 1) -> Response:
    """All links of one type, a page at a time."""
    page = max(page, 1)
    view, group = visit.session.links_of(id, kind, page=page, size=SIZE)
    context = LinksPage(view, group, CATEGORIES, Pages.of(request, page, SIZE, group.count))
    return render(request, "objects/links.html", context, marking=view.marking)


@router.get("/row/{source}/{delivery}/{row}")
def row(
    request: Request,
    visit: Annotated[Visit, needs(Action.LINEAGE)],
    source: str,
    delivery: int,
    row: int,
    file: str | None = None,
) -> Response:
    """One source row: as received, as understood, and what it feeds."""
    view: Any = visit.session.lineage(source, delivery, row, file)
    return render(request, "objects/row.html", RowPage(view), marking=view.marking)
