"""The workbench: charts, each with a graph, a map, a timeline and a table of the same things."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from bluelamp.apps.page import Pages, Visit, attached, go, needs, render
from bluelamp.apps.workbench import sift as sifting
from bluelamp.apps.workbench.sift import Histogram, Row, Sift
from bluelamp.errors import BlueLampError, DatabaseUnavailable, Refused, TooMuch
from bluelamp.ids import ObjectId
from bluelamp.index.graph import Choice
from bluelamp.session.carrying import Leaving
from bluelamp.session.changes import LAYOUTS
from bluelamp.session.charting import ChartLine, ChartView
from bluelamp.session.exploring import CAP, LONGEST, AroundView, PathsView
from bluelamp.session.formats import FORMATS, Format
from bluelamp.session.formats.brought import READERS
from bluelamp.session.permissions import Action
from bluelamp.session.plain import plain

router = APIRouter()

SIZE = 500

READABLE = {name: label for name, (label, _) in READERS.items()}

Viewer = Annotated[Visit, needs(Action.CHART)]
Changer = Annotated[Visit, needs(Action.CHART_CHANGE)]
Taker = Annotated[Visit, needs(Action.EXPORT)]
Words = Annotated[list[str] | None, Query()]


@dataclass(frozen=True)
class ChartsPage:
    """What charts.html shows."""

    charts: tuple[ChartLine, ...]
    #: things that wait to be put on a chart
    ids: tuple[str, ...]
    problems: dict[str, str]
    #: formats that can be brought in: name -> what it is called
    readable: dict[str, str]
    title: str = ""


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


@dataclass(frozen=True)
class AroundPage:
    """What around.html shows: what stands around some things of a chart, counted, before it is brought."""

    chart: ChartLine
    ids: tuple[str, ...]
    captions: tuple[str, ...]
    around: AroundView
    choice: Choice
    cap: int
    titles: dict[str, str]


@dataclass(frozen=True)
class ExportPage:
    """What export.html shows."""

    leaves: Leaving
    ids: tuple[str, ...]
    formats: tuple[Format, ...]
    format: str
    recipients: str
    problems: dict[str, str]


@dataclass(frozen=True)
class PathsPage:
    """What paths.html shows."""

    chart: ChartLine
    things: tuple[tuple[str, str], ...]
    one: str
    other: str
    longest: int
    lengths: tuple[int, ...]
    choice: Choice
    found: PathsView | None
    captions: dict[str, str]
    types: tuple[tuple[str, str], ...]
    problems: dict[str, str]


@router.get("/workbench")
def charts(request: Request, visit: Viewer, ids: Words = None) -> Response:
    """The charts that the reader may open, and a form for a new one."""
    return render(request, "workbench/charts.html", ChartsPage(visit.session.charts(), tuple(ids or ()), {}, READABLE))


@router.post("/workbench")
def make(
    request: Request,
    visit: Changer,
    title: Annotated[str, Form()] = "",
    ids: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """A new chart."""
    try:
        made = visit.session.make_chart(title, _listed(ids))
    except BlueLampError as error:
        if title.strip():
            raise
        page = ChartsPage(visit.session.charts(), tuple(_listed(ids)), {"title": str(error)}, READABLE)
        return render(request, "workbench/charts.html", page, status=400)
    return go(f"/workbench/{made}")


@router.post("/workbench/import")
def bring_in(
    request: Request,
    visit: Changer,
    file: Annotated[UploadFile, File()],
    format: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
) -> Response:
    """A new chart of a file that was made elsewhere."""
    name = (file.filename or "").strip()
    try:
        made = visit.session.import_chart(title or name, format, file.file.read(), name)
    except (Refused, DatabaseUnavailable):
        raise
    except BlueLampError as error:
        page = ChartsPage(visit.session.charts(), (), {"file": str(error)}, READABLE, title)
        return render(request, "workbench/charts.html", page, status=400)
    return go(f"/workbench/{made}")


@router.get("/workbench/{id}")
def chart(
    request: Request,
    visit: Viewer,
    id: str,
    view: str = "graph",
    types: Words = None,
    first: str = "",
    last: str = "",
    words: str = "",
    by: str = "",
    values: Words = None,
    sort: str = "type",
    page: int = 1,
    *,
    down: bool = False,
    hidden: bool = False,
) -> Response:
    """One chart."""
    sift = Sift(
        view if view in sifting.VIEWS else "graph", tuple(types or ()), first, last, words, by, tuple(values or ()),
        sort if sort in sifting.SORTS else "type", down, hidden,
    )  # fmt: skip
    found: ChartView = visit.session.chart(id)
    nouns = visit.force.workspace.nouns
    shown = sifting.rows(found, sift)
    every = sifting.rows(found, Sift(hidden=hidden))
    types_ = {row.thing.type: row.thing.label for row in every}
    counted = [row.thing.type for row in every]
    listed = tuple(
        (name, label, counted.count(name)) for name, label in sorted(types_.items(), key=lambda pair: pair[1])
    )
    choices = sifting.choices(found, nouns)
    context = ChartPage(
        found, sift, tuple(shown[(page - 1) * SIZE : page * SIZE]), Pages.of(request, page, SIZE, len(shown)), listed,
        tuple(choices), sifting.histogram(found, shown, sift, dict(choices).get(by, by)), LAYOUTS,
        {name: each.title for name, each in visit.force.workspace.sources.items()}, visit.may(Action.CHART_CHANGE),
    )  # fmt: skip
    return render(request, "workbench/chart.html", context, marking=found.drawing.marking)


@router.get("/workbench/{id}/drawing")
def drawing(visit: Viewer, id: str) -> Response:
    """What the graph, the map and the timeline draw."""
    return JSONResponse(plain(visit.session.chart(id)))


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
        made = await _run(visit.session.change_chart, id, kind, said if isinstance(said, dict) else {})
        return JSONResponse({"head": made})
    form = await request.form()
    said = {name: str(value) for name, value in form.items() if name not in ("kind", "ids", "back")}
    ids = [str(each) for each in form.getlist("ids")]
    await _run(visit.session.change_chart, id, str(form.get("kind", "")), {**said, "ids": _listed(ids)})
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


@router.get("/workbench/{id}/around")
def around(
    request: Request,
    visit: Viewer,
    id: str,
    ids: Words = None,
    types: Words = None,
    others: Words = None,
    roles: Words = None,
    sources: Words = None,
    first: str = "",
    last: str = "",
) -> Response:
    """What stands around some things, counted."""
    found: ChartView = visit.session.chart(id)
    choice = _choice(types, others, roles, sources, first, last)
    view: AroundView = visit.session.around(ids or (), choice)
    known = {str(each.id): each.caption for each in found.drawing.things}
    context = AroundPage(
        found.chart, tuple(ids or ()), tuple(known.get(each, each) for each in ids or ()), view, choice, CAP,
        {name: each.title for name, each in visit.force.workspace.sources.items()},
    )  # fmt: skip
    return render(request, "workbench/around.html", context, marking=view.marking)


@router.post("/workbench/{id}/follow")
def follow(
    visit: Changer,
    id: str,
    ids: Annotated[list[str] | None, Form()] = None,
    kinds: Annotated[list[str] | None, Form()] = None,
    sources: Annotated[list[str] | None, Form()] = None,
    first: Annotated[str, Form()] = "",
    last: Annotated[str, Form()] = "",
    most: Annotated[int, Form()] = CAP,
) -> Response:
    """Bring what stands around some things onto the chart: of the kinds that were ticked, or of all."""
    wide = _choice(None, None, None, sources, first, last)
    found: list[ObjectId] = []
    for choice in [_kind(each, wide) for each in kinds or ()] or [wide]:
        found += visit.session.follow(ids or (), choice, max(0, most - len(found))).things
    if found:
        visit.session.change_chart(id, "add", {"ids": [str(each) for each in dict.fromkeys(found)]})
    return go(f"/workbench/{id}")


@router.get("/workbench/{id}/paths")
def paths(
    request: Request,
    visit: Viewer,
    id: str,
    one: str = "",
    other: str = "",
    longest: int = 4,
    types: Words = None,
    others: Words = None,
    first: str = "",
    last: str = "",
) -> Response:
    """All shortest paths between two things."""
    chart_: ChartView = visit.session.chart(id)
    choice = _choice(types, others, None, None, first, last)
    found, problems = None, {}
    if one and other:
        try:
            found = visit.session.paths(one, other, choice, longest)
        except BlueLampError as error:
            problems["other"] = str(error)
    things = sorted(
        ((str(each.id), f"{each.caption} ({each.label})") for each in chart_.drawing.things), key=lambda p: p[1]
    )
    captions = dict(things) | {str(each.id): each.caption for each in found.drawing.things} if found else dict(things)
    links = tuple((name, each.label) for name, each in visit.force.workspace.links.items())
    context = PathsPage(
        chart_.chart, tuple(things), one, other, longest, tuple(range(1, LONGEST + 1)), choice, found, captions, links,
        problems,
    )  # fmt: skip
    marking = found.drawing.marking if found else chart_.drawing.marking
    return render(request, "workbench/paths.html", context, marking=marking, status=400 if problems else 200)


@router.get("/workbench/{id}/export")
def export(request: Request, visit: Taker, id: str, ids: Words = None) -> Response:
    """What would leave, counted, in which format and to whom."""
    return _export(request, visit, id, ids, {})


@router.post("/workbench/{id}/export")
def take_out(
    request: Request,
    visit: Taker,
    id: str,
    format: Annotated[str, Form()] = "",
    recipients: Annotated[str, Form()] = "",
    ids: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """The chart as a file."""
    try:
        return attached(visit.session.export_chart(id, format, recipients.splitlines(), ids or None))
    except Refused as error:
        return _export(request, visit, id, ids, {"recipients": str(error)}, format)
    except TooMuch as error:
        return _export(request, visit, id, ids, {"format": str(error)}, format, recipients)


def _export(
    request: Request,
    visit: Visit,
    id: str,
    ids: list[str] | None,
    problems: dict[str, str],
    format: str = "",
    recipients: str = "",
) -> Response:
    leaves = visit.session.leaving(id, ids or None)
    context = ExportPage(leaves, tuple(ids or ()), FORMATS, format, recipients, problems)
    status = 400 if problems else 200
    return render(request, "workbench/export.html", context, marking=leaves.marking, status=status)


@router.post("/workbench/{id}/common")
def common(visit: Changer, id: str, ids: Annotated[list[str] | None, Form()] = None) -> Response:
    """Bring what two or more of some things are both linked to onto the chart."""
    found = visit.session.common(ids or ()).things
    if found:
        visit.session.change_chart(id, "add", {"ids": [str(each) for each in found]})
    return go(f"/workbench/{id}")


@router.post("/workbench/{id}/merge")
def merge(visit: Changer, id: str, chart: Annotated[str, Form()]) -> Response:
    """Bring everything of another chart onto this one."""
    things = visit.session.chart(chart).drawing.things
    if things:
        visit.session.change_chart(id, "add", {"ids": [str(each.id) for each in things]})
    return go(f"/workbench/{id}")


def _choice(
    types: list[str] | None,
    others: list[str] | None,
    roles: list[str] | None,
    sources: list[str] | None,
    first: str,
    last: str,
) -> Choice:
    """Which links to follow, from what a form or address says; blank words say nothing."""
    kinds, ends, parts, places = (frozenset(filter(None, each or ())) for each in (types, others, roles, sources))
    return Choice(kinds, parts, ends, places, first, last)


def _kind(text: str, wide: Choice) -> Choice:
    """The links of one kind of a search around, written `type|role|other type`; a blank role is none."""
    type, role, other = [*text.split("|"), "", ""][:3]
    return replace(wide, types=frozenset({type}), roles=frozenset({role}), others=frozenset({other}))


def _listed(ids: list[str] | None) -> list[str]:
    """Ids as fields give them: each by itself, or several in one with blanks or commas between."""
    return [each for text in ids or () for each in text.replace(",", " ").split()]


def _back(id: str, query: str) -> str:
    return f"/workbench/{id}?{query}" if query else f"/workbench/{id}"


async def _json(request: Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except ValueError:
        raise BlueLampError("The request is not valid JSON; send an object with `kind` and `said`.") from None
    if not isinstance(given, dict):
        raise BlueLampError("The request is no JSON object; send one with `kind` and `said`.")
    return given


async def _run(verb: Any, *given: Any) -> Any:
    """Use a verb of the session in a thread, where it may wait for the database."""
    return await run_in_threadpool(verb, *given)
