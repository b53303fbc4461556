"""The story of a chart: its passages in reading order, each with its things, and how one is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from bluelamp.apps.page import Visit, go, render
from bluelamp.apps.words import moment, plural
from bluelamp.apps.workbench.pages import Changer, Sifted, Viewer, Words
from bluelamp.apps.workbench.sift import Sift
from bluelamp.errors import UNMENDABLE, BlueLampError
from bluelamp.session.changes import PASSAGE
from bluelamp.session.charting import ChartLine
from bluelamp.session.looks import NETWORK, Look
from bluelamp.session.permissions import Action
from bluelamp.session.plain import plain
from bluelamp.session.story import Told, paragraphs
from bluelamp.session.telling import StoryView

router = APIRouter()

#: things that the table of one passage lists
LISTED = 100

UP, DOWN = "up", "down"


@dataclass(frozen=True)
class Line:
    """One thing of a passage: its id, or "" where it is proposed and so has no page."""

    id: str
    label: str
    caption: str
    when: str


@dataclass(frozen=True)
class Way:
    """One step up or down: before which passage that is ("": to the end), and which button the keyboard is at then."""

    open: bool
    before: str
    then: str


@dataclass(frozen=True)
class Part:
    """A passage as its page shows it."""

    told: Told
    paragraphs: tuple[str, ...]
    #: what is looked at, in words, and the address of it at full size, after its `?`
    words: str
    query: str
    lines: tuple[Line, ...]
    #: things that are not listed
    more: int
    up: "Way"
    down: "Way"


@dataclass(frozen=True)
class Draft:
    """What somebody wrote that could not be kept: of which passage ("" for a new one)."""

    key: str
    heading: str
    text: str


@dataclass(frozen=True)
class StoryPage:
    """What story.html shows."""

    story: StoryView
    parts: tuple[Part, ...]
    sift: Sift
    changes: bool
    boundaries: bool
    draft: Draft
    problems: dict[str, str]
    letters: int = PASSAGE


@dataclass(frozen=True)
class TellPage:
    """What tell.html shows: what a passage would look at."""

    chart: ChartLine
    #: the address of the look, after its `?`
    query: str
    words: str
    #: things that are selected, of those that show
    chosen: int
    only: bool
    passages: tuple[Told, ...]
    draft: Draft
    problems: dict[str, str]
    letters: int = PASSAGE


@router.get("/workbench/{id}/story")
def story(request: Request, visit: Viewer, id: str) -> Response:
    """The passages of a chart, each with what it shows."""
    return _story(request, visit, id)


@router.get("/workbench/{id}/story/drawing")
def drawing(visit: Viewer, id: str) -> Response:
    """What the passages' views draw."""
    return JSONResponse(plain(visit.session.story(id)))


@router.post("/workbench/{id}/story")
def change(
    request: Request,
    visit: Changer,
    id: str,
    kind: Annotated[str, Form()] = "",
    key: Annotated[str, Form()] = "",
    heading: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    before: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "",
    sent: Annotated[str, Form()] = "",
) -> Response:
    """A passage told, rewritten, moved or removed."""
    written = {"heading": heading, "text": _lines(text)}
    if kind == "reorder":
        visit.session.change_chart(id, kind, {"key": key, "before": before})
        return go(f"/workbench/{id}/story#{DOWN if to == DOWN else UP}-{key}")
    if kind == "untell":
        visit.session.change_chart(id, kind, {"key": key})
        return go(f"/workbench/{id}/story")
    said = {"key": key, **written} if kind == "rewrite" else written
    try:
        made = visit.session.change_chart(id, "rewrite" if kind == "rewrite" else "tell", said, sent)
    except UNMENDABLE:
        raise
    except BlueLampError as error:
        return _story(request, visit, id, Draft(key, heading, text), _problem(error))
    return go(f"/workbench/{id}/story#{key or made.head}")


@router.get("/workbench/{id}/tell")
def tell(request: Request, visit: Viewer, id: str, sift: Sifted, back: str = "", ids: Words = None) -> Response:
    """What stands on the screen, before it becomes a passage; `back` is the address of the chart that showed it."""
    if back:
        chosen = [("ids", each) for each in ids or ()]
        said = [pair for pair in parse_qsl(back) if not chosen or pair[0] != "ids"] + chosen
        return go(f"/workbench/{id}/tell?{urlencode(said)}")
    return _tell(request, visit, id, replace(sift, only=bool(sift.ids)), Draft("", "", ""), {})


