"""Charts: a set of things that somebody works on, what they wrote and think about it, and how it came to be so."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bluelamp import clock
from bluelamp.errors import BlueLampError, TooMuch
from bluelamp.ids import ObjectId, change_id, chart_id
from bluelamp.session import changes, charts, story
from bluelamp.session.audit import Operation
from bluelamp.session.changes import Board, Change, Note, Proposed, Spot
from bluelamp.session.charts import Chart
from bluelamp.session.exploring import MOST_THINGS, Drawing
from bluelamp.session.known import HELD, Known
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
class ChartHistory:
    """How a chart came to be what it is, as far as this reader is told."""

    chart: ChartLine
    history: tuple[Entry, ...]
    #: whether there is a change to take back, and one to make again
    back: bool
    forward: bool


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

    @cached_property
    def shown(self) -> Shown:
        """What stands in each look at it."""
        return Shown(self.drawing, self.spots, self.proposed)

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
            newest = charts.newest(connection, found)
            lines = [_line(each, self._changed_at(connection, each, newest.get(each.id))) for each in found]
        self._log(Action.CHART, (), {"charts": "all"}, len(lines))
        return tuple(sorted(lines, key=lambda each: each.changed_at, reverse=True))

    def make_chart(self, title: str, ids: Iterable[str | ObjectId] = (), sent: str = "") -> str:
        """A new chart, perhaps with some things on it; returns its name. Raises NotFound where one is not there.

        What comes again with the same `sent`, word for word, makes no other.
        """
        self._may(Action.CHART_CHANGE, title[:TITLE])
        named = self._title(title)
        wanted = list(ids)
        things = self._asked(wanted) if wanted else []
        now = clock.now()
        key = self._key(sent, named, *map(str, things))
        chart = Chart(chart_id(*key), named, self.user.name, [], self.purpose.name, self.case, now, now, None)
        first = self._holding(self._change("add", {"ids": [str(each) for each in things]}), things) if things else None
        with self.force.database.begin() as connection:
            new = charts.once(connection, chart)
            if new and first:
                charts.change(connection, chart, first)
            self._note_change(connection, chart, things, {"made": named, **({} if new else {"again": True})})
        return chart.id

    def chart(self, id: str) -> ChartView:
        """A chart with all that you may see of what is on it. Raises NotFound."""
        self._may(Action.CHART, id)
        view = self._read_chart(id)
        self._log(Action.CHART, [each.id for each in view.drawing.things], {"chart": id}, len(view.drawing.things))
        return view

    def chart_history(self, id: str) -> ChartHistory:
        """The changes of a chart alone, for whoever has it open. Raises NotFound."""
        self._may(Action.CHART, id)
        with self._opened(id) as (connection, chart):
            applied, every = charts.path(connection, chart), charts.every(connection, chart)
        known = self._knowing(every)
        entries, head = _entries(chart, applied, every, known, _now(known.all(every))), known.standing(chart.head)
        self._log(Action.CHART, (), {"chart": id, "history": True}, len(entries))
        return ChartHistory(
            _line(chart, _changed(chart, entries)), entries,
            back=head is not None, forward=any(each.before == head for each in entries),
        )  # fmt: skip

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
        with self._opened(id) as (connection, chart):
            return self._knowing_of(connection, chart).standing(chart.head) or ""

    def change_chart(self, id: str, kind: str, said: Mapping[str, Any], sent: str = "") -> "Changed":
        """Change a chart; returns where it stands then. `session/changes.py` says which kinds there are.

        What comes again with the same `sent`, word for word, is answered as before and changes nothing.
        Raises NotFound where the chart or one of the things is not there, and BlueLampError for what cannot be done.
        """
        self._may(Action.CHART_CHANGE, id)
        asked = self._change(kind, said)
        if key := self._key(sent, id, kind, json.dumps(asked.said)):
            asked = replace(asked, id=change_id(*key))
        things = self._concerned(asked)
        try:
            with self._opened(id, alone=True) as (connection, chart):
                path = charts.path(connection, chart)
                board, known = changes.board(path), self._knowing(path)
                if before := charts.named(connection, chart, asked.id):
                    if before in path:
                        self._note_change(connection, chart, things, {"kind": kind, **asked.said, "again": before.id})
                        return Changed(before.id, known.standing(before.before) or "")
                    # it was taken back, and is wanted again
                    asked = replace(asked, id=change_id())
                if kind in story.KINDS:
                    self._tellable(id, asked, board, known)
                else:
                    self._check_keys(asked, board, known)
                made = changes.about(self._widened(asked, board, path, known), board)
                made = self._holding(made, [*things, *self._mean(made.said.get(changes.ABOUT, ())).values()])
                self._check_size(changes.board([*path, made]))
                charts.change(connection, chart, made)
                self._note_change(connection, chart, things, {"kind": kind, **asked.said})
        except TooMuch:
            self._log(Action.CHART_CHANGE, things, {"chart": id, "kind": kind, "full": True}, 0)
            raise
        return Changed(made.id, known.standing(chart.head) or "")

    def walk_chart(self, id: str, to: str) -> str:
        """Have a chart stand at another of its changes: `back`, `forward`, `start`, or the name of one.

        Returns where it stands then. Who is not told of a change steps over it. Raises NotFound where there is no such
        chart or change.
        """
        self._may(Action.CHART_CHANGE, id)
        with self._opened(id, alone=True) as (connection, chart):
            every = {each.id: each for each in charts.every(connection, chart)}
            known = self._knowing(every.values())
            head = _goal(chart, every, known, to)
            if head is not None and head not in every:
                raise _Missing(f"the change {kept(to)[:TITLE]} of {id}")
            charts.stand(connection, chart, head)
            self._note_change(connection, chart, (), {"walk": to, "stands_at": head or ""})
        return known.standing(head) or ""

    def name_change(self, id: str, change: str, name: str) -> None:
        """Call a chart as it stood after a change something, so that it is found again. Raises NotFound."""
        self._may(Action.CHART_CHANGE, id)
        if len(name.strip()) > TITLE:
            raise BlueLampError(f"The name has more than {TITLE} letters; shorten it.")
        with self._opened(id, alone=True) as (connection, chart):
            every = {each.id: each for each in charts.every(connection, chart)}
            if change not in every or not self._knowing(every.values()).tells(every[change]):
                raise _Missing(f"the change {kept(change)[:TITLE]} of {id}")
            charts.name(connection, chart, change, kept(name))
            self._note_change(connection, chart, (), {"named": name.strip(), "change": change})

    def share_chart(self, id: str, users: Sequence[str]) -> None:
        """Let these other users open your chart, for the same purpose; nobody else but you. Raises NotFound."""
        self._may(Action.CHART_CHANGE, id)
        known = self.force.workspace.users
        unknown = [each for each in users if each not in known]
        if unknown:
            raise BlueLampError(f"There is no user {unknown[0]}; check the name with them.")
        with self._opened(id, alone=True) as (connection, chart):
            if chart.owner != self.user.name:
                raise BlueLampError(f"Only {chart.owner}, who made the chart, can share it; ask them.")
            charts.share(connection, id, [each for each in dict.fromkeys(users) if each != chart.owner])
            self._note_change(connection, chart, (), {"shared_with": list(users)})

    # ---- what these are made of ----

    def _key(self, sent: str, *said: str) -> tuple[str, ...]:
        """What tells that something was sent twice: nothing where no form says so."""
        return (kept(sent)[:TITLE], self.user.name, self.purpose.name, self.case, *said) if sent else ()

    def _title(self, given: str) -> str:
        named = kept(given)
        if not named or len(named) > TITLE:
            raise BlueLampError(f"A chart needs a title of at most {TITLE} letters; write one.")
        return named

    @contextmanager
    def _opened(self, id: str, *, alone: bool = False) -> Iterator[tuple[Connection, Chart]]:
        """A chart within a transaction; `alone`: nobody else changes it until that ends. Raises NotFound.

        What is missing is said when the transaction has ended: its entry takes a connection of its own, and many who
        each hold one and wait for another would wait for ever.
        """
        id = kept(id)[:TITLE]
        try:
            with self.force.database.begin() as connection:
                found = charts.one(connection, id, self.user.name, self.purpose.name, alone=alone)
                if found is None:
                    raise _Missing(f"the chart {id}")
                yield connection, found
        except _Missing as missing:
            raise self._absent(str(missing)) from None

    def _read_chart(self, id: str) -> ChartView:
        """A chart, for a verb that writes its own entry. Raises NotFound."""
        with self._opened(id) as (connection, chart):
            applied, every = charts.path(connection, chart), charts.every(connection, chart)
        return self._view(chart, changes.board(applied), applied, every)

    def _knowing(self, every: Iterable[Change]) -> Known:
        """What this reader knows of, of some changes and what they are about."""
        return Known(self._mean, {each.id: each for each in every}.get)

    def _knowing_of(self, connection: Connection, chart: Chart) -> Known:
        """The same of a chart of which no more changes are read than are asked about."""
        return Known(self._mean, cache(partial(charts.named, connection, chart)))

    def _changed_at(self, connection: Connection, chart: Chart, newest: Change | None) -> str:
        """When a chart was changed last, of what this reader is told of."""
        if newest is None or self._knowing_of(connection, chart).tells(newest):
            return (newest.at if newest else chart.made_at).isoformat()
        every = charts.every(connection, chart)
        known = self._knowing(every)
        return next((each.at for each in reversed(every) if known.tells(each)), chart.made_at).isoformat()

    def _check_keys(self, made: Change, board: Board, known: Known) -> None:
        """Whether what somebody wrote or proposed that a change is about is on the chart, for this reader."""
        for key in changes.keys(made):
            if (key not in board.notes and key not in board.proposed) or not known.has(key):
                raise _Missing(f"the note or proposal {key}")
            if made.kind == "propose_link" and (key in board.notes or board.proposed[key].link):
                raise BlueLampError("A link is proposed between two things; choose others.")

    def _check_size(self, board: Board) -> None:
        """Whether a chart holds no more than it can, of what this reader sees."""
        if len(board.things) > MOST_THINGS and len(set(self._mean(board.things).values())) > MOST_THINGS:
            raise TooMuch(f"A chart holds at most {MOST_THINGS:,} things; take some off first.")

    def _widened(self, made: Change, board: Board, path: Sequence[Change], known: Known) -> Change:
        """A change that is also about what things on the chart were called before they were found to be one."""
        if "ids" not in made.said and "places" not in made.said:
            return made
        said = changes.concerns(made)
        current = all(str(self.index.find(id)) == id for id in board.things)
        if made.kind == "add" or (current and all(id in board.things for id in said)):
            return made
        alike: dict[str, list[str]] = {}
        for id, object in known.all(path).items():
            alike.setdefault(str(object), []).append(id)
        meant = self._mean(said)
        return changes.widened(made, {id: alike.get(str(object), []) for id, object in meant.items()})

    def _holding(self, made: Change, things: Sequence[ObjectId]) -> Change:
        """A change with records of the things that it is about, by which these are found when they go by other ids."""
        held = {
            str(id): [str(each) for each in records] for id, records in self.index.held(things, self.visible).items()
        }
        return replace(made, said={**made.said, HELD: held}) if held else made

    def _change(self, kind: str, said: Mapping[str, Any]) -> Change:
        return Change(change_id(), kind, changes.checked(kind, said), self.user.name, clock.now())

    def _concerned(self, made: Change) -> list[ObjectId]:
        """The things that a change is about, all of which this reader must see; what is proposed is no thing."""
        named = [each for each in changes.concerns(made) if not each.startswith(changes.PROPOSED)]
        return self._asked(named) if named else []

    def _tellable(self, id: str, made: Change, board: Board, known: Known) -> None:
        """Whether the passages that a change names are there, and no more of them than a story holds.

        What a reader does not see of the story counts for nothing, so that no answer tells of it.
        """
        there = story.seen(board, known)
        for key in (made.said.get("key"), made.said.get("before")):
            if key and key not in there:
                raise _Missing(f"the passage {key} of {id}")
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
        known = self._knowing(every)
        meant = known.all(every)
        spots: dict[str, Spot] = {}
        for id, spot in board.things.items():
            if id in meant:
                spots.setdefault(str(meant[id]), spot)
        now = _now(meant)
        drawing = self._drawing(dict.fromkeys(meant[id] for id in board.things if id in meant))
        shown = {
            key: replace(each, one=now.get(each.one, each.one), other=now.get(each.other, each.other))
            for key, each in board.proposed.items()
            if known.has(each.one) and known.has(each.other)
        }
        entries, head = _entries(chart, applied, every, known, now), known.standing(chart.head)
        return ChartView(
            chart=_line(chart, _changed(chart, entries)),
            head=head or "",
            layout=board.layout,
            drawing=drawing,
            spots=spots,
            notes={
                key: replace(note, on=now.get(note.on, note.on))
                for key, note in board.notes.items()
                if known.has(note.on)
            },
            proposed=shown,
            story=story.told(board, known, now, Shown(drawing, spots, shown)),
            history=entries,
            back=head is not None,
            forward=any(each.before == head for each in entries),
        )


class _Missing(Exception):
    """Something of a chart that is not there for this reader; the text says what."""


def _line(chart: Chart, changed_at: str) -> ChartLine:
    return ChartLine(
        chart.id, chart.title, chart.owner, tuple(chart.shared), chart.case_ref, chart.made_at.isoformat(),
        changed_at,
    )  # fmt: skip


def _changed(chart: Chart, told: Sequence[Entry]) -> str:
    """When the chart changed last, by the last of its changes that the reader is `told` of."""
    return told[-1].at if told else chart.made_at.isoformat()


def _now(meant: Mapping[str, ObjectId]) -> dict[str, str]:
    return {id: str(found) for id, found in meant.items()}


def _entries(
    chart: Chart, applied: Iterable[Change], every: Iterable[Change], known: Known, now: Mapping[str, str]
) -> tuple[Entry, ...]:
    """The history, as far as a reader is told of it."""
    on_path, head = {each.id for each in applied}, known.standing(chart.head)
    return tuple(
        Entry(
            each.id, known.standing(each.before), each.at.isoformat(), each.user, changes.sentence(each, now),
            each.name, each.id in on_path, each.id == head,
        )
        for each in every
        if known.tells(each)
    )  # fmt: skip


def _goal(chart: Chart, every: Mapping[str, Change], known: Known, to: str) -> str | None:
    """The change that a step of the walk leads to; None: none, before the first."""
    at = known.standing(chart.head)
    if to == START:
        return None
    if to == BACK:
        return every[at].before if at else chart.head
    told = (each.id for each in reversed([*every.values()]) if known.tells(each))
    if to == FORWARD:
        return next((each for each in told if known.standing(every[each].before) == at), chart.head)
    return to if to in told else ""
