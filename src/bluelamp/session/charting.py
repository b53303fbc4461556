"""Charts: a set of things that somebody works on, what they wrote and think about it, and how it came to be so."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bluelamp import clock
from bluelamp.errors import BlueLampError
from bluelamp.ids import ObjectId, change_id, chart_id
from bluelamp.session import changes, charts, story
from bluelamp.session.audit import Operation
from bluelamp.session.changes import BRING, Board, Change, Note, Proposed, Spot, seen
from bluelamp.session.charts import Chart
from bluelamp.session.exploring import MOST_THINGS, Drawing
from bluelamp.session.measures import Measure
from bluelamp.session.moving import Moving
from bluelamp.session.permissions import Action
from bluelamp.session.said import TITLE, kept
from bluelamp.session.story import Shown, Told

BACK, FORWARD, START = "back", "forward", "start"


@dataclass(frozen=True)
class ChartLine:
    """A chart in the list of those that somebody may open."""

    id: str
    title: str
    owner: str
    shared: tuple[str, ...]
    case_ref: str
    made_at: str
    changed_at: str


@dataclass(frozen=True)
class Entry:
    """One change in the history of a chart, as this reader may be told of it."""

    id: str
    before: str | None
    at: str
    user: str
    said: str
    name: str
    #: whether it is among those that make the chart what it is now, and whether it is the last of these
    applied: bool
    current: bool


@dataclass(frozen=True)
class ChartView:
    """A chart as this reader may see it."""

    chart: ChartLine
    #: the change that it stands at; "" where it has none
    head: str
    layout: str
    drawing: Drawing
    #: where each thing stands, by its id
    spots: dict[str, Spot]
    notes: dict[str, Note]
    proposed: dict[str, Proposed]
    #: the passages of its story, in reading order
    story: tuple[Told, ...]
    history: tuple[Entry, ...]
    #: whether there is a change to take back, and one to make again
    back: bool
    forward: bool

    @property
    def names(self) -> dict[str, str]:
        """What each thing is called, by its id."""
        return {str(each.id): each.caption or each.label for each in self.drawing.things}


@dataclass(frozen=True)
class ChartMeasures:
    """How the things of a chart stand among each other, by what this reader sees of them."""

    #: whether betweenness and closeness are along the direction of links
    along: bool
    #: by the id of each thing
    measures: dict[str, Measure]
    marking: str


class Changed(NamedTuple):
    """Where a chart stands after a change, and where it stood before."""

    head: str
    before: str


class Charting(Moving):
    """The verbs of a session about charts."""

    def charts(self) -> tuple[ChartLine, ...]:
        """The charts that you may open for this purpose, the last changed first."""
        self._may(Action.CHART, "charts")
        with self.force.database.begin() as connection:
            found = charts.listed(connection, self.user.name, self.purpose.name)
        self._log(Action.CHART, (), {"charts": "all"}, len(found))
        return tuple(map(_line, found))

    def make_chart(self, title: str, ids: Iterable[str | ObjectId] = ()) -> str:
        """A new chart, perhaps with some things on it; returns its name. Raises NotFound where one is not there."""
        self._may(Action.CHART_CHANGE, title[:TITLE])
        named = self._title(title)
        wanted = list(ids)
        things = self._asked(wanted) if wanted else []
        now = clock.now()
        chart = Chart(chart_id(), named, self.user.name, [], self.purpose.name, self.case, now, now, None)
        first = self._change("add", {"ids": [str(each) for each in things]}) if things else None
        with self.force.database.begin() as connection:
            charts.add(connection, chart)
            if first:
                charts.change(connection, chart, first)
            self._note_change(connection, chart, things, {"made": named})
        return chart.id

    def chart(self, id: str) -> ChartView:
        """A chart with all that you may see of what is on it. Raises NotFound."""
        self._may(Action.CHART, id)
        view = self._read_chart(id)
        self._log(Action.CHART, [each.id for each in view.drawing.things], {"chart": id}, len(view.drawing.things))
        return view

    def chart_measures(self, id: str, *, along: bool = False) -> ChartMeasures:
        """Degree, betweenness, closeness, cores, sets and communities of a chart's things. Raises NotFound.

        `along`: betweenness and closeness follow links from their first end to their second, else either way.
        """
        self._may(Action.CHART, id)
        view = self._read_chart(id)
        found = story.network(view.drawing, along=along)
        asked = {"chart": id, "measures": True, "along": along}
        self._log(Action.CHART, [each.id for each in view.drawing.things], asked, len(found))
        return ChartMeasures(along, found, view.drawing.marking)

    def chart_head(self, id: str) -> str:
        """The change that a chart stands at, for whoever has it open: whether to look again. Raises NotFound."""
        self._may(Action.CHART, id)
        with self.force.database.begin() as connection:
            return self._chart(connection, id).head or ""

    def change_chart(self, id: str, kind: str, said: Mapping[str, Any]) -> "Changed":
        """Change a chart; returns where it stands then. `session/changes.py` says which kinds there are.

        Raises NotFound where the chart or one of the things is not there, and BlueLampError for what cannot be done.
        """
        self._may(Action.CHART_CHANGE, id)
        made = self._change(kind, said)
        things = self._concerned(made)
        with self.force.database.begin() as connection:
            chart = self._chart(connection, id, alone=True)
            applied = charts.path(connection, chart)
            if kind in story.KINDS:
                self._tellable(id, made, changes.board(applied))
            board = changes.board([*applied, made])
            if len(board.things) > MOST_THINGS:
                raise BlueLampError(f"A chart holds at most {MOST_THINGS:,} things; take some off first.")
            charts.change(connection, chart, made)
            self._note_change(connection, chart, things, {"kind": kind, **made.said})
        return Changed(made.id, chart.head or "")

    def walk_chart(self, id: str, to: str) -> str:
        """Have a chart stand at another of its changes: `back`, `forward`, `start`, or the name of one.

        Returns where it stands then. Raises NotFound where there is no such chart or change.
        """
        self._may(Action.CHART_CHANGE, id)
        with self.force.database.begin() as connection:
            chart = self._chart(connection, id, alone=True)
            every = {each.id: each for each in charts.every(connection, chart)}
            head = _goal(chart, every, to)
            if head is not None and head not in every:
                raise self._absent(f"the change {to} of {id}")
            charts.stand(connection, chart, head)
            self._note_change(connection, chart, (), {"walk": to, "stands_at": head or ""})
        return head or ""

    def name_change(self, id: str, change: str, name: str) -> None:
        """Call a chart as it stood after a change something, so that it is found again. Raises NotFound."""
        self._may(Action.CHART_CHANGE, id)
        if len(name.strip()) > TITLE:
            raise BlueLampError(f"The name has more than {TITLE} letters; shorten it.")
        with self.force.database.begin() as connection:
            chart = self._chart(connection, id, alone=True)
            if change not in {each.id for each in charts.every(connection, chart)}:
                raise self._absent(f"the change {change} of {id}")
            charts.name(connection, chart, change, kept(name))
            self._note_change(connection, chart, (), {"named": name.strip(), "change": change})

    def share_chart(self, id: str, users: Sequence[str]) -> None:
        """Let these other users open your chart, for the same purpose; nobody else but you. Raises NotFound."""
        self._may(Action.CHART_CHANGE, id)
        known = self.force.workspace.users
        unknown = [each for each in users if each not in known]
        if unknown:
            raise BlueLampError(f"There is no user {unknown[0]}; check the name with them.")
        with self.force.database.begin() as connection:
            chart = self._chart(connection, id, alone=True)
            if chart.owner != self.user.name:
                raise BlueLampError(f"Only {chart.owner}, who made the chart, can share it; ask them.")
            charts.share(connection, id, [each for each in dict.fromkeys(users) if each != chart.owner])
            self._note_change(connection, chart, (), {"shared_with": list(users)})

    # ---- what these are made of ----

    def _title(self, given: str) -> str:
        named = kept(given)
        if not named or len(named) > TITLE:
            raise BlueLampError(f"A chart needs a title of at most {TITLE} letters; write one.")
        return named

    def _chart(self, connection: Connection, id: str, *, alone: bool = False) -> Chart:
        found = charts.one(connection, id, self.user.name, self.purpose.name, alone=alone)
        if found is None:
            raise self._absent(f"the chart {id}")
        return found

    def _read_chart(self, id: str) -> ChartView:
        """A chart, for a verb that writes its own entry. Raises NotFound."""
        with self.force.database.begin() as connection:
            chart = self._chart(connection, id)
            applied, every = charts.path(connection, chart), charts.every(connection, chart)
        return self._view(chart, changes.board(applied), applied, every)

    def _change(self, kind: str, said: Mapping[str, Any]) -> Change:
        return Change(change_id(), kind, changes.checked(kind, said), self.user.name, clock.now())

    def _concerned(self, made: Change) -> list[ObjectId]:
        """The things that a change is about, all of which this reader must see; what is proposed is no thing."""
        named = [each for each in changes.concerns(made) if not each.startswith(changes.PROPOSED)]
        return self._asked(named) if named else []

    def _tellable(self, id: str, made: Change, board: Board) -> None:
        """Raises NotFound where a passage that a change names is not there, and BlueLampError where there are too many.

        What a reader does not see of the story counts for nothing, so that no answer tells of it.
        """
        about = [id for each in board.story.values() for id in (each.look.ids if each.look else ())]
        there = story.seen(board, {id: str(found) for id, found in self._mean(dict.fromkeys(about)).items()})
        for key in (made.said.get("key"), made.said.get("before")):
            if key and key not in there:
                raise self._absent(f"the passage {key} of {id}")
        if made.kind == "tell" and len(there) >= story.MOST_PASSAGES:
            raise BlueLampError(
                f"A story holds at most {story.MOST_PASSAGES} passages; remove one, or put two into one."
            )

    def _note_change(
        self, connection: Connection, chart: Chart, things: Iterable[ObjectId], asked: dict[str, Any]
    ) -> None:
        """Write the entry of a change together with it."""
        entry = self._entry(Action.CHART_CHANGE, Operation.ALTERATION, things, {"chart": chart.id, **asked}, 1)
        self.force.audit.append_in(connection, entry)

    def _view(self, chart: Chart, board: Board, applied: Sequence[Change], every: Sequence[Change]) -> ChartView:
        meant = self._mean(dict.fromkeys(id for change in every for id in changes.concerns(change)))
        spots: dict[str, Spot] = {}
        for id, spot in board.things.items():
            if id in meant:
                spots.setdefault(str(meant[id]), spot)
        now = {id: str(found) for id, found in meant.items()}
        drawing = self._drawing(dict.fromkeys(meant[id] for id in board.things if id in meant))
        shown = {key: each for key, each in board.proposed.items() if seen(each.one, now) and seen(each.other, now)}
        return ChartView(
            chart=_line(chart),
            head=chart.head or "",
            layout=board.layout,
            drawing=drawing,
            spots=spots,
            notes={key: note for key, note in board.notes.items() if seen(note.on, now)},
            proposed=shown,
            story=story.told(board, now, Shown(drawing, spots, shown)),
            history=tuple(_entries(chart, applied, every, now)),
            back=chart.head is not None,
            forward=any(each.before == chart.head for each in every),
        )


def _line(chart: Chart) -> ChartLine:
    return ChartLine(
        chart.id, chart.title, chart.owner, tuple(chart.shared), chart.case_ref, chart.made_at.isoformat(),
        chart.changed_at.isoformat(),
    )  # fmt: skip


def _goal(chart: Chart, every: Mapping[str, Change], to: str) -> str | None:
    """The change that a step of the walk leads to; None: none, before the first."""
    if to == START:
        return None
    if to == BACK:
        return every[chart.head].before if chart.head else None
    if to == FORWARD:
        return next((each.id for each in reversed(list(every.values())) if each.before == chart.head), chart.head)
    return to


def _entries(
    chart: Chart, applied: Sequence[Change], every: Sequence[Change], now: Mapping[str, str]
) -> Iterator[Entry]:
    """The history, as far as a reader who sees the things in `now` is told of it."""
    on_path = {each.id for each in applied}
    told: set[str] = set()
    for each in every:
        if not _tells(each, now, told):
            continue
        told.update(changes.shown(each, now))
        said = changes.sentence(each, now.__contains__)
        yield Entry(
            each.id, each.before, each.at.isoformat(), each.user, said, each.name, each.id in on_path,
            each.id == chart.head,
        )  # fmt: skip


def _tells(change: Change, now: Mapping[str, str], told: Collection[str]) -> bool:
    """Whether a reader is told of a change: of one about things that are not in `now`, or about what another change
    made that is not told, nothing.
    """
    if not changes.shown(change, now) or change.said.get("key", "") not in {"", *told}:
        return False
    moved = [*change.said.get("ids", ()), *change.said.get("places", {})]
    if moved and change.kind != BRING and not any(each in now for each in moved):
        return False
    return story.tells(story.chosen(change.said.get("look")), now)