@router.post("/workbench/{id}/tell")
def told(
    request: Request,
    visit: Changer,
    id: str,
    sift: Sifted,
    key: Annotated[str, Form()] = "",
    heading: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    sent: Annotated[str, Form()] = "",
    *,
    there: Annotated[bool, Form()] = False,
    alone: Annotated[bool, Form()] = False,
) -> Response:
    """A new passage about what the address says; `there`: it is what the passage `key` looks at from now on."""
    look = _look(replace(sift, only=alone))
    written = {"heading": heading, "text": _lines(text)}
    said = {"key": key, "look": vars(look)} if there else {**written, "look": vars(look)}
    try:
        made = visit.session.change_chart(id, "rewrite" if there else "tell", said, sent)
    except UNMENDABLE:
        raise
    except BlueLampError as error:
        return _tell(request, visit, id, replace(sift, only=alone), Draft(key, heading, text), _problem(error))
    return go(f"/workbench/{id}/story#{key if there else made.head}")


def _story(
    request: Request,
    visit: Visit,
    id: str,
    draft: Draft | None = None,
    problems: Mapping[str, str] | None = None,
) -> Response:
    found: StoryView = visit.session.story(id)
    context = StoryPage(
        found, _parts(found), Sift(), visit.may(Action.CHART_CHANGE),
        bool(visit.force.workspace.settings.map.boundaries), draft or Draft("", "", ""), dict(problems or {}),
    )  # fmt: skip
    status = 400 if problems else 200
    return render(request, "workbench/story.html", context, marking=found.drawing.marking, status=status)


def _tell(request: Request, visit: Visit, id: str, sift: Sift, draft: Draft, problems: Mapping[str, str]) -> Response:
    view = visit.session.chart(id)
    look = _look(replace(sift, only=False))
    shown = list(view.shown.of(look))
    chosen = tuple(each for each in sift.ids if each in shown)
    if look.by in NETWORK and look.values:
        # no passage is narrowed by what differs by its reader, but it may be about the things that show so
        chosen = chosen or tuple(shown)
        sift = replace(sift, by="", values=(), only=True)
        look = replace(look, by="", values=())
        shown = list(chosen)
    context = TellPage(
        view.chart, sift.query(ids=chosen, only=False), _words(look, len(shown)), len(chosen), sift.only, view.story,
        draft, dict(problems),
    )  # fmt: skip
    status = 400 if problems else 200
    return render(request, "workbench/tell.html", context, marking=view.drawing.marking, status=status)


def _parts(view: StoryView) -> tuple[Part, ...]:
    lines = {
        str(each.id): Line(str(each.id), each.label, each.caption or "No name known", each.when)
        for each in view.drawing.things
    } | {key: Line("", "Proposed", each.label, "") for key, each in view.proposed.items() if not each.link}
    keys = [each.key for each in view.passages]
    parts = []
    for number, each in enumerate(view.passages):
        focus = set() if each.look is None or each.look.only else set(each.look.ids)
        listed = sorted(
            (lines[id] for id in view.things[each.key]), key=lambda line: (line.id not in focus, *_order(line))
        )
        parts.append(
            Part(
                each, paragraphs(each.text),
                _words(each.look, len(listed)) if each.look else "",
                Sift(**vars(each.look)).query() if each.look else "", tuple(listed[:LISTED]),
                max(0, len(listed) - LISTED), *_ways(keys, number),
            )
        )  # fmt: skip
    return tuple(parts)


def _ways(keys: Sequence[str], at: int) -> tuple[Way, Way]:
    """Up and down for the passage at a place; the keyboard stays at the same button while that can be pressed."""
    up = Way(at > 0, keys[at - 1] if at else "", DOWN if at == 1 else UP)
    down = Way(at < len(keys) - 1, "".join(keys[at + 2 : at + 3]), UP if at == len(keys) - 2 else DOWN)
    return up, down


def _order(line: Line) -> tuple[str, str, str]:
    """Things of no time first, then what happened, the earliest first."""
    return line.when, line.label, line.caption.casefold()


def _words(look: Look, number: int) -> str:
    said = [f"{look.view.capitalize()} of {plural(number, 'thing')}"]
    if look.frame:
        said.append("a part of them in sight")
    if look.first or look.last:
        said.append(" ".join(filter(None, (_since(look.first), _until(look.last)))))
    if look.hours:
        said.append(f"at {plural(len(look.hours), 'hour')} of the week")
    if look.words:
        said.append(f"with “{look.words}”")
    if look.values:
        said.append(", ".join(look.values))
    if look.styles:
        said.append(f"marked as {', '.join(look.styles)}")
    return ", ".join(said)


def _since(first: str) -> str:
    return f"from {moment(first)}" if first else ""


def _until(last: str) -> str:
    return f"to {moment(last)}" if last else ""


def _look(sift: Sift) -> Look:
    return Look(**{name: getattr(sift, name) for name in vars(Look())})


def _lines(text: str) -> str:
    """Text as a field of a form gives it, with the ends of lines that everything else has."""
    return text.replace("\r\n", "\n")


def _problem(error: BlueLampError) -> dict[str, Any]:
    sentence = str(error)
    return {next((name for name in ("heading", "text") if sentence.startswith(f"The {name} ")), ""): sentence}
