"""Stories: the passages of a chart, each with the things that it is about as they are today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bluelamp.session.changes import Note, Proposed, Spot
from bluelamp.session.charting import Charting, ChartLine, ChartView
from bluelamp.session.exploring import Drawing
from bluelamp.session.permissions import Action
from bluelamp.session.story import Told


@dataclass(frozen=True)
class StoryView:
    """The story of a chart as this reader may see it, with all that stands in its passages and nothing else."""

    chart: ChartLine
    #: the change that the chart stands at; "" where it has none
    head: str
    layout: str
    passages: tuple[Told, ...]
    #: key of a passage -> what it shows
    things: dict[str, tuple[str, ...]]
    #: marked as the whole chart is: whoever wrote of it may have seen all that is on it
    drawing: Drawing
    spots: dict[str, Spot]
    notes: dict[str, Note]
    proposed: dict[str, Proposed]
    back: bool
    forward: bool


class Telling(Charting):
    """The verb of a session that reads stories; they are told by changes of their chart."""

    def story(self, id: str) -> StoryView:
        """The story of a chart. Raises NotFound."""
        self._may(Action.CHART, id)
        view = story_of(self._read_chart(id))
        things = [each.id for each in view.drawing.things]
        self._log(Action.CHART, things, {"chart": id, "story": True}, len(view.passages))
        return view


def story_of(view: ChartView) -> StoryView:
    """What of a chart stands in its story."""
    things = {each.key: tuple(view.shown.of(each.look)) if each.look else () for each in view.story}
    there = {id for each in things.values() for id in each}
    drawing = replace(
        view.drawing,
        things=tuple(each for each in view.drawing.things if str(each.id) in there),
        bonds=tuple(each for each in view.drawing.bonds if {str(each.one), str(each.other)} <= there),
    )
    return StoryView(
        chart=view.chart,
        head=view.head,
        layout=view.layout,
        passages=view.story,
        things=things,
        drawing=drawing,
        spots=_only(view.spots, there),
        notes={key: each for key, each in view.notes.items() if each.on in there},
        proposed={
            key: each
            for key, each in view.proposed.items()
            if key in there or (each.link and {each.one, each.other} <= there)
        },
        back=view.back,
        forward=view.forward,
    )


def _only(spots: Mapping[str, Spot], there: set[str]) -> dict[str, Spot]:
    return {id: spot for id, spot in spots.items() if id in there}
