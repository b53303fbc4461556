"""Charts that leave, each a disclosure to somebody who is named, and charts that come in."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bluelamp import clock
from bluelamp.errors import BlueLampError, Refused, TooMuch
from bluelamp.ids import ObjectId, chart_id, parse
from bluelamp.session import charts, formats, visibility
from bluelamp.session.changes import BRING
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
        leaves = part(view, ids)
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
        leaves = part(view, ids)
        if not chosen.story:
            leaves = replace(leaves, story=())
        asked = {
            "chart": id, "title": view.chart.title, "format": format, "links": len(leaves.bonds),
            "notes": len(leaves.notes), "proposed": len(leaves.proposed),
            "passages": len(leaves.story),
        }  # fmt: skip
        try:
            if not leaves.things and not leaves.proposed:
                raise BlueLampError("Nothing is on the chart to take out; put something on it, or show what is hidden.")
            made = formats.file_of(self._taken(view, leaves, named), chosen)
        except BlueLampError:
            # that nothing of it can leave, or too much for a picture, is an answer too
            self._log(Action.EXPORT, (), asked, 0)
            raise
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
        file = f"{brought.READERS[format][0]} file {short(name, TITLE)}".strip()
        try:
            ours, parts = self._brought(whole, file)
        except BlueLampError:
            # that so much of it is known here, or so little, is an answer too
            self._log(Action.CHART_CHANGE, (), {"imported": file}, 0)
            raise
        counts = Counter(map(_kind, parts))
        parts.append({"text": _told(whole, file, len(made.links) - len(whole.links))})
        places = {str(ours[id]): list(each.place) for id, each in whole.things.items() if id in ours and each.place}
        ids = list(dict.fromkeys(map(str, ours.values())))
        change = self._change(BRING, {"file": short(file, TITLE), "ids": ids, "places": places, "parts": parts})
        now = clock.now()
        chart = Chart(chart_id(), called, self.user.name, [], self.purpose.name, self.case, now, now, None)
        with self.force.database.begin() as connection:
            charts.add(connection, chart)
            charts.change(connection, chart, self._holding(change, [*dict.fromkeys(ours.values())]))
            asked = {"made": called, "imported": file, **counts, "add": len(ids)}
            self._note_change(connection, chart, dict.fromkeys(ours.values()), asked)
        return chart.id

    def _brought(self, whole: Brought, file: str) -> tuple[dict[str, ObjectId], list[dict[str, Any]]]:
        """What of a file is known here, by the ids in it, and the parts that are not. Raises BlueLampError."""
        ours = self._mean(id for id in whole.things if parse(id))
        if len(ours) > MOST_THINGS:
            raise TooMuch(f"{len(ours):,} things are more than one chart holds ({MOST_THINGS:,}); bring in a part.")
        bonds = {(each.type, each.one, each.other) for each in self._drawing(dict.fromkeys(ours.values())).bonds}
        parts = _parts(whole, ours, bonds, file)
        proposed = sum(_kind(each) != "note" for each in parts)
        if proposed > MOST_PROPOSED:
            raise BlueLampError(
                f"The file holds {proposed:,} things and links that are not known here, and a chart takes at most "
                f"{MOST_PROPOSED:,} as proposals; bring in a part of it."
            )
        return ours, parts

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


def _parts(
    file: Brought, ours: Mapping[str, ObjectId], bonds: Collection[tuple[str, ObjectId, ObjectId]], name: str
) -> list[dict[str, Any]]:
    """What a file says that is not known here, as parts of one change; a part names another by its number."""
    parts: list[dict[str, Any]] = []
    ends: dict[str, str | int] = {id: str(found) for id, found in ours.items()}
    for id, thing in file.things.items():
        if id not in ends:
            ends[id] = len(parts)
            parts.append({"label": thing.label, "type": thing.type, "reason": _why(name, thing.reason)})
    for link in file.links:
        one, other = ends[link.one], ends[link.other]
        known = link.one in ours and link.other in ours and (link.type, ours[link.one], ours[link.other]) in bonds
        if one != other and not known:
            said = {"label": link.label, "type": link.type, "reason": _why(name, link.reason)}
            parts.append(said | {"one": one, "other": other})
    return parts + [{"text": text, "on": ends.get(on, "")} for text, on in file.notes]


def _kind(part: Mapping[str, Any]) -> str:
    return "note" if "text" in part else "propose_link" if "one" in part else "propose"


def _why(file: str, reason: str) -> str:
    return short(f"From the {file}, which is no source{f': {reason}' if reason else ''}", NOTE)


def _told(file: Brought, name: str, lost: int) -> str:
    """What was brought, as a note on the chart: how much of it is known here differs by who looks."""
    said = f"Brought in from the {name}: {len(file.things):,} things, "
    said += f"{len(file.links):,} links, {len(file.notes):,} notes."
    return said + (f" {lost:,} links of it lead nowhere and were left out." if lost else "")
