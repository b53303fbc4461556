"""Where and when: what lies or happened in an area, and who and what was near something at its time."""

import calendar
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bluelamp.errors import BlueLampError, TooMuch
from bluelamp.ids import ObjectId
from bluelamp.index.graph import Choice
from bluelamp.index.places import Area
from bluelamp.ontology.grammar import Kind
from bluelamp.session.exploring import EVERYTHING, MOST_THINGS, PLACED, Exploring, Followed, told
from bluelamp.session.permissions import Action

#: minutes that one question about a time reaches at most: a week
MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True)
class Presence:
    """An event near another in place and time, with who and what had part in it."""

    event: ObjectId
    caption: str
    when: str
    #: between the two places, and the least that can have lain between the two times
    metres: float
    minutes: float
    parties: tuple[ObjectId, ...]


class Placing(Exploring):
    """The verbs of a session about places and times."""

    def near(self, area: Area, choice: Choice = EVERYTHING, most: int = 1_000) -> Followed:
        """The things in an area and the events that happened there, nearest first.

        `choice` narrows by days, sources of the links to places, and types. Raises TooMuch for an area in which there
        is more than one question may look at.
        """
        self._may(Action.LINKS, "an area")
        asked = {"corners": [list(each) for each in area.corners], "metres": area.metres, **told(choice)}
        with self._answered((), asked):
            there = self._there(area, choice)
        found = {each: metres for each, metres in there.items() if self._wanted(each, choice)}
        most = max(0, min(most, MOST_THINGS))
        # what is called how matters only among those that may be shown
        reach = sorted(found.values())[most - 1] if 0 < most < len(found) else math.inf
        near = [each for each, metres in found.items() if metres <= reach]
        captions = self.index.captions(near, self.visible)
        near.sort(key=lambda each: (found[each], each.type, captions[each], each.number))
        shown = near[:most]
        self._log(Action.LINKS, shown, asked, len(shown))
        return Followed(tuple(shown), len(found))

    def together(self, id: str | ObjectId, metres: float = 200, minutes: float = 60) -> tuple[Presence, ...]:
        """The events within a distance and a time of an event, the nearest in time first, with who had part in them.

        Of an event of which only the day is known counts the least time that may have lain between. Raises NotFound,
        and BlueLampError for an event without a place or a time.
        """
        if not 0 < minutes <= MOST_MINUTES:
            raise BlueLampError(f"Choose a time from 1 to {MOST_MINUTES:,} minutes.")
        (asked,) = self._asked([id])
        said = {"together": str(asked), "metres": metres, "minutes": minutes}
        with self._answered([asked], said):
            found = self._together(asked, metres, minutes)
        found.sort(key=lambda each: (each.minutes, each.metres, each.caption, each.event))
        ids = [asked, *(one for each in found for one in (each.event, *each.parties))]
        self._log(Action.LINKS, ids, said, len(found))
        return tuple(found)

    # ---- what these are made of ----

    def _together(self, asked: ObjectId, metres: float, minutes: float) -> list[Presence]:
        (thing,) = self._things([asked])
        span = spanned(thing.when)
        if not thing.points or span is None:
            lacks = "time" if thing.points else "place"
            raise BlueLampError(f"{thing.caption} has no {lacks} that is known; choose another.")
        reach = timedelta(minutes=minutes)
        # no day is before the first that can be counted, or after the last
        first, last = max(span[0], datetime.min + reach) - reach, min(span[1], datetime.max - reach) + reach  # noqa: DTZ901 (as said, without a zone)
        days = Choice(first=first.date().isoformat(), last=last.date().isoformat())
        there = self._there(Area(thing.points, metres), days)
        near = [each for each in self._things([each for each in there if each != asked]) if each.when]
        return [
            Presence(each.id, each.caption, each.when, there[each.id], gap, self._parties(each.id))
            for each in near
            if (other := spanned(each.when)) and (gap := between(span, other)) <= minutes
        ]

    def _there(self, area: Area, choice: Choice) -> dict[ObjectId, float]:
        """What lies in an area, and which events happened at one of these places, with how far away."""
        places = self.index.places.within(area, self.visible)
        if len(places) > MOST_THINGS:
            raise TooMuch(f"There are more than {MOST_THINGS:,} places in that area; choose a smaller one.")
        nouns = self.force.workspace.nouns
        if choice.others and not any(nouns[name].kind is Kind.EVENT for name in choice.others if name in nouns):
            return places
        at = {each.number: metres for each, metres in places.items()}
        events = self.index.graph.happened(at, replace(choice, types=PLACED), self.visible)
        if len(events) > MOST_THINGS * 10:
            raise TooMuch(
                "More happened in that area than can be looked through at once; choose a smaller one, or days."
            )
        return places | events

    def _wanted(self, id: ObjectId, choice: Choice) -> bool:
        return not choice.others or self._noun(id).name() in choice.others

    def _parties(self, event: ObjectId) -> tuple[ObjectId, ...]:
        """Who and what had part in an event."""
        kinds = self.index.graph.around([event], EVERYTHING, self.visible)
        others: Iterable[ObjectId] = {
            each for kind, found in kinds.items() if kind.type not in PLACED for each in found
        }
        return tuple(sorted(others))


def spanned(when: str) -> tuple[datetime, datetime] | None:
    """The first and the last moment that a time may mean, as far as it was said: `2016-06` is a month."""
    date, _, time = when.partition("T")
    parts = date.split("-")
    if not all(part.isdigit() for part in parts):
        return None
    year, month, at = int(parts[0]), *((int(parts[n]) if len(parts) > n else 0) for n in (1, 2))
    first = datetime(year, month or 1, at or 1)  # noqa: DTZ001 (as said, without a zone, like every time of a record)
    if time:
        hour, minute = (int(part) for part in time[:5].split(":"))
        moment = first.replace(hour=hour, minute=minute)
        return moment, moment
    last_month = month or 12
    last = first.replace(month=last_month, day=at or calendar.monthrange(year, last_month)[1], hour=23, minute=59)
    return first, last


def between(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> float:
    """The least time that may lie between two moments, in minutes."""
    gap = max(one[0] - other[1], other[0] - one[1], timedelta(0))
    return gap.total_seconds() / 60
