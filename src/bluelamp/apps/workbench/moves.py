"""Calls and movements of things on a chart: contacts, numbers in common, when active, what travels with it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bluelamp.apps.page import Visit, needs, render
from bluelamp.errors import UNMENDABLE, BlueLampError
from bluelamp.session.charting import ChartLine, ChartView
from bluelamp.session.exploring import Thing
from bluelamp.session.moving import Contact, Rhythm, Traveller
from bluelamp.session.permissions import Action

router = APIRouter()

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: shades of the chart of hours
SHADES = 5


@dataclass(frozen=True)
class Hour:
    """One hour of the week: how many events, and how dark it is drawn, from 0."""

    count: int
    shade: int


@dataclass(frozen=True)
class MovesPage:
    """What moves.html shows."""

    chart: ChartLine
    things: tuple[Thing, ...]
    rhythm: Rhythm
    #: a row for each day of the week
    days: tuple[tuple[str, tuple[Hour, ...]], ...]
    contacts: tuple[Contact, ...] | None
    shared: tuple[tuple[Contact, tuple[str, ...]], ...] | None
    convoy: tuple[Traveller, ...] | None
    minutes: float
    least: int
    places: int
    problems: dict[str, str]


@router.get("/workbench/{id}/moves")
def moves(
    request: Request,
    visit: Annotated[Visit, needs(Action.CHART)],
    id: str,
    ids: Annotated[list[str] | None, Query()] = None,
    minutes: Annotated[float, Query(allow_inf_nan=False)] = 5,
    least: int = 3,
    places: int = 2,
) -> Response:
    """What is known of the calls or movements of one thing, or of several phones."""
    session = visit.session
    chart: ChartView = session.chart(id)
    things = tuple(each for each in chart.drawing.things if str(each.id) in (ids or ()))
    if not things:
        raise BlueLampError("Tick a phone, a vehicle or a person on the chart first.")
    first, problems, convoy, contacts = things[0], {}, None, None
    rhythm: Rhythm = session.rhythm(first.id)
    phones = [each for each in things if each.type == "Phone"]
    names = {each.id: each.caption for each in things}
    shared = tuple(
        (contact, tuple(names[phone] for phone in of))
        for contact, of in (session.shared_contacts([each.id for each in phones]) if len(phones) > 1 else ())
    )
    if first.type == "Vehicle":
        try:
            convoy = session.convoy(first.id, minutes, least, places)
        except UNMENDABLE:
            raise
        except BlueLampError as error:
            problems["minutes"] = str(error)
    if first.type == "Phone":
        contacts = session.contacts(first.id)
    told = [*things, *(contacts or ()), *(contact for contact, _ in shared), *(convoy or ())]
    marking = session.marking_of([each.id for each in told])
    context = MovesPage(
        chart.chart, things, rhythm, _week(rhythm), contacts,
        shared if len(phones) > 1 else None, convoy, minutes, least, places, problems,
    )  # fmt: skip
    status = 400 if problems else 200
    return render(request, "workbench/moves.html", context, marking=marking, status=status)


def _week(rhythm: Rhythm) -> tuple[tuple[str, tuple[Hour, ...]], ...]:
    most = max(map(max, rhythm.hours)) or 1
    return tuple(
        (name, tuple(Hour(count, -(-count * SHADES // most)) for count in hours))
        for name, hours in zip(DAYS, rhythm.hours, strict=True)
    )
