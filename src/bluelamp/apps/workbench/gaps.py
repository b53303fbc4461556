"""The gaps and overlaps of a chart, as tables: a page by itself, and under the timeline, which draws what they say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from bluelamp.apps.page import Visit, needs, render, template
from bluelamp.apps.words import plural
from bluelamp.apps.workbench import lanes as laid
from bluelamp.apps.workbench.lanes import Mark, Stretch
from bluelamp.session.charting import ChartLine
from bluelamp.session.permissions import Action

router = APIRouter()

LANES = {"type": laid.by_type, "thing": laid.by_thing}

#: how long a gap is at least: name -> words and length
LONGER = {
    "hour": ("an hour", timedelta(hours=1)),
    "hours": ("6 hours", timedelta(hours=6)),
    "day": ("a day", timedelta(days=1)),
    "week": ("a week", timedelta(days=7)),
}

#: rows of each table
MOST = 200


@dataclass(frozen=True)
class Look:
    """What of a chart's gaps and overlaps is looked at, as the address says it."""

    lanes: str = "type"
    #: one of LONGER; "": by how much time is looked at
    longer: str = ""
    first: str = ""
    last: str = ""
    #: the lanes that are looked at; none: all
    ids: tuple[str, ...] = ()
    #: by what each table is sorted, with a minus for the other way round
    gaps: str = "-length"
    overlaps: str = "-sure"

    def query(self, **changed: object) -> str:
        """The address of the same with something changed, after its `?`."""
        usual = Look()
        wanted = vars(replace(self, **changed))  # type: ignore[arg-type] # fields of a look, as given
        said = {name: value for name, value in wanted.items() if value != getattr(usual, name)}
        return urlencode(said, doseq=True)

    def turned(self, table: str, by: str) -> str:
        """The address of the same with a table sorted by a column, or the other way round where it is already."""
        return self.query(**{table: f"-{by}" if getattr(self, table) == by else by})

    def way(self, table: str, by: str) -> str:
        """How the table is sorted by a column, as `aria-sort` says it; "" where it is not."""
        return {by: "ascending", f"-{by}": "descending"}.get(getattr(self, table), "")


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    #: `gap`, `sure` or `may`
    kind: str
    title: str
    #: the keys of the lanes that it is drawn in
    lanes: str
    #: as far as it is said; "" where no end is
    first: str
    last: str
    length: str
    marks: tuple[Mark, Mark]

    @property
    def ids(self) -> str:
        """What is chosen by it."""
        return " ".join(dict.fromkeys(id for mark in self.marks for id in mark.ids))


@dataclass(frozen=True)
class GapsPage:
    """What gaps.html and stretches.html show."""

    chart: ChartLine
    look: Look
    gaps: tuple[Row, ...]
    overlaps: tuple[Row, ...]
    #: how many there are of each
    all_gaps: int
    all_overlaps: int
    #: whether there may be more overlaps than were looked for
    full: bool
    #: how long the gaps are at least, in words
    longer: str
    names: dict[str, str]
    choices: dict[str, tuple[str, timedelta]]
    #: whether the tables stand under a timeline, where rows can be chosen
    part: bool


@router.get("/workbench/{id}/gaps")
def stretches(
    request: Request,
    visit: Annotated[Visit, needs(Action.CHART)],
    id: str,
    lanes: str = "type",
    longer: str = "",
    first: str = "",
    last: str = "",
    ids: Annotated[list[str] | None, Query()] = None,
    gaps: str = "-length",
    overlaps: str = "-sure",
    *,
    part: bool = False,
) -> Response:
    """When nothing is known of what is on the chart, and what of it is said to be at once."""
    look = Look(lanes, longer, first, last, tuple(ids or ()), gaps, overlaps)
    page, marking = _page(visit, id, look, part=part)
    if part:
        return HTMLResponse(template(request, "workbench/stretches.html").render(c=page))
    return render(request, "workbench/gaps.html", page, marking=marking)


def _page(visit: Visit, id: str, look: Look, *, part: bool) -> tuple[GapsPage, str]:
    chart = visit.session.chart(id)
    lanes = [each for each in LANES.get(look.lanes, laid.by_type)(chart) if not look.ids or each.key in look.ids]
    window = laid.span(look.first), laid.span(look.last)
    first, last = window[0] and window[0][0], window[1] and window[1][1]
    words, longer = LONGER[look.longer if look.longer in LONGER else _sensible(lanes, first, last)]
    found = [each for each in laid.gaps(lanes, longer) if each.within(first, last)]
    # of one thing: of a whole type much is at once
    own = lanes if look.lanes == "thing" else laid.by_thing(chart)
    both = laid.overlaps(own, first, last)
    page = GapsPage(
        chart.chart, look, tuple(map(_row, _sorted(found, look.gaps)[:MOST])),
        tuple(map(_row, _sorted(both, look.overlaps)[:MOST])), len(found), len(both),
        len(both) == laid.MOST_OVERLAPS, words, chart.names, LONGER, part,
    )  # fmt: skip
    return page, chart.drawing.marking


def _sensible(lanes: Sequence[laid.Lane], first: datetime | None, last: datetime | None) -> str:
    """How long a gap must be to be told of, where so much time is looked at."""
    long = last - first if first and last else laid.whole(lanes)
    limits = {"hour": timedelta(days=2), "hours": timedelta(days=14), "day": timedelta(days=90)}
    return next((name for name, limit in limits.items() if long <= limit), "week")


def _sorted(found: list[Stretch], by: str) -> list[Stretch]:
    keys: dict[str, Callable[[Stretch], Any]] = {
        "title": lambda each: each.title.casefold(),
        "first": lambda each: each.first,
        "last": lambda each: each.last or datetime.max,  # noqa: DTZ901 (times of records have no zone)
        "length": lambda each: each.length,
        "sure": lambda each: each.kind,
    }
    order = sorted(found, key=lambda each: (each.first, each.title))
    return sorted(order, key=keys.get(by.removeprefix("-"), keys["length"]), reverse=by.startswith("-"))


def _row(found: Stretch) -> Row:
    # an overlap is of one thing, and of a type where both are of that
    both = found.kind != "gap" and found.one.type == found.other.type
    last, length = (_said(found.last), _long(found.length)) if found.last else ("", "no end said")
    lanes = f"{found.lane} {found.one.type}" if both else found.lane
    return Row(found.kind, found.title, lanes, _said(found.first), last, length, (found.one, found.other))


def _said(at: datetime) -> str:
    """A moment as records say it; midnight is the day alone."""
    text = at.isoformat(timespec="minutes")
    return text.removesuffix("T00:00")


def _long(length: timedelta) -> str:
    """A length in the largest unit of which there are two, or in minutes."""
    for seconds, unit in ((86_400, "day"), (3_600, "hour")):
        if length.total_seconds() >= 2 * seconds:
            return plural(int(length.total_seconds() // seconds), unit)
    return plural(int(length.total_seconds() // 60), "minute")
