"""The Data pages: all sources; one source with its deliveries, its way through the system, rejects and issues."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response

from bluelamp.apps.data.picture import Picture, picture
from bluelamp.apps.page import Visit, needs, render
from bluelamp.session.data import IssueCount, IssueView, RejectView, SourceView
from bluelamp.session.permissions import Action

router = APIRouter()


@dataclass(frozen=True)
class SourcesPage:
    """What sources.html shows."""

    sources: tuple[SourceView, ...]
    build: int | None
    published: str
    objects: dict[str, int]
    labels: dict[str, str]


@dataclass(frozen=True)
class SourcePage:
    """What source.html shows."""

    source: SourceView
    picture: Picture
    issues: tuple[IssueCount, ...]
    purposes: dict[str, str]
    labels: dict[str, str]
    #: whether rejects and issues may be opened: the role allows it, and the purpose opens the source to the user
    rejects_open: bool
    issues_open: bool


@dataclass(frozen=True)
class RejectsPage:
    """What rejects.html shows."""

    source: SourceView
    rejects: tuple[RejectView, ...]


@dataclass(frozen=True)
class IssuesPage:
    """What issues.html shows."""

    source: SourceView
    property: str
    code: str
    issues: tuple[IssueView, ...]


def _labels(visit: Visit) -> dict[str, str]:
    return {noun.name(): noun.plural for noun in visit.force.workspace.nouns.values()}


@router.get("/data")
def sources(request: Request, visit: Annotated[Visit, needs(Action.DATA)]) -> Response:
    """All sources, and what the published build holds."""
    views = tuple(visit.session.sources())
    build = visit.force.build
    context = SourcesPage(
        views, build.number if build else None, build.at if build else "", visit.session.counts(), _labels(visit)
    )
    return render(request, "data/sources.html", context)


@router.get("/data/{name}")
def source(request: Request, visit: Annotated[Visit, needs(Action.DATA)], name: str) -> Response:
    """One source: what it is for, who owns it, what came of it."""
    view = visit.session.source(name)
    purposes = {each.name: each.title for each in visit.force.workspace.purposes.values()}
    counts = tuple(visit.session.issue_counts(name))
    labels = _labels(visit)
    context = SourcePage(
        view,
        picture(view, labels),
        counts,
        purposes,
        labels,
        rejects_open=view.whole and visit.may(Action.REJECTS),
        issues_open=view.open and visit.may(Action.ISSUES),
    )
    return render(request, "data/source.html", context)


@router.get("/data/{name}/rejects")
def rejects(request: Request, visit: Annotated[Visit, needs(Action.REJECTS)], name: str) -> Response:
    """The rows of a source that could not be read."""
    view, rows = visit.session.source(name), visit.session.rejects(name)
    return render(request, "data/rejects.html", RejectsPage(view, tuple(rows)), marking=view.highest)


@router.get("/data/{name}/rejects.csv")
def rejects_file(visit: Annotated[Visit, needs(Action.REJECTS)], name: str) -> Response:
    """The same as a file that a person can correct and `bluelamp rejects replay` reads again."""
    return Response(
        visit.session.rejects_file(name),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-rejects.csv"'},
    )


@router.get("/data/{name}/issues/{property}/{code}")
def issues(
    request: Request, visit: Annotated[Visit, needs(Action.ISSUES)], name: str, property: str, code: str
) -> Response:
    """The values of one property with one kind of issue."""
    view = visit.session.source(name)
    rows = tuple(visit.session.issues(name, "" if property == "row" else property, code))
    marking = visit.session.marking(rows) if rows else view.marking
    return render(request, "data/issues.html", IssuesPage(view, property, code, rows), marking=marking)
