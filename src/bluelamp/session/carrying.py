"""Charts that leave, each a disclosure to somebody who is named, and charts that come in."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bluelamp import clock
from bluelamp.errors import BlueLampError, Refused, TooMuch
from bluelamp.ids import ObjectId, chart_id, parse
from bluelamp.session import charts, formats, visibility
from bluelamp.session.changes import Change
from bluelamp.session.charting import Charting, ChartLine, ChartView
from bluelamp.session.charts import Chart
from bluelamp.session.exploring import MOST_THINGS
from bluelamp.session.formats import ChartFile, brought
from bluelamp.session.formats.brought import Brought, short
from bluelamp.session.formats.taken import Part, Taken, part
from bluelamp.session.permissions import Action
from bluelamp.session.said import NOTE, TITLE

#: things and links that one file may propose
MOST_PROPOSED = 2_000


@dataclass(frozen=True)
class Leaving:
    """What of a chart would leave, and how many things of it would stay."""

    chart: ChartLine
    part: Part
    stays: int
    #: without the chart's story, and with it
    marking: str
    story_marking: str


class Carrying(Charting):
    """The verbs of a session that take charts out and bring them in."""

    def leaving(self, id: str, ids: Collection[str] | None = None) -> Leaving:
        """What of a chart `export_chart` would take out, counted, before anything leaves. Raises NotFound."""
        self._may(Action.EXPORT, id)
        view = self._read_chart(id)
        leaves = part(view, ids, self._meanings(view))
        stays = len(view.drawing.things) - len(leaves.things)
        self._log(Action.CHART, [each.id for each in leaves.things], {"chart": id, "leaving": True}, len(leaves.things))
        marking, told = self._marking_of(view, replace(leaves, story=())), self._marking_of(view, leaves)
        return Leaving(view.chart, leaves, stays, marking, told)

    def export_chart(
        self, id: str, format: str, recipients: Sequence[str], ids: Collection[str] | None = None
    ) -> ChartFile:
        """A chart as a file, without what is hidden on it; with `ids`, only these things and the links among them.

        A disclosure, so it must be said who gets it; the log names them and every object. Raises Refused where
        nobody is named, NotFound, TooMuch, and BlueLampError for a format that there is not.
        """
        self._may(Action.EXPORT, id)
        named = [each.strip() for each in recipients if each.strip()]
        if not named:
            self._log(Action.EXPORT, (), {"chart": id, "format": format}, 0, refused=True)
            raise Refused("To take a chart out is a disclosure: say who receives it.")
        chosen, view = formats.known(format), self._read_chart(id)
        leaves = part(view, ids, self._meanings(view))
        if not chosen.story:
            leaves = replace(leaves, story=())
        if not leaves.things and not leaves.proposed:
            raise BlueLampError("Nothing is on the chart to take out; put something on it, or show what is hidden.")
        made = formats.file_of(self._taken(view, leaves, named), chosen)
        asked = {
            "chart": id, "title": view.chart.title, "format": format, "links": len(leaves.bonds),
            "notes": len(leaves.notes), "proposed": len(leaves.proposed),
            "passages": len(leaves.story),
        }  # fmt: skip
        objects = [each.id for each in leaves.things]
        self._log(Action.EXPORT, objects, asked, len(objects), recipients=named)
        return made

    def import_chart(self, title: str, format: str, data: bytes, name: str = "") -> str:
        """A new chart of what a file says, GraphML or FollowTheMoney; returns the chart's name.

        Nothing of it is a source's word: what has the id of a thing that you may see is that thing, all else is
        proposed, and its reason names the file (`name`). Raises BlueLampError for what cannot be read or is too much.
        """
        self._may(Action.CHART_CHANGE, title[:TITLE])
        called = self._title(title)
        made = brought.read(format, data)
        whole = made.whole()
        ours = self._mean(id for id in whole.things if parse(id))
        if len(ours) > MOST_THINGS:
            raise TooMuch(f"{len(ours):,} things are more than one chart holds ({MOST_THINGS:,}); bring in a part.")
        bonds = {(each.type, each.one, each.other) for each in self._drawing(dict.fromkeys(ours.values())).bonds}
        file = f"{brought.READERS[format][0]} file {short(name, TITLE)}".strip()
        steps = _changes(self._change, whole, ours, bonds, file)
        lost = len(made.links) - len(whole.links)
        steps.append(self._change("note", {"text": _told(steps, file, lost)}))
        now = clock.now()
        chart = Chart(chart_id(), called, self.user.name, [], self.purpose.name, self.case, now, now, None)
        with self.force.database.begin() as connection:
            charts.add(connection, chart)
            charts.change_often(connection, chart, steps)
            counts = Counter(each.kind for each in steps)
            asked = {"made": called, "imported": file, **counts}
            self._note_change(connection, chart, dict.fromkeys(ours.values()), asked)
        return chart.id

    def _taken(self, view: ChartView, leaves: Part, recipients: Sequence[str]) -> Taken:
        workspace = self.force.workspace
        return Taken(
            leaves, view.chart.id, view.chart.title, self._marking_of(view, leaves),
            self.user.title or self.user.name, self.purpose.title, self.reason, tuple(recipients), clock.now(),
            workspace.name,
            {name: each.title for name, each in workspace.sources.items()}, workspace.nouns,
        )  # fmt: skip

    def _marking_of(self, view: ChartView, leaves: Part) -> str:
        """The highest of what leaves; what people wrote may tell of anything that they saw on the chart."""
        if leaves.notes or leaves.proposed or leaves.story:
            return view.drawing.marking
        return visibility.highest(leaves.markings, self.force.workspace.markings)

    def _meanings(self, view: ChartView) -> dict[str, str]:
        """What the ids that notes and proposals were made with mean now."""
        ends = [each.on for each in view.notes.values()]
        ends += [end for each in view.proposed.values() for end in (each.one, each.other)]
        return {id: str(found) for id, found in self._mean(dict.fromkeys(filter(None, ends))).items()}


def _changes(
    change: Callable[[str, Mapping[str, Any]], Change],
    file: Brought,
    ours: Mapping[str, ObjectId],
    bonds: Collection[tuple[str, ObjectId, ObjectId]],
    name: str,
) -> list[Change]:
    """The changes that make a chart of a file."""
    made = []
    ids = {id: str(found) for id, found in ours.items()}
    if ids:
        made.append(change("add", {"ids": list(dict.fromkeys(ids.values()))}))
        places = {ids[id]: list(each.place) for id, each in file.things.items() if id in ids and each.place}
        made += [change("put", {"places": places})] if places else []
    for id, thing in file.things.items():
        if id not in ids:
            said = {"label": thing.label, "type": thing.type, "reason": _why(name, thing.reason)}
            made.append(change("propose", said))
            ids[id] = made[-1].id
    for link in file.links:
        one, other = ids[link.one], ids[link.other]
        known = link.one in ours and link.other in ours and (link.type, ours[link.one], ours[link.other]) in bonds
        if one != other and not known:
            said = {"label": link.label, "type": link.type, "reason": _why(name, link.reason)}
            made.append(change("propose_link", said | {"one": one, "other": other}))
    made += [change("note", {"text": text, "on": ids.get(on, "")}) for text, on in file.notes]
    thought = sum(each.kind in ("propose", "propose_link") for each in made)
    if thought > MOST_PROPOSED:
        raise BlueLampError(
            f"The file holds {thought:,} things and links that are not known here, and a chart takes at most "
            f"{MOST_PROPOSED:,} as proposals; bring in a part of it."
        )
    return made


def _why(file: str, reason: str) -> str:
    return short(f"From the {file}, which is no source{f': {reason}' if reason else ''}", NOTE)


def _told(made: Sequence[Change], file: str, lost: int) -> str:
    """What was brought, as a note on the chart."""
    counts = Counter(each.kind for each in made)
    known = sum(len(each.said["ids"]) for each in made if each.kind == "add")
    said = f"Brought in from the {file}: {known:,} things known here, {counts['propose']:,} things and "
    said += f"{counts['propose_link']:,} links proposed, {counts['note']:,} notes."
    return said + (f" {lost:,} links of it lead nowhere and were left out." if lost else "")
