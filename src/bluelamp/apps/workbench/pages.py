"""The workbench: charts, each with a graph, a map, a timeline and a table of the same things."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from bluelamp.apps.page import Pages, Visit, go, needs, render, template
from bluelamp.apps.workbench import sift as sifting
from bluelamp.apps.workbench.sift import Histogram, Row, Sift
from bluelamp.errors import UNMENDABLE, BlueLampError
from bluelamp.session.changes import LAYOUTS
from bluelamp.session.charting import ChartHistory, ChartLine, ChartView
from bluelamp.session.formats.brought import READERS
from bluelamp.session.looks import VIEWS
from bluelamp.session.permissions import Action
from bluelamp.session.plain import plain

router = APIRouter()

SIZE = 250

Viewer = Annotated[Visit, needs(Action.CHART)]
Changer = Annotated[Visit, needs(Action.CHART_CHANGE)]
Words = Annotated[list[str] | None, Query()]


@dataclass(frozen=True)
class ChartsPage:
    """What charts.html shows."""

    charts: tuple[ChartLine, ...]
    #: things that wait to be put on a chart
    ids: tuple[str, ...]
    problems: dict[str, str]
    title: str = ""
    #: formats that can be brought in: name -> what it is called
    readable: dict[str, str] = field(default_factory=lambda: {name: label for name, (label, _) in READERS.items()})


@dataclass(frozen=True)
class ChartPage:
    """What chart.html shows."""

    chart: ChartView
    sift: Sift
    rows: tuple[Row, ...]
    pages: Pages
    types: tuple[tuple[str, str, int], ...]
    choices: tuple[tuple[str, str], ...]
    histogram: Histogram | None
    layouts: tuple[str, ...]
    titles: dict[str, str]
    #: whether a reader's role may change it
    changes: bool
    #: whether there are boundaries, and tiles, to draw the map on
    boundaries: bool
    tiles: bool

    @property
    def drawn(self) -> object:
        """What the graph, the map and the timeline draw, as JSON values."""
        return _drawn(replace(self.chart, history=(), story=()), self.sift.by)


@dataclass(frozen=True)
class HistoryPart:
    """What steps.html shows."""

    chart: ChartHistory
    sift: Sift
    changes: bool


@router.get("/workbench")
def charts(request: Request, visit: Viewer, ids: Words = None) -> Response:
    """The charts that the reader may open, and a form for a new one."""
    return render(request, "workbench/charts.html", ChartsPage(visit.session.charts(), tuple(ids or ()), {}))


@router.post("/workbench")
def make(
    request: Request,
    visit: Changer,
    title: Annotated[str, Form()] = "",
    ids: Annotated[list[str] | None, Form()] = None,
    sent: Annotated[str, Form()] = "",
) -> Response:
    """A new chart."""
    try:
        made = visit.session.make_chart(title, _listed(ids), sent)
    except UNMENDABLE:
        raise
    except BlueLampError as error:
        if title.strip():
            raise
        page = ChartsPage(visit.session.charts(), tuple(_listed(ids)), {"title": str(error)})
        return render(request, "workbench/charts.html", page, status=400)
    return go(f"/workbench/{made}")


def sifted(
    view: str = "graph",
    types: Words = None,
    first: str = "",
    last: str = "",
    hours: Annotated[list[int] | None, Query()] = None,
    words: str = "",
    by: str = "",
    values: Words = None,
    ids: Words = None,
    styles: Words = None,
    frame: Annotated[list[float] | None, Query()] = None,
    middle: str = "",
    sort: str = "type",
    *,
    only: bool = False,
    down: bool = False,
    hidden: bool = False,
    measures: bool = False,
    along: bool = False,
) -> Sift:
    """What of a chart is looked at, as an address says it."""
    return Sift(
        view=view if view in VIEWS else "graph", types=tuple(types or ()), first=first, last=last,
        hours=tuple(hours or ()), words=words, by=by, values=tuple(values or ()), ids=tuple(ids or ()), only=only,
        styles=tuple(styles or ()), frame=tuple(frame or ()), middle=middle,
        sort=sort if sort in sifting.SORTS else "type", down=down, hidden=hidden, measures=measures, along=along,
    )  # fmt: skip


Sifted = Annotated[Sift, Depends(sifted)]


@router.get("/workbench/{id}")
def chart(request: Request, visit: Viewer, id: str, sift: Sifted, page: int = 1) -> Response:
    """One chart."""
    page = max(page, 1)
    found: ChartView = visit.session.chart(id)
    nouns = visit.force.workspace.nouns
    shown = sifting.rows(found, sift)
    every = sifting.rows(found, Sift(hidden=sift.hidden))
    types_ = {row.thing.type: row.thing.label for row in every}
    counted = [row.thing.type for row in every]
    listed = tuple(
        (name, label, counted.count(name)) for name, label in sorted(types_.items(), key=lambda pair: pair[1])
    )
    choices = sifting.choices(found, nouns)
    drawn_on = visit.force.workspace.settings.map
    context = ChartPage(
        found, sift, tuple(shown[(page - 1) * SIZE : page * SIZE]), Pages.of(request, page, SIZE, len(shown)), listed,
        tuple(choices), sifting.histogram(found, sift, dict(choices).get(sift.by, sift.by)), LAYOUTS,
        {name: each.title for name, each in visit.force.workspace.sources.items()}, visit.may(Action.CHART_CHANGE),
        bool(drawn_on.boundaries), bool(drawn_on.tiles),
    )  # fmt: skip
    return render(request, "workbench/chart.html", context, marking=found.drawing.marking)


@router.get("/workbench/{id}/drawing")
def drawing(visit: Viewer, id: str, by: str = "") -> Response:
    """What the graph, the map and the timeline draw, for a page that is open while the chart changes.

    `by` is the property of which that page shows bars.
    """
    return JSONResponse(_drawn(visit.session.chart(id), by))


@router.get("/workbench/{id}/history")
def history(request: Request, visit: Viewer, id: str) -> Response:
    """The chart's history alone, for a page that knows what was changed."""
    page = HistoryPart(visit.session.chart_history(id), Sift(), visit.may(Action.CHART_CHANGE))
    return HTMLResponse(template(request, "workbench/steps.html").render(c=page))


