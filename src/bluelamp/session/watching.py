"""Saved searches and areas that are watched: what is new since the last look reaches whoever asked, until a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bluelamp import clock
from bluelamp.errors import BlueLampError
from bluelamp.ids import ObjectId, watch_id
from bluelamp.index.graph import Choice
from bluelamp.index.places import Area
from bluelamp.session import watches
from bluelamp.session.audit import Operation
from bluelamp.session.charting import Charting
from bluelamp.session.permissions import Action
from bluelamp.session.watches import Watch

#: days that a watch runs at most, things of it that are kept, and letters of its title
LONGEST, MOST, TITLE = 365, 1_000, 200

SEARCH, AREA = "search", "area"


@dataclass(frozen=True)
class News:
    """A thing that a watch found since its owner looked last."""

    id: ObjectId
    caption: str
    label: str


@dataclass(frozen=True)
class WatchView:
    """A watch with what is new."""

    id: str
    title: str
    kind: str
    said: Mapping[str, Any]
    reason: str
    made_at: str
    ends: str
    runs: bool
    found: int
    news: tuple[News, ...]


class Watching(Charting):
    """The verbs of a session about watches."""

    def watch(self, title: str, kind: str, said: Mapping[str, Any], ends: date) -> str:
        """Have a `search` or an `area` watched until a day, for this purpose and reason; returns the watch's name.

        `said` is what `search` takes (text, types, sources, first, last), or corners, metres, first, last, others.
        What there is now is no news. Raises BlueLampError for what cannot be watched.
        """
        self._may(Action.WATCH, title[:TITLE])
        named, today = title.strip(), clock.today()
        if not named or len(named) > TITLE:
            raise BlueLampError(f"A watch needs a title of at most {TITLE} letters; write one.")
        if not today <= ends <= today + timedelta(days=LONGEST):
            raise BlueLampError(f"A watch ends within {LONGEST} days from today; choose an earlier day.")
        found = self._finds(kind, said)
        made = Watch(
            watch_id(), named, self.user.name, self.purpose.name, self.reason, self.case, kind, dict(said), clock.now(),
            ends, None, self._look()[0].number, [str(each) for each in found], [],
        )  # fmt: skip
        asked = {"watch": made.id, "kind": kind, **said, "ends": ends.isoformat()}
        entry = self._entry(Action.WATCH, Operation.CONSULTATION, found, asked, len(found))
        with self.force.database.begin() as connection:
            watches.add(connection, made)
            self.force.audit.append_in(connection, entry)
        return made.id

    def watches(self) -> tuple[WatchView, ...]:
        """Your watches for this purpose, each looked at anew where the build has changed, with what is new."""
        self._may(Action.WATCH, "watches")
        mine = self._mine()
        build = self._look()[0].number
        looked = {each.id: self._finds(each.kind, each.said) for each in mine if each.runs and each.build != build}
        ids = [id for found in looked.values() for id in found]
        entry = self._entry(
            Action.WATCH, Operation.CONSULTATION, ids, {"watches": [each.id for each in mine]}, len(mine)
        )
        shown = []
        with self.force.database.begin() as connection:
            for each in mine:
                if each.id in looked:
                    found = [str(id) for id in looked[each.id]]
                    before = set(each.found)
                    news = list(dict.fromkeys([*each.news, *(id for id in found if id not in before)]))
                    watches.looked(connection, each, build, found, news)
                    shown.append(replace(each, build=build, found=found, news=news))
                else:
                    shown.append(each)
            self.force.audit.append_in(connection, entry)
        return tuple(self._watch_view(each) for each in shown)

    def watch_seen(self, id: str) -> None:
        """You have seen what a watch found; from now on only what comes later is news. Raises NotFound."""
        self._change_watch(id, "seen")

    def end_watch(self, id: str) -> None:
        """Watch no more. Raises NotFound."""
        self._change_watch(id, "end")

    def marking_of(self, objects: Sequence[ObjectId]) -> str:
        """The marking for a screen with these objects."""
        return self._marking(objects)

    # ---- what these are made of ----

    def _mine(self) -> list[Watch]:
        with self.force.database.begin() as connection:
            return watches.listed(connection, self.user.name, self.purpose.name)

    def _change_watch(self, id: str, what: str) -> None:
        self._may(Action.WATCH, id)
        found = next((each for each in self._mine() if each.id == id), None)
        if found is None:
            raise self._absent(f"the watch {id}")
        with self.force.database.begin() as connection:
            (watches.seen if what == "seen" else watches.end)(connection, found)
            entry = self._entry(Action.WATCH, Operation.ALTERATION, (), {"watch": id, "change": what}, 1)
            self.force.audit.append_in(connection, entry)

    def _finds(self, kind: str, said: Mapping[str, Any]) -> list[ObjectId]:
        """What a watch finds now, for whoever has it watched: the first of it where that is very much."""
        first, last = str(said.get("first") or ""), str(said.get("last") or "")
        if kind == SEARCH:
            text = str(said.get("text") or "")
            if not text.strip() and not said.get("types"):
                raise BlueLampError("A search to watch needs words or a type; search for something first.")
            hits = self.index.search(
                text, self.visible, _words(said, "types"), _words(said, "sources"), _day(first), _day(last), 0, MOST
            ).hits
            return [hit.object for hit in hits]
        if kind != AREA:
            raise BlueLampError(f"A {kind!r} cannot be watched; a {SEARCH} or an {AREA} can.")
        area = Area(tuple(_corner(each) for each in said.get("corners") or ()), float(said.get("metres") or 0))
        choice = Choice(others=frozenset(_words(said, "others")), first=first, last=last)
        return sorted(each for each in self._there(area, choice) if self._wanted(each, choice))[:MOST]

    def _watch_view(self, each: Watch) -> WatchView:
        news = self._mean(each.news)
        captions = self.index.captions(news.values(), self.visible)
        listed = tuple(
            News(id, captions[id], self._noun(id).label) for id in dict.fromkeys(news.values()) if id in captions
        )
        return WatchView(
            each.id, each.title, each.kind, each.said, each.reason, each.made_at.isoformat(), each.ends.isoformat(),
            each.runs, len(self._mean(each.found)), listed,
        )  # fmt: skip


def _words(said: Mapping[str, Any], name: str) -> Sequence[str]:
    listed = said.get(name) or ()
    return tuple(str(each) for each in listed) if isinstance(listed, list | tuple) else (str(listed),)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BlueLampError(f"{text[:20]!r} is no day; write one such as 2026-05-01.") from None


def _corner(said: Any) -> tuple[float, float]:
    try:
        south, east = said
        return float(south), float(east)
    except (TypeError, ValueError):
        raise BlueLampError("Each corner of an area is a latitude and a longitude in degrees.") from None
