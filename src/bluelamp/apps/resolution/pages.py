"""The page on how records are joined: models, what their thresholds cost, and how evenly it falls on people."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response

from bluelamp.apps.page import Visit, needs, render
from bluelamp.resolution.measure import Group, Share
from bluelamp.session.joining import ModelView
from bluelamp.session.permissions import Action

router = APIRouter()

#: the picture of groups: its width, the height of one group, and the least share that it shows
WIDTH, HEIGHT = 320, 22


@dataclass(frozen=True)
class Bar:
    """A group's share in the picture, with its interval, from the left."""

    group: Group
    at: float
    low: float
    high: float
    y: int


@dataclass(frozen=True)
class Grouping:
    """The groups of one property or column: a picture of their recall, and how far apart they lie."""

    by: str
    bars: tuple[Bar, ...]
    precision_gap: Share
    recall_gap: Share
    height: int
    least: float


@dataclass(frozen=True)
class ModelPage:
    """What resolution.html shows of one model."""

    model: ModelView
    everybody: Group | None
    groupings: tuple[Grouping, ...]


@dataclass(frozen=True)
class ResolutionPage:
    """What resolution.html shows."""

    models: tuple[ModelPage, ...]
    unlearned: tuple[str, ...]


@router.get("/resolution")
def resolution(request: Request, visit: Annotated[Visit, needs(Action.RESOLUTION)]) -> Response:
    """How records are joined."""
    found = visit.session.models()
    page = ResolutionPage(tuple(map(_page, found.models)), found.unlearned)
    return render(request, "resolution/resolution.html", page)


def _page(model: ModelView) -> ModelPage:
    found = model.measure
    if found is None:
        return ModelPage(model, None, ())
    gaps = found.gaps()
    made = tuple(_grouping(by, [each for each in found.groups if each.by == by], *gap) for by, gap in gaps.items())
    return ModelPage(model, next((each for each in found.groups if not each.by), None), made)


def _grouping(by: str, groups: list[Group], precision: Share, recall: Share) -> Grouping:
    least = min(0.9, *(each.recall.share - each.recall.within for each in groups))
    least = max(0.0, int(least * 10) / 10)

    def place(share: float) -> float:
        return round(WIDTH * (min(1.0, max(least, share)) - least) / (1 - least), 1)

    bars = tuple(
        Bar(
            each,
            place(each.recall.share),
            place(each.recall.share - each.recall.within),
            place(each.recall.share + each.recall.within),
            number * HEIGHT + HEIGHT // 2,
        )
        for number, each in enumerate(groups)
    )
    return Grouping(by, bars, precision, recall, len(bars) * HEIGHT, least)