@router.get("/workbench/{id}/head")
def head(visit: Viewer, id: str) -> Response:
    """The change that the chart stands at: whether somebody else has changed it."""
    return JSONResponse({"head": visit.session.chart_head(id)})


@router.post("/workbench/{id}/change")
async def change(request: Request, visit: Changer, id: str) -> Response:
    """One change, as JSON from the page's script or as a form."""
    if request.headers.get("content-type", "").startswith("application/json"):
        given = await _json(request)
        kind, said = str(given.get("kind", "")), given.get("said")
        made = await _run(
            visit.session.change_chart, id, kind, said if isinstance(said, dict) else {}, str(given.get("sent") or "")
        )
        return JSONResponse(made._asdict())
    form = await request.form()
    said = {name: str(value) for name, value in form.items() if name not in ("kind", "ids", "back", "sent")}
    ids = [str(each) for each in form.getlist("ids")]
    sent = str(form.get("sent", ""))
    await _run(visit.session.change_chart, id, str(form.get("kind", "")), {**said, "ids": _listed(ids)}, sent)
    return go(_back(id, str(form.get("back", ""))))


@router.post("/workbench/{id}/walk")
async def walk(request: Request, visit: Changer, id: str) -> Response:
    """A step back or forward, or to any change of the chart's history."""
    if request.headers.get("content-type", "").startswith("application/json"):
        given = await _json(request)
        return JSONResponse({"head": await _run(visit.session.walk_chart, id, str(given.get("to", "")))})
    form = await request.form()
    await _run(visit.session.walk_chart, id, str(form.get("to", "")))
    return go(_back(id, str(form.get("back", ""))))


@router.post("/workbench/{id}/name")
def name(
    visit: Changer,
    id: str,
    change: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Call the chart as it stood after a change something."""
    visit.session.name_change(id, change, name)
    return go(_back(id, back))


@router.post("/workbench/{id}/share")
def share(visit: Changer, id: str, users: Annotated[str, Form()] = "") -> Response:
    """Who else may open the chart."""
    visit.session.share_chart(id, users.replace(",", " ").split())
    return go(f"/workbench/{id}")


@router.post("/workbench/{id}/merge")
def merge(visit: Changer, id: str, chart: Annotated[str, Form()]) -> Response:
    """Bring everything of another chart onto this one."""
    things = visit.session.chart(chart).drawing.things
    if things:
        visit.session.change_chart(id, "add", {"ids": [str(each.id) for each in things]})
    return go(f"/workbench/{id}")


def _drawn(chart: ChartView, by: str) -> dict[str, Any]:
    """A chart as JSON values, with what its views need so that they can be narrowed by any property."""
    return {**plain(chart), "beyond": {"by": by, "values": sifting.beyond(chart, by)}}


def _listed(ids: list[str] | None) -> list[str]:
    """Ids as fields give them: each by itself, or several in one with blanks or commas between."""
    return [each for text in ids or () for each in text.replace(",", " ").split()]


def _back(id: str, query: str) -> str:
    if query == "story":
        return f"/workbench/{id}/story"
    return f"/workbench/{id}?{query}" if query else f"/workbench/{id}"


async def _json(request: Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except (ValueError, RecursionError):
        raise BlueLampError("The request is not valid JSON; send an object with `kind` and `said`.") from None
    if not isinstance(given, dict):
        raise BlueLampError("The request is no JSON object; send one with `kind` and `said`.")
    return given


async def _run(verb: Any, *given: Any) -> Any:
    """Use a verb of the session in a thread, where it may wait for the database."""
    return await run_in_threadpool(verb, *given)
