"""The queue of pairs, the page of one pair, the decisions, why an object is one, and how people judge."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from bluelamp.apps.page import Pages, Shortcut, Visit, go, local_path, needs, render
from bluelamp.errors import UNMENDABLE, BlueLampError, Contradiction, NotFound
from bluelamp.session.judges import Judge
from bluelamp.session.judging import SAID, Decisions, DecisionView
from bluelamp.session.permissions import Action
from bluelamp.session.reviewing import PAIRS, JoinsView, PairView, Queue
from bluelamp.session.sampling import SampleView

router = APIRouter()

VERDICTS = (("same", "Same", "s"), ("not_same", "Not the same", "n"), ("unsure", "Cannot tell", "c"))

KEYS = (
    *(Shortcut(key, f"Go to “{text}”, or first to the reason") for _, text, key in VERDICTS),
    Shortcut("r", "Write the reason; Esc leaves it for the buttons"),
)


@dataclass(frozen=True)
class QueuePage:
    """What queue.html shows."""

    queue: Queue
    pages: Pages
    #: whether the reader may see how records are joined
    resolution: bool


@dataclass(frozen=True)
class SamplePage:
    """What sample.html shows."""

    sample: SampleView
    resolution: bool


@dataclass(frozen=True)
class PairPage:
    """What pair.html shows."""

    pair: PairView
    verdicts: tuple[tuple[str, str, str], ...]
    reason: str
    problems: dict[str, str]
    #: where a judgement leads to; "" the next pair
    back: str
    said: dict[str, str]
    #: whether it is judged for the sample: then what the model says of it is not shown
    sample: bool


@dataclass(frozen=True)
class DecisionsPage:
    """What decisions.html shows."""

    decisions: tuple[DecisionView, ...]
    said: dict[str, str]
    judges: tuple[Judge, ...] | None
    previous: str
    next: str
    problems: dict[str, str]


@dataclass(frozen=True)
class JoinsPage:
    """What joins.html shows."""

    joins: JoinsView


@dataclass(frozen=True)
class JudgesPage:
    """What judges.html shows."""

    judges: tuple[Judge, ...]


Reviewer = Annotated[Visit, needs(Action.REVIEW)]
_SAID = {str(verdict): words for verdict, words in SAID.items()}


@router.get("/review")
def queue(request: Request, visit: Reviewer, type: str = "", page: int = 1) -> Response:
    """What there is to judge."""
    found: Queue = visit.session.review(type, page)
    context = QueuePage(found, Pages.of(request, page, PAIRS, found.total), visit.may(Action.RESOLUTION))
    return render(request, "review/queue.html", context, marking=found.marking)


@router.get("/review/sample")
def sample(request: Request, visit: Reviewer, type: str = "") -> Response:
    """The pairs that tell how often joining is right."""
    found: SampleView = visit.session.sample(type)
    context = SamplePage(found, visit.may(Action.RESOLUTION))
    return render(request, "review/sample.html", context, marking=found.marking)


@router.get("/review/pair/{one}/{other}")
def pair(request: Request, visit: Reviewer, one: str, other: str, back: str = "", *, sample: bool = False) -> Response:
    """One pair."""
    return _pair(request, visit.session.compare(one, other), back, sample=sample)


@router.post("/review/pair/{one}/{other}")
def judge(
    request: Request,
    visit: Annotated[Visit, needs(Action.DECIDE)],
    one: str,
    other: str,
    verdict: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
    *,
    sample: Annotated[bool, Form()] = False,
) -> Response:
    """Take a judgement, and go on to the next pair, or back to where the pair was opened from."""
    try:
        visit.session.decide(one, other, verdict, reason)
    except UNMENDABLE:
        raise
    except BlueLampError as error:
        field = "reason" if not reason.strip() else ""
        status = 409 if isinstance(error, Contradiction) else 400
        view = visit.session.compare(one, other)
        return _pair(request, view, back, sample=sample, reason=reason, problems={field: str(error)}, status=status)
    if back:
        return go(local_path(back, "/review"))
    onward = _sampled if sample else _onward
    return onward(visit, one.partition("-")[0])


@router.get("/review/between/{one}/{other}")
def between(visit: Reviewer, one: str, other: str) -> Response:
    """To the pair of records of two objects that is best held against each other."""
    left, right = visit.session.between(one, other)
    return go(f"/review/pair/{left}/{right}?back=/object/{one}")


@router.get("/review/decisions")
def decisions(request: Request, visit: Annotated[Visit, needs(Action.DECISIONS)], page: int = 1) -> Response:
    """The decisions, the newest first."""
    return _decisions(request, visit, page)


@router.post("/review/decisions/{id}/undo")
def undo(
    request: Request,
    visit: Annotated[Visit, needs(Action.DECISION_UNDO)],
    id: str,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Take a decision out of force."""
    try:
        visit.session.undo(id, reason)
    except UNMENDABLE:
        raise
    except BlueLampError as error:
        return _decisions(request, visit, 1, problems={f"reason-{id}": str(error)}, status=400)
    return go("/review/decisions")


@router.get("/review/joins/{id}")
def joins(request: Request, visit: Reviewer, id: str) -> Response:
    """Why an object is one."""
    found: JoinsView = visit.session.joins(id)
    return render(request, "review/joins.html", JoinsPage(found), marking=found.marking)


@router.get("/review/judges")
def judges(request: Request, visit: Annotated[Visit, needs(Action.DECISION_COUNT, purpose=False)]) -> Response:
    """How people judge; nothing of what they judged."""
    found = tuple(visit.force.judges(visit.user, visit.place))
    return render(request, "review/judges.html", JudgesPage(found))


def _pair(
    request: Request,
    view: PairView,
    back: str,
    *,
    sample: bool = False,
    reason: str = "",
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = PairPage(view, VERDICTS, reason, problems or {}, local_path(back, "") if back else "", _SAID, sample)
    return render(request, "review/pair.html", context, marking=view.marking, status=status, keys=KEYS)


def _decisions(
    request: Request, visit: Visit, page: int, *, problems: dict[str, str] | None = None, status: int = 200
) -> Response:
    page = max(page, 1)
    found: Decisions = visit.session.decisions(page)
    seen = tuple(visit.force.judges(visit.user, visit.place)) if visit.may(Action.DECISION_COUNT) else None
    address = "/review/decisions?page="
    context = DecisionsPage(
        found.shown,
        _SAID,
        seen,
        f"{address}{page - 1}" if page > 1 else "",
        f"{address}{page + 1}" if found.more else "",
        problems or {},
    )
    return render(request, "review/decisions.html", context, marking=found.marking, status=status)


def _onward(visit: Visit, slug: str) -> Response:
    """To the next pair of the same type, or to the queue where there is none."""
    name = _type(visit, slug)
    try:
        waiting = visit.session.review(name, size=1).waiting
    except NotFound:
        waiting = ()
    if waiting and not waiting[0].unsure:
        return go(f"/review/pair/{waiting[0].left}/{waiting[0].right}")
    return go(f"/review?type={name}")


def _sampled(visit: Visit, slug: str) -> Response:
    """To the next pair of the sample, or to the page of the sample where there is none."""
    name = _type(visit, slug)
    try:
        waiting = visit.session.sample(name, size=1).waiting
    except NotFound:
        waiting = ()
    if waiting:
        return go(f"/review/pair/{waiting[0].left}/{waiting[0].right}?sample=1")
    return go(f"/review/sample?type={name}")


def _type(visit: Visit, slug: str) -> str:
    nouns = visit.force.workspace.nouns.values()
    return next((noun.name() for noun in nouns if noun.slug() == slug), "")
