"""From a chart to what is not on it yet: what stands around, ways between two things, areas and times."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from bluelamp.apps.page import Visit, go, needs, render
from bluelamp.errors import UNMENDABLE, BlueLampError
from bluelamp.ids import ObjectId
from bluelamp.index.graph import Choice
from bluelamp.index.places import Area
from bluelamp.ontology.grammar import Kind
from bluelamp.session import visibility
from bluelamp.session.charting import ChartLine, ChartView
from bluelamp.session.exploring import CAP, LONGEST, AroundView, PathsView
from bluelamp.session.permissions import Action
from bluelamp.types import Point
from bluelamp.workspace import boundaries

router = APIRouter()

#: things of an area that one page lists
NEAR = 500

#: kinds of things that are somewhere
_LYING = (Kind.LOCATION, Kind.EVENT)

Viewer = Annotated[Visit, needs(Action.CHART)]
Changer = Annotated[Visit, needs(Action.CHART_CHANGE)]
Words = Annotated[list[str] | None, Query()]


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


@dataclass(frozen=True)
class NearRow:
    """Something in an area, or an event near another with those who had part in it."""

    ids: tuple[str, ...]
    caption: str
    label: str
    when: str
    metres: float = 0
    minutes: float = 0
    parties: tuple[str, ...] = ()


@dataclass(frozen=True)
class NearPage:
    """What near.html shows: what is in an area, or near an event (`event` is what that is called)."""

    chart: ChartLine
    ids: tuple[str, ...]
    event: str
    corners: str
    #: the boundaries that an area can be named by, and the one that was
    named: tuple[str, ...]
    inside: str
    metres: float
    minutes: float
    choice: Choice
    types: tuple[tuple[str, str], ...]
    rows: tuple[NearRow, ...] | None
    total: int
    problems: dict[str, str]


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
    choice = Choice.of(types, roles, others, sources, first, last)
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
    wide = Choice.of(sources=sources, first=first, last=last)
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
    choice = Choice.of(types, others=others, first=first, last=last)
    found, problems = None, {}
    if one and other:
        try:
            found = visit.session.paths(one, other, choice, longest)
        except UNMENDABLE:
            raise
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
    drawings = (chart_.drawing, found.drawing) if found else (chart_.drawing,)
    said = {marking for drawing in drawings for each in (*drawing.things, *drawing.bonds) for marking in each.markings}
    marking = visibility.highest(said, visit.force.workspace.markings)
    return render(request, "workbench/paths.html", context, marking=marking, status=400 if problems else 200)


@router.get("/workbench/{id}/near")
def near(
    request: Request,
    visit: Viewer,
    id: str,
    ids: Words = None,
    corners: str = "",
    inside: str = "",
    metres: Annotated[float, Query(allow_inf_nan=False)] = 200,
    minutes: Annotated[float, Query(allow_inf_nan=False)] = 60,
    first: str = "",
    last: str = "",
    others: Words = None,
) -> Response:
    """What is in an area; or, of an event on the chart, what was near it in place and time."""
    chart_: ChartView = visit.session.chart(id)
    choice, problems = Choice.of(others=others, first=first, last=last), {}
    asked = [each for each in chart_.drawing.things if str(each.id) in (ids or ())]
    named = boundaries.named(visit.force.workspace)
    found, total, marking = None, 0, chart_.drawing.marking
    try:
        if asked and not asked[0].when and asked[0].points:
            corners, asked = "\n".join(f"{south},{east}" for south, east in asked[0].points), []
        if asked:
            found, marking = _together(visit, str(asked[0].id), metres, minutes)
            total = len(found)
        elif inside or corners.strip():
            area = Area(named[inside]) if inside in named else Area(_corners(corners), metres)
            followed = visit.session.near(area, choice, NEAR)
            drawing_ = visit.session.drawing(followed.things)
            found = tuple(NearRow((str(each.id),), each.caption, each.label, each.when) for each in drawing_.things)
            total, marking = followed.total, drawing_.marking
    except UNMENDABLE:
        raise
    except BlueLampError as error:
        problems["corners" if not asked else "metres"] = str(error)
    types = tuple((name, each.plural) for name, each in visit.force.workspace.nouns.items() if each.kind in _LYING)
    context = NearPage(
        chart_.chart, tuple(ids or ()), asked[0].caption if asked else "", corners, tuple(named), inside,
        metres, minutes, choice, types,
        found, total, problems,
    )  # fmt: skip
    return render(request, "workbench/near.html", context, marking=marking, status=400 if problems else 200)


@router.post("/workbench/{id}/common")
def common(visit: Changer, id: str, ids: Annotated[list[str] | None, Form()] = None) -> Response:
    """Bring what two or more of some things are both linked to onto the chart."""
    found = visit.session.common(ids or ()).things
    if found:
        visit.session.change_chart(id, "add", {"ids": [str(each) for each in found]})
    return go(f"/workbench/{id}")


def _together(visit: Visit, event: str, metres: float, minutes: float) -> tuple[tuple[NearRow, ...], str]:
    """What was near an event in place and time, and the marking of that."""
    found = visit.session.together(event, metres, minutes)
    drawing_ = visit.session.drawing([one for each in found for one in (each.event, *each.parties)])
    things = {each.id: each for each in drawing_.things}
    rows = tuple(
        NearRow(
            tuple(map(str, (each.event, *each.parties))), each.caption, things[each.event].label, each.when,
            each.metres, each.minutes, tuple(things[one].caption for one in each.parties),
        )
        for each in found
    )  # fmt: skip
    return rows, drawing_.marking


def _corners(text: str) -> tuple[tuple[float, float], ...]:
    """The points that somebody wrote, one a line. Raises BlueLampError for a line that is none."""
    points = []
    for line in filter(None, map(str.strip, text.splitlines())):
        cleaned = Point().clean(line).value
        if cleaned is None:
            raise BlueLampError(
                f"“{line[:40]}” is no latitude and longitude; write one pair a line, such as 51.5074,-0.1278."
            )
        latitude, longitude = cleaned.split(",")
        points.append((float(latitude), float(longitude)))
    return tuple(points)


def _kind(text: str, wide: Choice) -> Choice:
    """The links of one kind of a search around, written `type|role|other type`; a blank role is none."""
    type, role, other = [*text.split("|"), "", ""][:3]
    return replace(wide, types=frozenset({type}), roles=frozenset({role}), others=frozenset({other}))
